"""Encodings taken off, and which letters made which byte."""

from __future__ import annotations

import base64 as standard
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extproc.decoding import ESCAPES, base32, base64, hexadecimal, resolved

RAW = st.binary(min_size=1, max_size=80)


@given(RAW, st.booleans())
def test_hexadecimal(raw, prefixed):
    letters = (b"0x" if prefixed else b"") + raw.hex().encode()
    layer = hexadecimal(letters)
    assert layer is not None and layer.raw == raw


@pytest.mark.parametrize("letters", [b"", b"0x", b"abc", b"12g4", b"12 34", b"x012"])
def test_what_is_no_hexadecimal(letters):
    assert hexadecimal(letters) is None


@given(RAW, st.booleans())
def test_base32(raw, padded):
    letters = standard.b32encode(raw)
    layer = base32(letters if padded else letters.rstrip(b"="))
    assert layer is not None and layer.raw == raw


@pytest.mark.parametrize("letters", [b"", b"=", b"A", b"ABC1", b"ABC8", b"abcd", b"MZXW 6YTB"])
def test_what_is_no_base32(letters):
    assert base32(letters) is None


@given(RAW, st.sampled_from(["", "x", "xy", "xyz"]), st.booleans(), st.booleans())
def test_base64_from_any_place(raw, glued, padded, url_safe):
    encode = standard.urlsafe_b64encode if url_safe else standard.b64encode
    letters = encode(raw)
    letters = glued.encode() + (letters if padded else letters.rstrip(b"="))
    assert any(layer.raw == raw and layer.skipped == len(glued) for layer in base64(letters))


@given(st.binary(min_size=60, max_size=90))
def test_the_head_is_asked_about_where_decoding_all_costs_more(raw):
    letters = standard.b64encode(raw)
    asked: list[bytes] = []
    assert list(base64(letters, lambda head: bool(asked.append(head)))) == []
    assert asked[0] == raw[:18] and len(asked) == 4


@given(RAW, st.data())
def test_the_letters_that_made_a_byte(raw, data):
    start = data.draw(st.integers(0, len(raw) - 1))
    end = data.draw(st.integers(start + 1, len(raw)))
    for letters, layer in (
        (raw.hex().encode(), hexadecimal(raw.hex().encode())),
        (standard.b32encode(raw).rstrip(b"="), base32(standard.b32encode(raw))),
        (standard.b64encode(raw).rstrip(b"="), next(base64(standard.b64encode(raw)))),
    ):
        assert layer is not None
        first, last = layer.span(start, end)
        assert 0 <= first < last <= len(letters)
        assert last - first <= -(-(end - start) * layer.letters // layer.octets) + 1
        # Changing letters elsewhere leaves the bytes as they are.
        kept = (
            bytearray(b"A" * len(letters))
            if layer.encoding != "hex"
            else bytearray(b"0" * len(letters))
        )
        kept[first:last] = letters[first:last]
        again = {"hex": hexadecimal, "base32": base32, "base64": lambda x: next(base64(x))}
        other = again[layer.encoding](bytes(kept))
        assert other is not None and other.raw[start:end] == raw[start:end]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("&amp;", "&"),
        ("&#64;", "@"),
        ("&#x40;", "@"),
        ("&nosuch;", "&nosuch;"),
        ("%40", "@"),
        ("%C3%A9", "é"),
        (r"\u0040", "@"),
        (r"\u{40}", "@"),
        (r"\x40", "@"),
        (r"\U0040", "@"),
        (r"\ud800", r"\ud800"),
        (r"\u{110000}", r"\u{110000}"),
    ],
)
def test_escapes(text, meant):
    match = re.fullmatch(ESCAPES, text)
    assert match is not None
    assert resolved[match.lastgroup or ""](text) == meant

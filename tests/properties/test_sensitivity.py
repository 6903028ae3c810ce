"""Offsets always lead to the value; how a text is cut changes nothing."""

from __future__ import annotations

import base64
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.inspectors.sensitivity.analyzer import RULES, Analyzer, pieces, settle
from extproc.inspectors.sensitivity.plain import plain
from extproc.inspectors.sensitivity.readings import readings

ANALYZER = Analyzer()
VALUES = {
    "US_SSN": "536-90-4399",
    "CREDIT_CARD": "4111 1111 1111 1111",
    "IBAN_CODE": "GB82 WEST 1234 5698 7654 32",
    "IN_AADHAAR": "2341 2341 2346",
    "EMAIL_ADDRESS": "joe@example.com",
    "PHONE_NUMBER": "+44 20 7946 0958",
    "IP_ADDRESS": "41.173.96.26",
    "CRYPTO": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "SECRET": "ghp_Zk3Qw9Lx7Vb2Nn5Mh8Jt4Rf6Yc1Pd0SgUaWe",
}
FRAGMENTS = [
    *VALUES.values(),
    "SSN ", "card ", "phone: ", "password is Hunter2!x ", "MRN: 00123456 ", "dob 12/03/1980 ",
    "order #", "AB 12 34 56 C", "nhs 943 476 5919", "ABCPE1234F", "4111", "1 1 1 1", "-", "(", ")",
    "+1 ", "://a:b3cdef@h.io", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----",
    "Authorization: Bearer 9f86d081884c7d659a2feaa0c55ad015", "x = '", "\n", " ", "\u200b", "\u00a0",
    "é", "日本", "１２", "2001:db8::8a2e:370:7334", "curl -u a:b4c?d7xx ", "Diagnosis: type 2 diabetes",
    "account number 000123456789", "word ", "GB82 ", "aadhaar",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), max_size=30).map("".join)


def cut(text: str, size: int) -> tuple[object, ...]:
    return settle(
        (body, [
            match
            for start, end in pieces(body, size)
            for match in ANALYZER.candidates(body, start, end)
        ])
        for body in readings(text)
    )  # fmt: skip


@settings(max_examples=300)
@given(TEXTS, st.integers(1, 80))
def test_cutting_changes_nothing(text: str, size: int):
    assert cut(text, size) == ANALYZER.scan(text)


@given(TEXTS, st.integers(1, 50))
def test_pieces_cover_the_text_once(text: str, size: int):
    body = plain(text)
    cuts = list(pieces(body, size))
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(body.body)
    assert all(before[1] == after[0] for before, after in pairwise(cuts))


@settings(max_examples=300)
@given(TEXTS)
def test_entities_lie_in_the_text_in_order_and_apart(text: str):
    at = 0
    for entity in ANALYZER.scan(text):
        assert at <= entity.start < entity.end <= len(text)
        assert 0 < entity.score <= 1
        at = entity.end


WORDS = st.text(st.sampled_from("abc xyzäß日語.,;:!?\n😀\u200b"), max_size=200)


@pytest.mark.parametrize("kind", VALUES)
@given(before=WORDS, after=WORDS)
def test_offsets_lead_to_the_value(kind: str, before: str, after: str):
    """Text of any script around a value does not hide it."""
    value = VALUES[kind]
    text = f"{before} {value} {after}"
    found = [text[e.start : e.end] for e in ANALYZER.scan(text) if e.type == kind]
    assert value in found


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_invisible_characters_hide_nothing(kind: str, data: st.DataObject):
    value = VALUES[kind]
    marks = data.draw(st.lists(st.integers(1, len(value) - 1), max_size=6))
    hidden = value
    for at in sorted(marks, reverse=True):
        hidden = hidden[:at] + "\u200b" + hidden[at:]
    text = f"see {hidden} there"
    found = [text[e.start : e.end] for e in ANALYZER.scan(text) if e.type == kind]
    assert hidden in found


ENCODINGS = {
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "wrapped": lambda text: base64.encodebytes(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "url": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "html": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "unicode": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("kind", VALUES)
@settings(max_examples=30, deadline=None)
@given(before=st.text("abc é.,", max_size=40), after=st.text("abc é.,", max_size=40))
def test_encodings_hide_nothing(encode, kind: str, before: str, after: str):
    """The place that is named lies in the encoded part and is as long as what encodes the value."""
    encoded = encode(f"{before} {VALUES[kind]} {after}")
    text = f"look: {encoded} !"
    found = [e for e in ANALYZER.scan(text) if e.type == kind]
    assert found
    begin = len("look: ")
    for one in found:
        assert begin <= one.start < one.end <= begin + len(encoded)
        assert one.end - one.start >= len(VALUES[kind])


@settings(deadline=None)
@given(st.sampled_from(list(ENCODINGS)), st.sampled_from(list(ENCODINGS)))
def test_two_layers_hide_nothing(inner: str, outer: str):
    text = ENCODINGS[outer](ENCODINGS[inner]("my card is 4111 1111 1111 1111 ok"))
    assert "CREDIT_CARD" in {e.type for e in ANALYZER.scan(text)}


@given(st.sampled_from(["536904399", "4111111111111111", "234123412346"]), st.data())
def test_digits_of_any_script_are_digits(digits: str, data: st.DataObject):
    zeros = st.sampled_from([0x30, 0x660, 0x966, 0xFF10, 0x1D7CE])
    spelled = "".join(chr(data.draw(zeros) + int(digit)) for digit in digits)
    text = f"ssn card aadhaar: {spelled}."
    assert [text[e.start : e.end] for e in ANALYZER.scan(text)] == [spelled]


@given(st.text(max_size=300))
def test_any_text_is_scanned(text: str):
    assert cut(text, 10) == ANALYZER.scan(text)


@settings(deadline=None)  # each example compiles an engine
@given(st.sampled_from(RULES), TEXTS)
def test_a_rule_finds_only_what_it_declares(rule, text: str):
    assert {entity.type for entity in Analyzer([rule]).scan(text)} <= rule.types

"""Bodies from anywhere: read as every other parser would, or refused."""

import gzip
import json
import zlib
from typing import Any

import brotli
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from extproc.llm.changes import serialise
from extproc.llm.encoding import decode
from extproc.llm.parse import parse
from extproc.verdict import Refusal

LIMIT = 4096
COMPRESS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "identity": lambda body: body,
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("ab\\u", max_size=3), inner)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), JSON), st.booleans())
def test_valid_documents_are_read_and_written_back(document: dict[str, Any], escape: bool) -> None:
    assert parse(json.dumps(document, ensure_ascii=escape).encode()) == document
    assert parse(serialise(document)) == document


@given(st.binary() | st.text('{}[]":,1e-0\\utrued8f ').map(lambda text: text.encode()))
def test_what_is_accepted_is_what_a_lenient_parser_reads(body: bytes) -> None:
    try:
        document = parse(body)
    except Refusal as refusal:
        assert refusal.refuse.status == 400
    else:
        assert document == json.loads(body)


@given(st.binary(max_size=LIMIT), st.lists(st.sampled_from(sorted(COMPRESS)), max_size=3))
def test_codings_are_undone(body: bytes, names: list[str]) -> None:
    encoded = body
    for name in names:
        encoded = COMPRESS[name](encoded)
    assert decode(encoded, ", ".join(names), 2 * LIMIT) == body


@given(st.binary(max_size=200), st.text("gzipbrstdeflate, ", max_size=20))
def test_nonsense_is_refused(body: bytes, coding: str) -> None:
    try:
        assert len(decode(body, coding, LIMIT)) <= LIMIT
    except Refusal as refusal:
        assert refusal.refuse.status in {413, 415}


@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.binary(max_size=300), st.data())
def test_damage_never_raises_anything_else(name: str, body: bytes, data: st.DataObject) -> None:
    damaged = bytearray(COMPRESS[name](body))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert len(decode(bytes(damaged), name, LIMIT)) <= LIMIT
    except Refusal as refusal:
        assert refusal.refuse.status in {413, 415}

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from extproc.llm.encoding import MAX_CODINGS, MAX_MEMBERS, check_content_type, decode
from extproc.verdict import Refusal

BODY = b'{"model": "m"}' * 500


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
}


def status(body: bytes, coding: str | None, limit: int = 1 << 20) -> int:
    with pytest.raises(Refusal) as caught:
        decode(body, coding, limit)
    return caught.value.refuse.status


@pytest.mark.parametrize("coding", [None, "", "identity", " Identity , identity"])
def test_no_coding_leaves_the_body(coding: str | None) -> None:
    assert decode(BODY, coding, len(BODY)) == BODY


@pytest.mark.parametrize(("name", "compress"), CODINGS.values(), ids=CODINGS)
def test_codings_are_undone_up_to_the_limit(name: str, compress: Callable[[bytes], bytes]) -> None:
    assert decode(compress(BODY), name, len(BODY)) == BODY
    assert decode(compress(BODY), name, len(BODY) + 1) == BODY
    assert status(compress(BODY), name, len(BODY) - 1) == 413


@pytest.mark.parametrize(("name", "compress"), CODINGS.values(), ids=CODINGS)
def test_damaged_bodies_are_refused(name: str, compress: Callable[[bytes], bytes]) -> None:
    whole = compress(BODY)
    for damaged in (whole[:-1], whole + b"xx", whole[: len(whole) // 2], b"", b"{}", BODY):
        assert status(damaged, name) == 415


@pytest.mark.parametrize(("name", "compress"), CODINGS.values(), ids=CODINGS)
def test_a_bomb_is_refused_by_its_expanded_size(
    name: str, compress: Callable[[bytes], bytes]
) -> None:
    assert status(compress(bytes(50 << 20)), name) == 413


def test_the_last_coding_of_a_list_is_undone_first() -> None:
    twice = brotli.compress(gzip.compress(BODY))
    assert decode(twice, "gzip, br", len(BODY)) == BODY
    assert status(twice, "br, gzip") == 415


def test_codings_are_limited_in_number() -> None:
    body = BODY
    for _ in range(MAX_CODINGS):
        body = gzip.compress(body)
    assert decode(body, ",".join(["gzip"] * MAX_CODINGS), 1 << 20) == BODY
    assert status(gzip.compress(body), ",".join(["gzip"] * (MAX_CODINGS + 1))) == 415


@pytest.mark.parametrize(("name", "compress"), [CODINGS["gzip"], CODINGS["zstd"]])
def test_members_in_a_row_are_joined_up_to_a_limit(
    name: str, compress: Callable[[bytes], bytes]
) -> None:
    assert decode(compress(b"a") * MAX_MEMBERS, name, 1 << 20) == b"a" * MAX_MEMBERS
    assert status(compress(b"a") * (MAX_MEMBERS + 1), name) == 415


def test_zstd_may_not_ask_for_a_large_window() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=25)
    large = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    assert status(large.compress(BODY) + large.flush(), "zstd") == 415


@pytest.mark.parametrize("name", ["compress", "lzma", "gzip;q=1", "utf-8", "*"])
def test_unknown_codings_are_refused(name: str) -> None:
    assert status(BODY, name) == 415


def test_a_plain_body_over_the_limit_is_refused() -> None:
    assert status(BODY, None, len(BODY) - 1) == 413
    assert status(BODY, "gzip", len(BODY) - 1) == 413


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "application/json",
        "Application/JSON",
        "application/json; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; charset=us-ascii; x=y",
    ],
)
def test_json_in_utf_8_is_accepted(value: str | None) -> None:
    check_content_type(value)


@pytest.mark.parametrize(
    "value",
    [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json; charset=latin1",
        "application/json; charset=utf-8; charset=utf-7",
        "application/json, text/plain",
        "application/jsonl",
    ],
)
def test_other_types_and_charsets_are_refused(value: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_content_type(value)
    assert caught.value.refuse.status == 415

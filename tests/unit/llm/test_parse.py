import json

import pytest

from extproc.llm.parse import MAX_DEPTH, MAX_INTEGER_DIGITS, parse
from extproc.verdict import Code, Refusal


def refused(body: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        parse(body)
    assert caught.value.refuse.code is Code.INVALID_REQUEST
    assert caught.value.refuse.should_retry is False
    return caught.value.refuse.message


def test_a_document_is_parsed() -> None:
    body = ' {"a": [1, -2.5e3, "é\\u00e9\\ud83d\\ude00", null, true, {}]}\n'.encode()
    assert parse(body) == {"a": [1, -2500.0, "éé😀", None, True, {}]}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The request body is empty."),
        (b"\xef\xbb\xbf{}", "The request body starts with a byte order mark."),
        (b'{"a": "\xff"}', "The request body is not valid UTF-8 at byte 7."),
        ('{"a": 1}'.encode("utf-16-le"), "The request body is not valid JSON at line 1 column 2."),
        (b'{"a": "\xed\xa0\x80"}', "The request body is not valid UTF-8 at byte 7."),
        (b"[]", "The request body must be a JSON object."),
        (b'"text"', "The request body must be a JSON object."),
        (b"null", "The request body must be a JSON object."),
        (b'{"a": 1} x', "The request body is not valid JSON at line 1 column 10."),
        (b'{"a": 1}{"a": 2}', "The request body is not valid JSON at line 1 column 9."),
        (b'{"a": 1,}', "The request body is not valid JSON at line 1 column 9."),
        (b"{'a': 1}", "The request body is not valid JSON at line 1 column 2."),
        (b'{"a": "line\nbreak"}', "The request body is not valid JSON at line 1 column 12."),
        (b'{"a": 01}', "The request body is not valid JSON at line 1 column 8."),
        (b"{", "The request body is not valid JSON at line 1 column 2."),
        (b'{"a": 1, "a": 1}', "The request body holds a duplicate key in $."),
        (b'{"a": 1, "\\u0061": 1}', "The request body holds a duplicate key in $."),
        (b'{"a": [{}, {"b": 1, "b": 2}]}', "The request body holds a duplicate key in $.a[1]."),
        (b'{"a": NaN}', "The request body holds NaN or Infinity."),
        (b'{"a": -Infinity}', "The request body holds NaN or Infinity."),
        (b'{"a": 1e999}', "The request body holds a number that is too large."),
        (b'{"a": "\\ud800"}', "The request body holds half of a surrogate pair."),
        (b'{"\\uDC00": 1}', "The request body holds half of a surrogate pair."),
    ],
)
def test_what_readers_may_disagree_on_is_refused(body: bytes, message: str) -> None:
    assert refused(body) == message


def test_no_text_of_the_request_is_in_the_message() -> None:
    assert "4111" not in refused(b'{"card 4111111111111111": {"x": 1, "x": 2}}')


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_depth_is_limited(opening: bytes) -> None:
    closing = b"}" if opening == b'{"a":' else b"]"

    def nested(levels: int) -> bytes:
        return b'{"x":' + opening * (levels - 1) + b"1" + closing * (levels - 1) + b"}"

    assert parse(nested(MAX_DEPTH))
    assert "64 levels" in refused(nested(MAX_DEPTH + 1))
    assert "64 levels" in refused(nested(100_000))


def test_depth_is_not_the_number_of_objects() -> None:
    wide = json.dumps({"a": [{}] * 1000}).encode()
    assert len(parse(wide)["a"]) == 1000


def test_integers_are_limited_in_length() -> None:
    longest = "9" * MAX_INTEGER_DIGITS
    assert parse(f'{{"a": {longest}}}'.encode()) == {"a": int(longest)}
    assert "64 bits" in refused(f'{{"a": {longest}9}}'.encode())
    assert "64 bits" in refused(b'{"a": ' + b"9" * 5000 + b"}")

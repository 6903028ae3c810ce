"""Plain text: evasions undone, and every offset leads back to the original."""

import pytest

from extproc.inspectors.sensitivity.plain import plain


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("abc 123", b"abc 123"),
        ("１２３", b"123"),
        ("٣٤", b"34"),
        ("𝟏𝟐", b"12"),
        ("Ａｂ", b"Ab"),
        ("a\u00a0b\u2009c\u3000d", b"a b c d"),
        ("1\u20132\u20143\u22124", b"1-2-3-4"),
        ("4\u200b1\u2060\ufeff1", b"411"),
        ("é日", b"\xe9?"),
        ("a\u2028b", b"a\nb"),
        ("", b""),
        ("\u200b", b""),
        ("\ud800", b"?"),
    ],
)
def test_body(text: str, body: bytes):
    assert plain(text).body == body


def test_offsets_count_what_was_taken_out():
    text = "\u200bab\u200b\u200bcd\u200b"
    made = plain(text)
    assert made.body == b"abcd"
    assert [text[made.original(i)] for i in range(4)] == list("abcd")
    assert made.span(0, 4) == (1, 7)
    assert made.span(2, 3) == (5, 6)


def test_characters_outside_the_basic_plane_count_as_one():
    text = "😀 536"
    assert plain(text).span(2, 5) == (2, 5)

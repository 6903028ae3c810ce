"""Dates by any of their names, and words that only look like one."""

from __future__ import annotations

import pytest

from extproc.models.same_answer.calendar import dates


def named(text: str) -> set[str]:
    words = text.split()
    return set(dates([word.lower() for word in words], words))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("open on Fridays", {"friday"}),
        ("closed on sat", {"saturday"}),
        ("moved out in oct", {"october"}),
        ("before Wed 3", {"wednesday"}),
        ("what came last", set()),
        ("how long does it last", set()),
        ("the last week", {"last"}),
        ("in the sun", set()),
        ("when you wed", set()),
        ("won't charge past 80", set()),
        ("am I late", set()),
        ("in spring", {"spring"}),
        ("a spring onion", set()),
    ],
)
def test_what_names_a_date(text: str, found: set[str]) -> None:
    assert named(text) == found

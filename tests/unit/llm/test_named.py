"""Which values are read with their names."""

from __future__ import annotations

import pytest

from extproc.llm.named import LONGEST, LONGEST_NAME, spoken_name

PLACE = ("messages", 0, "content", 0, "input")


@pytest.mark.parametrize(
    ("text", "keys", "said"),
    [
        ("1", (*PLACE, "ssn"), '"ssn": "'),
        ("1", (*PLACE, "ssn", 3), '"ssn": "'),
        ("1", (*PLACE, "user", "ssn"), '"ssn": "'),
        ("1", ("metadata", "ssn"), '"ssn": "'),
        ("1", PLACE, ""),
        ("1", ("input", 0, "content", 0, "text"), ""),
        ("1", ("messages", 0, "name"), ""),
        ("1", (), ""),
        ("1" * LONGEST, ("metadata", "ssn"), '"ssn": "'),
        ("1" * (LONGEST + 1), ("metadata", "ssn"), ""),
        ("1", ("metadata", "s" * LONGEST_NAME), f'"{"s" * LONGEST_NAME}": "'),
        ("1", ("metadata", "s" * (LONGEST_NAME + 1)), ""),
        ("1", ("metadata", ""), ""),
    ],
)
def test_short_values_of_the_callers_own_are(text, keys, said):
    assert spoken_name(text, keys) == said

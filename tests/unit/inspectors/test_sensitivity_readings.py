"""Escapes are taken off, and their letters belong to no value beside them."""

from __future__ import annotations

import json

import pytest

from extproc.inspectors.sensitivity import Analyzer

ANALYZER = Analyzer()
EMAIL, CARD, SSN = "joe@example.com", "4111111111111111", "536-90-4399"


@pytest.mark.parametrize("value", [EMAIL, CARD, "+44 20 7946 0958", "GB82 WEST 1234 5698 7654 32"])
@pytest.mark.parametrize("beside", ["\n", "\r\n", "\t", "\f", "\b", '"', "\\", "\u00e9 ", "\x00"])
@pytest.mark.parametrize("layers", [1, 2])
def test_what_json_writes_beside_a_value_is_no_part_of_it(value, beside, layers):
    text = f"see{beside}{value}{beside}there"
    for _ in range(layers):
        text = json.dumps({"note": text})
    found = [text[one.start : one.end] for one in ANALYZER.scan(text)]
    assert found == [value]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (rf'{{"note": "SSN:\n{SSN}\n"}}', [SSN]),
        (r'{"text": "born\t1980-03-12"}', ["1980-03-12"]),
        (rf'{{"m": "\u0022{EMAIL}\u0022"}}', [EMAIL]),
        (r'{"m": "joe\u0040example.com"}', [r"joe\u0040example.com"]),
        (r"C:\temp\new\file.txt and \\server\name", []),
    ],
)
def test_words_and_values_on_both_sides_of_an_escape_meet(text, found):
    assert [text[one.start : one.end] for one in ANALYZER.scan(text)] == found

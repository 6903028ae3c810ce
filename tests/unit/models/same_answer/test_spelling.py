"""One spelling for one meaning: what is made equal, and what stays apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extproc.models.same_answer.spelling import negated, respelled, same_word

ONE = [
    ("in the US", "in the America"),
    ("the USA", "the U.S.A."),
    ("US citizens", "American citizens"),
    ("the United States of America", "the USA"),
    ("in the UK", "in the United Kingdom"),
    ("the European Union", "the EU"),
    ("Wi-Fi", "wifi"),
    ("World War II", "WW2"),
    ("the First World War", "WWI"),
    ("Mount Everest", "Everest"),
    ("Google Sheets", "Sheets"),
    ("a regular expression", "a regex"),
    ("in the fall", "autumn "),
    ("instead of", "in place of"),
    ("a -> b", "a to b"),
    ("phone no.", "phone number"),
    ("isn't the same", "differ"),
    ("no longer valid", "not valid"),
    ("Henry the VIII", "Henry 8th"),
    ("H2SO4", "sulphuric acid"),
    ("an electric vehicle", "an electric car"),
    ("a W-2", "a W2"),
    ("180 C", "180 °C"),
    ("0.01 M HCl", "0.01 molar hydrochloric acid"),
    ("w/o sugar", "without sugar"),
    ("no more than 5", "at most 5"),
    ("in the a.m.", "in the morning"),
    ("Pride & Prejudice", "Pride and Prejudice"),
    ("Amazon S3", "S3"),
    ("apr = ?", "apr?"),
]
TWO = [
    ("give us a day", "give America a day"),
    ("HELP US NOW", "HELP AMERICA NOW"),
    ("South America", "America"),
    ("World War I", "World War II"),
    ("the fall of Rome", "the autumn of Rome"),
    ("mount a drive", "a drive"),
    ("a - b", "a to b"),
    ("7 am", "7 pm"),
    ("Henry VIII", "Henry VII"),
    ("180 C", "180 F"),
    ("learn C", "learn celsius"),
    ("x = 1", "x == 1"),
    ("no more than 5", "no less than 5"),
    ("the third party", "the first party"),
]


@pytest.mark.parametrize(("left", "right"), ONE)
def test_other_spellings_of_one_thing(left: str, right: str) -> None:
    assert respelled(left).casefold().split() == respelled(right).casefold().split()


@pytest.mark.parametrize(("left", "right"), TWO)
def test_what_only_looks_alike(left: str, right: str) -> None:
    assert respelled(left).casefold() != respelled(right).casefold()


def test_short_words() -> None:
    assert same_word("js") == "javascript"
    assert same_word("java") == "java"


@pytest.mark.parametrize(
    ("word", "verb"),
    [("can't", "can"), ("cannot", "can"), ("dont", "do"), ("won't", "will"), ("isn't", "is"),
     ("can", None), ("want", None), ("cent", None)],
)  # fmt: skip
def test_a_negation_inside_a_word(word: str, verb: str | None) -> None:
    assert negated(word) == verb


@given(text=st.text(max_size=200))
def test_any_text_can_be_respelled(text: str) -> None:
    assert isinstance(respelled(text), str)

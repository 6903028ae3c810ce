"""Amounts in any spelling are one amount, and two amounts never are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extproc import resources
from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.numerals import SMALL, TENS
from extproc.models.same_answer.units import amount, spelled
from extproc.models.same_answer.words import Words, take_apart

LEXICON = Lexicon.load(resources.path("models/verifier"))


def counted(text: str) -> Words:
    return take_apart(text, LEXICON)


SAME = [
    ("30 days", "thirty days"),
    ("30,000 km a year", "thirty thousand kilometres a year"),
    ("25 000 mAh", "25,000 mAh"),
    ("15% of 240", "fifteen per cent of two hundred and forty"),
    ("every 15 minutes", "every quarter of an hour"),
    ("wait 30 minutes", "wait half an hour"),
    ("wait 90 minutes", "wait one and a half hours"),
    ("wait 90 minutes", "wait 1 hour and a half"),
    ("six people", "half a dozen people"),
    ("two dozen eggs", "24 eggs"),
    ("2 weeks", "a fortnight"),
    ("14 days", "two weeks"),
    ("a one-year lease", "a lease of 12 months"),
    ("180 cm", "1.80 m"),
    ("2 kg", "2000 g"),
    ("a 60 year old", "at the age of 60"),
    ("5yo boy", "five-year-old boy"),
    ("6 mo old", "six months old"),
    ("30k km", "30,000 km"),
    ("rendered twice", "rendered two times"),
    ("the fourth year", "year 4"),
    ("december 24", "the 24th of December"),
    ("£2,000", "2000 quid"),
    ("EUR 500", "500 euros"),
    ("$5 million", "5,000,000 dollars"),
    ("in 6 and 3 minutes", "6 min and 3 min"),
    ("correlation of -0.9", "correlation of minus 0.9"),
    ("carbon-14", "carbon 14"),
    ("3 am", "3:00 in the morning"),
    ("15:00", "3 pm"),
    ("at seven o'clock", "at 7"),
    ("120 m²", "120 square metres"),
    ("30 °C", "30 degrees celsius"),
]
OTHER = [
    ("30 days", "60 days"),
    ("30 days", "30 weeks"),
    ("30 days", "1 month"),
    ("one year", "one month"),
    ("1 GB", "1024 MB"),
    ("4 people", "the 4th person"),
    ("year 4", "4 years"),
    ("version 3.1", "version 3.10"),
    ("2.3", "2.2.3"),
    ("half an hour", "an hour"),
    ("twice", "once"),
    ("the second largest", "the largest"),
    ("the third largest", "the second largest"),
    ("-5 degrees", "5 degrees"),
    ("5", "5%"),
    ("5 dollars", "5 euros"),
    ("6 months old", "6 years old"),
    ("7 am", "7 pm"),
    ("two hundred and forty", "two hundred and fifty"),
    ("10 mph", "10 km/h"),
    ("30 °C", "30 °F"),
]


def amounts_of(words: Words) -> tuple[object, ...]:
    return words.numbers, words.units, words.dates


@pytest.mark.parametrize(("left", "right"), SAME)
def test_one_amount_in_two_spellings(left: str, right: str) -> None:
    assert amounts_of(counted(left)) == amounts_of(counted(right))


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_two_amounts(left: str, right: str) -> None:
    assert amounts_of(counted(left)) != amounts_of(counted(right))


@pytest.mark.parametrize(
    "text",
    [
        "once it is warm", "both of them", "the half-life of it", "what goes first?", "min wage",
        "the World Cup", "read the meter", "who foots the bill", "for the first time", "one of them",
    ],
)  # fmt: skip
def test_words_that_count_nothing(text: str) -> None:
    words = counted(text)
    assert not words.numbers
    assert not words.units


def in_words(number: int) -> str:
    """As one says it; 0 to 999,999."""
    small = {value: word for word, value in SMALL.items()}
    tens = {value: word for word, value in TENS.items()} | {20: "twenty"}
    if number in small:
        return small[number]
    if number < 100:
        rest = f"-{small[number % 10]}" if number % 10 else ""
        return f"{tens[number - number % 10]}{rest}"
    if number < 1000:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{small[number // 100]} hundred{rest}"
    rest = number % 1000
    joined = "" if not rest else f" and {in_words(rest)}" if rest < 100 else f" {in_words(rest)}"
    return f"{in_words(number // 1000)} thousand{joined}"


@given(number=st.integers(2, 999_999))
def test_a_number_in_words_is_the_number_in_digits(number: int) -> None:
    spelled_out = counted(f"I need {in_words(number)} chairs").numbers
    assert spelled_out == counted(f"I need {number} chairs").numbers
    assert spelled_out == counted(f"I need {number:,} chairs").numbers
    assert spelled_out == (str(number),)


@given(number=st.integers(2, 999_999), other=st.integers(2, 999_999))
def test_two_numbers_in_words_are_two(number: int, other: int) -> None:
    assume(number != other)
    assert counted(in_words(number)).numbers != counted(in_words(other)).numbers


UNITS = [
    "second", "minute", "hour", "day", "week", "month", "year", "meter", "kilometer", "mile",
    "foot", "gram", "kilogram", "pound", "liter", "gallon", "dollar", "euro", "percent",
    "celsius", "fahrenheit", "gigabyte", "megabyte",
]  # fmt: skip
FACTOR = {
    ("minute", "second"): 60, ("hour", "minute"): 60, ("day", "hour"): 24, ("week", "day"): 7,
    ("year", "month"): 12, ("kilometer", "meter"): 1000, ("kilogram", "gram"): 1000,
}  # fmt: skip


@given(
    value=st.fractions(min_value=Fraction(1, 4), max_value=5000, max_denominator=4),
    left=st.sampled_from(UNITS),
    right=st.sampled_from(UNITS),
)
def test_the_same_number_of_two_units_is_never_one_amount(
    value: Fraction, left: str, right: str
) -> None:
    assert (amount(value, left) == amount(value, right)) is (left == right)


@given(value=st.integers(1, 5000), units=st.sampled_from(sorted(FACTOR)))
def test_units_convert_exactly(value: int, units: tuple[str, str]) -> None:
    large, small = units
    assert amount(Fraction(value), large) == amount(Fraction(value * FACTOR[units]), small)
    assert amount(Fraction(value), large) != amount(Fraction(value * FACTOR[units] + 1), small)


@given(number=st.integers(-(10**9), 10**9))
def test_numbers_are_spelled_without_an_exponent(number: int) -> None:
    assert spelled(Fraction(number)) == str(number)

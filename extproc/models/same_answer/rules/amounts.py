"""Numbers, units and dates: how much, of what, and when."""

from __future__ import annotations

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import Words


def numbers(left: Words, right: Words, _: Lexicon) -> bool:
    return left.numbers != right.numbers


def units(left: Words, right: Words, _: Lexicon) -> bool:
    return left.units != right.units and not (_when(left, right) or _when(right, left))


def _when(words: Words, other: Words) -> bool:
    """*In what year* against *when*: the unit is the question's, and nothing else differs in units."""
    years = {
        unit for ask, unit in zip(words.plain, words.plain[1:], strict=False)
        if ask in {"what", "which"} and unit in {"year", "day", "month", "week"}
    }  # fmt: skip
    return "when" in other.plain and bool(years) and words.units - years == other.units


def dates(left: Words, right: Words, _: Lexicon) -> bool:
    return left.dates != right.dates

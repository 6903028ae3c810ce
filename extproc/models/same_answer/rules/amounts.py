"""Numbers, units and dates: how much, of what, and when."""

from __future__ import annotations

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import Words


def numbers(left: Words, right: Words, _: Lexicon) -> bool:
    return left.numbers != right.numbers


def units(left: Words, right: Words, _: Lexicon) -> bool:
    if left.units == right.units:
        return False
    return not any(
        _when(one, other) or _counts(one, other) for one, other in ((left, right), (right, left))
    )


def _counts(words: Words, other: Words) -> bool:
    """*How many days* against *how long*: nothing differs but the unit that is asked for."""
    extra = words.units - other.units
    return (
        words.units > other.units
        and not other.asked
        and (
            (extra <= words.asked and not _MEASURES.isdisjoint(other.plain))
            or (extra <= words.often and not _OFTEN.isdisjoint(other.plain))
        )
    )


_OFTEN = frozenset({"often", "frequently", "rate"})
_MEASURES = frozenset(
    "how when long duration age distance length temperature time period rate amount".split()  # noqa: SIM905
)


def _when(words: Words, other: Words) -> bool:
    """*In what year* against *when*: the unit is the question's, and nothing else differs in units."""
    years = {
        unit for ask, unit in zip(words.plain, words.plain[1:], strict=False)
        if ask in {"what", "which"} and unit in {"year", "day", "month", "week"}
    }  # fmt: skip
    return "when" in other.plain and bool(years) and words.units - years == other.units


def dates(left: Words, right: Words, _: Lexicon) -> bool:
    return left.dates != right.dates

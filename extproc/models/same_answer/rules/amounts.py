"""Numbers, units and dates: how much, of what, and when."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import Words


def numbers(left: Words, right: Words, _: Lexicon) -> bool:
    one, other = Counter(left.numbers), Counter(right.numbers)
    return not (_said(one - other, right) and _said(other - one, left))


def _said(surplus: Counter[str], other: Words) -> bool:
    """Whether the other says all of it without a number: *the first* and *the earliest*.

    Of what takes two it takes two, said or not: *merge two lists*.
    """
    there = {*other.plain, *other.base}
    return all(
        (number in _IN_WORDS and not _IN_WORDS[number].isdisjoint(there)) for number in surplus
    )


_IN_WORDS = {
    "1st": frozenset({"first", "earliest", "initial", "initially"}),
    "2nd": frozenset({"extra", "additional", "another"}),
    "1x": frozenset({"duplicate", "repeat"}),
    "2x": frozenset({"duplicate", "repeat"}),
    "2": frozenset("merge combine compare swap overlapping both concatenate".split()),  # noqa: SIM905
}


def units(left: Words, right: Words, _: Lexicon) -> bool:
    # What both tell excuses nothing that is asked: *moved last year, what's the last year to file*.
    told_left, told_right = left.told_units - right.told_units, right.told_units - left.told_units
    one, other = left.units - told_right, right.units - told_left
    if one == other:  # a story may be left out, but not tell of years instead of days
        both_tell = left.told_units and right.told_units
        return bool(both_tell and (told_left - right.units or told_right - left.units))
    return not any(
        _when(first, second) or _counts(first, second) or _share(first, second)
        for first, second in ((left, right), (right, left))
    )


def _share(words: Words, other: Words) -> bool:
    """*The rate in percent*: a rate is."""
    return words.units - other.units == {"percent"} and not (
        other.units - words.units or {"rate", "percentage"}.isdisjoint(other.plain)
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
    "how when long duration age distance length temperature time period rate amount depth width height weight"  # noqa: SIM905
    " mass size speed interval deep wide thick heavy far tall area limit maximum minimum".split()
)


def _when(words: Words, other: Words) -> bool:
    """*In what year* against *when*: the unit is the question's, and nothing else differs in units."""
    years = {
        unit for ask, unit in zip(words.plain, words.plain[1:], strict=False)
        if ask in {"what", "which", "best", "right", "of"} and unit in {"year", "day", "month", "week"}
    }  # fmt: skip
    return "when" in other.plain and bool(years) and words.units - years == other.units


def dates(left: Words, right: Words, _: Lexicon) -> bool:
    one, other = left.dates | left.told_dates, right.dates | right.told_dates
    if not one or not other:  # else all of a story counts as well
        one, other = left.dates, right.dates
    return not (_dated(one - other, left, right) and _dated(other - one, right, left))


def _dated(surplus: frozenset[str], words: Words, other: Words) -> bool:
    """Whether the other says all of it in another way: *winter* and *the cold months*."""
    both = words.dates & other.dates
    there = {*other.plain, *other.base}
    return all(
        not _DATED.get(date, _NONE).isdisjoint(there - other.dates)
        or not _SEASON.get(date, _NONE).isdisjoint(both)
        or (date == "yesterday" and ("since", date) in pairwise(words.plain) and not other.dates)
        for date in surplus
    )


_NONE = frozenset[str]()
_DATED = {
    "winter": frozenset({"cold", "freezing"}),
    "summer": frozenset({"hot"}),
    "last": frozenset({"latest", "newest"}),
    "previous": frozenset("back before earlier prior".split()),  # noqa: SIM905
}
_SEASON = {
    "spring": frozenset({"march", "april", "may"}),
    "summer": frozenset({"june", "july", "august"}),
    "autumn": frozenset({"september", "october", "november"}),
    "winter": frozenset({"december", "january", "february"}),
}
"""*In summer (July)*."""

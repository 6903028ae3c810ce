"""Numbers, units and dates: how much, of what, and when."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.numerals import NUMBERS
from extproc.models.same_answer.words import Words


def numbers(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """Each counts, measures or dates something that the other does not: *30 days* and *60 days*."""
    if not more_numbers(left, right, lexicon):
        return False
    silent, teller = (right, left) if _more(left, right) else (left, right)
    return _exchanged(left, right) or _hidden(silent, teller) or _of_a_kind(silent, teller)


def more_numbers(left: Words, right: Words, _: Lexicon) -> bool:
    """A number that the other does not say: *for 3 people*, and *I am 70*."""
    one, other = Counter(left.numbers), Counter(right.numbers)
    return not (_said(one - other, right) and _said(other - one, left))


def _exchanged(left: Words, right: Words) -> bool:
    return _more(left, right) and _more(right, left)


def _more(words: Words, other: Words) -> bool:
    """Whether one has an amount, a unit or a date that the other lacks."""
    return bool(
        Counter(words.numbers) - Counter(other.numbers)
        or (words.units | words.told_units) - other.units - other.told_units
        or (words.dates | words.told_dates) - other.dates - other.told_dates
    )


def _hidden(words: Words, other: Words) -> bool:
    """Whether a word is a number elsewhere and may stand for one here: *the two*, *both*."""
    return any(
        (word in _HOW_MANY or word[:1].isdigit()) and word not in other.plain
        for word in words.plain
    )


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


def _of_a_kind(words: Words, other: Words) -> bool:
    """Whether what only the other counts is counted in both: *63 of 60 days*, *2, 3 and 4*."""
    surplus = Counter(other.numbers) - Counter(words.numbers)
    shared = Counter(other.numbers) & Counter(words.numbers)
    return not {n.partition(" ")[2] for n in surplus}.isdisjoint(
        n.partition(" ")[2] for n in shared
    )


_HOW_MANY = NUMBERS | frozenset("one both couple pair several single".split())  # noqa: SIM905


def units(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """*In hours* and *in minutes*; years of a story and days of another."""
    return more_units(left, right, lexicon) and (
        _exchanged(left, right) or bool(left.told_units and right.told_units)
    )


def more_units(left: Words, right: Words, _: Lexicon) -> bool:
    """A unit that the other does not say: *a day*."""
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


def dates(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """*On Monday* and *on Friday*; *signed yesterday, today a better offer* and *signed today*."""
    shared = (left.dates | left.told_dates) & (right.dates | right.told_dates)
    return more_dates(left, right, lexicon) and (bool(shared) or _exchanged(left, right))


def more_dates(left: Words, right: Words, _: Lexicon) -> bool:
    """A date that the other does not say: *tomorrow*."""
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

"""Numbers in digits and in words, and what they count, in one spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from extproc.models.same_answer.calendar import MONTHS
from extproc.models.same_answer.units import amount, spelled, unit_of

SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"  # noqa: SIM905
        " fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
TENS = {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
LARGE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th",
    "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th",
    "twelfth": "12th", "twentieth": "20th",
}  # fmt: skip
_TIMES = {
    "twice": "2x", "double": "2x", "triple": "3x", "thrice": "3x", "twofold": "2x", "threefold": "3x", "fourfold": "4x",
    "tenfold": "10x",
}  # fmt: skip
NUMBERS = frozenset({*SMALL, *TENS, *LARGE, *ORDINALS, *_TIMES, "half", "quarter", "once"}) - {
    "one", "second",
}  # fmt: skip
"""Words that say how many or which in a row."""

_MONEY = frozenset({*"$€£¥₹", "eur", "usd", "gbp", "inr", "rs"})
_DIGITS = re.compile(r"([-+]?)(\d+(?:[.,]\d+)*)(k|bn)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)")
_AFTER_FIRST = frozenset(
    "or and the a an i you we he she it they is are was were do does did if when before then but"  # noqa: SIM905
    " to after please at in on for with".split()
)
_ONCE_BEFORE = frozenset("only just than least".split())  # noqa: SIM905
_ONCE_AFTER = frozenset("a an per every each or and only daily weekly in".split())  # noqa: SIM905


_NTH = frozenset("year grade strike chapter stage phase page".split())  # noqa: SIM905
"""*Grade 4* is the fourth."""
_LENGTHS = frozenset("sentence word line paragraph page".split())  # noqa: SIM905
"""*In one sentence* says how long."""
_AT_END = frozenset({"", "apart", "ahead", "behind", "difference"})


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is counted in one question."""

    numbers: tuple[str, ...]
    """Sorted; with the unit where one follows: ``180 centimeter`` as ``1800 millimeter``."""
    units: frozenset[str]
    """Units that stand alone, and those of which there is one."""
    asked: frozenset[str]
    """Of these, what the question asks to count: *how many days*."""
    often: frozenset[str]
    """Of these, what it asks the rate by: *how many times a day*."""


def amounts(plain: Sequence[str], base: Sequence[str]) -> Amounts:
    """Of the words of a text, lower case, in order, and their base forms."""
    return _Reader(plain, base).read()


class _Reader:
    """One pass from left to right."""

    def __init__(self, plain: Sequence[str], base: Sequence[str]) -> None:
        self._plain, self._base = plain, base
        self._numbers: list[str] = []
        self._units: set[str] = set()
        self._asked: set[str] = set()
        self._often: set[str] = set()

    def read(self) -> Amounts:
        at = 0
        while at < len(self._plain):
            at = self._step(at)
        return Amounts(
            tuple(sorted(self._numbers)),
            frozenset(self._units),
            frozenset(self._asked),
            frozenset(self._often),
        )

    def _word(self, at: int) -> str:
        return self._plain[at] if 0 <= at < len(self._plain) else ""

    def _step(self, at: int) -> int:
        """Takes in what begins at a word; where the next begins."""
        word = self._word(at)
        if word in _MONEY:
            value, end = self._value(at + 1)
            if value is not None:
                self._add(value, str(unit_of(word, word, "")))
                return end
        ordinal = _ORDINAL.fullmatch(word)
        if ordinal is not None or word in ORDINALS:
            self._ordinal(at, word if ordinal else ORDINALS[word], ordinal[1] if ordinal else "")
            return at + 1
        if word in _TIMES:
            self._numbers.append(_TIMES[word])
            return at + 1
        if word == "once":
            if self._is_count(at):
                self._numbers.append("1x")
            return at + 1
        value, end = self._value(at)
        if value is not None:
            return self._counted(at, value, end)
        if word[:1].isdigit() or (word[:1] in {"+", "-"} and word[1:2].isdigit()):
            self._numbers.append(word.lstrip("+"))
        else:
            self._unit(at)
        return at + 1

    def _counted(self, start: int, value: Fraction, end: int) -> int:
        """A number that ends before `end`, with the unit behind it."""
        word = self._word(end)
        if word in {"times", "time"} and not self._word(end + 1)[:1].isdigit():
            self._numbers.append(f"{spelled(value)}x")
            return end + 1
        of = end + 1 if word in {"a", "an"} and value == Fraction(1, 2) else end
        if self._word(end) == "of" and self._word(end + 1) in {"a", "an"} and value.denominator > 1:
            of = end + 2
        own = self._unit_at(of, "1")
        unit = own or self._shared_unit(end)
        if unit is not None:
            if (
                self._word(of + 1) == "and"
                and self._word(of + 2) == "a"
                and self._word(of + 3) == "half"
            ):
                value, of = value + Fraction(1, 2), of + 3
            if unit == "year" and self._word(of + 1) in {"old", "olds"} and value.denominator == 1:
                self._numbers.append(spelled(value))
            else:
                self._add(value, unit)
            return end if own is None else of + 1
        before = self._word(start - 1)
        if before in _NTH and value.denominator == 1 and value < 20:
            self._numbers.append(_nth(int(value)))
        elif (  # else a mere article
            value != 1
            or end - start > 1
            or self._word(start) != "one"
            or (before == "in" and word in _LENGTHS)
        ):
            self._numbers.append(
                spelled(value) if end - start > 1 else self._as_written(start, value)
            )
        return end

    def _shared_unit(self, end: int) -> str | None:
        """Of the first number in *6 and 3 minutes*."""
        if self._word(end) not in {"and", "or", "to"}:
            return None
        value, behind = self._value(end + 1)
        return None if value is None else self._unit_at(behind, "1")

    def _as_written(self, at: int, value: Fraction) -> str:
        """A version keeps its zeros: 3.10 is not 3.1."""
        word = self._word(at)
        plain = word.lstrip("+").replace(",", "")
        return (
            plain if word[:1].isdigit() and "." in word and plain.endswith("0") else spelled(value)
        )

    def _add(self, value: Fraction, unit: str) -> None:
        number, alone = amount(value, unit)
        if number is not None:
            self._numbers.append(number)
        if alone is not None:
            self._units.add(alone)

    def _ordinal(self, at: int, spelling: str, digits: str) -> None:
        before, after = self._word(at - 1), self._word(at + 1)
        months = {before, after, self._word(at + 2) if after == "of" else ""}
        if digits and months & MONTHS:
            self._numbers.append(digits)
        elif spelling == "1st" and not digits:
            if after and after not in _AFTER_FIRST and not after.endswith("ed"):
                self._numbers.append(spelling)
        elif spelling == "2nd" and not digits:
            if (
                after
                and after not in _AFTER_FIRST
                and before not in {"per", "every"}
                and not before[:1].isdigit()
            ):
                self._numbers.append(spelling)
        else:
            self._numbers.append(spelling)

    def _is_count(self, at: int) -> bool:
        """*Once a day*, *only once*; not *once it is warm*."""
        before, after = self._word(at - 1), self._word(at + 1)
        if before == "or" and self._word(at - 2) in {*_TIMES, "times"}:
            return True
        return not after or before in _ONCE_BEFORE or after in _ONCE_AFTER

    def _unit_at(self, at: int, before: str) -> str | None:
        if not 0 <= at < len(self._plain):
            return None
        return unit_of(self._plain[at], self._base[at], before, self._word(at + 1))

    def _unit(self, at: int) -> None:
        """A unit without a number."""
        unit = self._unit_at(at, self._word(at - 1))
        if unit is None:
            return
        if unit == "fortnight":
            self._add(Fraction(1), unit)
            return
        self._units.add(unit)
        before = self._word(at - 1), self._word(at - 2)
        rate = before[0] in {"a", "per"} and {"times", "many"} & set(self._plain[:at])
        at_end = self._word(at + 1) in _AT_END and self._plain[at].endswith("s")
        if before == ("many", "how") or at_end:
            self._asked.add(unit)
        elif rate:
            self._often.add(unit)

    def _value(self, at: int) -> tuple[Fraction | None, int]:
        """The number that begins at a word, and where it ends; ``None`` if there is none."""
        word = self._word(at)
        found = _DIGITS.fullmatch(word)
        if found is not None:
            value = _digits(found)
            if value is None:
                return None, at
            end = at + 1
            while self._word(end) in LARGE and self._word(end) != "dozen":
                value, end = value * LARGE[self._word(end)], end + 1
            return value, end
        if word == "half":
            if self._word(at + 1) == "life":
                return None, at
            if self._word(at + 1) == "dozen" or (self._word(at + 1), self._word(at + 2)) == (
                "a",
                "dozen",
            ):
                return Fraction(6), at + (2 if self._word(at + 1) == "dozen" else 3)
            return Fraction(1, 2), at + 1
        if word == "quarter":
            near = self._word(at + 1), self._word(at + 2)
            if near in {("of", "an"), ("of", "a")} or near[0] == "hour":
                return Fraction(1, 4), at + 1
            return None, at
        if word == "couple" and self._word(at + 1) == "of":
            return Fraction(2), at + 2
        return self._spelled_out(at)

    def _spelled_out(self, at: int) -> tuple[Fraction | None, int]:
        """*Two hundred and forty*, *thirty-five thousand*; *two three* are two numbers."""
        total, group, start = 0, -1, at  # group: below a thousand, -1 when nothing is in it
        while True:
            word = self._word(at)
            small = SMALL.get(word, TENS.get(word, -1))
            if small >= 0 and _fits(group, small):
                group = max(group, 0) + small
            elif word == "hundred" and group < 10:
                group = max(group, 1) * 100
            elif word in LARGE and word != "hundred" and (group > 0 or at == start):
                total, group = total + max(group, 1) * LARGE[word], -1
            elif not (word == "and" and at > start and self._continues(at)):
                break
            at += 1
        if at == start:
            return None, start
        value = Fraction(total + max(group, 0))
        if (self._word(at), self._word(at + 1), self._word(at + 2)) == ("and", "a", "half"):
            return value + Fraction(1, 2), at + 3
        return value, at

    def _continues(self, at: int) -> bool:
        """Whether *and* joins the rest of one number on, as in *a hundred and two*."""
        before, after = self._word(at - 1), self._word(at + 1)
        return before in {"hundred", "thousand", "million"} and (after in SMALL or after in TENS)


def _fits(group: int, small: int) -> bool:
    """Whether a small number goes on from what was said: 20 + 3, 200 + 40, not 2 + 3."""
    if group < 0:
        return True
    if group % 100 == 0:
        return group > 0
    return group % 10 == 0 and group % 100 >= 20 and 0 < small < 10


def _digits(found: re.Match[str]) -> Fraction | None:
    sign, digits, size = found.groups()
    if "," in digits:
        digits = (
            digits.replace(",", "") if _THOUSANDS.fullmatch(digits) else digits.replace(",", ".")
        )
    if digits.count(".") > 1:
        return None
    value = Fraction(digits) * {"k": 1000, "bn": 10**9}.get(size or "", 1)
    return -value if sign == "-" else value


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number if number < 4 else 0, "th")
    return f"{number}{ending}"

"""Who and what is named, in any spelling of it; and text of another language."""

from __future__ import annotations

from itertools import pairwise

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.numerals import NUMBERS
from extproc.models.same_answer.words import FUNCTION, Words


def names(left: Words, right: Words, lexicon: Lexicon) -> bool:
    return not (_has(right, left, lexicon) and _has(left, right, lexicon))


def _has(words: Words, named: Words, lexicon: Lexicon) -> bool:
    there = {*words.plain, *words.base}
    joined = {a + b for a, b in pairwise(words.plain)} | {a + b for a, b in pairwise(words.base)}
    omitted = _OMITTED if words.names <= named.names else frozenset[str]()
    return all(
        name in there
        or lexicon.base(name) in there
        or name.rstrip("s") in there
        or f"{name}s" in there
        or name in joined
        or _singular(name) in joined
        or name in omitted
        or (name in _IMPLIED and not _IMPLIED[name].isdisjoint(there & {*named.plain}))
        or not there.isdisjoint(_PEOPLE.get(name, ()))
        or _mistyped(name, named, words, lexicon)
        for name in named.names
    )


_OMITTED = frozenset("atm ram api div regex http".split())  # noqa: SIM905
"""Kinds of things, which other words say as well: may be left out, never exchanged."""
_IMPLIED = {
    "python": frozenset(
        "pandas numpy matplotlib django flask fastapi pytest sklearn pytorch pydantic seaborn".split()  # noqa: SIM905
    ),
    "javascript": frozenset({"react", "vue", "angular", "nodejs", "npm", "jquery"}),
    "kubernetes": frozenset({"kubectl", "helm"}),
}  # fmt: skip
"""Named by naming what belongs to it."""


def _mistyped(name: str, named: Words, other: Words, lexicon: Lexicon) -> bool:
    """Whether `name` is an ordinary word of `other` with one slip; never when it has a capital.

    The word it stands for must be in a dictionary and in no other place of `named`, so one
    unknown name is never taken for another.
    """
    if len(name) < _SLIP or name not in named.cased or lexicon.known(name):
        return False
    return any(
        word not in named.plain and word not in other.names and _slipped(name, word)
        for word in other.plain
        if len(word) >= _SLIP and lexicon.known(word)
    )


def _slipped(left: str, right: str) -> bool:
    """One slip; in a long word two, the second of them a letter that is missing."""
    left, right = _singular(left), _singular(right)
    if left[0] != right[0] or min(len(left), len(right)) < _SLIP - 1:
        return False
    if _one_slip(left, right):
        return True
    return len(right) >= _LONG and any(
        _one_slip(left, right[:at] + right[at + 1 :]) for at in range(1, len(right))
    )


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _one_slip(left: str, right: str) -> bool:
    """One letter too many, too few or wrong, or two neighbours swapped."""
    if abs(len(left) - len(right)) > 1:
        return False
    short, long = sorted((left, right), key=len)
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[:at] + short[at : at + 2][::-1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long


_SLIP = 6
"""Letters that a word must have before a slip of the keys in it is seen as one."""
_LONG = 9
"""Letters that it must have before two are."""
_NATIONS = (
    "america american", "africa african", "asia asian", "europe european", "india indian",
    "australia australian", "austria austrian", "canada canadian", "mexico mexican",
    "brazil brazilian", "russia russian", "italy italian", "germany german", "france french",
    "spain spanish", "portugal portuguese", "china chinese", "japan japanese", "korea korean",
    "vietnam vietnamese", "sweden swedish", "norway norwegian", "denmark danish", "poland polish",
    "finland finnish", "turkey turkish", "greece greek", "ireland irish", "scotland scottish",
    "switzerland swiss", "netherlands dutch", "belgium belgian", "hungary hungarian",
    "ukraine ukrainian", "egypt egyptian", "israel israeli", "pakistan pakistani", "iran iranian",
    "iraq iraqi", "argentina argentinian", "chile chilean", "peru peruvian", "cuba cuban",
    "britain british", "rome roman", "bavaria bavarian", "iceland icelandic", "wales welsh",
    "romania romanian", "bulgaria bulgarian", "croatia croatian", "serbia serbian",
    "colombia colombian", "indonesia indonesian", "malaysia malaysian", "morocco moroccan",
    "taiwan taiwanese", "california californian", "texas texan", "venice venetian", "england english", "nigeria nigerian", "kenya kenyan", "thailand thai",
)  # fmt: skip
_PEOPLE = {
    word: (other,)
    for pair in (line.split() for line in _NATIONS)
    for word, other in (pair, pair[::-1])
}
"""*The longest African river* is one of Africa; the comparer sees the rest."""
_LAND = {word: pair.split()[0] for pair in _NATIONS for word in pair.split()}


def roles(words: Words) -> set[tuple[str, str]]:
    """Each country that is named, and whether the land is or its people."""
    return {
        (_LAND[form], "land" if _LAND[form] == form else "people")
        for form in (*words.plain, *(word[:-1] for word in words.plain if word.endswith("s")))
        if form in _LAND
    }


def signs(left: Words, right: Words, _: Lexicon) -> bool:
    return left.signs != right.signs


def language(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """Text that is mostly not English must have the same words."""
    return left.plain != right.plain and (_foreign(left, lexicon) or _foreign(right, lexicon))


def _foreign(words: Words, lexicon: Lexicon) -> bool:
    letters = [word for word in words.plain if word[0].isalpha()]
    unknown = [
        w for w in letters
        if w not in NUMBERS
        and not (w in FUNCTION and len(w) > 2)
        and not (w.isascii() and lexicon.known(w))
    ]  # fmt: skip
    return len(letters) > 3 and 2 * len(unknown) > len(letters)

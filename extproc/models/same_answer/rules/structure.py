"""Which word stands in which place."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.numerals import SMALL
from extproc.models.same_answer.rules.names import roles
from extproc.models.same_answer.words import FUNCTION, Words

_DIRECTED = frozenset("from to into onto than before after over by without against via".split())  # noqa: SIM905
_SYMMETRIC = frozenset(
    "difference differ different between compare comparison versus vs distance and or both relation"  # noqa: SIM905
    " similarity similar far".split()
)
_SKIPPED = frozenset("a an the my your our his her their its this that some any".split())  # noqa: SIM905


def order(left: Words, right: Words, _: Lexicon) -> bool:
    """The same words in another order, or the same thing behind another preposition."""
    return (
        _swapped(left, right)
        or _redirected(left, right)
        or _traded(left, right)
        or _peoples_swapped(left, right)
        or _numbers_swapped(left, right)
        or _turned(left, right)
        or _turned(right, left)
    )


def _turned(words: Words, other: Words) -> bool:
    """*My boss asks me* against *I ask my boss*."""
    return bool((_to_me(words) - _by_me(words)) & (_by_me(other) - _to_me(other)))


def _to_me(words: Words) -> set[str]:
    return {
        verb for verb, after in pairwise(words.base)
        if after in {"me", "us"} and verb not in FUNCTION | _FOR_ME
    }  # fmt: skip


def _by_me(words: Words) -> set[str]:
    return {
        next((base for base in words.base[at + 1 : at + 4] if base not in FUNCTION), "")
        for at, word in enumerate(words.plain)
        if word in {"i", "we"}
    } - {""}


_FOR_ME = frozenset("tell give show let help send teach make recommend allow find".split())  # noqa: SIM905
"""*Tell me* is an order to who answers."""


def _peoples_swapped(left: Words, right: Words) -> bool:
    """*Americans in Vietnam* against *Vietnamese in America*."""
    one, other = roles(left), roles(right)
    return any(
        {(land, "people"), (other_land, "land")} <= one
        and {(land, "land"), (other_land, "people")} <= other
        and (land, "land") not in one
        and (land, "people") not in other
        for land, role in one
        if role == "people"
        for other_land, _ in one
        if other_land != land
    )


def _numbers_swapped(left: Words, right: Words) -> bool:
    """*For four at seven* against *for seven at four*, *5 of 10* against *10 of 5*."""
    one, other = _placed(left), _placed(right)
    shared = sorted(one.keys() & other.keys())
    return any(
        _cross(one[x], one[y], other[x], other[y])
        for at, x in enumerate(shared)
        for y in shared[at + 1 :]
    )


def _cross(
    x: tuple[str, str], y: tuple[str, str], other_x: tuple[str, str], other_y: tuple[str, str]
) -> bool:
    """Whether what stands before (or behind) one number now stands before the other."""
    return any(
        x[side] and y[side] and x[side] != y[side]
        and (x[side], y[side]) == (other_y[side], other_x[side])
        for side in (0, 1)
    )  # fmt: skip


def _placed(words: Words) -> dict[str, tuple[str, str]]:
    """Numbers that occur once, with the words before and behind them."""
    base = words.base
    found = [
        (number, (base[at - 1] if at else "", base[at + 1] if at + 1 < len(base) else ""))
        for at, word in enumerate(words.plain)
        if (number := str(SMALL[word]) if word in SMALL else word if word[:1].isdigit() else "")
    ]
    counts = Counter(number for number, _ in found)
    return {number: near for number, near in found if counts[number] == 1}


def _swapped(left: Words, right: Words) -> bool:
    if _SYMMETRIC & set(left.plain) and _SYMMETRIC & set(right.plain):
        return False
    named = left.names & set(right.plain) | right.names & set(left.plain)
    shared = named - _settings(left) - _settings(right)
    one = [word for word in left.plain if word in shared]
    other = [word for word in right.plain if word in shared]
    if len(shared) > 1 and Counter(one) == Counter(other) and one != other:
        return not _moved(left.content, right.content)
    if sorted(left.base) != sorted(right.base) or left.base == right.base:
        return False
    return not _moved(left.content, right.content)


def _settings(words: Words) -> set[str]:
    """Names that say where something is done, not who does it: *in Java*, *for Milvus*."""
    place = [word for word in words.plain if word not in _SKIPPED]
    return {
        after for word, after in pairwise(place)
        if word in {"in", "on", "at", "for", "using"}
    }  # fmt: skip


def _moved(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a clause went from one end to the other, and nothing else happened."""
    return len(one) == len(other) and any(
        other == one[at:] + one[:at] for at in range(len(one) or 1)
    )


def _redirected(left: Words, right: Words) -> bool:
    one, other = _objects(left), _objects(right)
    return any(one[thing].isdisjoint(other[thing]) for thing in one.keys() & other.keys())


def _traded(left: Words, right: Words) -> bool:
    """*X over Y* against *Y over X*: the two sides of a preposition changed places."""
    one, other = _sides(left), _sides(right)
    return any((after, word, before) in other for before, word, after in one - other)


def _sides(words: Words) -> set[tuple[str, str, str]]:
    """The words just before and behind each preposition that has a direction."""
    place = [word for word in words.base if word not in _SKIPPED]
    return {
        (before, word, after)
        for before, word, after in zip(place, place[1:], place[2:], strict=False)
        if word in _DIRECTED | _WITHIN
    }


_WITHIN = frozenset("in of on for".split())  # noqa: SIM905


def _objects(words: Words) -> dict[str, set[str]]:
    """What stands behind *from*, *to*, *than* …, and behind which of them."""
    found: dict[str, set[str]] = {}
    for at, word in enumerate(words.plain):
        if word not in _DIRECTED:
            continue
        for thing in words.base[at + 1 :]:
            if thing not in _SKIPPED:
                found.setdefault(thing, set()).add("to" if word in {"into", "onto"} else word)
                break
    return found

"""Which word stands in which place."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import Words

_DIRECTED = frozenset("from to into onto than before after over by without against via".split())  # noqa: SIM905
_SYMMETRIC = frozenset(
    "difference differ different between compare comparison versus vs distance and or both relation"  # noqa: SIM905
    " similarity similar".split()
)
_SKIPPED = frozenset("a an the my your our his her their its this that some any".split())  # noqa: SIM905


def order(left: Words, right: Words, _: Lexicon) -> bool:
    """The same words in another order, or the same thing behind another preposition."""
    return _swapped(left, right) or _redirected(left, right) or _traded(left, right)


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
        if word in {"in", "on", "for", "using"}
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

"""Which policy governs a request: the most specific match.

A pattern is an exact value or a glob in which ``*`` stands for any characters,
none included, and ``/`` too. Per dimension an exact pattern beats a glob, a
glob with more literal characters beats one with fewer, and any pattern beats
none. Dimensions are compared in the order caller, tenant, path, model: the
first that differs decides. Two policies that could match one request with the
same rank everywhere are a tie, which the loader refuses.

Paths and model names are compared without regard to case, so that a variant
spelling cannot escape a policy. Paths are canonical before they come here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

T = TypeVar("T")

EXACT = 1 << 30
"""Rank of an exact pattern; globs rank by 1 + literal characters, absence is 0."""

MAX_CACHED = 8192
MAX_CACHED_KEY = 512
"""Characters of a request's four values together; longer ones are not cached."""

Rank = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Match:
    """Patterns by dimension; an empty tuple matches everything."""

    callers: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    def dimensions(self) -> tuple[tuple[str, ...], ...]:
        """In the order in which they decide."""
        return (self.callers, self.tenants, fold(self.paths), fold(self.models))


class Patterns:
    """The patterns of one dimension, compiled."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._empty = not patterns
        self._exact = frozenset(pattern for pattern in patterns if "*" not in pattern)
        globs = sorted((pattern for pattern in patterns if "*" in pattern), key=rank, reverse=True)
        self._globs = tuple((rank(pattern), pattern) for pattern in globs)

    def rank(self, value: str) -> int | None:
        """Rank of the best pattern that matches `value`; ``None`` when none does."""
        if self._empty:
            return 0
        if value in self._exact:
            return EXACT
        for rank_, pattern in self._globs:
            if matches(pattern, value):
                return rank_
        return None


class Lookup(Generic[T]):
    """Finds the value with the best match, remembering recent answers."""

    def __init__(self, entries: Iterable[tuple[Match, T]]) -> None:
        self._entries = tuple(
            (tuple(Patterns(patterns) for patterns in match.dimensions()), value)
            for match, value in entries
        )
        self._cache: dict[tuple[str, str, str, str], T | None] = {}

    def find(self, *, caller: str, tenant: str, path: str, model: str | None) -> T | None:
        """The best match, ``None`` when nothing matches. A missing model is ``""``."""
        key = (caller, tenant, path.casefold(), "" if model is None else model.casefold())
        try:
            return self._cache[key]
        except KeyError:
            pass
        found = self._search(key)
        if sum(map(len, key)) <= MAX_CACHED_KEY:
            if len(self._cache) >= MAX_CACHED:
                del self._cache[next(iter(self._cache))]
            self._cache[key] = found
        return found

    def _search(self, values: tuple[str, str, str, str]) -> T | None:
        best: tuple[int, ...] | None = None
        found: T | None = None
        for dimensions, value in self._entries:
            ranks: list[int] = []
            for patterns, text in zip(dimensions, values, strict=True):
                rank_ = patterns.rank(text)
                if rank_ is None:
                    break
                ranks.append(rank_)
            else:
                if best is None or tuple(ranks) > best:
                    best, found = tuple(ranks), value
        return found


def fold(patterns: Iterable[str]) -> tuple[str, ...]:
    """Patterns for values that are compared without regard to case."""
    return tuple(pattern.casefold() for pattern in patterns)


def rank(pattern: str) -> int:
    """How specific one pattern is."""
    return EXACT if "*" not in pattern else 1 + len(pattern.replace("*", ""))


def matches(pattern: str, value: str) -> bool:
    """Whether the glob matches the whole value, in time linear in its length.

    Not a regular expression: several ``.*`` in one backtrack, and the value is
    the client's.
    """
    first, *middle, last = pattern.split("*")
    if not value.startswith(first) or not value.endswith(last):
        return False
    at, end = len(first), len(value) - len(last)
    for part in middle:
        found = value.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return at <= end


def tie(one: Match, other: Match) -> bool:
    """Whether some request could match both with equal ranks in every dimension."""
    return all(
        _level(mine, theirs)
        for mine, theirs in zip(one.dimensions(), other.dimensions(), strict=True)
    )


def _level(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if not mine or not theirs:
        return not mine and not theirs
    return any(rank(a) == rank(b) and overlap(a, b) for a, b in product(mine, theirs))


def overlap(one: str, other: str) -> bool:
    """Whether some text matches both globs."""
    # Row by row: reach[j] tells whether the part of `one` read so far and other[:j] can meet.
    reach = [True]
    reach.extend(all(char == "*" for char in other[:j]) for j in range(1, len(other) + 1))
    for char in one:
        row = [reach[0] and char == "*"]
        for j, their in enumerate(other, start=1):
            if char == "*" or their == "*":
                row.append(reach[j] or row[j - 1] or reach[j - 1])
            else:
                row.append(reach[j - 1] and char == their)
        reach = row
    return reach[-1]

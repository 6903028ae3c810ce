"""Which vectors of a partition are nearest.

One array holds all vectors, and each partition a list of its rows: history is in
a partition's name, so most partitions are tiny. A large one is searched by the
signs of the numbers first, 48 bytes a vector instead of 768, and only the rows
whose signs agree best are compared exactly. Nothing is ever built anew: adding
and removing write one row, however many there are
(`docs/decisions/008-sign-bits-instead-of-faiss.md`, with what it finds).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Name = tuple[str, str]
"""Partition and key."""
Scored = tuple[str, float]

EXACT = 96
"""Rows up to which comparing all of them is as fast as looking at their signs first."""
SHORTLIST = 64
"""Rows that are compared exactly in a larger partition."""
NEVER = float("inf")


class Vectors:
    """At most `capacity` vectors of `dimension` numbers, of unit length, by partition and key.

    When it is full, the hundredth part that was found or added longest ago makes room.
    """

    def __init__(self, dimension: int, capacity: int) -> None:
        # Pages that were never written take no memory, so the arrays need never grow.
        self._numbers = np.zeros((capacity, dimension), dtype=np.float16)
        self._signs = np.zeros((-(-dimension // 64), capacity), dtype=np.uint64)
        self._ends = np.full(capacity, NEVER)
        self._used = np.zeros(capacity, dtype=np.int64)
        """When it was found or added last, in calls."""
        self._place = np.zeros(capacity, dtype=np.int32)
        """Of each row, where it stands in its partition's list."""
        self._name_of: list[Name | None] = []
        self._row_of: dict[Name, int] = {}
        self._free: list[int] = []
        self._partitions: dict[str, array[int]] = {}
        self._capacity = capacity
        self._calls = 0

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, name: Name) -> bool:
        return name in self._row_of

    def holds(self, partition: str) -> bool:
        """Whether `search` in it would find anything."""
        return partition in self._partitions

    def add(self, name: Name, vector: Vector, ends: float = NEVER) -> None:
        """Replaces the name's vector when it has one. `ends` is a time for `sweep`."""
        row = self._row_of.get(name)
        if row is None:
            row = self._row(name)
        self._numbers[row] = vector
        self._signs[:, row] = _signs(vector)
        self._ends[row] = ends
        self._calls += 1
        self._used[row] = self._calls

    def remove(self, name: Name) -> None:
        """Nothing happens when it is not there."""
        row = self._row_of.pop(name, None)
        if row is None:
            return
        rows, at = self._partitions[name[0]], self._place[row]
        last = rows.pop()
        if last != row:
            rows[at] = last
            self._place[last] = at
        if not rows:
            del self._partitions[name[0]]
        self._name_of[row] = None
        self._ends[row] = NEVER
        self._free.append(row)

    def clear(self) -> None:
        """Removes all."""
        self._ends[: len(self._name_of)] = NEVER
        for each in (self._name_of, self._free, self._row_of, self._partitions):
            each.clear()

    def sweep(self, now: float) -> int:
        """Removes what has ended by `now`; returns how many there were."""
        return self._remove_rows(np.flatnonzero(self._ends[: len(self._name_of)] <= now))

    def search(self, partition: str, vector: Vector, limit: int) -> Sequence[Scored]:
        """Up to `limit` keys with their cosines, highest first.

        Exact in small partitions. In large ones it may miss a vector that is far; how
        seldom it misses a near one is measured in the decision record.
        """
        listed = self._partitions.get(partition)
        if listed is None:
            return ()
        rows = np.array(listed, dtype=np.int32)
        if len(rows) > EXACT:
            rows = rows[self._shortlist(rows, _signs(vector), max(SHORTLIST, 4 * limit))]
        scores = self._numbers[rows].astype(np.float32) @ vector
        best = np.argsort(-scores, kind="stable")[:limit]
        self._calls += 1
        self._used[rows[best]] = self._calls
        found = ((self._name_of[rows[at]], float(scores[at])) for at in best)
        return [(name[1], score) for name, score in found if name is not None]

    def _shortlist(
        self, rows: NDArray[np.int32], signs: NDArray[np.uint64], size: int
    ) -> NDArray[np.intp]:
        """Which of `rows` differ least in their signs."""
        differ = np.zeros(len(rows), dtype=np.uint16)
        for word, mine in zip(self._signs, signs, strict=True):
            differ += np.bitwise_count(word.take(rows) ^ mine)
        return np.argpartition(differ, size)[:size] if size < len(rows) else np.arange(len(rows))

    def _row(self, name: Name) -> int:
        if not self._free and len(self._name_of) == self._capacity:
            oldest = max(1, self._capacity // 100)
            self._remove_rows(np.argpartition(self._used, oldest - 1)[:oldest])
        if self._free:
            row = self._free.pop()
            self._name_of[row] = name
        else:
            row = len(self._name_of)
            self._name_of.append(name)
        rows = self._partitions.get(name[0])
        if rows is None:
            rows = self._partitions[name[0]] = array("i")
        self._row_of[name] = row
        self._place[row] = len(rows)
        rows.append(row)
        return row

    def _remove_rows(self, rows: NDArray[np.intp]) -> int:
        names = [name for row in rows if (name := self._name_of[row]) is not None]
        for name in names:
            self.remove(name)
        return len(names)


def _signs(vector: Vector) -> NDArray[np.uint64]:
    """One bit a number, in whole words."""
    bits = np.zeros(-(-len(vector) // 64) * 64, dtype=bool)
    bits[: len(vector)] = vector > 0
    return np.packbits(bits).view(np.uint64)

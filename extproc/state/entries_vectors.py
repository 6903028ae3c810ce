"""Which vectors of a partition are nearest.

Most partitions are tiny, since the whole history of a conversation is in their
name. They share one array and keep lists of rows in it. A partition that has
grown large gets a FAISS index of its own. Adding and removing cost the same
however many there are; a removed vector's place is taken by the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Scored = tuple[str, float]

LARGE = 256
"""Vectors in a partition from which an index of its own is faster than gathering rows."""

faiss.omp_set_num_threads(1)


class Vectors:
    """At most `capacity` vectors of `dimension` numbers, of unit length, by partition and key."""

    def __init__(self, dimension: int, capacity: int, *, large: int = LARGE) -> None:
        # Pages that were never written take no memory, so the array need never grow.
        self._rows = np.zeros((capacity, dimension), dtype=np.float32)
        self._free = list(range(capacity - 1, -1, -1))
        self._dimension = dimension
        self._large = large
        self._partitions: dict[str, _Index] = {}

    def __len__(self) -> int:
        return sum(len(index) for index in self._partitions.values())

    def add(self, partition: str, key: str, vector: Vector) -> None:
        """Replaces the key's vector when it has one. Raises `IndexError` when full."""
        index = self._partitions.get(partition)
        if index is None:
            index = self._partitions[partition] = _Rows(self._rows, self._free)
        index.add(key, vector)
        if isinstance(index, _Rows) and len(index) >= self._large:
            own = _Own(self._dimension)
            for each, row in index.items():
                own.add(each, row)
            index.clear()
            self._partitions[partition] = own

    def remove(self, partition: str, key: str) -> None:
        """Nothing happens when it is not there."""
        index = self._partitions.get(partition)
        if index is None:
            return
        index.remove(key)
        if not len(index):
            del self._partitions[partition]

    def clear(self, partition: str) -> int:
        """Removes all of the partition; returns how many there were."""
        index = self._partitions.pop(partition, None)
        if index is None:
            return 0
        removed = len(index)
        if isinstance(index, _Rows):
            index.clear()
        return removed

    def count(self, partition: str) -> int:
        index = self._partitions.get(partition)
        return len(index) if index is not None else 0

    def search(self, partition: str, vector: Vector, limit: int) -> Sequence[Scored]:
        """Up to `limit` keys with their cosines, highest first."""
        index = self._partitions.get(partition)
        return index.search(vector, limit) if index is not None else ()


class _Index(Protocol):
    def __len__(self) -> int: ...

    def add(self, key: str, vector: Vector) -> None: ...

    def remove(self, key: str) -> None: ...

    def search(self, vector: Vector, limit: int) -> Sequence[Scored]: ...


class _Rows:
    """Rows of the shared array."""

    def __init__(self, shared: Vector, free: list[int]) -> None:
        self._shared = shared
        self._free = free
        self._row_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._row_of)

    def items(self) -> list[tuple[str, Vector]]:
        return [(key, self._shared[row]) for key, row in self._row_of.items()]

    def add(self, key: str, vector: Vector) -> None:
        row = self._row_of.get(key)
        if row is None:
            row = self._row_of[key] = self._free.pop()
        self._shared[row] = vector

    def remove(self, key: str) -> None:
        row = self._row_of.pop(key, None)
        if row is not None:
            self._free.append(row)

    def clear(self) -> None:
        self._free.extend(self._row_of.values())
        self._row_of.clear()

    def search(self, vector: Vector, limit: int) -> Sequence[Scored]:
        keys = list(self._row_of)
        scores = self._shared[list(self._row_of.values())] @ vector
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(keys[at], float(scores[at])) for at in best]


class _Own:
    """A FAISS index; a removed vector becomes zeros, which are near nothing, until reused."""

    def __init__(self, dimension: int) -> None:
        self._index: Any = faiss.IndexFlatIP(dimension)
        self._dimension = dimension
        self._keys: list[str | None] = []
        self._place_of: dict[str, int] = {}
        self._empty: list[int] = []

    def __len__(self) -> int:
        return len(self._place_of)

    def add(self, key: str, vector: Vector) -> None:
        place = self._place_of.get(key)
        if place is None and self._empty:
            place = self._empty.pop()
        if place is None:
            place = len(self._keys)
            self._keys.append(key)
            self._index.add(vector[np.newaxis])
        else:
            self._write(place, vector)
            self._keys[place] = key
        self._place_of[key] = place

    def remove(self, key: str) -> None:
        place = self._place_of.pop(key, None)
        if place is not None:
            self._keys[place] = None
            self._empty.append(place)
            self._write(place, np.zeros(self._dimension, dtype=np.float32))

    def search(self, vector: Vector, limit: int) -> Sequence[Scored]:
        scores, places = self._index.search(vector[np.newaxis], min(limit, len(self._keys)))
        return [
            (key, float(score))
            for score, place in zip(scores[0], places[0], strict=True)
            if place >= 0 and (key := self._keys[place]) is not None
        ]

    def _write(self, place: int, vector: Vector) -> None:
        numbers = faiss.rev_swig_ptr(self._index.get_xb(), len(self._keys) * self._dimension)
        numbers.reshape(-1, self._dimension)[place] = vector

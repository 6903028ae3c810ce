"""A dictionary whose entries end by themselves, so that memory follows what is alive."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Generic, TypeVar

V = TypeVar("V")

SWEPT_PER_CALL = 4
"""More than one, so that the dead never outgrow the living for long."""


class Expiring(Generic[V]):
    """Keeps each value until its own time; every access drops a few that are due."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[V, float]] = {}
        self._due: list[tuple[float, str]] = []
        """One element an entry: when to look at it next, never later than it ends + a renewal."""

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: str) -> V | None:
        self.sweep(SWEPT_PER_CALL)
        entry = self._entries.get(key)
        return entry[0] if entry is not None and entry[1] > self._clock() else None

    def put(self, key: str, value: V, expires_at: float) -> None:
        if key not in self._entries:
            heappush(self._due, (expires_at, key))
        self._entries[key] = (value, expires_at)

    def sweep(self, at_most: int) -> int:
        """Looks at up to `at_most` entries that may be due; returns how many it dropped."""
        now, dropped = self._clock(), 0
        for _ in range(at_most):
            if not self._due or self._due[0][0] > now:
                break
            _, key = heappop(self._due)
            expires_at = self._entries[key][1]
            if expires_at > now:  # renewed since
                heappush(self._due, (expires_at, key))
            else:
                del self._entries[key]
                dropped += 1
        return dropped

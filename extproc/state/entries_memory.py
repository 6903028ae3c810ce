"""Stored answers in this process, bounded by number and by bytes, least recently used out first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from extproc.state.entries_protocol import (
    MAX_BYTES,
    MAX_ENTRIES,
    Entry,
    Near,
    Purge,
    Standing,
    Vector,
)
from extproc.state.entries_vectors import Name, Vectors


class MemoryEntries:
    """Implements `Entries`. Not shared between processes."""

    healthy = True

    def __init__(
        self,
        clock: Callable[[], float],
        dimension: int,
        *,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._clock = clock
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._entries: OrderedDict[Name, Entry] = OrderedDict()
        """Least recently used first."""
        self._groups: dict[str, OrderedDict[Name, None]] = {}
        """The same order within each group."""
        self._bytes = 0
        self._vectors = Vectors(dimension, max_entries + 1)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def standing(self) -> Standing:
        return Standing(len(self._vectors))

    def start(self) -> None:
        """Nothing to fill."""

    @property
    def size(self) -> int:
        """Bytes charged for all entries."""
        return self._bytes

    async def get(self, partition: str, key: str) -> Entry | None:
        return self._use((partition, key))

    def holds(self, partition: str) -> bool:
        return self._vectors.holds(partition)

    async def nearest(
        self, partition: str, vector: Vector, *, at_least: float, limit: int
    ) -> Sequence[Near]:
        found: list[Near] = []
        for key, similarity in self._vectors.search(partition, vector, limit):
            if similarity < at_least:
                break
            if (entry := self._use((partition, key))) is not None:
                found.append(Near(entry, similarity))
        return found

    async def put(self, entry: Entry, vector: Vector | None, *, group_limit: int) -> None:
        name = (entry.partition, entry.key)
        self._drop(name)
        if entry.size > self._max_bytes:
            return
        self._entries[name] = entry
        group = self._groups.setdefault(entry.group, OrderedDict())
        group[name] = None
        self._bytes += entry.size
        if vector is not None:
            self._vectors.add(name, vector)
        while len(group) > group_limit:
            self._drop(next(iter(group)))
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    async def purge(self, what: Purge) -> int:
        names = [name for name, entry in self._entries.items() if what.covers(entry)]
        for name in names:
            self._drop(name)
        return len(names)

    async def close(self) -> None:
        """Nothing to free."""

    def _use(self, name: Name) -> Entry | None:
        entry = self._entries.get(name)
        if entry is None:
            return None
        if entry.expires_at <= self._clock():
            self._drop(name)
            return None
        self._entries.move_to_end(name)
        self._groups[entry.group].move_to_end(name)
        return entry

    def _drop(self, name: Name) -> None:
        entry = self._entries.pop(name, None)
        if entry is None:
            return
        self._bytes -= entry.size
        group = self._groups[entry.group]
        del group[name]
        if not group:
            del self._groups[entry.group]
        self._vectors.remove(name)

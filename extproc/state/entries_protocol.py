"""Stored answers: found by key, or by how near their question is, within one partition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

MAX_ENTRIES = 100_000
MAX_BYTES = 256 * 1024 * 1024
OVERHEAD = 2048
"""Bytes an entry is charged beside its texts: the vector, and what Python needs to keep it.
`perf/cache.py` measures what it really is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer, and whose it is."""

    key: str
    """Unique within the partition; hex."""
    partition: str
    """All that must be equal for an answer to be shared; hex."""
    group: str
    """Entries that are bounded, and purged, together: a policy's for one tenant."""
    question: str | None
    """The text that may be similar instead of equal; ``None`` when it must be equal."""
    answer: bytes
    """A JSON document, whole."""
    request_id: str
    """The exchange it came from."""
    model: str
    """``name@version`` that served it."""
    expires_at: float
    """Unix seconds."""
    tenant: str = ""
    """Whose it is, by name, for purges."""
    fresh_until: float | None = None
    """Unix seconds from which it is served only while somebody asks for a newer one;
    ``None`` for as long as it is kept."""

    estimated: bool = False
    """Whether the usage in the answer is our count."""

    @property
    def size(self) -> int:
        """Bytes it is charged."""
        return OVERHEAD + len(self.answer) + len(self.question or "")


@dataclass(frozen=True, slots=True)
class Purge:
    """Which entries are to go: those that match all that is given."""

    request_id: str | None = None
    tenant: str | None = None
    model: str | None = None
    """``name``, or ``name@version``."""

    def covers(self, entry: Entry) -> bool:
        """Nothing, when nothing is given."""
        asked = (
            (self.request_id, (entry.request_id,)),
            (self.tenant, (entry.tenant,)),
            (self.model, (entry.model, entry.model.partition("@")[0])),
        )
        return self != Purge() and all(one is None or one in of for one, of in asked)


@dataclass(frozen=True, slots=True)
class Near:
    """An entry, and the cosine of its question to the one asked."""

    entry: Entry
    similarity: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How the store is doing, for operators."""

    vectors: int
    """In this process's index."""
    warming: bool = False
    """The index is being filled: similar questions may miss."""
    full: bool = False
    """The server has no memory for more: what it holds is served, nothing is stored."""


class Entries(Protocol):
    """Shared by all policies. `get`, `nearest`, `put` and `purge` may raise `StateUnavailable`."""

    @property
    def healthy(self) -> bool:
        """False while the store behind it is away or full: lookups miss, or nothing is stored."""
        ...

    @property
    def standing(self) -> Standing: ...

    def start(self) -> None:
        """Begins to fill the index in the background. Without it the first use does."""
        ...

    async def get(self, partition: str, key: str) -> Entry | None: ...

    def holds(self, partition: str) -> bool:
        """Whether `nearest` could find anything there, as far as this process knows. Asks nobody."""
        ...

    async def nearest(
        self, partition: str, vector: Vector, *, at_least: float, limit: int
    ) -> Sequence[Near]:
        """Entries of the partition by falling similarity; `vector` has unit length."""
        ...

    async def put(self, entry: Entry, vector: Vector | None, *, group_limit: int) -> None:
        """Stores, or replaces. The group's oldest make room when it has over `group_limit`.

        Without `vector` the entry is found by its key only.
        """
        ...

    async def purge(self, what: Purge) -> int:
        """Removes what `what` covers, for every process; returns how many there were.

        What is put while it runs may stay. It looks at every entry, in steps.
        """
        ...

    async def close(self) -> None:
        """Frees connections. Never raises."""
        ...

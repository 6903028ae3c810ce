"""Stored answers in Redis, shared by all processes that use the same server or cluster.

- ``extproc:{PARTITION}:entry:KEY``  the entry with its vector, see `entries_scripts`
- ``extproc:{GROUP}:entries``        sorted set of the group's entries by when they were used last
- ``extproc:{cache}:changes``        stream of additions and removals, see `entries_follower`

Every script touches one of the three alone, so that each may live on another node of a cluster.
A lookup by key asks Redis; a lookup by likeness asks this process's own index, and Redis for the
few entries that are near enough.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import cast

import numpy as np

from extproc.state.calls import Argument, Calls
from extproc.state.client import FAILURES, Link, state_key
from extproc.state.entries_follower import CHANGES, ENTRIES, FOLLOW_S, Follower
from extproc.state.entries_protocol import Entry, Near, Purge, Standing, Vector
from extproc.state.entries_scripts import BOUND, DROP, HEAD, PUT, READ, UNBIND
from extproc.state.entries_vectors import Name, Vectors
from extproc.state.protocol import StateUnavailable

log = logging.getLogger(__name__)

LOCAL_VECTORS = 100_000
"""Vectors this process keeps an index of, over all partitions: 84 MB when all are in use."""
PAGE = 128
"""Keys looked at in one step of a purge."""


class RedisEntries:
    """Implements `Entries`. Use it from one event loop.

    Every call ends within the time that the link allows, or at once while Redis is known
    to be away.
    """

    def __init__(
        self,
        url: str,
        clock: Callable[[], float],
        dimension: int,
        *,
        local_vectors: int = LOCAL_VECTORS,
        changes: int = CHANGES,
        follow_s: float = FOLLOW_S,
    ) -> None:
        """Raises `ValueError` for a URL that is not Redis's."""
        self._calls = Calls(Link(url))
        self._clock = clock
        self._index = Vectors(dimension, local_vectors)
        # A link of its own: a page of vectors must not stand before a request.
        self._follower = Follower(
            Link(url),
            self._index,
            capacity=local_vectors,
            vector_bytes=2 * dimension,
            clock=clock,
            changes=changes,
            interval_s=follow_s,
        )
        self._purges = Link(url)

    @property
    def healthy(self) -> bool:
        return self._calls.healthy

    @property
    def standing(self) -> Standing:
        return Standing(len(self._index), self._follower.warming, self._calls.full)

    def start(self) -> None:
        self._follower.start()

    async def get(self, partition: str, key: str) -> Entry | None:
        self.start()
        return await self._read((partition, key))

    def holds(self, partition: str) -> bool:
        return self._index.holds(partition)

    async def nearest(
        self, partition: str, vector: Vector, *, at_least: float, limit: int
    ) -> Sequence[Near]:
        self.start()
        scored = [
            ((partition, key), similarity)
            for key, similarity in self._index.search(partition, vector, limit)
            if similarity >= at_least
        ]
        entries = await asyncio.gather(*(self._read(name) for name, _ in scored))
        found: list[Near] = []
        for (name, similarity), entry in zip(scored, entries, strict=True):
            if entry is None:  # ended, evicted, purged or flushed before the stream told us
                self._index.remove(name)
            else:
                found.append(Near(entry, similarity))
        return found

    async def put(self, entry: Entry, vector: Vector | None, *, group_limit: int) -> None:
        self.start()
        now_ms, ends_ms = int(self._clock() * 1000), int(entry.expires_at * 1000)
        life_ms = ends_ms - now_ms
        if life_ms <= 0:
            return
        name = (entry.partition, entry.key)
        packed = b"" if vector is None else vector.astype(np.float16).tobytes()
        args: list[Argument] = [_head(entry), entry.answer, packed, ends_ms, life_ms]
        await self._calls.run(PUT, [_entry_key(name)], args)
        # Others of the group may live longer by the jitter: at most as long again.
        bound: list[Argument] = [_member(name), now_ms, 2 * life_ms, group_limit]
        binding = self._calls.run(BOUND, [_group_key(entry.group)], bound)
        if vector is None:
            gone = await binding
        else:
            self._index.add(name, vector, entry.expires_at)
            telling = self._follower.announce(self._calls, name, packed, ends_ms)
            gone, _ = await asyncio.gather(binding, telling)
        await self._drop([_named(each) for each in cast("list[bytes]", gone)])

    async def purge(self, what: Purge) -> int:
        """Walks all entries; each step is bounded as every other call is."""
        removed = 0
        try:
            async for keys in self._purges.keys(ENTRIES, PAGE):
                heads = await asyncio.gather(*(self._calls.run(HEAD, [key], []) for key in keys))
                entries = [_unpack(head, b"") for head in heads]
                covered = [each for each in entries if each is not None and what.covers(each)]
                removed += await self._drop([(each.partition, each.key) for each in covered])
                await asyncio.gather(*(self._unbind(each) for each in covered))
        except FAILURES:
            raise StateUnavailable("the cache store is unavailable") from None
        return removed

    async def close(self) -> None:
        await self._follower.close()
        await self._purges.close()
        await self._calls.close()

    async def _read(self, name: Name) -> Entry | None:
        reply = await self._calls.run(READ, [_entry_key(name)], [])
        head, answer = cast("list[bytes | None]", reply)
        if head is None or answer is None:
            return None
        entry = _unpack(head, answer)
        if entry is None or (entry.partition, entry.key) != name:
            log.error("a cache entry in Redis is not one of ours")
            return None
        if entry.expires_at <= self._clock():
            return None
        self._follower.used(_group_key(entry.group), _member(name))
        return entry

    async def _drop(self, names: Sequence[Name]) -> int:
        """Removes entries, for every process; returns how many there were."""
        for name in names:
            self._index.remove(name)
        replies = await asyncio.gather(
            *(self._calls.run(DROP, [_entry_key(name)], []) for name in names)
        )
        await asyncio.gather(
            *(self._follower.announce(self._calls, name, b"", 0) for name in names)
        )
        return sum(cast("list[int]", replies))

    async def _unbind(self, entry: Entry) -> None:
        member = _member((entry.partition, entry.key))
        await self._calls.run(UNBIND, [_group_key(entry.group)], [member])


def _entry_key(name: Name) -> str:
    return state_key(name[0], "entry", name[1])


def _group_key(group: str) -> str:
    return state_key(group, "entries")


def _member(name: Name) -> str:
    return ":".join(name)


def _named(member: bytes) -> Name:
    partition, _, key = member.decode().partition(":")
    return partition, key


def _head(entry: Entry) -> bytes:
    head = asdict(entry)
    del head["answer"]
    return json.dumps(head, separators=(",", ":")).encode()


def _unpack(head: object, answer: bytes) -> Entry | None:
    try:
        return Entry(**json.loads(cast("bytes", head)), answer=answer)
    except (ValueError, TypeError):
        return None

"""Stored answers in Redis, shared by all processes that use the same server.

Keys, all in the slot of their partition:

- ``…:entry:KEY``  the entry: a line of JSON, then the answer
- ``…:vectors``    hash of key → vector, float32
- ``…:order``      sorted set of the same keys by when they end
- ``…:token``      changes whenever the vectors do

and one sorted set for each group, of its entries by when they end. Redis holds
the vectors but does not search them: each process keeps an index of the
partitions it asks for, and loads a partition again when its token has changed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import TypeVar, cast

import numpy as np
from redis.asyncio import Redis
from redis.exceptions import RedisError

from extproc.state.breaker import Breaker
from extproc.state.client import state_key
from extproc.state.entries_protocol import Entry, Near, Purge, Vector
from extproc.state.entries_vectors import Vectors
from extproc.state.protocol import StateUnavailable

log = logging.getLogger(__name__)

PARTITION_LIMIT = 1000
"""Vectors kept for one partition: what one lookup may have to load, 1.5 MB."""
LOCAL_VECTORS = 50_000
"""Vectors this process keeps an index of, over all partitions: 77 MB when all are in use."""
LOOKUPS_AT_ONCE = 6
PAGE = 100
"""Keys looked at in one step of a purge."""
TIMEOUT_S = 0.25
"""For one call with all its round trips."""

T = TypeVar("T")

_PUT = """
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if ARGV[4] == '' then return {} end
local before = redis.call('GET', KEYS[4])
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[3])
local gone = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[6])
local excess = redis.call('ZCARD', KEYS[3]) - #gone - ARGV[7]
if excess > 0 then
  for _, key in ipairs(redis.call('ZRANGE', KEYS[3], #gone, #gone + excess - 1)) do
    gone[#gone + 1] = key
  end
end
for _, key in ipairs(gone) do
  redis.call('HDEL', KEYS[2], key)
  redis.call('ZREM', KEYS[3], key)
end
redis.call('SET', KEYS[4], ARGV[8])
for i = 2, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
return {before, #gone}
"""

_FORGET = """
for i = 2, #ARGV do
  redis.call('HDEL', KEYS[1], ARGV[i])
  redis.call('ZREM', KEYS[2], ARGV[i])
end
if redis.call('EXISTS', KEYS[3]) == 1 then redis.call('SET', KEYS[3], ARGV[1], 'KEEPTTL') end
"""


class RedisEntries:
    """Implements `Entries`, and owns the client. Use it from one event loop.

    Every call ends within `timeout_s`, or at once while Redis is known to be away.
    """

    def __init__(
        self,
        client: Redis,
        clock: Callable[[], float],
        dimension: int,
        *,
        partition_limit: int = PARTITION_LIMIT,
        local_vectors: int = LOCAL_VECTORS,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._client = client
        self._clock = clock
        self._dimension = dimension
        self._partition_limit = partition_limit
        self._local = _Local(dimension, local_vectors)
        self._breaker = Breaker(time.monotonic)
        self._timeout_s = timeout_s
        self._places = asyncio.Semaphore(LOOKUPS_AT_ONCE)
        self._put = client.register_script(_PUT)
        self._forget = client.register_script(_FORGET)

    @property
    def healthy(self) -> bool:
        return self._breaker.closed

    async def get(self, partition: str, key: str) -> Entry | None:
        blob = await self._ask(lambda: self._client.get(_entry_key(partition, key)))
        return self._alive(blob, partition, key)

    async def nearest(
        self, partition: str, vector: Vector, *, at_least: float, limit: int
    ) -> Sequence[Near]:
        return await self._ask(lambda: self._nearest(partition, vector, at_least, limit))

    async def put(self, entry: Entry, vector: Vector | None, *, group_limit: int) -> None:
        ttl_ms = int((entry.expires_at - self._clock()) * 1000)
        if ttl_ms > 0:
            await self._ask(lambda: self._store(entry, vector, ttl_ms, group_limit))

    async def purge(self, what: Purge) -> int:
        """Walks all entries; each step is bounded as every other call is."""
        removed, cursor = 0, 0
        while True:
            cursor, found = await self._ask(partial(self._purge_step, what, cursor))
            removed += found
            if cursor == 0:
                return removed

    async def _purge_step(self, what: Purge, cursor: int) -> tuple[int, int]:
        """One page of keys: the next cursor, and how many entries went."""
        cursor, names = await self._client.scan(cursor, match="extproc:{*}:entry:*", count=PAGE)
        gone: dict[str, list[str]] = {}
        if names:
            async with self._client.pipeline(transaction=False) as pipe:
                for name in names:
                    pipe.get(name)
                blobs = await pipe.execute()
            for blob in blobs:
                entry = _unpack(blob) if isinstance(blob, bytes) else None
                if entry is not None and what.covers(entry):
                    gone.setdefault(entry.partition, []).append(entry.key)
        for partition, keys in gone.items():
            await self._client.unlink(*(_entry_key(partition, key) for key in keys))
            await self._forget(
                keys=[state_key(partition, part) for part in ("vectors", "order", "token")],
                args=[secrets.token_bytes(8), *keys],
            )
        return int(cursor), sum(map(len, gone.values()))

    async def close(self) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._client.aclose()
        except (RedisError, OSError, TimeoutError):
            log.debug("the cache store was gone before we were")

    async def _nearest(
        self, partition: str, vector: Vector, at_least: float, limit: int
    ) -> Sequence[Near]:
        if not await self._follow(partition):
            return ()
        scored = [
            (key, similarity)
            for key, similarity in self._local.search(partition, vector, limit)
            if similarity >= at_least
        ]
        if not scored:
            return ()
        blobs = await self._client.mget([_entry_key(partition, key) for key, _ in scored])
        found, lost = [], []
        for (key, similarity), blob in zip(scored, blobs, strict=True):
            entry = self._alive(blob, partition, key)
            if entry is None:
                lost.append(key)
            else:
                found.append(Near(entry, similarity))
        if lost:
            await self._forget(
                keys=[state_key(partition, part) for part in ("vectors", "order", "token")],
                args=[secrets.token_bytes(8), *lost],
            )
        return found

    async def _follow(self, partition: str) -> bool:
        """Brings the local index up to date. False when the partition has no vectors."""
        token = await self._client.get(state_key(partition, "token"))
        if token is not None and self._local.token(partition) == token:
            return True
        if token is None:
            self._local.drop(partition)
            return False
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.get(state_key(partition, "token"))
            pipe.hgetall(state_key(partition, "vectors"))
            token, packed = await pipe.execute()
        vectors = {
            key.decode(): np.frombuffer(value, dtype=np.float32)
            for key, value in cast("dict[bytes, bytes]", packed).items()
            if len(value) == 4 * self._dimension
        }
        self._local.replace(partition, token, vectors)
        return bool(vectors)

    async def _store(
        self, entry: Entry, vector: Vector | None, ttl_ms: int, group_limit: int
    ) -> None:
        partition, token = entry.partition, secrets.token_bytes(8)
        reply = await self._put(
            keys=[
                _entry_key(partition, entry.key),
                *(state_key(partition, part) for part in ("vectors", "order", "token")),
            ],
            args=[
                _pack(entry),
                ttl_ms,
                entry.key,
                b"" if vector is None else vector.astype(np.float32).tobytes(),
                int(entry.expires_at * 1000),
                int(self._clock() * 1000),
                self._partition_limit,
                token,
            ],
        )
        if vector is not None:
            before, gone = reply
            self._local.added(partition, before, token, entry.key, vector, intact=gone == 0)
        await self._bound_group(entry, ttl_ms, group_limit)

    async def _bound_group(self, entry: Entry, ttl_ms: int, limit: int) -> None:
        name = state_key(entry.group, "entries")
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.zremrangebyscore(name, "-inf", int(self._clock() * 1000))
            pipe.zadd(name, {f"{entry.partition}:{entry.key}": int(entry.expires_at * 1000)})
            pipe.pexpire(name, ttl_ms)
            pipe.zcard(name)
            count = (await pipe.execute())[-1]
        if count <= limit:
            return
        async with self._client.pipeline(transaction=False) as pipe:
            popped = await self._client.zpopmin(name, count - limit)
            for member, _ in cast("list[tuple[bytes, float]]", popped):
                pipe.unlink(_entry_key(*member.decode().split(":")))
            await pipe.execute()

    def _alive(self, blob: bytes | str | None, partition: str, key: str) -> Entry | None:
        if not isinstance(blob, bytes):
            return None
        entry = _unpack(blob)
        if entry is None or (entry.partition, entry.key) != (partition, key):
            log.error("a cache entry in Redis is not one of ours")
            return None
        return entry if entry.expires_at > self._clock() else None

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        """Runs `call` in bounded time. Raises `StateUnavailable`."""
        if not self._breaker.admits():
            raise StateUnavailable("the cache store is unavailable")
        was_healthy = self.healthy
        started = False
        try:
            async with asyncio.timeout(self._timeout_s), self._places:
                started = True
                result = await call()
        except (RedisError, OSError, TimeoutError) as error:
            if started:  # else it was our own queue that was too long
                self._breaker.failed()
            if was_healthy and not self.healthy:
                log.warning("cache store unavailable %s", type(error).__name__)
            raise StateUnavailable("the cache store is unavailable") from None
        self._breaker.succeeded()
        if not was_healthy:
            log.warning("cache store is back")
        return result


class _Local:
    """An index, in this process, of the partitions it asked for last."""

    def __init__(self, dimension: int, limit: int) -> None:
        self._vectors = Vectors(dimension, limit)
        self._limit = limit
        self._used = 0
        self._tokens: OrderedDict[str, bytes] = OrderedDict()
        """Least recently asked for first."""

    def token(self, partition: str) -> bytes | None:
        return self._tokens.get(partition)

    def search(self, partition: str, vector: Vector, limit: int) -> Sequence[tuple[str, float]]:
        if partition in self._tokens:
            self._tokens.move_to_end(partition)
        return self._vectors.search(partition, vector, limit)

    def replace(self, partition: str, token: bytes | None, vectors: dict[str, Vector]) -> None:
        self.drop(partition)
        if token is None or len(vectors) > self._limit:
            return
        self._make_room(len(vectors))
        for key, vector in vectors.items():
            self._vectors.add(partition, key, vector)
        self._used += len(vectors)
        self._tokens[partition] = token

    def added(
        self,
        partition: str,
        before: bytes | None,
        token: bytes,
        key: str,
        vector: Vector,
        *,
        intact: bool,
    ) -> None:
        """Our own addition: no need to load the partition again if nothing else happened."""
        if self._tokens.get(partition) != before or not intact:
            self.drop(partition)
            return
        self._make_room(1, keep=partition)
        if before is not None and partition not in self._tokens:
            return
        had = self._vectors.count(partition)
        self._vectors.add(partition, key, vector)
        self._used += self._vectors.count(partition) - had
        self._tokens[partition] = token
        self._tokens.move_to_end(partition)

    def drop(self, partition: str) -> None:
        self._tokens.pop(partition, None)
        self._used -= self._vectors.clear(partition)

    def _make_room(self, wanted: int, keep: str | None = None) -> None:
        if keep is not None and keep in self._tokens:
            self._tokens.move_to_end(keep)
        while self._used + wanted > self._limit and self._tokens:
            self.drop(next(iter(self._tokens)))


def _entry_key(partition: str, key: str) -> str:
    return state_key(partition, "entry", key)


def _pack(entry: Entry) -> bytes:
    head = asdict(entry)
    del head["answer"]
    return json.dumps(head).encode() + b"\n" + entry.answer


def _unpack(blob: bytes) -> Entry | None:
    head, _, answer = blob.partition(b"\n")
    try:
        return Entry(**json.loads(head), answer=answer)
    except (ValueError, TypeError):
        return None

"""The index, in this process, of what is in Redis: filled once in the background, then kept up to date.

Redis holds the vectors and does not search them. Whoever stores or removes an entry adds to one
stream of changes, numbered without gaps; every process reads it a few times a second. A process
that is new, that has missed a change, or that finds another history than it knew (the server
was flushed, or restarted empty) clears its index and reads all vectors again, page by page,
while requests go on. What the index lacks is a miss; what it has too much is found out when
its entry is asked for.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from typing import cast

import numpy as np

from extproc.state.calls import Argument, Calls
from extproc.state.client import FAILURES, Link, state_key
from extproc.state.entries_scripts import ANNOUNCE, FOLLOW, USED, VECTOR
from extproc.state.entries_vectors import NEVER, Name, Vectors
from extproc.state.protocol import StateUnavailable

log = logging.getLogger(__name__)

FOLLOW_S = 0.1
"""Between two looks at the stream."""
RETRY_S = 0.25
"""Between two looks while Redis is away."""
CHANGES = 16_384
"""Kept in the stream, about 15 MB; who falls behind by more reads everything again."""
STEP = 128
"""Changes applied, or keys looked at, in one go: about a millisecond of the event loop."""
BREATH_S = 0.005
"""Between two steps of a fill, for requests to pass."""
TOUCHES = 1024
"""Hits remembered between two looks; of more, the group's order does not learn."""
HISTORY_S = 86_400
ENTRIES = "extproc:{*}:entry:*"

_HISTORY, _COUNT, _STREAM = (state_key("cache", part) for part in ("history", "count", "changes"))


class Follower:
    """Keeps `index` like Redis. Owns `link`. Use it from one event loop."""

    def __init__(
        self,
        link: Link,
        index: Vectors,
        *,
        capacity: int,
        vector_bytes: int,
        clock: Callable[[], float],
        changes: int = CHANGES,
        interval_s: float = FOLLOW_S,
    ) -> None:
        self._link = link
        self._calls = Calls(link)
        self._index = index
        self._capacity = capacity
        self._vector_bytes = vector_bytes
        self._clock = clock
        self._changes = changes
        self._interval_s = interval_s
        self._history: bytes | None = None
        self._seen = 0
        """Number of the last change that is in the index."""
        self._pages: AsyncIterator[list[str]] | None = None
        self._broken_off = False
        """A fill could not be finished."""
        self._used: dict[tuple[str, str], int] = {}
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def warming(self) -> bool:
        """The index does not hold all yet."""
        return self._history is None or self._pages is not None or self._broken_off

    def start(self) -> None:
        """Begins to follow, once; nothing waits for it."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        # The client may swallow a cancellation (`asyncio.wait_for` before Python 3.12 does when
        # its reply comes in the same moment), so the loop must end by itself too.
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._calls.close()

    async def announce(self, calls: Calls, name: Name, vector: bytes, ends_ms: int) -> None:
        """Tells every process; `vector` is empty when the entry is gone. Raises `StateUnavailable`."""
        life_ms = HISTORY_S * 1000
        args: list[Argument] = [*name, vector, ends_ms, life_ms, self._changes]
        await calls.run(ANNOUNCE, [_COUNT, _STREAM], args)

    def used(self, group: str, member: str) -> None:
        """The entry was a hit: it is the last of its group to make room. Told to Redis later."""
        if len(self._used) < TOUCHES:
            self._used[group, member] = int(self._clock() * 1000)

    async def _run(self) -> None:
        while not self._closed:
            try:
                more = await self._look()
            except (StateUnavailable, *FAILURES):
                self._break_off()
                await asyncio.sleep(RETRY_S)
            except Exception as error:  # the index is a copy: better begun anew than left behind
                log.error("cache index failed", extra={"error": type(error).__name__})
                self._broken_off = True
                await asyncio.sleep(RETRY_S)
            else:
                await asyncio.sleep(BREATH_S if more else self._interval_s)

    async def _look(self) -> bool:
        """One step; returns whether there is more to do at once."""
        keys, name = [_HISTORY, _COUNT, _STREAM], secrets.token_bytes(8)
        args: list[Argument] = [self._seen, STEP, name, HISTORY_S * 1000]
        history, count, *changes = cast("list[object]", await self._calls.run(FOLLOW, keys, args))
        told = cast("list[tuple[int, list[bytes]]]", changes)
        assert isinstance(count, int)
        another = history != self._history or count < self._seen or self._missed(count, told)
        if another or self._broken_off:
            self._begin_anew(cast("bytes", history), count)
        else:
            self._apply(told)
        filling = await self._fill()
        self._index.sweep(self._clock())
        await self._tell_used()
        return filling or self._seen < count

    def _missed(self, count: int, told: list[tuple[int, list[bytes]]]) -> bool:
        """A change that we have not seen is no longer in the stream."""
        return count > self._seen and (not told or told[0][0] != self._seen + 1)

    def _begin_anew(self, history: bytes, count: int) -> None:
        if self._history is not None:  # else it holds what this process has just stored
            log.warning("cache index begun anew", extra={"count": len(self._index)})
            self._index.clear()
        self._history, self._seen, self._broken_off = history, count, False
        self._pages = self._link.keys(ENTRIES, STEP)

    def _break_off(self) -> None:
        self._broken_off = self._broken_off or self._pages is not None
        self._pages = None

    def _apply(self, told: list[tuple[int, list[bytes]]]) -> None:
        for number, words in told:
            fields = dict(zip(words[::2], words[1::2], strict=True))
            name = (fields[b"p"].decode(), fields[b"k"].decode())
            if fields[b"v"]:
                self._add(name, fields[b"v"], fields[b"e"])
            else:
                self._index.remove(name)
            self._seen = number

    async def _fill(self) -> bool:
        """Reads one page of vectors; returns whether there are more."""
        if self._pages is None:
            return False
        keys = await anext(self._pages, None)
        if keys is None or len(self._index) >= self._capacity:
            self._pages = None
            log.info("cache index filled", extra={"count": len(self._index)})
            return False
        replies = await asyncio.gather(*(self._calls.run(VECTOR, [key], []) for key in keys))
        for key, reply in zip(keys, replies, strict=True):
            vector, ends = cast("list[bytes | None]", reply)
            if vector is not None and ends is not None:
                partition, _, of = key.removeprefix("extproc:{").partition("}:entry:")
                self._add((partition, of), vector, ends)
        return True

    def _add(self, name: Name, vector: bytes, ends_ms: bytes) -> None:
        """Vectors of another embedder have another partition; another size would not fit."""
        if len(vector) == self._vector_bytes:
            ends = int(ends_ms) / 1000 if ends_ms.isdigit() else NEVER
            self._index.add(name, np.frombuffer(vector, dtype=np.float16).astype(np.float32), ends)

    async def _tell_used(self) -> None:
        used, self._used = self._used, {}
        if used:
            await asyncio.gather(
                *(self._calls.run(USED, [group], [of, at]) for (group, of), at in used.items())
            )

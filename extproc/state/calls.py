"""Script calls to Redis, gathered into pipelines, bounded in time.

While one pipeline is under way, new calls gather for the next. So a burst of a
thousand requests costs a few round trips and one connection, and a caller that
is cancelled never leaves a connection with half a reply on it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from redis.exceptions import NoScriptError, ResponseError

from extproc.state.breaker import Breaker
from extproc.state.client import FAILURES, Command, Link
from extproc.state.protocol import StateUnavailable
from extproc.state.scripts import Script

log = logging.getLogger(__name__)

MAX_BATCH = 256
Argument = str | int | bytes


@dataclass(frozen=True, slots=True)
class Call:
    script: Script
    keys: Sequence[str]
    args: Sequence[Argument]
    reply: asyncio.Future[object]
    undo: Callable[[object], None] | None


class Calls:
    """One gatherer for each link, which it owns. Use it from one event loop.

    A pipeline gets as long as the link allows for connecting and for one
    command; a caller waits for the pipeline under way and its own at most.
    """

    def __init__(self, link: Link, breaker: Breaker | None = None) -> None:
        self._link = link
        self._breaker = breaker or Breaker(time.monotonic)
        self._refused: set[Script] = set()
        self._waiting: deque[Call] = deque()
        self._sender: asyncio.Task[None] | None = None

    @property
    def healthy(self) -> bool:
        return self._breaker.closed and not self.full

    @property
    def full(self) -> bool:
        """The server answers, but has no memory for a write that it was last asked for."""
        return bool(self._refused)

    async def run(
        self,
        script: Script,
        keys: Sequence[str],
        args: Sequence[Argument],
        undo: Callable[[object], None] | None = None,
    ) -> object:
        """The script's reply. Raises `StateUnavailable`.

        `undo` gets the reply when the caller was cancelled before it came.
        """
        if not self._breaker.admits():
            raise StateUnavailable("the state store is unavailable")
        reply: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._waiting.append(Call(script, keys, args, reply, undo))
        if self._sender is None:
            self._sender = asyncio.create_task(self._send_all())
        return await reply

    async def close(self) -> None:
        """Lets calls under way end, then disconnects."""
        if self._sender is not None:
            await asyncio.wait([self._sender])
        await self._link.close()

    async def _send_all(self) -> None:
        try:
            while self._waiting:
                await self._send_batch()
        finally:
            self._sender = None
            self._fail(self._waiting)
            self._waiting.clear()

    async def _send_batch(self) -> None:
        size = min(MAX_BATCH, len(self._waiting))
        taken = [self._waiting.popleft() for _ in range(size)]
        batch = [call for call in taken if not call.reply.cancelled()]
        if not batch:
            return
        was_healthy = self.healthy
        try:
            async with asyncio.timeout(self._link.timeout_s):
                replies = await self._exchange(batch)
        except FAILURES as error:
            self._breaker.failed()
            why = type(error).__name__
            self._fail(batch)
            if not self._breaker.closed:
                self._fail(self._waiting)
                self._waiting.clear()
        except BaseException:
            self._fail(batch)
            raise
        else:
            why = self._judge(batch, replies)
            _answer(batch, replies)
        if was_healthy != self.healthy:
            name = "state store is back" if self.healthy else "state store unavailable"
            log.warning(name, extra={"error": why})

    def _judge(self, batch: Sequence[Call], replies: Sequence[object]) -> str:
        """What the replies say of the server; returns the name of the first error.

        A server without memory for writes is there all the same: it is not given up, since
        what it holds can be read.
        """
        failed = [reply for reply in replies if isinstance(reply, Exception)]
        for call, reply in zip(batch, replies, strict=True):
            if _is_full(reply):
                self._refused.add(call.script)
            elif not isinstance(reply, Exception):
                self._refused.discard(call.script)
        if len(failed) == len(replies) and not all(map(_is_full, failed)):
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        return type(failed[0]).__name__ if failed else ""

    async def _exchange(self, batch: Sequence[Call]) -> list[object]:
        replies = await self._pipeline(batch, by_sha=True)
        unknown = [i for i, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if unknown:  # a fresh or restarted server; EVAL teaches it the scripts
            again = await self._pipeline([batch[i] for i in unknown], by_sha=False)
            for i, reply in zip(unknown, again, strict=True):
                replies[i] = reply
        return replies

    async def _pipeline(self, batch: Sequence[Call], *, by_sha: bool) -> list[object]:
        return await self._link.pipeline([_command(call, by_sha=by_sha) for call in batch])

    @staticmethod
    def _fail(calls: Sequence[Call] | deque[Call]) -> None:
        for call in calls:
            if not call.reply.done():
                call.reply.set_exception(StateUnavailable("the state store is unavailable"))


def _command(call: Call, *, by_sha: bool) -> Command:
    head = ("EVALSHA", call.script.sha) if by_sha else ("EVAL", call.script.source)
    return Command(call.keys[0], (*head, len(call.keys), *call.keys, *call.args))


def _is_full(reply: object) -> bool:
    """Inside a script the server's ``OOM`` comes wrapped in another error."""
    return isinstance(reply, ResponseError) and "OOM" in str(reply)


def _answer(batch: Sequence[Call], replies: Sequence[object]) -> None:
    for call, reply in zip(batch, replies, strict=True):
        if call.reply.cancelled():
            if call.undo is not None and not isinstance(reply, Exception):
                call.undo(reply)
        elif isinstance(reply, Exception):
            call.reply.set_exception(StateUnavailable("the state store refused"))
        else:
            call.reply.set_result(reply)

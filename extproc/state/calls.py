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

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

from extproc.state.breaker import Breaker
from extproc.state.protocol import StateUnavailable
from extproc.state.scripts import Script

log = logging.getLogger(__name__)

MAX_BATCH = 256
Argument = str | int


@dataclass(frozen=True, slots=True)
class Call:
    script: Script
    keys: Sequence[str]
    args: Sequence[Argument]
    reply: asyncio.Future[object]
    undo: Callable[[object], None] | None


class Calls:
    """One gatherer for each client. Use it from one event loop.

    A pipeline gets as long as the client allows for connecting and for one
    command; a caller waits for the pipeline under way and its own at most.
    """

    def __init__(self, client: Redis, breaker: Breaker | None = None) -> None:
        self._client = client
        settings = client.connection_pool.connection_kwargs
        self._timeout_s = settings["socket_connect_timeout"] + settings["socket_timeout"]
        self._breaker = breaker or Breaker(time.monotonic)
        self._waiting: deque[Call] = deque()
        self._sender: asyncio.Task[None] | None = None

    @property
    def healthy(self) -> bool:
        return self._breaker.closed

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
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._client.aclose()
        except (RedisError, OSError, TimeoutError):
            log.debug("the state store was gone before we were")

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
        was_healthy = self.healthy
        try:
            async with asyncio.timeout(self._timeout_s):
                replies = await self._exchange(batch)
        except (RedisError, OSError, TimeoutError) as error:
            self._breaker.failed()
            why = type(error).__name__
            self._fail(batch)
            if not self.healthy:
                self._fail(self._waiting)
                self._waiting.clear()
        except BaseException:
            self._fail(batch)
            raise
        else:
            errors = [reply for reply in replies if isinstance(reply, Exception)]
            why = type(errors[0]).__name__ if errors else ""
            self._breaker.failed() if errors else self._breaker.succeeded()
            _answer(batch, replies)
        if was_healthy != self.healthy:
            name = "state store is back" if self.healthy else "state store unavailable"
            log.warning(name, extra={"error": why})

    async def _exchange(self, batch: Sequence[Call]) -> list[object]:
        replies = await self._pipeline(batch, by_sha=True)
        unknown = [i for i, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if unknown:  # a fresh or restarted server; EVAL teaches it the scripts
            again = await self._pipeline([batch[i] for i in unknown], by_sha=False)
            for i, reply in zip(unknown, again, strict=True):
                replies[i] = reply
        return replies

    async def _pipeline(self, batch: Sequence[Call], *, by_sha: bool) -> list[object]:
        pipeline = self._client.pipeline(transaction=False)
        for call in batch:
            head = ("EVALSHA", call.script.sha) if by_sha else ("EVAL", call.script.source)
            pipeline.execute_command(*head, len(call.keys), *call.keys, *call.args)
        replies: list[object] = await pipeline.execute(raise_on_error=False)
        return replies

    @staticmethod
    def _fail(calls: Sequence[Call] | deque[Call]) -> None:
        for call in calls:
            if not call.reply.done():
                call.reply.set_exception(StateUnavailable("the state store is unavailable"))


def _answer(batch: Sequence[Call], replies: Sequence[object]) -> None:
    for call, reply in zip(batch, replies, strict=True):
        if call.reply.cancelled():
            if call.undo is not None and not isinstance(reply, Exception):
                call.undo(reply)
        elif isinstance(reply, Exception):
            call.reply.set_exception(StateUnavailable("the state store refused"))
        else:
            call.reply.set_result(reply)

"""The one place that leaves the event loop: a bounded pool for CPU work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Overloaded(Exception):
    """The queue is full: shed the request instead of letting it time out."""


class Workers:
    """Threads for models and large scans; onnxruntime and re2 release the GIL.

    `queue` bounds the calls waiting or running. Cancelling the awaiting task
    abandons the result; a call that has begun runs to its end in its thread
    and keeps its place until then.
    """

    def __init__(self, threads: int, queue: int = 256) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="worker")
        self._free = queue

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs `call` in a thread. Raises `Overloaded` at once when the queue is full."""
        if self._free <= 0:
            raise Overloaded("the worker queue is full")
        self._free -= 1
        loop = asyncio.get_running_loop()
        future = self._pool.submit(call, *args, **kwargs)
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self._release))
        return await asyncio.wrap_future(future)

    def _release(self) -> None:
        self._free += 1

    def close(self) -> None:
        """Drops what waits, lets running calls end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

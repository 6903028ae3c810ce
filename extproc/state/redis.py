"""State shared through Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import cast

from extproc.state.calls import Calls
from extproc.state.client import Link
from extproc.state.period import expires_at
from extproc.state.protocol import Demand, Spend, StateUnavailable, Taken
from extproc.state.scripts import ADJUST, RESERVE, SETTLE, SPEND, TAKE
from extproc.state.window import read_receipt, receipt


class RedisState:
    """Implements `State`.

    A caller that is cancelled while its call is under way gets nothing, so
    what the call took is given back. A call whose reply was lost may have
    taken something: that counts as used until its window or period ends.
    """

    def __init__(self, url: str) -> None:
        self._calls = Calls(Link(url))
        self._background: set[asyncio.Task[None]] = set()

    @property
    def healthy(self) -> bool:
        return self._calls.healthy

    async def take(self, demands: Sequence[Demand]) -> Taken:
        args = [n for d in demands for n in (d.amount, d.limit, d.per_s * 1000)]

        def taken(reply: object) -> Taken:
            return _taken(demands, cast("list[int | bytes]", reply))

        def undo(reply: object) -> None:
            for demand, slip in zip(demands, taken(reply).receipts, strict=False):
                self._in_background(self.adjust(slip, -demand.amount))

        return taken(await self._calls.run(TAKE, [d.key for d in demands], args, undo))

    async def adjust(self, receipt: str, delta: int) -> None:
        key, per_s, slot = read_receipt(receipt)
        await self._calls.run(ADJUST, [key], [slot, per_s * 1000, delta])

    async def reserve(self, key: str, amount: int, limit: int) -> bool:
        def undo(reply: object) -> None:
            if reply == 1:
                self._in_background(self.settle(key, amount, 0))

        reply = await self._calls.run(RESERVE, [key], [amount, limit, _expiry_ms(key)], undo)
        return reply == 1

    async def settle(self, key: str, reserved: int, actual: int) -> None:
        await self._calls.run(SETTLE, [key], [reserved, actual, _expiry_ms(key)])

    async def spend(self, key: str) -> Spend:
        spent, reserved = cast("list[int]", await self._calls.run(SPEND, [key], []))
        return Spend(spent, reserved)

    async def close(self) -> None:
        if self._background:
            await asyncio.wait(self._background)
        await self._calls.close()

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(_quietly(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)


async def _quietly(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except StateUnavailable:
        return  # then it counts as used until its window or period ends


def _taken(demands: Sequence[Demand], reply: list[int | bytes]) -> Taken:
    if reply[0] != 1:
        return Taken(allowed=False, retry_after_s=int(reply[2]) / 1000, refused=int(reply[1]))
    slots = [int(slot) for slot in reply[1:]]
    receipts = (receipt(d.key, d.per_s, slot) for d, slot in zip(demands, slots, strict=True))
    return Taken(allowed=True, receipts=tuple(receipts))


def _expiry_ms(key: str) -> int:
    return int(expires_at(key) * 1000)

"""State of one process: no wire, gone with the process. Atomic because nothing awaits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from extproc.state.expiring import Expiring
from extproc.state.period import expires_at
from extproc.state.protocol import Demand, Spend, Taken
from extproc.state.window import Window, read_receipt, receipt


class MemoryState:
    """Implements `State`. `clock` gives Unix seconds."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._windows: Expiring[Window] = Expiring(clock)
        self._budgets: Expiring[Spend] = Expiring(clock)

    @property
    def healthy(self) -> bool:
        return True

    async def take(self, demands: Sequence[Demand]) -> Taken:
        now = self._clock()
        windows = [self._windows.get(demand.key) or Window() for demand in demands]
        for index, (demand, window) in enumerate(zip(demands, windows, strict=True)):
            wait = window.wait(demand.amount, demand.limit, demand.per_s, now)
            if wait > 0:
                return Taken(allowed=False, retry_after_s=wait, refused=index)
        receipts = []
        for demand, window in zip(demands, windows, strict=True):
            slot = window.take(demand.amount, demand.per_s, now)
            self._windows.put(demand.key, window, now + demand.per_s)
            receipts.append(receipt(demand.key, demand.per_s, slot))
        return Taken(allowed=True, receipts=tuple(receipts))

    async def adjust(self, receipt: str, delta: int) -> None:
        key, per_s, slot = read_receipt(receipt)
        window = self._windows.get(key) or Window()
        if delta > 0:
            now = self._clock()
            window.take(delta, per_s, now)
            self._windows.put(key, window, now + per_s)
        else:
            window.give_back(slot, -delta)

    async def reserve(self, key: str, amount: int, limit: int) -> bool:
        now = self._budgets.get(key) or Spend(0, 0)
        if now.spent + now.reserved + amount > limit:
            return False
        self._budgets.put(key, Spend(now.spent, now.reserved + amount), expires_at(key))
        return True

    async def settle(self, key: str, reserved: int, actual: int) -> None:
        now = self._budgets.get(key) or Spend(0, 0)
        after = Spend(now.spent + actual, max(0, now.reserved - reserved))
        self._budgets.put(key, after, expires_at(key))

    async def spend(self, key: str) -> Spend:
        return self._budgets.get(key) or Spend(0, 0)

    async def close(self) -> None:
        """Nothing to free."""

    @property
    def size(self) -> int:
        """Keys held, for metrics and tests."""
        return len(self._windows) + len(self._budgets)

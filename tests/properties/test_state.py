"""The sliding window against a list of everything that was ever taken."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from extproc.state.memory import MemoryState
from extproc.state.protocol import Demand

LIMIT, PER_S = 20, 60
steps = st.lists(st.tuples(st.floats(0, 45, allow_nan=False), st.integers(1, LIMIT)), max_size=60)


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@given(steps)
def test_no_window_holds_more_than_the_limit(steps):
    clock = Clock()
    state = MemoryState(clock)
    granted: list[tuple[float, int]] = []

    async def run():
        for wait, amount in steps:
            clock.now += wait
            if (await state.take([Demand("k", amount, LIMIT, PER_S)])).allowed:
                granted.append((clock.now, amount))

    asyncio.run(run())
    for end, _ in granted:
        held = sum(amount for at, amount in granted if end - PER_S < at <= end)
        assert held <= LIMIT


@given(steps)
def test_a_promise_to_come_back_is_kept(steps):
    clock = Clock()
    state = MemoryState(clock)

    async def run():
        for wait, amount in steps:
            clock.now += wait
            demand = Demand("k", amount, LIMIT, PER_S)
            taken = await state.take([demand])
            if not taken.allowed:
                assert 0 < taken.retry_after_s <= PER_S
                clock.now += taken.retry_after_s + 1e-6
                assert (await state.take([demand])).allowed

    asyncio.run(run())


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 60)), max_size=60))
def test_spent_and_reserved_never_pass_the_limit_while_answers_fit_their_reservations(requests):
    state, key, limit = MemoryState(Clock()), "b:1970-02-01", 100

    async def run():
        open_: list[tuple[int, int]] = []
        for reserved, actual in requests:
            if await state.reserve(key, reserved, limit):
                open_.append((reserved, min(actual, reserved)))
            if len(open_) > 3:
                await state.settle(key, *open_.pop(0))
            ledger = await state.spend(key)
            assert ledger.spent + ledger.reserved <= limit
            assert ledger.reserved == sum(reserved for reserved, _ in open_)

    asyncio.run(run())

"""Memory follows what is alive, with an injected clock."""

from __future__ import annotations

import pytest

from extproc.state.memory import MemoryState
from extproc.state.period import Period, budget_key
from extproc.state.protocol import Demand, Spend

NOON = 1_793_880_000.0
"""2026-11-05 12:00 UTC."""
DAY = 86_400


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def state(clock):
    return MemoryState(clock)


async def test_room_comes_back_exactly_when_promised(state, clock):
    demand = Demand("k", 3, 3, 60)
    await state.take([demand])
    clock.now += 20
    refused = await state.take([demand])
    assert refused.retry_after_s == pytest.approx(40)
    clock.now += 39.999
    assert not (await state.take([demand])).allowed
    clock.now += 0.002
    assert (await state.take([demand])).allowed


async def test_waits_only_for_as_many_as_it_needs(state, clock):
    for _ in range(3):
        await state.take([Demand("k", 1, 3, 60)])
        clock.now += 10
    assert (await state.take([Demand("k", 1, 3, 60)])).retry_after_s == pytest.approx(30)
    assert (await state.take([Demand("k", 2, 3, 60)])).retry_after_s == pytest.approx(40)


async def test_a_hundred_thousand_tenants_leave_no_trace(state, clock):
    for number in range(100_000):
        await state.take([Demand(f"tenant-{number}", 1, 10, 60)])
        clock.now += 0.01
    assert state.size <= 60 / 0.01 + 1, "a window of tenants is alive at any time"
    clock.now += 61
    for _ in range(3000):
        await state.take([Demand("last", 1, 10_000, 60)])
    assert state.size == 1


async def test_budgets_outlive_their_period_by_a_day_and_no_more(state, clock):
    for number in range(1000):
        key = budget_key("p", "tenant", f"t{number}", Period.DAY, clock.now)
        await state.reserve(key, 1, 10)
    clock.now += DAY  # the period is over, outcomes may still come
    assert await state.spend(key) == Spend(0, 1)
    clock.now += DAY
    assert await state.spend(key) == Spend(0, 0)
    for _ in range(1000):
        await state.spend("nothing")
    assert state.size == 0


async def test_a_window_that_is_used_stays(state, clock):
    for _ in range(500):
        await state.take([Demand("k", 1, 10_000, 60)])
        clock.now += 1
    assert state.size == 1
    assert (await state.take([Demand("k", 10_000, 10_059, 60)])).allowed

"""Redis down, frozen, full, flushed and restarted: always an answer, and a way back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from extproc.state import StateUnavailable
from extproc.state.period import Period, budget_key
from extproc.state.protocol import Demand, Spend
from extproc.state.redis import RedisState

BUDGET = budget_key("policy", "tenant", "acme", Period.MONTH, time.time())
NEVER_HANGS_S = 30
"""A guard, not a measurement."""


@pytest.fixture
async def open_redis():
    opened = []

    def open_(server, *, patient: bool = True) -> RedisState:
        opened.append(RedisState(server.patient_url if patient else server.url))
        return opened[-1]

    yield open_
    for state in opened:
        await state.close()


async def fails(state: RedisState) -> bool:
    try:
        await state.spend(BUDGET)
    except StateUnavailable:
        return True
    return False


async def becomes_true(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(NEVER_HANGS_S):
        while not await condition():  # noqa: ASYNC110  a poll with a deadline is what is meant
            await asyncio.sleep(0.01)


async def until(state: RedisState, *, failing: bool) -> None:
    async def reached() -> bool:
        return await fails(state) == failing

    await becomes_true(reached)


async def until_degraded(state: RedisState) -> None:
    async with asyncio.timeout(NEVER_HANGS_S):
        while state.healthy:
            await fails(state)


async def test_nobody_listens(own_redis, open_redis):
    own_redis.kill()
    state = open_redis(own_redis)
    demand = Demand("k", 1, 1)
    with pytest.raises(StateUnavailable):
        await state.take([demand])
    with pytest.raises(StateUnavailable):
        await state.reserve(BUDGET, 1, 10)
    with pytest.raises(StateUnavailable):
        await state.settle(BUDGET, 1, 1)
    assert not state.healthy


async def test_a_frozen_server_costs_a_few_timeouts_not_one_each(own_redis, open_redis):
    state = open_redis(own_redis, patient=False)
    await until(state, failing=False)
    own_redis.freeze()
    try:
        await until_degraded(state)
        async with asyncio.timeout(NEVER_HANGS_S):  # a timeout each would be minutes
            for _ in range(2000):
                assert await fails(state)
    finally:
        own_redis.thaw()
    await until(state, failing=False)
    assert state.healthy


async def test_a_burst_on_a_frozen_server_is_answered_whole(own_redis, open_redis):
    state = open_redis(own_redis, patient=False)
    own_redis.freeze()
    try:
        async with asyncio.timeout(NEVER_HANGS_S):
            assert all(await asyncio.gather(*(fails(state) for _ in range(2000))))
    finally:
        own_redis.thaw()


async def test_killed_and_started_again(own_redis, open_redis):
    """The new server knows neither the scripts nor the sums; both come back by use."""
    state = open_redis(own_redis)
    await state.reserve(BUDGET, 50, 100)
    own_redis.kill()
    await until_degraded(state)
    own_redis.start()
    await until(state, failing=False)
    assert state.healthy
    assert await state.spend(BUDGET) == Spend(0, 0)
    await state.settle(BUDGET, 50, 20)
    assert await state.spend(BUDGET) == Spend(20, 0)


async def test_scripts_forgotten_under_load(own_redis, open_redis):
    state = open_redis(own_redis)
    await state.reserve(BUDGET, 1, 100)
    own_redis.command("SCRIPT", "FLUSH")
    granted = await asyncio.gather(*(state.reserve(BUDGET, 1, 100) for _ in range(200)))
    assert sum(granted) == 99


async def test_flushed(own_redis, open_redis):
    state = open_redis(own_redis)
    taken = await state.take([Demand("k", 5, 5)])
    await state.reserve(BUDGET, 100, 100)
    own_redis.command("FLUSHALL")
    await state.adjust(taken.receipts[0], -5)
    await state.settle(BUDGET, 100, 30)
    assert await state.spend(BUDGET) == Spend(30, 0)
    assert (await state.take([Demand("k", 5, 5)])).allowed


async def test_full(own_redis, open_redis):
    state = open_redis(own_redis)
    own_redis.command("CONFIG", "SET", "maxmemory", "1")
    with pytest.raises(StateUnavailable):
        await state.reserve(BUDGET, 1, 100)
    own_redis.command("CONFIG", "SET", "maxmemory", "0")
    assert await state.reserve(BUDGET, 1, 100)
    assert state.healthy


async def test_everything_expires_by_itself(own_redis, open_redis):
    state = open_redis(own_redis)
    await state.take([Demand("k", 5, 5, 60)])
    await state.reserve(BUDGET, 1, 100)
    await state.settle(BUDGET, 1, 1)
    assert 0 < own_redis.command("PTTL", "k") <= 60_000
    assert 0 < own_redis.command("PTTL", BUDGET) <= 33 * 86_400_000


async def test_what_a_cancelled_caller_took_is_given_back(own_redis, open_redis):
    state = open_redis(own_redis)
    await state.spend(BUDGET)
    own_redis.freeze()  # so that the calls are on the wire when their callers leave
    callers = [
        asyncio.create_task(state.reserve(BUDGET, 100, 100)),
        asyncio.create_task(state.take([Demand("k", 5, 5)])),
    ]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for caller in callers:
        caller.cancel()
    own_redis.thaw()
    await asyncio.wait(callers)
    await becomes_true(lambda: state.reserve(BUDGET, 100, 100))

    async def room() -> bool:
        return (await state.take([Demand("k", 5, 5)])).allowed

    await becomes_true(room)


async def test_two_processes_share(own_redis, open_redis):
    one, other = open_redis(own_redis), open_redis(own_redis)
    granted = await asyncio.gather(
        *(state.reserve(BUDGET, 1, 100) for state in (one, other) for _ in range(100))
    )
    assert sum(granted) == 100


async def test_closing_waits_for_what_is_under_way(own_redis):
    state = RedisState(own_redis.url)
    reserving = asyncio.create_task(state.reserve(BUDGET, 1, 100))
    await asyncio.sleep(0)
    await state.close()
    assert await reserving

"""What every kind of state promises, on memory and on a real Redis."""

from __future__ import annotations

import asyncio
import time

import pytest

from extproc.state.period import Period, budget_key
from extproc.state.protocol import Demand, Spend

LONG = 3600
"""A window so long that nothing leaves it while a test runs."""


@pytest.fixture
def budget():
    return budget_key("policy", "tenant", "acme", Period.MONTH, time.time())


def one(limit: int, amount: int = 1, key: str = "k", per_s: int = LONG) -> list[Demand]:
    return [Demand(key, amount, limit, per_s)]


async def eventually_granted(state, demand: Demand) -> None:
    async with asyncio.timeout(20):
        while True:
            taken = await state.take([demand])
            if taken.allowed:
                return
            await asyncio.sleep(taken.retry_after_s)


class TestTake:
    async def test_below_at_and_above_the_limit(self, state):
        granted = [(await state.take(one(3))).allowed for _ in range(5)]
        assert granted == [True, True, True, False, False]

    async def test_a_refusal_names_when_to_come_back_and_takes_nothing(self, state):
        await state.take(one(10, 8))
        refused = await state.take(one(10, 3))
        assert not refused.allowed
        assert refused.refused == 0
        assert LONG - 30 < refused.retry_after_s <= LONG
        assert (await state.take(one(10, 2))).allowed

    async def test_an_amount_over_the_limit_never_fits(self, state):
        refused = await state.take(one(10, 11))
        assert not refused.allowed
        assert refused.retry_after_s == LONG

    async def test_keys_do_not_share(self, state):
        assert (await state.take(one(1, key="a"))).allowed
        assert (await state.take(one(1, key="b"))).allowed
        assert not (await state.take(one(1, key="a"))).allowed

    async def test_several_demands_are_granted_together_or_not_at_all(self, state):
        requests = Demand("{t}:requests", 1, 2, LONG)
        tokens = Demand("{t}:tokens", 60, 100, LONG)
        assert (await state.take([requests, tokens])).allowed
        refused = await state.take([requests, tokens])
        assert (refused.allowed, refused.refused) == (False, 1)
        small = Demand("{t}:tokens", 40, 100, LONG)
        assert (await state.take([requests, small])).allowed, "the refused one took no request"
        assert (await state.take([requests, small])).refused == 0

    async def test_room_comes_back_when_takings_leave_the_window(self, state):
        demand = Demand("k", 2, 2, 1)
        assert (await state.take([demand])).allowed
        refused = await state.take([demand])
        assert 0 < refused.retry_after_s <= 1
        await eventually_granted(state, demand)

    async def test_concurrent_takings_stop_at_the_limit(self, state):
        taken = await asyncio.gather(*(state.take(one(100)) for _ in range(1000)))
        assert sum(t.allowed for t in taken) == 100


class TestAdjust:
    async def test_giving_back_makes_room(self, state):
        taken = await state.take(one(100, 90))
        await state.adjust(taken.receipts[0], -80)
        assert (await state.take(one(100, 90))).allowed
        assert not (await state.take(one(100, 1))).allowed

    async def test_using_more_than_taken_counts_against_what_comes(self, state):
        taken = await state.take(one(100, 10))
        await state.adjust(taken.receipts[0], 500)
        assert not (await state.take(one(100, 1))).allowed

    async def test_never_gives_back_more_than_was_taken(self, state):
        taken = await state.take(one(100, 10))
        await state.adjust(taken.receipts[0], -1000)
        assert (await state.take(one(100, 100))).allowed
        assert not (await state.take(one(100, 1))).allowed

    async def test_what_left_the_window_cannot_be_given_back(self, state):
        early = await state.take([Demand("k", 5, 5, 1)])
        await eventually_granted(state, Demand("k", 5, 5, 1))
        await state.adjust(early.receipts[0], -5)
        assert not (await state.take([Demand("k", 1, 5, 1)])).allowed


class TestBudget:
    async def test_below_at_and_above_the_limit(self, state, budget):
        assert await state.reserve(budget, 60, 100)
        assert not await state.reserve(budget, 41, 100)
        assert await state.reserve(budget, 40, 100)
        assert not await state.reserve(budget, 1, 100)

    async def test_a_thousand_at_once_cannot_pass_the_last_cent(self, state, budget):
        cent = 10_000_000
        granted = await asyncio.gather(
            *(state.reserve(budget, cent, 500 * cent) for _ in range(1000))
        )
        assert sum(granted) == 500
        assert await state.spend(budget) == Spend(0, 500 * cent)

    async def test_settling_turns_reserved_into_spent(self, state, budget):
        await state.reserve(budget, 70, 100)
        await state.settle(budget, 70, 20)
        assert await state.spend(budget) == Spend(20, 0)
        assert await state.reserve(budget, 80, 100)

    async def test_a_request_that_came_to_nothing_gives_all_back(self, state, budget):
        await state.reserve(budget, 100, 100)
        await state.settle(budget, 100, 0)
        assert await state.reserve(budget, 100, 100)

    async def test_reserved_and_never_settled_counts_as_spent(self, state, budget):
        await state.reserve(budget, 100, 100)
        assert not await state.reserve(budget, 1, 100)

    async def test_spending_more_than_reserved_is_booked_in_full(self, state, budget):
        await state.reserve(budget, 10, 100)
        await state.settle(budget, 10, 150)
        assert await state.spend(budget) == Spend(150, 0)
        assert not await state.reserve(budget, 1, 100)

    async def test_an_unknown_reservation_cannot_free_that_of_another(self, state, budget):
        """As after a flush: what was spent is booked, nothing goes below zero."""
        await state.settle(budget, 70, 20)
        assert await state.spend(budget) == Spend(20, 0)

    async def test_sums_stay_exact_at_the_largest_budget(self, state, budget):
        limit = 5_000_000 * 10**9
        assert await state.reserve(budget, limit - 1, limit)
        await state.settle(budget, limit - 1, limit - 1)
        assert not await state.reserve(budget, 2, limit)
        assert await state.reserve(budget, 1, limit)
        assert await state.spend(budget) == Spend(limit - 1, 1)

    async def test_a_wish_beyond_all_numbers_is_refused(self, state, budget):
        assert not await state.reserve(budget, 10**40, 100)
        assert await state.spend(budget) == Spend(0, 0)

    async def test_a_new_period_begins_empty(self, state):
        now = time.time()
        this = budget_key("p", "tenant", "acme", Period.DAY, now)
        following = budget_key("p", "tenant", "acme", Period.DAY, now + 86_400)
        assert await state.reserve(this, 100, 100)
        assert await state.reserve(following, 100, 100)


async def test_mixed_storm_ends_where_it_should(state, budget):
    """Reservations, half of them settled at half the price, all at once."""

    async def exchange(number: int) -> int:
        if not await state.reserve(budget, 10, 1000):
            return 0
        actual = 5 if number % 2 else 10
        await state.settle(budget, 10, actual)
        return actual

    spent = sum(await asyncio.gather(*(exchange(number) for number in range(400))))
    ledger = await state.spend(budget)
    assert ledger == Spend(spent, 0)
    assert 750 <= spent <= 1000


async def test_healthy(state, budget):
    await state.spend(budget)
    assert state.healthy

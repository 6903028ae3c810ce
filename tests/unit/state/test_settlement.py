from __future__ import annotations

import time

import pytest

from extproc.exchange import Reservation
from extproc.state import settle
from extproc.state.money import nanos
from extproc.state.period import Period, budget_key
from extproc.state.protocol import Demand, Spend

LIMIT = nanos(1)


@pytest.fixture
def key():
    return budget_key("p", "tenant", "acme", Period.MONTH, time.time())


@pytest.fixture
async def reservation(state, key):
    taken = await state.take([Demand("tokens", 80, 100, 3600)])
    assert await state.reserve(key, nanos(0.75), LIMIT)
    return Reservation("acme", key, 0.75, taken.receipts[0], 80)


async def test_books_what_was_used(state, key, reservation):
    await settle(state, reservation, usd=0.1, tokens=30)
    assert await state.spend(key) == Spend(nanos(0.1), 0)
    assert (await state.take([Demand("tokens", 70, 100, 3600)])).allowed
    assert not (await state.take([Demand("tokens", 1, 100, 3600)])).allowed


async def test_a_request_that_produced_nothing_costs_nothing(state, key, reservation):
    await settle(state, reservation, usd=0, tokens=0)
    assert await state.spend(key) == Spend(0, 0)
    assert (await state.take([Demand("tokens", 100, 100, 3600)])).allowed


async def test_an_empty_reservation_touches_nothing(state, key):
    await settle(state, Reservation("acme", None, 0.0, None, 0), usd=5, tokens=5)
    assert await state.spend(key) == Spend(0, 0)

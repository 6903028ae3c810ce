from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from extproc.routing.cost import usd
from extproc.state.money import MAX_USD, NANO, nanos, nanos_up


def test_one_cheap_token_is_not_lost():
    assert nanos(usd(0.15, 0.6, 1, 0)) == 150


def test_a_tenth_is_a_tenth():
    assert sum(nanos(0.1) for _ in range(10)) == nanos(1)


def test_reserving_rounds_up_and_booking_to_the_nearest():
    third = Decimal("0.0000000004")
    assert nanos(third) == 0
    assert nanos_up(third) == 1
    assert nanos_up(Decimal("0.000000001")) == 1


def test_a_ledger_at_the_largest_budget_is_exact_in_a_double():
    assert nanos(MAX_USD) + 1 < 2**53


@given(st.integers(0, 1_000_000 * NANO))
def test_a_reservation_survives_its_journey_as_a_float(amount):
    """`Reservation.usd` is what `settle` takes back: it must be what was reserved."""
    assert nanos(amount / NANO) == amount

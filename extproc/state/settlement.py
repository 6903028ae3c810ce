"""Gives back what a reservation holds beyond what was used."""

from __future__ import annotations

from decimal import Decimal

from extproc.exchange import Reservation
from extproc.state.money import nanos
from extproc.state.protocol import State


async def settle(
    state: State, reservation: Reservation, *, usd: Decimal | float, tokens: int
) -> None:
    """Books the actual use: 0 and 0 when nothing was produced. Call it once.

    Raises `StateUnavailable`; then the reservation counts as spent until its
    period ends.
    """
    if reservation.budget_key is not None:
        await state.settle(reservation.budget_key, nanos(reservation.usd), nanos(usd))
    if reservation.tokens_key is not None and tokens != reservation.tokens:
        await state.adjust(reservation.tokens_key, tokens - reservation.tokens)

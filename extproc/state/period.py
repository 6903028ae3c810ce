"""Calendar periods of budgets, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from extproc.state.client import state_key

KEPT_S = 86_400
"""How long a budget's ledger outlives its period, for outcomes that come late."""


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"
    """Monday to Sunday."""
    MONTH = "month"


def end_date(period: Period, now: float) -> date:
    """The first day after the period that holds `now` (Unix seconds)."""
    today = datetime.fromtimestamp(now, UTC).date()
    match period:
        case Period.DAY:
            return today + timedelta(days=1)
        case Period.WEEK:
            return today + timedelta(days=7 - today.weekday())
        case Period.MONTH:
            return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def seconds_left(period: Period, now: float) -> float:
    """From `now` until the period ends."""
    return _midnight(end_date(period, now)) - now


def budget_key(policy: str, by: str, subject: str, period: Period, now: float) -> str:
    """Names one subject's budget under one policy in the period that holds `now`.

    It ends in the day the period ends on, so that the key alone says when it
    expires. A policy's digest is no part of it: an edit does not refill a budget.
    """
    end = end_date(period, now).isoformat()
    return state_key(subject, "budget", by, quote(policy, safe=""), period, end)


def expires_at(key: str) -> float:
    """Unix seconds after which nothing is known of a budget key any more."""
    return _midnight(date.fromisoformat(key.rpartition(":")[2])) + KEPT_S


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()

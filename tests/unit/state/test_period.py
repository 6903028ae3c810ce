from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extproc.state.period import KEPT_S, Period, budget_key, end_date, expires_at, seconds_left


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("period", "now", "end"),
    [
        (Period.DAY, "2026-11-20T23:59:59.999", "2026-11-21"),
        (Period.DAY, "2026-11-21T00:00:00", "2026-11-22"),
        (Period.DAY, "2028-02-28T12:00:00", "2028-02-29"),
        (Period.WEEK, "2026-11-16T00:00:00", "2026-11-23"),
        (Period.WEEK, "2026-11-22T23:59:59", "2026-11-23"),
        (Period.WEEK, "2026-11-23T00:00:00", "2026-11-30"),
        (Period.WEEK, "2026-12-31T12:00:00", "2027-01-04"),
        (Period.MONTH, "2026-01-31T12:00:00", "2026-02-01"),
        (Period.MONTH, "2026-02-28T23:59:59", "2026-03-01"),
        (Period.MONTH, "2026-12-01T00:00:00", "2027-01-01"),
    ],
)
def test_ends(period, now, end):
    assert end_date(period, at(now)).isoformat() == end
    assert seconds_left(period, at(now)) == at(end) - at(now)


def test_a_key_says_when_it_expires():
    key = budget_key("bot", "tenant", "acme", Period.MONTH, at("2026-11-20T10:00:00"))
    assert key == "extproc:{acme}:budget:tenant:bot:month:2026-12-01"
    assert expires_at(key) == at("2026-12-01") + KEPT_S


def test_periods_that_end_on_one_day_do_not_share_a_key():
    now = at("2027-01-31T12:00:00")
    keys = {budget_key("bot", "tenant", "acme", period, now) for period in Period}
    assert len({key.rpartition(":")[2] for key in keys}) == 1
    assert len(keys) == 3


def test_names_cannot_reach_into_the_key():
    now = at("2026-11-20")
    hostile = budget_key("a:day:2020-01-01", "tenant", "x}:{y", Period.DAY, now)
    assert hostile == "extproc:{x%7D%3A%7By}:budget:tenant:a%3Aday%3A2020-01-01:day:2026-11-21"


def test_long_and_broken_subjects_become_short_keys():
    assert len(budget_key("p", "tenant", "t" * 10_000, Period.DAY, 0)) < 150
    one = budget_key("p", "tenant", "\udc80" * 100, Period.DAY, 0)
    other = budget_key("p", "tenant", "\udc81" * 100, Period.DAY, 0)
    assert one != other

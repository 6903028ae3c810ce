from __future__ import annotations

import pytest

from extproc.state.breaker import Breaker


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(clock, opens_after=3, retry_s=1.0)


def fail(breaker, times):
    for _ in range(times):
        breaker.failed()


def test_below_the_limit_it_stays_closed(breaker):
    fail(breaker, 2)
    assert breaker.closed
    assert breaker.admits()


def test_at_the_limit_it_opens(breaker):
    fail(breaker, 3)
    assert not breaker.closed
    assert not breaker.admits()


def test_only_failures_in_a_row_count(breaker):
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.closed


def test_open_it_admits_one_trial_each_period(breaker, clock):
    fail(breaker, 3)
    clock.now = 1.0
    assert [breaker.admits() for _ in range(3)] == [True, False, False]
    clock.now = 2.0
    assert [breaker.admits() for _ in range(3)] == [True, False, False]


def test_a_trial_that_succeeds_closes_it(breaker, clock):
    fail(breaker, 3)
    clock.now = 1.0
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.closed
    assert breaker.admits()


def test_a_trial_that_fails_waits_a_whole_period(breaker, clock):
    fail(breaker, 3)
    clock.now = 1.0
    assert breaker.admits()
    clock.now = 1.5
    breaker.failed()
    clock.now = 2.4
    assert not breaker.admits()
    clock.now = 2.5
    assert breaker.admits()

from __future__ import annotations

import pytest

from extproc.routing.health import MIN_OUTCOMES, PROBE_EVERY_S, WINDOW_S, Health


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def health(clock):
    return Health(clock)


def tell(health, *outcomes, pool="a"):
    for ok in outcomes:
        health.observe(pool, ok)


def kill(health, pool="a"):
    tell(health, *[False] * MIN_OUTCOMES, pool=pool)


def test_unknown_pools_are_usable(health):
    assert health.usable("a")
    assert health.dead() == set()


def test_too_few_outcomes_prove_nothing(health):
    tell(health, *[False] * (MIN_OUTCOMES - 1))
    assert health.usable("a")
    tell(health, False)
    assert not health.usable("a")


def test_below_and_at_the_failure_ratio(health):
    tell(health, *[True] * 6, *[False] * 5)
    assert health.usable("a")
    tell(health, False)
    assert not health.usable("a")


def test_pools_are_judged_apart(health):
    kill(health)
    assert health.usable("b")
    assert health.dead() == {"a"}


def test_old_failures_are_forgotten(health, clock):
    tell(health, *[False] * (MIN_OUTCOMES - 1))
    clock.now = WINDOW_S
    tell(health, False)
    assert health.usable("a")


def test_a_dead_pool_gets_one_probe_each_period(health, clock):
    kill(health)
    clock.now = PROBE_EVERY_S - 0.1
    assert not health.usable("a")
    clock.now = PROBE_EVERY_S
    assert [health.usable("a") for _ in range(3)] == [True, False, False]
    clock.now = 2 * PROBE_EVERY_S
    assert health.usable("a"), "the first probe never came back"


def test_a_good_probe_revives(health, clock):
    kill(health)
    clock.now = PROBE_EVERY_S
    assert health.usable("a")
    tell(health, True)
    assert [health.usable("a") for _ in range(3)] == [True] * 3
    assert health.dead() == set()


def test_a_bad_probe_keeps_it_dead(health, clock):
    kill(health)
    clock.now = PROBE_EVERY_S
    assert health.usable("a")
    clock.now += 5
    tell(health, False)
    clock.now += PROBE_EVERY_S - 0.1
    assert not health.usable("a")
    clock.now += 0.1
    assert health.usable("a")


def test_late_outcomes_do_not_revive(health):
    kill(health)
    tell(health, True, True, True)
    assert health.dead() == {"a"}


def test_after_a_revival_the_count_begins_anew(health, clock):
    kill(health)
    clock.now = PROBE_EVERY_S
    health.usable("a")
    tell(health, True, *[False] * (MIN_OUTCOMES - 1))
    assert health.usable("a")

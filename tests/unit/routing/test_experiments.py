from __future__ import annotations

from collections import Counter

import pytest
from pydantic import ValidationError

from extproc.routing.experiments import Experiment, assign, sticky_key
from tests.exchanges import exchange, view

KEYS = [f"tenant-{number % 7}\0user\0user-{number}" for number in range(20_000)]


def experiment(sticky: str = "user", **arms: float) -> Experiment:
    return Experiment(name="e", sticky=sticky, arms=arms)


def shares(tested: Experiment) -> Counter[str]:
    return Counter(assign(tested, key) for key in KEYS)


@pytest.mark.parametrize(
    "weights", [{"a": 90, "b": 10}, {"a": 1, "b": 1, "c": 2}, {"a": 99.5, "b": 0.5}]
)
def test_shares_follow_the_weights(weights):
    counted, total = shares(experiment(**weights)), sum(weights.values())
    for arm, weight in weights.items():
        expected = len(KEYS) * weight / total
        spread = (expected * (1 - weight / total)) ** 0.5
        assert abs(counted[arm] - expected) < 4 * spread


def test_an_arm_without_weight_gets_nobody():
    assert shares(experiment(a=1, b=0)) == {"a": len(KEYS)}


def test_weights_are_relative():
    assert [assign(experiment(a=9, b=1), k) for k in KEYS[:500]] == [
        assign(experiment(a=90, b=10), k) for k in KEYS[:500]
    ]


def test_a_weight_change_moves_the_share_it_must():
    before, after = experiment(a=90, b=10), experiment(a=80, b=20)
    moved = sum(assign(before, key) != assign(after, key) for key in KEYS)
    assert abs(moved / len(KEYS) - 0.10) < 0.01


def test_experiments_split_independently():
    """Who is in the second arm here is not for that reason in the second arm there."""
    one = Experiment(name="one", arms={"a": 50, "b": 50})
    two = Experiment(name="two", arms={"a": 50, "b": 50})
    both = sum(assign(one, key) == assign(two, key) == "b" for key in KEYS)
    assert abs(both / len(KEYS) - 0.25) < 0.02


def test_assignments_are_the_same_for_ever():
    """A change of the hash would move every user of every running experiment."""
    arms = [assign(experiment(a=50, b=50), f"user-{n}") for n in range(12)]
    assert "".join(arms) == "abbbabbbabba"


@pytest.mark.parametrize(
    ("sticky", "one", "other", "together"),
    [
        ("user", {"user": "u"}, {"user": "u", "session": "s"}, True),
        ("user", {"user": "u"}, {"user": "v"}, False),
        ("user", {"user": "u"}, {"user": "u", "tenant": "t2"}, False),
        ("user", {}, {"request_id": "r-2"}, True),
        ("user", {}, {"tenant": "t2"}, False),
        ("user", {"user": "acme"}, {}, False),
        ("tenant", {"user": "u"}, {"user": "v"}, True),
        ("tenant", {}, {"tenant": "t2"}, False),
        ("session", {"session": "s", "user": "u"}, {"session": "s", "user": "v"}, True),
        ("session", {"session": "s"}, {"session": "s2"}, False),
        ("session", {"session": "s"}, {"session": "s", "tenant": "t2"}, False),
        ("session", {"session": "x"}, {"user": "x"}, False),
        ("session", {"user": "u"}, {"user": "u"}, True),
        ("none", {"user": "u"}, {"user": "u", "request_id": "r-2"}, False),
    ],
)
def test_what_stays_together(sticky, one, other, together):
    def key(user=None, **rest):
        return sticky_key(experiment(sticky, a=1), exchange(view(user=user), **rest))

    assert (key(**one) == key(**other)) is together


def test_a_user_may_be_called_anything():
    assert assign(experiment(a=1, b=1), "\ud800\0\n") in {"a", "b"}


@pytest.mark.parametrize(
    "arms", [{}, {"a": 0}, {"a": 0, "b": 0}, {"a": -1, "b": 2}, {"a": float("nan")}]
)
def test_weights_that_make_no_split(arms):
    with pytest.raises(ValidationError):
        Experiment(name="e", arms=arms)


def test_the_first_arm_is_the_control_unless_another_model_is_named():
    assert experiment(large=90, other=10).control == "large"
    assert Experiment(name="e", model="m", arms={"a": 1}).control == "m"

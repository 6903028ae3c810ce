"""A weight change moves only the keys it must, in one direction only."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extproc.routing.experiments import Experiment, assign

ARMS = ("a", "b", "c", "d")
weights = st.fixed_dictionaries({arm: st.integers(0, 1000) for arm in ARMS}).filter(
    lambda arms: any(arms.values())
)
keys = st.lists(st.text(max_size=20), min_size=1, max_size=50)


def split(arms, keys):
    return [assign(Experiment(name="e", arms=arms), key) for key in keys]


@given(weights, keys, st.sampled_from(ARMS), st.integers(1, 1000))
def test_a_grown_arm_only_gains(arms, keys, grown, by):
    before = split(arms, keys)
    after = split({**arms, grown: arms[grown] + by}, keys)
    for one, other in zip(before, after, strict=True):
        assert other in {one, grown}


@given(weights, keys, st.sampled_from(ARMS))
def test_a_removed_arm_takes_nobody_else_along(arms, keys, removed):
    rest = {arm: weight for arm, weight in arms.items() if arm != removed}
    if not any(rest.values()):
        return
    for one, other in zip(split(arms, keys), split(rest, keys), strict=True):
        assert one in {other, removed}


@given(weights, keys, st.permutations(ARMS))
def test_the_order_of_arms_does_not_matter(arms, keys, order):
    assert split(arms, keys) == split({arm: arms[arm] for arm in order}, keys)


@given(weights, keys)
def test_nobody_gets_an_arm_without_weight(arms, keys):
    assert all(arms[arm] > 0 for arm in split(arms, keys))

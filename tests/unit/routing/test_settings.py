from __future__ import annotations

import pytest
from pydantic import ValidationError

from extproc.routing.settings import RouteSettings, weight_changes


def settings(**experiments: dict[str, float]) -> RouteSettings:
    return RouteSettings(
        experiments=[{"name": name, "arms": arms} for name, arms in experiments.items()]
    )


def test_one_model_takes_part_in_one_experiment():
    with pytest.raises(ValidationError, match='two experiments have the model "large"'):
        settings(one={"large": 1}, two={"large": 1, "small": 1})


def test_names_are_distinct():
    one = {"name": "e", "arms": {"a": 1}}
    with pytest.raises(ValidationError, match='two experiments have the name "e"'):
        RouteSettings(experiments=[one, {"name": "e", "arms": {"b": 1}}])


def test_equal_weights_are_no_change():
    assert weight_changes(settings(e={"a": 90, "b": 10}), settings(e={"a": 90, "b": 10})) == []


def test_changed_added_and_removed_arms():
    old, new = settings(e={"a": 90, "b": 10}), settings(e={"a": 50, "b": 10, "c": 40})
    assert weight_changes(old, new) == [
        {"experiment": "e", "arm": "a", "old": 90, "new": 50},
        {"experiment": "e", "arm": "c", "old": 0, "new": 40},
    ]


def test_an_experiment_that_begins_or_ends():
    assert weight_changes(None, settings(e={"a": 1})) == [
        {"experiment": "e", "arm": "a", "old": 0, "new": 1}
    ]
    assert weight_changes(settings(e={"a": 1}), None) == [
        {"experiment": "e", "arm": "a", "old": 1, "new": 0}
    ]

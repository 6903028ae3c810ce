"""The `route` section. It stands here because budgets too ask what a request may cost.

That its models exist is checked where policies are loaded.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import field_validator

from extproc.policy.section import Section
from extproc.routing.experiments import Experiment
from extproc.routing.registry import ModelName


class RouteSettings(Section):
    """Which model serves a request."""

    present_by_default: ClassVar[bool] = True

    default: ModelName | None = None
    """Serves requests for models that are not in the registry; without it they get 404."""
    experiments: tuple[Experiment, ...] = ()

    @field_validator("experiments")
    @classmethod
    def _distinct(cls, experiments: tuple[Experiment, ...]) -> tuple[Experiment, ...]:
        names = [experiment.name for experiment in experiments]
        controls = [experiment.control for experiment in experiments]
        for what, values in (("name", names), ("model", controls)):
            twice = {value for value in values if values.count(value) > 1}
            if twice:
                raise ValueError(f'two experiments have the {what} "{min(twice)}"')
        return experiments

    def experiment(self, model: str) -> Experiment | None:
        """The one that requests for `model` take part in."""
        return next((e for e in self.experiments if e.control == model), None)


def weight_changes(old: RouteSettings | None, new: RouteSettings | None) -> list[dict[str, object]]:
    """Arms whose weight differs, for the audit log; 0 for an arm that is not there."""
    before, after = _weights(old), _weights(new)
    return [
        {"experiment": name, "arm": arm, "old": before.get(at, 0), "new": after.get(at, 0)}
        for at in sorted(before.keys() | after.keys())
        if before.get(at, 0) != after.get(at, 0)
        for name, arm in (at,)
    ]


def _weights(settings: RouteSettings | None) -> dict[tuple[str, str], int | float]:
    if settings is None:
        return {}
    return {
        (experiment.name, arm): weight
        for experiment in settings.experiments
        for arm, weight in experiment.arms.items()
    }

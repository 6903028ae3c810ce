"""What a policy's labels name, found in any text."""

from __future__ import annotations

from collections.abc import Callable

from extproc.inspectors.sensitivity.actions import Action
from extproc.inspectors.sensitivity.analyzer import Analyzer, Entity
from extproc.inspectors.sensitivity.settings import SensitivitySettings


def labelled(settings: SensitivitySettings, analyzer: Analyzer) -> Callable[[str], list[Entity]]:
    """Finds the values that have a label, at or over their thresholds; no stories.

    A story is known at the end of its sentences, when a stream has let them go. What the policy
    allows is left alone too: requests may hold it.
    """
    types = {one for one in settings.label_of if settings.action_of(one) is not Action.ALLOW}
    extra = settings.extra.of_values

    def find(text: str) -> list[Entity]:
        return [
            entity
            for entity in analyzer.scan(text, extra)
            if entity.type in types and entity.score >= settings.threshold_of(entity.type)
        ]

    return find

"""What differs between two policy sets, field by field, for the audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extproc.policy.model import PolicySet


@dataclass(frozen=True, slots=True)
class Change:
    """From one set to the next."""

    old: PolicySet
    new: PolicySet
    by: str
    """What or who caused it, such as ``files``."""
    diff: Mapping[str, object]
    """``{"policies.support-bot.injection.threshold": {"old": 0.8, "new": 0.9}}``."""


def between(old: PolicySet, new: PolicySet, by: str) -> Change:
    """What it takes to get from one to the other."""
    return Change(old, new, by, dict(_differences(old.content, new.content, "")))


def _differences(old: object, new: object, name: str) -> Iterator[tuple[str, dict[str, object]]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            below = f"{name}.{key}" if name else str(key)
            yield from _differences(old.get(key), new.get(key), below)
        if old.keys() == new.keys() and list(old) != list(new):
            yield f"{name} (order)", {"old": list(old), "new": list(new)}
    elif old != new:
        yield name, {"old": old, "new": new}

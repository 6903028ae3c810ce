"""What differs between two policy sets, field by field, for the audit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from extproc.policy.model import PolicySet


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field; a side that does not have it says ``None``."""

    field: str
    """Such as ``policies.support-bot.injection.threshold``."""
    old: object
    new: object

    def to_json(self) -> dict[str, object]:
        return {"field": self.field, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Change:
    """From one set to the next."""

    old: PolicySet | None
    new: PolicySet
    fields: tuple[FieldChange, ...]
    """In order of their names."""


def between(old: PolicySet | None, new: PolicySet) -> Change:
    """The change; the first load has no fields, only the new set."""
    fields = () if old is None else tuple(_differences(old.content, new.content, ""))
    return Change(old, new, fields)


def _differences(old: object, new: object, name: str) -> Iterator[FieldChange]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            below = f"{name}.{key}" if name else str(key)
            yield from _differences(old.get(key), new.get(key), below)
    elif old != new:
        yield FieldChange(name, old, new)

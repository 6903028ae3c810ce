"""Names in a policy that must exist in the model registry."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Literal

from extproc.policy.errors import PolicyError
from extproc.policy.marks import Document
from extproc.policy.section import Section
from extproc.verdict import Keys, Mode

ANY = "*"
NAME = "<name>"
"""The name is the key itself, not a value."""

PUBLIC = "public"
"""The label of a request in which nothing was found."""

REFERENCES: tuple[tuple[Literal["model", "pool", "residency tag"], Keys], ...] = (
    ("model", ("route", "default")),
    ("model", ("route", "experiments", ANY, "arms", NAME)),
    ("model", ("route", "experiments", ANY, "model")),
    ("pool", ("sensitivity", "residency", ANY, "pools", ANY)),
    ("pool", ("injection", "pools", ANY)),
    ("residency tag", ("sensitivity", "residency", ANY, "within", ANY)),
)


def check(document: Document, names: Mapping[str, tuple[str, ...]]) -> Iterator[PolicyError]:
    """An error for each reference that names nothing. `names`: by kind."""
    for kind, pattern in REFERENCES:
        for keys, name in _found(document.value, pattern, ()):
            known = names[kind]
            if name not in known:
                yield document.error(keys, _nothing(kind, name, known))


def check_labels(document: Document, sections: Mapping[str, Section]) -> Iterator[PolicyError]:
    """An error for each access rule on a label that no request can have."""
    sensitivity = sections.get("sensitivity")
    labels = tuple(getattr(sensitivity, "labels", ()))
    for keys, name in _found(document.value, ("access", "labels", NAME), ()):
        if sensitivity is None or sensitivity.mode is Mode.OFF:
            yield document.error(keys, "needs the sensitivity section, which is off")
        elif name not in (*labels, PUBLIC):
            yield document.error(keys, _nothing("label", name, (*labels, PUBLIC)))


def _nothing(kind: str, name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    hint = f" did you mean '{near[0]}'?" if near else ""
    return f"no {kind} '{name}';{hint} {kind}s are: {', '.join(known)}"


def _found(value: object, pattern: Keys, keys: Keys) -> Iterator[tuple[Keys, str]]:
    if not pattern:
        if isinstance(value, str):
            yield keys, value
        return
    first, rest = pattern[0], pattern[1:]
    if first == NAME and isinstance(value, Mapping):
        yield from (((*keys, name), name) for name in value)
    elif first == ANY and isinstance(value, Mapping | list):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            yield from _found(item, rest, (*keys, key))
    elif isinstance(value, Mapping) and first in value:
        yield from _found(value[first], rest, (*keys, first))

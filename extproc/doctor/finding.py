"""What a rule says about a place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from extproc.doctor.hosts import ModelHosts
from extproc.doctor.model import Subject
from extproc.doctor.node import Place


class Severity(StrEnum):
    """How bad it is.

    `UNSAFE`: prompts pass unseen, in the open or to the wrong place, or are refused in normal
    use. `WARNING`: safe now, and likely not what was meant. `NOTE`: what could not be seen.
    """

    UNSAFE = "unsafe"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Options:
    """What the rules measure against."""

    models: ModelHosts = field(default_factory=ModelHosts)
    streams: int = 4096
    """Requests in flight that limits must let through."""
    body_limit: int = 10 * 1024 * 1024
    deadline: float = 20.0
    """Of the service, in seconds: it has answered by then."""
    residency: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Of pools, by name; empty where no policies were given."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule is broken."""

    place: Place
    message: str
    severity: Severity | None = None
    """Instead of the rule's own."""


Check = Callable[[Subject, Options], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    severity: Severity
    why: str
    fix: str
    check: Check


@dataclass(frozen=True, slots=True)
class Finding:
    rule: Rule
    severity: Severity
    place: Place
    message: str

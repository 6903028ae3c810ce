"""The `access` section."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from extproc.policy.patterns import PathPatterns, Patterns
from extproc.policy.section import Section, Strict

RuleName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]


class Who(Strict):
    """Callers and tenants; a missing key is anybody, both given must both match."""

    callers: Patterns | None = None
    tenants: Patterns | None = None


class Rule(Who):
    """Matches a request when every key that is given matches."""

    name: RuleName | None = None
    """Stands in findings and in the answer; else the rule's place, such as ``deny[0]``."""
    paths: PathPatterns | None = None
    models: Patterns | None = None
    """As the client names them; a request without a model matches none."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any((self.callers, self.tenants, self.paths, self.models)):
            raise ValueError("give at least one of callers, tenants, paths, models")
        return self


class AccessSettings(Section):
    """Checked in this order: `models`, `deny`, `allow`; `labels` once the label is known."""

    present_by_default: ClassVar[bool] = True

    models: Patterns | None = None
    """Models that may be asked for; missing: all."""
    deny: tuple[Rule, ...] = ()
    """A request that one of these matches is refused."""
    allow: tuple[Rule, ...] | None = Field(None, min_length=1)
    """When given, a request that none of these matches is refused."""
    labels: Mapping[str, Who] = Field(default_factory=dict)
    """Who alone may send data of a label, such as ``{confidential: {tenants: [clinic]}}``."""

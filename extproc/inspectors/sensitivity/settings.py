"""The policy's `sensitivity` section: what is sensitive, and where it may go."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from extproc.inspectors.sensitivity.analyzer import BORROWED, TYPES
from extproc.inspectors.sensitivity.operators import Operator
from extproc.policy.section import Section, Strict

PUBLIC = "public"
"""The label of a request in which nothing was found."""
NEEDS_NER = frozenset({"PERSON", "LOCATION", "NRP", "ORGANIZATION"})
_LABEL = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def _entity(name: str) -> str:
    if name in NEEDS_NER:
        raise ValueError(f"{name} needs the NER stage, which is not supported in this version")
    if name not in TYPES | BORROWED:
        known = ", ".join(sorted(TYPES | BORROWED))
        raise ValueError(f"unknown entity {name!r}; allowed: {known}")
    return name


def _label(name: str) -> str:
    if not _LABEL.fullmatch(name) or name == PUBLIC:
        raise ValueError(
            f"{name!r} is no label; allowed: 1 to 32 of a-z, 0-9, - and _, not {PUBLIC!r}"
        )
    return name


def _off(value: Any) -> bool:
    if value is not False:
        raise ValueError("not supported in this version; allowed: false")
    return False


EntityName = Annotated[str, AfterValidator(_entity)]
LabelName = Annotated[str, AfterValidator(_label)]
Score = Annotated[float, Field(gt=0, le=1)]
PoolNames = Annotated[tuple[str, ...], Field(min_length=1)]


class Residency(Strict):
    """Where data of one label may go: nowhere, or to these pools."""

    block: bool = False
    pools: PoolNames | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Residency:
        if self.block == (self.pools is not None):
            raise ValueError("allowed: either {block: true} or {pools: [names]}")
        return self


class RedactSettings(Strict):
    """What is taken out of requests, and how. Residency then holds for what remains."""

    entities: Annotated[tuple[EntityName, ...], Field(min_length=1)]
    restore: bool = False
    """Whether the answer comes back with the values where their placeholders stood."""
    operators: dict[EntityName, Operator] = Field(default_factory=dict)
    """By entity; ``placeholder`` without. Only placeholders are restored."""
    note: bool = False
    """Whether a line in the system prompt tells the model what placeholders are."""

    @model_validator(mode="after")
    def _applicable(self) -> RedactSettings:
        for one, operator in self.operators.items():
            if one not in self.entities:
                named = ", ".join(self.entities)
                raise ValueError(f"operator of {one}, which is not redacted; allowed: {named}")
            if operator is Operator.DATE_SHIFT and "DATE" not in one:
                allowed = ", ".join(other for other in Operator if other is not operator)
                raise ValueError(f"{one} is no date to shift; allowed: {allowed}")
        return self


LABELS: dict[str, tuple[str, ...]] = {
    "restricted": ("US_SSN", "US_ITIN", "CREDIT_CARD", "IN_AADHAAR", "SECRET"),
    "confidential": (
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
        "MEDICAL_RECORD",
        "DATE_OF_BIRTH",
        "IBAN_CODE",
        "US_BANK_NUMBER",
        "ABA_ROUTING_NUMBER",
        "US_PASSPORT",
        "US_DRIVER_LICENSE",
        "UK_NHS",
        "UK_NINO",
        "CA_SIN",
        "AU_TFN",
        "IN_PAN",
        "CRYPTO",
    ),
}
"""What a policy has that names no labels."""


class SensitivitySettings(Section):
    """Labels from the highest to the lowest, and the residency of each.

    The loader checks the names of pools against the model registry.
    """

    present_by_default: ClassVar[bool] = True

    labels: Annotated[dict[LabelName, tuple[EntityName, ...]], Field(max_length=16)] = Field(
        default_factory=lambda: dict(LABELS)
    )
    """Entity types by label. A request has the first label of which something was found."""
    residency: dict[str, Residency] = Field(
        default_factory=lambda: {"restricted": Residency(block=True)}
    )
    """By label. A label that is not named here is a tag only."""
    entities: dict[EntityName, Score] = Field(default_factory=dict)
    """Thresholds of single entity types, over `threshold`."""
    threshold: Score = 0.5
    """Findings with a lower score do not count."""
    ner: Annotated[bool, BeforeValidator(_off)] = False
    redact: RedactSettings | None = None
    """What is taken out before the request goes to a model, instead of keeping it from going."""

    @model_validator(mode="after")
    def _consistent(self) -> SensitivitySettings:
        owners: dict[str, str] = {}
        for label, types in self.labels.items():
            for one in types:
                if owners.setdefault(one, label) != label:
                    raise ValueError(
                        f"{one} has two labels, {owners[one]} and {label}; allowed: one"
                    )
        if "residency" not in self.model_fields_set:
            return self
        for label in self.residency:
            if label not in self.labels:
                raise ValueError(
                    f"residency of unknown label {label!r}; allowed: {', '.join(self.labels)}"
                )
        return self

    @property
    def borrowed(self) -> frozenset[str]:
        """Types named here that only Presidio's own recognisers find."""
        named = {one for types in self.labels.values() for one in types}
        redacted = self.redact.entities if self.redact is not None else ()
        return BORROWED & (named | self.entities.keys() | set(redacted))

    def threshold_of(self, entity: str) -> float:
        return self.entities.get(entity, self.threshold)

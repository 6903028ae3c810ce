"""The policy's `sensitivity` section: what is sensitive, and where it may go."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    model_validator,
)

from extproc.inspectors.sensitivity import names, presidio
from extproc.inspectors.sensitivity.analyzer import BORROWED, TYPES
from extproc.inspectors.sensitivity.custom import CustomRecognizer, Recogniser
from extproc.inspectors.sensitivity.extra import Extra
from extproc.inspectors.sensitivity.names import Names
from extproc.inspectors.sensitivity.operators import Operator
from extproc.policy.section import Section, Strict

PUBLIC = "public"
"""The label of a request in which nothing was found."""
FOUND_BY_NER = frozenset(names.TYPES.values())
"""Types that only the NER stage finds."""
_INSTALL = "allowed with the packages of requirements/presidio.txt, pip install 'extproc[presidio]'"
_ENTITY = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_LABEL = re.compile(r"[a-z][a-z0-9_-]{0,31}")


_own: ContextVar[frozenset[str]] = ContextVar("_own", default=frozenset())
"""Types that the section being read defines itself: names are checked where they stand."""


def _entity(name: str) -> str:
    own = _own.get()
    if name in FOUND_BY_NER or name in TYPES or name in own:
        return name
    if name not in BORROWED:
        known = ", ".join(sorted(TYPES | BORROWED | FOUND_BY_NER | own))
        raise ValueError(f"unknown entity {name!r}; allowed: {known}")
    if not presidio.installed():
        raise ValueError(f"{name} is found by Presidio, which is not installed: {_INSTALL}")
    return name


def _new_entity(name: str) -> str:
    if not _ENTITY.fullmatch(name):
        raise ValueError(f"{name!r} is no entity type; allowed: 2 to 64 of A-Z, 0-9 and _")
    if name in TYPES | BORROWED | FOUND_BY_NER:
        raise ValueError(f"{name} is found already; allowed: a name of the policy's own")
    return name


def _label(name: str) -> str:
    if not _LABEL.fullmatch(name) or name == PUBLIC:
        raise ValueError(
            f"{name!r} is no label; allowed: 1 to 32 of a-z, 0-9, - and _, not {PUBLIC!r}"
        )
    return name


EntityName = Annotated[str, AfterValidator(_entity)]
NewEntityName = Annotated[str, AfterValidator(_new_entity)]
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


class NerSettings(Strict):
    """The NER stage: persons, places, organisations, nationalities, by a language model."""

    strict: bool = True
    """Whether a name needs support from its form or from the words around it."""


def _ner(value: Any) -> Any:
    if value is False or value is None:
        return None
    if not names.installed():
        raise ValueError(f"the language model is not installed; {_INSTALL}")
    return NerSettings() if value is True else value


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
        "SWIFT_CODE",
        "UK_PASSPORT",
        "UK_NHS",
        "UK_NINO",
        "CA_SIN",
        "AU_TFN",
        "AU_MEDICARE",
        "IN_PAN",
        "IN_GSTIN",
        "IN_VOTER",
        "IN_PASSPORT",
        "IN_UPI",
        "DE_TAX_ID",
        "DE_SOCIAL_SECURITY",
        "DE_ID_CARD",
        "DE_PASSPORT",
        "FR_NIR",
        "IT_FISCAL_CODE",
        "ES_NIF",
        "ES_NIE",
        "PL_PESEL",
        "RO_CNP",
        "US_MBI",
        "US_NPI",
        "MEDICAL_LICENSE",
        "STREET_ADDRESS",
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
    ner: Annotated[
        NerSettings | None, BeforeValidator(_ner, json_schema_input_type=NerSettings | bool | None)
    ] = None
    """``true`` or ``{strict: false}``: names of persons and places are looked for too."""
    recognizers: Annotated[dict[NewEntityName, CustomRecognizer], Field(max_length=64)] = Field(
        default_factory=dict
    )
    """Entity types of the policy's own."""
    redact: RedactSettings | None = None
    """What is taken out before the request goes to a model, instead of keeping it from going."""

    @model_validator(mode="wrap")
    @classmethod
    def _with_own_types(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        given = value.get("recognizers") if isinstance(value, dict) else None
        own = (
            frozenset(one for one in given if isinstance(one, str))
            if isinstance(given, dict)
            else frozenset()
        )
        token = _own.set(own)
        try:
            return handler(value)
        finally:
            _own.reset(token)

    @model_validator(mode="after")
    def _named_ones_are_looked_for(self) -> Self:
        for one in sorted(self._named & FOUND_BY_NER):
            if self.ner is None:
                raise ValueError(f"{one} needs the NER stage; allowed: with `ner: true`")
        return self

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
    def _named(self) -> frozenset[str]:
        labelled = {one for types in self.labels.values() for one in types}
        redacted = self.redact.entities if self.redact is not None else ()
        return frozenset(labelled | self.entities.keys() | set(redacted))

    @property
    def extra(self) -> Extra:
        """What is looked for beyond the rules that all policies share."""
        return Extra(
            borrowed=BORROWED & self._named,
            recognisers=tuple(Recogniser.of(*one) for one in self.recognizers.items()),
            names=Names(self.ner.strict) if self.ner is not None else None,
        )

    def threshold_of(self, entity: str) -> float:
        return self.entities.get(entity, self.threshold)

"""The policy's `sensitivity` section: what is sensitive, and where it may go."""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    model_validator,
)

from extproc.inspectors.sensitivity import names, presidio
from extproc.inspectors.sensitivity.actions import Action
from extproc.inspectors.sensitivity.analyzer import BORROWED, TYPES
from extproc.inspectors.sensitivity.custom import CustomRecognizer, Recogniser
from extproc.inspectors.sensitivity.extra import Extra
from extproc.inspectors.sensitivity.names import Names
from extproc.inspectors.sensitivity.operators import Operator
from extproc.inspectors.sensitivity.stories import KINDS, Stories
from extproc.inspectors.sensitivity.stories import TYPES as STORIES
from extproc.policy.patterns import PathPatterns, Patterns
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
    if name in FOUND_BY_NER or name in TYPES or name in STORIES or name in own:
        return name
    if name not in BORROWED:
        known = ", ".join(sorted(TYPES | BORROWED | FOUND_BY_NER | STORIES | own))
        raise ValueError(f"unknown entity {name!r}; allowed: {known}")
    if not presidio.installed():
        raise ValueError(f"{name} is found by Presidio, which is not installed: {_INSTALL}")
    return name


def _new_entity(name: str) -> str:
    if not _ENTITY.fullmatch(name):
        raise ValueError(f"{name!r} is no entity type; allowed: 2 to 64 of A-Z, 0-9 and _")
    if name in TYPES | BORROWED | FOUND_BY_NER | STORIES:
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
Subject = Annotated[str, AfterValidator(lambda name: _entity(name) if name.isupper() else name)]
"""An entity, or a label."""
Score = Annotated[float, Field(gt=0, le=1)]
PoolNames = Annotated[tuple[str, ...], Field(min_length=1)]


class Residency(Strict):
    """Where data of one label may go: nowhere, to these pools, or to pools of this residency."""

    block: bool = False
    pools: PoolNames | None = None
    within: PoolNames | None = None
    """Residency tags of the model registry: a pool must have them all."""

    @model_validator(mode="after")
    def _one_of(self) -> Residency:
        if [self.block, self.pools is not None, self.within is not None].count(True) != 1:
            raise ValueError(
                "allowed: one of {block: true}, {pools: [names]} and {within: [residency tags]}"
            )
        return self


def _at_least_one(value: Any) -> Any:
    return dict.fromkeys(value, 1) if isinstance(value, list | tuple) else value


class LabelRule(Strict):
    """Gives a label to a request for which every key that is given holds."""

    label: LabelName
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")] | None = None
    """Stands in findings; else the rule's place, such as ``rules[0]``."""
    entities: Annotated[
        dict[EntityName, Annotated[int, Field(ge=1, le=1_000_000)]],
        BeforeValidator(_at_least_one, json_schema_input_type=dict[str, int] | list[str]),
        Field(max_length=32),
    ] = Field(default_factory=dict)
    """All of these, each with so many different values; a list means one of each."""
    callers: Patterns | None = None
    tenants: Patterns | None = None
    paths: PathPatterns | None = None
    models: Patterns | None = None
    """As the client names them; a request without a model matches none."""

    @model_validator(mode="after")
    def _says_something(self) -> LabelRule:
        if not any((self.entities, self.callers, self.tenants, self.paths, self.models)):
            raise ValueError("give at least one of entities, callers, tenants, paths, models")
        return self


class RedactSettings(Strict):
    """What is taken out of requests, and how. Residency then holds for what remains."""

    entities: tuple[EntityName, ...] = ()
    """Beside what `actions` redact."""
    restore: bool = False
    """Whether the answer comes back with the values where their placeholders stood."""
    operators: dict[EntityName, Operator] = Field(default_factory=dict)
    """By entity; ``placeholder`` without. Only placeholders are restored."""
    note: bool = False
    """Whether a line in the system prompt tells the model what placeholders are."""

    @model_validator(mode="after")
    def _applicable(self) -> RedactSettings:
        for one, operator in self.operators.items():
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
        *KINDS,
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
    actions: dict[Subject, Action] = Field(default_factory=dict)
    """By label or entity, over `residency` and `redact`. An entity's goes before its label's."""
    rules: Annotated[tuple[LabelRule, ...], Field(max_length=64)] = ()
    """Labels for counts, combinations, callers and routes, beside those of single entities."""
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

    @model_validator(mode="after")
    def _decided(self) -> SensitivitySettings:
        check(self)
        return self

    @cached_property
    def label_of(self) -> dict[str, str]:
        """Label by entity type."""
        return {one: label for label, types in self.labels.items() for one in types}

    def action_of_label(self, label: str) -> Action:
        if (said := self.actions.get(label)) is not None:
            return said
        residency = self.residency.get(label)
        if residency is None:
            return Action.TAG
        return Action.BLOCK if residency.block else Action.ROUTE

    def action_of(self, entity: str) -> Action:
        """Its own, else `redact`'s, else its label's."""
        if (said := self.actions.get(entity)) is not None:
            return said
        if self.redact is not None and entity in self.redact.entities:
            return Action.REDACT
        label = self.label_of.get(entity)
        return Action.TAG if label is None else self.action_of_label(label)

    @property
    def _named(self) -> frozenset[str]:
        labelled = {one for types in self.labels.values() for one in types}
        redacted = self.redact.entities if self.redact is not None else ()
        ruled = {one for rule in self.rules for one in rule.entities}
        acted = {one for one in self.actions if one not in self.labels}
        return frozenset(labelled | ruled | acted | self.entities.keys() | set(redacted))

    @property
    def extra(self) -> Extra:
        """What is looked for beyond the rules that all policies share."""
        return Extra(
            borrowed=BORROWED & self._named,
            recognisers=tuple(Recogniser.of(*one) for one in self.recognizers.items()),
            names=Names(self.ner.strict) if self.ner is not None else None,
            stories=Stories(told) if (told := STORIES & self._named) else None,
        )

    def threshold_of(self, entity: str) -> float:
        return self.entities.get(entity, self.threshold)


def check(settings: SensitivitySettings) -> None:
    """Raises `ValueError` for actions and rules that do not fit the labels."""
    known = ", ".join(settings.labels)
    for rule in settings.rules:
        if rule.label not in settings.labels:
            raise ValueError(f"rule for unknown label {rule.label!r}; allowed: {known}")
    for subject, action in settings.actions.items():
        is_label = subject in settings.labels
        if not is_label and not subject.isupper():
            raise ValueError(f"action of unknown label {subject!r}; allowed: {known}, or an entity")
        label = subject if is_label else settings.label_of.get(subject)
        residency = settings.residency.get(label) if label is not None else None
        if action is Action.ROUTE and (residency is None or residency.block):
            raise ValueError(
                f"{subject} is to be routed, and its label has no pools;"
                " allowed: with pools or within in the residency of its label"
            )
        contradicts = is_label and residency is not None and residency.block
        if contradicts and action is not Action.BLOCK and "residency" in settings.model_fields_set:
            raise ValueError(f"{subject} has residency block and action {action}; allowed: one")
    _check_stories(settings)
    _check_redact(settings)


def _check_stories(settings: SensitivitySettings) -> None:
    """Raises `ValueError` where whole sentences would be taken out: nothing would be left to ask."""
    taken = {one for one in STORIES if settings.action_of(one) is Action.REDACT}
    for rule in settings.rules:
        if settings.action_of_label(rule.label) is Action.REDACT:
            taken |= {one for one in STORIES & rule.entities.keys() if one not in settings.actions}
    for one in sorted(taken):
        raise ValueError(
            f"{one} is whole sentences, which cannot be redacted;"
            f" allowed: an action of its own, such as {one}: tag, route or block"
        )


def _check_redact(settings: SensitivitySettings) -> None:
    if settings.redact is None:
        return
    redacted = {one for one in settings.label_of if settings.action_of(one) is Action.REDACT}
    redacted |= {one for one in settings.redact.entities if one not in settings.actions}
    redacted |= {one for one, action in settings.actions.items() if action is Action.REDACT}
    for rule in settings.rules:
        if settings.action_of_label(rule.label) is Action.REDACT:
            redacted |= rule.entities.keys()
    named = ", ".join(sorted(one for one in redacted if one.isupper()))
    for one in settings.redact.entities:
        action = settings.actions.get(one, Action.REDACT)
        if action is not Action.REDACT:
            raise ValueError(f"{one} is in redact and has action {action}; allowed: one of them")
    if not redacted:
        raise ValueError("redact takes nothing out; allowed: entities, or actions that redact")
    for one in settings.redact.operators:
        if one not in redacted:
            raise ValueError(f"operator of {one}, which is not redacted; allowed: {named}")

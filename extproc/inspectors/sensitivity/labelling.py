"""The label of a request, what leaves of it, and where that may go. Pure: no I/O, no text kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from extproc.exchange import Exchange
from extproc.inspectors.sensitivity.actions import Action
from extproc.inspectors.sensitivity.settings import (
    PUBLIC,
    LabelRule,
    Residency,
    SensitivitySettings,
)
from extproc.policy.lookup import Patterns, fold

Values = Mapping[str, AbstractSet[str]]
"""The different values that were found, by entity type."""
Residences = Mapping[str, frozenset[str]]
"""Residency tags by pool, as the model registry has them."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the policy says about one request."""

    label: str
    """Of the request as it came."""
    pools: frozenset[str] | None
    """Where what leaves may go; ``None`` for anywhere."""
    taken: frozenset[str]
    """Entity types that are taken out before it leaves."""
    rules: tuple[str, ...]
    """Names of the rules that held for the request as it came."""
    refused_by: str | None
    """The setting that keeps it here, such as ``residency.restricted``."""
    because: str | None
    """The label or entity type that setting is about."""
    blocking: frozenset[str]
    """Entity types and names of rules that it is refused for."""


class Labelling:
    """One per policy."""

    def __init__(self, settings: SensitivitySettings, residences: Residences) -> None:
        self._settings = settings
        self._order = {label: at for at, label in enumerate(settings.labels)}
        self._rules = tuple(
            _Rule(rule, rule.name or f"rules[{at}]") for at, rule in enumerate(settings.rules)
        )
        self._pools = {
            label: pools
            for label, residency in settings.residency.items()
            if (pools := _pools(residency, residences)) is not None
        }

    @property
    def has_rules(self) -> bool:
        """Whether a request in which nothing was found can have a label."""
        return bool(self._rules)

    @property
    def redacts(self) -> bool:
        """Whether anything is ever taken out."""
        settings = self._settings
        return settings.redact is not None or Action.REDACT in settings.actions.values()

    def of(self, exchange: Exchange, values: Values) -> Labelled:
        settings = self._settings
        held = [rule for rule in self._rules if rule.holds(exchange, values)]
        counted = {one for one in values if settings.action_of(one) is not Action.ALLOW}
        labels = {settings.label_of[one] for one in counted if one in settings.label_of}
        taken = self._taken(values, held)
        leaving = {one: found for one, found in values.items() if one not in taken}
        still = [rule for rule in held if rule.holds(exchange, leaving)]
        refusal = self._refusal(leaving, still)
        return Labelled(
            label=self._highest(labels | {rule.label for rule in held}),
            pools=self._allowed(leaving, still),
            taken=taken,
            rules=tuple(rule.name for rule in held),
            refused_by=refusal[0] if refusal else None,
            because=refusal[1] if refusal else None,
            blocking=self._blocking(leaving, still),
        )

    def _highest(self, labels: Iterable[str]) -> str:
        return min(labels, key=self._order.__getitem__, default=PUBLIC)

    def _taken(self, types: Iterable[str], held: Sequence[_Rule]) -> frozenset[str]:
        """What a rule names is taken out with its label, unless the policy says otherwise of it."""
        settings = self._settings
        named = {
            one
            for rule in held
            if settings.action_of_label(rule.label) is Action.REDACT
            for one in rule.types
            if one not in settings.actions
        }
        return frozenset(
            one for one in types if one in named or settings.action_of(one) is Action.REDACT
        )

    def _blocking(self, leaving: Iterable[str], still: Sequence[_Rule]) -> frozenset[str]:
        settings = self._settings
        blocking = {one for one in leaving if settings.action_of(one) is Action.BLOCK}
        for rule in still:
            if settings.action_of_label(rule.label) is Action.BLOCK:
                blocking |= {rule.name, *rule.types}
        return frozenset(blocking)

    def _refusal(self, leaving: Iterable[str], still: Sequence[_Rule]) -> tuple[str, str] | None:
        """The setting that refuses, and what it is about: that of the highest label."""
        settings = self._settings
        labels = {rule.label for rule in still}
        entities = []
        for one in sorted(leaving):
            label = settings.label_of.get(one)
            if settings.actions.get(one) is Action.BLOCK:
                entities.append(one)
            elif label is not None and settings.action_of(one) is Action.BLOCK:
                labels.add(label)
        blocked = [one for one in labels if settings.action_of_label(one) is Action.BLOCK]
        if blocked:
            label = self._highest(blocked)
            where = "actions" if label in settings.actions else "residency"
            return f"{where}.{label}", label
        return (f"actions.{entities[0]}", entities[0]) if entities else None

    def _allowed(self, leaving: Iterable[str], still: Sequence[_Rule]) -> frozenset[str] | None:
        """Pools that every label of what leaves allows; ``None`` when none limits them."""
        settings = self._settings
        labels = {
            settings.label_of[one]
            for one in leaving
            if one in settings.label_of and settings.action_of(one) is Action.ROUTE
        }
        labels |= {
            rule.label for rule in still if settings.action_of_label(rule.label) is Action.ROUTE
        }
        limits = [self._pools[label] for label in labels]
        return frozenset.intersection(*limits) if limits else None


class _Rule:
    """One rule of the policy, compiled."""

    def __init__(self, rule: LabelRule, name: str) -> None:
        self.name = name
        self.label = rule.label
        self._least = dict(rule.entities)
        self._callers = _patterns(rule.callers)
        self._tenants = _patterns(rule.tenants)
        self._paths = _patterns(None if rule.paths is None else fold(rule.paths))
        self._models = _patterns(None if rule.models is None else fold(rule.models))

    @property
    def types(self) -> frozenset[str]:
        return frozenset(self._least)

    def holds(self, exchange: Exchange, values: Values) -> bool:
        if any(len(values.get(one, ())) < least for one, least in self._least.items()):
            return False
        who, view = exchange.identity, exchange.view
        return (
            self._callers(who.caller)
            and self._tenants(who.tenant)
            and self._paths(exchange.request.path.casefold())
            and self._models(None if view is None else view.model.casefold())
        )


def _patterns(patterns: tuple[str, ...] | None) -> Callable[[str | None], bool]:
    """``None`` holds for anything; a pattern holds for no missing value."""
    if patterns is None:
        return lambda _: True
    compiled = Patterns(patterns)
    return lambda value: value is not None and compiled.rank(value) is not None


def _pools(residency: Residency, residences: Residences) -> frozenset[str] | None:
    if residency.pools is not None:
        return frozenset(residency.pools)
    if residency.within is None:
        return None
    needed = frozenset(residency.within)
    return frozenset(pool for pool, tags in residences.items() if tags >= needed)

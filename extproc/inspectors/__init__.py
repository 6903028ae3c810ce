"""All inspectors, in the order in which they run, and nothing else.

Identity and the choice of the policy come before. What is cheap comes first,
the classifier after the one sweep that sensitivity takes; the cache comes last, because a hit must have passed all of
the above, and because it is kept for the model that the route chose.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from extproc.inspectors.access import Access, AccessSettings, LabelAccess
from extproc.inspectors.base import RequestInspector
from extproc.inspectors.cache import Cache, CacheSettings
from extproc.inspectors.coverage import Coverage
from extproc.inspectors.injection import AnswerScan, Injection, InjectionSettings
from extproc.inspectors.limits import Budget, BudgetSettings, Limits, LimitsSettings
from extproc.inspectors.output import Output, OutputSettings
from extproc.inspectors.route import Route, RouteSettings
from extproc.inspectors.sensitivity import SensitivityInspector, SensitivitySettings
from extproc.inspectors.sensitivity.labelled import labelled
from extproc.inspectors.services import Services
from extproc.llm.view import Uninspectable
from extproc.policy.model import Policy
from extproc.policy.section import Section
from extproc.policy.sections import AuditSettings
from extproc.routing.registry import Registry
from extproc.verdict import Mode

Build = Callable[[Any, Policy, Registry, Services], RequestInspector]


@dataclass(frozen=True, slots=True)
class Entry:
    """One inspector: its name, its section's settings and how it is built for a policy."""

    name: str
    settings: type[Section] | None
    """``None`` for what is governed by the policy's own fields and always runs."""
    build: Build


def _output(settings: OutputSettings, policy: Policy, _: Registry, services: Services) -> Output:
    """What is sensitive in an answer is what the policy's labels say, whatever their mode."""
    sensitivity = policy.section(SensitivitySettings) or SensitivitySettings()
    enforces = policy.mode_of(settings) is Mode.ENFORCE
    return Output(settings, labelled(sensitivity, services.analyzer), enforces=enforces)


def _sensitivity(
    settings: SensitivitySettings, _: Policy, registry: Registry, services: Services
) -> SensitivityInspector:
    residences = {pool.name: pool.residency for pool in registry.pools.values()}
    return SensitivityInspector(
        settings, services.analyzer, services.workers, services.redact_key, residences
    )


def _answer_scan(
    settings: OutputSettings, policy: Policy, _: Registry, services: Services
) -> AnswerScan:
    """Answers are held to the thresholds of requests, whatever the mode of those."""
    injection = policy.section(InjectionSettings) or InjectionSettings()
    return AnswerScan(settings.injection, injection, services.classifier)


def _injection(
    settings: InjectionSettings, policy: Policy, _: Registry, services: Services
) -> Injection:
    return Injection(
        settings,
        services.classifier,
        services.workers,
        over_budget=policy.on_uninspectable.get(Uninspectable.TEXT, "deny"),
        key=services.redact_key,
        sieve=services.sieve,
    )


INSPECTORS: tuple[Entry, ...] = (
    Entry("coverage", None, lambda _s, policy, _r, _v: Coverage(policy.on_uninspectable)),
    Entry("access", AccessSettings, lambda s, _p, _r, _v: Access(s)),
    Entry("limits", LimitsSettings, lambda s, _p, _r, v: Limits(s, v.state)),
    Entry("budget", BudgetSettings, lambda s, _p, r, v: Budget(s, v.state, r)),
    Entry(
        "sensitivity",
        SensitivitySettings,
        _sensitivity,
    ),
    # The same section once more: who may send data of the label that is known by now.
    Entry("access", AccessSettings, lambda s, _p, _r, _v: LabelAccess(s)),
    Entry("injection", InjectionSettings, _injection),
    Entry("route", RouteSettings, lambda s, _p, r, v: Route(s, r, v.health)),
    # It looks at nothing yet: it asks for the answer.
    Entry("output", OutputSettings, _output),
    Entry("output", OutputSettings, _answer_scan),
    Entry(
        "cache",
        CacheSettings,
        lambda s, p, _r, v: Cache(
            s,
            p.fingerprint,
            v.embedder,
            v.entries,
            verifier=v.verifier,
            flights=v.flights,
            sightings=v.sightings,
            serves=p.mode_of(s) is Mode.ENFORCE,
        ),
    ),
)

SECTIONS: Mapping[str, type[Section]] = {
    **{entry.name: entry.settings for entry in INSPECTORS if entry.settings is not None},
    "audit": AuditSettings,
}
"""What a policy may contain beside its own fields."""

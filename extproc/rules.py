"""One loaded policy set, ready to run: a pipeline for each policy. Swapped whole on reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extproc.exchange import Route
from extproc.identity import IdentityConfig
from extproc.inspectors import INSPECTORS, Entry
from extproc.inspectors.cache.inspector import Cache
from extproc.inspectors.services import Services
from extproc.pipeline import Pipeline, Stage
from extproc.policy.model import Policy, PolicySet
from extproc.verdict import Mode

WITHOUT_DOCUMENT = frozenset({"access", "sensitivity", "route"})
"""Stages that have something to say on a request without a body: a rule may label a caller."""


@dataclass(frozen=True, slots=True)
class Governed:
    """One policy and its two pipelines: for requests with a document, and without."""

    policy: Policy
    pipeline: Pipeline
    bodyless: Pipeline
    cache: Cache | None
    """The stage that keeps answers, when the policy has one."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a session needs to know of the policy set; immutable."""

    policies: PolicySet
    identity: IdentityConfig | None
    governed: Mapping[str, Governed]
    max_body_bytes: int
    """The largest of all policies: what may be read before the policy is known."""

    nothing: Policy
    """Stands in for a policy until one is found: its reference names the set."""
    default_route: Route | None
    """For requests that no policy covers and that carry no prompt."""

    def lookup(self, *, caller: str, tenant: str, path: str, model: str | None) -> Governed | None:
        policy = self.policies.lookup(caller=caller, tenant=tenant, path=path, model=model)
        return None if policy is None else self.governed[policy.name]


def compile_rules(
    policies: PolicySet,
    services: Services,
    *,
    identity: IdentityConfig | None,
    leave_out: frozenset[str] = frozenset(),
    exhaustive: bool = False,
) -> Rules:
    """Builds every pipeline of the set; models and state come from `services` and are shared."""
    governed: dict[str, Governed] = {}
    for policy in policies.policies:
        stages = [
            stage
            for entry in INSPECTORS
            if entry.name not in leave_out
            and (stage := _stage(entry, policy, policies, services)) is not None
        ]
        deadline_s = policy.deadline_ms / 1000
        governed[policy.name] = Governed(
            policy,
            Pipeline(stages, deadline_s, exhaustive=exhaustive),
            Pipeline([s for s in stages if s.name in WITHOUT_DOCUMENT], deadline_s),
            next((s.inspector for s in stages if isinstance(s.inspector, Cache)), None),
        )
    return Rules(
        policies,
        identity,
        governed,
        max_body_bytes=max((p.max_body_bytes for p in policies.policies), default=0),
        nothing=Policy("none", "", policies.digest),
        default_route=_default_route(policies),
    )


def _default_route(policies: PolicySet) -> Route | None:
    pool = next(iter(policies.registry.pools), None)
    return None if pool is None else Route(model="", pool=pool, upstream_name="", version="")


def _stage(entry: Entry, policy: Policy, policies: PolicySet, services: Services) -> Stage | None:
    if entry.settings is None:
        inspector = entry.build(None, policy, policies.registry, services)
        return Stage(entry.name, inspector, policy.mode, policy.on_error)
    section = policy.section(entry.settings)
    if section is None or policy.mode_of(section) is Mode.OFF:
        return None
    inspector = entry.build(section, policy, policies.registry, services)
    return Stage(entry.name, inspector, policy.mode_of(section), policy.on_error_of(section))

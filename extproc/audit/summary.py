"""One pass over records to the numbers of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
Key = tuple[str, ...]

KEPT_EVENTS = 200
"""Policy changes and troubles listed one by one; `Summary.events_left_out` counts the rest."""


@dataclass(slots=True)
class Spend:
    """Sums over exchanges."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: int = 0
    """Exchanges with at least one number that is our own count."""
    usd: float = 0.0

    def add(self, record: Record) -> None:
        tokens = record.get("tokens") or {}
        self.requests += 1
        self.usd += float(record.get("cost_usd") or 0)
        # Records from before the field: whoever asked a model was billed.
        if tokens.get("billed", record.get("upstream") is not None):
            self.input_tokens += int(tokens.get("input") or 0)
            self.output_tokens += int(tokens.get("output") or 0)
            self.estimated += bool(tokens.get("estimated"))


@dataclass(slots=True)
class Saved:
    """What answers from the cache would have cost; nobody was billed for them."""

    hits: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0

    def add(self, record: Record) -> None:
        tokens = record.get("tokens") or {}
        self.hits += 1
        self.input_tokens += int(tokens.get("input") or 0)
        self.output_tokens += int(tokens.get("output") or 0)
        self.usd += float(record["cache"].get("saved_usd") or 0)


@dataclass(slots=True)
class Summary:
    """Counts of one selection of records."""

    exchanges: int = 0
    first: str | None = None
    last: str | None = None
    actions: Counter[Key] = field(default_factory=Counter)
    """(action,)"""
    refusals: Counter[Key] = field(default_factory=Counter)
    """(code, policy)"""
    rules: Counter[Key] = field(default_factory=Counter)
    """(inspector, rule, mode, action)"""
    labels: Counter[Key] = field(default_factory=Counter)
    """(label, where it went)"""
    coverage: Counter[Key] = field(default_factory=Counter)
    """(kind, what) of what was not inspected"""
    cache: Counter[Key] = field(default_factory=Counter)
    """(state,)"""
    saved: dict[Key, Saved] = field(default_factory=dict)
    """By (tenant, policy, tier)."""
    spend: dict[Key, Spend] = field(default_factory=dict)
    """By (tenant, policy, model, variant)."""
    total: Spend = field(default_factory=Spend)
    events: list[Record] = field(default_factory=list)
    """Records of other types than exchanges and checkpoints."""
    events_left_out: int = 0


def summarise(records: Iterable[Record]) -> Summary:
    summary = Summary()
    for record in records:
        kind = record.get("type")
        if kind is None:
            _exchange(summary, record)
        elif kind != "checkpoint":
            if len(summary.events) < KEPT_EVENTS:
                summary.events.append(record)
            else:
                summary.events_left_out += 1
    return summary


def _exchange(summary: Summary, record: Record) -> None:
    summary.exchanges += 1
    ts = str(record.get("ts"))
    summary.first = min(summary.first or ts, ts)
    summary.last = max(summary.last or ts, ts)
    action, policy = _text(record.get("action")), _name(record.get("policy"))
    summary.actions[(action,)] += 1
    if record.get("code") is not None:
        summary.refusals[(_text(record["code"]), policy)] += 1
    # One exchange counts once for a rule, however many findings the rule made in it.
    rules = {_rule(finding) for finding in record.get("findings") or ()}
    for rule in rules:
        summary.rules[(*rule, action)] += 1
    if record.get("sensitivity") is not None:
        summary.labels[(_text(record["sensitivity"]), _where(record))] += 1
    for what in {tuple(str(item).split(":", 2)[:2]) for item in record.get("coverage") or ()}:
        summary.coverage[what if len(what) == 2 else (*what, "")] += 1
    cache = record.get("cache") or {}
    summary.cache[(_text(cache.get("state")),)] += 1
    tier = _text(cache.get("state"))
    if tier.startswith("hit-"):
        whose = (_text(record.get("tenant")), policy, tier.removeprefix("hit-"))
        summary.saved.setdefault(whose, Saved()).add(record)
    summary.total.add(record)
    key = (
        _text(record.get("tenant")),
        policy,
        _text(record.get("model_served")),
        _text(record.get("variant")),
    )
    summary.spend.setdefault(key, Spend()).add(record)


def _where(record: Record) -> str:
    if str((record.get("cache") or {}).get("state")).startswith("hit-"):
        return "cache"
    if record.get("action") in {"block", "aborted"}:
        return "nowhere (refused)" if record.get("upstream") is None else _text(record.get("pool"))
    return _text(record.get("pool"))


def _rule(finding: Record) -> Key:
    return _text(finding.get("inspector")), _text(finding.get("rule")), _text(finding.get("mode"))


def _name(policy: object) -> str:
    return _text(policy).split("@", 1)[0]


def _text(value: object) -> str:
    return "–" if value is None else str(value)

"""What Prometheus scrapes. Two calls an exchange: `decided` and `completed`.

No label ever holds text of a request. Labels a client can choose are bounded
(`extproc.telemetry.series`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from extproc.exchange import Timing
from extproc.outcome import Decision
from extproc.telemetry.series import Values, counter, histogram

CONTENT_TYPE = CONTENT_TYPE_LATEST

SURFACES = frozenset(
    {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages"}
)

_FAST = (0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_SLOW = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0)


class AuditState(Protocol):
    """What the audit log says about itself."""

    @property
    def queued(self) -> int: ...
    @property
    def written(self) -> int: ...
    @property
    def dropped(self) -> int: ...
    @property
    def failing(self) -> str | None: ...
    @property
    def seq(self) -> int: ...


class CacheStanding(Protocol):
    """What the cache's store says about itself."""

    @property
    def vectors(self) -> int: ...
    @property
    def warming(self) -> bool: ...
    @property
    def full(self) -> bool: ...


class Metrics:
    """Every metric of the service, on a registry of its own."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        self._tenant, self._policy, self._model = Values(), Values(), Values()
        self._pool, self._variant, self._rule = Values(), Values(), Values()
        self._decisions(registry)
        self._outcomes(registry)
        self._service(registry)

    def _decisions(self, registry: CollectorRegistry) -> None:
        self._requests = counter(
            registry,
            "extproc_requests",
            "Requests decided.",
            *("policy", "action", "code", "surface"),
        )
        self._inspection = histogram(
            registry,
            "extproc_inspector_seconds",
            "Time an inspector took.",
            _FAST,
            "inspector",
        )
        self._findings = counter(
            registry, "extproc_findings", "Findings.", "inspector", "rule", "mode"
        )
        self._labels = counter(
            registry,
            "extproc_sensitivity",
            "Requests by label and pool; no pool when we answered.",
            "label",
            "pool",
        )
        self._cache = counter(
            registry, "extproc_cache", "Cache results.", "state", "policy", "tenant"
        )
        self._saved_tokens = counter(
            registry,
            "extproc_cache_saved_tokens",
            "Tokens of answers from the cache, which nobody was billed for.",
            *("direction", "state", "policy", "tenant"),
        )
        self._saved_usd = counter(
            registry,
            "extproc_cache_saved_usd",
            "What answers from the cache would have cost, in US dollars.",
            *("state", "policy", "tenant"),
        )

    def _outcomes(self, registry: CollectorRegistry) -> None:
        served = ("model", "pool", "variant", "policy", "tenant")
        self._tokens = counter(
            registry,
            "extproc_tokens",
            "Tokens billed; `estimated` when at least one number of the exchange is our count.",
            *("direction", "estimated", *served),
        )
        self._usd = counter(registry, "extproc_usd", "Spend in US dollars.", *served)
        arm = ("model", "pool", "variant")
        self._upstream = counter(
            registry, "extproc_upstream_responses", "Answers by status class.", "status", *arm
        )
        self._latency = histogram(
            registry, "extproc_upstream_seconds", "Until the answer's end.", _SLOW, *arm
        )
        self._ttft = histogram(
            registry, "extproc_upstream_ttft_seconds", "Until its first byte.", _SLOW, *arm
        )

    def _service(self, registry: CollectorRegistry) -> None:
        self.unclassified = Counter(
            "extproc_unclassified",
            "Requests that reached a model without a final decision: must be 0.",
            registry=registry,
        )
        self.residency_violations = Counter(
            "extproc_residency_violations",
            "Answers from a pool the data was not allowed to go to: must be 0.",
            registry=registry,
        )
        self.in_flight = Gauge(
            "extproc_exchanges_in_flight", "Streams being decided.", registry=registry
        )
        self._shed = counter(registry, "extproc_shed", "Requests shed.", "reason")
        self._reloads = counter(registry, "extproc_reloads", "Policy reloads.", "result")
        self._reload_ok = Gauge(
            "extproc_reload_success", "Whether the last reload was good.", registry=registry
        )
        self._reload_ts = Gauge(
            "extproc_reload_success_timestamp_seconds", "Last good reload.", registry=registry
        )
        self._degraded = Gauge(
            "extproc_state_degraded", "Whether shared state cannot be reached.", registry=registry
        )

        self._index = Gauge(
            "extproc_cache_index_vectors",
            "Questions that this process can find by likeness.",
            registry=registry,
        )
        self._warming = Gauge(
            "extproc_cache_index_warming",
            "Whether the index is still being filled from shared state.",
            registry=registry,
        )
        self._full = Gauge(
            "extproc_cache_store_full",
            "Whether the cache's store has no memory for more answers.",
            registry=registry,
        )
        self._waiting = Gauge(
            "extproc_cache_waiting",
            "Requests that wait for the answer an identical one has asked for.",
            registry=registry,
        )

    def decided(self, decision: Decision, timings: Iterable[Timing] = ()) -> None:
        """Once for each exchange, when its decision is final."""
        policy = self._policy(_name(decision.policy))
        code = "" if decision.code is None else decision.code.value
        surface = decision.path if decision.path in SURFACES else "other"
        self._requests(policy, decision.action, code, surface).inc()
        for timing in timings:
            self._inspection(timing.inspector).observe((timing.end_ns - timing.start_ns) / 1e9)
        for finding in decision.findings:
            self._findings(finding.inspector, self._rule(finding.rule), finding.mode.value).inc()
        if decision.sensitivity is not None:
            label = self._rule(decision.sensitivity)
            pool = self._pool(decision.pool) if decision.status is None else ""
            self._labels(label, pool).inc()
        self._cache(decision.cache.state, policy, self._tenant(decision.tenant)).inc()

    def completed(self, record: Mapping[str, Any]) -> None:
        """Once for each exchange, with its audit record."""
        arm = (
            self._model(record["model_served"]),
            self._pool(record["pool"]),
            self._variant(record["variant"]),
        )
        if record["cache"]["state"].startswith("hit-"):
            self._saved(record)
        upstream = record["upstream"]
        if upstream is None:
            return
        served = (*arm, self._policy(_name(record["policy"])), self._tenant(record["tenant"]))
        tokens = record["tokens"]
        estimated = "true" if tokens["estimated"] else "false"
        self._upstream(_status_class(upstream["status"]), *arm).inc()
        self._latency(*arm).observe(upstream["latency_ms"] / 1e3)
        if upstream["ttft_ms"] is not None:
            self._ttft(*arm).observe(upstream["ttft_ms"] / 1e3)
        if tokens["billed"]:
            self._tokens("input", estimated, *served).inc(tokens["input"])
            self._tokens("output", estimated, *served).inc(tokens["output"])
            self._usd(*served).inc(record["cost_usd"])

    def _saved(self, record: Mapping[str, Any]) -> None:
        state = record["cache"]["state"]
        whose = self._policy(_name(record["policy"])), self._tenant(record["tenant"])
        for direction in ("input", "output"):
            self._saved_tokens(direction, state, *whose).inc(record["tokens"][direction])
        self._saved_usd(state, *whose).inc(record["cache"]["saved_usd"])

    def shed(self, reason: str) -> None:
        """`reason` is a fixed word, such as ``concurrency`` or ``audit``."""
        self._shed(reason).inc()

    def reloaded(self, *, ok: bool, at: float) -> None:
        """`at` in Unix seconds. A failed reload keeps the last good timestamp."""
        self._reloads("success" if ok else "failure").inc()
        self._reload_ok.set(1 if ok else 0)
        if ok:
            self._reload_ts.set(at)

    def degraded(self, is_degraded: bool) -> None:
        self._degraded.set(1 if is_degraded else 0)

    def cache_index(self, standing: CacheStanding) -> None:
        self._index.set(standing.vectors)
        self._warming.set(int(standing.warming))
        self._full.set(int(standing.full))

    def watch_waiting(self, read: Callable[[], int]) -> None:
        """`read` is called at each scrape."""
        self._waiting.set_function(read)

    def watch_audit(self, read: Callable[[], AuditState]) -> None:
        """`read` is called at each scrape."""
        self.registry.register(_AuditCollector(read))

    def render(self) -> bytes:
        """The page, in the format of `CONTENT_TYPE`."""
        return generate_latest(self.registry)


class _AuditCollector:
    def __init__(self, read: Callable[[], AuditState]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        state = self._read()
        yield CounterMetricFamily(
            "extproc_audit_records", "Audit records written.", value=state.written
        )
        yield CounterMetricFamily(
            "extproc_audit_dropped", "Audit records lost to a full queue.", value=state.dropped
        )
        yield GaugeMetricFamily(
            "extproc_audit_queued", "Audit records not yet on disk.", value=state.queued
        )
        yield GaugeMetricFamily(
            "extproc_audit_failing", "Whether writing fails now.", value=int(bool(state.failing))
        )
        yield GaugeMetricFamily("extproc_audit_seq", "Last record of the chain.", value=state.seq)


def _name(ref: str | None) -> str | None:
    """``name@digest8`` → ``name``: a new digest at each edit would be a new series."""
    return None if ref is None else ref.split("@", 1)[0]


def _status_class(status: int) -> str:
    """``0`` is an answer that never came."""
    return f"{status // 100}xx" if 100 <= status < 600 else "none"

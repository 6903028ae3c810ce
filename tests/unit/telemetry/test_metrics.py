from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from extproc.exchange import CacheResult, Timing
from extproc.outcome import Decision
from extproc.telemetry.metrics import Metrics
from extproc.telemetry.series import SERIES, VALUES
from extproc.verdict import Code, Finding

DECISION = Decision(
    request_id="req_1",
    ts=0.0,
    tenant="acme",
    caller="c",
    policy="support@01234567",
    path="/v1/chat/completions",
    action="allow",
    pool="gpu-a",
    sensitivity="public",
    cache=CacheResult("miss"),
    findings=(Finding("injection", "override", 0.9),),
)
RECORD = {
    "tenant": "acme",
    "policy": "support@01234567",
    "model_served": "large",
    "pool": "gpu-a",
    "variant": None,
    "tokens": {"input": 100, "output": 20, "estimated": False, "billed": True},
    "cost_usd": 0.5,
    "cache": {"state": "miss", "similarity": None, "saved_usd": 0.0},
    "upstream": {"status": 200, "latency_ms": 1500.0, "ttft_ms": 250.0, "flags": []},
}


@dataclass
class Audit:
    queued: int = 3
    written: int = 10
    dropped: int = 1
    failing: str | None = "ENOSPC"
    seq: int = 11


def samples(metrics):
    page = metrics.render().decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def value(metrics, name, **labels):
    return samples(metrics).get((name, frozenset(labels.items())))


@pytest.fixture
def metrics():
    return Metrics()


@pytest.mark.parametrize(
    "name", ["extproc_unclassified_total", "extproc_residency_violations_total"]
)
def test_counters_that_must_stay_0_are_there_from_the_start(metrics, name):
    assert value(metrics, name) == 0
    assert f"\n{name} 0.0\n" in metrics.render().decode()


def test_no_created_series(metrics):
    metrics.decided(DECISION, [Timing("injection", 0, 10)])
    metrics.completed(RECORD)
    assert b"_created" not in metrics.render()


def test_two_instances_do_not_share_series(metrics):
    metrics.unclassified.inc()
    assert value(Metrics(), "extproc_unclassified_total") == 0


def test_a_decision(metrics):
    metrics.decided(DECISION, [Timing("injection", 1_000_000, 3_500_000)])
    assert (
        value(
            metrics,
            "extproc_requests_total",
            policy="support",
            action="allow",
            code="",
            surface="/v1/chat/completions",
        )
        == 1
    )
    assert value(metrics, "extproc_inspector_seconds_sum", inspector="injection") == 0.0025
    labels = {"inspector": "injection", "rule": "override", "mode": "enforce"}
    assert value(metrics, "extproc_findings_total", **labels) == 1
    assert value(metrics, "extproc_sensitivity_total", label="public", pool="gpu-a") == 1
    assert value(metrics, "extproc_cache_total", state="miss", policy="support", tenant="acme") == 1


def test_a_refusal_went_to_no_pool(metrics):
    refused = replace(DECISION, action="block", code=Code.SENSITIVE_DATA, status=403)
    metrics.decided(refused)
    assert value(metrics, "extproc_sensitivity_total", label="public", pool="") == 1
    assert any(("code", "sensitive_data") in labels for _, labels in samples(metrics))


def test_paths_are_not_labels(metrics):
    metrics.decided(replace(DECISION, path="/secret/my prompt"))
    assert b"secret" not in metrics.render()


def test_an_outcome(metrics):
    metrics.completed(RECORD)
    arm = {"model": "large", "pool": "gpu-a", "variant": ""}
    served = {**arm, "policy": "support", "tenant": "acme"}
    tokens = {"estimated": "false", **served}
    assert value(metrics, "extproc_tokens_total", direction="input", **tokens) == 100
    assert value(metrics, "extproc_tokens_total", direction="output", **tokens) == 20
    assert value(metrics, "extproc_usd_total", **served) == 0.5
    assert value(metrics, "extproc_upstream_responses_total", status="2xx", **arm) == 1
    assert value(metrics, "extproc_upstream_seconds_sum", **arm) == 1.5
    assert value(metrics, "extproc_upstream_ttft_seconds_sum", **arm) == 0.25


@pytest.mark.parametrize(
    ("status", "label"), [(0, "none"), (99, "none"), (100, "1xx"), (503, "5xx"), (600, "none")]
)
def test_status_classes(metrics, status, label):
    metrics.completed(RECORD | {"upstream": RECORD["upstream"] | {"status": status}})
    arm = {"model": "large", "pool": "gpu-a", "variant": ""}
    assert value(metrics, "extproc_upstream_responses_total", status=label, **arm) == 1


def test_errors_count_no_tokens_and_no_answer_without_an_upstream(metrics):
    failed = RECORD["upstream"] | {"status": 503, "ttft_ms": None}
    unbilled = RECORD["tokens"] | {"billed": False}
    metrics.completed(RECORD | {"upstream": failed, "cost_usd": 0.0, "tokens": unbilled})
    metrics.completed(RECORD | {"upstream": None})
    names = {name for name, _ in samples(metrics)}
    assert "extproc_tokens_total" not in names
    assert "extproc_upstream_ttft_seconds_sum" not in names
    arm = {"model": "large", "pool": "gpu-a", "variant": ""}
    assert value(metrics, "extproc_upstream_seconds_count", **arm) == 1


@pytest.mark.parametrize("length", [10, 100_000])
def test_10_000_hostile_names_do_not_grow_it(metrics, length):
    def name(index):
        return f"{index}".rjust(length, "x")

    for index in range(VALUES):
        metrics.decided(replace(DECISION, tenant=name(index), path=name(index)))
        metrics.completed(RECORD | {"tenant": name(index), "model_served": name(index)})
    before = len(samples(metrics))
    size = len(metrics.render())
    for index in range(VALUES, 10_000):
        finding = Finding(name(0)[:5], name(index), 1.0)
        metrics.decided(
            replace(DECISION, tenant=name(index), policy=name(index), findings=(finding,))
        )
        metrics.completed(
            RECORD | {"tenant": name(index), "model_served": name(index), "policy": name(index)}
        )
    # Policies and rules are bounded too; each may bring its own first values, and no more.
    assert len(samples(metrics)) - before < 6 * VALUES + 50
    assert len(metrics.render()) < size + 6 * VALUES * 1000


@pytest.mark.parametrize(("count", "others"), [(VALUES - 1, 0), (VALUES, 0), (VALUES + 1, 1)])
def test_the_bound_on_values(metrics, count, others):
    for index in range(count):
        metrics.decided(replace(DECISION, tenant=f"t{index}"))
    labels = {"state": "miss", "policy": "support", "tenant": "other"}
    assert (value(metrics, "extproc_cache_total", **labels) or 0) == others


def test_the_bound_on_combinations_keeps_sums_right(metrics):
    for tenant in range(150):
        for model in range(20):
            metrics.completed(RECORD | {"tenant": f"t{tenant}", "model_served": f"m{model}"})
    found = samples(metrics)
    usd = {
        labels: amount for (name, labels), amount in found.items() if name == "extproc_usd_total"
    }
    assert len(usd) == SERIES + 1
    assert sum(usd.values()) == 150 * 20 * 0.5


def test_reloads(metrics):
    metrics.reloaded(ok=True, at=1000.0)
    metrics.reloaded(ok=False, at=2000.0)
    assert value(metrics, "extproc_reload_success") == 0
    assert value(metrics, "extproc_reload_success_timestamp_seconds") == 1000
    assert value(metrics, "extproc_reloads_total", result="failure") == 1


def test_the_audit_log_is_read_at_each_scrape(metrics):
    audit = Audit()
    metrics.watch_audit(lambda: audit)
    assert value(metrics, "extproc_audit_dropped_total") == 1
    assert value(metrics, "extproc_audit_failing") == 1
    audit.written, audit.failing = 12, None
    assert value(metrics, "extproc_audit_records_total") == 12
    assert value(metrics, "extproc_audit_failing") == 0


def test_the_rest(metrics):
    metrics.shed("concurrency")
    metrics.degraded(True)
    with metrics.in_flight.track_inprogress():
        assert value(metrics, "extproc_exchanges_in_flight") == 1
    assert value(metrics, "extproc_exchanges_in_flight") == 0
    assert value(metrics, "extproc_shed_total", reason="concurrency") == 1
    assert value(metrics, "extproc_state_degraded") == 1


def test_who_waits_is_read_at_each_scrape(metrics):
    waiting = iter((2, 0))
    metrics.watch_waiting(lambda: next(waiting))
    assert value(metrics, "extproc_cache_waiting") == 2
    assert value(metrics, "extproc_cache_waiting") == 0


def test_what_the_cache_has_saved(metrics):
    hit = {"state": "hit-semantic", "similarity": 0.97, "saved_usd": 0.25}
    spared = RECORD | {"cache": hit, "cost_usd": 0.0, "upstream": None}
    spared |= {"tokens": RECORD["tokens"] | {"billed": False}}
    for _ in range(2):
        metrics.completed(spared)
    metrics.completed(RECORD)
    whose = {"state": "hit-semantic", "policy": "support", "tenant": "acme"}
    assert value(metrics, "extproc_cache_saved_usd_total", **whose) == 0.5
    for direction, tokens in (("input", 200), ("output", 40)):
        saved = "extproc_cache_saved_tokens_total"
        assert value(metrics, saved, direction=direction, **whose) == tokens
    assert value(metrics, "extproc_cache_saved_usd_total", **(whose | {"state": "miss"})) is None

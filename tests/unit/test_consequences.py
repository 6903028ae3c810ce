"""What follows an outcome that is not what was decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extproc.audit.log import AuditLog
from extproc.consequences import Consequences
from extproc.ledger import Ledger
from extproc.outcome import Decision, Outcome
from extproc.routing.health import Health
from extproc.telemetry.metrics import Metrics
from extproc.telemetry.traces import Tracer
from tests.desk import services
from tests.e2e.audit_trail import records

DECISION = Decision(
    request_id="req_1",
    ts=1.0,
    tenant="acme",
    caller="bot",
    policy="support@00000000",
    path="/v1/chat/completions",
    action="reroute",
    model_requested="large",
    model_served="private",
    pool="onprem",
    sensitivity="confidential",
    pools=("onprem",),
)
OUTCOME = Outcome(200, 12.0, 3.0, (), "onprem", 3, 4, 100, "req_1")


@pytest.fixture
async def told(tmp_path):
    """Hands an access-log outcome to the real ledger; returns the record, and the counter."""
    audit = AuditLog(tmp_path)
    await audit.start()
    metrics = Metrics()
    consequences = Consequences(
        audit=audit,
        metrics=metrics,
        tracer=Tracer(),
        health=Health(),
        state=services().state,
    )

    async def tell(decision, outcome):
        ledger = Ledger([consequences.completed], lambda: 2.0)
        carried = ledger.forward(decision, relayed=False)
        ledger.complete(replace(outcome, decision=carried))
        await consequences.close()
        await audit.close()
        (entry,) = [r for r in records(tmp_path) if r.get("request_id") == decision.request_id]
        text = metrics.render().decode()
        return entry, float(text.split("\nextproc_residency_violations_total ")[1].split("\n")[0])

    return tell


def outcome_rules(entry):
    return [f["rule"] for f in entry["findings"] if f["inspector"] == "outcome"]


async def test_an_outcome_as_decided_is_no_violation(told):
    entry, violations = await told(DECISION, OUTCOME)
    assert (outcome_rules(entry), violations) == ([], 0)


async def test_a_forged_outcome_from_another_pool_is_counted_and_recorded(told):
    entry, violations = await told(DECISION, replace(OUTCOME, cluster="cloud"))
    assert outcome_rules(entry) == ["another_pool_than_decided", "residency_violation"]
    assert violations == 1


async def test_a_pool_that_was_decided_against_the_label_is_a_violation(told):
    """The route's own mistake: what was decided is not enough to compare with."""
    wrong = replace(DECISION, pool="cloud")
    entry, violations = await told(wrong, replace(OUTCOME, cluster="cloud"))
    assert outcome_rules(entry) == ["residency_violation"]
    assert violations == 1


async def test_another_compliant_pool_is_recorded_as_what_it_is(told):
    allowed = replace(DECISION, pools=("gpu-a", "onprem"))
    entry, violations = await told(allowed, replace(OUTCOME, cluster="gpu-a"))
    assert outcome_rules(entry) == ["another_pool_than_decided"]
    assert violations == 1


async def test_nobody_contacted_is_no_violation(told):
    entry, violations = await told(DECISION, replace(OUTCOME, cluster=None, status=503))
    assert (outcome_rules(entry), violations) == ([], 0)


@pytest.mark.parametrize(
    ("flags", "pools", "code"),
    [
        (("UF", "URX"), ("onprem",), "no_compliant_model"),
        (("UH",), ("onprem",), "no_compliant_model"),
        (("UF",), None, None),
        ((), ("onprem",), None),
    ],
)
async def test_a_compliant_pool_that_is_not_there_is_recorded_as_the_client_was_told(
    told, flags, pools, code
):
    away = replace(OUTCOME, status=503, flags=flags, input_tokens=None, output_tokens=None)
    entry, _ = await told(replace(DECISION, pools=pools), away)
    assert entry["code"] == code
    assert entry["action"] == ("block" if code else "reroute")
    assert entry["upstream"]["flags"] == list(flags)
    assert entry["cost_usd"] == 0


def test_the_pools_survive_the_way_through_envoy():
    assert Decision.from_json(DECISION.to_json()) == DECISION
    assert Decision.from_json(replace(DECISION, pools=()).to_json()).pools == ()
    assert Decision.from_json(replace(DECISION, pools=None).to_json()).pools is None

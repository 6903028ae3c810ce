from __future__ import annotations

from dataclasses import replace

import pytest

from extproc.audit.record import record, timestamp
from extproc.exchange import CacheResult
from extproc.outcome import Answer, Decision, Outcome
from extproc.verdict import Code, Finding, Mode

CONTRACT = {
    *("ts", "request_id", "tenant", "caller", "policy", "path", "model_requested"),
    *("model_served", "pool", "variant", "action", "code", "findings", "sensitivity", "cache"),
    *("coverage", "prompt_hmac", "response_hmac", "tokens", "cost_usd", "upstream"),
}
DECISION = Decision(
    request_id="req_1",
    ts=1_700_000_000.25,
    tenant="acme",
    caller="key:dev",
    policy="default@01234567",
    path="/v1/chat/completions",
    action="allow",
    model_requested="large",
    model_served="large-v2",
    pool="gpu-b",
    variant="large-v2",
    sensitivity="public",
    cache=CacheResult("miss"),
    coverage=("media:image:$.messages[0]",),
    prompt_hmac="ab",
    input_tokens=100,
    input_usd_per_mtok=2.5,
    output_usd_per_mtok=10.0,
)
OUTCOME = Outcome(200, 812.5, 95.25, (), "gpu-b", 120, 40)
BLOCKED = replace(DECISION, action="block", code=Code.PROMPT_INJECTION, status=403)


def test_an_answered_exchange_has_every_field_of_the_contract():
    made = record(DECISION, OUTCOME, None)
    assert made.keys() == CONTRACT, "seq, prev and hash are the chain's"
    assert made["ts"] == "2023-11-14T22:13:20.250Z"
    assert made["tokens"] == {"input": 120, "output": 40, "estimated": False, "billed": True}
    assert made["cost_usd"] == pytest.approx((120 * 2.5 + 40 * 10) / 1e6)
    assert made["cache"] == {
        "state": "miss",
        "similarity": None,
        "saved_usd": 0.0,
        "origin": None,
    }
    assert made["coverage"] == ["media:image:$.messages[0]"]
    assert made["upstream"] == {"status": 200, "latency_ms": 812.5, "ttft_ms": 95.25, "flags": []}
    assert made["response_hmac"] is None


def test_a_refused_request_costs_nothing_and_has_no_upstream():
    made = record(BLOCKED, None, None)
    assert made.keys() == CONTRACT
    assert (made["action"], made["code"]) == ("block", "prompt_injection")
    assert made["upstream"] is None
    assert made["cost_usd"] == 0
    assert made["tokens"] == {"input": 100, "output": 0, "estimated": True, "billed": False}


def test_the_access_log_entry_of_our_own_answer_is_no_upstream():
    entry = Outcome(403, 3.0, None, (), None)
    assert record(BLOCKED, entry, None)["upstream"] is None


def test_findings_have_six_fields_and_no_offsets():
    finding = Finding("sensitivity", "EMAIL_ADDRESS", 0.9, "user", "$.x", Mode.MONITOR, None, 3, 9)
    made = record(replace(DECISION, findings=(finding,)), OUTCOME, None)
    assert made["findings"] == [
        {
            "inspector": "sensitivity",
            "rule": "EMAIL_ADDRESS",
            "score": 0.9,
            "channel": "user",
            "path": "$.x",
            "mode": "monitor",
        }
    ]


def test_cache_hits_report_the_stored_usage_and_bill_nothing():
    hit = CacheResult("hit-semantic", 0.97, usage={"input": 11, "output": 22}, origin="req_0")
    prices = {"input_usd_per_mtok": 2.0, "output_usd_per_mtok": 10.0}
    made = record(replace(DECISION, cache=hit, status=200, **prices), None, None)
    assert made["tokens"] == {"input": 11, "output": 22, "estimated": False, "billed": False}
    assert made["cost_usd"] == 0
    saved = made["cache"].pop("saved_usd")
    assert saved == pytest.approx((11 * 2 + 22 * 10) / 1e6)
    assert made["cache"] == {"state": "hit-semantic", "similarity": 0.97, "origin": "req_0"}
    assert made["upstream"] is None


ANSWER = Answer("cd", 7, 9, exact=True)
SILENT = replace(OUTCOME, input_tokens=None, output_tokens=None)


@pytest.mark.parametrize(
    ("outcome", "answer", "tokens"),
    [
        (OUTCOME, ANSWER, (7, 9, False)),
        (OUTCOME, replace(ANSWER, exact=False), (120, 40, False)),
        (SILENT, ANSWER, (7, 9, False)),
        (SILENT, replace(ANSWER, exact=False), (7, 9, True)),
        (SILENT, None, (100, 0, True)),
        (replace(SILENT, response_bytes=399), None, (100, 100, True)),
        (replace(SILENT, response_bytes=400), None, (100, 100, True)),
        (replace(SILENT, response_bytes=401), None, (100, 101, True)),
        (replace(OUTCOME, output_tokens=None, response_bytes=8), None, (120, 2, True)),
    ],
)
def test_whose_count_wins(outcome, answer, tokens):
    made = record(DECISION, outcome, answer)["tokens"]
    assert (made["input"], made["output"], made["estimated"]) == tokens


def test_listing_models_is_no_model_at_work():
    decision = replace(DECISION, model_requested=None, path="/v1/models")
    made = record(decision, replace(SILENT, response_bytes=4000), None)
    assert (made["tokens"]["output"], made["tokens"]["billed"]) == (0, False)
    assert made["cost_usd"] == 0.0
    # An endpoint we do not know, passed by policy: what it reports is billed.
    assert record(decision, OUTCOME, None)["cost_usd"] > 0


def test_a_model_without_a_price_is_billed_all_the_same():
    """`cost_usd: 0` does not tell a free model from an answer of the cache; `billed` does."""
    free = replace(DECISION, input_usd_per_mtok=0.0, output_usd_per_mtok=0.0)
    made = record(free, OUTCOME, None)
    assert (made["cost_usd"], made["tokens"]["billed"]) == (0.0, True)


def test_a_stream_is_guessed_by_its_frames():
    made = record(replace(DECISION, stream=True), replace(SILENT, response_bytes=2001), None)
    assert made["tokens"] == {"input": 100, "output": 11, "estimated": True, "billed": True}


def test_embeddings_have_no_output():
    decision = replace(DECISION, path="/v1/embeddings")
    outcome = replace(OUTCOME, output_tokens=None, response_bytes=9999)
    assert record(decision, outcome, None)["tokens"] == {
        "input": 120,
        "output": 0,
        "estimated": False,
        "billed": True,
    }


def test_an_abort_is_billed_for_what_was_produced():
    aborted = Outcome(0, 500.0, 50.0, ("DC",), "gpu-b", response_bytes=400)
    made = record(DECISION, aborted, None)
    assert made["cost_usd"] == pytest.approx((100 * 2.5 + 100 * 10) / 1e6)
    assert made["upstream"]["flags"] == ["DC"]


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(503, 5.0, 4.0, (), "gpu-b", response_bytes=400),
        Outcome(429, 5.0, 4.0, (), "gpu-b", response_bytes=400),
        Outcome(0, 500.0, None, ("DC",), "gpu-b"),
        Outcome(503, 5.0, None, ("UH",), None, response_bytes=19),
    ],
)
def test_errors_and_unbegun_answers_cost_nothing(outcome):
    made = record(DECISION, outcome, None)
    assert made["cost_usd"] == 0
    assert made["tokens"]["output"] == 0


def test_envoys_own_error_keeps_its_flags():
    made = record(DECISION, Outcome(503, 5.0, None, ("UH",), None), None)
    assert made["upstream"]["flags"] == ["UH"]


def test_an_outcome_that_never_came_has_no_upstream():
    made = record(DECISION, None, None)
    assert made["upstream"] is None
    assert made["cost_usd"] == 0


@pytest.mark.parametrize(
    ("mode", "action", "code"),
    [(Mode.ENFORCE, "block", "content_policy"), (Mode.MONITOR, "allow", None)],
)
def test_a_refusal_in_the_answer_is_the_verdict_when_enforced(mode, action, code):
    finding = Finding("output", "pii", 1.0, mode=mode, code=Code.CONTENT_POLICY)
    made = record(DECISION, OUTCOME, Answer(findings=(finding,)))
    assert (made["action"], made["code"]) == (action, code)
    assert len(made["findings"]) == 1


def test_times_sort_as_text():
    assert timestamp(0) == "1970-01-01T00:00:00.000Z"
    assert timestamp(1.0005) < timestamp(1.002) < timestamp(61)


def test_what_a_stream_said_at_its_start_is_no_total_when_the_client_left():
    """Anthropic's first event says one output token: a client that leaves is billed for more."""
    streamed = replace(DECISION, stream=True, path="/v1/messages")
    left = replace(OUTCOME, flags=("DC",), output_tokens=1, response_bytes=8_000)
    made = record(streamed, left, Answer("ab", 120, 37, exact=False))
    assert made["tokens"] == {"input": 120, "output": 37, "estimated": True, "billed": True}
    unread = record(streamed, left, None)
    assert unread["tokens"]["output"] == 40
    assert unread["tokens"]["estimated"] is True


def test_a_chat_stream_says_its_total_at_its_end_so_a_client_that_leaves_there_had_it_all():
    """SDKs close the connection behind `[DONE]`, often before Envoy has seen the end."""
    streamed = replace(DECISION, stream=True)
    made = record(streamed, replace(OUTCOME, flags=("DC",)), None)
    assert made["tokens"] == {"input": 120, "output": 40, "estimated": False, "billed": True}
    without = replace(SILENT, flags=("DC",), response_bytes=2001)
    assert record(streamed, without, None)["tokens"]["estimated"] is True

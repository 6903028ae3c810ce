"""The audit record of one exchange: what was decided, what it cost, what came of it.

A pure function of the decision, the access-log outcome and what our response
phase learned. Holds no text of the request or of the answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from extproc.outcome import Answer, Decision, Outcome
from extproc.verdict import Code, Finding, Mode

Record = dict[str, Any]

BYTES_PER_TOKEN = 4
"""Of a JSON answer, for answers whose tokens nobody counted."""
BYTES_PER_STREAMED_TOKEN = 200
"""Of an SSE answer: each token comes in a frame of about this size."""

_NOTHING = Answer()
_LEFT = frozenset({"DC", "DR"})
"""Envoy's flags of a client that went before the end."""


def record(decision: Decision, outcome: Outcome | None, answer: Answer | None) -> Record:
    """The contract's fields but `seq`, `prev` and `hash`, which the chain adds."""
    answer = answer or _NOTHING
    if outcome is not None and answer.status is not None:
        outcome = replace(outcome, status=answer.status)
    action, code = _verdict(decision, answer)
    tokens = _tokens(decision, outcome, answer)
    return {
        "ts": timestamp(decision.ts),
        "request_id": decision.request_id,
        "tenant": decision.tenant,
        "caller": decision.caller,
        "policy": decision.policy,
        "path": decision.path,
        "model_requested": decision.model_requested,
        "model_served": decision.model_served,
        "pool": decision.pool,
        "variant": decision.variant,
        "action": action,
        "code": code,
        "findings": [_finding(finding) for finding in (*decision.findings, *answer.findings)],
        "sensitivity": decision.sensitivity,
        "cache": _cache(decision, tokens),
        "coverage": list(decision.coverage),
        "prompt_hmac": decision.prompt_hmac,
        "response_hmac": answer.response_hmac,
        "tokens": tokens,
        "cost_usd": _cost(decision, tokens) if tokens["billed"] else 0.0,
        "upstream": _upstream(decision, outcome),
    }


def _cache(decision: Decision, tokens: Record) -> Record:
    """On hits also what the model that was spared would have cost, at today's price.

    `origin` is the id of the record of the exchange whose answer was given again.
    """
    hit = decision.cache.state.startswith("hit-")
    return {
        "state": decision.cache.state,
        "similarity": decision.cache.similarity,
        "saved_usd": _cost(decision, tokens) if hit else 0.0,
        "origin": decision.cache.origin,
    }


def timestamp(seconds: float) -> str:
    """Unix seconds → RFC 3339 in UTC with milliseconds; sorts as text."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _verdict(decision: Decision, answer: Answer) -> tuple[str, str | None]:
    """A refusal in the response phase comes after the request was allowed."""
    if decision.code is None:
        for finding in answer.findings:
            if finding.code is not None and finding.mode is Mode.ENFORCE:
                return "block", Code(finding.code).value
        if answer.redacted:
            return "redact", None
    return decision.action, None if decision.code is None else decision.code.value


def _finding(finding: Finding) -> Record:
    return {
        "inspector": finding.inspector,
        "rule": finding.rule,
        "score": finding.score,
        "channel": finding.channel,
        "path": finding.path,
        "mode": finding.mode.value,
    }


def _served_by_us(decision: Decision) -> bool:
    return decision.status is not None or decision.cache.state.startswith("hit-")


def _upstream(decision: Decision, outcome: Outcome | None) -> Record | None:
    """`None` when nobody was contacted and Envoy had nothing to say about it."""
    if outcome is None or _served_by_us(decision):
        return None
    if outcome.cluster is None and not outcome.flags:
        return None
    return {
        "status": outcome.status,
        "latency_ms": outcome.latency_ms,
        "ttft_ms": outcome.ttft_ms,
        "flags": list(outcome.flags),
    }


def _tokens(decision: Decision, outcome: Outcome | None, answer: Answer) -> Record:
    """The answer's own usage wins, then Envoy's, then our count.

    `estimated` says that at least one of the two numbers is ours, `billed` that a model has
    earned them: not on hits of the cache, which report the usage of the answer they give again.
    """
    if decision.cache.usage is not None:
        usage, estimated = decision.cache.usage, decision.cache.estimated
        used = usage.get("input", 0), usage.get("output", 0)
        return _counts(*used, billed=False, estimated=estimated)
    if outcome is None or outcome.cluster is None or _served_by_us(decision):
        return _counts(decision.input_tokens, 0, billed=False, estimated=True)
    reported_in = _first(answer.input_tokens if answer.exact else None, outcome.input_tokens)
    reported_out = _first(answer.output_tokens if answer.exact else None, outcome.output_tokens)
    if decision.stream and decision.path == "/v1/messages" and _LEFT & set(outcome.flags):
        # Such a stream says a number at its start already, which is no total of what was produced.
        # The others say it at their end only, which a client that leaves there has passed.
        reported_out = None
    no_model = decision.model_requested is None or not _produced(outcome)
    if reported_in is None and reported_out is None and no_model:
        return _counts(decision.input_tokens, 0, billed=False, estimated=True)
    if reported_out is None and decision.path == "/v1/embeddings":
        reported_out = 0
    used_in = _first(reported_in, answer.input_tokens, decision.input_tokens)
    used_out = _first(reported_out, answer.output_tokens, _guess(decision, outcome))
    estimated = reported_in is None or reported_out is None
    return _counts(used_in or 0, used_out or 0, billed=True, estimated=estimated)


def _counts(used_in: int, used_out: int, *, billed: bool, estimated: bool) -> Record:
    return {"input": used_in, "output": used_out, "estimated": estimated, "billed": billed}


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _produced(outcome: Outcome) -> bool:
    """A model began to answer: also true of an answer its client left half-way."""
    return 200 <= outcome.status < 300 or (outcome.status == 0 and outcome.ttft_ms is not None)


def _guess(decision: Decision, outcome: Outcome) -> int:
    if not _produced(outcome):
        return 0
    size = BYTES_PER_STREAMED_TOKEN if decision.stream else BYTES_PER_TOKEN
    return -(-outcome.response_bytes // size)


def _cost(decision: Decision, tokens: Record) -> float:
    usd: float = (
        tokens["input"] * decision.input_usd_per_mtok
        + tokens["output"] * decision.output_usd_per_mtok
    ) / 1e6
    return round(usd, 9)

"""From a decided exchange to what is said about it: the decision, the reply, the headers."""

from __future__ import annotations

from extproc.events import Proceed, Respond
from extproc.exchange import Exchange, Route
from extproc.llm import errors
from extproc.llm.view import Dialect
from extproc.outcome import Decision
from extproc.verdict import Code, Finding, Refuse, Serve

MAX_FINDINGS = 64
"""In one record: the decision travels in Envoy's metadata. The rest are counted in `coverage`."""
NOTHING_SERVED = "none"
"""In `x-ai-model` and `x-ai-pool` when we answered with an error."""
LIMITED = "limited"
"""`residency` in the metadata of a request that only some pools may have: Envoy's own
errors say so when none of these can be reached."""


def decision(
    exchange: Exchange, action: str, code: Code | None = None, status: int | None = None
) -> Decision:
    """All that must outlive the exchange."""
    route, view = exchange.route, exchange.view
    return Decision(
        request_id=exchange.request_id,
        ts=exchange.received_at,
        tenant=exchange.identity.tenant or None,
        caller=exchange.identity.caller or None,
        policy=exchange.policy.ref,
        path=exchange.request.path,
        action=action,
        code=code,
        status=status,
        stream=view.stream if view else False,
        model_requested=view.model if view else None,
        model_served=(route.model or None) if route else None,
        pool=route.pool if route else None,
        variant=route.variant if route else None,
        experiment=route.experiment if route else None,
        findings=_findings(exchange),
        sensitivity=exchange.sensitivity.label,
        pools=None
        if exchange.sensitivity.pools is None
        else tuple(sorted(exchange.sensitivity.pools)),
        cache=exchange.cache,
        coverage=_coverage(exchange),
        prompt_hmac=exchange.prompt_hmac,
        input_tokens=exchange.input_tokens,
        input_usd_per_mtok=route.input_usd_per_mtok if route else 0.0,
        output_usd_per_mtok=route.output_usd_per_mtok if route else 0.0,
        reservation=exchange.reservation,
        trace=exchange.trace,
    )


def _findings(exchange: Exchange) -> tuple[Finding, ...]:
    """The weightiest, in their order: those that refused, then by score."""
    found = exchange.findings
    if len(found) <= MAX_FINDINGS:
        return tuple(found)
    order = sorted(range(len(found)), key=lambda i: (found[i].code is None, -found[i].score, i))
    return tuple(found[i] for i in sorted(order[:MAX_FINDINGS]))


def _coverage(exchange: Exchange) -> tuple[str, ...]:
    more = len(exchange.findings) - MAX_FINDINGS
    return (*exchange.coverage, *((f"findings:{more}_more:$",) if more > 0 else ()))


def refuse(exchange: Exchange, refusal: Refuse, dialect: Dialect) -> Respond:
    """An error in the client's dialect."""
    headers = _headers(exchange, None)
    headers["content-type"] = "application/json"
    if refusal.retry_after is not None:
        headers["retry-after"] = str(refusal.retry_after)
    if refusal.should_retry is not None:
        headers["x-should-retry"] = str(refusal.should_retry).lower()
    return Respond(
        refusal.status, headers, errors.error_body(dialect, refusal, exchange.request_id)
    )


def serve(exchange: Exchange, answer: Serve) -> Respond:
    """An answer from the cache, as the model that would have served it.

    Its usage is that of the answer it gives again, so a header says that nobody is billed for it.
    """
    headers = _headers(exchange, exchange.route) | {"x-ai-billed": "false"}
    headers["content-type"] = answer.content_type
    return Respond(200, headers, answer.body)


def forward(
    exchange: Exchange,
    route: Route,
    carried: str,
    *,
    path: str | None,
    body: bytes | None,
    remove_headers: tuple[str, ...],
    final: bool,
) -> Proceed:
    """Let the request go to its pool. `carried` is the decision, for Envoy to bring back.

    `path` replaces a variant spelling, so that the upstream cannot read it another way than
    we did; `body` replaces the request's own where it was changed or decompressed.
    """
    set_headers = {
        "x-ai-pool": route.pool,
        "x-ai-sensitivity": exchange.sensitivity.label,
    }
    if exchange.traceparent is not None:
        set_headers["traceparent"] = exchange.traceparent
    if path is not None:
        set_headers[":path"] = path
    if body is not None:
        set_headers["content-length"] = str(len(body))
    metadata = {**_facts(exchange, route), "decision": carried}
    if exchange.sensitivity.pools is not None:
        metadata["residency"] = LIMITED
    return Proceed(
        set_headers=set_headers,
        remove_headers=remove_headers,
        body=body,
        clear_route_cache=True,
        metadata=metadata,
        final=final,
    )


def _facts(exchange: Exchange, route: Route | None) -> dict[str, str]:
    """What stands on every answer, by short name."""
    facts = {
        "request_id": exchange.request_id,
        "policy": exchange.policy.ref,
        "cache": exchange.cache.state,
        "model": (route.model if route else "") or NOTHING_SERVED,
        "pool": route.pool if route else NOTHING_SERVED,
        "sensitivity": exchange.sensitivity.label,
    }
    if route and route.variant:
        facts["variant"] = route.variant
    return facts


def _headers(exchange: Exchange, route: Route | None) -> dict[str, str]:
    facts = _facts(exchange, route)
    del facts["sensitivity"]  # for Envoy and the audit; the client need not learn it
    return {"x-ai-" + name.replace("_", "-"): value for name, value in facts.items()}

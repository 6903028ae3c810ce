"""What follows a decision: the record, the metrics, the spend, the cache, the health of pools.

Nothing here is on the path of a request. What must wait for I/O runs as a
task of its own; `close` waits for them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from extproc.audit.log import AuditLog
from extproc.audit.record import Record, record
from extproc.exchange import Exchange
from extproc.outcome import Answer, Decision, Outcome
from extproc.routing.health import Health
from extproc.rules import Governed
from extproc.state import State, settle
from extproc.telemetry.logs import event
from extproc.telemetry.metrics import Metrics
from extproc.telemetry.traces import Trace, Tracer
from extproc.verdict import STATUS, Code, Finding

log = logging.getLogger(__name__)

_NOT_ALIVE = frozenset({"UF", "UH", "NC"})
"""Envoy's flags of a pool in which nobody could be reached."""


class Consequences:
    """Observer of the sessions and sink of the ledger."""

    def __init__(
        self,
        *,
        audit: AuditLog,
        metrics: Metrics,
        tracer: Tracer,
        health: Health,
        state: State,
    ) -> None:
        self._audit = audit
        self._metrics = metrics
        self._tracer = tracer
        self._health = health
        self._state = state
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, exchange: Exchange) -> None:
        exchange.traceparent, trace = self._tracer.begin(
            exchange.request.headers.get("traceparent")
        )
        exchange.trace = None if trace is None else str(trace)

    def decided(self, exchange: Exchange, decision: Decision) -> None:
        self._metrics.decided(decision, exchange.timings)
        self._tracer.decided(Trace.from_text(exchange.trace), exchange.timings)

    def answered(
        self, exchange: Exchange, governed: Governed | None, document: dict[str, Any]
    ) -> None:
        """A whole answer has been seen: the cache of the exchange's own snapshot may keep it."""
        if governed is not None and governed.cache is not None:
            self._spawn(governed.cache.store(exchange, document))

    def unanswered(self, exchange: Exchange, governed: Governed | None) -> None:
        """There is nothing to keep, and nothing to wait for."""
        if governed is not None and governed.cache is not None:
            governed.cache.release(exchange)

    def completed(self, decision: Decision, outcome: Outcome | None, answer: Answer | None) -> None:
        """The end of an exchange, told once by the ledger."""
        if outcome is not None and outcome.cluster is not None:
            decision = self._checked(decision, outcome.cluster)
        if outcome is not None and _nobody_there(decision, outcome):
            decision = replace(decision, action="block", code=Code.NO_COMPLIANT_MODEL)
        entry = record(decision, outcome, answer)
        self._audit.append(entry)
        self._metrics.completed(entry)
        self._tracer.completed(decision, entry)
        if decision.action == "unclassified":
            self._metrics.unclassified.inc()
        if outcome is not None and decision.pool is not None and decision.status is None:
            self._health.observe(decision.pool, ok=_answered_well(outcome))
        if decision.reservation is not None:
            used = entry["tokens"] if _produced(entry) else {"input": 0, "output": 0}
            self._spawn(
                settle(
                    self._state,
                    decision.reservation,
                    usd=entry["cost_usd"],
                    tokens=used["input"] + used["output"],
                )
            )

    async def close(self) -> None:
        """Waits for what is still under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _checked(self, decision: Decision, cluster: str) -> Decision:
        """Held against what was decided: the record and the counter say when it does not agree.

        A pool that was not decided counts even where no label limits the request: nobody knows
        what else went wrong.
        """
        findings = []
        if cluster != decision.pool:
            findings.append(Finding("outcome", "another_pool_than_decided", 1.0))
        if decision.pools is not None and cluster not in decision.pools:
            findings.append(Finding("outcome", "residency_violation", 1.0))
        if not findings:
            return decision
        self._metrics.residency_violations.inc()
        event(log, logging.ERROR, "residency violated", request_id=decision.request_id)
        return replace(decision, findings=(*decision.findings, *findings))

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(_guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _guarded(work: Coroutine[Any, Any, object]) -> None:
    try:
        await work
    except Exception as error:  # the exchange is over: there is nobody left to tell but the log
        event(log, logging.WARNING, "follow-up failed", error=type(error).__name__)


def _nobody_there(decision: Decision, outcome: Outcome) -> bool:
    """Envoy reached none of the pools that may have the data, and has told the client so."""
    return (
        decision.pools is not None
        and outcome.status == STATUS[Code.NO_COMPLIANT_MODEL]
        and not _NOT_ALIVE.isdisjoint(outcome.flags)
    )


def _produced(entry: Record) -> bool:
    """A model worked for it: refusals, hits and failed calls give their reservation back."""
    return entry["upstream"] is not None and entry["upstream"]["status"] < 400


def _answered_well(outcome: Outcome) -> bool:
    """A client that left, or asked for nonsense, says nothing about the pool."""
    return 0 < outcome.status < 500 or "DC" in outcome.flags or "DR" in outcome.flags

"""Joins each decision to its outcome, and tells the sinks exactly once.

Envoy carries the decision and hands it back in the access log. Beside that the
ledger keeps a bounded journal, so that an outcome that never comes still ends
in a record, and holds back an outcome while our own response phase is running.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from extproc.outcome import Answer, Decision, Outcome
from extproc.telemetry.logs import event

log = logging.getLogger(__name__)

Sink = Callable[[Decision, Outcome | None, Answer | None], None]


class Ledger:
    """`journal` bounds the exchanges remembered; `patience_s` how long an outcome may take.

    When the journal is full the oldest entry is forgotten, not completed: its
    decision is still in Envoy's hands and returns with the access log.
    """

    def __init__(
        self,
        sinks: Sequence[Sink],
        clock: Callable[[], float],
        *,
        journal: int = 20_000,
        patience_s: float = 3600.0,
    ) -> None:
        self._sinks = tuple(sinks)
        self._clock = clock
        self._limit = journal
        self._patience_s = patience_s
        self._journal: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._relaying: dict[str, Outcome | None] = {}
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._written: OrderedDict[str, None] = OrderedDict()

    def finish(self, decision: Decision) -> None:
        """An exchange we answered ourselves, or that ended before it was decided."""
        self._tell(decision, None, None)

    def forward(self, decision: Decision, *, relayed: bool) -> str:
        """A request that goes to a model: returns the decision for Envoy to carry."""
        text = decision.to_json()
        self._journal[decision.request_id] = (self._clock(), text)
        if len(self._journal) > self._limit:
            self._journal.popitem(last=False)
        if relayed:
            self._relaying[decision.request_id] = None
        return text

    def answered(self, request_id: str, answer: Answer | None) -> None:
        """Our response phase of a relayed exchange is over, however it ended."""
        outcome = self._relaying.pop(request_id, None)
        if answer is not None:
            self._answers[request_id] = answer
            if len(self._answers) > self._limit:
                self._answers.popitem(last=False)
        if outcome is not None:
            self.complete(outcome)

    def complete(self, outcome: Outcome) -> None:
        """An access-log entry has arrived."""
        request_id = outcome.request_id
        if request_id in self._relaying and request_id is not None:
            self._relaying[request_id] = outcome
            return
        decision = self._decision(outcome)
        if decision is not None:
            self._tell(decision, outcome, self._answers.pop(decision.request_id, None))
        elif outcome.cluster is not None:
            self._tell(_unclassified(outcome, self._clock()), outcome, None)

    def expire(self) -> None:
        """Completes what has waited longer than `patience_s`. Call it from time to time."""
        oldest = self._clock() - self._patience_s
        while self._journal:
            request_id, (since, text) = next(iter(self._journal.items()))
            if since > oldest or request_id in self._relaying:
                return
            del self._journal[request_id]
            self._tell(Decision.from_json(text), None, self._answers.pop(request_id, None))

    @property
    def open(self) -> int:
        """Exchanges whose outcome is still to come."""
        return len(self._journal)

    def flush(self) -> tuple[str, ...]:
        """At shutdown: every exchange that is still open ends in a record now.

        Returns their ids. Envoy may still hand their decisions to the next
        process, which must be told of them with `told_before`.
        """
        ids = tuple(self._journal)
        self._relaying.clear()
        for request_id, (_, text) in list(self._journal.items()):
            self._tell(Decision.from_json(text), None, self._answers.pop(request_id, None))
        self._journal.clear()
        return ids

    def told_before(self, request_ids: Iterable[str]) -> None:
        """Exchanges that another process has already written."""
        self._written.update(dict.fromkeys(request_ids))

    def _decision(self, outcome: Outcome) -> Decision | None:
        remembered = self._journal.pop(outcome.request_id or "", None)
        text = outcome.decision or (remembered[1] if remembered else None)
        if text is None:
            return None
        try:
            return Decision.from_json(text)
        except ValueError:
            event(log, logging.ERROR, "access-log entry with a foreign decision")
            return None

    def _tell(self, decision: Decision, outcome: Outcome | None, answer: Answer | None) -> None:
        if decision.request_id in self._written:
            return
        self._written[decision.request_id] = None
        if len(self._written) > self._limit:
            self._written.popitem(last=False)
        for sink in self._sinks:
            try:
                sink(decision, outcome, answer)
            except Exception as error:  # one sink's failure must not cost the others their record
                event(log, logging.ERROR, "sink failed", error=type(error).__name__)


def _unclassified(outcome: Outcome, now: float) -> Decision:
    """A request that reached a model without a decision: the silent fail-open, made loud."""
    return replace(
        Decision(
            request_id=outcome.request_id or f"unclassified-{now:.6f}",
            ts=now,
            tenant=None,
            caller=None,
            policy=None,
            path="",
            action="unclassified",
        ),
        pool=outcome.cluster,
    )

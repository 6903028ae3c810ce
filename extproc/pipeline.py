"""The inspectors of one policy, run in order: mode, on_error and deadline live here alone."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extproc.answers import Placed
from extproc.exchange import Exchange, Sensitivity, Timing
from extproc.inspectors.base import RequestInspector
from extproc.models.workers import Overloaded
from extproc.policy.section import OnError
from extproc.telemetry.logs import event
from extproc.verdict import Change, Code, Edit, Finding, Mode, Redact, Refuse, Serve, Verdict

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """One inspector, with what its section of the policy says about it."""

    name: str
    inspector: RequestInspector
    mode: Mode
    on_error: OnError


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the pipeline decided: an answer of ours, or changes to forward with."""

    answer: Refuse | Serve | None
    changes: tuple[Change, ...]


class Pipeline:
    """Runs the stages in order until one answers, within one deadline for all.

    `exhaustive` runs every stage whatever the earlier ones said (offline
    evaluation); the first answer still wins.
    """

    def __init__(
        self, stages: Sequence[Stage], deadline_s: float, *, exhaustive: bool = False
    ) -> None:
        self.stages = tuple(stages)
        self._deadline_s = deadline_s
        self._exhaustive = exhaustive

    async def run(self, exchange: Exchange) -> Ruling:
        """Never raises, except when cancelled from outside."""
        deadline = asyncio.get_running_loop().time() + self._deadline_s
        answer: Refuse | Serve | None = None
        changes: list[Change] = []
        for stage in self.stages:
            label = exchange.sensitivity
            verdict = await _inspect(stage, exchange, deadline)
            _record(stage, verdict, exchange)
            _place(stage, verdict, exchange)
            if stage.mode is Mode.MONITOR:
                _lift(verdict, exchange, label)
            match verdict.action:
                case Edit(edits):
                    changes.extend(edits)
                case Redact(edits) if stage.mode is Mode.ENFORCE:
                    changes.extend(edits)
                    exchange.redacted = True
                case (Refuse() | Serve()) as action if stage.mode is Mode.ENFORCE:
                    answer = answer or action
            if answer is not None and not self._exhaustive:
                break
        return Ruling(answer, tuple(changes))


async def _inspect(stage: Stage, exchange: Exchange, deadline: float) -> Verdict:
    """The inspector's verdict, or the policy's when it fails or is late."""
    start = time.monotonic_ns()
    try:
        async with asyncio.timeout_at(deadline):
            return await stage.inspector.inspect(exchange)
    except Overloaded:
        return _failed(stage, exchange, "overloaded")
    except TimeoutError:
        return _failed(stage, exchange, "deadline")
    except Exception as error:  # fail closed: an inspector's bug is the policy's decision
        # The type alone: an exception's text may quote the request.
        event(
            log, logging.ERROR, "inspector failed", inspector=stage.name, error=type(error).__name__
        )
        return _failed(stage, exchange, "error")
    finally:
        exchange.timings.append(Timing(stage.name, start, time.monotonic_ns()))


def _failed(stage: Stage, exchange: Exchange, why: str) -> Verdict:
    exchange.coverage.append(f"inspector:{stage.name}:{why}")
    finding = Finding(stage.name, why, 1.0)
    if stage.on_error is OnError.ALLOW:
        return Verdict(findings=(finding,))
    if why == "overloaded":
        refuse = Refuse(Code.OVERLOADED, "the service is overloaded", retry_after=1)
    else:
        refuse = Refuse(Code.INSPECTION_UNAVAILABLE, f"the {stage.name} inspection is unavailable")
    return Verdict(refuse, (finding,))


def _record(stage: Stage, verdict: Verdict, exchange: Exchange) -> None:
    code = verdict.action.code if isinstance(verdict.action, Refuse) else None
    findings = verdict.findings
    if code is not None:
        exchange.codes.append(code)
        if not findings:
            findings = (Finding(stage.name, code, 1.0),)
    exchange.findings.extend(
        replace(finding, mode=stage.mode, code=finding.code or code) for finding in findings
    )


def _place(stage: Stage, verdict: Verdict, exchange: Exchange) -> None:
    """What was left in by a monitored section need not be put back."""
    monitored = stage.mode is Mode.MONITOR and isinstance(verdict.action, Redact)
    if verdict.answer is not None and not monitored:
        exchange.filters.append(Placed(verdict.answer, stage.name, stage.mode, stage.on_error))


def _lift(verdict: Verdict, exchange: Exchange, label: Sensitivity) -> None:
    """A monitored section records, and constrains nothing that comes after it."""
    if exchange.sensitivity is not label:
        exchange.sensitivity = replace(exchange.sensitivity, pools=label.pools)
    if isinstance(verdict.action, Serve):
        exchange.findings.append(
            Finding(
                "cache", exchange.cache.state, exchange.cache.similarity or 1.0, mode=Mode.MONITOR
            )
        )
        exchange.cache = replace(
            exchange.cache, state="bypass", usage=None, estimated=False, origin=None
        )

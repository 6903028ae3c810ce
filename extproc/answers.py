"""What may happen to an answer on its way back: filters, and the one place that runs them.

A filter knows nothing of modes, errors or dialects of errors: it changes the
answer or raises `Refusal`. In monitor mode it works on a copy.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from extproc.llm import errors
from extproc.llm.sse import Frame, SseParser
from extproc.llm.view import Surface
from extproc.policy.section import OnError
from extproc.telemetry.logs import event
from extproc.verdict import Code, Finding, Mode, Refusal, Refuse

log = logging.getLogger(__name__)

Json = dict[str, Any]

UNREAD = Refuse(Code.INSPECTION_UNAVAILABLE, "the answer could not be inspected")
_NUMBER = re.compile(r'"sequence_number": ?([0-9]+)')


class AnswerFilter(Protocol):
    """Sees one answer, as a document or frame by frame. Fresh for each exchange.

    May raise: `Refusal` when the client must not get (the rest of) the answer,
    anything else is a failure and the policy's `on_error` holds.
    """

    @property
    def must_read(self) -> bool:
        """Whether an answer that cannot be read must not pass."""
        ...

    @property
    def findings(self) -> Sequence[Finding]:
        """What was noticed until now."""
        ...

    @property
    def took_out(self) -> bool:
        """Whether the client got less than the model said."""
        ...

    def document(self, document: Json) -> None:
        """Changes a whole answer in place."""
        ...

    def feed(self, frame: Frame) -> Sequence[Frame]:
        """What goes on in place of `frame`; what is held back comes later."""
        ...

    def end(self) -> Sequence[Frame]: ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A filter, with what its section of the policy says about it."""

    filter: AnswerFilter
    stage: str
    mode: Mode
    on_error: OnError

    @property
    def guards(self) -> bool:
        """Whether an answer that it did not see must not pass."""
        return self.filter.must_read and self.mode is Mode.ENFORCE and self.on_error is OnError.DENY


class Filtered:
    """One filter at work on one answer; a scan of the relay when that is streamed."""

    def __init__(self, placed: Placed, surface: Surface, request_id: str) -> None:
        self._placed = placed
        self._filter = placed.filter
        self._surface = surface
        self._request_id = request_id
        self._failures: list[Finding] = []
        self._objects = False
        self._gone = False
        """It failed and was let go: what follows passes as it is."""
        self._over = False
        """The client has been told that this is the end."""
        self.refused: Refuse | None = None
        """What ended the stream."""
        self._next_number = 0

    @property
    def holds_all(self) -> bool:
        """Whether a stream must come to the client in one piece, or as an error in its place."""
        return bool(getattr(self._filter, "holds_all", False))

    @property
    def guards(self) -> bool:
        return self._placed.guards

    @property
    def slow(self) -> bool:
        """Whether it takes milliseconds even for a small piece."""
        return bool(getattr(self._filter, "slow", False))

    @property
    def objects(self) -> bool:
        """Whether the answer is one that must not be given again, monitored or not.

        So is one that it failed on: the policy may let it pass once, and nobody has checked it.
        """
        return self._objects or bool(self._failures)

    @property
    def took_out(self) -> bool:
        return self._filter.took_out and self._placed.mode is Mode.ENFORCE

    def findings(self) -> list[Finding]:
        """As the audit wants them: with the section's mode."""
        mode = self._placed.mode
        return [
            Finding(f.inspector, f.rule, f.score, f.channel, f.path, mode, f.code)
            for f in (*self._filter.findings, *self._failures)
        ]

    def document(self, document: Json) -> Refuse | None:
        """Changes `document` in place, unless the answer is refused."""
        monitored = self._placed.mode is Mode.MONITOR
        try:
            self._filter.document(copy.deepcopy(document) if monitored else document)
        except Refusal as refusal:
            self._objects = True
            return None if monitored else refusal.refuse
        except Exception as error:  # fail closed: a filter's bug is the policy's decision
            return self._failed(error)
        return None

    def unread(self, why: str) -> Refuse | None:
        """The answer came in a form that nobody here can read."""
        refuse = UNREAD if self._placed.guards else None
        if self._filter.must_read:
            code = Code.INSPECTION_UNAVAILABLE if refuse else None
            self._failures.append(Finding(self._placed.stage, f"unread_{why}", 1.0, code=code))
        return refuse

    def feed(self, frame: Frame) -> Sequence[Frame]:
        return self._step(lambda: self._filter.feed(frame), (frame,))

    def end(self) -> Sequence[Frame]:
        return self._step(self._filter.end, ())

    def _step(
        self, step: Callable[[], Sequence[Frame]], otherwise: Sequence[Frame]
    ) -> Sequence[Frame]:
        if self._over:
            return ()
        if self._gone:
            return otherwise
        monitored = self._placed.mode is Mode.MONITOR
        try:
            passed = step()
        except Refusal as refusal:
            self._objects = True
            if not monitored:
                return self._stop(refusal.refuse)
            self._gone = True
            return otherwise
        except Exception as error:  # fail closed: a filter's bug is the policy's decision
            refuse = self._failed(error)
            if refuse is not None:
                return self._stop(refuse)
            self._gone = True
            return otherwise if monitored else (*self._held(), *otherwise)
        passed = otherwise if monitored else passed
        self._count(passed)
        return passed

    def _held(self) -> Sequence[Frame]:
        try:
            return self._filter.end()
        except Exception:  # it has failed already, and that is recorded
            return ()

    def _stop(self, refuse: Refuse) -> Sequence[Frame]:
        """The dialect's own error and end; the upstream's rest is swallowed."""
        self._over = True
        self.refused = refuse
        parser = SseParser()
        frames = parser.feed(
            errors.error_event(self._surface, refuse, self._request_id, self._next_number)
        )
        return (*frames, *parser.end())

    def _failed(self, error: Exception) -> Refuse | None:
        # The type alone: an exception's text may quote the answer.
        stage = self._placed.stage
        event(
            log, logging.ERROR, "answer filter failed", inspector=stage, error=type(error).__name__
        )
        refuse = UNREAD if self._placed.guards else None
        code = Code.INSPECTION_UNAVAILABLE if refuse else None
        self._failures.append(Finding(stage, "error", 1.0, code=code))
        return refuse

    def _count(self, frames: Sequence[Frame]) -> None:
        if self._surface is not Surface.RESPONSES:
            return
        for frame in frames:
            if frame.data is not None and (number := _NUMBER.search(frame.data)) is not None:
                self._next_number = int(number[1]) + 1

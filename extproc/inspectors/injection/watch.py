"""What sees answers: a filter that passes text on as it is, or refuses it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from extproc.llm.rewrite import Edits, StreamRewriter, rewrite
from extproc.llm.sse import Frame
from extproc.llm.view import Surface
from extproc.verdict import Finding


class Judge(Edits, Protocol):
    """Edits that raise `Refusal` where the answer must not go on."""

    @property
    def findings(self) -> Sequence[Finding]: ...


class Watch:
    """A filter of the answer."""

    must_read = True
    took_out = False

    def __init__(self, surface: Surface, judge: Judge, *, slow: bool) -> None:
        """`slow`: the judge takes milliseconds, so it works off the event loop."""
        self.slow = slow
        self._judge = judge
        self._stream = StreamRewriter(surface, judge)

    @property
    def findings(self) -> Sequence[Finding]:
        return self._judge.findings

    def document(self, document: dict[str, Any]) -> None:
        rewrite(document, self._judge)

    def feed(self, frame: Frame) -> Sequence[Frame]:
        return self._stream.feed(frame)

    def end(self) -> Sequence[Frame]:
        return self._stream.end()

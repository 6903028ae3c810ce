"""Spans joined into the texts that are read: neighbours of one channel are one passage.

A model reads content parts, parallel tool results and the fields of a tool's
definition one after the other, so an order split over them is whole again;
and ten short strings cost one window instead of ten.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, groupby

from extproc.llm.view import Channel, Span

_JOINT = "\n"


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighbouring spans of one channel, as one text."""

    channel: Channel
    text: str
    spans: tuple[Span, ...]
    starts: tuple[int, ...]
    """Where each span begins in `text`."""

    def locate(self, start: int, end: int) -> tuple[Span, int, int]:
        """The span in which ``text[start:end]`` begins, and the part of it inside that span."""
        at = max(0, bisect_right(self.starts, start) - 1)
        span, offset = self.spans[at], self.starts[at]
        size = len(span.text)
        return span, min(start - offset, size), min(end - offset, size)


def join(spans: Iterable[Span]) -> list[Passage]:
    """Passages of all spans that hold anything, in document order."""
    return [
        _passage(channel, tuple(run))
        for channel, run in groupby((s for s in spans if s.text), key=lambda s: s.channel)
    ]


def _passage(channel: Channel, spans: tuple[Span, ...]) -> Passage:
    starts = accumulate((len(s.text) + len(_JOINT) for s in spans[:-1]), initial=0)
    return Passage(channel, _JOINT.join(s.text for s in spans), spans, tuple(starts))

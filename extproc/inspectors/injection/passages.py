"""Spans as the texts that are read: each by itself, and neighbours of one channel together.

A model reads content parts, messages and turns one after the other, so an
order split over them is whole again. Each span is read alone, where nothing
beside it waters it down; and the spans of a channel, over the whole
conversation, are read once more as chapters: some hundred words of
neighbours, of long spans the edges. A chapter is closed when it is full, so
a new turn changes the last one only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from extproc.llm.view import Channel, Span

EDGE = 240
"""Code points at each end of a long span that its neighbours are read with."""
CHAPTER = 600
"""Code points from which on a chapter is closed, so that a new turn costs one of this size."""
LONG_CHAPTER = 4_000
"""The same where the chapters are all that is read: they repeat less of each other."""
_ADDRESS = 256
"""Code points at the end of a part in which the start of an address is looked for."""
_PART = 16
"""Neighbours from this size on are parts of one text rather than names and values."""
_JOINT = "\n"


class Piece(NamedTuple):
    """A part of a span: ``span.text[offset:offset + len(text)]``."""

    at: int
    """Which span of the request."""
    span: Span
    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One text to read: a whole span, or pieces of several of one channel."""

    channel: Channel
    pieces: tuple[Piece, ...]
    text: str
    starts: tuple[int, ...]
    """Where each piece begins in `text`."""

    @property
    def joined(self) -> bool:
        return len(self.pieces) > 1

    @property
    def parts(self) -> bool:
        """Whether pieces stand side by side in the request, as the parts of one message do."""
        return any(
            b.at - a.at == 1 and min(len(a.text), len(b.text)) >= _PART
            for a, b in pairwise(self.pieces)
        )

    def glued(self) -> Passage | None:
        """Without anything between the pieces, where a sentence, a word or a blob may have been cut."""
        if all(_ends(a.text) for a in self.pieces[:-1]):
            return None
        return _passage(self.pieces, "")

    def locate(self, start: int, end: int) -> tuple[Span, int, int]:
        """The span in which ``text[start:end]`` begins, and the part of it inside that span."""
        at = self._piece(start)
        _, span, offset, text = self.pieces[at]
        first = self.starts[at]
        size = len(text)
        return span, offset + min(start - first, size), offset + min(end - first, size)

    def moved(self, place: int, to: Passage) -> int:
        """A place of this text as one of `to`, which has the same pieces."""
        at = self._piece(place)
        return to.starts[at] + place - self.starts[at]

    def _piece(self, place: int) -> int:
        return max(0, bisect_right(self.starts, place) - 1)


def _ends(text: str) -> bool:
    """Whether a sentence or a line ends with it: what follows is another one. An address may go on."""
    return text[-1] in ".!?\n" and "/" not in (text[-_ADDRESS:].split() or ("",))[-1]


def alone(spans: Iterable[Span]) -> list[Passage]:
    """Every span that holds anything, in document order."""
    return [
        Passage(span.channel, (Piece(at, span, 0, span.text),), span.text, (0,))
        for at, span in enumerate(spans)
        if span.text
    ]


def chapters(spans: Sequence[Span], size: int = CHAPTER) -> list[Passage]:
    """Neighbours of one channel, whatever stands between them. Nothing for a span that has none."""
    by_channel: dict[Channel, list[Piece]] = {}
    for at, span in enumerate(spans):
        if span.text:
            by_channel.setdefault(span.channel, []).append(Piece(at, span, 0, span.text))
    return [passage for pieces in by_channel.values() for passage in _chapters(pieces, size)]


def _chapters(spans: Sequence[Piece], most: int) -> Iterable[Passage]:
    held: list[Piece] = []
    size = fresh = 0
    for piece in spans:
        long = len(piece.text) > 2 * EDGE
        held.append(piece._replace(text=piece.text[:EDGE]) if long else piece)
        size += len(held[-1].text)
        fresh += 1
        if not long and size < most:
            continue
        if len(held) > 1:
            yield _passage(held, _JOINT)
        offset = len(piece.text) - EDGE
        held = [piece._replace(offset=offset, text=piece.text[offset:])] if long else _tail(held)
        size, fresh = sum(len(p.text) for p in held), 0
    if fresh and len(held) > 1:
        yield _passage(held, _JOINT)


def _tail(pieces: Sequence[Piece]) -> list[Piece]:
    """The last `EDGE` code points."""
    kept: list[Piece] = []
    room = EDGE
    for piece in reversed(pieces):
        cut = max(0, len(piece.text) - room)
        kept.append(piece._replace(offset=piece.offset + cut, text=piece.text[cut:]))
        room -= len(piece.text) - cut
        if room <= 0:
            break
    return kept[::-1]


def _passage(pieces: Sequence[Piece], joint: str) -> Passage:
    starts = accumulate((len(p.text) + len(joint) for p in pieces[:-1]), initial=0)
    text = joint.join(p.text for p in pieces)
    return Passage(pieces[0].span.channel, tuple(pieces), text, tuple(starts))

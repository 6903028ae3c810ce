"""The streamed answer on its way to the client: frames in, frames out, counted as they pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from extproc.llm.sse import Frame, SseParser


class StreamScan(Protocol):
    """Sees every frame of one stream; fresh for each exchange.

    A scan may hold frames back and return them later, replace them, or drop
    them. What it still holds comes out of `end`.
    """

    def feed(self, frame: Frame) -> Sequence[Frame]: ...

    def end(self) -> Sequence[Frame]: ...


class Relay:
    """Cuts the byte stream into frames and passes them through the scans in order.

    A frame goes on when it is whole: a client can do nothing with half of one.
    """

    def __init__(self, scans: Sequence[StreamScan]) -> None:
        self._parser = SseParser()
        self._scans = tuple(scans)

    def feed(self, chunk: bytes, *, end: bool) -> bytes:
        """What the client gets in place of `chunk`; may be empty, or more than `chunk`."""
        frames: list[Frame] = list(self._parser.feed(chunk))
        if end:
            frames.extend(self._parser.end())
        for scan in self._scans:
            passed: list[Frame] = []
            for frame in frames:
                passed.extend(scan.feed(frame))
            if end:
                passed.extend(scan.end())
            frames = passed
        return b"".join(frame.raw for frame in frames)

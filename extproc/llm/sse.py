"""Server-sent events, frame by frame, without touching a byte of what passes.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_FRAME = 16 * 1024 * 1024
"""Bytes. The last frame of a Responses stream holds the whole answer."""

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")
_FRAME_END = re.compile(rb"(?>\r\n|\n|\r)(?>\r\n|\n|\r)")


class FrameTooLarge(ValueError):
    """A frame is longer than the parser was told to hold."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One event of a stream, or what stands where one would."""

    raw: bytes
    """As it came, blank line included."""
    event: str | None
    data: str | None
    """``None`` when no `data` line is in it: a comment, a ping, a blank line."""
    ended: bool = True
    """False for a remainder that the stream left without its blank line."""


class SseParser:
    """Takes a stream in any pieces; gives the same frames however it was cut.

    All `raw` together are the input, byte for byte.
    """

    def __init__(self, max_frame: int = MAX_FRAME) -> None:
        self._max_frame = max_frame
        self._buffer = bytearray()
        self._searched = 0
        """No frame ends before here."""
        self._at_start = True

    def feed(self, piece: bytes) -> list[Frame]:
        """The frames that `piece` completes. Raises `FrameTooLarge`."""
        self._buffer += piece
        frames = self._complete(final=False)
        if len(self._buffer) > self._max_frame:
            raise FrameTooLarge(f"a frame is longer than {self._max_frame} bytes")
        return frames

    def end(self) -> list[Frame]:
        """What is left when the stream has ended; the parser is then empty."""
        frames = self._complete(final=True)
        if self._buffer:
            frames.append(self._frame(bytes(self._buffer), ended=False))
            self._buffer.clear()
        return frames

    def _complete(self, final: bool) -> list[Frame]:
        frames = []
        start = 0
        while (end := self._frame_end(start, final)) is not None:
            if end - start > self._max_frame:
                raise FrameTooLarge(f"a frame is longer than {self._max_frame} bytes")
            frames.append(self._frame(bytes(self._buffer[start:end])))
            self._searched = start = end
        del self._buffer[:start]
        self._searched = max(0, len(self._buffer) - 3)
        return frames

    def _frame_end(self, start: int, final: bool) -> int | None:
        buffer = self._buffer
        begin = start
        if self._at_start and buffer.startswith(_BOM):
            begin += len(_BOM)
        match = _LINE_END.match(buffer, begin)
        if match is None:
            match = _FRAME_END.search(buffer, max(begin, self._searched))
        if match is None:
            return None
        if match.end() == len(buffer) and buffer[-1] == 0x0D and not final:
            # Its line feed may be in the next piece.
            return None
        return match.end()

    def _frame(self, raw: bytes, ended: bool = True) -> Frame:
        text = raw[len(_BOM) :] if self._at_start and raw.startswith(_BOM) else raw
        self._at_start = False
        event: str | None = None
        data: list[str] = []
        for line in _LINE_END.split(text):
            name, _, value = line.partition(b":")
            if name == b"data":
                data.append(_text(value))
            elif name == b"event":
                event = _text(value)
        return Frame(raw, event, "\n".join(data) if data else None, ended)


def encode(event: str | None, data: str) -> bytes:
    """One frame; `data` may have several lines."""
    head = f"event: {event}\n" if event else ""
    lines = "".join(f"data: {line}\n" for line in re.split("\r\n|\n|\r", data))
    return f"{head}{lines}\n".encode()


def with_data(frame: Frame, data: str) -> Frame:
    """`frame` with other data; its other lines stay."""
    kept = [
        line
        for line in _LINE_END.split(frame.raw.removeprefix(_BOM))
        if line and line.partition(b":")[0] != b"data"
    ]
    head = b"".join(line + b"\n" for line in kept)
    return Frame(head + encode(None, data), frame.event, data)


def _text(value: bytes) -> str:
    return value.removeprefix(b" ").decode("utf-8", "replace")

"""What a caller may ask of the simulator, by header ``x-sim`` or the environment's ``EXTPROC_SIM``.

Both are ``key=value`` pairs between spaces, such as ``x-sim: ttft=200 rate=50 framing=crlf``;
the header wins over the environment, pair by pair.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

HEADER = "x-sim"
ENVIRONMENT = "EXTPROC_SIM"


class Framing(StrEnum):
    """How the events of a stream are cut and spelled; all of it is valid SSE."""

    PLAIN = "plain"
    CRLF = "crlf"
    CR = "cr"
    SPLIT = "split"
    """Every write ends in the middle of an event, and of multi-byte characters."""
    BYTES = "bytes"
    """One byte a write."""
    JOINED = "joined"
    """The whole stream in one write."""
    COMMENTS = "comments"
    """Comments, ids and retry fields between the events."""
    MULTILINE = "multiline"
    """A JSON document over several ``data:`` lines."""
    BARE = "bare"
    """No space after the colons."""


class Echo(StrEnum):
    """What the answer's text is made of."""

    TEXT = "text"
    REQUEST = "request"
    """JSON of the request line, headers and body as they arrived."""
    NONE = "none"
    """A fixed sentence."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Times are milliseconds, counts are events of a stream. Zero means off."""

    status: int = 200
    """Anything from 400 on answers with an error in the dialect of the request."""
    retry_after: int = 0
    """Seconds, sent with errors."""
    fail: int = 0
    """Break the connection before the answer when 1."""
    delay: int = 0
    """Before the status line."""
    hold: str = ""
    """No status line before somebody says so: `POST /sim/release/` and this name."""
    ttft: int = 0
    """Between the headers and the first token of a stream; before a JSON answer."""
    rate: int = 0
    """Tokens a second."""
    tokens: int = 0
    """Length of the answer, in words; 0 leaves it as long as it comes."""
    stall: int = 0
    """Silence after the third event of a stream."""
    cut: int = 0
    """Break the connection after this many events, without an end."""
    unfinished: int = 0
    """End the stream properly after this many events, without the dialect's own end."""
    framing: Framing = Framing.PLAIN
    echo: Echo = Echo.TEXT
    usage: int = 1
    """0 leaves usage out of the answer even where it was asked for."""
    gzip: int = 0
    """1 compresses whatever the client accepts; without it only JSON for clients that ask."""
    forge: int = 0
    """1 sends `x-ai-*` headers of our own."""
    tool: int = -1
    """1 calls the first tool, 0 never does; -1 follows `tool_choice`."""
    finish: str = ""
    """Replaces the reason the answer ended, such as ``content_filter``."""

    def with_pairs(self, text: str) -> Self:
        """A copy with the pairs of `text`. Raises `ValueError` that names the bad pair."""
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        changed: dict[str, Any] = {}
        for pair in text.replace(";", " ").replace(",", " ").split():
            key, _, value = pair.partition("=")
            key = key.replace("-", "_")
            if key not in kinds:
                raise ValueError(f"x-sim: {pair!r} is none of {', '.join(kinds)}")
            try:
                changed[key] = kinds[key](value)
            except ValueError as error:
                raise ValueError(f"x-sim: {pair!r}: {error}") from None
        return replace(self, **changed)

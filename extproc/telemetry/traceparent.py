"""W3C Trace Context: the `traceparent` header, read strictly."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace

_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
_MAX_LENGTH = 512


@dataclass(frozen=True, slots=True)
class Traceparent:
    """One span's place in a trace. Ids are lower-case hex."""

    trace_id: str
    span_id: str
    sampled: bool

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"

    def child(self) -> Traceparent:
        """A new span in the same trace, sampled as its parent is."""
        return replace(self, span_id=_random(8))


def parse(header: str | None) -> Traceparent | None:
    """`None` for anything the specification calls invalid, so that the trace is restarted.

    Versions after 00 may carry more fields, which are ignored.
    """
    if header is None or len(header) > _MAX_LENGTH:
        return None
    match = _FORM.fullmatch(header)
    if match is None:
        return None
    version, trace_id, span_id, flags, rest = match.groups()
    if version == "ff" or (version == "00" and rest is not None):
        return None
    if not int(trace_id, 16) or not int(span_id, 16):
        return None
    return Traceparent(trace_id, span_id, bool(int(flags, 16) & 1))


def fresh(*, sampled: bool) -> Traceparent:
    """The first span of a new trace."""
    return Traceparent(_random(16), _random(8), sampled)


def _random(size: int) -> str:
    """Never all zeros, which is invalid."""
    while not any(raw := secrets.token_bytes(size)):
        pass
    return raw.hex()

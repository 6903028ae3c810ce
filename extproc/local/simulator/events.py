"""Events of a stream, and the ways their bytes can be cut and spelled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extproc.local.simulator.behaviour import Framing

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event."""

    name: str | None
    body: Document | str
    token: bool = False
    """Takes a token's time."""


def encode(event: Event, framing: Framing, number: int) -> bytes:
    """The event's bytes, its blank line included."""
    space = "" if framing is Framing.BARE else " "
    lines = []
    if framing is Framing.COMMENTS:
        lines += [": keep-alive", f"id:{space}{number}", "retry: 3000"]
    if event.name is not None:
        lines.append(f"event:{space}{event.name}")
    lines += [f"data:{space}{line}" for line in _data(event, framing)]
    end = {Framing.CRLF: "\r\n", Framing.CR: "\r"}.get(framing, "\n")
    return (end.join(lines) + end + end).encode("utf-8", "surrogatepass")


def _data(event: Event, framing: Framing) -> list[str]:
    if isinstance(event.body, str):
        return [event.body]
    if framing is Framing.MULTILINE:
        return json.dumps(event.body, ensure_ascii=False, indent=1).split("\n")
    return [json.dumps(event.body, ensure_ascii=False, separators=(",", ":"))]


def writes(chunks: Iterator[bytes], framing: Framing) -> Iterator[bytes]:
    """What goes out at once: an event a write, except where the framing says otherwise."""
    if framing is Framing.JOINED:
        yield b"".join(chunks)
    elif framing is Framing.BYTES:
        for chunk in chunks:
            for byte in chunk:
                yield bytes((byte,))
    elif framing is Framing.SPLIT:
        rest = b""
        for chunk in chunks:
            whole = rest + chunk
            middle = len(whole) - len(chunk) // 2
            yield whole[:middle]
            rest = whole[middle:]
        yield rest
    else:
        yield from chunks

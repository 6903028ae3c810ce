"""A model's answers, and their way back through a session without Envoy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from extproc.events import BodyMode, Proceed, ResponseBody, ResponseHeaders
from extproc.session import Session


def said(content: str | None, **message: Any) -> dict[str, Any]:
    """A chat completion that says `content`; further fields of its message by name."""
    message = {"role": "assistant", "content": content, **message}
    return {
        "id": "x",
        "object": "chat.completion",
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 4},
    }


async def answer(session: Session, document: dict[str, Any], status: str = "200") -> Proceed:
    """The whole answer at once; the session is over then."""
    head = ResponseHeaders({":status": status, "content-type": "application/json"}, False)
    asked = await session.receive(head)
    assert asked.response_body_mode is BodyMode.BUFFERED
    reply = await session.receive(ResponseBody(json.dumps(document).encode(), True))
    session.close()
    return reply


async def stream(session: Session, frames: Iterable[bytes], size: int | None = None) -> bytes:
    """All that the client gets; `size` cuts the stream into pieces of so many bytes."""
    data = b"".join(frames)
    size = size or len(data) or 1
    return await pieces(session, [data[at : at + size] for at in range(0, len(data), size)])


async def pieces(session: Session, parts: Sequence[bytes]) -> bytes:
    """All that the client gets of a stream that comes in these pieces."""
    head = ResponseHeaders({":status": "200", "content-type": "text/event-stream"}, False)
    asked = await session.receive(head)
    assert asked.response_body_mode is BodyMode.STREAMED
    assert "content-length" in asked.remove_headers
    out = b""
    for at, part in enumerate(parts):
        reply = await session.receive(ResponseBody(part, at == len(parts) - 1))
        out += part if reply.body is None else reply.body
    session.close()
    return out

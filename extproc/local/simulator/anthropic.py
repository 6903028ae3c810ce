"""Answers in Anthropic's shape."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extproc.local.simulator.asked import Asked
from extproc.local.simulator.events import Document, Event
from extproc.local.simulator.produced import Produced

_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def error(status: int, message: str, code: str) -> Document:
    """Anthropic's error object."""
    kind = _KINDS.get(status, "api_error")
    return {
        "type": "error",
        "error": {"type": kind, "message": f"{code}: {message}"},
        "request_id": "req_simulator",
    }


def _stop(produced: Produced) -> str:
    if produced.call is not None:
        return "tool_use"
    return "max_tokens" if produced.truncated else "end_turn"


def message(identity: str, asked: Asked, produced: Produced) -> Document:
    """A whole message."""
    if (call := produced.call) is not None:
        arguments = json.loads(call.arguments)
        block: Document = {
            "type": "tool_use",
            "id": f"toolu_{call.id}",
            "name": call.name,
            "input": arguments,
        }
    else:
        block = {"type": "text", "text": produced.text}
    return {
        "id": f"msg_{identity}",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [block],
        "stop_reason": _stop(produced),
        "stop_sequence": None,
        "usage": {
            "input_tokens": produced.input_tokens,
            "output_tokens": produced.output_tokens,
        },
    }


def message_events(identity: str, asked: Asked, produced: Produced) -> Iterator[Event]:
    """A message as typed events; usage comes in the first and is corrected in the last but one."""
    for kind, content, token in _steps(identity, asked, produced):
        yield Event(kind, {"type": kind, **content}, token=token)


def _steps(identity: str, asked: Asked, produced: Produced) -> Iterator[tuple[str, Document, bool]]:
    whole = message(identity, asked, produced)
    usage = {"input_tokens": produced.input_tokens, "output_tokens": 1}
    start = {**whole, "content": [], "stop_reason": None, "usage": usage}
    yield "message_start", {"message": start}, False
    block = whole["content"][0]
    if produced.call is not None:
        empty, kind, key = {**block, "input": {}}, "input_json_delta", "partial_json"
    else:
        empty, kind, key = {"type": "text", "text": ""}, "text_delta", "text"
    yield "content_block_start", {"index": 0, "content_block": empty}, False
    yield "ping", {}, False
    for piece in produced.pieces:
        yield "content_block_delta", {"index": 0, "delta": {"type": kind, key: piece}}, True
    yield "content_block_stop", {"index": 0}, False
    delta = {"stop_reason": _stop(produced), "stop_sequence": None}
    end = {"delta": delta, "usage": {"output_tokens": produced.output_tokens}}
    yield "message_delta", end, False
    yield "message_stop", {}, False

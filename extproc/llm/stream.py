"""Events of a streamed answer, and the text in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extproc.llm.sse import Frame
from extproc.llm.view import Surface

Json = dict[str, Any]

CHAT_TEXTS = ("content", "reasoning_content", "reasoning", "refusal")
"""Keys of a chat delta that hold text to be joined."""


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """What a frame says."""

    data: Json | None
    """``None`` for comments, ``[DONE]`` and what is not a JSON object."""
    done: bool = False
    """The ``[DONE]`` of OpenAI's dialect."""
    broken: bool = False
    """There was data, and it is not a JSON object."""


NO_EVENT = StreamEvent(None)


def read_event(frame: Frame) -> StreamEvent:
    """Never raises: an upstream's nonsense is `broken`."""
    if frame.data is None:
        return NO_EVENT
    if frame.data.strip() == "[DONE]":
        return StreamEvent(None, done=True)
    try:
        data = json.loads(frame.data)
    except (ValueError, RecursionError):
        return StreamEvent(None, broken=True)
    if not isinstance(data, dict):
        return StreamEvent(None, broken=True)
    if frame.event and "type" not in data:
        data["type"] = frame.event
    return StreamEvent(data)


def is_error(data: Json) -> bool:
    return bool(data.get("error")) or data.get("type") in ("error", "response.failed")


def delta_texts(surface: Surface, data: Json) -> list[str]:
    """The pieces of generated text in one event: answers, reasoning, tool calls."""
    if surface is Surface.CHAT_COMPLETIONS:
        pieces = _chat_texts(data)
    elif surface is Surface.COMPLETIONS:
        pieces = (choice.get("text") for choice in objects(data.get("choices")))
    elif surface is Surface.RESPONSES:
        pieces = _responses_texts(data)
    elif surface is Surface.MESSAGES:
        pieces = _messages_texts(data)
    else:
        return []
    return [piece for piece in pieces if isinstance(piece, str) and piece]


def objects(value: object) -> list[Json]:
    """The objects in a list; nothing when it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_object(value: object) -> Json:
    """`value` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _chat_texts(data: Json) -> Iterator[object]:
    for choice in objects(data.get("choices")):
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            continue
        for key in CHAT_TEXTS:
            value = delta.get(key)
            yield value
            yield from (part.get("text") for part in objects(value))
        calls = [call.get("function") for call in objects(delta.get("tool_calls"))]
        for function in (*calls, delta.get("function_call")):
            if isinstance(function, dict):
                yield function.get("name")
                yield function.get("arguments")


def _responses_texts(data: Json) -> Iterator[object]:
    kind = data.get("type")
    if isinstance(kind, str) and kind.endswith(".delta"):
        yield data.get("delta")


def _messages_texts(data: Json) -> Iterator[object]:
    delta = data.get("delta")
    if data.get("type") == "content_block_delta" and isinstance(delta, dict):
        yield from (delta.get(key) for key in ("text", "thinking", "partial_json"))
    block = data.get("content_block")
    if data.get("type") == "content_block_start" and isinstance(block, dict):
        yield from (block.get(key) for key in ("text", "thinking", "name"))

"""What a whole answer says: one text for each choice or message, without calls and reasoning."""

from __future__ import annotations

from extproc.llm.stream import Json, as_object, objects
from extproc.llm.view import Surface
from extproc.verdict import Keys


def said(surface: Surface, document: Json) -> list[str]:
    """Texts in their order.

    A choice that calls tools or refuses says nothing; one that does nothing at all says an empty text.
    """
    if surface is Surface.MESSAGES:
        blocks = objects(document.get("content"))
        texts = _joined([b.get("text") for b in blocks if b.get("type") == "text"])
        acts = document.get("stop_reason") == "refusal" or any(map(_is_call, blocks))
        return texts or ([] if acts else [""])
    if surface is Surface.RESPONSES:
        items = objects(document.get("output"))
        texts = [text for item in items for text in _item(item)]
        parts = [part for item in items for part in objects(item.get("content"))]
        acts = any(map(_is_call, items)) or any(p.get("type") == "refusal" for p in parts)
        return texts or ([] if acts else [""])
    choices = objects(document.get("choices"))
    if surface is Surface.COMPLETIONS:
        return [text for choice in choices if isinstance(text := choice.get("text"), str)]
    messages = [as_object(choice.get("message")) for choice in choices]
    return [text for message in messages for text in _message(message)]


_ACTS = ("tool_calls", "function_call", "refusal", "audio")


def _message(message: Json) -> list[str]:
    acts = any(message.get(key) for key in _ACTS)
    return _content(message.get("content")) or ([] if acts else [""])


def _is_call(item: Json) -> bool:
    return str(item.get("type")).endswith(("_call", "_use"))


_ANSWER = frozenset({"output", "output_text", "error"})
"""What a Responses object says itself; the rest repeats the request."""
_REQUEST = ("instructions", "tools", "metadata", "prompt", "user", "text")


def repeats_request(surface: Surface, keys: Keys) -> bool:
    """Whether what stands at `keys` of an answer, or of an event, is the client's own text."""
    if surface is not Surface.RESPONSES or not keys:
        return False
    if keys[0] == "response":
        return len(keys) > 1 and keys[1] not in _ANSWER
    return keys[0] in _REQUEST


def _content(content: object) -> list[str]:
    if isinstance(content, str):
        return [content] if content else []
    return _joined([part.get("text") for part in objects(content)])


def _item(item: Json) -> list[str]:
    if item.get("type") != "message":
        return []
    parts = objects(item.get("content"))
    return _joined([part.get("text") for part in parts if part.get("type") == "output_text"])


def _joined(texts: list[object]) -> list[str]:
    spoken = [text for text in texts if isinstance(text, str)]
    return ["".join(spoken)] if spoken else []

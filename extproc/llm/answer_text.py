"""What a whole answer says: one text for each choice or message, without calls and reasoning."""

from __future__ import annotations

from extproc.llm.stream import Json, as_object, objects
from extproc.llm.view import Surface


def said(surface: Surface, document: Json) -> list[str]:
    """Texts in their order. A choice that only calls tools or refuses says nothing."""
    if surface is Surface.MESSAGES:
        blocks = objects(document.get("content"))
        texts = [b.get("text") for b in blocks if b.get("type") == "text"]
        return _joined(texts)
    if surface is Surface.RESPONSES:
        items = objects(document.get("output"))
        return [text for item in items for text in _item(item)]
    choices = objects(document.get("choices"))
    if surface is Surface.COMPLETIONS:
        return [text for choice in choices if isinstance(text := choice.get("text"), str)]
    messages = [as_object(choice.get("message")) for choice in choices]
    return [text for message in messages for text in _content(message.get("content"))]


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

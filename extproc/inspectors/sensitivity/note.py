"""One line to the model about placeholders, when the policy asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extproc.llm.changes import changed
from extproc.llm.view import ChatView, Surface
from extproc.verdict import Change

NOTE = (
    "Some values are replaced by placeholders in angle brackets, a type and a code, as in"
    " <TYPE_CODE>. Treat each as the value it stands for and write it exactly as it is."
)
_SYSTEM = frozenset({"system", "developer"})
_TOP = {Surface.MESSAGES: "system", Surface.RESPONSES: "instructions"}


def with_note(view: ChatView, changes: Sequence[Change]) -> list[Change]:
    """The changes that add the note, to be made after `changes`; none where nobody speaks as system."""
    document = changed(view.document, changes)
    if not isinstance(document, Mapping):
        return []
    if view.surface is Surface.RESPONSES and isinstance(document.get("instructions"), list):
        said = [*document["instructions"], {"role": "developer", "content": NOTE}]
        return [Change(("instructions",), said)]
    if (field := _TOP.get(view.surface)) is not None:
        return [Change((field,), _added(document.get(field)))]
    messages = document.get("messages")
    if view.surface is not Surface.CHAT_COMPLETIONS or not isinstance(messages, list):
        return []
    first = messages[0] if messages else None
    if isinstance(first, Mapping) and first.get("role") in _SYSTEM:
        told = {**first, "content": _added(first.get("content"))}
        return [Change(("messages",), [told, *messages[1:]])]
    return [Change(("messages",), [{"role": "system", "content": NOTE}, *messages])]


def _added(said: object) -> object:
    if isinstance(said, str) and said:
        return f"{said}\n\n{NOTE}"
    if isinstance(said, list):
        return [*said, {"type": "text", "text": NOTE}]
    return NOTE

"""Answers of models: whole documents from streams, and whether they ended as they should."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from extproc.llm.assemble_anthropic import MessagesAssembler
from extproc.llm.assemble_openai import ChoicesAssembler
from extproc.llm.assemble_responses import ResponsesAssembler
from extproc.llm.sse import Frame
from extproc.llm.stream import Json, StreamEvent, delta_texts, objects, read_event
from extproc.llm.usage import Usage, usage_of
from extproc.llm.view import Surface

_TOOL_REASONS = ("tool_calls", "function_call", "tool_use")
_ANTHROPIC_ENDS = ("end_turn", "stop_sequence")


@dataclass(frozen=True, slots=True)
class Assembled:
    """What a stream amounts to."""

    document: Json
    """As the same request without `stream` would have been answered."""
    complete: bool
    """The stream's own end was seen, and every choice says why it ended."""
    text_chars: int
    """Code points of generated text: answers, reasoning, tool calls."""
    usage: Usage | None


class _Assembly(Protocol):
    @property
    def complete(self) -> bool: ...
    def feed(self, event: StreamEvent) -> None: ...
    def document(self) -> Json: ...


class Assembler:
    """Takes a stream event by event. Holds all of its text; the caller bounds that."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._assembly = _assembly(surface)
        self.text_chars = 0
        self.usage: Usage | None = None

    def feed(self, event: StreamEvent) -> list[str]:
        """Returns the event's `delta_texts`."""
        self._assembly.feed(event)
        if event.data is None:
            return []
        texts = delta_texts(self._surface, event.data)
        self.text_chars += sum(map(len, texts))
        if (usage := usage_of(self._surface, event.data)) is not None:
            self.usage = (self.usage or Usage()).then(usage)
        return texts

    @property
    def complete(self) -> bool:
        return self._assembly.complete

    def assembled(self) -> Assembled:
        assembly = self._assembly
        return Assembled(assembly.document(), assembly.complete, self.text_chars, self.usage)


def assemble(surface: Surface, frames: Iterable[Frame]) -> Assembled:
    """A whole stream at once. Raises `ValueError` for embeddings, which have none."""
    assembler = Assembler(surface)
    for frame in frames:
        assembler.feed(read_event(frame))
    return assembler.assembled()


def normal_end(
    surface: Surface, document: Mapping[str, object], *, tool_calls: bool = False
) -> bool:
    """Whether the model said all it wanted to say.

    False for answers that were cut by a limit or a filter, refusals, errors in
    a 200, anything unknown; and for calls of tools unless `tool_calls`.
    """
    if document.get("error"):
        return False
    if surface is Surface.EMBEDDINGS:
        return bool(objects(document.get("data")))
    if surface is Surface.MESSAGES:
        return _message_ended(document, tool_calls)
    if surface is Surface.RESPONSES:
        return _response_ended(document, tool_calls)
    choices = objects(document.get("choices"))
    return bool(choices) and all(_choice_ended(choice, tool_calls) for choice in choices)


def _choice_ended(choice: Json, tool_calls: bool) -> bool:
    message = choice.get("message")
    fields = message if isinstance(message, dict) else {}
    reason = choice.get("finish_reason")
    if fields.get("refusal"):
        return False
    if reason in _TOOL_REASONS or fields.get("tool_calls") or fields.get("function_call"):
        return tool_calls and reason in ("stop", *_TOOL_REASONS)
    return reason == "stop"


def _message_ended(document: Mapping[str, object], tool_calls: bool) -> bool:
    reason = document.get("stop_reason")
    if document.get("type") == "error":
        return False
    calls = any(block.get("type") == "tool_use" for block in objects(document.get("content")))
    if calls or reason in _TOOL_REASONS:
        return tool_calls and (reason in _TOOL_REASONS or reason in _ANTHROPIC_ENDS)
    return reason in _ANTHROPIC_ENDS


def _response_ended(document: Mapping[str, object], tool_calls: bool) -> bool:
    if document.get("status") != "completed" or document.get("incomplete_details"):
        return False
    output = objects(document.get("output"))
    if any(part.get("type") == "refusal" for item in output for part in _parts(item)):
        return False
    calls = any(str(item.get("type")).endswith("_call") for item in output)
    return bool(output) and (tool_calls or not calls)


def _parts(item: Json) -> list[Json]:
    return objects(item.get("content"))


def _assembly(surface: Surface) -> _Assembly:
    if surface is Surface.MESSAGES:
        return MessagesAssembler()
    if surface is Surface.RESPONSES:
        return ResponsesAssembler()
    if surface is Surface.EMBEDDINGS:
        raise ValueError("embeddings are not streamed")
    return ChoicesAssembler(chat=surface is Surface.CHAT_COMPLETIONS)

"""Where the text of a streamed answer stands in its events, and where each text ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extproc.llm.stream import CHAT_TEXTS, Json, as_object, is_error, objects
from extproc.llm.view import Surface

Channel = tuple[str | int, ...]
"""One text of the answer that comes in pieces: ``(choice, field, …)``."""

_JSON_DELTAS = frozenset(
    {"response.function_call_arguments.delta", "response.mcp_call_arguments.delta"}
)
_BINARY_DELTAS = frozenset({"response.audio.delta"})
_MESSAGE_DELTAS = ("text", "thinking", "partial_json")
_HEAD = ("id", "object", "created", "model", "system_fingerprint", "service_tier")


@dataclass(frozen=True, slots=True)
class Slot:
    """One piece of text in one event."""

    holder: Json
    key: str
    channel: Channel
    is_json: bool
    """The text that the pieces make up is JSON: a call's arguments."""
    event: Callable[[str], Json]
    """An event of the same kind that holds nothing but another piece of this text."""

    @property
    def text(self) -> str:
        text = self.holder[self.key]
        return text if isinstance(text, str) else ""


def slots(surface: Surface, data: Json) -> list[Slot]:
    """The pieces of text in one event, in their order."""
    if surface in {Surface.CHAT_COMPLETIONS, Surface.COMPLETIONS}:
        found = _choices(data, chat=surface is Surface.CHAT_COMPLETIONS)
    elif surface is Surface.MESSAGES:
        found = _message(data)
    elif surface is Surface.RESPONSES:
        found = _response(data)
    else:
        return []
    return [slot for slot in found if isinstance(slot.holder.get(slot.key), str)]


def ends(surface: Surface, data: Json) -> Callable[[Channel], bool]:
    """Which texts end in this event, or have ended before it."""
    kind = data.get("type")
    if is_error(data):
        return lambda _: True
    if surface is Surface.MESSAGES:
        if kind == "content_block_stop":
            return lambda channel: channel[0] == data.get("index")
        return lambda _: kind in ("message_delta", "message_stop")
    if surface is Surface.RESPONSES:
        if kind in ("response.completed", "response.incomplete"):
            return lambda _: True
        done = isinstance(kind, str) and kind.endswith(".done")
        return lambda channel: done and channel[0] == data.get("output_index")
    finished = {
        choice.get("index", 0)
        for choice in objects(data.get("choices"))
        if choice.get("finish_reason") is not None
    }
    return lambda channel: channel[0] in finished


def _choices(data: Json, *, chat: bool) -> Iterator[Slot]:
    head = {key: data[key] for key in _HEAD if key in data}
    for choice in objects(data.get("choices")):
        index = choice.get("index", 0)
        if type(index) is not int:
            index = 0
        if chat:
            yield from _delta(as_object(choice.get("delta")), index, head)
        else:

            def event(text: str, index: int = index) -> Json:
                said = {"index": index, "text": text, "logprobs": None, "finish_reason": None}
                return {**head, "choices": [said]}

            yield Slot(choice, "text", (index, "text"), False, event)


def _delta(delta: Json, index: int, head: Json) -> Iterator[Slot]:
    def slot(holder: Json, key: str, *path: str | int, is_json: bool = False) -> Slot:
        def event(text: str) -> Json:
            said = {"index": index, "delta": _at(path, text), "finish_reason": None}
            return {**head, "choices": [said]}

        return Slot(holder, key, (index, *path), is_json, event)

    for key in CHAT_TEXTS:
        if isinstance(said := delta.get(key), str):
            yield slot(delta, key, key)
        for at, part in enumerate(objects(said)):
            yield slot(part, "text", key, at)
    for at, call in enumerate(objects(delta.get("tool_calls"))):
        number = call.get("index", at)
        number = number if type(number) is int else at
        function, custom = as_object(call.get("function")), as_object(call.get("custom"))
        yield slot(function, "arguments", "tool_calls", number, "function", is_json=True)
        yield slot(custom, "input", "tool_calls", number, "custom")
    if function := as_object(delta.get("function_call")):
        yield slot(function, "arguments", "function_call", is_json=True)
    if audio := as_object(delta.get("audio")):
        yield slot(audio, "transcript", "audio")


def _at(path: Channel, text: str) -> Json:
    """The delta that holds `text` at `path`."""
    match path:
        case ("tool_calls", int(number), "function"):
            return {"tool_calls": [{"index": number, "function": {"arguments": text}}]}
        case ("tool_calls", int(number), _):
            return {"tool_calls": [{"index": number, "custom": {"input": text}}]}
        case ("function_call",):
            return {"function_call": {"arguments": text}}
        case ("audio",):
            return {"audio": {"transcript": text}}
        case (str(key), int()):
            return {key: [{"type": "text", "text": text}]}
        case _:
            return {str(path[0]): text}


def _message(data: Json) -> Iterator[Slot]:
    if data.get("type") != "content_block_delta":
        return
    delta, index = as_object(data.get("delta")), data.get("index")
    if type(index) is not int:
        return
    kind = delta.get("type")
    for key in _MESSAGE_DELTAS:

        def event(text: str, key: str = key, kind: object = kind, index: int = index) -> Json:
            said = {"type": kind, key: text}
            return {"type": "content_block_delta", "index": index, "delta": said}

        yield Slot(delta, key, (index, key), key == "partial_json", event)


def _response(data: Json) -> Iterator[Slot]:
    kind = data.get("type")
    if not isinstance(kind, str) or not kind.endswith(".delta") or kind in _BINARY_DELTAS:
        return
    place = (data.get(key) for key in ("output_index", "content_index", "summary_index", "item_id"))
    numbers = [part if isinstance(part, int | str) else -1 for part in place]

    def event(text: str) -> Json:
        return {**{key: value for key, value in data.items() if key != "logprobs"}, "delta": text}

    channel = (*numbers[:1], kind, *numbers[1:])
    yield Slot(data, "delta", channel, kind in _JSON_DELTAS, event)

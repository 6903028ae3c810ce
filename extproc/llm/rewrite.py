"""Changes the text of an answer, whole or as it streams, and keeps its form."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from extproc.llm import vocabulary as words
from extproc.llm.slots import Channel, Slot, ends, slots
from extproc.llm.sse import Frame, encode, with_data
from extproc.llm.stream import Json, read_event
from extproc.llm.view import Surface
from extproc.verdict import Keys

ARGUMENTS = "arguments"
_NAMES = frozenset(
    {
        *("id", "call_id", "item_id", "tool_call_id", "tool_use_id", "response_id", "container_id"),
        *("object", "model", "type", "role", "status", "finish_reason", "stop_reason"),
        *("system_fingerprint", "service_tier", "previous_response_id"),
    }
)
"""Keys under which one short token is no text."""
_BLOBS = frozenset(
    {
        "data",
        "result",
        "b64_json",
        "partial_image_b64",
        "encrypted_content",
        "signature",
        "embedding",
    }
)
"""Keys under which base64 is no text."""


class TextEdit(Protocol):
    """Changes one text that comes in pieces; may hold some of it back."""

    def feed(self, piece: str) -> str: ...

    def end(self) -> str: ...


class Edits(Protocol):
    """What is to become of the texts of one answer."""

    def whole(self, text: str, keys: Keys, *, is_json: bool) -> str:
        """A text that came whole; `keys` is its place in the answer or in the event."""
        ...

    def begin(self, channel: Channel, *, is_json: bool) -> TextEdit:
        """A text that will come in pieces."""
        ...


def rewrite(document: Json, edits: Edits, skip: frozenset[tuple[int, str]] = frozenset()) -> bool:
    """Changes every text of `document` in place; returns whether any differs.

    `skip`: ``(id of the object, key)`` of texts that are not to be touched.
    """
    return _Walk(edits, skip).object(document, (), free=False)


class _Walk:
    def __init__(self, edits: Edits, skip: frozenset[tuple[int, str]]) -> None:
        self._edits = edits
        self._skip = skip

    def object(self, node: Json, keys: Keys, *, free: bool) -> bool:
        changed = False
        for key, value in list(node.items()):
            if (id(node), key) in self._skip:
                continue
            new, differs = self._value(key, value, (*keys, key), free=free)
            if differs:
                node[key], changed = new, True
            if free and (name := self._text(key, (*keys, key))) != key:
                node[name], changed = node.pop(key), True
        return changed

    def _value(self, key: str | int, value: Any, keys: Keys, *, free: bool) -> tuple[Any, bool]:
        if isinstance(value, str):
            if not free and _opaque(key, value):
                return value, False
            new = self._text(value, keys, is_json=not free and key == ARGUMENTS)
            return new, new != value
        if isinstance(value, dict):
            inside = free or key in words.FREE
            return value, self.object(value, keys, free=inside)
        if isinstance(value, list):
            changed = False
            for index, item in enumerate(value):
                new, differs = self._value(
                    key if isinstance(item, str) else index, item, (*keys, index), free=free
                )
                if differs:
                    value[index], changed = new, True
            return value, changed
        if free and isinstance(value, int | float) and not isinstance(value, bool):
            # A number can be a value like any other; changed it is a text.
            text = json.dumps(value)
            new = self._text(text, keys)
            return (value, False) if new == text else (new, True)
        return value, False

    def _text(self, text: str, keys: Keys, *, is_json: bool = False) -> str:
        return self._edits.whole(text, keys, is_json=is_json) if text else text


def _opaque(key: str | int, value: str) -> bool:
    if key in _NAMES:
        return words.ONE_TOKEN.fullmatch(value) is not None
    return key in _BLOBS and words.is_blob(value, 64)


class _Text:
    """One channel that is open."""

    def __init__(self, edit: TextEdit, slot: Slot, name: str | None) -> None:
        self.edit = edit
        self.event = slot.event
        self.name = name


class StreamRewriter:
    """A scan of the relay: frames in, frames out. Only frames with a change are written anew."""

    def __init__(self, surface: Surface, edits: Edits) -> None:
        self._surface = surface
        self._edits = edits
        self._open: dict[Channel, _Text] = {}
        self._added = 0
        """Events of our own, by which the numbers of a Responses stream are behind."""
        self._number = 0

    def feed(self, frame: Frame) -> list[Frame]:
        event = read_event(frame)
        if event.done:
            return [*self.end(), frame]
        if event.data is None:
            return [self._broken(frame) if event.broken else frame]
        data = event.data
        over = ends(self._surface, data)
        found = slots(self._surface, data)
        changed = False
        for slot in found:
            changed |= self._piece(slot, frame.event, ended=over(slot.channel))
        before = self._close(over)
        skip = frozenset((id(slot.holder), slot.key) for slot in found)
        changed |= rewrite(data, self._edits, skip)
        changed |= self._renumber(data)
        return [*before, with_data(frame, _dump(data)) if changed else frame]

    def end(self) -> list[Frame]:
        """What is still held back."""
        return self._close(lambda _: True)

    def _piece(self, slot: Slot, name: str | None, *, ended: bool) -> bool:
        text = self._open.get(slot.channel)
        if text is None:
            edit = self._edits.begin(slot.channel, is_json=slot.is_json)
            text = self._open[slot.channel] = _Text(edit, slot, name)
        text.event, text.name = slot.event, name
        new = text.edit.feed(slot.text)
        if ended:
            new += text.edit.end()
            del self._open[slot.channel]
        if new == slot.text:
            return False
        slot.holder[slot.key] = new
        return True

    def _close(self, over: Callable[[Channel], bool]) -> list[Frame]:
        frames = []
        for channel in [channel for channel in self._open if over(channel)]:
            text = self._open.pop(channel)
            if rest := text.edit.end():
                data = text.event(rest)
                if "sequence_number" in data:
                    data["sequence_number"] = self._number = self._number + 1
                    self._added += 1
                raw = encode(text.name, dumped := _dump(data))
                frames.append(Frame(raw, text.name, dumped))
        return frames

    def _renumber(self, data: Json) -> bool:
        number = data.get("sequence_number")
        if type(number) is not int:
            return False
        self._number = number + self._added
        data["sequence_number"] = self._number
        return self._added > 0

    def _broken(self, frame: Frame) -> Frame:
        """Data that we cannot read; some client might."""
        data = frame.data or ""
        new = self._edits.whole(data, (), is_json=False)
        return frame if new == data else with_data(frame, new)


def _dump(data: Json) -> str:
    try:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate: valid in JSON, only as an escape
        return json.dumps(data, separators=(",", ":"))
    return text


def dump(document: Json) -> bytes:
    """A whole answer as a body."""
    return _dump(document).encode()

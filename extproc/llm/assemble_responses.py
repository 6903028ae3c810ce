"""A Responses answer from its stream: the last event carries it whole."""

from __future__ import annotations

from extproc.llm.stream import Json, StreamEvent, is_error, objects

_TERMINAL = ("response.completed", "response.incomplete", "response.failed")


class ResponsesAssembler:
    def __init__(self) -> None:
        self._response: Json = {}
        self._items: dict[int, Json] = {}
        self._pieces: dict[int, list[str]] = {}
        self._ended = False
        self._failed = False

    def feed(self, event: StreamEvent) -> None:
        self._failed = self._failed or event.broken
        if (data := event.data) is None:
            return
        self._failed = self._failed or is_error(data)
        kind = data.get("type")
        if isinstance(response := data.get("response"), dict):
            self._response = response
            self._ended = self._ended or kind in _TERMINAL
        index = data.get("output_index", 0)
        if not isinstance(kind, str) or type(index) is not int:
            return
        if kind.startswith("response.output_item.") and isinstance(data.get("item"), dict):
            self._items[index] = data["item"]
            if kind.endswith(".done"):
                self._pieces.pop(index, None)
        elif kind.endswith(".delta") and isinstance(piece := data.get("delta"), str):
            self._pieces.setdefault(index, []).append(piece)

    @property
    def complete(self) -> bool:
        return self._ended and not self._failed

    def document(self) -> Json:
        """The answer; of a stream that was cut, what there is of it."""
        document = dict(self._response)
        if not objects(document.get("output")):
            indexes = sorted({*self._items, *self._pieces})
            document["output"] = [self._item(index) for index in indexes]
        return document

    def _item(self, index: int) -> Json:
        item = dict(self._items.get(index, {"type": "message", "role": "assistant"}))
        text = "".join(self._pieces.get(index, ()))
        if not text:
            return item
        if item.get("type") == "message":
            item["content"] = [{"type": "output_text", "text": text, "annotations": []}]
        elif item.get("type") == "reasoning":
            item["content"] = [{"type": "reasoning_text", "text": text}]
        else:
            item["arguments"] = text
        return item

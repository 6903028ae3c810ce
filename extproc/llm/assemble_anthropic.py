"""A Messages answer from its stream of blocks."""

from __future__ import annotations

import json

from extproc.llm.stream import Json, StreamEvent, as_object, is_error


class _Block:
    """One content block; its pieces are joined when it is built."""

    def __init__(self, start: Json) -> None:
        self._fields = start
        self._pieces: dict[str, list[str]] = {}
        self.stopped = False

    def add(self, delta: Json) -> None:
        for key, value in delta.items():
            if key == "type":
                continue
            if key == "citation":
                citations = self._fields.get("citations")
                before = citations if isinstance(citations, list) else []
                self._fields["citations"] = [*before, value]
            elif isinstance(value, str) and key != "signature":
                self._pieces.setdefault(key, []).append(value)
            else:
                self._fields[key] = value

    def built(self) -> Json:
        """Raises `ValueError` when a tool's input is not JSON."""
        built = dict(self._fields)
        for key, pieces in self._pieces.items():
            text = "".join(pieces)
            if key != "partial_json":
                begun = built.get(key)
                built[key] = begun + text if isinstance(begun, str) else text
            elif text:
                built["input"] = json.loads(text)
        return built

    def cut(self) -> Json:
        """What there is of a block whose input never became JSON."""
        return {**self._fields, "partial_json": "".join(self._pieces.get("partial_json", ()))}


class MessagesAssembler:
    def __init__(self) -> None:
        self._message: Json = {}
        self._blocks: dict[int, _Block] = {}
        self._ended = False
        self._failed = False

    def feed(self, event: StreamEvent) -> None:
        self._failed = self._failed or event.broken
        if (data := event.data) is None:
            return
        self._failed = self._failed or is_error(data)
        kind = data.get("type")
        if kind == "message_start" and isinstance(data.get("message"), dict):
            self._message = dict(data["message"])
        elif kind == "message_delta":
            self._end_message(data)
        elif kind == "message_stop":
            self._ended = True
        else:
            self._feed_block(kind, data)

    @property
    def complete(self) -> bool:
        if not self._ended or self._failed or self._message.get("stop_reason") is None:
            return False
        return all(block.stopped and _is_whole(block) for block in self._blocks.values())

    def document(self) -> Json:
        content = []
        for index in sorted(self._blocks):
            block = self._blocks[index]
            content.append(block.built() if _is_whole(block) else block.cut())
        return {**self._message, "content": content}

    def _end_message(self, data: Json) -> None:
        if isinstance(delta := data.get("delta"), dict):
            self._message.update(delta)
        if isinstance(usage := data.get("usage"), dict):
            self._message["usage"] = {**as_object(self._message.get("usage")), **usage}

    def _feed_block(self, kind: object, data: Json) -> None:
        index = data.get("index")
        if type(index) is not int:
            return
        if kind == "content_block_start" and isinstance(start := data.get("content_block"), dict):
            self._blocks[index] = _Block(dict(start))
        elif (block := self._blocks.get(index)) is None:
            self._failed = True
        elif kind == "content_block_delta" and isinstance(delta := data.get("delta"), dict):
            block.add(delta)
        elif kind == "content_block_stop":
            block.stopped = True


def _is_whole(block: _Block) -> bool:
    try:
        block.built()
    except (ValueError, RecursionError):
        return False
    return True

"""Chat completions and completions, put together from their chunks."""

from __future__ import annotations

from typing import Any

from extproc.llm.stream import CHAT_TEXTS, Json, StreamEvent, as_object, is_error, objects

_JOINED = frozenset({*CHAT_TEXTS, "arguments", "text", "transcript", "data"})
_CARRIED = ("id", "created", "model", "system_fingerprint", "service_tier", "usage")


class Growing:
    """An object whose text comes in pieces; joined once, at the end."""

    def __init__(self) -> None:
        self.fields: Json = {}
        self._pieces: dict[str, list[str]] = {}
        self._inner: dict[str, Growing] = {}
        self._calls: dict[int, Growing] = {}

    def add(self, delta: Json) -> None:
        for key, value in delta.items():
            if key == "tool_calls":
                self._add_calls(value)
            elif isinstance(value, str) and key in _JOINED:
                self._pieces.setdefault(key, []).append(value)
            elif isinstance(value, dict):
                self._inner.setdefault(key, Growing()).add(value)
            elif isinstance(value, list):
                self._extend(key, value)
            elif value not in (None, "") or key not in self.fields:
                self.fields[key] = value

    def built(self) -> Json:
        built: Json = dict(self.fields)
        for key, pieces in self._pieces.items():
            text = "".join(pieces)
            parts = built.get(key)
            # Some upstreams send reasoning as parts and the answer as text.
            spoken = {"type": "text", "text": text}
            built[key] = [*parts, spoken] if isinstance(parts, list) else text
        built.update((key, inner.built()) for key, inner in self._inner.items())
        if self._calls:
            built["tool_calls"] = [self._calls[at].built() for at in sorted(self._calls)]
            for call in built["tool_calls"]:
                call.pop("index", None)
        return built

    def _extend(self, key: str, items: list[Any]) -> None:
        have = self.fields.get(key)
        if isinstance(have, list):
            have.extend(items)
        else:
            self.fields[key] = list(items)

    def _add_calls(self, calls: object) -> None:
        for call in objects(calls):
            index = call.get("index")
            if type(index) is not int:
                # Some upstreams send whole calls without an index.
                index = len(self._calls) if call.get("id") else max(len(self._calls) - 1, 0)
            self._calls.setdefault(index, Growing()).add(call)


class ChoicesAssembler:
    """Both surfaces are chunks of choices; they differ in what a choice holds."""

    def __init__(self, chat: bool) -> None:
        self._chat = chat
        self._top: Json = {}
        self._choices: dict[int, Growing] = {}
        self._done = False
        self._failed = False

    def feed(self, event: StreamEvent) -> None:
        self._done = self._done or event.done
        self._failed = self._failed or event.broken
        if event.data is None:
            return
        self._failed = self._failed or is_error(event.data)
        self._top.update(
            (key, value) for key in _CARRIED if (value := event.data.get(key)) is not None
        )
        for choice in objects(event.data.get("choices")):
            index = choice.get("index", 0)
            if type(index) is int:
                self._choices.setdefault(index, Growing()).add(choice)

    @property
    def complete(self) -> bool:
        finished = [choice.fields.get("finish_reason") for choice in self._choices.values()]
        return self._done and not self._failed and bool(finished) and None not in finished

    def document(self) -> Json:
        object_name = "chat.completion" if self._chat else "text_completion"
        choices = [self._choice(index) for index in sorted(self._choices)]
        return {"object": object_name, **self._top, "choices": choices}

    def _choice(self, index: int) -> Json:
        built = self._choices[index].built()
        built["index"] = index
        built.setdefault("finish_reason", None)
        if not self._chat:
            return {"text": "", "logprobs": None, **built}
        delta = as_object(built.pop("delta", None))
        return {"logprobs": None, **built, "message": _message(delta)}


def _message(delta: Json) -> Json:
    message = {"role": "assistant", "content": None, "refusal": None, **delta}
    if message["content"] == "" and (message.get("tool_calls") or message["refusal"]):
        message["content"] = None
    return message

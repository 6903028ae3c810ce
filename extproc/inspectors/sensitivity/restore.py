"""Puts the values of one exchange back into its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from extproc.inspectors.sensitivity.pseudonyms import Placeholders, Restorer
from extproc.llm.rewrite import StreamRewriter, rewrite
from extproc.llm.slots import Channel
from extproc.llm.sse import Frame
from extproc.llm.view import Surface
from extproc.verdict import Finding, Keys


class Restore:
    """A filter of the answer. It holds the only copy of what was taken out."""

    must_read = False
    took_out = False
    findings: Sequence[Finding] = ()

    def __init__(self, surface: Surface, placeholders: Placeholders, *, is_json: bool) -> None:
        """`is_json`: the request asks for an answer whose text is JSON."""
        self._edits = _Restoring(placeholders, is_json=is_json)
        self._stream = StreamRewriter(surface, self._edits)

    def document(self, document: dict[str, Any]) -> None:
        rewrite(document, self._edits)

    def feed(self, frame: Frame) -> Sequence[Frame]:
        return self._stream.feed(frame)

    def end(self) -> Sequence[Frame]:
        return self._stream.end()


class _Restoring:
    def __init__(self, placeholders: Placeholders, *, is_json: bool) -> None:
        self._placeholders = placeholders
        self._is_json = is_json

    def whole(self, text: str, keys: Keys, *, is_json: bool) -> str:
        is_json = is_json or (self._is_json and _said(keys))
        return self._placeholders.restore(text, is_json=is_json)[0]

    def begin(self, channel: Channel, *, is_json: bool) -> Restorer:
        return Restorer(self._placeholders, is_json=is_json or (self._is_json and _said(channel)))


def speaks_json(document: Mapping[str, object]) -> bool:
    """Whether the request asks for an answer that is JSON (structured outputs)."""
    text, config = document.get("text"), document.get("output_config")
    asked = (
        document.get("response_format"),
        document.get("output_format"),
        text.get("format") if isinstance(text, Mapping) else None,
        config.get("format") if isinstance(config, Mapping) else None,
    )
    kinds = [one.get("type") for one in asked if isinstance(one, Mapping)]
    return any(kind in ("json_object", "json_schema") for kind in kinds)


_SAID = frozenset({"content", "text", "output_text", "response.output_text.delta"})


def _said(keys: Sequence[str | int]) -> bool:
    """Whether this is the answer itself, not reasoning or a refusal."""
    return not _SAID.isdisjoint(keys) and not {"refusal", "reasoning", "thinking"} & set(keys)

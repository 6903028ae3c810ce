"""One answer under guard: redacted, refused, or held until it is known to fit its schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from extproc.inspectors.output.active import active
from extproc.inspectors.output.schema import fits
from extproc.inspectors.output.window import Find, Found, Window, replaced
from extproc.llm.answer import Assembler
from extproc.llm.answer_text import repeats_request, said
from extproc.llm.named import spoken_name
from extproc.llm.rewrite import StreamRewriter, rewrite
from extproc.llm.slots import Channel
from extproc.llm.sse import Frame, with_data
from extproc.llm.stream import read_event
from extproc.llm.view import Channel as Speaker
from extproc.llm.view import Surface, json_path
from extproc.verdict import Code, Finding, Keys, Refusal, Refuse

NAME = "output"
MAX_HELD = 4 * 1024 * 1024
"""Bytes of a stream that is held for its schema."""
MAX_FINDINGS = 64


@dataclass(frozen=True, slots=True)
class Checks:
    """What an answer is checked for."""

    sensitive: Literal["redact", "block"] | None
    content: bool
    schema: Mapping[str, Any] | None
    find: Find = field(repr=False)
    """Finds the entities that the policy labels."""
    retry: bool = False
    """Whether clients are asked to come again when an answer does not fit the schema."""

    @property
    def reads_text(self) -> bool:
        return self.sensitive is not None or self.content


class Guard:
    """A filter of the answer."""

    must_read = True

    def __init__(
        self, surface: Surface, checks: Checks, offer: Callable[[], bool] | None = None
    ) -> None:
        """`offer` says whether a client whose answer does not fit is to ask again."""
        self._surface = surface
        self._checks = checks
        self._offer = offer
        self._text = _Text(surface, checks)
        self._stream = StreamRewriter(surface, self._text)
        self._whole = Assembler(surface)
        self._held: list[Frame] | None = [] if checks.schema is not None else None
        self._size = 0

    @property
    def holds_all(self) -> bool:
        """Whether a stream must wait for its end with its status: a retry needs an error's."""
        return self._checks.retry

    @property
    def findings(self) -> Sequence[Finding]:
        return self._text.findings

    @property
    def took_out(self) -> bool:
        return self._text.took_out

    def document(self, document: dict[str, Any]) -> None:
        if self._checks.reads_text:
            rewrite(document, self._text)
            if self._checks.sensitive is not None:
                _drop_logprobs(document)
        if "error" not in document:
            self._check_form(document)

    def feed(self, frame: Frame) -> Sequence[Frame]:
        frames: Sequence[Frame] = (frame,)
        if self._checks.reads_text:
            if self._checks.sensitive is not None and '"logprobs"' in (frame.data or ""):
                frame = _without_logprobs(frame)
            frames = self._stream.feed(frame)
        return self._hold(frames)

    def end(self) -> Sequence[Frame]:
        frames = self._hold(self._stream.end() if self._checks.reads_text else ())
        if self._held is not None:
            self._misfit("incomplete")
        return frames

    def _hold(self, frames: Sequence[Frame]) -> Sequence[Frame]:
        """Keeps a stream until it is whole and known to fit."""
        if self._held is None:
            return frames
        for frame in frames:
            self._whole.feed(read_event(frame))
            self._size += len(frame.raw)
        self._held.extend(frames)
        if self._size > MAX_HELD:
            self._misfit("too_long")
        if not self._whole.complete:
            return ()
        self._check_form(self._whole.assembled().document)
        released, self._held = self._held, None
        return released

    def _check_form(self, document: dict[str, Any]) -> None:
        schema = self._checks.schema
        if schema is None:
            return
        for text in said(self._surface, document):
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                self._misfit("json_schema")
            if not fits(schema, value):
                self._misfit("json_schema")

    def _misfit(self, rule: str) -> None:
        self._text.note(rule, 1.0, None, Code.CONTENT_POLICY)
        again = self._offer is not None and self._offer()
        if again:
            self._text.note("retry_asked", 1.0, None, None)
        message = "The answer does not have the form the policy demands (rule output.json_schema)"
        raise Refusal(Refuse(Code.CONTENT_POLICY, message, should_retry=again))


class _Text:
    """What becomes of the texts of one answer."""

    def __init__(self, surface: Surface, checks: Checks) -> None:
        self._surface = surface
        self._checks = checks
        self.findings: list[Finding] = []
        self.took_out = False

    def whole(self, text: str, keys: Keys, *, is_json: bool) -> str:
        del is_json
        if repeats_request(self._surface, keys):
            return text
        before = "" if keys and keys[-1] == text else spoken_name(text, keys)  # a name itself
        told = f"{before}{text}"
        found = [one for one in self._find(told) if one.end > len(before)]
        if not found:
            return text
        path = json_path(keys)
        return replaced(told, found, lambda one: self._judge(one, path), len(before))

    def begin(self, channel: Channel, *, is_json: bool) -> Window:
        del channel, is_json
        return Window(self._find, lambda one: self._judge(one, None))

    def note(self, rule: str, score: float, path: str | None, code: Code | None) -> None:
        finding = Finding(NAME, rule, score, Speaker.ASSISTANT, path, code=code)
        if finding not in self.findings and len(self.findings) < MAX_FINDINGS:
            self.findings.append(finding)

    def _find(self, text: str) -> list[Found]:
        found: list[Found] = list(active(text)) if self._checks.content else []
        if self._checks.sensitive is not None:
            found.extend(self._checks.find(text))
        return found

    def _judge(self, one: Found, path: str | None) -> str:
        if one.type.isupper():
            return self._judge_entity(one, path)
        self.note(one.type, one.score, path, Code.CONTENT_POLICY)
        message = f"The answer holds active content (rule output.content.{one.type})"
        raise Refusal(Refuse(Code.CONTENT_POLICY, message, should_retry=False))

    def _judge_entity(self, one: Found, path: str | None) -> str:
        blocks = self._checks.sensitive == "block"
        self.note(one.type, one.score, path, Code.SENSITIVE_DATA if blocks else None)
        if blocks:
            message = f"The answer holds sensitive data (rule output.sensitive.{one.type})"
            raise Refusal(Refuse(Code.SENSITIVE_DATA, message, should_retry=False))
        self.took_out = True
        return f"<{one.type}>"


def _without_logprobs(frame: Frame) -> Frame:
    """Tokens with their probabilities spell the answer once more."""
    data = read_event(frame).data
    if data is None or not _drop_logprobs(data):
        return frame
    return with_data(frame, json.dumps(data, separators=(",", ":")))


def _drop_logprobs(node: Any) -> bool:
    changed = False
    if isinstance(node, dict):
        if node.get("logprobs"):
            node["logprobs"] = [] if isinstance(node["logprobs"], list) else None
            changed = True
        for value in node.values():
            changed |= _drop_logprobs(value)
    elif isinstance(node, list):
        for value in node:
            changed |= _drop_logprobs(value)
    return changed

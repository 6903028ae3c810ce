"""The answer of one exchange on its way back: read, counted, and kept when it is whole."""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extproc.events import BodyMode, Proceed, ResponseBody, ResponseHeaders
from extproc.llm import tokens
from extproc.llm.answer import Assembler
from extproc.llm.sse import Frame
from extproc.llm.usage import is_usage_only_chunk, usage_of
from extproc.llm.view import Surface
from extproc.outcome import Answer
from extproc.relay import Relay

_PASS_ON = Proceed(final=True)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the response phase leaves behind."""

    answer: Answer
    document: dict[str, Any] | None
    """The complete answer as a non-streamed document; ``None`` when it was cut or broken."""


class ResponsePhase:
    """Fresh for each exchange. Ends with `result`, whole or cut.

    `drop_usage`: we asked the upstream for the usage chunk and the client did
    not, so the client does not get it.
    """

    def __init__(self, surface: Surface, key: bytes, *, drop_usage: bool) -> None:
        self._surface = surface
        self._hmac = hmac.new(key, digestmod="sha256")
        self._drop_usage = drop_usage
        self._read = False
        self._relay: Relay | None = None
        self._recorder = _Recorder(surface)
        self._document: dict[str, Any] | None = None

    def headers(self, event: ResponseHeaders) -> Proceed:
        """Asks for the body in the form that fits it, or lets the answer go unread."""
        headers = event.headers
        status = headers.get(":status", "")
        # We asked for identity: an upstream that encodes all the same cannot be read.
        if event.end_of_stream or not status.startswith("2") or "content-encoding" in headers:
            return _PASS_ON
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type == "text/event-stream":
            scans = (self._recorder, _UsageFilter()) if self._drop_usage else (self._recorder,)
            self._relay = Relay(scans)
            return Proceed(remove_headers=("content-length",), response_body_mode=BodyMode.STREAMED)
        if media_type == "application/json":
            return Proceed(response_body_mode=BodyMode.BUFFERED)
        return _PASS_ON

    def body(self, event: ResponseBody) -> Proceed:
        """One message of the answer, and what the client gets for it."""
        self._read = True
        self._hmac.update(event.body)
        if self._relay is None:
            self._document = _loads(event.body)
            return _PASS_ON
        out = self._relay.feed(event.body, end=event.end_of_stream)
        return Proceed(body=None if out == event.body else out, final=event.end_of_stream)

    def result(self) -> Answered | None:
        """Whatever has been seen until now; ``None`` when no body was read."""
        if not self._read:
            return None
        digest = self._hmac.hexdigest()
        if self._relay is None:
            usage = usage_of(self._surface, self._document) if self._document else None
            answer = Answer(
                digest,
                usage.input if usage else None,
                usage.output if usage else None,
                exact=usage is not None,
            )
            return Answered(answer, self._document)
        return self._recorder.result(digest)


class _Recorder:
    """Assembles the stream while it passes."""

    def __init__(self, surface: Surface) -> None:
        self._assembler = Assembler(surface)

    def feed(self, frame: Frame) -> Sequence[Frame]:
        self._assembler.feed(frame)
        return (frame,)

    def end(self) -> Sequence[Frame]:
        return ()

    def result(self, digest: str) -> Answered:
        assembled = self._assembler.result()
        usage = assembled.usage
        answer = Answer(
            digest,
            usage.input if usage else None,
            usage.output if usage else tokens.count(assembled.text),
            exact=usage is not None,
        )
        return Answered(answer, assembled.document if assembled.complete else None)


class _UsageFilter:
    """Takes out the extra chunk that `include_usage` adds."""

    def feed(self, frame: Frame) -> Sequence[Frame]:
        return () if is_usage_only_chunk(frame.data) else (frame,)

    def end(self) -> Sequence[Frame]:
        return ()


def _loads(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None

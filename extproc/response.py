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
from extproc.llm.stream import read_event
from extproc.llm.usage import Usage, is_usage_only_chunk, usage_of
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
        self._recorder: _Recorder | None = None
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
            recorder = self._recorder = _Recorder(self._surface)
            self._relay = Relay((recorder, _UsageFilter()) if self._drop_usage else (recorder,))
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
        if self._recorder is not None:
            return self._recorder.result(digest)
        usage = (usage_of(self._surface, self._document) if self._document else None) or Usage()
        exact = usage.input is not None or usage.output is not None
        return Answered(Answer(digest, usage.input, usage.output, exact=exact), self._document)


class _Recorder:
    """Assembles the stream while it passes."""

    def __init__(self, surface: Surface) -> None:
        self._assembler = Assembler(surface)
        self._texts: list[str] = []

    def feed(self, frame: Frame) -> Sequence[Frame]:
        self._texts.extend(self._assembler.feed(read_event(frame)))
        return (frame,)

    def end(self) -> Sequence[Frame]:
        return ()

    def result(self, digest: str) -> Answered:
        usage = self._assembler.usage or Usage()
        exact = usage.output is not None
        answer = Answer(
            digest,
            usage.input,
            usage.output if exact else tokens.count("".join(self._texts)),
            exact=exact,
        )
        complete = self._assembler.complete
        return Answered(answer, self._assembler.assembled().document if complete else None)


class _UsageFilter:
    """Takes out the extra chunk that `include_usage` adds."""

    def feed(self, frame: Frame) -> Sequence[Frame]:
        # Most frames are text: only those that speak of usage are parsed again.
        if frame.data is None or '"usage"' not in frame.data:
            return (frame,)
        chunk = _loads(frame.data)
        return () if chunk is not None and is_usage_only_chunk(chunk) else (frame,)

    def end(self) -> Sequence[Frame]:
        return ()


def _loads(body: bytes | str) -> dict[str, Any] | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None

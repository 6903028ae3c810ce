"""The answer of one exchange on its way back: read, filtered, counted, and kept when it is whole."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extproc.answers import UNREAD, Filtered, Placed
from extproc.events import BodyMode, Proceed, ResponseBody, ResponseHeaders
from extproc.llm import errors, tokens
from extproc.llm.answer import Assembler
from extproc.llm.rewrite import dump
from extproc.llm.sse import Frame
from extproc.llm.stream import read_event
from extproc.llm.usage import Usage, is_usage_only_chunk, usage_of
from extproc.llm.view import Surface
from extproc.outcome import Answer
from extproc.relay import Relay, StreamScan
from extproc.telemetry.logs import event as logged
from extproc.verdict import Refuse

log = logging.getLogger(__name__)

_PASS_ON = Proceed(final=True)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the response phase leaves behind."""

    answer: Answer
    document: dict[str, Any] | None
    """The complete answer as a non-streamed document; ``None`` when it was cut, broken or objected to."""


class ResponsePhase:
    """Fresh for each exchange. Ends with `result`, whole or cut.

    `drop_usage`: we asked the upstream for the usage chunk and the client did
    not, so the client does not get it. `filters`: in the order in which they
    are to see the answer.
    """

    def __init__(
        self,
        surface: Surface,
        key: bytes,
        *,
        drop_usage: bool,
        filters: Sequence[Placed] = (),
        request_id: str = "",
    ) -> None:
        self._surface = surface
        self._hmac = hmac.new(key, digestmod="sha256")
        self._drop_usage = drop_usage
        self._request_id = request_id
        self.filters = tuple(Filtered(placed, surface, request_id) for placed in filters)
        self._read = False
        self._status = ""
        self._told: int | None = None
        """The status that we gave the answer in place of its own."""
        self._unread: str | None = None
        """Why the body cannot be read, where it must be."""
        self._cut = False
        """The client has been told that this is the end; the rest is swallowed."""
        self._relay: Relay | None = None
        self._held = False
        """The stream comes as a whole, so that an error can still take its place."""
        self._sent: _Recorder | None = None
        """What the model sent; `_got` is what the client gets of it."""
        self._got: _Recorder | None = None
        self._usage: Usage | None = None
        self._document: dict[str, Any] | None = None

    def headers(self, event: ResponseHeaders) -> Proceed:
        """Asks for the body in the form that fits it, or lets the answer go unread."""
        headers = event.headers
        self._status = headers.get(":status", "")
        if event.end_of_stream or not (self.filters or self._status.startswith("2")):
            return _PASS_ON
        # We asked for identity: an upstream that encodes all the same cannot be read.
        if "content-encoding" in headers:
            return self._cannot_read("encoding")
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type == "text/event-stream" and self._surface is not Surface.EMBEDDINGS:
            self._relay = Relay(self._scans())
            if any(each.holds_all for each in self.filters):
                self._held = True
                return Proceed(response_body_mode=BodyMode.BUFFERED)
            return Proceed(remove_headers=("content-length",), response_body_mode=BodyMode.STREAMED)
        if media_type == "application/json":
            return Proceed(response_body_mode=BodyMode.BUFFERED)
        return self._cannot_read("content_type")

    def body(self, event: ResponseBody) -> Proceed:
        """One message of the answer, and what the client gets for it."""
        if self._cut:
            return Proceed(body=b"", final=event.end_of_stream)
        try:
            return self._passed(event)
        except Exception as error:  # fail closed: what a guard did not see must not pass
            if not any(each.guards for each in self.filters):
                raise
            # The type alone: an exception's text may quote the answer.
            logged(log, logging.ERROR, "answer not read", error=type(error).__name__)
            return self._cut_off(event)

    def _passed(self, event: ResponseBody) -> Proceed:
        self._read = True
        self._hmac.update(event.body)
        if self._relay is None:
            return self._whole(event.body)
        if self._held:
            return self._held_stream(self._relay, event.body)
        out = self._relay.feed(event.body, end=event.end_of_stream)
        return Proceed(body=None if out == event.body else out, final=event.end_of_stream)

    def _held_stream(self, relay: Relay, body: bytes) -> Proceed:
        out = relay.feed(body, end=True)
        for each in self.filters:
            if each.refused is not None:
                return self._replaced(each.refused)
        return Proceed(set_headers={"content-length": str(len(out))}, body=out, final=True)

    def result(self) -> Answered | None:
        """Whatever has been seen until now; ``None`` when there is nothing to tell."""
        findings = tuple(found for each in self.filters for found in each.findings())
        if not self._read and not findings:
            return None
        digest = self._hmac.hexdigest() if self._read else None
        usage, exact, text = self._usage or Usage(), False, None
        document = self._document
        if self._sent is not None and self._got is not None:
            usage = self._sent.assembler.usage or Usage()
            text = self._sent.text
            document = self._got.document()
            # Before its end a stream may name a number that is no total yet.
            exact = usage.output is not None and self._sent.assembler.complete
        else:
            exact = usage.input is not None or usage.output is not None
        counted = tokens.count(text) if text is not None and not exact else usage.output
        answer = Answer(
            digest,
            usage.input,
            counted,
            exact=exact,
            findings=findings,
            redacted=any(each.took_out for each in self.filters),
            status=int(self._status) if self._told is not None else None,
        )
        keeps = self._status.startswith("2") and not any(each.objects for each in self.filters)
        return Answered(answer, document if keeps else None)

    def _scans(self) -> tuple[StreamScan, ...]:
        first = self._sent = self._got = _Recorder(self._surface)
        scans: tuple[StreamScan, ...] = (first, *self.filters)
        if self.filters:
            self._got = _Recorder(self._surface)
            scans = (*scans, self._got)
        return (*scans, _UsageFilter()) if self._drop_usage else scans

    def _cannot_read(self, why: str) -> Proceed:
        if not any(each.guards for each in self.filters):
            for each in self.filters:
                each.unread(why)
            return _PASS_ON
        self._unread = why
        return Proceed(remove_headers=("content-encoding",), response_body_mode=BodyMode.BUFFERED)

    def _whole(self, body: bytes) -> Proceed:
        if self._unread is not None:
            return self._refused(self._unread) or _PASS_ON
        document = _loads(body)
        if document is None:
            return self._refused("body") or _PASS_ON
        self._usage = usage_of(self._surface, document)
        before = dump(document) if self.filters else b""
        for each in self.filters:
            if (refuse := each.document(document)) is not None:
                return self._replaced(refuse)
        self._document = document
        if not self.filters or (after := dump(document)) == before:
            return _PASS_ON
        return Proceed(set_headers={"content-length": str(len(after))}, body=after, final=True)

    def _cut_off(self, event: ResponseBody) -> Proceed:
        self._cut = True
        for each in self.filters:
            each.unread("error")
        if self._relay is None or self._held:
            return self._replaced(UNREAD)
        last = errors.error_event(self._surface, UNREAD, self._request_id)
        return Proceed(body=last, final=event.end_of_stream)

    def _refused(self, why: str) -> Proceed | None:
        refusals = [each.unread(why) for each in self.filters]
        refuse = next((one for one in refusals if one is not None), None)
        return self._replaced(refuse) if refuse is not None else None

    def _replaced(self, refuse: Refuse) -> Proceed:
        """Our error in the place of the answer: nothing of it has reached the client."""
        failed = self._status.startswith(("4", "5"))
        status = self._status if failed else str(refuse.status)
        self._told = None if failed else refuse.status
        body = errors.error_body(self._surface.dialect, refuse, self._request_id)
        return Proceed(
            set_headers={
                ":status": status,
                "content-type": errors.CONTENT_TYPE,
                "content-length": str(len(body)),
                "x-should-retry": str(bool(refuse.should_retry)).lower(),
            },
            body=body,
            final=True,
        )


class _Recorder:
    """Assembles the stream while it passes."""

    def __init__(self, surface: Surface) -> None:
        self.assembler = Assembler(surface)
        self._texts: list[str] = []

    def feed(self, frame: Frame) -> Sequence[Frame]:
        self._texts.extend(self.assembler.feed(read_event(frame)))
        return (frame,)

    def end(self) -> Sequence[Frame]:
        return ()

    @property
    def text(self) -> str:
        return "".join(self._texts)

    def document(self) -> dict[str, Any] | None:
        return self.assembler.assembled().document if self.assembler.complete else None


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
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None

"""One exchange as a state machine without I/O: events in, replies out.

The session awaits the pipeline and nothing else; it knows no sockets, no
protobuf and no gRPC. A state is named by what it waits for.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from enum import Enum

from extproc import forwarding, identity, intake, replies
from extproc.admission import OVERLOADED
from extproc.desk import Desk
from extproc.events import (
    Event,
    Proceed,
    Reply,
    RequestBody,
    RequestHeaders,
    ResponseBody,
    ResponseHeaders,
    Trailers,
)
from extproc.exchange import NOBODY, Exchange, Request, Route
from extproc.llm import errors, tokens
from extproc.llm.endpoint import Endpoint, EndpointKind, classify
from extproc.llm.view import ChatView, Dialect, Surface
from extproc.models.workers import Overloaded
from extproc.outcome import Decision
from extproc.pipeline import Ruling
from extproc.response import ResponsePhase
from extproc.rules import Governed
from extproc.verdict import Change, Code, Refusal, Refuse, Serve

ENVOY_PATIENCE_S = 25.0
"""Envoy's `message_timeout` in the configuration we render."""
INLINE_BYTES = 16 * 1024
"""Bodies and texts up to this size are read on the event loop: a hop to a thread costs more."""

_UNAVAILABLE = Refuse(Code.INSPECTION_UNAVAILABLE, "the request could not be inspected")


class Await(Enum):
    """What the session waits for."""

    REQUEST_HEADERS = "request headers"
    REQUEST_BODY = "request body"
    RESPONSE_HEADERS = "response headers"
    RESPONSE_BODY = "response body"
    NOTHING = "nothing"


class Unexpected(Exception):
    """An event that cannot come in this state."""


class Session:
    """Feed it events with `receive`; call `close` when the stream is over."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rules = desk.rules()
        self._state = Await.REQUEST_HEADERS
        self._endpoint: Endpoint | None = None
        self._exchange: Exchange | None = None
        self._governed: Governed | None = None
        self._response: ResponsePhase | None = None
        self.settled = False
        """The final verdict on the request has been given."""
        self._closed = False

    async def receive(self, event: Event) -> Reply:
        """The reply to one event. Raises `Unexpected` for an event out of turn."""
        try:
            match self._state, event:
                case _, Trailers():
                    return Proceed()
                case Await.REQUEST_HEADERS, RequestHeaders():
                    return await self._request_headers(event)
                case Await.REQUEST_BODY, RequestBody():
                    self._state = Await.NOTHING
                    self._desk.admission.waited()
                    return await self._request_body(event.body)
                case Await.RESPONSE_HEADERS, ResponseHeaders():
                    return self._response_headers(event)
                case Await.RESPONSE_BODY, ResponseBody():
                    return await self._response_body(event)
                case Await.REQUEST_BODY, ResponseHeaders() | ResponseBody():
                    # Envoy answers before it has the whole body: its own 413, say.
                    return Proceed()
                case Await.NOTHING, ResponseHeaders() | ResponseBody():
                    # Our own immediate answer passes by.
                    return Proceed(final=True)
        except Refusal as refusal:
            return self._refuse(refusal.refuse)
        except Overloaded:
            return self._refuse(OVERLOADED)
        raise Unexpected(f"{type(event).__name__} while waiting for {self._state.value}")

    def fail(self, event: Event) -> Reply:
        """The reply to `event` when `receive` raised. Before the verdict that is a refusal.

        Raises `Unexpected` where no reply would be safe: to go on would let the request through.
        """
        if isinstance(event, RequestHeaders | RequestBody):
            if self._exchange is None or self.settled:
                raise Unexpected(f"failed on {type(event).__name__}")
            return self._refuse(_UNAVAILABLE)
        # Decided already: to cut the answer in mid-stream would only break it.
        return Proceed(final=self.settled)

    def close(self) -> None:
        """The stream is over, whichever way. What is unwritten is written now, once."""
        if self._closed or self._exchange is None:
            return
        self._closed = True
        if self._state is Await.REQUEST_BODY:
            self._desk.admission.waited()
        answered = False
        if not self.settled:
            self._finish(self._exchange, replies.decision(self._exchange, "aborted"))
        elif self._response is not None:
            answered = self._hand_over(self._response)
        if not answered:
            self._desk.observer.unanswered(self._exchange, self._governed)

    # The request

    async def _request_headers(self, event: RequestHeaders) -> Reply:
        headers = event.headers
        method = headers.get(":method", "")
        endpoint = self._endpoint = classify(method, headers.get(":path", ""), headers)
        request = Request(
            method,
            endpoint.canonical_path,
            endpoint.query,
            headers,
            event.attributes,
            event.metadata,
        )
        exchange = self._exchange = Exchange(
            request_id=f"req_{secrets.token_hex(12)}",
            received_at=self._desk.clock(),
            request=request,
            identity=NOBODY,
            policy=self._rules.nothing,
        )
        self._desk.observer.begin(exchange)
        self._desk.admission.check(_waited(exchange))
        who = identity.resolve(self._rules.identity, request)
        if who is None:
            raise Refusal(Refuse(Code.UNAUTHENTICATED, "no accepted identity"))
        exchange.identity = who
        governed = self._govern(exchange, None)
        if endpoint.kind is not EndpointKind.SURFACE:
            return await self._without_document(exchange, endpoint, governed)
        if event.end_of_stream:
            raise Refusal(Refuse(Code.INVALID_REQUEST, "the request has no body"))
        length = headers.get("content-length", "")
        if length.isdecimal():
            intake.check_size(int(length), self._rules.max_body_bytes)
        self._state = Await.REQUEST_BODY
        self._desk.admission.wait()
        return Proceed(
            # The answer must come in a form that we can read and Envoy can count.
            set_headers={"accept-encoding": "identity"},
            metadata={"request_id": exchange.request_id},
        )

    async def _without_document(
        self, exchange: Exchange, endpoint: Endpoint, governed: Governed | None
    ) -> Reply:
        """Endpoints that carry nothing to inspect, and those we do not know."""
        if endpoint.kind is EndpointKind.UNKNOWN:
            denied = governed is None or governed.policy.unknown_endpoints == "deny"
            if denied or endpoint.ambiguous:
                raise Refusal(Refuse(Code.UNKNOWN_ENDPOINT, "the endpoint is not served here"))
            exchange.coverage.append("text:unknown_endpoint:$")
        if governed is None:
            exchange.route = self._rules.default_route
            return self._rule(exchange, Ruling(None, ()), None)
        return self._rule(exchange, await governed.bodyless.run(exchange), None)

    async def _request_body(self, body: bytes) -> Reply:
        exchange, surface = self._opened()
        with self._desk.admission.place():
            document = await self._read(surface, exchange.request, body)
            governed = self._govern(exchange, document.view.model)
            if governed is None:
                exchange.view = document.view
                raise Refusal(Refuse(Code.ACCESS_DENIED, "no policy covers this request"))
            intake.check_size(len(document.plain), governed.policy.max_body_bytes)
            exchange.prompt_hmac = hmac.digest(self._desk.hmac_key, document.plain, "sha256").hex()
            exchange.view = intake.within_text_budget(document.view, governed.policy)
            exchange.input_tokens = await self._count(document.view)
            ruling = await governed.pipeline.run(exchange)
        return self._rule(exchange, ruling, document)

    async def _read(self, surface: Surface, request: Request, body: bytes) -> intake.Document:
        limit = self._rules.max_body_bytes
        if len(body) <= INLINE_BYTES and "content-encoding" not in request.headers:
            return intake.read(surface, request.headers, body, limit)
        return await self._desk.workers.run(intake.read, surface, request.headers, body, limit)

    async def _count(self, view: ChatView) -> int:
        if view.text_bytes <= INLINE_BYTES:
            return tokens.count_spans(view)
        return await self._desk.workers.run(tokens.count_spans, view)

    def _govern(self, exchange: Exchange, model: str | None) -> Governed | None:
        who, path = exchange.identity, exchange.request.path
        governed = self._rules.lookup(caller=who.caller, tenant=who.tenant, path=path, model=model)
        if governed is not None:
            exchange.policy = governed.policy
        self._governed = governed
        return governed

    # The verdict

    def _rule(self, exchange: Exchange, ruling: Ruling, document: intake.Document | None) -> Reply:
        match ruling.answer:
            case Refuse() as refuse:
                return self._refuse(refuse)
            case Serve() as answer:
                self._finish(exchange, replies.decision(exchange, "allow", status=200))
                return replies.serve(exchange, answer)
            case None:
                if exchange.route is None:
                    # A failed route inspector under `on_error: allow` leaves nowhere to go.
                    return self._refuse(_UNAVAILABLE)
                return self._forward(exchange, exchange.route, ruling.changes, document)

    def _refuse(self, refuse: Refuse) -> Reply:
        exchange = self._exchange
        assert exchange is not None
        if refuse.code not in exchange.codes:
            exchange.codes.append(refuse.code)
        exchange.route = None
        if self.settled:
            return Proceed(final=True)
        self._finish(exchange, replies.decision(exchange, "block", refuse.code, refuse.status))
        return replies.refuse(exchange, refuse, self._dialect(exchange))

    def _forward(
        self,
        exchange: Exchange,
        route: Route,
        edits: tuple[Change, ...],
        document: intake.Document | None,
    ) -> Reply:
        ask_usage = forwarding.asks_usage(exchange)
        if ask_usage:
            edits = (*edits, forwarding.USAGE)
        wanted = ask_usage or exchange.cache.key is not None or bool(exchange.filters)
        relayed = exchange.view is not None and wanted
        if relayed and exchange.view is not None:
            self._response = ResponsePhase(
                exchange.view.surface,
                self._desk.hmac_key,
                drop_usage=ask_usage,
                # Who saw the request last sees the answer first.
                filters=exchange.filters[::-1],
                request_id=exchange.request_id,
            )
        body = forwarding.body(document, edits)
        decision = replies.decision(exchange, forwarding.action(exchange, route))
        self._settle(exchange, decision, Await.RESPONSE_HEADERS if relayed else Await.NOTHING)
        carried = self._desk.ledger.forward(decision, relayed=relayed)
        return replies.forward(
            exchange,
            route,
            carried,
            path=forwarding.path(exchange.request),
            body=body,
            remove_headers=forwarding.headers_to_drop(
                exchange.request, self._rules.identity, replaced=body is not None
            ),
            final=not relayed,
        )

    def _settle(self, exchange: Exchange, decision: Decision, then: Await) -> None:
        self.settled = True
        self._state = then
        self._desk.observer.decided(exchange, decision)

    def _finish(self, exchange: Exchange, decision: Decision) -> None:
        """No model will be asked: the exchange ends here."""
        self._settle(exchange, decision, Await.NOTHING)
        self._desk.ledger.finish(decision)

    # The answer

    def _response_headers(self, event: ResponseHeaders) -> Reply:
        reply = self._phase().headers(event)
        self._state = Await.NOTHING if reply.final else Await.RESPONSE_BODY
        return reply

    async def _response_body(self, event: ResponseBody) -> Reply:
        phase = self._phase()
        large = phase.filters and len(event.body) > INLINE_BYTES
        if large or any(each.slow for each in phase.filters):
            # Envoy sends the next piece when it has the reply to this one.
            try:
                reply = await self._desk.workers.run(phase.body, event)
            except Overloaded:
                # An answer that a model has worked for is not shed.
                reply = phase.body(event)
        else:
            reply = phase.body(event)
        if reply.final:
            self._state = Await.NOTHING
            self.close()
        return reply

    def _hand_over(self, response: ResponsePhase) -> bool:
        """The response phase is over: the ledger may complete, the cache may keep.

        Whether there was a whole answer.
        """
        exchange = self._exchange
        assert exchange is not None
        answered = response.result()
        self._desk.ledger.answered(exchange.request_id, answered.answer if answered else None)
        if answered is None or answered.document is None:
            return False
        exchange.output_tokens = answered.answer.output_tokens
        self._desk.observer.answered(exchange, self._governed, answered.document)
        return True

    # What must be there by now

    def _opened(self) -> tuple[Exchange, Surface]:
        assert self._exchange is not None
        assert self._endpoint is not None
        assert self._endpoint.surface is not None
        return self._exchange, self._endpoint.surface

    def _phase(self) -> ResponsePhase:
        assert self._response is not None
        return self._response

    def _dialect(self, exchange: Exchange) -> Dialect:
        headers = exchange.request.headers
        return errors.dialect_of_path(headers.get(":path", ""), headers)


def _waited(exchange: Exchange) -> float:
    """Seconds since Envoy had the request's head, where it tells; 0 where it does not.

    More than Envoy would have waited is no wait: its clock and ours differ.
    """
    since = exchange.request.attributes.get("request.time")
    try:
        waited = exchange.received_at - datetime.fromisoformat(since).timestamp() if since else 0.0
    except ValueError:
        return 0.0
    return waited if waited < ENVOY_PATIENCE_S else 0.0

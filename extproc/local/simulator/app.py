"""The HTTP server of one pool."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from aiohttp import web

from extproc.local.simulator import anthropic, openai
from extproc.local.simulator.asked import Asked, asked
from extproc.local.simulator.behaviour import HEADER, Behaviour, Framing
from extproc.local.simulator.events import Document, Event, encode, writes
from extproc.local.simulator.produced import Produced, produce

MAX_BODY = 64 * 1024 * 1024

Whole = Callable[[str, Asked, Produced], Document]
Stream = Callable[[str, Asked, Produced], Iterator[Event]]
Error = Callable[[int, str, str], Document]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FORGED = {
    "x-ai-cache": "hit-exact",
    "x-ai-billed": "false",
    "x-ai-policy": "forged@00000000",
    "x-ai-request-id": "forged",
    "x-ai-model": "forged",
    "x-ai-sensitivity": "forged",
}


@dataclass(frozen=True, slots=True)
class Pool:
    """What one pool is called and serves; no names serve every model."""

    name: str
    models: tuple[str, ...] = ()


def app(pool: Pool, default: Behaviour) -> web.Application:
    """The application of one pool.

    `GET /sim/served` says how many requests it answered, `POST /sim/release/NAME` lets go those
    that asked for ``hold=NAME``, now and later.
    """
    server = web.Application(client_max_size=MAX_BODY)
    surfaces = _Surfaces(pool, default)
    chat = surfaces.text(openai.chat, openai.chat_events, openai.error)
    server.router.add_post("/v1/chat/completions", chat)
    server.router.add_post(
        "/v1/completions",
        surfaces.text(openai.completion, openai.completion_events, openai.error),
    )
    server.router.add_post(
        "/v1/responses", surfaces.text(openai.response, openai.response_events, openai.error)
    )
    server.router.add_post(
        "/v1/messages",
        surfaces.text(anthropic.message, anthropic.message_events, anthropic.error),
    )
    server.router.add_post("/v1/embeddings", surfaces.embeddings)
    server.router.add_get("/v1/models", surfaces.models)
    server.router.add_get("/health", surfaces.health)
    server.router.add_get("/sim/served", surfaces.served)
    server.router.add_post("/sim/release/{name}", surfaces.release)
    return server


class _Surfaces:
    """The handlers. They share a counter of requests that reached the pool."""

    def __init__(self, pool: Pool, default: Behaviour) -> None:
        self._pool = pool
        self._default = default
        self._served = 0
        self._gates: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def models(self, _: web.Request) -> web.Response:
        return web.json_response(openai.models(sorted(self._pool.models)))

    async def health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "pool": self._pool.name})

    async def served(self, _: web.Request) -> web.Response:
        return web.json_response({"requests": self._served})

    async def release(self, request: web.Request) -> web.Response:
        self._gates[request.match_info["name"]].set()
        return web.json_response({})

    async def embeddings(self, request: web.Request) -> web.StreamResponse:
        self._served += 1
        try:
            behaviour, body = await self._read(request)
        except ValueError as error:
            return self._error(openai.error, Behaviour(status=400), str(error))
        if (early := await self._early(request, behaviour, body, openai.error)) is not None:
            return early
        return self._json(request, behaviour, openai.embeddings(body))

    def text(self, whole: Whole, stream: Stream, error: Error) -> Handler:
        """The handler of one surface."""

        async def handle(request: web.Request) -> web.StreamResponse:
            self._served += 1
            try:
                behaviour, body = await self._read(request)
                wanted = asked(body)
            except (ValueError, TypeError, AttributeError) as problem:
                return self._error(error, Behaviour(status=400), str(problem))
            if (early := await self._early(request, behaviour, body, error)) is not None:
                return early
            arrived = {
                "line": f"{request.method} {request.raw_path}",
                "headers": {name.lower(): value for name, value in request.headers.items()},
                "body": body,
            }
            produced = produce(wanted, self._pool.name, behaviour, arrived)
            identity = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:24]
            if wanted.stream:
                events = stream(identity, wanted, produced)
                return await self._stream(request, behaviour, events)
            pause = behaviour.ttft / 1000
            if behaviour.rate:
                pause += produced.output_tokens / behaviour.rate
            await asyncio.sleep(pause)
            return self._json(request, behaviour, whole(identity, wanted, produced))

        return handle

    async def _read(self, request: web.Request) -> tuple[Behaviour, Document]:
        behaviour = self._default.with_pairs(request.headers.get(HEADER, ""))
        body = json.loads(await request.read())
        if not isinstance(body, dict):
            raise TypeError("the body is not an object")
        return behaviour, body

    async def _early(
        self, request: web.Request, behaviour: Behaviour, body: Document, error: Error
    ) -> web.StreamResponse | None:
        await asyncio.sleep(behaviour.delay / 1000)
        if behaviour.hold:
            await self._gates[behaviour.hold].wait()
        if behaviour.fail:
            _break(request)
        if behaviour.status >= 400:
            return self._error(error, behaviour, "asked for by x-sim")
        if self._pool.models and body.get("model") not in self._pool.models:
            missing = Behaviour(status=404)
            return self._error(error, missing, f"{self._pool.name} does not serve this model")
        return None

    def _error(self, shape: Error, behaviour: Behaviour, message: str) -> web.Response:
        headers = {"retry-after": str(behaviour.retry_after)} if behaviour.retry_after else {}
        code = "model_not_found" if behaviour.status == 404 else "simulated"
        return web.json_response(
            shape(behaviour.status, message, code), status=behaviour.status, headers=headers
        )

    def _headers(self, behaviour: Behaviour) -> dict[str, str]:
        return {"x-sim-pool": self._pool.name, **(FORGED if behaviour.forge else {})}

    def _json(self, request: web.Request, behaviour: Behaviour, body: Document) -> web.Response:
        _adjust(body, behaviour)
        answer = web.json_response(
            body,
            headers=self._headers(behaviour),
            dumps=lambda value: json.dumps(value, ensure_ascii=False),
        )
        if behaviour.gzip:
            answer.enable_compression(web.ContentCoding.gzip)
        elif "gzip" in request.headers.get("accept-encoding", ""):
            answer.enable_compression()
        return answer

    async def _stream(
        self, request: web.Request, behaviour: Behaviour, events: Iterator[Event]
    ) -> web.StreamResponse:
        answer = web.StreamResponse(headers=self._headers(behaviour))
        answer.content_type = "text/event-stream"
        answer.charset = "utf-8"
        answer.headers["cache-control"] = "no-cache"
        if behaviour.gzip:
            answer.enable_compression(web.ContentCoding.gzip)
        await answer.prepare(request)
        await asyncio.sleep(behaviour.ttft / 1000)
        tick = 1 / behaviour.rate if behaviour.rate else 0.0
        for number, piece in enumerate(writes(_encoded(events, behaviour), behaviour.framing)):
            await answer.write(piece)
            if behaviour.stall and number == 2:
                await asyncio.sleep(behaviour.stall / 1000)
            if tick and behaviour.framing is not Framing.BYTES:
                await asyncio.sleep(tick)
        if behaviour.cut:
            _break(request)
        await answer.write_eof()
        return answer


def _encoded(events: Iterator[Event], behaviour: Behaviour) -> Iterator[bytes]:
    for number, event in enumerate(islice(events, behaviour.cut or behaviour.unfinished or None)):
        if not isinstance(event.body, str):
            _adjust(event.body, behaviour)
        yield encode(event, behaviour.framing, number)


def _adjust(body: Document, behaviour: Behaviour) -> None:
    """Takes usage out and replaces the reason the answer ended, where that was asked for."""
    if not behaviour.usage:
        for holder in (body, body.get("message"), body.get("response")):
            if isinstance(holder, dict):
                holder.pop("usage", None)
    if behaviour.finish:
        _finish(body, behaviour.finish)


def _finish(body: Document, reason: str) -> None:
    """Replaces the reason the answer ended, wherever this dialect keeps it."""
    for choice in body.get("choices", ()):
        if choice.get("finish_reason"):
            choice["finish_reason"] = reason
    for holder in (body, body.get("delta")):
        if isinstance(holder, dict) and holder.get("stop_reason"):
            holder["stop_reason"] = reason


def _break(request: web.Request) -> None:
    """Resets the connection and abandons the request."""
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError

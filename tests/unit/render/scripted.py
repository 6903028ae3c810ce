"""Real Envoy on a rendered configuration, before a service that follows a script."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import grpc
from aiohttp import web
from envoy.service.accesslog.v3 import als_pb2, als_pb2_grpc
from envoy.service.ext_proc.v3 import external_processor_pb2 as pb
from envoy.service.ext_proc.v3 import external_processor_pb2_grpc
from google.protobuf.json_format import MessageToDict

from extproc.local.binary import envoy
from extproc.local.children import start
from extproc.local.simulator.app import Pool, app
from extproc.local.simulator.behaviour import Behaviour
from extproc.render.bootstrap import static_bootstrap
from extproc.render.upstreams import Endpoint, Service, Upstream
from tests.ports import free_port


def decided(
    pool: str | None, *, body: bytes | None = None, **metadata: str
) -> pb.ProcessingResponse:
    """The final reply to a request: the pool's header and our metadata."""
    response = pb.ProcessingResponse()
    common = response.request_body.response
    if pool is not None:
        header = common.header_mutation.set_headers.add().header
        header.key, header.raw_value = "x-ai-pool", pool.encode()
    if body is not None:
        common.body_mutation.body = body
        common.header_mutation.remove_headers.append("content-length")
    common.clear_route_cache = True
    response.dynamic_metadata.get_or_create_struct("extproc").update(metadata)
    return response


def immediate(status: int, body: bytes, request_id: str) -> pb.ProcessingResponse:
    """An answer of the service's own."""
    response = pb.ProcessingResponse()
    response.immediate_response.status.code = status
    header = response.immediate_response.headers.set_headers.add().header
    header.key, header.raw_value = "x-ai-request-id", request_id.encode()
    response.immediate_response.body = body
    response.dynamic_metadata.get_or_create_struct("extproc").update({"request_id": request_id})
    return response


class Scripted(
    external_processor_pb2_grpc.ExternalProcessorServicer, als_pb2_grpc.AccessLogServiceServicer
):
    """Ends each stream after the first reply to a body that `answer` gives."""

    def __init__(self) -> None:
        self.answer: Callable[[pb.ProcessingRequest], pb.ProcessingResponse | None] = lambda _: (
            decided("gpu-a", request_id="id-1")
        )
        self.on_headers: Callable[[pb.ProcessingRequest], pb.ProcessingResponse | None] = lambda _: (
            pb.ProcessingResponse(request_headers=pb.HeadersResponse())
        )
        self.headers: list[dict[str, str]] = []
        self.events: list[str] = []
        self.entries: asyncio.Queue[dict] = asyncio.Queue()

    async def Process(self, _, context):
        while (message := await context.read()) is not grpc.aio.EOF:
            kind = message.WhichOneof("request")
            self.events.append(kind)
            if kind == "request_headers":
                self.headers.append(
                    {
                        item.key: item.raw_value.decode()
                        for item in message.request_headers.headers.headers
                    }
                )
                end = message.request_headers.end_of_stream
                reply = self.on_headers(message)
                if reply is not None and reply.HasField("immediate_response"):
                    end = True
                elif end and reply is not None:
                    last = self.answer(message)
                    if last is not None and last.HasField("request_body"):
                        last.request_headers.response.CopyFrom(last.request_body.response)
                    reply = last
            elif kind == "response_headers":
                end, reply = True, pb.ProcessingResponse(response_headers=pb.HeadersResponse())
            else:
                end, reply = True, self.answer(message)
            if reply is None:
                return
            await context.write(reply)
            if end:
                return

    async def StreamAccessLogs(self, requests, _):
        async for message in requests:
            for entry in message.http_logs.log_entry:
                await self.entries.put(MessageToDict(entry, preserving_proto_field_name=True))
        return als_pb2.StreamAccessLogsResponse()


@dataclass
class Stand:
    """A running set: send requests to `url`."""

    url: str
    admin: str
    service: Scripted
    session: aiohttp.ClientSession
    port: int
    served: Callable[[], Awaitable[int]]
    """How many requests have reached the model."""

    async def chat(self, *, headers=None, path="/v1/chat/completions", **body):
        body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], **body}
        async with self.session.post(self.url + path, json=body, headers=headers) as answer:
            return answer.status, answer.headers, await answer.read()

    async def entry(self) -> dict:
        return await asyncio.wait_for(self.service.entries.get(), 10)


@contextlib.asynccontextmanager
async def stand(folder: Path) -> AsyncIterator[Stand]:
    async with contextlib.AsyncExitStack() as stack:
        runner = web.AppRunner(app(Pool("gpu-a"), Behaviour()), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        upstream = runner.addresses[0]

        service = Scripted()
        server = grpc.aio.server(options=[("grpc.max_receive_message_length", 32 * 1024 * 1024)])
        external_processor_pb2_grpc.add_ExternalProcessorServicer_to_server(service, server)
        als_pb2_grpc.add_AccessLogServiceServicer_to_server(service, server)
        grpc_port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        stack.push_async_callback(server.stop, 0)

        port, admin = free_port(), free_port()
        config = static_bootstrap(
            [
                Upstream("gpu-a", (Endpoint("127.0.0.1", upstream[1]),)),
                Upstream("dead", (Endpoint("127.0.0.1", free_port()),)),
            ],
            service=Service(Endpoint("127.0.0.1", grpc_port)),
            listen=Endpoint("127.0.0.1", port),
            admin=Endpoint("127.0.0.1", admin),
        )
        file = folder / "envoy.json"
        file.write_text(json.dumps(config))
        child = await start(
            "envoy",
            [
                envoy(),
                "-c",
                file,
                "--disable-hot-restart",
                "-l",
                "warning",
                "--concurrency",
                "1",
            ],
            log=folder / "envoy.log",
        )
        stack.push_async_callback(child.stop, 5)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        base = f"http://127.0.0.1:{port}"

        async def served() -> int:
            async with session.get(f"http://127.0.0.1:{upstream[1]}/sim/served") as answer:
                return (await answer.json())["requests"]

        made = Stand(base, f"http://127.0.0.1:{admin}", service, session, port, served)
        await until_live(made, child)
        yield made


async def until_live(made: Stand, child) -> None:
    async with asyncio.timeout(20):
        while True:
            assert child.running, child.last_words()
            try:
                async with made.session.get(f"{made.admin}/ready") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.02)

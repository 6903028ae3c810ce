"""A real Envoy before a servicer of the test's own making: for what must never happen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import httpx
from aiohttp import web
from envoy.service.accesslog.v3.als_pb2_grpc import add_AccessLogServiceServicer_to_server
from envoy.service.ext_proc.v3.external_processor_pb2_grpc import (
    ExternalProcessorServicer,
    add_ExternalProcessorServicer_to_server,
)

from extproc.local import children
from extproc.local.binary import envoy
from extproc.outcome import Outcome
from extproc.outcomes import AccessLog
from extproc.render.bootstrap import static_bootstrap
from extproc.render.upstreams import Endpoint, Service, Upstream
from tests.ports import HOST, free_port

BODY = {"model": "large", "messages": [{"role": "user", "content": "Hello"}]}


@dataclass
class Rig:
    """What the test may look at."""

    url: str
    reached: list[str]
    """Paths of the requests that came to the model."""
    outcomes: list[Outcome]
    server: grpc.aio.Server

    async def ask(self, **kwargs) -> httpx.Response:
        async with httpx.AsyncClient(timeout=40) as client:
            return await client.post(
                f"{self.url}/v1/chat/completions",
                **({"json": BODY, "headers": {"authorization": "Bearer dev"}} | kwargs),
            )


@asynccontextmanager
async def rig(
    servicer: ExternalProcessorServicer,
    tmp_path: Path,
    on_outcome: Callable[[Outcome], None] | None = None,
    *,
    open_route: bool = False,
) -> AsyncIterator[Rig]:
    """Envoy configured as we ship it, `servicer` behind it, and a model that counts.

    `open_route` takes the second line of defence away: what carries no decision is routed to
    the model too, so that nothing but the servicer's own end stands before it.
    """
    reached: list[str] = []
    outcomes: list[Outcome] = []

    async def model(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.json_response({"id": "x", "choices": [], "usage": {"prompt_tokens": 1}})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", model)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    model_port = runner.addresses[0][1]

    server = grpc.aio.server()
    add_ExternalProcessorServicer_to_server(servicer, server)

    def complete(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if on_outcome is not None:
            on_outcome(outcome)

    add_AccessLogServiceServicer_to_server(AccessLog(complete), server)
    service_port = server.add_insecure_port(f"{HOST}:0")
    await server.start()

    port, admin = free_port(), free_port()
    bootstrap = static_bootstrap(
        [Upstream("gpu-a", [Endpoint(HOST, model_port)])],
        service=Service(Endpoint(HOST, service_port)),
        listen=Endpoint(HOST, port),
        admin=Endpoint(HOST, admin),
    )
    if open_route:
        _open(bootstrap)
    config = tmp_path / "envoy.json"
    config.write_text(json.dumps(bootstrap))
    child = await children.start(
        "Envoy",
        [
            envoy(),
            "--config-path",
            config,
            "--disable-hot-restart",
            "--concurrency",
            "1",
            "--log-level",
            "error",
        ],
        log=tmp_path / "envoy.log",
    )
    try:
        await _listening(port, child)
        yield Rig(f"http://{HOST}:{port}", reached, outcomes, server)
    finally:
        child.kill()
        await child.process.wait()
        await server.stop(0)
        await runner.cleanup()


def _open(bootstrap: dict[str, Any]) -> None:
    chain = bootstrap["static_resources"]["listeners"][0]["filter_chains"][0]
    manager = chain["filters"][0]["typed_config"]
    undecided = manager["route_config"]["virtual_hosts"][0]["routes"][-1]
    del undecided["direct_response"]
    undecided["route"] = {"cluster": "gpu-a"}


async def _listening(port: int, child: children.Child) -> None:
    async with asyncio.timeout(20):
        while True:
            assert child.running, child.last_words()
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


async def until(condition: Callable[[], object], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for sets no event
            await asyncio.sleep(0.02)

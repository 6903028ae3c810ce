"""Every way out of the servicer that is not a verdict, through a real Envoy: none reaches a model.

Envoy forwards a request uninspected when an ext_proc stream ends normally
before the verdict. Each test here would pass a request to the model if the
servicer, or the configuration that we render, gave it the chance.
"""

from __future__ import annotations

import asyncio
import time

import pytest
from envoy.service.ext_proc.v3.external_processor_pb2_grpc import ExternalProcessorServicer

from extproc.events import Proceed, RequestBody, RequestHeaders
from extproc.ledger import Ledger
from extproc.models.workers import Overloaded
from extproc.service import ExternalProcessor
from tests.e2e.rig import rig, until


class Scripted:
    """A session that does what the test says instead of deciding."""

    settled = False

    def __init__(self, at_headers=None, at_body=None):
        self.steps = {RequestHeaders: at_headers, RequestBody: at_body}
        self.closed = 0

    async def receive(self, event):
        step = self.steps.get(type(event))
        if step is not None:
            await step()
        return Proceed()

    def fail(self, event):
        raise RuntimeError("even the way out fails")

    def close(self):
        self.closed += 1


async def raises():
    raise ValueError("bug")


async def cancels():
    raise asyncio.CancelledError


async def exits():
    raise SystemExit(3)


async def overloaded():
    raise Overloaded


@pytest.mark.parametrize("where", ["at_headers", "at_body"])
@pytest.mark.parametrize("how", [raises, cancels, overloaded])
async def test_no_failure_in_a_session_reaches_a_model(tmp_path, where, how):
    sessions = []

    def open_session():
        sessions.append(Scripted(**{where: how}))
        return sessions[-1]

    async with rig(ExternalProcessor(open_session), tmp_path, open_route=True) as envoy:
        response = await envoy.ask()
        assert response.status_code >= 500
        assert envoy.reached == []
    assert [s.closed for s in sessions] == [1]


class EndsEarly(ExternalProcessorServicer):
    """What a careless servicer would do."""

    def __init__(self, answers):
        self.answers = answers

    async def Process(self, _, context):
        from envoy.service.ext_proc.v3.external_processor_pb2 import (
            HeadersResponse,
            ProcessingResponse,
        )

        await context.read()
        if self.answers:
            await context.write(ProcessingResponse(request_headers=HeadersResponse()))


@pytest.mark.parametrize("answers", [False, True])
async def test_even_a_servicer_that_returns_early_opens_no_route(tmp_path, answers):
    """The second line of defence: without our routing header Envoy has nowhere to send it."""
    async with rig(EndsEarly(answers), tmp_path) as envoy:
        response = await envoy.ask(headers={"x-ai-pool": "gpu-a", "authorization": "Bearer dev"})
        assert response.status_code == 503
        assert envoy.reached == []


async def test_a_server_that_stops_in_mid_decision_reaches_no_model(tmp_path):
    deciding = asyncio.Event()

    async def hang():
        deciding.set()
        await asyncio.Event().wait()

    async with rig(
        ExternalProcessor(lambda: Scripted(at_body=hang)), tmp_path, open_route=True
    ) as envoy:
        asking = asyncio.create_task(envoy.ask())
        await deciding.wait()
        await envoy.server.stop(0)
        response = await asking
        assert response.status_code >= 500
        assert envoy.reached == []


async def test_a_service_that_is_down_reaches_no_model(tmp_path):
    async with rig(ExternalProcessor(Scripted), tmp_path, open_route=True) as envoy:
        await envoy.server.stop(0)
        response = await envoy.ask()
        assert response.status_code >= 500
        assert envoy.reached == []


async def test_without_that_defence_an_early_end_does_reach_the_model(tmp_path):
    """What the tests above guard against is real: Envoy itself lets this one through."""
    async with rig(EndsEarly(answers=False), tmp_path, open_route=True) as envoy:
        assert (await envoy.ask()).status_code == 200
        assert envoy.reached == ["/v1/chat/completions"]


class Routes(ExternalProcessorServicer):
    """Sends everything to the model without a decision: the fail-open we must see."""

    async def Process(self, _, context):
        from extproc.wire import decode, encode

        event = decode(await context.read())
        await context.write(
            encode(
                event,
                Proceed(set_headers={"x-ai-pool": "gpu-a"}, clear_route_cache=True, final=True),
            )
        )


async def test_the_access_log_finds_what_no_decision_covers(tmp_path):
    told = []
    ledger = Ledger([lambda *what: told.append(what)], time.time)
    async with rig(Routes(), tmp_path, on_outcome=ledger.complete) as envoy:
        response = await envoy.ask()
        assert response.status_code == 200
        await until(lambda: told)
    assert [(d.action, d.pool) for d, _, _ in told] == [("unclassified", "gpu-a")]

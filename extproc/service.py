"""The ext_proc loop: read a message, ask the session, write its reply.

Envoy forwards a request uninspected when this stream ends normally before the
verdict. So `Process` returns only after a final reply; every other way out
aborts the stream, which Envoy closes with an error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import grpc
from envoy.service.ext_proc.v3.external_processor_pb2_grpc import ExternalProcessorServicer

from extproc.events import Event, Reply, Respond
from extproc.session import Session
from extproc.telemetry.logs import event
from extproc.wire import decode, encode

log = logging.getLogger(__name__)

_Context = Any
"""`grpc.aio.ServicerContext`; the package ships no types."""


class ExternalProcessor(ExternalProcessorServicer):
    """One session per stream."""

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open_session = open_session
        self.in_flight = 0

    async def Process(self, _: object, context: _Context) -> None:  # noqa: N802 - gRPC's name
        session = self._open_session()
        self.in_flight += 1
        try:
            while (message := await context.read()) is not grpc.aio.EOF:
                heard = decode(message)
                reply = await _reply(session, heard)
                await context.write(encode(heard, reply))
                if isinstance(reply, Respond) or reply.final:
                    return
            if session.settled:
                return
        except asyncio.CancelledError:
            if context.cancelled():
                raise  # Envoy has left: nobody is waiting for an end
        except Exception as error:  # whatever it is, the way out is the abort below
            event(log, logging.ERROR, "stream failed", error=type(error).__name__)
        finally:
            self.in_flight -= 1
            session.close()
        await context.abort(grpc.StatusCode.INTERNAL, "the exchange ended without a verdict")


async def _reply(session: Session, heard: Event) -> Reply:
    """The one place that turns a failure of our own into an answer."""
    try:
        return await session.receive(heard)
    except Exception as error:  # fail closed
        # Type and place, never the text: an exception's message may quote the request.
        event(log, logging.ERROR, "session failed", error=type(error).__name__)
        return session.fail(heard)

"""The ext_proc loop: read a message, ask the session, write its reply.

Envoy forwards a request uninspected when this stream ends normally before the
verdict. So `Process` returns only after a final reply; every other way out
aborts the stream, which Envoy closes with an error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import grpc
from envoy.service.ext_proc.v3.external_processor_pb2 import ProcessingRequest, ProcessingResponse
from envoy.service.ext_proc.v3.external_processor_pb2_grpc import ExternalProcessorServicer

from extproc.events import Event, Reply, Respond
from extproc.session import Session
from extproc.wire import decode, encode

log = logging.getLogger(__name__)

_Context = grpc.aio.ServicerContext[ProcessingRequest, ProcessingResponse]


class ExternalProcessor(ExternalProcessorServicer):
    """One session per stream."""

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open_session = open_session

    async def Process(self, _: object, context: _Context) -> None:  # noqa: N802 - gRPC's name
        session = self._open_session()
        try:
            while (message := await context.read()) is not grpc.aio.EOF:
                event = decode(message)
                reply = await _reply(session, event)
                await context.write(encode(event, reply))
                if isinstance(reply, Respond) or reply.final:
                    return
            if session.settled:
                return
        except Exception as error:  # whatever it is, the way out is the abort below
            log.error("stream failed", extra={"error": type(error).__name__})
        finally:
            session.close()
        await context.abort(grpc.StatusCode.INTERNAL, "the exchange ended without a verdict")


async def _reply(session: Session, event: Event) -> Reply:
    """The one place that turns a failure of our own into an answer."""
    try:
        return await session.receive(event)
    except Exception as error:  # fail closed
        # Type and place, never the text: an exception's message may quote the request.
        log.error("session failed", extra={"error": type(error).__name__}, exc_info=False)
        return session.fail(event)

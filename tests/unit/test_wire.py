"""Replies as Envoy gets them: what an override of the processing mode has to say."""

from __future__ import annotations

import pytest

from extproc.events import BodyMode, Proceed, RequestBody, RequestHeaders, Respond, ResponseHeaders
from extproc.wire import encode

HEADERS = RequestHeaders({":path": "/"}, end_of_stream=False)


def test_an_exchange_that_goes_on_asks_for_its_answer():
    reply = encode(HEADERS, Proceed())
    assert reply.mode_override.response_header_mode == reply.mode_override.SEND
    assert reply.mode_override.request_body_mode == reply.mode_override.BUFFERED
    assert reply.mode_override.response_body_mode == reply.mode_override.NONE


@pytest.mark.parametrize("reply", [Proceed(final=True), Respond(403, {}, b"")])
def test_an_exchange_that_is_over_at_its_headers_does_not(reply):
    assert not encode(HEADERS, reply).HasField("mode_override")


def test_envoy_takes_no_override_in_a_reply_to_a_body():
    assert not encode(RequestBody(b"", end_of_stream=True), Proceed()).HasField("mode_override")


@pytest.mark.parametrize("mode", [BodyMode.BUFFERED, BodyMode.STREAMED])
def test_an_answer_is_asked_for_in_its_own_form(mode):
    event = ResponseHeaders({":status": "200"}, end_of_stream=False)
    override = encode(event, Proceed(response_body_mode=mode)).mode_override
    assert override.response_body_mode == getattr(override, mode.name)

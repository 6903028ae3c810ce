"""The state machine of one exchange, without Envoy."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from extproc.events import (
    BodyMode,
    Proceed,
    RequestBody,
    RequestHeaders,
    Respond,
    ResponseBody,
    ResponseHeaders,
    Trailers,
)
from extproc.session import Session, Unexpected
from tests.desk import ATTACK, Told, body, decide, desk, headers, rules


@pytest.fixture(scope="module")
def default():
    return rules()


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def make(told, default):
    return lambda **kwargs: Session(desk(told, default, **kwargs))


def error(reply):
    assert isinstance(reply, Respond)
    return json.loads(reply.body)["error"]


async def test_a_forwarded_request_names_its_pool_and_carries_its_decision(make, told):
    session = make()
    reply = await decide(session, body("What is a mutex?"))
    assert isinstance(reply, Proceed)
    assert reply.set_headers["x-ai-pool"] == "gpu-a"
    assert reply.clear_route_cache
    assert json.loads(reply.metadata["decision"])["pool"] == "gpu-a"
    assert session.settled
    assert told.finished == []


async def test_the_request_that_is_not_read_back_ends_the_stream(make):
    # Confidential data is not cached, so nobody needs the answer.
    reply = await decide(make(), body("Write to jane.doe@example.com please"))
    assert isinstance(reply, Proceed)
    assert reply.final
    assert json.loads(reply.body)["model"] == "private"
    assert reply.set_headers["content-length"] == str(len(reply.body))


async def test_a_refusal_is_told_once_however_the_stream_ends(make, told):
    session = make()
    reply = await decide(session, body(ATTACK))
    assert error(reply)["code"] == "prompt_injection"
    session.close()
    session.close()
    assert [d.action for d, _, _ in told.finished] == ["block"]


async def test_our_own_answer_passing_the_response_phase_is_recognised(make):
    session = make()
    await decide(session, body(ATTACK))
    assert await session.receive(ResponseHeaders({":status": "403"}, False)) == Proceed(final=True)


async def test_a_stream_that_ends_before_the_body_is_one_aborted_record(make, told):
    session = make()
    await session.receive(headers())
    assert not session.settled
    session.close()
    session.close()
    assert [d.action for d, _, _ in told.finished] == ["aborted"]


async def test_nothing_is_recorded_for_a_stream_without_headers(make, told):
    make().close()
    assert told.finished == []


async def test_a_post_without_a_body_is_refused(make):
    assert error(await make().receive(headers(end=True)))["code"] == "invalid_request"


async def test_headers_of_ours_do_not_go_upstream(make):
    reply = await decide(make(), x_ai_pool="onprem", x_ai_anything="1")
    assert set(reply.remove_headers) >= {"x-ai-pool", "x-ai-anything"}
    # The development set says so: pools tried out behind it often ask for a key.
    assert "authorization" not in reply.remove_headers
    assert reply.set_headers["x-ai-pool"] == "gpu-a"


async def test_overload_is_shed_at_the_headers(make):
    assert error(await make(limit=0).receive(headers()))["code"] == "overloaded"


async def test_a_request_that_waited_in_a_queue_is_shed_by_envoys_own_clock(make):
    def sent(seconds_ago):
        moment = datetime.fromtimestamp(time.time() - seconds_ago, UTC)
        return replace(headers(), attributes={"request.time": moment.isoformat()})

    assert isinstance(await make().receive(sent(1)), Proceed)
    assert error(await make().receive(sent(10)))["code"] == "overloaded"
    # Longer than Envoy would have waited: two clocks that differ.
    assert isinstance(await make().receive(sent(1000)), Proceed)
    odd = replace(headers(), attributes={"request.time": "yesterday"})
    assert isinstance(await make().receive(odd), Proceed)


async def test_bodies_that_never_come_give_their_place_back(told, default):
    shared = desk(told, default)
    for _ in range(3):
        session = Session(shared)
        await session.receive(headers())
        session.close()
    session = Session(shared)
    await session.receive(headers())
    await session.receive(body())
    session.close()
    assert shared.admission.waiting == 0
    assert shared.admission.deciding == 0


async def test_nothing_begins_when_it_could_not_be_recorded(make):
    reply = await make(ready=lambda: False).receive(headers())
    assert (reply.status, error(reply)["code"]) == (503, "overloaded")
    assert reply.headers["retry-after"] == "1"


async def test_a_body_announced_over_the_limit_is_refused_before_it_comes(make):
    limit = 10 * 1024 * 1024
    at = await make().receive(headers(content_length=str(limit)))
    assert isinstance(at, Proceed)
    over = await make().receive(headers(content_length=str(limit + 1)))
    assert error(over)["code"] == "request_too_large"


@pytest.mark.parametrize(
    "event",
    [
        RequestBody(b"{}", end_of_stream=True),
        ResponseHeaders({}, end_of_stream=False),
        ResponseBody(b"", end_of_stream=True),
    ],
)
async def test_events_out_of_turn_raise(make, event):
    with pytest.raises(Unexpected):
        await make().receive(event)


async def test_a_second_head_raises(make):
    session = make()
    await session.receive(headers())
    with pytest.raises(Unexpected):
        await session.receive(headers())


async def test_failure_before_the_verdict_is_a_refusal_and_after_it_is_not(make):
    session = make()
    await session.receive(headers())
    assert error(session.fail(body()))["code"] == "inspection_unavailable"
    assert session.fail(ResponseBody(b"", True)) == Proceed(final=True)


async def test_where_no_reply_is_safe_failing_raises(make):
    # To go on would forward a request without a verdict, or without the verdict's changes.
    with pytest.raises(Unexpected):
        make().fail(headers())
    with pytest.raises(Unexpected):
        make().fail(body())
    session = make()
    await decide(session, body("Write to jane.doe@example.com please"))
    with pytest.raises(Unexpected):
        session.fail(body())


async def test_trailers_change_nothing(make):
    session = make()
    await session.receive(headers())
    assert await session.receive(Trailers(of_response=False)) == Proceed()
    assert isinstance(await session.receive(body()), Proceed)


async def test_envoys_own_answer_before_the_body_is_no_verdict(make):
    session = make()
    await session.receive(headers())
    reply = await session.receive(ResponseHeaders({":status": "413"}, False))
    assert not reply.final
    assert not session.settled


@pytest.mark.parametrize(
    ("sent", "mode"),
    [
        ("application/json", BodyMode.BUFFERED),
        ("text/event-stream; charset=utf-8", BodyMode.STREAMED),
    ],
)
async def test_the_answer_is_asked_for_in_the_form_that_fits(make, sent, mode):
    session = make()
    await decide(session, body(f"Cacheable {sent}"))
    reply = await session.receive(
        ResponseHeaders({":status": "200", "content-type": sent}, end_of_stream=False)
    )
    assert reply.response_body_mode is mode


@pytest.mark.parametrize(
    "sent",
    [
        {":status": "500", "content-type": "application/json"},
        {":status": "200", "content-type": "application/json", "content-encoding": "gzip"},
        {":status": "200", "content-type": "text/html"},
    ],
)
async def test_an_answer_that_cannot_be_kept_is_let_go(make, sent):
    session = make()
    await decide(session, body(f"Cacheable {sent}"))
    assert (await session.receive(ResponseHeaders(sent, end_of_stream=False))).final


async def test_a_whole_json_answer_is_handed_over(make, told):
    session = make()
    await decide(session, body("What is a semaphore?"))
    await session.receive(
        ResponseHeaders({":status": "200", "content-type": "application/json"}, False)
    )
    document = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}
    reply = await session.receive(ResponseBody(json.dumps(document).encode(), True))
    assert reply.final
    assert told.documents == [document]


async def test_unknown_identity_is_401_and_policy_stands_in(make):
    reply = await make().receive(headers(authorization="Bearer nope"))
    assert (reply.status, reply.headers["x-ai-policy"].split("@")[0]) == (401, "none")


async def test_models_pass_without_identity_or_a_body(make):
    request = RequestHeaders({":method": "GET", ":path": "/v1/models"}, end_of_stream=True)
    reply = await make().receive(request)
    assert isinstance(reply, Proceed)
    assert reply.final

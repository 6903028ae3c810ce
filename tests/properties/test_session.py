"""Whatever comes in, and however it is cut: one reply each, no exception, the same result."""

from __future__ import annotations

import asyncio
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extproc.events import Proceed, RequestBody, Respond, ResponseBody, ResponseHeaders
from extproc.llm.view import Surface
from extproc.response import ResponsePhase
from extproc.session import Session
from tests.desk import Told, desk, headers, rules

RULES = rules()
QUIET = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(["model", "messages", "role", "content", "tools", "input", "stream", "n"])
BODIES = st.binary(max_size=200) | st.dictionaries(KEYS, JSON, max_size=6).map(
    lambda value: json.dumps(value).encode()
)
PATHS = st.sampled_from([surface.value for surface in Surface]) | st.text(max_size=30).map(
    lambda text: "/" + text
)


@QUIET
@given(PATHS, BODIES, st.text(max_size=10))
def test_no_request_makes_a_session_raise(path, sent, method):
    async def run():
        told = Told()
        session = Session(desk(told, RULES))
        reply = await session.receive(headers(path, method or "POST"))
        if isinstance(reply, Proceed) and not reply.final:
            reply = await session.receive(RequestBody(sent, end_of_stream=True))
        assert isinstance(reply, Respond | Proceed)
        assert session.settled
        session.close()
        assert len(told.decisions) == 1

    asyncio.run(run())


def stream(usage: bool) -> bytes:
    chunks = [
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]},
        {"choices": [{"index": 0, "delta": {"content": "Grüße, "}}]},
        {"choices": [{"index": 0, "delta": {"content": "世界\n\t🎈"}}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    if usage:
        chunks.append({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 9}})
    frames = [f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n" for chunk in chunks]
    return "".join([*frames, "data: [DONE]\n\n"]).encode()


@QUIET
@given(st.data(), st.booleans(), st.booleans())
def test_any_splitting_of_a_stream_gives_the_same(data, usage, drop):
    whole = stream(usage)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=12)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    phase = ResponsePhase(Surface.CHAT_COMPLETIONS, b"key", drop_usage=drop)
    phase.headers(ResponseHeaders({":status": "200", "content-type": "text/event-stream"}, False))
    out = b""
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        reply = phase.body(ResponseBody(piece, end_of_stream=last))
        out += piece if reply.body is None else reply.body
        assert reply.final == last
    assert out == (stream(usage=False) if drop else whole)
    result = phase.result()
    assert result.document["choices"][0]["message"]["content"] == "Grüße, 世界\n\t🎈"
    assert result.answer.exact == usage
    assert result.answer.output_tokens == 9 if usage else result.answer.output_tokens > 0


@QUIET
@given(st.integers(0, len(stream(usage=True)) - 1))
def test_a_stream_that_is_cut_is_counted_and_never_kept(at):
    phase = ResponsePhase(Surface.CHAT_COMPLETIONS, b"key", drop_usage=False)
    phase.headers(ResponseHeaders({":status": "200", "content-type": "text/event-stream"}, False))
    phase.body(ResponseBody(stream(usage=True)[:at], end_of_stream=False))
    result = phase.result()
    assert result.document is None

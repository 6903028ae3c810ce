"""The guard of one answer: what is held, dropped and refused."""

from __future__ import annotations

import json

import pytest

from extproc.inspectors.output import guard as module
from extproc.inspectors.output.guard import Checks, Guard
from extproc.inspectors.sensitivity import Analyzer
from extproc.llm.sse import SseParser
from extproc.llm.view import Surface
from extproc.verdict import Code, Refusal

ANALYZER = Analyzer()
SCHEMA = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}


def guard(surface=Surface.CHAT_COMPLETIONS, sensitive=None, schema=None, offer=None):
    return Guard(surface, Checks(sensitive, False, schema, ANALYZER.scan), offer)


def frames(*events):
    raw = "".join(f"data: {e if isinstance(e, str) else json.dumps(e)}\n\n" for e in events)
    return SseParser().feed(raw.encode())


def chunk(text=None, end=None, **more):
    delta = {} if text is None else {"content": text}
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": end, **more}]}


def test_a_stream_that_must_fit_and_ends_too_soon_is_refused():
    watch = guard(schema=SCHEMA)
    assert [f for frame in frames(chunk('{"n": 1}')) for f in watch.feed(frame)] == []
    with pytest.raises(Refusal) as refused:
        watch.end()
    assert refused.value.refuse.code is Code.CONTENT_POLICY
    assert [finding.rule for finding in watch.findings] == ["incomplete"]


@pytest.mark.parametrize(("over", "passes"), [(0, True), (1, False)])
def test_a_stream_is_held_up_to_its_limit(monkeypatch, over, passes):
    whole = frames(chunk('{"n": 1}'), chunk(end="stop"), "[DONE]")
    monkeypatch.setattr(module, "MAX_HELD", sum(len(f.raw) for f in whole) - over)
    watch = guard(schema=SCHEMA)

    def run():
        return [f for frame in whole for f in watch.feed(frame)] + list(watch.end())

    if passes:
        assert b"".join(f.raw for f in run()) == b"".join(f.raw for f in whole)
        return
    with pytest.raises(Refusal):
        run()
    assert [finding.rule for finding in watch.findings] == ["too_long"]


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("text", ["", "no JSON", '{"n": "1"}', '{"n": 1} and more', "[1]"])
def test_what_does_not_fit_is_refused_streamed_or_not(text, streamed):
    watch = guard(schema=SCHEMA)
    with pytest.raises(Refusal):
        if streamed:
            for frame in frames(chunk(text), chunk(end="stop"), "[DONE]"):
                watch.feed(frame)
        else:
            watch.document({"choices": [{"index": 0, "message": {"content": text}}]})


def test_one_choice_that_does_not_fit_is_enough():
    said = [{"index": n, "message": {"content": text}} for n, text in enumerate(('{"n": 1}', "x"))]
    with pytest.raises(Refusal):
        guard(schema=SCHEMA).document({"choices": said})


SPELLED = [{"token": "joe@exam"}, {"token": "ple.com"}]


@pytest.mark.parametrize(
    "logprobs", [{"content": SPELLED}, {"tokens": ["joe@exam", "ple.com"]}, SPELLED]
)
@pytest.mark.parametrize("streamed", [False, True])
def test_tokens_with_their_probabilities_are_no_way_around(logprobs, streamed):
    watch = guard(sensitive="redact")
    if streamed:
        events = frames(chunk("Hi ", logprobs=logprobs), chunk(end="stop"), "[DONE]")
        out = [f for frame in events for f in watch.feed(frame)] + list(watch.end())
        said = b"".join(f.raw for f in out).decode()
    else:
        document = {"choices": [{"index": 0, "message": {"content": "Hi"}, "logprobs": logprobs}]}
        watch.document(document)
        said = json.dumps(document)
    assert "Hi" in said
    assert "joe@" not in said
    assert "logprobs" in said


def test_a_client_is_asked_again_when_the_offer_stands():
    for stands in (True, False):
        watch = guard(schema=SCHEMA, offer=lambda: stands)  # noqa: B023 -- called within the turn
        with pytest.raises(Refusal) as refused:
            watch.document({"choices": [{"index": 0, "message": {"content": "x"}}]})
        assert refused.value.refuse.should_retry is stands
        assert ("retry_asked" in {f.rule for f in watch.findings}) is stands

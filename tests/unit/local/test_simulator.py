"""The simulated pool, spoken to by the real SDKs, and its faults by a plain client."""

from __future__ import annotations

import asyncio
import base64
import json
import struct

import aiohttp
import anthropic
import openai
import pytest
from aiohttp import web

from extproc.local.simulator.app import Pool, app
from extproc.local.simulator.behaviour import Behaviour, Framing

HELLO = [{"role": "user", "content": "Hello there"}]
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
}


@pytest.fixture
async def base():
    runner = web.AppRunner(app(Pool("gpu-a", ("large", "small")), Behaviour()), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def oai(base):
    async with openai.AsyncOpenAI(base_url=f"{base}/v1", api_key="x", max_retries=0) as client:
        yield client


@pytest.fixture
async def ant(base):
    async with anthropic.AsyncAnthropic(base_url=base, api_key="x", max_retries=0) as client:
        yield client


@pytest.fixture
async def post(base):
    async with aiohttp.ClientSession() as session:

        async def post(path="/v1/chat/completions", sim="", headers=None, **body):
            body = {"model": "large", "messages": HELLO, **body}
            headers = {"x-sim": sim, "accept-encoding": "identity", **(headers or {})}
            async with session.post(base + path, json=body, headers=headers) as answer:
                return answer.status, answer.headers, await answer.read()

        yield post


SAID = "[gpu-a/large] You said: Hello there"


async def test_chat(oai):
    answer = await oai.chat.completions.create(model="large", messages=HELLO)
    assert answer.choices[0].message.content == SAID
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (2, 12)


@pytest.mark.parametrize("asked", [True, False])
async def test_a_chat_stream_tells_usage_only_when_asked(oai, asked):
    more = {"stream_options": {"include_usage": True}} if asked else {}
    stream = await oai.chat.completions.create(
        model="large", messages=HELLO, stream=True, n=2, **more
    )
    texts, usage = ["", ""], []
    async for chunk in stream:
        usage += [chunk.usage] if chunk.usage else []
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    assert texts == [SAID, SAID]
    assert [each.completion_tokens for each in usage] == ([24] if asked else [])


async def test_an_answer_stops_at_the_limit_of_the_client(oai):
    answer = await oai.chat.completions.create(model="large", messages=HELLO, max_tokens=4)
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 4


async def test_a_tool_is_called_and_its_result_answered(oai):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": WEATHER}}]
    answer = await oai.chat.completions.create(
        model="large", messages=HELLO, tools=tools, tool_choice="required"
    )
    (call,) = answer.choices[0].message.tool_calls
    assert (call.function.name, json.loads(call.function.arguments)) == (
        "weather",
        {"city": "Hello there", "days": 1},
    )
    turns = [
        *HELLO,
        answer.choices[0].message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": "rain"},
    ]
    after = await oai.chat.completions.create(
        model="large", messages=turns, tools=tools, tool_choice="required"
    )
    assert after.choices[0].message.content == SAID


async def test_structured_answers_fit_the_schema(oai):
    answer = await oai.chat.completions.create(
        model="large",
        messages=HELLO,
        response_format={"type": "json_schema", "json_schema": {"name": "w", "schema": WEATHER}},
    )
    assert json.loads(answer.choices[0].message.content) == {"city": "Hello there", "days": 1}


async def test_legacy_completions(oai):
    answer = await oai.completions.create(model="large", prompt="Hello there")
    assert answer.choices[0].text == SAID
    stream = await oai.completions.create(model="large", prompt="Hello there", stream=True)
    assert "".join([chunk.choices[0].text async for chunk in stream]) == SAID


async def test_embeddings_are_the_same_in_both_encodings(oai):
    made = [
        await oai.embeddings.create(
            model="large", input=["a", "b"], dimensions=8, encoding_format=encoding
        )
        for encoding in ("float", "base64")
    ]
    assert made[0].usage.prompt_tokens == 2
    floats, packed = ([item.embedding for item in each.data] for each in made)
    assert floats[0] != floats[1]
    unpacked = [struct.unpack("<8f", base64.b64decode(each)) for each in packed]
    assert unpacked == [pytest.approx(each, abs=1e-6) for each in floats]


async def test_responses(oai):
    answer = await oai.responses.create(model="large", input="Hello there")
    assert answer.output_text == SAID
    assert answer.usage.output_tokens == 12
    async with oai.responses.stream(model="large", input="Hello there") as stream:
        final = await stream.get_final_response()
    assert final.output_text == SAID


async def test_messages(ant):
    answer = await ant.messages.create(model="large", max_tokens=99, messages=HELLO)
    assert answer.content[0].text == SAID
    async with ant.messages.stream(model="large", max_tokens=99, messages=HELLO) as stream:
        final = await stream.get_final_message()
    assert final.content[0].text == SAID
    assert (final.usage.input_tokens, final.usage.output_tokens) == (2, 12)


async def test_messages_call_tools(ant):
    async with ant.messages.stream(
        model="large",
        max_tokens=99,
        messages=HELLO,
        tools=[{"name": "weather", "input_schema": WEATHER}],
        tool_choice={"type": "any"},
    ) as stream:
        final = await stream.get_final_message()
    assert final.stop_reason == "tool_use"
    assert final.content[0].input == {"city": "Hello there", "days": 1}


async def test_a_model_of_another_pool_is_not_found(oai):
    with pytest.raises(openai.NotFoundError):
        await oai.chat.completions.create(model="private", messages=HELLO)


@pytest.mark.parametrize("framing", Framing)
async def test_every_framing_carries_the_same_events(post, framing):
    async def events(framing):
        _, headers, body = await post(sim=f"framing={framing}", stream=True)
        assert headers["content-type"].startswith("text/event-stream")
        text = body.decode().replace("\r\n", "\n").replace("\r", "\n")
        found = []
        for event in text.strip("\n").split("\n\n"):
            lines = [line.partition(":")[::2] for line in event.split("\n")]
            found.append(
                "\n".join(value.removeprefix(" ") for key, value in lines if key == "data")
            )
        return [each if each == "[DONE]" else json.loads(each) for each in found]

    assert await events(framing) == await events(Framing.PLAIN)


async def test_errors_come_in_the_dialect_of_the_surface(post):
    status, headers, body = await post(sim="status=429 retry-after=7")
    assert (status, headers["retry-after"]) == (429, "7")
    assert json.loads(body)["error"]["type"] == "invalid_request_error"
    status, _, body = await post("/v1/messages", sim="status=529")
    assert (status, json.loads(body)["error"]["type"]) == (529, "overloaded_error")


async def test_a_cut_stream_breaks_and_an_unfinished_one_ends(post):
    with pytest.raises(aiohttp.ClientPayloadError):
        await post(sim="cut=3", stream=True)
    _, _, body = await post(sim="unfinished=3", stream=True)
    assert body.count(b"data: ") == 3
    assert b"[DONE]" not in body


async def test_a_failing_pool_breaks_the_connection(post):
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(sim="fail=1")


async def test_usage_can_be_withheld(post):
    for path in ("/v1/chat/completions", "/v1/responses", "/v1/messages"):
        for stream in (False, True):
            _, _, body = await post(path, sim="usage=0", stream=stream, input="Hello")
            assert b'"usage"' not in body


async def test_the_request_can_be_had_back(post):
    _, _, body = await post(sim="echo=request", headers={"authorization": "Bearer k"})
    arrived = json.loads(json.loads(body)["choices"][0]["message"]["content"])
    assert arrived["line"] == "POST /v1/chat/completions"
    assert arrived["headers"]["authorization"] == "Bearer k"
    assert arrived["body"]["messages"] == HELLO


async def test_answers_are_compressed_for_those_who_ask(post):
    _, headers, body = await post(headers={"accept-encoding": "gzip"})
    assert headers["content-encoding"] == "gzip"
    assert json.loads(body)["choices"]
    _, headers, _ = await post()
    assert "content-encoding" not in headers


async def test_it_counts_what_reached_it(post, base):
    await post()
    await post(sim="status=500")
    async with aiohttp.ClientSession() as session, session.get(f"{base}/sim/served") as answer:
        assert await answer.json() == {"requests": 2}


async def test_what_is_held_comes_when_it_is_let_go(post, base):
    held = [asyncio.create_task(post(sim="hold=a")), asyncio.create_task(post(sim="hold=b"))]
    async with aiohttp.ClientSession() as session:

        async def served() -> int:
            async with session.get(f"{base}/sim/served") as answer:
                return (await answer.json())["requests"]

        while await served() < 2:
            pass
        async with session.post(f"{base}/sim/release/a") as answer:
            assert answer.status == 200
        assert (await held[0])[0] == 200
        assert (await post(sim="hold=a"))[0] == 200, "what comes later is not held any more"
        assert not held[1].done()
        async with session.post(f"{base}/sim/release/b"):
            assert (await held[1])[0] == 200


@pytest.mark.parametrize("text", ["nonsense=1", "status=abc", "framing=odd"])
def test_a_wish_it_does_not_know_is_named(text):
    with pytest.raises(ValueError, match=f"x-sim: '{text}'"):
        Behaviour().with_pairs(text)


async def test_a_broken_body_is_400(base):
    async with aiohttp.ClientSession() as session:
        for body in (b"{", b"[]", b'{"model": "large", "messages": 7}'):
            async with session.post(f"{base}/v1/chat/completions", data=body) as answer:
                assert answer.status == 400


@pytest.mark.parametrize(("n", "status"), [(128, 200), (129, 400), (10**19, 400)])
async def test_as_many_choices_as_real_servers_give(post, n, status):
    assert (await post(n=n))[0] == status

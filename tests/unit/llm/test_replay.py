"""Replayed streams are read with the real SDKs: they decide what is well formed."""

import json
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from extproc.llm.replay import replay
from extproc.llm.sse import SseParser
from extproc.llm.view import Surface

TEXT = 'Héllo\n\r\u2028\u0085 "world" \\ 😀'
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
CHAT = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": TEXT,
                "refusal": None,
                "tool_calls": [
                    {
                        "id": "t1",
                        "type": "function",
                        "function": {"name": "f", "arguments": '{"a": "é"}'},
                    }
                ],
            },
            "logprobs": None,
            "finish_reason": "tool_calls",
        },
        {
            "index": 1,
            "message": {"role": "assistant", "content": None, "refusal": "no"},
            "logprobs": None,
            "finish_reason": "stop",
        },
    ],
    "usage": USAGE,
}
COMPLETION = {
    "id": "c2",
    "object": "text_completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "text": TEXT, "logprobs": None, "finish_reason": "stop"}],
    "usage": USAGE,
}
MESSAGE = {
    "id": "m1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [
        {"type": "thinking", "thinking": TEXT, "signature": "c2ln"},
        {"type": "text", "text": TEXT},
        {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": ["é", 1]}},
        {"type": "redacted_thinking", "data": "c2ln"},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 3, "output_tokens": 5},
}
RESPONSE = {
    "id": "r1",
    "object": "response",
    "created_at": 1.0,
    "status": "completed",
    "model": "m",
    "output": [
        {"id": "i1", "type": "reasoning", "summary": [{"type": "summary_text", "text": TEXT}]},
        {
            "id": "i2",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": TEXT, "annotations": []}],
        },
        {
            "id": "i3",
            "type": "function_call",
            "call_id": "c",
            "name": "n",
            "arguments": '{"a": 1}',
            "status": "completed",
        },
    ],
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
}


def http(body: bytes) -> httpx2.Client:
    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body)

    return httpx2.Client(transport=httpx2.MockTransport(answer))


def openai_client(body: bytes) -> openai.OpenAI:
    return openai.OpenAI(api_key="k", base_url="http://x/v1", http_client=http(body))


def datas(stream: bytes) -> list[Any]:
    return [frame.data for frame in SseParser().feed(stream)]


def test_chat_through_the_sdk() -> None:
    client = openai_client(replay(Surface.CHAT_COMPLETIONS, CHAT, include_usage=True))
    with client.chat.completions.stream(model="m", messages=[]) as stream:
        answer = stream.get_final_completion()
    first, second = answer.choices
    assert (first.message.content, first.finish_reason) == (TEXT, "tool_calls")
    assert first.message.tool_calls[0].function.arguments == '{"a": "é"}'
    assert (second.message.refusal, second.finish_reason) == ("no", "stop")
    assert answer.usage.total_tokens == 3


def test_usage_is_told_only_when_asked_for() -> None:
    silent = datas(replay(Surface.CHAT_COMPLETIONS, CHAT))
    assert silent[-1] == "[DONE]"
    assert all("usage" not in json.loads(data) for data in silent[:-1])
    asked = [
        json.loads(it)
        for it in datas(replay(Surface.COMPLETIONS, COMPLETION, include_usage=True))[:-1]
    ]
    assert asked[-1]["choices"] == []
    assert asked[-1]["usage"] == USAGE
    assert all(chunk["usage"] is None for chunk in asked[:-1])


def test_the_role_comes_first_and_alone() -> None:
    first = json.loads(datas(replay(Surface.CHAT_COMPLETIONS, CHAT))[0])
    assert first["choices"] == [
        {
            "index": 0,
            "delta": {"role": "assistant", "content": ""},
            "logprobs": None,
            "finish_reason": None,
        }
    ]


def test_completions_through_the_sdk() -> None:
    client = openai_client(replay(Surface.COMPLETIONS, COMPLETION))
    chunks = list(client.completions.create(model="m", prompt="x", stream=True))
    assert "".join(chunk.choices[0].text for chunk in chunks) == TEXT
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_messages_through_the_sdk() -> None:
    body = replay(Surface.MESSAGES, MESSAGE)
    client = anthropic.Anthropic(api_key="k", base_url="http://x", http_client=http(body))
    with client.messages.stream(model="m", max_tokens=1, messages=[]) as stream:
        answer = stream.get_final_message()
    thinking, text, call, redacted = answer.content
    assert (thinking.thinking, thinking.signature) == (TEXT, "c2ln")
    assert text.text == TEXT
    assert call.input == {"a": ["é", 1]}
    assert redacted.data == "c2ln"
    assert answer.stop_reason == "tool_use"
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (3, 5)


def test_responses_through_the_sdk() -> None:
    client = openai_client(replay(Surface.RESPONSES, RESPONSE))
    with client.responses.stream(model="m", input="x") as stream:
        events = list(stream)
        answer = stream.get_final_response()
    assert [event.sequence_number for event in events if hasattr(event, "sequence_number")] == list(
        range(len(events))
    )
    assert events[0].type == "response.created"
    assert events[-1].type == "response.completed"
    assert answer.output_text == TEXT
    assert answer.output[2].arguments == '{"a": 1}'


def test_an_incomplete_response_says_so() -> None:
    stream = replay(Surface.RESPONSES, {**RESPONSE, "status": "incomplete"})
    assert json.loads(datas(stream)[-1])["type"] == "response.incomplete"


def test_embeddings_have_no_stream() -> None:
    with pytest.raises(ValueError, match="not streamed"):
        replay(Surface.EMBEDDINGS, {})

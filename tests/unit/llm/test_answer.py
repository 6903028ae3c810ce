from typing import Any

import pytest

from extproc.llm.answer import Assembled, Assembler, assemble, normal_end
from extproc.llm.replay import replay
from extproc.llm.sse import SseParser, encode
from extproc.llm.stream import read_event
from extproc.llm.usage import Usage
from extproc.llm.view import Surface

CHAT = b"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

: keep-alive

data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":{"content":[{"token":"Hel"}]},"finish_reason":null}]}

data: {"id":"c","choices":[{"index":1,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":null}]}

data: {"id":"c","choices":[{"index":0,"delta":{"content":"lo"},"logprobs":{"content":[{"token":"lo"}]},"finish_reason":null}]}

data: {"id":"c","choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"a\\""}}]},"finish_reason":null}]}

data: {"id":"c","choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]},"finish_reason":null}]}

data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

data: {"id":"c","choices":[{"index":1,"delta":{},"finish_reason":"tool_calls"}]}

data: {"id":"c","choices":[],"usage":{"prompt_tokens":4,"completion_tokens":9,"total_tokens":13}}

data: [DONE]

"""

MESSAGE = b"""event: message_start
data: {"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":7,"output_tokens":1}}}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

event: ping
data: {"type":"ping"}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

event: content_block_stop
data: {"type":"content_block_stop","index":0}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hel"}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"lo"}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"cited_text":"x"}}}

event: content_block_stop
data: {"type":"content_block_stop","index":1}

event: content_block_start
data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":"}}

event: content_block_delta
data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"[1]}"}}

event: content_block_stop
data: {"type":"content_block_stop","index":2}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":15}}

event: message_stop
data: {"type":"message_stop"}

"""
RESPONSE = {
    "id": "r",
    "object": "response",
    "status": "completed",
    "model": "m",
    "output": [
        {
            "id": "i",
            "type": "message",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "Hello", "annotations": []}],
        },
        {"id": "f", "type": "function_call", "call_id": "c", "name": "n", "arguments": "{}"},
    ],
    "usage": {"input_tokens": 3, "output_tokens": 5, "total_tokens": 8},
}


def put_together(surface: Surface, stream: bytes) -> Assembled:
    parser = SseParser()
    return assemble(surface, [*parser.feed(stream), *parser.end()])


def test_chat() -> None:
    answer = put_together(Surface.CHAT_COMPLETIONS, CHAT)
    assert answer.document == {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello", "refusal": None},
                "logprobs": {"content": [{"token": "Hel"}, {"token": "lo"}]},
                "finish_reason": "stop",
            },
            {
                "index": 1,
                "message": {
                    "role": "assistant",
                    "content": None,
                    "refusal": None,
                    "tool_calls": [
                        {
                            "id": "t1",
                            "type": "function",
                            "function": {"name": "f", "arguments": '{"a":1}'},
                        },
                        {
                            "id": "t2",
                            "type": "function",
                            "function": {"name": "g", "arguments": "{}"},
                        },
                    ],
                },
                "logprobs": None,
                "finish_reason": "tool_calls",
            },
        ],
        "usage": {"prompt_tokens": 4, "completion_tokens": 9, "total_tokens": 13},
    }
    assert answer.complete
    assert answer.usage == Usage(4, 9)
    assert answer.text_chars == len('Hellof{"a":1}g{}')


def test_messages() -> None:
    answer = put_together(Surface.MESSAGES, MESSAGE)
    assert answer.document == {
        "id": "m1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [
            {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
            {"type": "text", "text": "Hello", "citations": [{"cited_text": "x"}]},
            {"type": "tool_use", "id": "t", "name": "f", "input": {"a": [1]}},
        ],
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": {"input_tokens": 7, "output_tokens": 15},
    }
    assert answer.complete
    assert answer.usage == Usage(7, 15)


def test_responses() -> None:
    answer = put_together(Surface.RESPONSES, replay(Surface.RESPONSES, RESPONSE))
    assert (answer.document, answer.complete, answer.usage) == (RESPONSE, True, Usage(3, 5))
    assert answer.text_chars == len("Hello{}")


def test_reasoning_and_refusals_are_joined() -> None:
    deltas = (
        '{"choices":[{"index":0,"delta":{"reasoning_content":"a","refusal":"n"}}]}',
        '{"choices":[{"index":0,"delta":{"reasoning_content":"b","refusal":"o"}}]}',
    )
    stream = b"".join(encode(None, delta) for delta in deltas)
    (choice,) = put_together(Surface.CHAT_COMPLETIONS, stream).document["choices"]
    assert choice["message"]["reasoning_content"] == "ab"
    assert choice["message"]["refusal"] == "no"
    assert choice["message"]["content"] is None


def test_whole_tool_calls_without_an_index_stay_apart() -> None:
    call = '{"choices":[{"index":0,"delta":{"tool_calls":[{"id":"%s","function":{"name":"f"}}]}}]}'
    stream = encode(None, call % "a") + encode(None, call % "b")
    (choice,) = put_together(Surface.CHAT_COMPLETIONS, stream).document["choices"]
    assert [call["id"] for call in choice["message"]["tool_calls"]] == ["a", "b"]


STREAMS = [
    (Surface.CHAT_COMPLETIONS, CHAT),
    (Surface.MESSAGES, MESSAGE),
    (Surface.RESPONSES, replay(Surface.RESPONSES, RESPONSE)),
]


@pytest.mark.parametrize(("surface", "stream"), STREAMS)
def test_no_stream_that_was_cut_is_complete(surface: Surface, stream: bytes) -> None:
    frames = SseParser().feed(stream)
    assembler = Assembler(surface)
    for frame in frames[:-1]:
        assembler.feed(read_event(frame))
        assert not assembler.complete
    assert assembler.assembled().document
    assembler.feed(read_event(frames[-1]))
    assert assembler.complete


@pytest.mark.parametrize(("surface", "stream"), STREAMS)
@pytest.mark.parametrize(
    "inserted",
    [
        b'data: {"error":{"message":"x"}}\n\n',
        b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n',
        b"data: {broken\n\n",
    ],
)
def test_no_stream_with_an_error_in_it_is_complete(
    surface: Surface, stream: bytes, inserted: bytes
) -> None:
    first, rest = stream.split(b"\n\n", 1)
    answer = put_together(surface, first + b"\n\n" + inserted + rest)
    assert not answer.complete


def test_a_cut_responses_stream_gives_what_there_is() -> None:
    stream = replay(Surface.RESPONSES, RESPONSE)
    head = stream.partition(b"event: response.output_text.done")[0]
    answer = put_together(Surface.RESPONSES, head)
    (item,) = answer.document["output"]
    assert item["content"] == [{"type": "output_text", "text": "Hello", "annotations": []}]


def test_tool_input_that_is_not_json_is_not_complete() -> None:
    answer = put_together(Surface.MESSAGES, MESSAGE.replace(b'"[1]}"', b'"[1"'))
    assert not answer.complete
    assert answer.document["content"][2]["partial_json"] == '{"a":[1'


def test_a_choice_without_a_reason_is_not_complete() -> None:
    stream = CHAT.replace(b'"finish_reason":"tool_calls"', b'"finish_reason":null')
    assert not put_together(Surface.CHAT_COMPLETIONS, stream).complete


def test_done_alone_is_not_an_answer() -> None:
    assert not put_together(Surface.CHAT_COMPLETIONS, b"data: [DONE]\n\n").complete


def test_the_assembler_gives_the_texts_as_they_come() -> None:
    assembler = Assembler(Surface.MESSAGES)
    texts = [
        text for frame in SseParser().feed(MESSAGE) for text in assembler.feed(read_event(frame))
    ]
    assert texts == ["hm", "Hel", "lo", "f", '{"a":', "[1]}"]


def test_embeddings_have_no_stream() -> None:
    with pytest.raises(ValueError, match="not streamed"):
        Assembler(Surface.EMBEDDINGS)


def choice(reason: str | None, **message: Any) -> dict[str, Any]:
    fields = {"role": "assistant", "content": "x", **message}
    return {"choices": [{"message": fields, "finish_reason": reason}]}


CALL = {"tool_calls": [{"id": "t"}]}


@pytest.mark.parametrize(
    ("surface", "document", "plain", "with_tools"),
    [
        (Surface.CHAT_COMPLETIONS, choice("stop"), True, True),
        (Surface.CHAT_COMPLETIONS, choice("tool_calls", **CALL), False, True),
        (Surface.CHAT_COMPLETIONS, choice("stop", **CALL), False, True),
        (Surface.CHAT_COMPLETIONS, choice("stop", function_call={"name": "f"}), False, True),
        (Surface.CHAT_COMPLETIONS, choice("length"), False, False),
        (Surface.CHAT_COMPLETIONS, choice("length", **CALL), False, False),
        (Surface.CHAT_COMPLETIONS, choice("content_filter"), False, False),
        (Surface.CHAT_COMPLETIONS, choice("stop", refusal="no"), False, False),
        (Surface.CHAT_COMPLETIONS, choice(None), False, False),
        (Surface.CHAT_COMPLETIONS, {"choices": []}, False, False),
        (Surface.CHAT_COMPLETIONS, {"error": {"message": "x"}}, False, False),
        (Surface.CHAT_COMPLETIONS, {**choice("stop"), "error": {"code": 1}}, False, False),
        (
            Surface.CHAT_COMPLETIONS,
            {"choices": choice("stop")["choices"] + choice("length")["choices"]},
            False,
            False,
        ),
        (Surface.COMPLETIONS, {"choices": [{"text": "", "finish_reason": "stop"}]}, True, True),
        (Surface.COMPLETIONS, {"choices": [{"text": "", "finish_reason": "length"}]}, False, False),
        (Surface.EMBEDDINGS, {"data": [{"embedding": [0.1]}]}, True, True),
        (Surface.EMBEDDINGS, {"data": []}, False, False),
        (Surface.MESSAGES, {"type": "message", "stop_reason": "end_turn"}, True, True),
        (Surface.MESSAGES, {"type": "message", "stop_reason": "stop_sequence"}, True, True),
        (
            Surface.MESSAGES,
            {"stop_reason": "tool_use", "content": [{"type": "tool_use"}]},
            False,
            True,
        ),
        (Surface.MESSAGES, {"stop_reason": "max_tokens"}, False, False),
        (Surface.MESSAGES, {"stop_reason": "refusal"}, False, False),
        (Surface.MESSAGES, {"stop_reason": "pause_turn"}, False, False),
        (Surface.MESSAGES, {"type": "error", "error": {"type": "x"}}, False, False),
        (Surface.RESPONSES, {**RESPONSE, "output": RESPONSE["output"][:1]}, True, True),
        (Surface.RESPONSES, RESPONSE, False, True),
        (Surface.MESSAGES, {"type": "error", "stop_reason": "end_turn"}, False, False),
        (Surface.RESPONSES, {**RESPONSE, "incomplete_details": {"reason": "x"}}, False, False),
        (Surface.RESPONSES, {**RESPONSE, "status": "incomplete"}, False, False),
        (Surface.RESPONSES, {**RESPONSE, "error": {"code": "x"}}, False, False),
        (Surface.RESPONSES, {**RESPONSE, "output": []}, False, False),
        (
            Surface.RESPONSES,
            {"status": "completed", "output": [{"content": [{"type": "refusal"}]}]},
            False,
            False,
        ),
    ],
)
def test_normal_end(
    surface: Surface, document: dict[str, Any], plain: bool, with_tools: bool
) -> None:
    assert normal_end(surface, document) is plain
    assert normal_end(surface, document, tool_calls=True) is with_tools

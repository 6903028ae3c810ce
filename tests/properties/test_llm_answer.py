"""A stored answer survives its replay, whatever text is in it and however it is cut."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.llm.answer import Assembler, assemble, normal_end
from extproc.llm.replay import replay
from extproc.llm.sse import Frame, SseParser
from extproc.llm.stream import read_event
from extproc.llm.view import Surface

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
SOME_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
CALL = st.builds(
    lambda name, arguments: {
        "id": "t",
        "type": "function",
        "function": {"name": name, "arguments": arguments},
    },
    SOME_TEXT,
    TEXT,
)
MESSAGE = st.fixed_dictionaries(
    {"role": st.just("assistant"), "content": SOME_TEXT, "refusal": st.none()},
    optional={"tool_calls": st.lists(CALL, min_size=1, max_size=3), "reasoning_content": SOME_TEXT},
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
BLOCK = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, TEXT),
    st.builds(lambda text: {"type": "thinking", "thinking": text, "signature": "c2ln"}, TEXT),
    st.builds(
        lambda value: {"type": "tool_use", "id": "t", "name": "f", "input": value},
        st.dictionaries(TEXT, JSON, max_size=3),
    ),
    st.builds(lambda text: {"type": "web_search_tool_result", "content": text}, TEXT),
)
ITEM = st.one_of(
    st.builds(
        lambda text: {
            "type": "message",
            "id": "i",
            "role": "assistant",
            "content": [{"type": "output_text", "text": text}],
        },
        TEXT,
    ),
    st.builds(lambda text: {"type": "function_call", "id": "i", "arguments": text}, TEXT),
)


def chat_document(messages: list[dict[str, Any]]) -> dict[str, Any]:
    choices = [
        {"index": at, "message": message, "logprobs": None, "finish_reason": "stop"}
        for at, message in enumerate(messages)
    ]
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}


def message_document(content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "message",
        "content": content,
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"output_tokens": 1},
    }


def response_document(output: list[dict[str, Any]]) -> dict[str, Any]:
    return {"object": "response", "status": "completed", "output": output}


ANSWERS = st.one_of(
    st.lists(MESSAGE, min_size=1, max_size=3).map(
        lambda it: (Surface.CHAT_COMPLETIONS, chat_document(it))
    ),
    st.lists(BLOCK, max_size=4).map(lambda it: (Surface.MESSAGES, message_document(it))),
    st.lists(ITEM, max_size=3).map(lambda it: (Surface.RESPONSES, response_document(it))),
)


@settings(max_examples=200)
@given(ANSWERS, st.integers(1, 50))
def test_replay_and_assembly_are_inverse(answer: tuple[Surface, dict[str, Any]], step: int) -> None:
    surface, document = answer
    stream = replay(surface, document)
    parser = SseParser()
    frames: list[Frame] = []
    for at in range(0, len(stream), step):
        frames += parser.feed(stream[at : at + step])
    assembled = assemble(surface, [*frames, *parser.end()])
    assert assembled.complete
    assert assembled.document == document


NAMES = st.sampled_from(
    [
        *("type", "choices", "delta", "index", "message", "content_block", "response", "usage"),
        *("item", "output_index", "tool_calls", "function", "content", "arguments", "citation"),
    ]
)
KINDS = st.sampled_from(
    [
        *("message_start", "message_delta", "message_stop", "content_block_start"),
        *("content_block_delta", "content_block_stop", "response.completed", "response.x.delta"),
        *("response.output_item.added", "response.output_item.done"),
    ]
)
NONSENSE = st.recursive(
    st.none() | st.integers(0, 2) | KINDS | st.text("{}", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=15,
)
EVENT_DATA = st.sampled_from(["[DONE]", "{", "null"]) | st.builds(
    lambda fields, kind: json.dumps({**fields, "type": kind}),
    st.dictionaries(NAMES, NONSENSE),
    KINDS,
)


@settings(max_examples=100)
@given(
    st.sampled_from([surface for surface in Surface if surface is not Surface.EMBEDDINGS]),
    st.lists(EVENT_DATA),
)
def test_no_event_makes_the_assembler_fail(surface: Surface, datas: list[str]) -> None:
    assembler = Assembler(surface)
    for data in datas:
        assembler.feed(read_event(Frame(b"", None, data)))
    document = assembler.assembled().document
    if normal_end(surface, document, tool_calls=True):
        assert replay(surface, document)


ENDS = st.sampled_from(["stop", "tool_calls", "end_turn", "completed"])
DOCUMENT_NAMES = NAMES | st.sampled_from(["output", "status", "summary", "text", "citations"])
ODD = st.recursive(
    st.none() | st.integers(0, 2) | ENDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(DOCUMENT_NAMES, inner, max_size=5),
    max_leaves=10,
)
CHOICE = st.fixed_dictionaries(
    {"finish_reason": ENDS | ODD},
    optional={"index": ODD, "message": ODD | st.dictionaries(DOCUMENT_NAMES, ODD)},
)


@settings(max_examples=300)
@given(
    st.sampled_from([surface for surface in Surface if surface is not Surface.EMBEDDINGS]),
    st.fixed_dictionaries(
        {},
        optional={
            "choices": st.lists(CHOICE, min_size=1, max_size=2),
            "stop_reason": ENDS | ODD,
            "status": ENDS | ODD,
            "content": ODD,
            "output": ODD,
            "usage": ODD,
        },
    ),
)
def test_an_answer_that_ended_normally_can_be_replayed(
    surface: Surface, document: dict[str, Any]
) -> None:
    if normal_end(surface, document, tool_calls=True):
        assert SseParser().feed(replay(surface, document))

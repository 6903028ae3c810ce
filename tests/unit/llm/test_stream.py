from typing import Any

import pytest

from extproc.llm.sse import Frame
from extproc.llm.stream import NO_EVENT, StreamEvent, delta_texts, is_error, read_event
from extproc.llm.view import Surface


@pytest.mark.parametrize(
    ("event", "data", "read"),
    [
        (None, None, NO_EVENT),
        (None, "[DONE]", StreamEvent(None, done=True)),
        (None, " [DONE] ", StreamEvent(None, done=True)),
        (None, '{"a": 1}', StreamEvent({"a": 1})),
        ("ping", "{}", StreamEvent({"type": "ping"})),
        ("ping", '{"type": "x"}', StreamEvent({"type": "x"})),
        (None, "{", StreamEvent(None, broken=True)),
        (None, "[]", StreamEvent(None, broken=True)),
        (None, "[" * 100_000, StreamEvent(None, broken=True)),
    ],
)
def test_reading_a_frame_never_fails(
    event: str | None, data: str | None, read: StreamEvent
) -> None:
    assert read_event(Frame(b"", event, data)) == read


@pytest.mark.parametrize(
    ("surface", "data", "texts"),
    [
        (
            Surface.CHAT_COMPLETIONS,
            {
                "choices": [
                    {"delta": {"role": "assistant", "content": "a", "reasoning_content": "b"}},
                    {"delta": {"refusal": "c", "content": None}},
                    {
                        "delta": {
                            "tool_calls": [{"function": {"name": "d", "arguments": "e"}}],
                            "function_call": {"arguments": "f"},
                        }
                    },
                    {"delta": {"content": [{"type": "text", "text": "g"}]}},
                ]
            },
            list("abcdefg"),
        ),
        (Surface.COMPLETIONS, {"choices": [{"text": "a"}, {"text": "b"}]}, ["a", "b"]),
        (Surface.RESPONSES, {"type": "response.output_text.delta", "delta": "a"}, ["a"]),
        (Surface.RESPONSES, {"type": "response.output_text.done", "text": "a"}, []),
        (
            Surface.MESSAGES,
            {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "a"}},
            ["a"],
        ),
        (
            Surface.MESSAGES,
            {"type": "content_block_delta", "delta": {"partial_json": "{", "thinking": "b"}},
            ["b", "{"],
        ),
        (
            Surface.MESSAGES,
            {"type": "content_block_start", "content_block": {"type": "tool_use", "name": "a"}},
            ["a"],
        ),
        (Surface.MESSAGES, {"type": "message_delta", "delta": {"stop_reason": "x"}}, []),
        (Surface.EMBEDDINGS, {"data": []}, []),
        (Surface.CHAT_COMPLETIONS, {"choices": "x"}, []),
        (Surface.CHAT_COMPLETIONS, {"choices": [5, {"delta": 5}]}, []),
    ],
)
def test_texts_of_an_event(surface: Surface, data: dict[str, Any], texts: list[str]) -> None:
    assert delta_texts(surface, data) == texts


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"error": {"message": "x"}}, True),
        ({"type": "error"}, True),
        ({"type": "response.failed"}, True),
        ({"error": None, "choices": []}, False),
        ({"type": "message_stop"}, False),
    ],
)
def test_errors_are_told_apart(data: dict[str, Any], error: bool) -> None:
    assert is_error(data) is error

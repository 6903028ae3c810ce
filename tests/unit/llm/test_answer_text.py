"""What a whole answer says."""

from __future__ import annotations

import pytest

from extproc.llm.answer_text import said
from extproc.llm.view import Surface

CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def chat(**message):
    return {"choices": [{"index": 0, "message": {"role": "assistant", **message}}]}


def message(*content, **more):
    return {"type": "message", "content": list(content), **more}


def response(*output):
    return {"object": "response", "output": list(output)}


def item(*content):
    return {"type": "message", "content": list(content)}


@pytest.mark.parametrize(
    ("surface", "document", "texts"),
    [
        (Surface.CHAT_COMPLETIONS, chat(content="x"), ["x"]),
        (Surface.CHAT_COMPLETIONS, chat(content=[{"type": "text", "text": "x"}, {"text": "y"}]), ["xy"]),
        (Surface.CHAT_COMPLETIONS, {"choices": [*chat(content="x")["choices"], *chat(content="y")["choices"]]}, ["x", "y"]),
        (Surface.CHAT_COMPLETIONS, chat(content="x", tool_calls=[CALL]), ["x"]),
        (Surface.CHAT_COMPLETIONS, chat(content="", tool_calls=[CALL]), []),
        (Surface.CHAT_COMPLETIONS, chat(content=None, refusal="no"), []),
        (Surface.CHAT_COMPLETIONS, chat(content="", refusal=None, tool_calls=[]), [""]),
        (Surface.CHAT_COMPLETIONS, chat(content=None), [""]),
        (Surface.COMPLETIONS, {"choices": [{"text": "x"}, {"text": ""}]}, ["x", ""]),
        (Surface.MESSAGES, message({"type": "text", "text": "x"}, {"type": "text", "text": "y"}), ["xy"]),
        (Surface.MESSAGES, message({"type": "tool_use", "input": {}}), []),
        (Surface.MESSAGES, message(stop_reason="refusal"), []),
        (Surface.MESSAGES, message({"type": "thinking", "thinking": "x"}), [""]),
        (Surface.MESSAGES, message(stop_reason="end_turn"), [""]),
        (Surface.RESPONSES, response(item({"type": "output_text", "text": "x"})), ["x"]),
        (Surface.RESPONSES, response({"type": "function_call", "arguments": "{}"}), []),
        (Surface.RESPONSES, response(item({"type": "refusal", "refusal": "no"})), []),
        (Surface.RESPONSES, response({"type": "reasoning", "summary": []}), [""]),
        (Surface.RESPONSES, response(), [""]),
    ],
)  # fmt: skip
def test_texts_of_an_answer(surface, document, texts):
    assert said(surface, document) == texts

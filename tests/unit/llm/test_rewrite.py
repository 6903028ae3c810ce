"""Texts of answers, changed where they stand: every surface, whole and in pieces."""

from __future__ import annotations

import json

import pytest

from extproc.llm.answer import assemble
from extproc.llm.rewrite import StreamRewriter, rewrite
from extproc.llm.sse import SseParser, encode
from extproc.llm.view import Surface


class Late:
    """Upper case, and always one character behind."""

    def __init__(self):
        self.held = ""

    def feed(self, piece):
        text = (self.held + piece).upper()
        self.held = text[-1:]
        return text[:-1]

    def end(self):
        held, self.held = self.held, ""
        return held


class Shout:
    def __init__(self):
        self.json = []

    def whole(self, text, keys, *, is_json):
        if is_json:
            self.json.append(keys)
        return text.upper()

    def begin(self, channel, *, is_json):
        if is_json:
            self.json.append(channel)
        return Late()


def streamed(surface, events, *, done=False):
    raw = b"".join(
        encode(e.get("type") if surface is not Surface.CHAT_COMPLETIONS else None, json.dumps(e))
        for e in events
    )
    raw += encode(None, "[DONE]") if done else b""
    edits = Shout()
    rewriter = StreamRewriter(surface, edits)
    frames = [f for frame in SseParser().feed(raw) for f in rewriter.feed(frame)]
    frames += rewriter.end()
    again = SseParser().feed(b"".join(frame.raw for frame in frames))
    return again, edits


def chat(index=0, finish=None, **delta):
    return {
        "id": "x",
        "object": "chat.completion.chunk",
        "choices": [{"index": index, "delta": delta, "finish_reason": finish}],
    }


def test_chat_in_every_channel_and_choice():
    call = {"index": 0, "id": "call_a", "function": {"name": "f", "arguments": '{"a'}}
    more = {"index": 0, "function": {"arguments": '":"b"}'}}
    frames, edits = streamed(
        Surface.CHAT_COMPLETIONS,
        [
            chat(role="assistant", content=""),
            chat(content="hello "), chat(1, content="other"), chat(content="wörld"),
            chat(reasoning_content="think"), chat(refusal="no"), chat(tool_calls=[call]),
            chat(tool_calls=[more]), chat(function_call={"name": "f", "arguments": "{}x"}),
            chat(finish="stop", content=" end"), chat(1, finish="stop"),
        ],
        done=True,
    )  # fmt: skip
    document = assemble(Surface.CHAT_COMPLETIONS, frames).document
    first, second = (choice["message"] for choice in document["choices"])
    assert first["content"] == "HELLO WÖRLD END"
    assert second["content"] == "OTHER"
    assert (first["reasoning_content"], first["refusal"]) == ("THINK", "NO")
    assert first["tool_calls"][0]["function"]["arguments"] == '{"A":"B"}'
    assert first["tool_calls"][0]["id"] == "call_a"
    assert first["function_call"]["arguments"] == "{}X"
    assert len(edits.json) == 2
    assert frames[-1].data == "[DONE]"


def test_completions():
    events = [
        {"id": "x", "choices": [{"index": 0, "text": text, "finish_reason": end}]}
        for text, end in (("one ", None), ("two", None), ("", "stop"))
    ]
    frames, _ = streamed(Surface.COMPLETIONS, events, done=True)
    assert assemble(Surface.COMPLETIONS, frames).document["choices"][0]["text"] == "ONE TWO"


def test_messages():
    def delta(index, kind, **said):
        return {"type": "content_block_delta", "index": index, "delta": {"type": kind, **said}}

    def block(index, **start):
        return {"type": "content_block_start", "index": index, "content_block": start}

    stop = [{"type": "content_block_stop", "index": index} for index in range(3)]
    frames, edits = streamed(
        Surface.MESSAGES,
        [
            {"type": "message_start", "message": {"role": "assistant", "content": []}},
            block(0, type="thinking", thinking=""),
            delta(0, "thinking_delta", thinking="hm"),
            delta(0, "signature_delta", signature="c2lnbmF0dXJl" * 8),
            stop[0],
            block(1, type="text", text=""),
            delta(1, "text_delta", text="hel"), delta(1, "text_delta", text="lo"), stop[1],
            block(2, type="tool_use", id="toolu_1", name="f", input={}),
            delta(2, "input_json_delta", partial_json='{"a":'),
            delta(2, "input_json_delta", partial_json='"b"}'), stop[2],
            {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
            {"type": "message_stop"},
        ],
    )  # fmt: skip
    assembled = assemble(Surface.MESSAGES, frames)
    assert assembled.complete
    content = assembled.document["content"]
    assert content[0]["thinking"] == "HM"
    assert content[1]["text"] == "HELLO"
    assert content[2]["input"] == {"A": "B"}
    assert edits.json == [(2, "partial_json")]


def test_responses_are_renumbered():
    def event(kind, number, **fields):
        return {"type": f"response.{kind}", "sequence_number": number, **fields}

    item = {"id": "msg_1", "type": "message", "role": "assistant"}
    said = {"type": "output_text", "text": "hello", "annotations": []}
    place = {"output_index": 0, "content_index": 0, "item_id": "msg_1"}
    frames, _ = streamed(
        Surface.RESPONSES,
        [
            event("created", 0, response={"id": "resp_1", "status": "in_progress", "output": []}),
            event("output_text.delta", 1, delta="hel", **place),
            event("output_text.delta", 2, delta="lo", **place),
            event("output_text.done", 3, text="hello", **place),
            event(
                "completed",
                4,
                response={"status": "completed", "output": [item | {"content": [said]}]},
            ),
        ],
    )
    data = [json.loads(frame.data) for frame in frames]
    assert [e["sequence_number"] for e in data] == list(range(6))
    assert "".join(e["delta"] for e in data if e["type"].endswith("delta")) == "HELLO"
    assert data[-2]["text"] == "HELLO"
    assert data[-1]["response"]["output"][0]["content"][0]["text"] == "HELLO"
    assert [frame.event for frame in frames] == [e["type"] for e in data]


def test_what_was_held_comes_before_an_error():
    frames, _ = streamed(
        Surface.CHAT_COMPLETIONS, [chat(content="ab"), {"error": {"message": "x"}}]
    )
    assert [json.loads(f.data).get("error") is not None for f in frames] == [False, False, True]
    assert json.loads(frames[1].data)["choices"][0]["delta"] == {"content": "B"}


def test_whole_documents_keep_names_and_blobs():
    document = {
        "id": "chatcmpl_a", "model": "m",
        "choices": [{"message": {"role": "assistant", "content": "hi", "tool_calls": [
            {"id": "call_a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
            "finish_reason": "stop"}],
        "content": [{"type": "tool_use", "id": "toolu_a", "name": "f", "input": {"id": "x", "k": ["y"]}}],
        "data": "QUJD" * 40,
    }  # fmt: skip
    edits = Shout()
    assert rewrite(document, edits)
    message = document["choices"][0]["message"]
    assert (document["id"], message["role"], message["content"]) == (
        "chatcmpl_a",
        "assistant",
        "HI",
    )
    assert document["content"][0]["input"] == {"ID": "X", "K": ["Y"]}
    assert document["data"] == "QUJD" * 40
    assert len(edits.json) == 1


@pytest.mark.parametrize("surface", list(Surface))
@pytest.mark.parametrize(
    "event",
    [{}, {"choices": 3}, {"choices": [{"index": "x", "delta": 3}]}, {"delta": {"text": 1}},
     {"type": "content_block_delta", "index": None, "delta": []}, {"type": 3, "delta": "x"},
     {"type": "response.x.delta", "delta": None, "output_index": {}},
     {"choices": [{"index": 0, "delta": {"content": [1, {"text": None}], "tool_calls": [{}, 2]}}]}],
)  # fmt: skip
def test_no_nonsense_of_an_upstream_is_lost_or_fails(surface, event):
    rewriter = StreamRewriter(surface, Shout())
    [frame] = SseParser().feed(encode(None, json.dumps(event)))
    assert len(rewriter.feed(frame)) >= 1

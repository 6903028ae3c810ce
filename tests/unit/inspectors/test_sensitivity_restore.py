"""However a model spells a placeholder, its value comes back, fit for where it stands."""

from __future__ import annotations

import json

import pytest

from extproc.inspectors.sensitivity.pseudonyms import Pseudonyms, Restorer
from extproc.inspectors.sensitivity.restore import Restore, speaks_json
from extproc.llm.sse import SseParser
from extproc.llm.stream import read_event
from extproc.llm.view import Surface

VALUE = 'joe "the\\man"\n@example.com'
NAMES = Pseudonyms(b"k" * 32, ("acme", "bot", ""), ("EMAIL_ADDRESS", "US_SSN"), ())
PLACEHOLDER = NAMES.of("EMAIL_ADDRESS", VALUE)
CORE = PLACEHOLDER[1:-1]
KNOWN = NAMES.placeholders
OTHER = Pseudonyms(b"k" * 32, ("acme", "bot", "other"), ("EMAIL_ADDRESS",), ()).of(
    "EMAIL_ADDRESS", VALUE
)


def pieces(text):
    """In one piece, and cut into two at every place."""
    yield [text]
    yield from ([text[:at], text[at:]] for at in range(1, len(text)))
    yield list(text)


@pytest.mark.parametrize(
    "spelled",
    [
        PLACEHOLDER, PLACEHOLDER.lower(), PLACEHOLDER.title(), CORE, CORE.lower(),
        PLACEHOLDER.replace("_", " "), PLACEHOLDER.replace("_", "-"), PLACEHOLDER.replace("_", r"\_"),
        rf"\<{CORE}\>", f"&lt;{CORE}&gt;", rf"\u003c{CORE}\u003e", rf"\u003C{CORE}\u003E",
        rf"\<{CORE}\>".replace("_", r"\_"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "around", ["{}", "**{}**", "`{}`", "_{}_,", "[{}](x)", '"{}"', "日{}本", "|{}|"]
)
def test_every_spelling_comes_back_wherever_it_is_cut(spelled, around):
    wrapped = around.format(spelled)
    for cut in pieces(wrapped):
        restorer = Restorer(KNOWN, is_json=False)
        assert "".join(map(restorer.feed, cut)) + restorer.end() == around.format(VALUE), cut


@pytest.mark.parametrize(
    "text",
    [
        OTHER,
        PLACEHOLDER[:-2] + ">",
        "<EMAIL_ADDRESS_2ABCDE>",
        "<US_SSN_" + CORE[-6:] + ">",
        "EMAIL ADDRESS",
    ],
)
def test_what_this_exchange_did_not_give_out_stays(text):
    for cut in pieces(text):
        restorer = Restorer(KNOWN, is_json=False)
        assert "".join(map(restorer.feed, cut)) + restorer.end() == text


def restore(surface, *, is_json=False):
    return Restore(surface, KNOWN, is_json=is_json)


ARGUMENTS = json.dumps({"to": PLACEHOLDER})
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": ARGUMENTS}}


def test_arguments_of_calls_are_escaped_and_content_is_not():
    message = {
        "role": "assistant",
        "content": f'"{PLACEHOLDER}"',
        "refusal": PLACEHOLDER,
        "tool_calls": [CALL],
    }
    document = json.loads(json.dumps({"choices": [{"index": 0, "message": message}]}))
    restore(Surface.CHAT_COMPLETIONS).document(document)
    message = document["choices"][0]["message"]
    assert message["content"] == f'"{VALUE}"'
    assert message["refusal"] == VALUE
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"to": VALUE}


def test_an_input_that_is_an_object_is_not_escaped():
    document = {
        "type": "message",
        "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"to": PLACEHOLDER}}],
    }
    restore(Surface.MESSAGES).document(document)
    assert document["content"][0]["input"] == {"to": VALUE}


def test_content_is_escaped_where_the_request_asked_for_json_and_refusals_are_not():
    message = {
        "role": "assistant",
        "content": ARGUMENTS,
        "refusal": PLACEHOLDER,
        "reasoning": PLACEHOLDER,
    }
    document = {"choices": [{"index": 0, "message": message}]}
    restore(Surface.CHAT_COMPLETIONS, is_json=True).document(document)
    assert json.loads(message["content"]) == {"to": VALUE}
    assert message["refusal"] == message["reasoning"] == VALUE


def chat(delta):
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}


STREAMS = [
    (Surface.CHAT_COMPLETIONS, lambda p: chat({"content": p}), lambda d: d["choices"][0]["delta"].get("content"), True),
    (Surface.CHAT_COMPLETIONS, lambda p: chat({"refusal": p}), lambda d: d["choices"][0]["delta"].get("refusal"), False),
    (Surface.CHAT_COMPLETIONS, lambda p: chat({"tool_calls": [{"index": 0, "function": {"arguments": p}}]}),
     lambda d: d["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"], None),
    (Surface.COMPLETIONS, lambda p: {"choices": [{"index": 0, "text": p}]}, lambda d: d["choices"][0]["text"], True),
    (Surface.MESSAGES, lambda p: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": p}},
     lambda d: d["delta"]["text"], True),
    (Surface.MESSAGES, lambda p: {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": p}},
     lambda d: d["delta"]["thinking"], False),
    (Surface.MESSAGES, lambda p: {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": p}},
     lambda d: d["delta"]["partial_json"], None),
    (Surface.RESPONSES, lambda p: {"type": "response.output_text.delta", "output_index": 0, "delta": p}, lambda d: d["delta"], True),
    (Surface.RESPONSES, lambda p: {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": p},
     lambda d: d["delta"], None),
]  # fmt: skip
"""Surface, event of a piece, piece of an event, and whether it is the answer itself: ``None`` for arguments."""


@pytest.mark.parametrize(("surface", "event", "piece", "is_answer"), STREAMS)
@pytest.mark.parametrize("asked", [False, True])
def test_streams_are_escaped_as_documents_are(surface, event, piece, is_answer, asked):
    escaped = is_answer is None or (asked and is_answer)
    for cut in pieces(ARGUMENTS):
        scan = restore(surface, is_json=asked)
        raw = "".join(f"data: {json.dumps(event(part))}\n\n" for part in cut)
        frames = [new for frame in SseParser().feed(raw.encode()) for new in scan.feed(frame)]
        said = "".join(piece(read_event(frame).data) for frame in (*frames, *scan.end()))
        if escaped:
            assert json.loads(said) == {"to": VALUE}
        else:
            assert said == ARGUMENTS.replace(PLACEHOLDER, VALUE)


@pytest.mark.parametrize(
    ("document", "asks"),
    [
        ({"response_format": {"type": "json_object"}}, True),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, True),
        ({"text": {"format": {"type": "json_schema"}}}, True),
        ({"output_format": {"type": "json_schema"}}, True),
        ({"output_config": {"format": {"type": "json_schema"}}}, True),
        ({"response_format": {"type": "text"}, "text": "json_schema"}, False),
        ({}, False),
    ],
)
def test_whether_the_answer_is_to_be_json(document, asks):
    assert speaks_json(document) is asks

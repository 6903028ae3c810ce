"""Redact, then restore: the identity, for any text and however the answer is cut."""

from __future__ import annotations

import asyncio
import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.inspectors.output.window import Window, replaced
from extproc.inspectors.sensitivity import SensitivityInspector, SensitivitySettings
from extproc.inspectors.sensitivity.analyzer import Analyzer
from extproc.inspectors.sensitivity.pseudonyms import Pseudonyms, Restorer
from extproc.inspectors.sensitivity.redact import Redactor
from extproc.inspectors.sensitivity.restore import Restore
from extproc.inspectors.sensitivity.settings import RedactSettings
from extproc.llm.changes import apply
from extproc.llm.request import view
from extproc.llm.rewrite import StreamRewriter
from extproc.llm.sse import SseParser
from extproc.llm.stream import read_event
from extproc.llm.view import Surface
from extproc.models.workers import Workers
from extproc.verdict import Redact
from tests.exchanges import exchange

ANALYZER = Analyzer()
VALUES = [
    "joe@example.com", "JANE.DOE@example.org", "4111 1111 1111 1111", "+44 20 7946 0958",
    "GB82 WEST 1234 5698 7654 32", "ghp_Zk3Qw9Lx7Vb2Nn5Mh8Jt4Rf6Yc1Pd0SgUaWe", "41.173.96.26",
]  # fmt: skip
TYPES = ("EMAIL_ADDRESS", "CREDIT_CARD", "PHONE_NUMBER", "IBAN_CODE", "SECRET", "IP_ADDRESS")
REDACTOR = Redactor(RedactSettings(entities=TYPES, restore=True), b"k" * 32)
SCOPE = ("acme", "bot", "")
KNOWN = Pseudonyms(b"k" * 32, SCOPE, TYPES, ()).of("EMAIL_ADDRESS", "joe@example.com")
FRAGMENTS = [
    *VALUES, KNOWN, KNOWN[1:-1], KNOWN[:-1].lower(), "<", ">", "\\", "\\<", "&lt;", "_", " ", "\n",
    "EMAIL_ADDRESS_", "<EMAIL_ADDRESS_2ABCDE>", "IP address 4K7Q2X", "E", "card ", "mail: ", '"', "é",
    "日本", "\u200b", "<<", "word ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=20).map("".join)
SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=8)


def cut(text, sizes):
    at = turn = 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        yield text[at : at + size]
        at, turn = at + size, turn + 1


def redacted(*texts):
    """The texts as they leave, and the filter that restores."""
    messages = [{"role": "user", "content": text} for text in texts]
    seen = view(Surface.CHAT_COMPLETIONS, {"model": "m", "messages": messages})
    found = {}
    for index, span in enumerate(seen.spans):
        entities = [e for e in ANALYZER.scan(span.text) if e.type in TYPES]
        if entities:
            found[index] = entities
    redaction = REDACTOR.redact(seen, found, SCOPE)
    out = list(texts)
    for change in redaction.changes:
        out[change.keys[1]] = change.value
    values = {texts[0][0:0]} | {
        seen.spans[i].text[e.start : e.end] for i, es in found.items() for e in es
    }
    return out, redaction.restore, values - {""}


@settings(max_examples=400, deadline=None)
@given(TEXTS, SIZES)
def test_a_text_comes_back_as_it_was_however_it_is_cut(text, sizes):
    (sent,), restore, values = redacted(text)
    assert not any(len(value) >= 5 and value in sent for value in values)
    if restore is None:
        assert sent == text
        return
    restorer = restore._edits.begin((0, "content"), is_json=False)
    assert "".join(map(restorer.feed, cut(sent, sizes))) + restorer.end() == text
    assert restore._edits.whole(sent, ("content",), is_json=False) == text


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, SIZES)
def test_streams_come_back_in_every_channel(one, other, sizes):
    (sent, called), restore, _ = redacted(one, other)
    if restore is None:
        return
    arguments = json.dumps({"a": called}, ensure_ascii=False)
    deltas = [{"content": piece} for piece in cut(sent, sizes)]
    deltas += [
        {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
        for piece in cut(arguments, sizes)
    ]
    choices = [{"index": 1, "delta": delta, "finish_reason": None} for delta in deltas]
    choices.append({"index": 1, "delta": {}, "finish_reason": "tool_calls"})
    raw = "".join(f"data: {json.dumps({'choices': [c]})}\n\n" for c in choices) + "data: [DONE]\n\n"
    parser = SseParser()
    out = [f for frame in parser.feed(raw.encode()) for f in restore.feed(frame)]
    out += restore.end()
    said = called_with = ""
    for frame in SseParser().feed(b"".join(frame.raw for frame in out)):
        for choice in (read_event(frame).data or {}).get("choices", ()):
            said += choice["delta"].get("content") or ""
            for call in choice["delta"].get("tool_calls") or ():
                called_with += call["function"]["arguments"]
    assert said == one
    assert json.loads(called_with) == {"a": other}


CHAT_CHANNELS = [
    *((choice, name) for choice in (0, 1) for name in ("content", "refusal", "reasoning_content")),
    *((choice, call) for choice in (0, 1) for call in (0, 1)),
]
"""Two choices, each with its texts and two calls of tools side by side."""


def chat_delta(channel, piece):
    choice, what = channel
    if isinstance(what, int):
        delta = {"tool_calls": [{"index": what, "function": {"arguments": piece}}]}
    else:
        delta = {what: piece}
    return {"choices": [{"index": choice, "delta": delta, "finish_reason": None}]}


def chat_pieces(event):
    for choice in event.get("choices", ()):
        for name, value in choice["delta"].items():
            for call in value if name == "tool_calls" else ():
                yield (choice["index"], call["index"]), call["function"]["arguments"]
            if name != "tool_calls" and value:
                yield (choice["index"], name), value


BLOCKS = [(0, "text"), (1, "thinking"), (2, "partial_json"), (3, "partial_json")]
KINDS = {"text": "text_delta", "thinking": "thinking_delta", "partial_json": "input_json_delta"}


def block_delta(channel, piece):
    index, key = channel
    delta = {"type": KINDS[key], key: piece}
    return {"type": "content_block_delta", "index": index, "delta": delta}


def block_pieces(event):
    if event.get("type") == "content_block_delta":
        delta = event["delta"]
        key = next(key for key, kind in KINDS.items() if kind == delta["type"])
        yield (event["index"], key), delta[key]


PARTS = [(0, "output_text"), (1, "function_call_arguments"), (2, "refusal"), (3, "reasoning_text")]


def part_delta(channel, piece):
    index, kind = channel
    return {
        "type": f"response.{kind}.delta",
        "output_index": index,
        "content_index": 0,
        "item_id": f"i{index}",
        "delta": piece,
        "sequence_number": 0,
    }


def part_pieces(event):
    kind = event.get("type", "")
    if kind.endswith(".delta"):
        yield (event["output_index"], kind.split(".")[1]), event["delta"]


@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize(
    ("surface", "channels", "delta", "pieces", "last"),
    [
        (
            Surface.CHAT_COMPLETIONS,
            CHAT_CHANNELS,
            chat_delta,
            chat_pieces,
            [{"choices": [{"index": n, "delta": {}, "finish_reason": "stop"}]} for n in (0, 1)],
        ),
        (Surface.MESSAGES, BLOCKS, block_delta, block_pieces, [{"type": "message_stop"}]),
        (
            Surface.RESPONSES,
            PARTS,
            part_delta,
            part_pieces,
            [{"type": "response.completed", "response": {"output": []}, "sequence_number": 0}],
        ),
    ],
)
@given(data=st.data(), sizes=SIZES)
def test_channels_that_stream_side_by_side_come_back_each_as_it_was(
    surface, channels, delta, pieces, last, data, sizes
):
    """Two choices, parallel calls, reasoning and refusals, in any order and cut anywhere."""
    texts = [data.draw(TEXTS) for _ in channels]
    sent, restore, _ = redacted(*texts)
    if restore is None:
        return
    restore = Restore(surface, restore._edits._placeholders, is_json=False)
    queues = {}
    for channel, text in zip(channels, sent, strict=True):
        is_json = isinstance(channel[1], int) or "json" in channel[1] or "arguments" in channel[1]
        said = json.dumps({"a": text}, ensure_ascii=False) if is_json else text
        queues[channel] = list(cut(said, sizes))
    events = []
    while waiting := [channel for channel, queue in queues.items() if queue]:
        channel = data.draw(st.sampled_from(waiting))
        events.append(delta(channel, queues[channel].pop(0)))
    raw = "".join(f"data: {json.dumps(event)}\n\n" for event in (*events, *last))
    out = [f for frame in SseParser().feed(raw.encode()) for f in restore.feed(frame)]
    out += restore.end()
    came = dict.fromkeys(channels, "")
    for frame in SseParser().feed(b"".join(frame.raw for frame in out)):
        for channel, piece in pieces(read_event(frame).data or {}):
            came[channel] += piece
    for channel, text in zip(channels, texts, strict=True):
        is_json = isinstance(channel[1], int) or "json" in channel[1] or "arguments" in channel[1]
        assert (json.loads(came[channel])["a"] if is_json else came[channel]) == text


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, max_size=6), st.booleans())
def test_placeholders_differ_and_none_begins_another(values, numbered):
    types = ("ID", "ID_CARD", "A_B1", "IP_ADDRESS") if numbered else ("X", "X_Y")
    names = Pseudonyms(b"k", SCOPE, types, ())
    given_ = {(t, v): names.of(t, v) for t in types for v in values}
    assert len(set(given_.values())) == len(given_)
    cores = sorted(p[1:-1] for p in given_.values())
    assert not any(b.startswith(a) for a, b in pairwise(cores))
    again = Pseudonyms(b"k", SCOPE, types, ("something else",))
    assert all(again.of(t, v) == p for (t, v), p in given_.items())


def test_another_conversation_has_other_placeholders():
    one = Pseudonyms(b"k", ("acme", "bot", "a"), TYPES, ()).of("SECRET", "x")
    assert one != Pseudonyms(b"k", ("acme", "bot", "b"), TYPES, ()).of("SECRET", "x")
    assert one != Pseudonyms(b"other", ("acme", "bot", "a"), TYPES, ()).of("SECRET", "x")


def test_a_foreign_placeholder_is_left_alone():
    names = Pseudonyms(b"k", SCOPE, TYPES, ())
    names.of("SECRET", "x")
    foreign = Pseudonyms(b"k", ("other", "", ""), TYPES, ()).of("SECRET", "y")
    assert names.placeholders.restore(foreign, is_json=False) == (foreign, "")


@pytest.mark.parametrize("held", ["<EMAIL_ADDR", "\\<EMAIL", "email_a", "<", "&l"])
def test_only_what_could_become_a_placeholder_is_held_back(held):
    names = Pseudonyms(b"k", SCOPE, ("EMAIL_ADDRESS",), ())
    names.of("EMAIL_ADDRESS", "x@y.zz")
    restorer = Restorer(names.placeholders, is_json=False)
    assert restorer.feed(f"Hello {held}") == "Hello "
    assert restorer.feed(" no") == f"{held} no"


SENTENCES = [
    "Write to joe@example.com, please. ", "My card is 4111 1111 1111 1111 and it works. ",
    "Call +44 20 7946 0958 after five. ", "The SSN is 536-90-4399. ", "Nothing to see here. ",
    "password is Hunter2!x and so on. ", "Order #12345678 of 2024-05-06 came at 10:30. ",
    "key ghp_Zk3Qw9Lx7Vb2Nn5Mh8Jt4Rf6Yc1Pd0SgUaWe works. ", "\n\n", "a < b and c > d. ",
    "Use `x = [1, 2, 3]` then. ", "Pay to GB82 WEST 1234 5698 7654 32 today. ", "日本語のテキスト。 ",
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----\n",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=14).map("".join), SIZES)
def test_a_guarded_stream_says_what_the_whole_text_would(text, sizes):
    whole = replaced(text, ANALYZER.scan(text), lambda one: f"<{one.type}>")
    window = Window(ANALYZER.scan, lambda one: f"<{one.type}>")
    assert "".join(map(window.feed, cut(text, sizes))) + window.end() == whole


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["a ", "b", "<EMAIL", "{", '"']), max_size=30), SIZES)
def test_a_stream_without_a_change_keeps_every_byte(pieces, sizes):
    class Same:
        def whole(self, text, keys, *, is_json):
            return text

        def begin(self, channel, *, is_json):
            return self

        def feed(self, piece):
            return piece

        def end(self):
            return ""

    del sizes
    raw = "".join(
        f": note\nid: {n}\ndata: {json.dumps({'choices': [{'index': 0, 'delta': {'content': p}}]})}\n\n"
        for n, p in enumerate(pieces)
    ).encode()
    rewriter = StreamRewriter(Surface.CHAT_COMPLETIONS, Same())
    frames = SseParser().feed(raw)
    assert b"".join(f.raw for frame in frames for f in rewriter.feed(frame)) == raw


INSPECTOR = SensitivityInspector(
    SensitivitySettings(redact=RedactSettings(entities=TYPES, restore=True)),
    ANALYZER,
    WORKERS := Workers(1),
    b"k" * 32,
)
CARD_NUMBER = 5555555555554444
SECRETS = [*VALUES, str(CARD_NUMBER)]
LEAVES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "see ", "\n", "\t", '"', "\\", "é ", "</b>", "\U0001f600 "]),
    st.sampled_from(SECRETS),
    st.sampled_from(["", " now", "\n", '"', "\\ ", " é"]),
) | st.sampled_from([CARD_NUMBER, -CARD_NUMBER, 1.5, True, None, "plain \\n"])
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["note", "to", "a\nb", "é"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def requests(tree, text, *, escaped):
    """The same data wherever each dialect has room for it."""
    arguments = json.dumps({"a": tree}, ensure_ascii=escaped)
    function = {"name": "f", "arguments": arguments}
    yield Surface.CHAT_COMPLETIONS, {
        "metadata": {"a": tree},
        "messages": [
            {"role": "system", "content": text},
            {"role": "user", "content": [{"type": "text", "text": text}]},
            {"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": function}]},
            {"role": "tool", "tool_call_id": "c", "content": arguments},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "description": text}}],
    }  # fmt: skip
    call = {"type": "tool_use", "id": "t", "name": "f", "input": {"a": tree}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": arguments}
    yield (
        Surface.MESSAGES,
        {
            "max_tokens": 9,
            "system": text,
            "messages": [
                {"role": "user", "content": text},
                {"role": "assistant", "content": [call]},
                {"role": "user", "content": [result]},
            ],
        },
    )
    yield (
        Surface.RESPONSES,
        {
            "instructions": text,
            "input": [
                {"role": "user", "content": text},
                {"type": "function_call", "call_id": "c", "name": "f", "arguments": arguments},
                {"type": "function_call_output", "call_id": "c", "output": arguments},
            ],
        },
    )


def everything(node):
    """All texts and numbers, and what stands in texts that are JSON themselves."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from everything(value)
    elif isinstance(node, list):
        for item in node:
            yield from everything(item)
    elif isinstance(node, str):
        yield node
        if node[:1] in {"{", "["}:
            try:
                inner = json.loads(node)
            except ValueError:
                return
            yield from everything(inner)
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield str(int(node))


@settings(max_examples=100, deadline=None)
@given(TREES, st.sampled_from(SECRETS), st.booleans())
def test_no_value_leaves_from_anywhere_in_a_request(tree, value, escaped):
    for surface, document in requests(tree, f"about {value}, please", escaped=escaped):
        seen = view(surface, {"model": "m", **document})
        verdict = asyncio.run(INSPECTOR.inspect(exchange(seen)))
        assert isinstance(verdict.action, Redact)
        sent = json.loads(apply(seen.document, verdict.action.changes))
        for text in everything(sent):
            assert not [one for one in SECRETS if one in text], (surface, text)
        for function in calls_of(surface, sent):
            json.loads(function["arguments"])


def calls_of(surface, sent):
    if surface is Surface.CHAT_COMPLETIONS:
        yield sent["messages"][2]["tool_calls"][0]["function"]
    if surface is Surface.RESPONSES:
        yield sent["input"][1]

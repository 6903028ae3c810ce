"""Redacted JSON stays JSON, whole and in pieces."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.inspectors.output.guard import Checks, Guard
from extproc.inspectors.output.window import Window, replaced
from extproc.inspectors.sensitivity import Analyzer
from extproc.llm.view import Surface
from extproc.verdict import Refusal

ANALYZER = Analyzer()
CARD = 4111111111111111

LEAVES = st.sampled_from(
    [CARD, -CARD, -1, 2.5, True, None, "x", f"card {CARD}, paid", 'said "4" \\', "joe@example.com"]
) | st.text(max_size=5)
DOCUMENTS = st.dictionaries(
    st.sampled_from(["card", "credit card", "note", 'a"b']),
    st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3), max_leaves=6),
    max_size=4,
)


def judge(one):
    return f"<{one.type}>"


@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.integers(1, 9), st.sampled_from([None, 1]))
def test_json_stays_json_however_it_is_cut(document, size, indent):
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    whole = replaced(text, ANALYZER.scan(text), judge)
    window = Window(ANALYZER.scan, judge)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join(map(window.feed, pieces)) + window.end() == whole
    again = json.loads(whole)
    assert again.keys() == document.keys()
    assert str(CARD) not in whole


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (f'{{"card": {CARD}}}', '{"card": "<CREDIT_CARD>"}'),
        (f'[{CARD}, "card {CARD}"]', '["<CREDIT_CARD>", "card <CREDIT_CARD>"]'),
        (f'{{"a\\"": "card: {CARD}"}}', '{"a\\"": "card: <CREDIT_CARD>"}'),
        (f"card: {CARD}", "card: <CREDIT_CARD>"),
        (
            f'{{"card": -{CARD}, "a": [-{CARD}]}}',
            '{"card": "<CREDIT_CARD>", "a": ["<CREDIT_CARD>"]}',
        ),
        (f'{{"card": "-{CARD}"}}', '{"card": "-<CREDIT_CARD>"}'),
        (f"-{CARD}", "-<CREDIT_CARD>"),
    ],
)
def test_only_a_bare_number_becomes_a_text(text, becomes):
    assert replaced(text, ANALYZER.scan(text), judge) == becomes


@pytest.mark.parametrize("kind", ["redact", "block"])
def test_a_number_in_a_calls_input_is_no_way_around(kind):
    guard = Guard(Surface.MESSAGES, Checks(kind, False, None, ANALYZER.scan))
    call = {"type": "tool_use", "id": "t", "name": "pay", "input": {"card": CARD, "count": 3}}
    document = {"type": "message", "role": "assistant", "content": [call]}
    if kind == "block":
        with pytest.raises(Refusal):
            guard.document(document)
        return
    guard.document(document)
    assert call["input"] == {"card": "<CREDIT_CARD>", "count": 3}
    assert guard.took_out


@pytest.mark.parametrize(("name", "left"), [("ssn", "<US_SSN>"), ("order_id", "536904399")])
def test_a_calls_input_is_judged_as_the_arguments_of_a_call_are(name, left):
    """An object in Anthropic's dialect, a text in OpenAI's."""
    input_ = {name: "536904399", "password": {"kind": "x"}}
    guard = Guard(Surface.MESSAGES, Checks("redact", False, None, ANALYZER.scan))
    call = {"type": "tool_use", "id": "t", "name": "pay", "input": dict(input_)}
    guard.document({"type": "message", "role": "assistant", "content": [call]})
    assert call["input"] == {name: left, "password": {"kind": "x"}}
    arguments = json.dumps(input_)
    assert replaced(arguments, ANALYZER.scan(arguments), judge) == json.dumps(call["input"])

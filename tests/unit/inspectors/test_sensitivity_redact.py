"""Operators, and what a redaction does to a request."""

from __future__ import annotations

import json
import re

import pytest

from extproc.inspectors.sensitivity import Analyzer, operators
from extproc.inspectors.sensitivity.redact import Redactor
from extproc.inspectors.sensitivity.settings import RedactSettings
from extproc.llm.changes import apply
from extproc.llm.request import view
from extproc.llm.view import Surface
from extproc.verdict import Refusal

KEY, SCOPE, ANALYZER = b"k" * 32, ("acme", "bot", ""), Analyzer()
EMAIL = "jane.doe@example.com"


def redacted(document, surface=Surface.CHAT_COMPLETIONS, **settings):
    made = RedactSettings(**({"entities": ("EMAIL_ADDRESS", "CREDIT_CARD")} | settings))
    redactor = Redactor(made, KEY)
    taken = set(made.entities)
    seen = view(surface, {"model": "m", **document})
    found = {
        index: [e for e in ANALYZER.scan(span.text) if e.type in taken]
        for index, span in enumerate(seen.spans)
    }
    redaction = redactor.redact(seen, {i: es for i, es in found.items() if es}, SCOPE)
    return json.loads(apply(seen.document, redaction.changes)), redaction


def said(text):
    return {"messages": [{"role": "user", "content": text}]}


def test_masks():
    assert operators.mask("078-05-1120") == "***-**-****"
    assert operators.mask("4111 1111 1111 1234") == "**** **** **** 1234"


def test_hashes_are_the_tenants():
    one = operators.keyed_hash(KEY, "acme", "US_SSN", "078-05-1120")
    assert len(one) == 16
    assert one == operators.keyed_hash(KEY, "acme", "US_SSN", "078-05-1120")
    assert one != operators.keyed_hash(KEY, "other", "US_SSN", "078-05-1120")


@pytest.mark.parametrize("value", ["12/03/1980", "1980-03-12", "28.2.2000", "12/31/1999"])
def test_dates_move_and_keep_their_form(value):
    moved = operators.shift_date(KEY, SCOPE, value)
    assert moved != value
    assert sum(c.isdigit() for c in moved) in range(6, 9)
    assert {c for c in moved if not c.isdigit()} == {c for c in value if not c.isdigit()}


@pytest.mark.parametrize("value", ["12 March 1980", "99/99/1980", "1/2/3", "9999-12-31x"])
def test_what_is_no_date_in_figures_is_not_shifted(value):
    assert operators.shift_date(KEY, SCOPE, value) is None


def test_intervals_stay():
    from datetime import date

    a = date.fromisoformat(operators.shift_date(KEY, SCOPE, "1980-03-12"))
    b = date.fromisoformat(operators.shift_date(KEY, SCOPE, "1980-04-12"))
    assert (b - a).days == 31


def test_conversations_move_by_days_of_their_own_forward_and_back():
    from datetime import date

    day = date(1980, 3, 12)
    moved = {
        (date.fromisoformat(operators.shift_date(KEY, ("t", "c", str(n)), "1980-03-12")) - day).days
        for n in range(400)
    }
    assert min(moved) < 0 < max(moved)
    assert max(map(abs, moved)) <= operators.SHIFT_DAYS
    assert 0 not in moved


@pytest.mark.parametrize(
    "value",
    ["0001-01-01", "1/1/0001", "12/31/9999", "2001-02-29", "12/03/80", "1980-03/12"],
)
def test_a_date_that_cannot_be_moved_gets_a_placeholder(value):
    """Too early or late by at most half a year, no day of any year, or no year in full."""
    shifted = [operators.shift_date(KEY, ("t", "c", str(n)), value) for n in range(40)]
    assert None in shifted
    if value not in {"0001-01-01", "1/1/0001", "12/31/9999"}:
        assert set(shifted) == {None}


def test_formats_stay():
    out = operators.preserve_format(KEY, SCOPE, "X", "AB-12 cd/Ω")
    assert [c.isupper() for c in out[:2]] == [True, True]
    assert out[2] == "-"
    assert out[3:5].isdigit()
    assert out[6:8].islower()
    assert "Ω" not in out


def test_a_value_is_replaced_where_nothing_gave_it_away():
    document, _ = redacted(said(f"I am {EMAIL}; see x{EMAIL}y"))
    assert "jane" not in json.dumps(document)


def test_a_number_in_a_free_object_becomes_a_text():
    document, _ = redacted(said("x") | {"metadata": {"card": 4111111111111111}})
    assert document["metadata"]["card"].startswith("<CREDIT_CARD_")


def test_the_name_of_a_field_refuses_the_request():
    with pytest.raises(Refusal):
        redacted(said("x") | {"metadata": {EMAIL: 1}})


def called(arguments):
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}
    turn = {"role": "assistant", "content": None, "tool_calls": [call]}
    document, _ = redacted({"messages": [{"role": "user", "content": "x"}, turn]})
    return document["messages"][1]["tool_calls"][0]["function"]["arguments"]


@pytest.mark.parametrize(
    ("arguments", "becomes"),
    [
        (r'{"to": "jos\u00e9@example.com"}', r'{"to": "EMAIL"}'),
        (r'{"to": "joe\u0040example.com"}', r'{"to": "EMAIL"}'),
        (r'{"to": "a\njoe@example.com"}', r'{"to": "a\nEMAIL"}'),
        (r'{"note": "card \"4111111111111111\""}', r'{"note": "card \"CARD\""}'),
        (r'{"card": 4111111111111111}', r'{"card": "CARD"}'),
        (r'{"card": 4111111111111111, "note": "a\nb"}', r'{"card": "CARD", "note": "a\nb"}'),
        (r"[4111111111111111, [4111111111111111]]", r'["CARD", ["CARD"]]'),
        (r'{"a": "joe@example.com", "a": "x\n"}', r'{"a": "EMAIL", "a": "x\n"}'),
        (r'{"joe@example.com": 1.50}', r'{"EMAIL": 1.50}'),
        (r'{"n": 12345678901234567890123, "to": "joe@example.com\t"}',
         r'{"n": 12345678901234567890123, "to": "EMAIL\t"}'),
        (r'{"j": "{\"to\": \"joe@example.com\", \"n\": 4111111111111111}"}',
         r'{"j": "{\"to\": \"EMAIL\", \"n\": CARD}"}'),
        ('{"broken": joe@example.com', '{"broken": EMAIL'),
    ],
)  # fmt: skip
def test_of_arguments_only_values_change_and_json_stays_json(arguments, becomes):
    sent = re.sub("<EMAIL_ADDRESS_[A-Z0-9]{6}>", "EMAIL", called(arguments))
    assert re.sub("<CREDIT_CARD_[A-Z0-9]{6}>", "CARD", sent) == becomes


def test_a_value_reads_the_same_in_a_text_and_with_escapes():
    """`\\n` before it is a line end, not its first letter."""
    document, _ = redacted(said(f"{EMAIL}, and as JSON: {json.dumps({'to': chr(10) + EMAIL})}"))
    first, second = re.findall("<[A-Z_0-9]+>", document["messages"][0]["content"])
    assert first == second


@pytest.mark.parametrize(
    ("surface", "document", "place"),
    [
        (Surface.CHAT_COMPLETIONS, said(EMAIL), ("messages", 0, "content")),
        (
            Surface.CHAT_COMPLETIONS,
            {"messages": [{"role": "developer", "content": "Be kind."}, *said(EMAIL)["messages"]]},
            ("messages", 0, "content"),
        ),
        (Surface.MESSAGES, said(EMAIL) | {"max_tokens": 9}, ("system",)),
        (
            Surface.MESSAGES,
            said(EMAIL) | {"max_tokens": 9, "system": [{"type": "text", "text": "x"}]},
            ("system", 1, "text"),
        ),
        (Surface.RESPONSES, {"input": EMAIL, "instructions": "Be kind."}, ("instructions",)),
    ],
)
def test_the_note_stands_where_the_system_speaks(surface, document, place):
    node, _ = redacted(document, surface, note=True)
    assert "@" not in json.dumps(node)
    for key in place:
        node = node[key]
    assert "<TYPE_CODE>" in node


def test_nothing_is_restored_that_was_not_replaced_by_a_placeholder():
    assert redacted(said(EMAIL), restore=True)[1].restore is not None
    assert redacted(said(EMAIL), restore=False)[1].restore is None
    masked = {"restore": True, "operators": {"EMAIL_ADDRESS": "mask"}}
    assert redacted(said(EMAIL), **masked)[1].restore is None


def test_a_redaction_shows_no_value():
    assert EMAIL not in repr(redacted(said(EMAIL), restore=True)[1])

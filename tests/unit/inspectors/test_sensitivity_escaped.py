"""JSON in a string, edited token by token."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.inspectors.sensitivity.analyzer import Entity
from extproc.inspectors.sensitivity.escaped import edited, tokens

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def flat(value):
    """Texts, names and numbers, in order."""
    if isinstance(value, dict):
        return [part for k, v in value.items() for part in (k, *flat(v))]
    if isinstance(value, list):
        return [part for item in value for part in flat(item)]
    return [] if value is None or isinstance(value, bool) else [value]


@settings(max_examples=300, deadline=None)
@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_tokens_are_what_a_parser_reads_and_know_where_they_stand(value, escaped, indent):
    text = json.dumps(value, ensure_ascii=escaped, indent=indent)
    read = tokens(text)
    assert [t.text if not t.is_number else json.loads(t.text) for t in read] == flat(value)
    assert edited(text, read, lambda token: token.text) == text
    for token in read:
        whole = Entity("X", token.start, token.end, 1.0)
        found = token.within([whole])
        assert [(one.start, one.end) for one in found] == (
            [(0, len(token.text))] if token.text else []
        )
        for index in range(len(token.text)):
            start, end = place(token, index)
            (found,) = token.within([Entity("X", start, end, 1.0)])
            assert (found.start, found.end) == (index, index + 1)


def place(token, index):
    """Where a token's character stands in the document."""
    if token.origin is not None:
        return token.origin[index], token.origin[index + 1]
    at = token.start + index + (not token.is_number)
    return at, at + 1


@settings(max_examples=200, deadline=None)
@given(VALUES, st.booleans())
def test_every_token_can_be_another_and_the_document_stays_json(value, escaped):
    text = json.dumps([value], ensure_ascii=escaped)
    new = json.loads(
        edited(text, tokens(text), lambda token: f"<{token.text}>"), object_pairs_hook=Pairs
    )
    assert flat(new) == [f"<{token.text}>" for token in tokens(text)]


class Pairs(dict):
    """An object of which no name is lost that comes twice."""

    def __init__(self, pairs):
        super().__init__()
        self.pairs = pairs

    def items(self):
        return self.pairs


@pytest.mark.parametrize(
    ("document", "becomes"),
    [
        ('{"a": 12, "a": 1.50}', '{"a": "<12>", "a": "<1.50>"}'),
        ('{"a\\nb": -1e5}', '{"a\\nb": "<-1e5>"}'),
        ('[true, null, "\\ud83d"]', '[true, null, "<\\ud83d>"]'),
        ('["\\ud83d\\ude00 x"]', '["<😀 x>"]'),
        ('["a\nb"]', '["<a\\nb>"]'),
    ],
)
def test_values_change_and_nothing_else(document, becomes):
    def edit(token):
        return token.text if token.is_name else f"<{token.text}>"

    assert edited(document, tokens(document), edit) == becomes


def test_what_reaches_over_a_value_is_cut_off():
    document = '{"street": "1 Main St", "city": "X"}'
    read = tokens(document)
    entity = Entity("STREET_ADDRESS", document.index("1"), document.index("X") + 1, 1.0)
    assert [[t.text[e.start : e.end] for e in t.within([entity])] for t in read] == [
        [], ["1 Main St"], [], ["X"],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", '{"a": 1} x', "[" * 100_000])
def test_what_is_no_json_has_none(text):
    assert tokens(text) is None

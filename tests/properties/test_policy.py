"""No text makes the loader raise anything but `PolicyErrors`; lookup agrees with its definition."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from extproc.inspectors import SECTIONS
from extproc.policy.errors import PolicyErrors
from extproc.policy.load import load
from extproc.policy.lookup import Lookup, Match, matches, overlap, rank, tie
from extproc.policy.marks import parse
from tests.policy_sets import HEAD, write

KEYS = sorted(
    {"metadata", "name", "match", "tenants", "mode", "threshold", "labels", "residency", "kind"}
    | {"route", "experiments", "arms", "default", "pools", "sources", "type", "keys", "hash"}
    | set(SECTIONS)
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["off", "large", "onprem", "block", "1h", "*", "api_key"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
kinds = st.sampled_from(["Policy", "Models", "Identity", "ApiKeys"])


def load_text(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = write(Path(name) / "set")
        (directory / "a.yaml").write_bytes(content)
        try:
            load(directory, SECTIONS)
        except PolicyErrors as errors:
            assert errors.errors
            assert all(error.line >= 1 and error.message for error in errors.errors)
            str(errors).encode()


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(content):
    load_text(content)


@settings(deadline=None)
@given(st.text(st.sampled_from("ab:-[]{},&*!?|>'\"#%@\n \t1.~<"), max_size=80))
@example("? ")
@example("- - - a: *x")
@example("%YAML 1.1\n---\n")
def test_any_punctuation(text):
    load_text(text.encode())
    load_text(f"{HEAD}metadata: {{name: a}}\n{text}".encode())


@settings(max_examples=200, deadline=None)
@given(kinds, st.dictionaries(st.sampled_from(KEYS), values, max_size=5))
def test_any_document_of_a_kind(kind, document):
    load_text(json.dumps({"apiVersion": "extproc/v1", "kind": kind, **document}).encode())


plain = st.recursive(
    st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(plain)
def test_json_is_read_as_it_is(document):
    """JSON is YAML, surrogate escapes and control characters aside."""
    (found,), errors = parse("f", json.dumps([document], ensure_ascii=False).encode())
    assert (found.value, errors) == ([document], [])


pieces = st.text("ab*", max_size=6)


@given(pieces, st.text("ab", max_size=8))
def test_globs_mean_what_expressions_mean(pattern, value):
    def expand(at: int, begin: int) -> bool:
        if at == len(pattern):
            return begin == len(value)
        if pattern[at] == "*":
            return any(expand(at + 1, end) for end in range(begin, len(value) + 1))
        return begin < len(value) and value[begin] == pattern[at] and expand(at + 1, begin + 1)

    if "*" in pattern:
        assert matches(pattern, value) is expand(0, 0)


def accepts(pattern: str, value: str) -> bool:
    return matches(pattern, value) if "*" in pattern else pattern == value


@given(pieces, pieces, st.text("ab", max_size=8))
def test_patterns_that_share_a_value_overlap(one, other, value):
    if accepts(one, value) and accepts(other, value):
        assert overlap(one, other)


@settings(deadline=None)
@given(pieces, pieces)
def test_patterns_that_overlap_share_a_value(one, other):
    """Every overlap of two short globs shows in a text no longer than both together."""
    if overlap(one, other):
        texts = [""]
        longest = len(one) + len(other)
        for _ in range(longest):
            if any(accepts(one, text) and accepts(other, text) for text in texts):
                return
            texts = [text + char for text in texts for char in "ab"][:4096]
        assert any(accepts(one, text) and accepts(other, text) for text in texts) or longest > 11


names = st.sampled_from(["a", "ab", "b"])
patterns = st.lists(st.sampled_from(["a", "b", "ab", "*", "a*", "*b"]), max_size=2).map(tuple)
policies = st.lists(st.tuples(patterns, patterns), min_size=1, max_size=5)


@given(policies, names, names)
def test_lookup_agrees_with_its_definition(declared, caller, tenant):
    entries = [
        (Match(callers=callers, tenants=tenants), i)
        for i, (callers, tenants) in enumerate(declared)
    ]

    def level(own: tuple[str, ...], value: str) -> int | None:
        if not own:
            return 0
        return max((rank(pattern) for pattern in own if accepts(pattern, value)), default=None)

    ranked = [
        ((by_caller, by_tenant), i)
        for match, i in entries
        if (by_caller := level(match.callers, caller)) is not None
        and (by_tenant := level(match.tenants, tenant)) is not None
    ]
    found = Lookup(entries).find(caller=caller, tenant=tenant, path="/", model=None)
    if not ranked:
        assert found is None
        return
    best = max(ranks for ranks, _ in ranked)
    first = [i for ranks, i in ranked if ranks == best]
    assert found in first
    # Whoever shares the first place must have been refused as a tie at load.
    for i in first[1:]:
        assert tie(entries[first[0]][0], entries[i][0])

"""Which policy governs: the order of dimensions, of exact and glob, and what is a tie."""

from __future__ import annotations

import pytest

from extproc.policy.lookup import MAX_CACHED, Lookup, Match, matches, overlap, tie

EVERYTHING = Match()


def find(entries: dict[str, Match], **values: str | None) -> str | None:
    asked = {"caller": "bot", "tenant": "acme", "path": "/v1/x", "model": "gpt-4o"} | values
    return Lookup((match, name) for name, match in entries.items()).find(**asked)


def test_no_match_is_none():
    assert find({"a": Match(tenants=("globex",))}) is None


def test_a_policy_without_match_governs_the_rest():
    entries = {"all": EVERYTHING, "globex": Match(tenants=("globex",))}
    assert find(entries) == "all"
    assert find(entries, tenant="globex") == "globex"


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (EVERYTHING, Match(models=("*",))),
        (Match(models=("*",)), Match(models=("gpt-*",))),
        (Match(models=("gpt-*",)), Match(models=("gpt-4*",))),
        (Match(models=("gpt-4*",)), Match(models=("gpt-4o",))),
        (Match(models=("gpt-4o",)), Match(paths=("*",))),
        (Match(paths=("/v1/x",)), Match(tenants=("*",))),
        (Match(tenants=("acme",)), Match(callers=("*",))),
        (Match(paths=("/v1/x",), models=("gpt-4o",)), Match(tenants=("a*",))),
        (Match(tenants=("acme",)), Match(tenants=("acme",), models=("gpt-*",))),
    ],
)
def test_the_more_specific_one_wins_in_any_order(less, more):
    assert find({"less": less, "more": more}) == "more"
    assert find({"more": more, "less": less}) == "more"


def test_the_best_pattern_of_a_list_counts():
    entries = {"list": Match(models=("*", "gpt-4o")), "glob": Match(models=("gpt-4*",))}
    assert find(entries) == "list"
    assert find(entries, model="gpt-4x") == "glob"


def test_models_and_paths_ignore_case_and_names_do_not():
    assert find({"a": Match(models=("GPT-*",))}, model="gpt-4O") == "a"
    assert find({"a": Match(paths=("/v1/files/*",))}, path="/v1/files/A") == "a"
    assert find({"a": Match(paths=("/v1/files/a",))}, path="/V1/Files/a") == "a"
    assert find({"a": Match(tenants=("ACME",))}) is None
    assert find({"a": Match(callers=("BOT",))}) is None


def test_a_request_without_a_model_matches_no_model_but_a_star():
    assert find({"a": Match(models=("gpt-*",))}, model=None) is None
    assert find({"a": Match(models=("*",))}, model=None) == "a"


def test_the_memory_is_bounded_and_forgets_nothing_that_matters():
    lookup = Lookup([(Match(models=("gpt-*",)), "gpt"), (EVERYTHING, "all")])
    for round_ in range(2):
        for i in range(MAX_CACHED + 10):
            name = f"gpt-{i}" if i % 2 else f"other-{i}"
            found = lookup.find(caller="c", tenant="t", path="/", model=name)
            assert found == ("gpt" if i % 2 else "all"), round_
    assert len(lookup._cache) == MAX_CACHED
    lookup.find(caller="c", tenant="t", path="/", model="x" * 10_000)
    assert all(len(key[3]) < 10_000 for key in lookup._cache)


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("a*", "a", True),
        ("a*", "ba", False),
        ("*a", "ba", True),
        ("*a", "ab", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c", False),
        ("*b*b*", "b", False),
        ("*b*b*", "bb", True),
        ("**", "", True),
        ("a*", "a\n", True),
    ],
)
def test_globs(pattern, value, expected):
    assert matches(pattern, value) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("gpt-*", "*-4o", True),
        ("a*", "b*", False),
        ("*a", "*b", False),
        ("a*b", "ab", True),
        ("a*b", "a", False),
        ("abc", "abc", True),
        ("abc", "abd", False),
        ("*", "", True),
    ],
)
def test_overlap_of_patterns(one, other, expected):
    assert overlap(one, other) is expected
    assert overlap(other, one) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (EVERYTHING, EVERYTHING, True),
        (EVERYTHING, Match(models=("*",)), False),
        (Match(tenants=("a", "b")), Match(tenants=("b", "c")), True),
        (Match(tenants=("a", "b")), Match(tenants=("c",)), False),
        (Match(models=("gpt-*",)), Match(models=("*-mini",)), False),
        (Match(models=("gpt-*",)), Match(models=("*-4oo",)), True),
        (Match(models=("gpt-*",)), Match(models=("*-mi",)), False),
        (Match(models=("gpt-*",)), Match(models=("*mini",)), True),
        (Match(models=("GPT-4",)), Match(models=("gpt-4",)), True),
        (Match(callers=("a",), tenants=("x",)), Match(callers=("a",), paths=("/y",)), False),
    ],
)
def test_ties(one, other, expected):
    assert tie(one, other) is expected
    assert tie(other, one) is expected

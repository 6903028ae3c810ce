"""Stories: what tells a private matter without an identifier, and what only sounds like one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from extproc.inspectors.sensitivity import Analyzer, SensitivityInspector, SensitivitySettings
from extproc.inspectors.sensitivity.extra import Extra
from extproc.inspectors.sensitivity.stories import STRETCH, TYPES, Stories
from extproc.models.matters import LONGEST, sentences
from extproc.models.workers import Workers
from tests.unit.inspectors.test_sensitivity import asking

ANALYZER = Analyzer()
ALL = Extra(stories=Stories(TYPES))
TOLD = "My sister was diagnosed with lupus in March and nobody at work knows."
PLAIN = "The train to Lyon leaves at nine and the museum opens at ten."


def told(text: str) -> list[tuple[str, str]]:
    found = ANALYZER.scan(text, ALL)
    return [(e.type, text[e.start : e.end]) for e in found if e.type in TYPES and e.score >= 0.5]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("HEALTH_MATTER", TOLD),
        ("PAY_MATTER", "Karim earns 79,000 a year and I get 64,000 for the same job."),
        ("HR_MATTER", "Ms Novak got a second written warning, next time we dismiss her."),
        ("FINANCIAL_MATTER", "My brother owes 14,000 to two lenders and cannot pay the rent."),
        (
            "LEGAL_MATTER",
            "My client Lucy Harmon is accused of fraud and admitted to me that she did it.",
        ),
        ("HEALTH_MATTER", "Meine Mutter hat Brustkrebs und beginnt am Montag mit der Chemo."),
    ],
)
def test_found(kind: str, text: str):
    assert told(text) == [(kind, text)]


@pytest.mark.parametrize(
    "text",
    [
        "What are the first symptoms of lupus, and which doctor treats it?",
        "Average salaries of nurses rose by 3 % last year.",
        "How do I write a fair performance review?",
        "Explain the difference between chapter 7 and chapter 13 bankruptcy.",
        "What happens at a custody hearing?",
        "My sister plays the cello in an orchestra in Graz.",
        PLAIN,
        "",
        "?" * 5_000,
    ],
)
def test_left_alone(text: str):
    assert told(text) == []


@pytest.mark.parametrize("before", [0, 1, 40])
@pytest.mark.parametrize("after", [0, 1, 40])
def test_no_harmless_text_around_it_hides_a_story(before: int, after: int):
    text = "\n\n".join([*[PLAIN] * before, TOLD, *[PLAIN] * after])
    (found,) = told(text)
    assert TOLD in found[1]
    assert len(found[1]) < len(TOLD) + 2 * len(PLAIN) + 10


@pytest.mark.parametrize("size", [STRETCH - len(TOLD) - 2, STRETCH - 20, STRETCH, STRETCH + 1])
def test_a_story_across_the_place_where_a_text_is_cut(size: int):
    filling = (f"{PLAIN}\n" * (size // len(PLAIN) + 1))[:size].rsplit("\n", 1)[0]
    assert any(TOLD in one for _, one in told(f"{filling}\n{TOLD}\n{filling}"))


def test_what_stands_in_a_story_stays_an_entity():
    text = "My sister (jane@example.com) was diagnosed with lupus and nobody at work knows."
    assert {e.type for e in ANALYZER.scan(text, ALL)} >= {"EMAIL_ADDRESS", "HEALTH_MATTER"}


@given(st.text(max_size=900))
def test_offsets_lie_in_the_text(text: str):
    for one in ANALYZER.scan(f"{text}\n{TOLD}\n{text}", ALL):
        assert 0 <= one.start < one.end <= 2 * len(text) + len(TOLD) + 2


@given(st.binary(max_size=2_000))
def test_sentences_are_in_order_and_short(body: bytes):
    spans = list(sentences(body))
    assert all(0 <= start < end <= len(body) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(end - start <= LONGEST for start, end in spans)


def test_only_types_that_the_policy_names_are_looked_for():
    pay = Extra(stories=Stories(frozenset({"PAY_MATTER"})))
    assert [e for e in ANALYZER.scan(TOLD, pay) if e.type in TYPES] == []


async def test_a_story_labels_the_request():
    workers = Workers(1)
    try:
        seen = asking(TOLD)
        await SensitivityInspector(SensitivitySettings(), ANALYZER, workers).inspect(seen)
    finally:
        workers.close()
    assert seen.sensitivity is not None
    assert seen.sensitivity.label == "confidential"
    assert "HEALTH_MATTER" in seen.sensitivity.entities


def test_a_story_cannot_be_redacted():
    with pytest.raises(ValidationError, match="PAY_MATTER is whole sentences"):
        SensitivitySettings.model_validate({"actions": {"PAY_MATTER": "redact"}})
    with pytest.raises(ValidationError, match="HR_MATTER is whole sentences"):
        SensitivitySettings.model_validate({"redact": {"entities": ["HR_MATTER"]}})

"""Attacks on the rules of the verifier: one change to a question, and it must be stopped.

The questions are those written by hand for the recipe, in all of their wordings; the change is
made to the question itself and to another wording of it that the rules let through.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extproc import resources
from extproc.inspectors.cache.wording import same_wording
from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.presets import PRESETS
from extproc.models.same_answer.verifier import Asked, Verifier
from extproc.models.same_answer.words import take_apart
from tests.desk import services

LEXICON = Lexicon.load(resources.path("models/verifier"))
GROUPS = Path(__file__).parents[2] / "models" / "verifier" / "groups"
VERIFIER = Verifier(resources.path("models/verifier"))

NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "ten", "twelve", "twenty")
PLACES = (
    "Paris", "Berlin", "London", "Vienna", "Tokyo", "Madrid", "Germany", "France", "Italy", "Spain",
    "Japan", "Canada", "India", "Brazil", "Europe", "Africa", "Texas", "California", "Austria",
)  # fmt: skip
NAMES = (
    "Python", "Java", "JavaScript", "Docker", "Excel", "Word", "Outlook", "Netflix", "Spotify",
    "Android", "Linux", "Windows", "Redis", "Django", "Napoleon", "Mozart", "Toyota", "Ibuprofen",
)  # fmt: skip
UNITS = (
    ("minutes", "hours", "days", "weeks", "months", "years"), ("hour", "day", "week", "month", "year"),
    ("km", "miles", "feet"), ("kg", "grams", "pounds"), ("dollars", "euros", "yen"),
    ("GB", "MB", "TB"), ("litres", "gallons", "cups"), ("celsius", "fahrenheit"),
    ("daily", "weekly", "monthly", "yearly"),
)  # fmt: skip
DATES = (
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("January", "February", "June", "July", "October", "November", "December"),
    ("today", "tomorrow", "yesterday"), ("summer", "winter", "autumn"), ("morning", "evening"),
)  # fmt: skip
AUXILIARY = re.compile(
    r"\b(is|are|was|were|does|do|did|should|can|could|will|would|must|may|has|have) ", re.IGNORECASE
)
DENIALS = (
    (" don't ", " do "), (" can't ", " can "), (" doesn't ", " does "), (" isn't ", " is "),
    (" won't ", " will "), (" didn't ", " did "), (" hasn't ", " has "), (" without ", " with "),
    (" not ", " "), (" never ", " "),
)  # fmt: skip
Attack = Callable[[str], list[str]]
"""A text changed in one place, in every way; nothing where it has no such place."""


def wordings() -> Iterator[tuple[str, ...]]:
    for path in sorted(GROUPS.rglob("*.txt")):
        for block in path.read_text().rstrip("\n").split("\n\n"):
            first, *rest = block.split("\n")
            yield first, *(line[2:] for line in rest if line.startswith("= "))


def digits(text: str) -> list[str]:
    found = re.search(r"\d+", text)
    if found is None:
        return []
    return [f"{text[: found.start()]}{int(found[0]) + 3}{text[found.end() :]}"]


def among(*families: tuple[str, ...]) -> Attack:
    def change(text: str) -> list[str]:
        for family in families:
            for word in family:
                found = re.search(rf"(?<![\w-]){word}(?![\w-])", text, re.IGNORECASE)
                if found is not None:
                    head, tail = text[: found.start()], text[found.end() :]
                    return [f"{head}{other}{tail}" for other in family if other != word]
        return []

    return change


def denied(text: str) -> list[str]:
    found = AUXILIARY.search(text)
    return [] if found is None else [f"{text[: found.end()]}not {text[found.end() :]}"]


def affirmed(text: str) -> list[str]:
    return [text.replace(denial, instead, 1) for denial, instead in DENIALS if denial in text][:1]


ATTACKS: dict[str, Attack] = {
    "digits": digits, "number": among(NUMBERS), "place": among(PLACES), "name": among(NAMES),
    "unit": among(*UNITS), "date": among(*DATES), "denied": denied, "affirmed": affirmed,
}  # fmt: skip


def one_of(changes: list[str]) -> str | None:
    """The same of the same, whatever ran before."""
    return random.Random(changes[0]).choice(changes) if changes else None


@pytest.mark.parametrize("kind", ATTACKS)
def test_one_change_to_any_question_is_stopped(kind: str) -> None:
    questions = [text for group in wordings() for text in group]
    changed = [(text, new) for text in questions for new in ATTACKS[kind](text) if new != text]
    assert len(changed) > 15
    passed = [pair for pair in changed if same_wording(*pair) or VERIFIER.conflict(*pair) is None]
    assert passed == []


@pytest.mark.parametrize("kind", ["digits", "number", "place", "name", "date"])
async def test_one_change_to_another_wording_is_stopped(kind: str) -> None:
    """By a rule, or else by the comparer; it knows a story's numbers, which may be any, from others."""
    pairs = [
        (left, right)
        for group in wordings()
        for left in group
        for right in group
        if left != right and VERIFIER.conflict(left, right) is None
    ]
    changed = [
        (left, new)
        for left, right in pairs
        if (new := one_of(ATTACKS[kind](right))) not in {None, right}
        and ATTACKS[kind](left)  # else it is of a story that `left` leaves out
        and question(new) != question(right)
    ]
    assert len(changed) > 15
    passed = [pair for pair in changed if same_wording(*pair) or VERIFIER.conflict(*pair) is None]
    assert [pair for pair in passed if await served(*pair)] == []
    assert len(passed) < len(changed) / 4


def question(text: str) -> list[str]:
    """The words of what is asked: what a story tells before it may be any."""
    words = take_apart(text, LEXICON)
    return [word for word, told in zip(words.plain, words.told, strict=True) if not told]


async def served(left: str, right: str) -> bool:
    """Whether the most generous preset serves the answer to one for the other."""
    one, other = [Asked(text, await services().embedder.embed(text)) for text in (left, right)]
    return VERIFIER.score(one, other) >= PRESETS["generous"].score


@given(
    frame=st.sampled_from(
        ["Can I get a refund within {} days?", "What is {}% of 80?", "Name {} cities.", "What does HTTP {} mean?"]
    ),
    left=st.integers(2, 10**6),
    right=st.integers(2, 10**6),
)  # fmt: skip
def test_no_two_numbers_are_one(frame: str, left: int, right: int) -> None:
    assume(left != right)
    assert VERIFIER.conflict(frame.format(left), frame.format(right)) is not None
    assert VERIFIER.conflict(frame.format(left), frame.format(f"{left:,}")) is None


@given(left=st.text(max_size=60), right=st.text(max_size=60))
def test_the_order_of_a_pair_does_not_matter(left: str, right: str) -> None:
    assert (VERIFIER.conflict(left, right) is None) is (VERIFIER.conflict(right, left) is None)


def test_every_group_is_read_the_same_both_ways() -> None:
    for group in wordings():
        for text in group[1:]:
            there, back = VERIFIER.conflict(group[0], text), VERIFIER.conflict(text, group[0])
            assert (there is None) is (back is None), (group[0], text)

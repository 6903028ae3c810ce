"""The model of private matters as it ships: what it verifies, its windows, its gate."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extproc import resources
from extproc.models import matters
from extproc.models.matters import FOLD, LONGEST, Matters, MattersError, sentences

FOLDER = resources.path("models/matters")
MODEL = Matters(FOLDER)
PLAIN = (
    "The train to Leeds was late again. Lunch is at noon in the garden. The office has two doors. "
)
STORY = "Mr Aldous has leukaemia and his wife does not know."


def found(text: str):
    return MODEL.read(text.encode("latin-1"))


def cut(text: str):
    body = text.encode("latin-1")
    return [text[start:end] for start, end in sentences(body)]


@pytest.mark.parametrize("change", ["missing", "altered"])
def test_only_the_file_that_was_shipped_is_loaded(change: str, tmp_path):
    folder = tmp_path / "matters"
    shutil.copytree(FOLDER, folder)
    file = folder / matters.FILE
    if change == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(
        MattersError, match=r"model of private matters in|matters.npz is not the file"
    ):
        Matters(folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        (
            "Mr. Hill met Dr. Low. Then J. Park left.",
            ["Mr. Hill met Dr. Low.", "Then J. Park left."],
        ),
        ("name,pay\nA. Olsen,91000\n\nend", ["name,pay", "A. Olsen,91000", "end"]),
        ("It cost 3.5 euros. e.g. this goes on", ["It cost 3.5 euros. e.g. this goes on"]),
    ],
)
def test_sentences(text: str, expected: list[str]):
    assert [one.strip() for one in cut(text)] == expected


@pytest.mark.parametrize(("size", "count"), [(LONGEST - 1, 1), (LONGEST, 1), (LONGEST + 1, 2)])
def test_a_long_sentence_is_cut(size: int, count: int):
    assert len(cut("x" * size)) == count


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("HEALTH_MATTER", STORY),
        ("PAY_MATTER", "Sven earns 95,000 a year and I am on 71k for the same job."),
        ("HR_MATTER", "Hannah got a final written warning; next time we dismiss her."),
        ("FINANCIAL_MATTER", "My brother is bankrupt and owes the bank 23,000; the bailiff comes on Friday."),
        ("HEALTH_MATTER", "Frau Hofmann leidet an Brustkrebs und die Kollegen wissen nichts davon."),
    ],
)  # fmt: skip
def test_stories_are_found_where_they_stand(kind: str, text: str):
    (story,) = found(PLAIN + text + " " + PLAIN)
    assert (story.kind, story.score >= 0.5) == (kind, True)
    assert story.start <= len(PLAIN) < len(PLAIN + text) <= story.end + 1


@pytest.mark.parametrize(
    "text",
    [
        "What are the early symptoms of leukaemia?",
        "Write a template for a written warning with placeholders.",
        "The median salary of nurses rose by 3 percent, the statistics office said.",
        PLAIN,
    ],
)
def test_harmless_texts_of_the_same_subjects_are_left_alone(text: str):
    assert not [story for story in found(text) if story.score >= 0.5]


def test_what_no_word_of_the_matters_stands_in_is_not_read(monkeypatch: pytest.MonkeyPatch):
    def read(*_: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr(MODEL.eyes, "read", read)
    assert found(PLAIN * 20) == []
    with pytest.raises(AssertionError, match="read"):
        found(PLAIN * 20 + STORY)


def test_folding_keeps_every_place():
    assert len(FOLD) == 256
    assert "MÜNCHEN é".encode("latin-1").translate(FOLD) == b"munchen e"


WORDS = st.sampled_from([STORY, PLAIN, "\n", ". ", "?5", "J. ", "ä", "cancer ", "my ", "x" * 400])
TEXTS = st.lists(WORDS | st.text(st.characters(max_codepoint=255), max_size=9), max_size=12).map("".join)  # fmt: skip


@settings(deadline=None)
@given(TEXTS)
def test_sentences_and_stories_lie_in_the_text_in_order_and_apart(text: str):
    at = 0
    for start, end in sentences(text.encode("latin-1")):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip(" \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0")
        at = end
    at = 0
    for story in found(text):
        assert at <= story.start < story.end <= len(text)
        assert 0 < story.score < 1
        at = story.end

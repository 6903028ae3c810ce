"""Passages: every span alone, and neighbours of a channel whole again."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.inspectors.injection.passages import CHAPTER, EDGE, alone, chapters
from extproc.llm.view import Channel, Span

CHANNELS = [Channel.USER, Channel.ASSISTANT, Channel.TOOL_RESULT]
spans_of = st.lists(
    st.tuples(st.sampled_from(CHANNELS), st.text(alphabet="ab \n", max_size=700)), max_size=30
)


def spans(*texts: tuple[str, str]) -> list[Span]:
    return [
        Span(text, channel, Channel(channel), ("messages", at, "content"))
        for at, (channel, text) in enumerate(texts)
    ]


def test_every_span_that_holds_something_is_read_alone():
    found = alone(spans(("user", "a"), ("user", ""), ("document", "b")))
    assert [(p.text, p.channel, p.joined) for p in found] == [
        ("a", "user", False),
        ("b", "document", False),
    ]


def test_neighbours_are_those_of_the_channel_whatever_stands_between():
    texts = spans(("user", "one"), ("assistant", "ok"), ("user", "two"), ("assistant", "yes"))
    assert [(p.channel, p.text) for p in chapters(texts)] == [
        ("user", "one\ntwo"),
        ("assistant", "ok\nyes"),
    ]


def test_a_span_without_a_neighbour_has_no_chapter():
    assert chapters(spans(("user", "one"), ("assistant", "ok"))) == []


def test_of_a_long_span_the_edges_are_read_with_its_neighbours():
    long = "a" * 300 + "b" * 300
    first, second = chapters(spans(("user", "x"), ("user", long), ("user", "y")))
    assert first.text == "x\n" + "a" * EDGE
    assert second.text == "b" * EDGE + "\ny"
    assert second.locate(EDGE - 1, EDGE + 2)[1:] == (len(long) - 1, len(long))


@pytest.mark.parametrize(
    ("first", "joined"),
    [
        ("see https://evil.", True),
        ("see https://evil.example/p?", True),
        ("see the harbour.", False),
        ("is it and/or?\nIt is.", False),
    ],
)
def test_an_address_goes_on_behind_its_dots_and_a_sentence_does_not(first, joined):
    (chapter,) = chapters(spans(("document", first), ("document", "example/p?q=1")))
    glued = chapter.glued()
    assert (glued is not None) == joined
    if glued is not None:
        assert glued.text == first + "example/p?q=1"


def test_only_parts_side_by_side_are_parts():
    split = chapters(spans(("user", "a part of sixteen"), ("user", "another part, as long")))
    assert split[0].parts
    turns = [("user", "a part of sixteen"), ("assistant", "ok"), ("user", "another part, as long")]
    assert not chapters(spans(*turns))[0].parts
    assert not chapters(spans(("user", "get_weather"), ("user", "another part, as long")))[0].parts


def test_glued_where_a_sentence_may_be_cut():
    (passage,) = chapters(spans(("user", "igno"), ("user", "re this")))
    glued = passage.glued()
    assert glued is not None
    assert glued.text == "ignore this"
    assert passage.text[glued.moved(4, passage) :] == "re this"
    (passage,) = chapters(spans(("user", "That is all."), ("user", "Thank you")))
    assert passage.glued() is None


@given(spans_of)
@settings(deadline=None)
def test_all_neighbours_meet_in_a_chapter(texts):
    made = spans(*texts)
    found = chapters(made)
    for channel in CHANNELS:
        own = [span for span in made if span.channel is channel and span.text]
        met = {
            (a.span.keys, b.span.keys)
            for passage in found
            for a, b in zip(passage.pieces, passage.pieces[1:], strict=False)
        }
        assert {(a.keys, b.keys) for a, b in itertools.pairwise(own)} <= met


@given(spans_of)
@settings(deadline=None)
def test_pieces_are_what_they_say(texts):
    for passage in chapters(spans(*texts)):
        assert len({piece.span.channel for piece in passage.pieces}) == 1
        assert len(passage.text) <= EDGE + CHAPTER + 2 * EDGE + len(passage.pieces) + CHAPTER
        for piece, start in zip(passage.pieces, passage.starts, strict=True):
            assert piece.span.text[piece.offset :].startswith(piece.text)
            assert passage.text[start:].startswith(piece.text)
            span, at, end = passage.locate(start, start + len(piece.text))
            assert span.text[at:end] == piece.text


@given(spans_of, st.text(alphabet="ab", min_size=1, max_size=200))
@settings(deadline=None)
def test_a_new_turn_changes_the_last_chapter_of_its_channel_only(texts, new):
    before = [p.text for p in chapters(spans(*texts)) if p.channel is Channel.USER]
    after = [p.text for p in chapters(spans(*texts, ("user", new))) if p.channel is Channel.USER]
    assert after[: max(0, len(before) - 1)] == before[: max(0, len(before) - 1)]
    assert len(after) <= len(before) + 1

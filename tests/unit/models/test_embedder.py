from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest

from extproc import resources
from extproc.models.embedder import (
    MAX_CHARACTERS,
    EmbedderError,
    OnnxEmbedder,
    open_embedder,
)
from extproc.models.encoder import MAX_TOKENS
from extproc.models.workers import Workers
from tests.networks import classifier, encoder


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers(1)
    yield workers
    workers.close()


@pytest.fixture(scope="module")
def embedder(workers: Workers) -> OnnxEmbedder:
    return OnnxEmbedder(encoder(), workers)


async def cosine(embedder: OnnxEmbedder, left: str, right: str) -> float:
    return float((await embedder.embed(left)).vector @ (await embedder.embed(right)).vector)


async def test_vectors_have_unit_length(embedder: OnnxEmbedder) -> None:
    embedding = await embedder.embed("What is the capital of France?")
    assert embedding.vector.dtype == np.float32
    assert embedding.vector.shape == (embedder.dimension,) == (384,)
    assert np.linalg.norm(embedding.vector) == pytest.approx(1, abs=1e-5)
    assert not embedding.truncated


async def test_near_texts_are_near_and_far_ones_are_far(embedder: OnnxEmbedder) -> None:
    question = "How do I reset my password?"
    assert await cosine(embedder, question, "How can I reset my password?") > 0.95
    assert await cosine(embedder, question, "What is the tallest mountain in Peru?") < 0.3


async def test_the_card_and_the_model_agree(embedder: OnnxEmbedder) -> None:
    """The card's own cosines, on any machine: products that overflow would move them by more."""
    card = (resources.path("models/encoder") / "CARD.md").read_text()
    table = card.split("| as published | shipped, int8 |")[1].split("\n\n")[0].splitlines()[2:]
    assert len(table) == 5
    for row in table:
        left, right, _, stated = (cell.strip() for cell in row.strip("|").split("|"))
        assert await cosine(embedder, left, right) == pytest.approx(float(stated), abs=0.0025)


@pytest.mark.parametrize(
    ("words", "truncated"),
    [(MAX_TOKENS - 1, False), (MAX_TOKENS, False), (MAX_TOKENS + 1, True), (3000, True)],
)
async def test_a_cut_text_says_so(embedder: OnnxEmbedder, words: int, truncated: bool) -> None:
    text = " ".join(["a"] * words)
    assert (await embedder.embed(text)).truncated is truncated


@pytest.mark.parametrize(("syllables", "truncated"), [(84, False), (85, True), (128, True)])
async def test_a_letter_may_be_three_tokens(
    embedder: OnnxEmbedder, syllables: int, truncated: bool
) -> None:
    """Korean is taken apart into its letters: a short text may not fit."""
    text = " ".join(["\uac01"] * syllables)
    assert (await embedder.embed(text)).truncated is truncated


async def test_a_text_that_cannot_fit_is_not_tokenised(embedder: OnnxEmbedder) -> None:
    blanks = " " * (MAX_CHARACTERS - 1)
    assert not (await embedder.embed(f"{blanks}a")).truncated
    assert (await embedder.embed(f"{blanks}ab")).truncated


async def test_words_the_model_does_not_know_count_as_cut(embedder: OnnxEmbedder) -> None:
    thumbs = await embedder.embed("I like it \U0001f44d")
    assert thumbs.truncated
    assert (await embedder.embed("x" * 101)).truncated


async def test_a_lone_surrogate_and_nothing_at_all_are_texts_too(embedder: OnnxEmbedder) -> None:
    for text in ("\ud800", ""):
        assert np.isfinite((await embedder.embed(text)).vector).all()


async def test_the_vector_of_a_text_is_computed_once(embedder: OnnxEmbedder) -> None:
    first = await embedder.embed("computed once")
    assert await embedder.embed("computed once") is first
    assert not first.vector.flags.writeable


async def test_a_text_that_the_classifier_has_read_costs_no_pass(workers: Workers) -> None:
    text = "How do I move a booking to the week after?"
    (window,) = classifier().windows(text, "user")
    encoder().run(window.ids, "user")
    found = await OnnxEmbedder(Known(), workers).embed(text)
    assert np.array_equal(found.vector, encoder().run(window.ids, "user").vector)


class Known:
    """The encoder as far as it need not read anything."""

    identity, dimension = encoder().identity, encoder().dimension
    tokens, known = encoder().tokens, encoder().known


def test_without_the_extra_the_message_names_it(workers: Workers, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match=r"extproc\[sentence-transformers\]"):
        open_embedder("sentence-transformers:my-model", workers, encoder())


@pytest.mark.parametrize("spec", ["", "torch", "onnx:x", "sentence-transformers:"])
def test_an_unknown_embedder_is_refused(workers: Workers, spec: str) -> None:
    with pytest.raises(EmbedderError, match="must be onnx or sentence-transformers:MODEL"):
        open_embedder(spec, workers, encoder())


def test_the_default_is_the_shipped_model(workers: Workers) -> None:
    assert open_embedder("onnx", workers, encoder()).identity.startswith("encoder@")


def test_resources_name_what_is_missing() -> None:
    with pytest.raises(FileNotFoundError, match="models/nothing"):
        resources.path("models/nothing")

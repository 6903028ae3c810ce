"""The shipped encoder: what it verifies, how it reads a row, and that it reads a user's text once."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from extproc import resources
from extproc.llm.view import Channel
from extproc.models.encoder import FILES, MAX_TOKENS, RECENT, WORDS, Encoder, EncoderError, Rows
from extproc.models.injection_tokens import CLS, SEP, WINDOW
from extproc.models.session import open_session
from tests.networks import encoder

FOLDER = resources.path("models/encoder")


class Session:
    """Counts the passes of a real one."""

    def __init__(self, session) -> None:
        self.session = session
        self.rows: list[list[int]] = []

    def run(self, names, feed):
        self.rows += feed["input_ids"].tolist()
        return self.session.run(names, feed)


@pytest.fixture
def watched():
    fresh = Encoder(FOLDER)
    fresh._session = Session(fresh._session)
    return fresh, fresh._session


def ids(number: int, size: int = 6) -> list[int]:
    return [2000 + number, *range(3000, 2999 + size)]


@pytest.mark.parametrize("broken", FILES)
def test_another_file_is_refused(tmp_path, broken):
    folder = shutil.copytree(FOLDER, tmp_path / "encoder")
    with (folder / broken).open("ab") as file:
        file.write(b" ")
    with pytest.raises(EncoderError, match=f"{broken} is not the file that SHA256SUMS names"):
        Encoder(folder)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EncoderError, match="No such file"):
        Encoder(tmp_path)


def test_every_channel_has_a_word_of_its_own():
    assert set(WORDS) == {channel.value for channel in Channel}
    rows = Rows(encoder().tokens)
    assert len({rows.row((7, 8), channel)[1] for channel in WORDS}) == len(WORDS)


def test_a_row_is_mark_channel_mark_text_mark(watched):
    fresh, session = watched
    fresh.run([7, 8], "document")
    (row,) = session.rows
    assert (row[0], row[2:]) == (CLS, [SEP, 7, 8, SEP])


@pytest.mark.parametrize("size", [0, 1, WINDOW, WINDOW + 1, MAX_TOKENS])
def test_a_pass_has_a_vector_of_unit_length_and_one_for_each_token(size):
    made = encoder().run(ids(1, size) if size else [], "user")
    assert made.vector.shape == (384,)
    assert np.linalg.norm(made.vector) == pytest.approx(1, abs=1e-5)
    assert made.tokens.shape == (size, 384)
    assert np.isfinite(made.logit)


def test_a_pass_depends_on_nothing_but_its_row(watched):
    fresh, _ = watched
    fresh.run(ids(1, 60), "user")
    one, other = fresh.run(ids(2), "user"), encoder().run(ids(2), "user")
    assert one.logit == other.logit
    assert np.array_equal(one.vector, other.vector)
    assert np.array_equal(one.tokens, other.tokens)


def test_a_users_text_is_read_once(watched):
    fresh, session = watched
    assert fresh.known(ids(1)) is None
    made = fresh.run(ids(1), "user")
    assert fresh.run(tuple(ids(1)), "user") is made
    assert fresh.known(ids(1)) is made
    assert len(session.rows) == 1


def test_other_channels_are_told_apart_and_not_kept(watched):
    fresh, session = watched
    user, tool = fresh.run(ids(1), "user"), fresh.run(ids(1), "tool_result")
    assert user.logit != tool.logit
    assert fresh.known(ids(1)) is user
    fresh.run(ids(1), "tool_result")
    assert len(session.rows) == 3


@pytest.mark.parametrize("size", [WINDOW - 1, WINDOW, WINDOW + 1])
def test_only_what_fits_in_a_window_is_kept(watched, size):
    fresh, _ = watched
    fresh.run(ids(1, size), "user")
    assert (fresh.known(ids(1, size)) is not None) == (size <= WINDOW)


def test_the_oldest_pass_is_forgotten_first(watched):
    fresh, _ = watched
    for number in range(RECENT):
        fresh.run(ids(number, 2), "user")
    assert fresh.known(ids(0, 2)) is not None
    fresh.run(ids(RECENT, 2), "user")
    assert fresh.known(ids(0, 2)) is None
    assert fresh.known(ids(1, 2)) is not None


def test_the_session_that_is_opened_is_exact_on_this_machine():
    """Kernels that overflow differ by more than a rounding, those that cannot by nothing."""
    chosen, exact = (
        open_session(FOLDER / "model.onnx"),
        open_session(FOLDER / "model.onnx", exact=True),
    )
    for number in range(8):
        row = {"input_ids": np.array([[CLS, 5310, SEP, *ids(number, 40), SEP]])}
        for one, other in zip(chosen.run(None, row), exact.run(None, row), strict=True):
            assert np.array_equal(one, other)

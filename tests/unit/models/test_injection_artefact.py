"""Our own classifier around any artefact: what it verifies, reads and makes of a logit."""

from __future__ import annotations

import hashlib
import json
import math
import shutil

import numpy as np
import pytest

from extproc import resources
from extproc.llm.view import Channel
from extproc.models.injection import FILES, WORDS, ClassifierError, MiniLM, Rows, verify
from extproc.models.injection_tokens import CLS, SEP, WINDOW, Tokens, Window


def sign(folder):
    sums = ((hashlib.sha256((folder / name).read_bytes()).hexdigest(), name) for name in FILES)
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in sums))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The shipped network and vocabulary with a calibration of its own."""
    made = tmp_path_factory.mktemp("injection")
    for name in ("model.onnx", "tokenizer.json"):
        shutil.copyfile(resources.path(f"models/injection/{name}"), made / name)
    fit = {"slope": 0.5, "offsets": {"user": -2.0, "document": -1.0}}
    (made / "calibration.json").write_text(json.dumps(fit))
    sign(made)
    return made


class Session:
    """A network that answers with what it was told to, and remembers what it read."""

    def __init__(self, answer: float) -> None:
        self.answer = answer
        self.read: list[list[int]] = []

    def run(self, _, inputs):
        self.read += inputs["input_ids"].tolist()
        return [np.array([self.answer], dtype=np.float32)]


def answering(folder, answer: float) -> tuple[MiniLM, Session]:
    model, session = MiniLM(folder), Session(answer)
    model._session = session
    return model, session


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused(folder, tmp_path, name):
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert verify(copy) == verify(folder)
    with (copy / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ClassifierError, match=name):
        MiniLM(copy)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(ClassifierError, match="No such file"):
        MiniLM(tmp_path / "nothing")


def test_the_version_changes_with_any_file(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "calibration.json").write_text('{"slope": 1.0, "offsets": {"user": 0.0}}')
    sign(copy)
    assert MiniLM(copy).version != MiniLM(folder).version == f"minilm-{verify(folder)}"


def test_every_channel_has_a_word_of_its_own(folder):
    assert set(WORDS) == {channel.value for channel in Channel}
    rows = Rows(Tokens(folder / "tokenizer.json"))
    assert len({rows.row((7, 8), channel)[1] for channel in WORDS}) == len(WORDS)


def test_a_row_is_mark_channel_mark_text_mark(folder):
    row = Rows(Tokens(folder / "tokenizer.json")).row((7, 8), "user")
    assert (row[0], row[2:]) == (CLS, [SEP, 7, 8, SEP])


def test_the_channel_stands_before_every_window(folder):
    model, session = answering(folder, 1.0)
    windows = list(model.windows("dog cat " * 200, "document"))
    model.score(windows)
    assert len(session.read) == len(windows) > 1
    assert len({tuple(row[:3]) for row in session.read}) == 1
    assert max(map(len, session.read)) == WINDOW + 2


def test_a_score_is_the_calibrated_logit(folder):
    model, _ = answering(folder, 4.0)
    windows = [Window(0, 5, (2054, 2003, 1996), c) for c in ("user", "document", "unheard_of")]
    assert model.score(windows) == pytest.approx([0.5, 1 / (1 + math.exp(-1)), 0.5])


def test_nothing_to_read_scores_nothing(folder):
    model, session = answering(folder, 9.0)
    texts = ("", "--- " * 30)
    assert [model.score(list(model.windows(text, "user"))) for text in texts] == [[0.0], [0.0]]
    assert session.read == []


@pytest.mark.parametrize("channel", ["user", "document", "tool_result"])
def test_calibration_rises_and_stays_in_bounds(folder, channel):
    model = MiniLM(folder)
    scores = [model.calibrate(logit / 10, channel) for logit in range(-200, 200)]
    assert scores == sorted(set(scores))
    assert 0 < scores[0] < scores[-1] < 1


@pytest.mark.parametrize("answer", [math.nan, math.inf])
def test_not_a_number_is_an_error(folder, answer):
    model, _ = answering(folder, answer)
    with pytest.raises(ClassifierError):
        model.score([Window(0, 3, (2054, 2003, 1996), "user")])

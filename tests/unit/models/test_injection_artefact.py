"""Our own classifier around any encoder: what it verifies, reads and makes of a logit."""

from __future__ import annotations

import hashlib
import json
import math
import shutil

import pytest

from extproc.models.encoder import Pass
from extproc.models.injection import FILES, ClassifierError, MiniLM, verify
from extproc.models.injection_tokens import Window
from tests.networks import encoder


def sign(folder):
    sums = ((hashlib.sha256((folder / name).read_bytes()).hexdigest(), name) for name in FILES)
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in sums))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("injection")
    fit = {"slope": 0.5, "offsets": {"user": -2.0, "document": -1.0}}
    (made / "calibration.json").write_text(json.dumps(fit))
    sign(made)
    return made


class Answering:
    """An encoder that answers with what it was told to, and remembers what it read."""

    identity = "answering"

    def __init__(self, answer: float) -> None:
        self.answer = answer
        self.tokens = encoder().tokens
        self.read: list[tuple[tuple[int, ...], str]] = []

    def run(self, ids, channel):
        self.read.append((tuple(ids), channel))
        return Pass(self.answer, None, None)


def answering(folder, answer: float) -> tuple[MiniLM, Answering]:
    network = Answering(answer)
    return MiniLM(folder, network), network


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_refused(folder, tmp_path, name):
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert verify(copy) == verify(folder)
    with (copy / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(ClassifierError, match=name):
        MiniLM(copy, encoder())


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(ClassifierError, match="No such file"):
        MiniLM(tmp_path / "nothing", encoder())


def test_the_version_changes_with_the_calibration_and_with_the_encoder(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "calibration.json").write_text('{"slope": 1.0, "offsets": {"user": 0.0}}')
    sign(copy)
    versions = {
        MiniLM(copy, encoder()).version,
        MiniLM(folder, encoder()).version,
        answering(folder, 0.0)[0].version,
    }
    assert len(versions) == 3


def test_every_window_is_read_in_its_channel(folder):
    model, network = answering(folder, 1.0)
    windows = list(model.windows("dog cat " * 200, "document"))
    model.score(windows)
    assert len(windows) > 1
    assert network.read == [(window.ids, "document") for window in windows]


def test_a_score_is_the_calibrated_logit(folder):
    model, _ = answering(folder, 4.0)
    windows = [Window(0, 5, (2054, 2003, 1996), c) for c in ("user", "document", "unheard_of")]
    assert model.score(windows) == pytest.approx([0.5, 1 / (1 + math.exp(-1)), 0.5])


def test_nothing_to_read_scores_nothing(folder):
    model, network = answering(folder, 9.0)
    texts = ("", "--- " * 30)
    assert [model.score(list(model.windows(text, "user"))) for text in texts] == [[0.0], [0.0]]
    assert network.read == []


@pytest.mark.parametrize("channel", ["user", "document", "tool_result"])
def test_calibration_rises_and_stays_in_bounds(folder, channel):
    model, _ = answering(folder, 0.0)
    scores = [model.calibrate(logit / 10, channel) for logit in range(-200, 200)]
    assert scores == sorted(set(scores))
    assert 0 < scores[0] < scores[-1] < 1


@pytest.mark.parametrize("answer", [math.nan, math.inf])
def test_not_a_number_is_an_error(folder, answer):
    model, _ = answering(folder, answer)
    with pytest.raises(ClassifierError):
        model.score([Window(0, 3, (2054, 2003, 1996), "user")])

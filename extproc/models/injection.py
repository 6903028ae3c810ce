"""The injection classifier: text → windows of tokens → scores in [0, 1].

A MiniLM, fine-tuned by `models/injection/train.py`. The channel is part of what it reads: the
same words are an attack in a tool's result and none from the user. Windows run one at a
time and unpadded. Measured on one thread that is as fast as batching (8.1 ms a row of 128
tokens, alone or in a batch of 8), and since the model quantises activations over the whole
batch, it is also what makes a window's score depend on nothing but the window.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime

from extproc.models.artefact import digests
from extproc.models.injection_tokens import CLS, SEP, Tokens, Window
from extproc.models.session import open_session

WORDS: Mapping[str, str] = {
    "user": "user", "assistant": "assistant", "system": "system", "document": "document",
    "tool_result": "tool", "tool_call": "call", "tool_definition": "function",
}  # fmt: skip
"""What stands in front of a window, by channel: one word of the vocabulary."""
FILES = ("model.onnx", "tokenizer.json", "calibration.json")
SPOKEN = frozenset({"user", "assistant"})
"""Channels in which people talk to the model; their thresholds are their own."""


class ClassifierError(Exception):
    """The model gave no usable score."""


class Classifier(Protocol):
    """Calls may come from several threads at once."""

    @property
    def version(self) -> str:
        """Changes whenever a score could: part of every key a score is kept under."""

    def windows(self, text: str, channel: str) -> Iterator[Window]:
        """Windows that together cover all of `text`, made as they are asked for."""

    def score(self, windows: Sequence[Window]) -> list[float]:
        """One score in [0, 1] per window. Raises `ClassifierError` for NaN."""


class Rows:
    """Windows as the model reads them: mark, channel, mark, text, mark."""

    def __init__(self, tokens: Tokens) -> None:
        self._words = {channel: tokens.word(word) for channel, word in WORDS.items()}

    def row(self, ids: Sequence[int], channel: str) -> list[int]:
        """Token ids, at most `WINDOW` + 2. A channel that is not known reads like the user's."""
        return [CLS, self._words.get(channel, self._words["user"]), SEP, *ids, SEP]


class MiniLM:
    """The model in `folder`, on one thread per call.

    Raises `ClassifierError` when it is not the one that its `SHA256SUMS` names.
    """

    def __init__(self, folder: Path) -> None:
        self._version = f"minilm-{verify(folder)}"
        self._session = open_session(folder / "model.onnx")
        self._tokens = Tokens(folder / "tokenizer.json")
        self._rows = Rows(self._tokens)
        fit = json.loads((folder / "calibration.json").read_text())
        self._slope: float = fit["slope"]
        self._offsets: Mapping[str, float] = fit["offsets"]

    @property
    def version(self) -> str:
        return self._version

    def windows(self, text: str, channel: str) -> Iterator[Window]:
        return self._tokens.windows(text, channel)

    def score(self, windows: Sequence[Window]) -> list[float]:
        return [self.calibrate(self.logit(w), w.channel) if w.ids else 0.0 for w in windows]

    def logit(self, window: Window) -> float:
        """The raw answer. Raises `ClassifierError` when it is not finite."""
        if degenerate(window.ids):
            return -math.inf
        return _run(self._session, self._rows.row(window.ids, window.channel))

    def calibrate(self, logit: float, channel: str) -> float:
        """Raw logit → score, strictly monotone in each channel."""
        if logit == -math.inf:
            return 0.0
        offset = self._offsets.get(channel, self._offsets["user"])
        return 1.0 / (1.0 + math.exp(-(self._slope * logit + offset)))


def _run(session: onnxruntime.InferenceSession, ids: Sequence[int]) -> float:
    row = np.array([ids], dtype=np.int64)
    inputs = {"input_ids": row, "attention_mask": np.ones_like(row)}
    logit = float(np.ravel(session.run(None, inputs)[0])[0])
    if not math.isfinite(logit):
        raise ClassifierError("the classifier's score is not a number")
    return logit


def verify(folder: Path) -> str:
    """Eight digits that stand for all files. Raises `ClassifierError` for any that differs."""
    named = digests(folder, FILES, "injection model", ClassifierError)
    return hashlib.sha256("".join(named.values()).encode()).hexdigest()[:8]


def degenerate(ids: Sequence[int]) -> bool:
    """Rows of rules and boxes: one token over and over, which the model never learnt.

    At most four different tokens: an attack does not fit beside the padding.
    """
    if len(ids) < 3:
        return False
    counts = Counter(ids)
    return len(counts) <= 4 and max(counts.values()) / len(ids) >= 2 / 3

"""The injection classifier: text → windows of tokens → scores in [0, 1].

The weights are those of `stackone-defender` (int8 MiniLM), run
through onnxruntime directly: the package cuts text at 10,000 characters and
runs on every core. Windows run one at a time and unpadded. Measured on one
thread that is as fast as batching (8.1 ms a row of 128 tokens, alone or in a
batch of 8), and since the model quantises activations over the whole batch, it
is also what makes a window's score depend on nothing but the window.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.resources import as_file, files
from typing import Protocol

import numpy as np
import onnxruntime

from extproc.models.injection_tokens import CLS, SEP, Tokens, Window


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


class StackOne:
    """`stackone-defender`'s MiniLM on `threads` threads per call."""

    def __init__(self, threads: int = 1) -> None:
        folder = files("stackone_defender") / "models" / "minilm-multihead-v5"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        with as_file(folder) as path:
            self._session = onnxruntime.InferenceSession(
                str(path / "model_quantized.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokens = Tokens(path / "tokenizer.json")
        self._version = f"stackone-{version('stackone-defender')}-c{CALIBRATION}"

    @property
    def version(self) -> str:
        return self._version

    def windows(self, text: str, channel: str) -> Iterator[Window]:
        return self._tokens.windows(text, channel)

    def score(self, windows: Sequence[Window]) -> list[float]:
        return [
            calibrate(self.logit(window.ids), window.channel) if window.ids else 0.0
            for window in windows
        ]

    def logit(self, ids: Sequence[int]) -> float:
        """The main head's raw answer. Raises `ClassifierError` when it is not finite."""
        if degenerate(ids):
            return -math.inf
        row = np.array([[CLS, *ids, SEP]], dtype=np.int64)
        inputs = {"input_ids": row, "attention_mask": np.ones_like(row)}
        logit = float(self._session.run(None, inputs)[0][0][0])
        if not math.isfinite(logit):
            raise ClassifierError("the classifier's score is not a number")
        return logit


def degenerate(ids: Sequence[int]) -> bool:
    """Rows of rules and boxes: one token over and over, which the model never learnt.

    The package's own guard, kept so that scores agree. At most four
    different tokens: an attack does not fit beside the padding.
    """
    if len(ids) < 3:
        return False
    counts = Counter(ids)
    return len(counts) <= 4 and max(counts.values()) / len(ids) >= 2 / 3


CALIBRATION = 1
"""Raised when the mapping below changes, so that remembered scores are dropped."""
_SLOPE = 0.495
_OFFSET = -1.98
"""0.8 stands at logit 6.8, 0.5 at 4.0: on public benign text (role-play prompts,
questions, documents; pooled) at most 2 % and 5 % of texts lie above. The package's
own calibration would leave 5.5 % above its 0.8."""
_OFFSETS = dict.fromkeys(("assistant", "tool_call", "tool_definition"), -3.22)
"""0.8 stands at logit 9.3: the model never saw these channels. Descriptions of tools
are orders ("call this before"): of 1,051 recorded harmless requests 13 lie above 6.8 in
these channels, none above 9.3."""


def calibrate(logit: float, channel: str) -> float:
    """Raw logit → score, strictly monotone in each channel."""
    if logit == -math.inf:
        return 0.0
    return 1.0 / (1.0 + math.exp(-(_SLOPE * logit + _OFFSETS.get(channel, _OFFSET))))

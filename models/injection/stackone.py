"""The public detector that ours is measured against: `stackone-defender`'s main head alone.

Its weights over our windows, through onnxruntime directly: the package cuts text
at 10,000 characters. Without its rules and its second tier.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files

import numpy as np

from extproc.models.injection import degenerate
from extproc.models.injection_tokens import CLS, SEP, Tokens, Window
from extproc.models.session import open_session

FOLDER = files("stackone_defender") / "models" / "minilm-multihead-v5"


class StackOne:
    """The package's MiniLM on one thread."""

    def __init__(self) -> None:
        with as_file(FOLDER) as path:
            self._session = open_session(path / "model_quantized.onnx")
            self._tokens = Tokens(path / "tokenizer.json")

    def windows(self, text: str, channel: str) -> Iterator[Window]:
        return self._tokens.windows(text, channel)

    def logit(self, ids: Sequence[int]) -> float:
        """The main head's raw answer for one window's ids."""
        if not ids or degenerate(ids):
            return -math.inf
        row = np.array([[CLS, *ids, SEP]], dtype=np.int64)
        inputs = {"input_ids": row, "attention_mask": np.ones_like(row)}
        return float(self._session.run(None, inputs)[0][0][0])

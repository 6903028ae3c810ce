"""Texts as the comparer meets them: through the shipped encoder, as a user's."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from extproc.models.encoder import MAX_TOKENS, Encoder
from extproc.models.same_answer.comparer import unit

Text = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Token vectors in half floats, their ids, and the text's vector."""


class TokenEncoder:
    """May be called from several threads at once."""

    def __init__(self) -> None:
        self._encoder = Encoder(Path(__file__).parents[1] / "encoder")

    def run(self, text: str) -> Text:
        ids = self._encoder.tokens.ids(text)[:MAX_TOKENS]
        found = self._encoder.run(ids, "user")
        return unit(found.tokens).astype(np.float16), np.array(ids, np.int64), found.vector

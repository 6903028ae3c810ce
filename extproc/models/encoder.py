"""The one network that reads text: windows for the injection classifier, questions for the cache.

A MiniLM (`models/encoder/CARD.md`), one row at a time and unpadded: the model quantises activations
over the whole batch, so alone is what makes a row's result depend on nothing but the row, and on one
thread a batch is no faster. The channel stands in front of what is read: the same words are an attack
in a tool's result and none from the user.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from extproc.models.artefact import digests
from extproc.models.injection_tokens import CLS, SEP, WINDOW, Tokens
from extproc.models.session import open_session

Floats = NDArray[np.float32]

WORDS: Mapping[str, str] = {
    "user": "user", "assistant": "assistant", "system": "system", "document": "document",
    "tool_result": "tool", "tool_call": "call", "tool_definition": "function",
}  # fmt: skip
"""What stands in front of a row, by channel: one word of the vocabulary."""
FILES = ("model.onnx", "tokenizer.json")
FRONT = 3
"""Tokens in front of a text: mark, channel, mark."""
MAX_TOKENS = 252
"""Of a text: the network takes 256, `FRONT` and the mark behind it included."""
RECENT = 128
"""Passes over users' texts that are remembered until the cache asks for the same text: 0.2 MB each
at most, 50 KB for 30 tokens."""


class EncoderError(Exception):
    """The network cannot be loaded. The message names the file."""


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """What one pass over a row says."""

    logit: float
    """Of an attack, not calibrated; may be no number."""
    vector: Floats
    """What the text is about: 384 numbers, unit length."""
    tokens: Floats
    """Tokens of the text in their context, by 384; of any length."""


class Rows:
    """Texts as the network reads them: mark, channel, mark, text, mark."""

    def __init__(self, tokens: Tokens) -> None:
        self._words = {channel: tokens.word(word) for channel, word in WORDS.items()}

    def row(self, ids: Sequence[int], channel: str) -> list[int]:
        """Token ids, `FRONT` + 1 more. A channel that is not known reads like the user's."""
        return [CLS, self._words.get(channel, self._words["user"]), SEP, *ids, SEP]


class Encoder:
    """The network in `folder`, on one thread per call. Calls may come from several threads at once.

    A user's text of one window meets it once: who asks for the same row a little later, as the
    cache does after the classifier, gets the pass that was made.
    """

    def __init__(self, folder: Path) -> None:
        """Raises `EncoderError` when a file is missing or is not the one that was shipped."""
        named = digests(folder, FILES, "encoder", EncoderError)
        self.identity = f"{folder.name}@{named['model.onnx'][:16]}"
        """Changes whenever a result could: results of two must never meet."""
        self.tokens = Tokens(folder / "tokenizer.json")
        self._rows = Rows(self.tokens)
        self._session = open_session(folder / "model.onnx")
        self.dimension: int = self._session.get_outputs()[1].shape[-1]
        self._recent: OrderedDict[tuple[int, ...], Pass] = OrderedDict()
        self._lock = Lock()

    def known(self, ids: Sequence[int]) -> Pass | None:
        """The pass over a user's text that was made a little while ago."""
        with self._lock:
            return self._recent.get(tuple(ids))

    def run(self, ids: Sequence[int], channel: str) -> Pass:
        """Of the text with token `ids`, at most `MAX_TOKENS` of them."""
        keeps = channel == "user" and len(ids) <= WINDOW
        if keeps and (found := self.known(ids)) is not None:
            return found
        row = np.array([self._rows.row(ids, channel)], dtype=np.int64)
        logit, vector, tokens = self._session.run(None, {"input_ids": row})
        made = Pass(float(logit[0]), vector[0], tokens[0, FRONT:-1])
        if keeps:
            with self._lock:
                self._recent[tuple(ids)] = made
                if len(self._recent) > RECENT:
                    self._recent.popitem(last=False)
        return made

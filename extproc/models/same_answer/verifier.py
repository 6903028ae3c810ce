"""Whether two questions have the same answer: every rule must agree, and the comparer be sure."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extproc.models.artefact import digests
from extproc.models.embedder import Embedding
from extproc.models.same_answer.comparer import Comparer, unit
from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.rules import conflict, doubts
from extproc.models.same_answer.words import Words, take_apart

FILES = ("comparer.npz", "words.lst", "irregular.lst", "antonyms.lst")
RECENT = 2048
"""Questions that are remembered taken apart: 6 KB each at 30 tokens."""


class VerifierError(Exception):
    """The model cannot be loaded. The message says which file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what the embedder made of it."""

    text: str
    embedding: Embedding


class Verifier:
    """From the folder `models/verifier`. Use it from one thread."""

    def __init__(self, folder: Path) -> None:
        """Raises `VerifierError` when a file is missing or is not the one that was shipped."""
        digests(folder, FILES, "verifier", VerifierError)
        self._lexicon = Lexicon.load(folder)
        self._comparer = Comparer(folder / "comparer.npz")
        self._words: OrderedDict[str, Words] = OrderedDict()

    def conflict(self, left: str, right: str) -> str | None:
        """The rule that keeps the two apart, or ``None``; about 0.8 ms for two new questions."""
        return conflict(self._apart(left), self._apart(right), self._lexicon)

    def doubts(self, left: str, right: str) -> tuple[bool, ...]:
        """What the rules leave to the comparer to weigh, in the order of `DOUBTS`."""
        return doubts(self._apart(left), self._apart(right), self._lexicon)

    def score(self, left: Asked, right: Asked) -> float:
        """Probability that one answer serves both; 0 when one has no token vectors."""
        one, other = left.embedding.tokens, right.embedding.tokens
        if one is None or other is None:
            return 0.0
        cosine = float(left.embedding.vector @ right.embedding.vector)
        first, second = ((unit(side.vectors.astype(np.float32)), side.ids) for side in (one, other))
        return self._comparer.same(first, second, cosine, self.doubts(left.text, right.text))

    def _apart(self, text: str) -> Words:
        words = self._words.get(text)
        if words is None:
            words = self._words[text] = take_apart(text, self._lexicon)
            if len(self._words) > RECENT:
                self._words.popitem(last=False)
        else:
            self._words.move_to_end(text)
        return words

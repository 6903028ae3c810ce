"""The injection classifier: text → windows of tokens → scores in [0, 1].

The logits are those of the shared encoder (`encoder.py`), whose recipes for attacks are in
`models/injection`; what is kept there for the product is their calibration.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from extproc.models.artefact import digests
from extproc.models.encoder import Encoder
from extproc.models.injection_tokens import Window

FILES = ("calibration.json",)
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


class MiniLM:
    """The encoder's logits, calibrated by what is in `folder`.

    Raises `ClassifierError` when that is not what its `SHA256SUMS` names.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._encoder = encoder
        self._version = f"{encoder.identity}-{verify(folder)}"
        fit = json.loads((folder / "calibration.json").read_text())
        self._slope: float = fit["slope"]
        self._offsets: Mapping[str, float] = fit["offsets"]

    @property
    def version(self) -> str:
        return self._version

    def windows(self, text: str, channel: str) -> Iterator[Window]:
        return self._encoder.tokens.windows(text, channel)

    def score(self, windows: Sequence[Window]) -> list[float]:
        return [self.calibrate(self.logit(w), w.channel) if w.ids else 0.0 for w in windows]

    def logit(self, window: Window) -> float:
        """The raw answer. Raises `ClassifierError` when it is not finite."""
        if degenerate(window.ids):
            return -math.inf
        logit = self._encoder.run(window.ids, window.channel).logit
        if not math.isfinite(logit):
            raise ClassifierError("the classifier's score is not a number")
        return logit

    def calibrate(self, logit: float, channel: str) -> float:
        """Raw logit → score, strictly monotone in each channel."""
        if logit == -math.inf:
            return 0.0
        offset = self._offsets.get(channel, self._offsets["user"])
        return 1.0 / (1.0 + math.exp(-(self._slope * logit + offset)))


def verify(folder: Path) -> str:
    """Eight digits that stand for the calibration. Raises `ClassifierError` when it differs."""
    named = digests(folder, FILES, "calibration of injection", ClassifierError)
    return hashlib.sha256("".join(named.values()).encode()).hexdigest()[:8]


def degenerate(ids: Sequence[int]) -> bool:
    """Rows of rules and boxes: one token over and over, which the model never learnt.

    At most four different tokens: an attack does not fit beside the padding.
    """
    if len(ids) < 3:
        return False
    counts = Counter(ids)
    return len(counts) <= 4 and max(counts.values()) / len(ids) >= 2 / 3

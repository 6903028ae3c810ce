"""A glance at a window before the classifier reads it: a small convolution over its tokens.

Made by `models/injection/sieve.py`, for one classifier. It looks at runs of fifteen
tokens and the highest run counts, so no amount of harmless text around an order
lowers what it says of a window.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from extproc.models.artefact import digests
from extproc.models.injection import SPOKEN, ClassifierError
from extproc.models.injection_tokens import Window

FILE = "sieve.npz"
Floats = NDArray[np.float32]


class Sieve(Protocol):
    """Calls may come from several threads at once."""

    @property
    def version(self) -> str:
        """Changes whenever an answer could: part of the key under which a reading is remembered."""

    def passes(self, window: Window) -> bool:
        """Whether the classifier must read the window."""


class Sketch:
    """The network in `folder`. About 0.25 ms a window of 128 tokens.

    Raises `ClassifierError` when it is not the one that `SHA256SUMS` names.
    """

    def __init__(self, folder: Path) -> None:
        named = digests(folder, (FILE,), "sieve of injection", ClassifierError)
        self._version = f"sketch-{named[FILE][:8]}"
        with np.load(folder / FILE, allow_pickle=False) as file:
            held = {name: file[name] for name in file.files}
        self._words: NDArray[np.int8] = held["words"]
        self._layers = [_layer(held, at) for at in range(len(held["steps"]))]
        self._steps: list[int] = held["steps"].tolist()
        self._ends: Floats = held["ends"].astype(np.float32)
        """One column for each kind of channel: what users and assistants say, and the rest."""
        self.cuts: list[float] = held["cuts"].tolist()
        """What a window must reach to be read, for each column."""
        self._margin = sum(
            (len(kernel) - 1) * step
            for (kernel, _), step in zip(self._layers, self._steps, strict=True)
        )

    @property
    def version(self) -> str:
        return self._version

    def passes(self, window: Window) -> bool:
        kind = int(window.channel not in SPOKEN)
        return self.score(window.ids, kind) >= self.cuts[kind]

    def score(self, ids: tuple[int, ...], kind: int) -> float:
        """The highest run's logit in column `kind`. The last layer adds to what it reads."""
        before = self._margin // 2
        padded = np.zeros((len(ids) + self._margin,), np.int64)
        padded[before : before + len(ids)] = ids
        values = self._words[padded].astype(np.float32)
        for (kernel, bias), step in zip(self._layers[:-1], self._steps, strict=False):
            values = _convolve(values, kernel, bias, step)
        (kernel, bias), step = self._layers[-1], self._steps[-1]
        wide = _convolve(values, kernel, bias, step)
        edge = (len(values) - len(wide)) // 2
        values = wide + values[edge : edge + len(wide)]
        return float((values @ self._ends[:-1, kind]).max(initial=-np.inf) + self._ends[-1, kind])


def _convolve(values: Floats, kernel: Floats, bias: Floats, step: int) -> Floats:
    """`values`, tokens by features, through a kernel of taps `step` apart; nothing below 0."""
    size = len(values) - (len(kernel) - 1) * step
    out: Floats = values[:size] @ kernel[0]
    for tap in range(1, len(kernel)):
        out += values[tap * step : tap * step + size] @ kernel[tap]
    out += bias
    np.maximum(out, 0, out=out)
    return out


def _layer(held: Mapping[str, NDArray[np.float32]], at: int) -> tuple[Floats, Floats]:
    return held[f"kernel{at}"].astype(np.float32), held[f"bias{at}"].astype(np.float32)

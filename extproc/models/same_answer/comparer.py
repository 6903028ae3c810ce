"""The learned part: aligns the tokens of two questions and judges what does not match.

Plain numpy over the token vectors of the embedding model, which has run for
both texts anyway; about 0.2 ms a pair. Trained by `models/verifier/train.py`,
whose `Comparer` is the same arithmetic in torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ids = NDArray[np.int64]
Side = tuple[Floats, Ids]
"""Of one text: unit vectors of its tokens, and their ids."""

WIDTH = 384
"""Numbers of one token vector."""


def unit(tokens: Floats) -> Floats:
    """Rows of unit length."""
    norms = np.linalg.norm(tokens, axis=1, keepdims=True)
    return np.asarray(tokens / np.maximum(norms, 1e-6), dtype=np.float32)


def packed(tokens: Floats) -> NDArray[np.int8]:
    """Each row's direction in a byte a number, which `unit` takes back: cosine to itself 0.9998."""
    peaks = np.abs(tokens).max(1, keepdims=True, initial=1e-6)
    return np.asarray(np.round(tokens * (127 / peaks)), dtype=np.int8)


class Comparer:
    """The weights of `comparer.npz`. Symmetric in its two texts; safe from many threads."""

    def __init__(self, path: Path) -> None:
        """Raises `OSError` or `ValueError` when the file cannot be read."""
        with np.load(path) as stored:
            weights: dict[str, Any] = {
                name: stored[name].astype(np.float32) for name in stored.files
            }
        self._rarity = weights["rarity"]
        self._project = weights["project_weight"].T, weights["project_bias"]
        self._sharpness = float(weights["sharpness"])
        self._compare = weights["compare_weight"].T, weights["compare_bias"]
        self._judge = weights["judge_weight"].T, weights["judge_bias"]
        self._decide = weights["decide_weight"].T, weights["decide_bias"]

    def same(self, one: Side, other: Side, cosine: float, doubts: Sequence[bool]) -> float:
        """The probability that one answer serves both; `doubts` are the rules' `DOUBTS`."""
        (left, left_ids), (right, right_ids) = one, other
        if not len(left) or not len(right):
            return 0.0
        near = left @ right.T
        equal = left_ids[:, None] == right_ids[None, :]
        a = np.tanh(left @ self._project[0] + self._project[1])
        b = np.tanh(right @ self._project[0] + self._project[1])
        first, facts = self._side(a, b, near, equal, self._rarity[left_ids])
        second, others = self._side(b, a, near.T, equal.T, self._rarity[right_ids])
        seen = np.concatenate(
            [
                first + second,
                np.abs(first - second),
                [cosine, *doubts],
                np.minimum(facts, others),
                np.maximum(facts, others),
            ]
        )
        judged = np.maximum(seen @ self._judge[0] + self._judge[1], 0)
        logit = float((judged @ self._decide[0] + self._decide[1])[0])
        return float(1 / (1 + np.exp(-logit)))

    def _side(
        self, one: Floats, other: Floats, near: Floats, equal: NDArray[np.bool_], rare: Floats
    ) -> tuple[Floats, Floats]:
        """What each token finds on the other side, summed up; and how much of it is found.

        `rare` is each token's weight, 0 to 1: *please* and *how* may go unmatched, *refund* not.
        """
        weights = np.exp((near - near.max(1, keepdims=True)) * self._sharpness)
        aligned = (weights / weights.sum(1, keepdims=True)) @ other
        best = near.max(1)
        place = np.arange(len(near)) / 16 - near.argmax(1) / 16
        same = equal.any(1)
        facts = np.stack([best, same, place, rare], 1)
        seen = np.concatenate([one, aligned, np.abs(one - aligned), one * aligned, facts], 1)
        seen = np.maximum(seen @ self._compare[0] + self._compare[1], 0)
        weight = rare / max(float(rare.sum()), 1e-6)
        lonely = rare * (1 - best)
        found = [best.min(), weight @ best, weight @ same, lonely.max(), lonely.sum() / 8]
        return (
            np.concatenate([seen.sum(0) / 8, seen.max(0), weight @ seen]),
            np.array(found, dtype=np.float32),
        )

"""Recall at a fixed share of false alarms, by source, with confidence intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sources import Row


@dataclass(frozen=True, slots=True)
class Recall:
    """Of one source's attacks; shares in [0, 1], `low` and `high` bound 95 %."""

    source: str
    attacks: int
    at1: float
    at5: float
    low: float
    high: float


def threshold(benign: Sequence[float], share: float) -> float:
    """The lowest score that at most `share` of `benign` exceed."""
    ordered = np.sort(np.asarray(benign))[::-1]
    return float(ordered[int(len(ordered) * share)])


def recalls(rows: Sequence[Row], scores: Sequence[float]) -> list[Recall]:
    """One per source with attacks; thresholds stand on all benign rows together."""
    benign = [score for row, score in zip(rows, scores, strict=True) if not row.attack]
    at1, at5 = threshold(benign, 0.01), threshold(benign, 0.05)
    out = []
    for source in sorted({row.source for row in rows if row.attack}):
        own = np.array(
            [s for row, s in zip(rows, scores, strict=True) if row.attack and row.source == source]
        )
        hit, size = float((own > at1).mean()), len(own)
        low, high = wilson(hit, size)
        out.append(Recall(source, size, hit, float((own > at5).mean()), low, high))
    return out


def wilson(share: float, size: int) -> tuple[float, float]:
    """95 % interval of a share."""
    z2 = 1.96**2
    centre = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = 1.96 / (1 + z2 / size) * (share * (1 - share) / size + z2 / (4 * size**2)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


def macro(rows: Sequence[Row], scores: Sequence[float], rounds: int = 1000) -> str:
    """Mean over sources with an interval from drawing rows again within each source and label."""
    groups: dict[tuple[str, bool], np.ndarray] = {}
    for key in {(row.source, row.attack) for row in rows}:
        groups[key] = np.array(
            [s for row, s in zip(rows, scores, strict=True) if (row.source, row.attack) == key]
        )
    rng = np.random.default_rng(5)
    means = []
    for _ in range(rounds):
        drawn = {key: rng.choice(own, len(own)) for key, own in sorted(groups.items())}
        at = threshold(np.concatenate([own for (_, a), own in drawn.items() if not a]), 0.01)
        means.append(np.mean([(own > at).mean() for (_, a), own in drawn.items() if a]))
    found = recalls(rows, scores)
    low, high = np.quantile(means, [0.025, 0.975])
    return (
        f"{np.mean([r.at1 for r in found]):.3f} [{low:.3f}, {high:.3f}] at 1 %, "
        f"{np.mean([r.at5 for r in found]):.3f} at 5 %"
    )

"""How sure the verifier must be, by the name a policy gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PresetName = Literal["strict", "balanced", "generous"]


@dataclass(frozen=True, slots=True)
class Preset:
    """Both must be reached, after every rule has agreed."""

    cosine: float
    """Least cosine of the two questions: which of the nearest are looked at."""
    score: float
    """Least probability of the comparer that one answer serves both."""


PRESETS: dict[PresetName, Preset] = {
    "strict": Preset(0.75, 0.93),
    "balanced": Preset(0.65, 0.65),
    "generous": Preset(0.6, 0.55),
}
"""Measured rates of each stand in `docs/cache.md`."""

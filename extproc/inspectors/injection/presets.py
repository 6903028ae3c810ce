"""Named pairs of thresholds. What they catch and what they cost stands in `docs/injection.md`.

The figures belong to the classifier's calibration: whoever changes the model measures again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Name = Literal["strict", "balanced", "lenient"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores in [0, 1] from which on something is recorded, and refused."""

    flag: float
    block: float


PRESETS: Mapping[Name, Thresholds] = {
    "strict": Thresholds(flag=0.3, block=0.6),
    "balanced": Thresholds(flag=0.5, block=0.8),
    "lenient": Thresholds(flag=0.8, block=0.9),
}

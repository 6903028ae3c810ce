"""The texts of the recipe, `texts/*.txt`: every line an idea of its own, written by hand for it.

A line begins with ``+`` for a story or ``-`` for what is none, and the kind where the file's name does
not say it. ``{a|b}`` is one of a and b, ``\\n`` the end of a line. Files of `texts/unseen` were
written after all others, are never trained on, and were scored before anything was changed.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
KINDS = {
    "health": "HEALTH_MATTER",
    "pay": "PAY_MATTER",
    "hr": "HR_MATTER",
    "money": "FINANCIAL_MATTER",
    "legal": "LEGAL_MATTER",
    "private": "PRIVATE_MATTER",
    "business": "BUSINESS_CONFIDENTIAL",
}
"""By the first word of a file's name."""
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Row:
    """One idea."""

    told: bool
    """Whether it tells a private matter."""
    kind: str
    text: str
    """With its choices."""
    file: str

    def wordings(self, rng: random.Random, times: int) -> list[str]:
        """Up to `times` different ones."""
        return sorted({_chosen(self.text, rng) for _ in range(times)})


def _chosen(text: str, rng: random.Random) -> str:
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    return text


def load(folder: Path = TEXTS) -> list[Row]:
    rows = []
    for path in sorted(folder.glob("*.txt")):
        by_name = KINDS.get(path.stem.partition("_")[0], "")
        for line in path.read_text(encoding="utf-8").splitlines():
            head, _, text = line.partition(" ")
            if text:
                kind = head[1:] or by_name
                rows.append(Row(head[0] == "+", kind, text.replace("\\n", "\n"), path.stem))
    return rows

"""Texts out of the lists in `grammar/`: `{name}` stands for one entry of a list."""

from __future__ import annotations

import random
import re
from pathlib import Path

import yaml

_SLOT = re.compile(r"\{(\w+)(\^?)\}")
_DEPTH = 12


class Grammar:
    """The lists of one file and the common `words`, drawn with one generator."""

    def __init__(self, name: str, rng: random.Random) -> None:
        folder = Path(__file__).parent / "grammar"
        # Harmless texts quote attacks and ask for the same deeds.
        parts = ("words", "direct", "orders", name) if name == "benign" else ("words", name)
        self._lists: dict[str, list[str]] = {}
        for part in parts:
            self._lists |= yaml.safe_load((folder / f"{part}.yaml").read_text(encoding="utf-8"))
        self._rng = rng

    def __call__(self, name: str = "roots") -> str:
        """One entry of the list `name`, all slots filled."""
        return self.fill(self._rng.choice(self._lists[name]))

    def fill(self, text: str) -> str:
        for _ in range(_DEPTH):
            filled = _SLOT.sub(self._one, text)
            if filled == text:
                break
            text = filled
        return re.sub(r"  +", " ", text.replace("{{", "{").replace("}}", "}")).strip()

    def _one(self, slot: re.Match[str]) -> str:
        name, capital = slot.groups()
        if name not in self._lists:
            return f"{{{{{name}}}}}"
        word = self._rng.choice(self._lists[name])
        return _upper(self.fill(word)) if capital else word


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]

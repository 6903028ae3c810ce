"""Which public rows train, which tune, and which are only looked at.

Whole sources, never parts of one. Sources whose licence nobody verified are only ever measured.
Earlier models were measured on bipia-train, giskard, mt-bench and wildguardtest; those
train now, and what `FINAL` lost is made up by sources that stand outside of the data folder
(`outside`), on which nothing was trained or chosen. The shipped weights train on all of the folder
whose licence is known (`REFIT`): their recall is that on what is outside, while that on `TUNE` and
`FINAL` is measured with weights that never saw them.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FINAL = frozenset({"llmail-inject", "lakera/gandalf", "jackhhao/jailbreak"})
TUNE = frozenset({
    "satml-ctf-2024", "protectai/validation", "safeguard/injection", "trustai/in-the-wild",
    "gptfuzz-templates", "deepset-prompt-injections", "self-instruct-user252", "fuzzyai-benign",
})  # fmt: skip
REFIT = frozenset({
    "satml-ctf-2024", "trustai/in-the-wild", "gptfuzz-templates", "deepset-prompt-injections",
    "self-instruct-user252", "fuzzyai-benign", "llmail-inject", "lakera/gandalf",
})  # fmt: skip
"""Sources of `TUNE` and `FINAL` with a verified licence: MIT, or Apache-2.0."""
CAPS = {"s-labs": 3_500, "neuralchemy": 2_400}
"""Rows taken of a source and label; 600 of the others."""
FILES = ("dev", "dev_extra", "reference_grey", "reference_harmful_plain")


@dataclass(frozen=True, slots=True)
class Row:
    """One text; `attack` is what a detector should say."""

    text: str
    attack: bool
    channel: str
    source: str
    kind: str = ""
    place: tuple[int, int] | None = None
    """Where in `text` the attack stands, if that is known; code points."""


def read(folder: Path) -> list[Row]:
    """A fixed sample of every source. Harmful wishes are no injections, so they count as benign."""
    groups: dict[tuple[str, bool], list[dict[str, str]]] = {}
    for name in FILES:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                groups.setdefault((row["source"], row["label"] == "injection"), []).append(row)
    rows = []
    for (source, attack), group in sorted(groups.items()):
        group.sort(key=lambda row: row["id"])
        random.Random(1).shuffle(group)
        rows += [
            Row(row["text"], attack, row["channel"], source, row.get("category", ""))
            for row in group[: CAPS.get(source, 600)]
        ]
    return rows


def outside(folder: Path) -> list[Row]:
    """Rows of `FOLDER/*.jsonl`: ``text``, ``label`` (attack or benign), ``channel``, ``source``."""
    rows = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Row(
            row["text"],
            row["label"] == "attack",
            row["channel"],
            row["source"],
            row.get("family", ""),
        )
        for row in rows
    ]


def split(rows: list[Row], *, refit: bool = False) -> tuple[list[Row], list[Row], list[Row]]:
    """`(train, tune, final)`; rows of train that nearly repeat one of the others are dropped.

    With `refit` the sources of `REFIT` train too.
    """
    measured = FINAL | TUNE if not refit else (FINAL | TUNE) - REFIT
    final = [row for row in rows if row.source in FINAL & measured]
    tune = [row for row in rows if row.source in TUNE & measured]
    held = {shingle for row in (*final, *tune) for shingle in _shingles(row.text)}
    train = [
        row
        for row in rows
        if row.source not in measured and _share(_shingles(row.text), held) <= 0.2
    ]
    return train, tune, final


def _share(shingles: Iterable[str], held: set[str]) -> float:
    found = [shingle in held for shingle in shingles]
    return sum(found) / max(1, len(found))


def _shingles(text: str) -> Iterator[str]:
    """Runs of eight words; of a shorter text the whole."""
    words = re.findall(r"\w+", text.lower())
    for at in range(max(1, len(words) - 7)):
        yield " ".join(words[at : at + 8])

"""Ordinary prompts and code that tell nobody's matters: for training, and to count false alarms.

DATA holds ``routing/dev.jsonl.gz``, ``injection/dev.jsonl.gz`` and ``injection/dev_extra.jsonl.gz``:
rows with ``text``, ``source`` and ``label``. Half of each source is for training, by a digest.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

TRAINED = {
    "clinc150": 1_200,
    "banking77": 900,
    "awesome-chatgpt-prompts": 440,
    "s-labs": 1_200,
    "neuralchemy": 300,
    "self-instruct-user252": 126,
    "wildguardtest-benign": 250,
    "deepset-prompt-injections": 200,
    "fuzzyai-benign": 180,
    "routellm-mmlu": 250,
    "bipia-train": 80,
}
"""How many of each source are trained on. Their licences allow it."""
LONGEST = 3_000
CODE = "python's standard library"
_CHUNKS, _CHUNK = 600, 1_500


def rows(data: Path, *, held_out: bool) -> dict[str, list[str]]:
    """Texts by source, in an order of chance that is always the same."""
    found: dict[str, list[str]] = {CODE: [t for t in _code() if _held(t) == held_out]}
    for name in ("routing/dev", "injection/dev", "injection/dev_extra"):
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                benign = row["label"] not in {"injection", "attack"}
                if benign and _held(row["text"]) == held_out:
                    found.setdefault(row["source"], []).append(row["text"][:LONGEST])
    rng = random.Random(0)
    for source in sorted(found):
        found[source] = sorted(set(found[source]))
        rng.shuffle(found[source])
    return found


def trained(data: Path) -> list[str]:
    found = rows(data, held_out=False)
    return [text for source, most in TRAINED.items() for text in found[source][:most]] + found[CODE]


def _held(text: str) -> bool:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[0] < 128


def _code() -> Iterator[str]:
    rng = random.Random(1)
    files = sorted(Path(os.__file__).parent.glob("*.py"))
    for path in rng.sample(files, min(_CHUNKS, len(files))):
        source = path.read_text(encoding="utf-8", errors="replace")
        for _ in range(_CHUNKS // len(files) + 1):
            at = rng.randrange(max(1, len(source) - _CHUNK))
            yield source[at : at + _CHUNK]

"""Texts written by hand, in `texts/`: every row an idea of its own, alternatives for variety.

A row is a text with its label, or a carrier: a document with a place in which either an order to
the assistant or a harmless sentence of the same form (a decoy) stands. ``⟪a|b⟫`` is one of a and b.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sources import Row

TEXTS = Path(__file__).parent / "texts"
SLOT = "⟪SLOT⟫"
HELD_OUT = 0.12
"""Share of rows that no training sees, by a digest of the row: for tuning."""
CALIBRATION = frozenset(f"hardneg_part{part}" for part in range(12, 17))
"""Files of `texts/unseen` that thresholds may be set on; the others are only scored."""
_CHOICE = re.compile(r"⟪([^⟪⟫]*)⟫")
_BORROWED = 2
"""Orders of other carriers that are put into each one: what counts is the order, not the fit."""

_PADDED = 0.12
"""Share of users' texts, of both labels, with a stretch of a document before or behind them."""

Written = Mapping[str, Any]


def load(*, held_out: bool) -> list[Written]:
    """Rows of all files: those for training, or those held out."""
    return [
        {**json.loads(line), "source": f"written:{path.stem.partition('_')[0]}"}
        for path in sorted(TEXTS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line and _held(line) == held_out
    ]


def unseen(*, calibration: bool) -> list[Row]:
    """Rows of `texts/unseen`, which no training saw: those thresholds stand on, or the rest."""
    rng = random.Random(5)
    return [
        Row(
            choose(row["text"], rng),
            row["label"] == "attack",
            row["channel"],
            "unseen",
            row["family"],
        )
        for path in sorted((TEXTS / "unseen").glob("*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if (path.stem in CALIBRATION) == calibration
    ]


def _held(line: str) -> bool:
    return int.from_bytes(hashlib.sha256(line.encode()).digest()[:4]) < HELD_OUT * 2**32


def expand(rows: Sequence[Written], seed: int, rounds: int) -> Iterator[Row]:
    """Every row `rounds` times, with other choices each time. The same seed, the same rows."""
    rng = random.Random(seed)
    carriers = [row for row in rows if "carrier" in row]
    orders = [order for row in carriers for order in row["orders"]]
    clean = [row["carrier"].replace(SLOT, "") for row in carriers]
    for _ in range(rounds):
        for row in rows:
            if "carrier" in row:
                yield from _filled(row, orders, rng)
            else:
                attack = row["label"] == "attack"
                text, place = choose(row["text"], rng), None
                if row["channel"] == "user" and rng.random() < _PADDED:
                    text, place = _padded(text, choose(rng.choice(clean), rng), rng)
                yield Row(
                    text,
                    attack,
                    row["channel"],
                    row["source"],
                    row["family"],
                    place if attack else None,
                )


def _filled(row: Written, orders: Sequence[str], rng: random.Random) -> Iterator[Row]:
    """A carrier with orders of its own and of others, with decoys, and with nothing."""
    fillings = [(text, True) for text in rng.sample(row["orders"], min(3, len(row["orders"])))]
    if row["channel"] != "user":
        fillings += [(text, True) for text in rng.sample(orders, min(_BORROWED, len(orders)))]
    fillings += [(text, False) for text in rng.sample(row["decoys"], min(3, len(row["decoys"])))]
    for filling, attack in (*fillings, ("", False)):
        parts = row["carrier"].split(SLOT)
        at = rng.randrange(len(parts) - 1) + 1
        head, inside = choose("".join(parts[:at]), rng), choose(filling, rng)
        text = head + inside + choose("".join(parts[at:]), rng)
        place = (len(head), len(head) + len(inside)) if attack else None
        yield Row(text, attack, row["channel"], row["source"], row["family"], place)


def _padded(text: str, other: str, rng: random.Random) -> tuple[str, tuple[int, int]]:
    """`text` beside a stretch of `other`, and where it stands."""
    size = rng.randint(40, 300)
    if rng.random() < 0.5:
        return f"{text}\n{other[:size]}", (0, len(text))
    head = f"{other[-size:]}\n"
    return head + text, (len(head), len(head) + len(text))


def choose(text: str, rng: random.Random) -> str:
    """`text` with one alternative of each group; the innermost first, should they be nested."""
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda found: rng.choice(found.group(1).split("|")), text)
    return text

"""The rows that train: public ones, capped by source, and those of our own."""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path

from compose import Composer
from encoder import Detector
from fit import read, score
from planted import planted
from sources import Row, split
from sources import read as read_rows
from written import expand, load

from extproc.models.injection_tokens import Tokens

PUBLIC = {("s-labs", True): 800, ("s-labs", False): 800, ("neuralchemy", True): 900,
          ("neuralchemy", False): 600, ("yanismiraoui", True): 400,
          ("wildguardtest-benign", False): 400, ("satml-ctf-2024", True): 450,
          ("llmail-inject", True): 450}  # fmt: skip
"""Most of these are short and alike: capped, so that they do not drown the rest."""
MAILED = frozenset({"llmail-inject"})
MAILS = ("user", "document", "tool_result")
"""Where mails against assistants stand; the source calls all of them a user's."""
DOUBT = -1.0
DOUBTED = frozenset({"s-labs", "neuralchemy", "deepset-prompt-injections"})
"""Public attacks of these below this logit of the first model are taken for mislabelled."""


def of_rows(parser: argparse.ArgumentParser) -> None:
    """The arguments of `training_rows`."""
    parser.add_argument("data", type=Path)
    parser.add_argument("--refit", action="store_true", help="train on TUNE and FINAL too")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--own", type=int, default=3_200, help="rows of our own, first round")
    parser.add_argument(
        "--planted", type=int, default=2_400, help="real documents, two thirds changed"
    )
    parser.add_argument("--rounds", type=int, default=3, help="choices of each written row")


def training_rows(
    detector: Detector, tokens: Tokens, arguments: argparse.Namespace
) -> tuple[list[Row], list[Row]]:
    """Rows to train on, and rows to report on; `detector` says which public ones are mislabelled."""
    public, tune, _ = split(read_rows(arguments.data), refit=arguments.refit)
    seed = arguments.seed
    rows = [
        *chosen(detector, tokens, public),
        *Composer(seed).rows(arguments.own),
        *expand(load(held_out=False), seed, arguments.rounds),
        *planted(load(held_out=False), seed, arguments.planted),
    ]
    return rows, [*few(tune), *expand(load(held_out=True), 5, 1)]


def few(rows: list[Row], most: int = 120) -> list[Row]:
    """At most `most` rows of each source and label: reports cost time too."""
    rng = random.Random(6)
    out: list[Row] = []
    for key in sorted({(row.source, row.attack) for row in rows}):
        group = [row for row in rows if (row.source, row.attack) == key]
        out += rng.sample(group, min(len(group), most))
    return out


def chosen(detector: Detector, tokens: Tokens, rows: list[Row]) -> list[Row]:
    """Public rows that train: capped by source, without attacks that hardly look like one."""
    rng = random.Random(3)
    out: list[Row] = []
    for key in sorted({(row.source, row.attack) for row in rows}):
        group = [row for row in rows if (row.source, row.attack) == key]
        group = rng.sample(group, min(len(group), 2 * PUBLIC.get(key, len(group))))
        if key[1]:
            firsts = [read(tokens, row)[:1] or [(101, 102)] for row in group]
            logits = score(detector, [first[0] for first in firsts])
            if key[0] in DOUBTED:
                group = [row for row, logit in zip(group, logits, strict=True) if logit > DOUBT]
        group = rng.sample(group, min(len(group), PUBLIC.get(key, len(group))))
        out += (
            [replace(row, channel=rng.choice(MAILS)) for row in group]
            if key[0] in MAILED
            else group
        )
    return out

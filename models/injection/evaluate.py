"""Recall and false alarms on sources that were left out of training, beside `stackone-defender`.

    PYTHONPATH=. python models/injection/evaluate.py DATA_DIR tune|final

Three scores a row: the shipped path (rules, decoding, our classifier), the same
path with the package's weights, and the package's main head alone over the same
windows. Same rows, same thresholding.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from grammar import Grammar
from measure import macro, recalls
from sources import Row, read, split

from extproc.inspectors.injection.normalise import fold
from extproc.inspectors.injection.reader import Scan, prepare
from extproc.models.injection import Classifier, StackOne
from extproc.models.injection_minilm import MiniLM

HERE = Path(__file__).parent
NAMES = ("ours", "path with stackone", "stackone alone")


class Remembering(StackOne):
    """The package's model; two of the scores meet the same windows."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[int, ...], float] = {}

    def logit(self, ids: Sequence[int]) -> float:
        key = tuple(ids)
        if key not in self._known:
            self._known[key] = super().logit(ids)
        return self._known[key]


def path(classifier: Classifier, row: Row) -> float:
    """What `scores.injection` says."""
    scan = Scan(classifier, [(prepare(row.text, row.channel), row.channel)])
    while scan.step():
        pass
    return scan.readings()[0].score


def alone(model: StackOne, row: Row) -> float:
    windows = model.windows(fold(row.text).text, row.channel)
    return max(model.logit(window.ids) for window in windows)


def hard(seed: int = 77, size: int = 600) -> list[Row]:
    """Harmless texts that detectors fire on, from a seed that no training saw."""
    draw = Grammar("benign", random.Random(seed))
    kinds = ("role", "role2", "vocab", "ask_instr", "terse", "pii", "sysprompt", "security",
             "quote", "agentorder", "mail_between", "constraint", "foreign_ok", "passwords")  # fmt: skip
    return [
        Row(draw(kind), False, "user", f"own:{kind}") for kind in kinds for _ in range(size // 12)
    ]


def table(rows: Sequence[Row], scores: Sequence[Sequence[float]]) -> str:
    """Markdown: recall by source, then false alarms by source at the shipped thresholds."""
    out = [
        "| attacks | n | " + " | ".join(f"{name}, 1 % / 5 %" for name in NAMES) + " |",
        "|---|---|---|---|---|",
    ]
    for found in zip(*(recalls(rows, own) for own in scores), strict=True):
        cells = " | ".join(f"{f.at1:.2f} [{f.low:.2f}, {f.high:.2f}] / {f.at5:.2f}" for f in found)
        out.append(f"| {found[0].source} | {found[0].attacks} | {cells} |")
    out.append("| macro | | " + " | ".join(macro(rows, own) for own in scores) + " |")
    out += [
        "",
        "| harmless | n | ours >= 0.5 | ours >= 0.8 | with stackone >= 0.8 |",
        "|---|---|---|---|---|",
    ]
    for source in sorted({row.source for row in rows if not row.attack}):
        at = [i for i, row in enumerate(rows) if row.source == source and not row.attack]
        ours, other = np.array(scores[0])[at], np.array(scores[1])[at]
        out.append(
            f"| {source} | {len(at)} | {(ours >= 0.5).mean():.1%} | {(ours >= 0.8).mean():.1%} "
            f"| {(other >= 0.8).mean():.1%} |"
        )
    hits = [
        (row.source, own >= 0.8, other >= 0.8)
        for row, own, other in zip(rows, *scores[:2], strict=True)
        if row.attack
    ]
    for name in sorted({hit[0] for hit in hits}):
        own = [hit for hit in hits if hit[0] == name]
        out.append(
            f"| *caught at 0.8:* {name} | {len(own)} | | {np.mean([h[1] for h in own]):.1%} | {np.mean([h[2] for h in own]):.1%} |"
        )
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("group", choices=("tune", "final"))
    parser.add_argument("--most", type=int, default=600, help="rows of each source and label")
    parser.add_argument("--save", type=Path)
    arguments = parser.parse_args()
    rows = split(read(arguments.data))[1 if arguments.group == "tune" else 2]
    rows = [row for key in sorted({(r.source, r.attack) for r in rows})
            for row in [r for r in rows if (r.source, r.attack) == key][: arguments.most]]  # fmt: skip
    ours, package = MiniLM(HERE), Remembering()
    scores = [
        [path(ours, row) for row in rows],
        [path(package, row) for row in rows],
        [alone(package, row) for row in rows],
    ]
    if arguments.save:
        np.savez(arguments.save, scores=np.array(scores))
    print(table(rows, scores))
    extra = hard()
    print(f"\nown hard negatives ({len(extra)}), blocked at 0.8: "
          f"ours {np.mean([path(ours, row) >= 0.8 for row in extra]):.1%}, "
          f"with stackone {np.mean([path(package, row) >= 0.8 for row in extra]):.1%}")  # fmt: skip


if __name__ == "__main__":
    main()

"""Recall and false alarms on sources that were left out of training, beside `stackone-defender`.

    PYTHONPATH=. python models/injection/evaluate.py DATA_DIR tune --outside FOLDER
    PYTHONPATH=. python models/injection/evaluate.py DATA_DIR final --outside FOLDER

Two scores a row: the shipped path (rules, decoding, our classifier), and the
package's main head over the same windows. Same rows, same thresholding. `tune`
adds the rows of `texts/` that were held out; `final` is for one look; `blind` is `texts/blind`, by
writers who saw neither the project nor its data, and needs no DATA_DIR. All with the sources of
FOLDER (`sources.outside`) and without those that the shipped weights train on; `--left-out` is
for weights that were made without `--refit`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from grammar import Grammar
from measure import macro, recalls, threshold
from noise import noise
from shipped import classifier
from slices import SLICES
from sources import Row, outside, read, split
from stackone import StackOne
from written import TEXTS, expand, load, unseen

from extproc.inspectors.injection.normalise import fold
from extproc.inspectors.injection.presets import PRESETS
from extproc.inspectors.injection.reader import read as read_text

NAMES = ("ours", "stackone alone")
Score = Callable[[Row], float]


def ours() -> Score:
    """What `scores.injection` says of a text of its own."""
    model = classifier()
    return lambda row: read_text(model, row.text, row.channel).score


def alone() -> Score:
    """The package's raw logit; its windows are ours."""
    model = StackOne()
    return lambda row: max(
        model.logit(window.ids) for window in model.windows(fold(row.text).text, row.channel)
    )


def hard(seed: int = 77, size: int = 600) -> list[Row]:
    """Harmless texts that detectors fire on, from a seed that no training saw."""
    draw = Grammar("benign", random.Random(seed))
    kinds = ("role", "role2", "vocab", "ask_instr", "terse", "pii", "sysprompt", "security",
             "quote", "agentorder", "mail_between", "constraint", "foreign_ok", "passwords")  # fmt: skip
    rng = random.Random(seed)
    return [
        Row(draw(kind), False, "user", f"own:{kind}") for kind in kinds for _ in range(size // 12)
    ] + [Row(noise(rng), False, "user", "own:noise") for _ in range(size // 12)]


def chosen(
    data: Path, group: str, most: int, others: Path | None, *, refit: bool = True
) -> list[Row]:
    """Rows of the public group, at most `most` of each source and label, and our own."""
    if group == "blind":
        rows = outside(TEXTS / "blind")
    else:
        rows = split(read(data), refit=refit)[1 if group == "tune" else 2]
    rows += outside(others) if others else []
    keys = sorted({(row.source, row.attack) for row in rows})
    rows = [r for key in keys for r in [r for r in rows if (r.source, r.attack) == key][:most]]
    if group == "tune":
        rows += expand(load(held_out=True), 5, 1)
        rows += unseen(calibration=False)
    return rows + hard()


def by_source(rows: Sequence[Row], scores: Sequence[Sequence[float]]) -> list[str]:
    """Recall by source, macro, and by channel; thresholds stand on all harmless rows together."""
    out = ["| attacks | n | " + " | ".join(f"{name}, 1 % / 5 %" for name in NAMES) + " |", "|---|---|---|---|"]  # fmt: skip
    for found in zip(*(recalls(rows, own) for own in scores), strict=True):
        cells = " | ".join(f"{f.at1:.2f} [{f.low:.2f}, {f.high:.2f}] / {f.at5:.2f}" for f in found)
        out.append(f"| {found[0].source} | {found[0].attacks} | {cells} |")
    public = [i for i, row in enumerate(rows) if not _of_ours(row)]
    hard_too = [i for i, row in enumerate(rows) if not (row.attack and _of_ours(row))]
    groups = {"macro, texts of others only": public, "macro, our hard harmless ones too": hard_too,
              "macro, our attacks too": range(len(rows))}  # fmt: skip
    for name, at in groups.items():
        some = [rows[i] for i in at]
        cells = " | ".join(macro(some, [own[i] for i in at]) for own in scores)
        out.append(f"| **{name}** | | {cells} |")
    cuts = [
        threshold([s for s, r in zip(own, rows, strict=True) if not r.attack], 0.01)
        for own in scores
    ]
    for channel in sorted({row.channel for row in rows if row.attack}):
        at = [i for i, row in enumerate(rows) if row.attack and row.channel == channel]
        cells = " | ".join(f"{np.mean([own[i] > cut for i in at]):.2f}" for own, cut in zip(scores, cuts, strict=True))  # fmt: skip
        out.append(f"| *channel* {channel} | {len(at)} | {cells} |")
    return out


def _of_ours(row: Row) -> bool:
    return row.source == "unseen" or row.source.startswith(("own:", "written:"))


def by_preset(rows: Sequence[Row], scores: Sequence[float]) -> list[str]:
    """What each preset flags and blocks, by source."""
    heads = [f"{name} {kind}" for name in PRESETS for kind in ("flags", "blocks")]
    out = ["| source | n | " + " | ".join(heads) + " |", "|---" * (len(heads) + 2) + "|"]
    for attack, label in ((True, "attacks"), (False, "harmless")):
        sources = sorted({row.source for row in rows if row.attack == attack})
        for source in (*sources, None):
            own = np.array([s for s, r in zip(scores, rows, strict=True)
                            if r.attack == attack and source in {None, r.source}])  # fmt: skip
            cuts = [cut for preset in PRESETS.values() for cut in (preset.flag, preset.block)]
            cells = " | ".join(f"{(own >= cut).mean():.1%}" for cut in cuts)
            out.append(f"| {label}: {source or '**all**'} | {len(own)} | {cells} |")
    return out


def by_slice(rows: Sequence[Row], score: Score, cut: float) -> list[str]:
    """Recall at the same threshold after each change of the same attacks."""
    rng = random.Random(8)
    short = [row for row in rows if row.attack and 20 < len(row.text) < 400]
    plain = rng.sample([r for r in short if score(r) > cut], 60)
    out = ["| caught attacks, changed | still caught |", "|---|---|"]
    for name, change in SLICES.items():
        changed = [Row(change(row.text, rng), True, row.channel, row.source) for row in plain]
        out.append(f"| {name} | {np.mean([score(row) > cut for row in changed]):.0%} |")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("group", choices=("tune", "final", "blind"))
    parser.add_argument("--most", type=int, default=400, help="rows of each source and label")
    parser.add_argument("--slices", action="store_true", help="changed attacks too")
    parser.add_argument("--outside", type=Path, help="folder of further sources, *.jsonl")
    parser.add_argument("--left-out", action="store_true", help="rows of TUNE and FINAL whole")
    arguments = parser.parse_args()
    rows = chosen(
        arguments.data,
        arguments.group,
        arguments.most,
        arguments.outside,
        refit=not arguments.left_out,
    )
    score, package = ours(), alone()
    scores = [[score(row) for row in rows], [package(row) for row in rows]]
    print("\n".join([*by_source(rows, scores), "", *by_preset(rows, scores[0])]), flush=True)
    if arguments.slices:
        cut = threshold([s for s, r in zip(scores[0], rows, strict=True) if not r.attack], 0.01)
        print("\n" + "\n".join(by_slice(rows, score, cut)))


if __name__ == "__main__":
    main()

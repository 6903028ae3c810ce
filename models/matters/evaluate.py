"""How well stories are found, by the model as it is shipped and with its gate.

    PYTHONPATH=. python models/matters/evaluate.py [--errors]    # texts/unseen
    PYTHONPATH=. python models/matters/evaluate.py --data DATA   # ordinary prompts that were held out

Cross-validation on the texts of training is `train.py --folds`.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from pathlib import Path

import ordinary
import texts

from extproc.inspectors.sensitivity.plain import plain
from extproc.models.matters import Matters

HERE = Path(__file__).parent
THRESHOLDS = (0.3, 0.5, 0.7)
MOST = 800
"""Prompts of each source."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of ordinary prompts, see ordinary.py")
    parser.add_argument("--errors", action="store_true", help="show what is called wrongly at 0.5")
    arguments = parser.parse_args()
    model = Matters(HERE)

    def score(text: str) -> float:
        return max((story.score for story in model.read(plain(text).body)), default=0.0)

    def share(scores: list[float]) -> str:
        parts = (sum(one >= least for one in scores) / len(scores) for least in THRESHOLDS)
        return "  ".join(f"{part:7.1%}" for part in parts)

    print(f"{'':28} {'texts':>5}  " + "  ".join(f"{f'>= {one}':>7}" for one in THRESHOLDS))
    if arguments.data is not None:
        for source, prompts in ordinary.rows(arguments.data, held_out=True).items():
            scores = [score(text) for text in prompts[:MOST]]
            print(f"{source:28} {len(scores):5}  {share(scores)}")
        return
    rng = random.Random(0)
    by: dict[str, list[float]] = defaultdict(list)
    named = right = 0
    for row in texts.load(texts.TEXTS / "unseen"):
        (text,) = row.wordings(rng, 1)
        found = model.read(plain(text).body)
        best = max((story.score for story in found), default=0.0)
        by["stories" if row.told else "others"].append(best)
        if row.told:
            by[row.kind].append(best)
        if row.told and best >= 0.5:
            named += 1
            right += row.kind in {story.kind for story in found if story.score >= 0.5}
        if arguments.errors and row.told != (best >= 0.5):
            print(f"  {best:.2f} {row.kind}: {text[:300]!r}")
    for name, scores in by.items():
        print(f"{name:28} {len(scores):5}  {share(scores)}")
    print(f"of the right kind: {right} of {named} that are found")


if __name__ == "__main__":
    main()

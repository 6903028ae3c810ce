"""Makes the injection classifier from public rows and from texts of our own: the first stage, from
which `models/encoder/train.py` goes on.

    python -m venv /path/to/venv
    /path/to/venv/bin/pip install -r requirements/recipes.txt -r requirements/runtime.txt
    PYTHONPATH=. /path/to/venv/bin/python models/injection/train.py DATA_DIR --refit --out weights.pt

`DATA_DIR` holds `dev.jsonl.gz` and its neighbours (see `sources.py`). Two cores
take about half an hour. Without `--refit` the sources of `TUNE` and `FINAL` are left out.
"""

from __future__ import annotations

import argparse
import random
from importlib.resources import as_file, files
from pathlib import Path

import torch
from compose import Composer
from encoder import Detector, start
from fit import Example, examples, read, score, train
from material import of_rows, training_rows
from measure import macro, recalls
from sources import Row
from written import expand, load

from extproc.models.injection_tokens import Tokens

BLEND = 0.9
"""Share of the trained weights in the shipped ones, the rest being those it started from. A mean
of both holds better on sources that neither saw (WiSE-FT, arXiv 2109.01903); chosen on `TUNE`."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("weights.pt"))
    of_rows(parser)
    parser.add_argument("--pool", type=int, default=0, help="rows to mine for a second round")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--blend", type=float, default=BLEND)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(0)
    base = files("stackone_defender") / "models" / "minilm-multihead-v5"
    detector = Detector()
    with as_file(base) as folder:
        start(detector, folder / "model_quantized.onnx")
        tokens = Tokens(folder / "tokenizer.json")
    first = {name: value.clone() for name, value in detector.state_dict().items()}
    seed = arguments.seed
    rows, tune = training_rows(detector, tokens, arguments)
    data = examples(tokens, detector, rows)
    print(len(data), "examples,", sum(e.attack for e in data), "attacks", flush=True)
    train(detector, data, seed=seed, rate=arguments.rate)
    report("round 1", detector, tokens, tune)
    if arguments.pool:
        pool = [*Composer(2).rows(arguments.pool), *expand(load(held_out=False), 3, 1)]
        hard = mined(detector, examples(tokens, detector, pool))
        again = random.Random(2).sample(data, len(data) // 6)
        train(detector, [*hard, *again], seed=2, rate=arguments.rate / 3)
        report("round 2", detector, tokens, tune)
    blend(detector, first, arguments.blend)
    torch.save(detector.state_dict(), arguments.out)
    report("blended", detector, tokens, tune)


def blend(detector: Detector, first: dict[str, torch.Tensor], share: float) -> None:
    """`share` of the weights of `detector`, the rest of `first`, in place."""
    now = detector.state_dict()
    mixed = {
        name: value * (1 - share) + now[name] * share if value.is_floating_point() else value
        for name, value in first.items()
    }
    detector.load_state_dict(mixed)


def mined(detector: Detector, pool: list[Example]) -> list[Example]:
    """What the detector gets most wrong, a fifth of each label, and half as many at random."""
    logits = score(detector, [e.ids for e in pool])
    rng = random.Random(4)
    out: list[Example] = []
    for attack in (False, True):
        own = [at for at, e in enumerate(pool) if e.attack == attack]
        own.sort(key=lambda at: logits[at] if attack else -logits[at])
        fifth = len(own) // 5
        out += [pool[at] for at in own[:fifth]]
        out += [pool[at] for at in rng.sample(own[fifth:], fifth // 2)]
    return out


def report(name: str, detector: Detector, tokens: Tokens, rows: list[Row]) -> None:
    scores = scores_of(detector, tokens, rows)
    for found in recalls(rows, scores):
        print(f"  {found.source:28} {found.at1:.3f} {found.at5:.3f}")
    print(name, macro(rows, scores, 50), flush=True)


def scores_of(detector: Detector, tokens: Tokens, rows: list[Row]) -> list[float]:
    """The highest window of each row."""
    windows = [read(tokens, row) for row in rows]
    flat = iter(score(detector, [ids for own in windows for ids in own]))
    return [max((next(flat) for _ in own), default=-20.0) for own in windows]


if __name__ == "__main__":
    main()

"""Makes `matters.npz`: what `extproc/models/matters.py` knows private matters by.

    PYTHONPATH=. python models/matters/train.py DATA
    PYTHONPATH=. python models/matters/train.py DATA --folds 5    # cross-validation alone

Logistic regression with a square penalty on the texts of `texts/`, several wordings of each, and on
ordinary prompts (`ordinary.py`). The score is calibrated on texts that a fold was not trained on.
About a minute on one core; numpy alone.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import lexicon
import numpy as np
import ordinary
import texts
from texts import Row

from extproc.inspectors.sensitivity.plain import plain
from extproc.models.matters import (
    _TOKEN,
    FILE,
    FOLD,
    WINDOW,
    Eyes,
    Lexicon,
    Sentence,
    pairs,
    sentences,
    together,
    weight_of,
)

HERE = Path(__file__).parent
WORDINGS = 4
ORDINARY = 0.15
"""What an ordinary prompt counts beside a text of the recipe."""
PENALTY = 1.0
SHARED = 0.2
"""Power of the number of windows by which those of one text count less."""
STORIES = 0.26
"""What share of texts scores are calibrated for: near twins are commoner than stories."""
STEPS = 250
KNOWN, SEEN = 6_000, 2
"""Words that are known, at most, and how often training must have seen them."""
MATTERS = (
    "DISEASE", "DRUG", "CARE", "PAY", "HRW", "DEBT", "CRIME", "COURT", "INTIMATE", "SECRET", "DEAL"
)  # fmt: skip
"""Classes without a word of which no window is read."""
TELLING = 0.4
"""Weight of a known word for which a window is read too."""
SOMEBODY = ("TITLE", "FAMILY", "ROLE", "I", "HE", "NAME", "SECRET")
"""Classes of which a window holds one too, if nothing in it looks like a name."""


def entries() -> list[bytes]:
    """The lexicon as it is shipped: the number of a class, and a word."""
    names = list(lexicon.CLASSES)
    lines = [f"{at} {w}" for at, name in enumerate(names) for w in lexicon.CLASSES[name].split()]
    lines += [
        f"{names.index(n)} *{w}" for n, ends in lexicon.SUFFIXES.items() for w in ends.split()
    ]
    return [line.encode("latin-1") for line in lines]


def windows(eyes: Eyes, text: str) -> list[set[int]]:
    body = plain(text).body
    folded = body.translate(FOLD)
    read = [eyes.read(body, folded, *span) for span in sentences(body)]
    firsts = range(max(1, len(read) - WINDOW + 1))
    return [_features(together(read[at : at + WINDOW])) for at in firsts]


def _features(window: Sentence) -> set[int]:
    return {*window.words, *pairs(window)}


class Model:
    """Logistic regression over sets of features."""

    def __init__(self, known: dict[bytes, int], weights: dict[int, float], bias: float) -> None:
        self.known, self.weights, self.bias = known, weights, bias
        self.eyes = _eyes(known)

    def logit(self, found: Collection[int]) -> float:
        total = sum(self.weights.get(one, 0.0) for one in found)
        return total * weight_of(len(found)) + self.bias

    def of(self, text: str) -> float:
        return max(self.logit(window) for window in windows(self.eyes, text))


def train(rows: Sequence[Row], prompts: Sequence[str], seed: int) -> Model:
    rng = random.Random(seed)
    told: list[tuple[str, bool, float]] = []
    for row in rows:
        wordings = row.wordings(rng, WORDINGS)
        told += [(text, row.told, 1 / len(wordings)) for text in wordings]
    told += [(text, False, ORDINARY) for text in prompts]
    known = _known([text for text, _, _ in told])
    eyes = _eyes(known)
    sets: list[set[int]] = []
    labels: list[float] = []
    counts: list[float] = []
    for text, story, count in told:
        found = windows(eyes, text)
        for window in found[:1] if story else found:
            sets.append(window)
            labels.append(float(story))
            counts.append(count if story else count / len(found) ** SHARED)
    keys, (weights, bias) = _fit(sets, np.array(labels)[:, None], np.array(counts))
    return Model(known, dict(zip(keys, weights[:, 0].tolist(), strict=True)), float(bias[0]))


def _eyes(known: dict[bytes, int]) -> Eyes:
    return Eyes(Lexicon.of(entries(), len(lexicon.CLASSES)), known)


def _known(all_texts: Sequence[str]) -> dict[bytes, int]:
    seen: Counter[bytes] = Counter()
    for text in all_texts:
        found = {match[0] for match in _TOKEN.finditer(plain(text).body.translate(FOLD))}
        seen.update(one for one in found if 97 <= one[0] <= 122)
    kept = sorted((-n, word) for word, n in seen.items() if n >= SEEN)[:KNOWN]
    return {word: number for number, (_, word) in enumerate(kept, 1)}


def _fit(
    sets: Sequence[Collection[int]], labels: np.ndarray, counts: np.ndarray
) -> tuple[list[int], tuple[np.ndarray, np.ndarray]]:
    """Weights of the features seen twice, a column for each label: one is independent of the others."""
    seen = Counter(one for found in sets for one in found)
    keys = sorted(one for one, n in seen.items() if n >= SEEN)
    place = {one: at for at, one in enumerate(keys)}
    rows, columns, values = [], [], []
    for at, found in enumerate(sets):
        held = [place[one] for one in found if one in place]
        rows += [at] * len(held)
        columns += held
        values += [weight_of(len(found))] * len(held)
    r, c, v = np.array(rows), np.array(columns), np.array(values)
    out = np.zeros((len(keys), labels.shape[1]))
    bias = np.zeros(labels.shape[1])
    for column in range(labels.shape[1]):
        weights, moment, second = (np.zeros(len(keys) + 1) for _ in range(3))
        for step in range(1, STEPS + 1):
            logits = np.bincount(r, v * weights[c], minlength=len(sets)) + weights[-1]
            wrong = (1 / (1 + np.exp(-logits)) - labels[:, column]) * counts
            slope = np.append(
                np.bincount(c, v * wrong[r], minlength=len(keys)) + PENALTY * weights[:-1],
                wrong.sum(),
            )
            moment = 0.9 * moment + 0.1 * slope
            second = 0.99 * second + 0.01 * slope**2
            rate = 0.1 * (1 - step / STEPS) + 1e-4
            weights -= (
                rate * (moment / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
            )
        out[:, column], bias[column] = weights[:-1], weights[-1]
    return keys, (out, bias)


def held_out(rows: Sequence[Row], prompts: Sequence[str], folds: int, seed: int) -> np.ndarray:
    """The logit of one wording of each row, by a model that was not trained on the row."""
    rng = random.Random(seed)
    order = list(range(len(rows)))
    rng.shuffle(order)
    logits = np.zeros(len(rows))
    for fold in range(folds):
        left = set(order[fold::folds])
        model = train([row for at, row in enumerate(rows) if at not in left], prompts, seed)
        for at in left:
            logits[at] = model.of(rows[at].wordings(rng, 1)[0])
    return logits


def curve(logits: np.ndarray, told: np.ndarray) -> tuple[float, float]:
    """Slope and shift that make logits shares of stories (Platt), were `STORIES` of all texts such."""
    slope, shift = 1.0, 0.0
    counts = np.where(told, STORIES / told.sum(), (1 - STORIES) / (~told).sum())
    for _ in range(4_000):
        wrong = (1 / (1 + np.exp(-(slope * logits + shift))) - told) * counts
        slope -= 0.3 * float((wrong * logits).sum())
        shift -= 0.3 * float(wrong.sum())
    return slope, shift


def report(logits: np.ndarray, told: np.ndarray, slope: float, shift: float) -> None:
    scores = 1 / (1 + np.exp(-(slope * logits + shift)))
    auc = (logits[told][:, None] > logits[~told][None]).mean()
    print(f"AUC {auc:.3f}")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        found, wrong = (scores[told] >= threshold).mean(), (scores[~told] >= threshold).mean()
        print(f"  from {threshold}: {found:.1%} of stories, {wrong:.1%} of their near twins")


def kinds_of(model: Model, rows: Sequence[Row], seed: int) -> tuple[list[str], list[int], tuple]:
    """Columns of weights that say which kind a story is of."""
    rng = random.Random(seed)
    kinds = list(texts.KINDS.values())
    stories = [(w, row.kind) for row in rows if row.told for w in row.wordings(rng, WORDINGS)]
    sets = [windows(model.eyes, text)[0] for text, _ in stories]
    labels = np.array([[float(kind == one) for one in kinds] for _, kind in stories])
    keys, fitted = _fit(sets, labels, np.full(len(sets), 0.5))
    return kinds, keys, fitted


def gate(model: Model) -> bytes:
    """A pattern of RE2 that a word of the matters matches, or one that tells much by itself."""
    telling = {
        word.decode()
        for word, number in model.known.items()
        if model.weights.get(number, 0) >= TELLING
    }
    ends = [end for all_ends in lexicon.SUFFIXES.values() for end in all_ends.split()]
    return _pattern(MATTERS, telling, rf"|[a-z]{{3,20}}(?:{'|'.join(sorted(ends))})\b")


def someone() -> bytes:
    """A pattern of RE2 for who a matter is of, or that it is nobody's business."""
    return _pattern(SOMEBODY, set(), "")


def _pattern(classes: Collection[str], beside: set[str], more: str) -> bytes:
    words = {w for name in classes for w in lexicon.CLASSES[name].split()} - {
        *lexicon.COMMON.split()
    } | beside
    whole = "|".join(sorted(w for w in words if not w.endswith("*")))
    begun = "|".join(sorted(w[:-1] for w in words if w.endswith("*"))) or "0"
    return rf"\b(?:(?:{whole})\b|(?:{begun}){more})".encode("latin-1")


def save(model: Model, rows: Sequence[Row], slope: float, shift: float) -> None:
    kept = {key: weight for key, weight in model.weights.items() if abs(weight) >= 0.003}
    kinds, kind_keys, (kind_weights, kind_bias) = kinds_of(model, rows, 0)
    words = sorted(model.known, key=model.known.__getitem__)
    np.savez_compressed(
        HERE / FILE,
        classes=np.array([name.encode() for name in lexicon.CLASSES]),
        lexicon=np.array(entries()),
        known=np.array(words),
        keys=np.array(list(kept), np.int32),
        weights=np.array(list(kept.values()), np.float16),
        kinds=np.array([kind.encode() for kind in kinds]),
        kind_keys=np.array(kind_keys, np.int32),
        kind_weights=kind_weights.astype(np.float16),
        kind_bias=kind_bias.astype(np.float16),
        curve=np.array([model.bias, slope, shift]),
        gate=np.frombuffer(gate(model), np.uint8),
        someone=np.frombuffer(someone(), np.uint8),
    )
    digest = hashlib.sha256((HERE / FILE).read_bytes()).hexdigest()
    (HERE / "SHA256SUMS").write_text(f"{digest}  {FILE}\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="folder of ordinary prompts, see ordinary.py")
    parser.add_argument("--folds", type=int, help="score held-out texts so often, and save nothing")
    arguments = parser.parse_args()
    rows, prompts = texts.load(), ordinary.trained(arguments.data)
    told = np.array([row.told for row in rows])
    print(f"{told.sum()} stories, {(~told).sum()} others, {len(prompts)} prompts", flush=True)
    logits = np.concatenate(
        [held_out(rows, prompts, arguments.folds or 5, seed) for seed in range(2)]
    )
    both = np.concatenate([told, told])
    slope, shift = curve(logits, both)
    report(logits, both, slope, shift)
    if arguments.folds is None:
        save(train(rows, prompts, 0), rows, slope, shift)


if __name__ == "__main__":
    main()

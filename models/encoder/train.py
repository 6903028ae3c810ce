"""Trains one encoder for two tasks: telling attacks, and placing questions for the cache.

    PYTHONPATH=. python models/encoder/train.py DATA_DIR --refit --out encoder.pt \\
        --injection WEIGHTS --embedding ENCODER --utterances FILE

In an environment of `requirements/recipes.txt`. `WEIGHTS` are those of `models/injection/train.py`,
`ENCODER` those of `models/verifier/tune.py`, or the int8 graphs of both that were shipped
before (`start.py`). It starts from
MiniLM and the differences that both have learnt (task arithmetic, arXiv 2212.04089), learns windows
as `models/injection` does, and is held where the encoder of questions places them, token by token.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import torch
from network import Encoder, about
from start import base_weights, mean
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

from extproc.models.encoder import FRONT, Rows
from extproc.models.injection_tokens import Tokens

MODELS = Path(__file__).parents[1]
sys.path += [str(MODELS / "injection"), str(MODELS / "verifier")]
from encoder import Detector, start  # noqa: E402
from fit import BFLOAT16, Example, batches, examples, padded, read  # noqa: E402
from groups import read as read_groups  # noqa: E402
from material import of_rows, training_rows  # noqa: E402
from measure import macro, recalls  # noqa: E402
from pairs import KINDS, Maker  # noqa: E402
from sources import Row  # noqa: E402

HELD_TOKENS = 1_200
"""Of questions, in each step beside the windows."""
TOKENS_WEIGHT, TEXT_WEIGHT = 2.0, 4.0
"""Of the cosine distances to the first encoder, a token's and a text's, beside the windows' loss."""
MOST_TOKENS = 96
LEAST_TOKENS = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A text that the cache may meet, and its tokens as the encoder of questions places them."""

    ids: tuple[int, ...]
    """As the new encoder reads it, with its channel in front."""
    tokens: torch.Tensor
    """Of the text and the mark behind it, unit vectors: what the new one is to say behind `FRONT`."""
    vector: torch.Tensor
    """Of the whole, with the mark in front of it, as it was pooled before; unit length."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    of_rows(parser)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--injection", type=Path, required=True, nargs="+", help="their mean")
    parser.add_argument("--embedding", type=Path, required=True)
    parser.add_argument("--utterances", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=24_000)
    parser.add_argument("--rate", type=float, default=1e-4)
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(arguments.seed)
    tokens = Tokens(MODELS / "encoder" / "tokenizer.json")
    first = Detector()
    with as_file(files("stackone_defender") / "models" / "minilm-multihead-v5") as folder:
        start(first, folder / "model_quantized.onnx")
    rows, tune = training_rows(first, tokens, arguments)
    data = examples(tokens, first, rows)
    texts = questions(rows, arguments.utterances, arguments.seed)[: arguments.questions]
    teacher = AutoModel.from_pretrained(first.base.name_or_path, attn_implementation="sdpa")
    begun = {name: value.clone() for name, value in teacher.state_dict().items()}
    questioned = base_weights(arguments.embedding)
    teacher.load_state_dict(questioned, strict=False)
    held = placed(teacher.eval(), texts, tokens)
    encoder = Encoder()
    attacked = mean([base_weights(path) for path in arguments.injection])
    both = {
        name: attacked[name] + questioned[name] - begun[name]
        if value.is_floating_point()
        else value
        for name, value in begun.items()
        if name in attacked
    }
    encoder.base.load_state_dict(both, strict=False)
    print(
        f"{len(data)} windows, {sum(e.attack for e in data)} attacks, {len(held)} questions",
        flush=True,
    )
    apart, held = held[:500], held[500:]
    train(encoder, data, held, seed=arguments.seed, rate=arguments.rate)
    torch.save(encoder.state_dict(), arguments.out)
    report(encoder, tokens, tune, apart)


def questions(rows: Sequence[Row], utterances: Path, seed: int) -> list[str]:
    """Generated ones, those written by hand, people's, and harmless texts of users; mixed."""
    found = {text for pair in Maker(11).pairs(5_000, KINDS) for text in (pair.left, pair.right)}
    found |= {text for group in read_groups() if not group.held_out for text in group.wordings}
    asked = [line.split("\t", 1)[1] for line in utterances.read_text().splitlines()]
    found |= set(random.Random(seed).sample(asked, min(len(asked), 9_000)))
    found |= {row.text for row in rows if row.channel == "user" and not row.attack}
    mixed = sorted(found)
    random.Random(seed).shuffle(mixed)
    return mixed


def placed(teacher: nn.Module, texts: Sequence[str], tokens: Tokens) -> list[Question]:
    """What `teacher` says of each text that is not too long, in float32."""
    words = Tokenizer.from_file(str(MODELS / "encoder" / "tokenizer.json"))
    rows = Rows(tokens)
    ids = [tuple(one.ids) for one in words.encode_batch(list(texts))]
    ids = [own for own in ids if LEAST_TOKENS < len(own) <= MOST_TOKENS]
    out: list[Question | None] = [None] * len(ids)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
        for batch in batches(ids):
            some, mask = padded([ids[at] for at in batch])
            said = teacher(some, mask).last_hidden_state.float()
            for at, own in zip(batch, said, strict=True):
                real = own[: len(ids[at])]
                vector = nn.functional.normalize(real.mean(0), dim=0)
                unit = nn.functional.normalize(real[1:], dim=1)
                out[at] = Question(tuple(rows.row(ids[at][1:-1], "user")), unit.half(), vector)
    return [one for one in out if one is not None]


def train(
    encoder: Encoder, data: Sequence[Example], held: Sequence[Question], *, seed: int, rate: float
) -> None:
    """One pass over `data`, one cosine from `rate` to a twentieth."""
    rng = random.Random(seed)
    free = list(encoder.parameters())
    head = list(encoder.attack.parameters())
    optimiser = torch.optim.AdamW(
        [
            {"params": list(encoder.base.parameters()), "most": rate},
            {"params": head, "most": 5 * rate},
        ],
        lr=rate,
        weight_decay=0.01,
    )
    plan = list(batches([e.ids for e in data], rng))
    begun, running = time.monotonic(), [0.0, 0.0, 0.0]
    for step, batch in enumerate(plan):
        encoder.train()
        share = 0.05 + 0.95 * (1 + math.cos(math.pi * step / len(plan))) / 2
        for group in optimiser.param_groups:
            group["lr"] = group["most"] * share * min(1.0, (step + 1) / 40)
        target = torch.tensor([float(data[at].attack) for at in batch])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
            logits, _ = encoder(*padded([data[at].ids for at in batch]))
        attack = nn.functional.binary_cross_entropy_with_logits(logits.float(), target)
        token, text = distance(encoder, some(held, rng))
        optimiser.zero_grad(set_to_none=True)
        (attack + TOKENS_WEIGHT * token + TEXT_WEIGHT * text).backward()
        nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        for at, value in enumerate((attack, token, text)):
            running[at] = 0.98 * running[at] + 0.02 * value.item() if step else value.item()
        if step % 25 == 0:
            said = " ".join(f"{value:.4f}" for value in running)
            print(f"{step}/{len(plan)} {said} {time.monotonic() - begun:.0f} s", flush=True)


def some(held: Sequence[Question], rng: random.Random) -> list[Question]:
    """`HELD_TOKENS` of them, of like length so that little is padding."""
    first = rng.choice(held)
    near = sorted(rng.sample(held, 400), key=lambda one: abs(len(one.ids) - len(first.ids)))
    return near[: max(4, HELD_TOKENS // len(first.ids))]


def distance(encoder: Encoder, held: Sequence[Question]) -> tuple[torch.Tensor, torch.Tensor]:
    """Means of 1 - cosine to where the questions stood: of their tokens, of the texts."""
    ids, mask = padded([one.ids for one in held])
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
        _, last = encoder(ids, mask)
    last = last.float()
    behind = nn.functional.normalize(last[:, FRONT:], dim=2)
    first = torch.zeros_like(behind)
    for at, one in enumerate(held):
        first[at, : len(one.tokens)] = one.tokens.float()
    real = mask[:, FRONT:]
    token = ((1 - (behind * first).sum(2)) * real).sum() / real.sum()
    text = 1 - (about(last, mask) * torch.stack([one.vector for one in held])).sum(1).mean()
    return token, text


def report(
    encoder: Encoder, tokens: Tokens, rows: Sequence[Row], apart: Sequence[Question]
) -> None:
    """Recall on rows left out, and how near questions that did not train are to their places."""
    encoder.eval()
    windows = [read(tokens, row) for row in rows]
    flat = [ids for own in windows for ids in own]
    found = torch.zeros(len(flat))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
        for batch in batches(flat):
            found[batch] = encoder(*padded([flat[at] for at in batch]))[0].float()
        far = [distance(encoder, apart[at : at + 20]) for at in range(0, len(apart), 20)]
    logits = iter(found.tolist())
    scores = [max((next(logits) for _ in own), default=-20.0) for own in windows]
    for one in recalls(rows, scores):
        print(f"  {one.source:28} {one.at1:.3f} {one.at5:.3f}")
    print("macro", macro(rows, scores, 50))
    token, text = (1 - sum(float(one[n]) for one in far) / len(far) for n in (0, 1))
    print(f"cosine to the first encoder: tokens {token:.4f}, texts {text:.4f}", flush=True)


if __name__ == "__main__":
    main()

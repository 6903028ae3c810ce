"""Windows of rows, and the training loop. Two threads of a CPU are enough."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from encoder import Detector
from sources import Row

from extproc.inspectors.injection.normalise import fold
from extproc.models.encoder import Rows
from extproc.models.injection_tokens import Tokens

TOKENS = 4096
"""Of one batch, padding included."""
BFLOAT16: bool = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001
"""Whether this CPU computes in it; where it does not, a step takes twenty times as long as in float32."""


@dataclass(frozen=True, slots=True)
class Example:
    """One window as the model reads it, and what it should say."""

    ids: tuple[int, ...]
    attack: bool
    weight: float = 1.0


def read(tokens: Tokens, row: Row) -> list[tuple[int, ...]]:
    """The windows of a row, as in production: folded, with the channel in front."""
    rows = Rows(tokens)
    windows = tokens.windows(fold(row.text).text, row.channel)
    return [tuple(rows.row(window.ids, row.channel)) for window in windows if window.ids]


def examples(tokens: Tokens, detector: Detector, rows: Sequence[Row]) -> list[Example]:
    """All windows of harmless rows; of an attack those that hold it, else the highest."""
    out: list[Example] = []
    for row in rows:
        windows = read(tokens, row)
        if not row.attack:
            out += [Example(ids, attack=False) for ids in windows[:8]]
        elif row.place is not None:
            out += [Example(ids, attack=True) for ids in _holding(tokens, row)]
        elif len(windows) <= 2:
            out += [Example(ids, attack=True) for ids in windows[:1]]
        else:
            found = score(detector, windows)
            out.append(Example(windows[int(np.argmax(found))], attack=True))
    return out


def _holding(tokens: Tokens, row: Row) -> list[tuple[int, ...]]:
    """The window with most of the attack, and any other with at least four fifths of it."""
    assert row.place is not None
    view, rows = fold(row.text), Rows(tokens)
    shares: list[tuple[int, tuple[int, ...]]] = []
    for window in tokens.windows(view.text, row.channel):
        start, end = view.locate(window.start, window.end)
        shared = min(end, row.place[1]) - max(start, row.place[0])
        shares.append((shared, tuple(rows.row(window.ids, row.channel))))
    most = max(shared for shared, _ in shares)
    enough = 0.8 * (row.place[1] - row.place[0])
    return [ids for shared, ids in shares if shared == most or shared >= enough]


def batches(
    rows: Sequence[tuple[int, ...]], rng: random.Random | None = None
) -> Iterator[list[int]]:
    """Indices of rows of like length, each batch of at most `TOKENS` tokens."""
    order = sorted(
        range(len(rows)), key=lambda at: len(rows[at]) + (rng.random() * 6 if rng else 0)
    )
    found: list[list[int]] = [[]]
    for at in order:
        if (len(found[-1]) + 1) * len(rows[at]) > TOKENS or len(found[-1]) >= 96:
            found.append([])
        found[-1].append(at)
    if rng is not None:
        rng.shuffle(found)
    yield from found


def padded(rows: Sequence[tuple[int, ...]]) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.int64)
    mask = torch.zeros_like(ids)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row)
        mask[at, : len(row)] = 1
    return ids, mask


def score(detector: Detector, rows: Sequence[tuple[int, ...]]) -> np.ndarray:
    """Logits, one a row."""
    out = np.zeros(len(rows))
    detector.eval()
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
        for batch in batches(rows):
            out[batch] = detector(*padded([rows[at] for at in batch])).float().numpy()
    return out


def train(
    detector: Detector, data: Sequence[Example], *, seed: int, rate: float, epochs: int = 1
) -> None:
    """One cosine from `rate` to nothing. Embeddings are trained too: most words of other
    languages are pieces that the first weights hardly know."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    free = list(detector.parameters())
    optimiser = torch.optim.AdamW(free, lr=rate, weight_decay=0.01)
    plan = [b for _ in range(epochs) for b in batches([e.ids for e in data], rng)]
    begun, running = time.monotonic(), 0.0
    for step, batch in enumerate(plan):
        detector.train()
        part = [data[at] for at in batch]
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 40)
            group["lr"] = (
                rate * warm * (0.05 + 0.95 * (1 + math.cos(math.pi * step / len(plan))) / 2)
            )
        target = torch.tensor([float(e.attack) for e in part])
        weight = torch.tensor([e.weight for e in part])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=BFLOAT16):
            logits = detector(*padded([e.ids for e in part])).float()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, weight=weight)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        running = 0.98 * running + 0.02 * loss.item() if step else loss.item()
        if step % 50 == 0:
            print(
                f"{step}/{len(plan)} loss {running:.3f} {time.monotonic() - begun:.0f} s",
                flush=True,
            )

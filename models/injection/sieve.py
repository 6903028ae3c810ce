"""Makes `sieve.npz`: which windows of a long text the shipped classifier need not read.

    PYTHONPATH=. python models/injection/sieve.py DATA_DIR

After every change of the encoder or its calibration: the classifier is the teacher, and
the vocabulary's embeddings are its own. Two quiet cores take some ten minutes. `TUNE` is
only reported on; cuts stand on rows of training sources and on texts that were held out.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from compose import Composer
from evaluate import hard
from material import few
from onnx import numpy_helper
from ordinary import ordinary
from shipped import classifier, digests
from sources import Row, read, split
from written import expand, load, unseen

from extproc.inspectors.injection.idioms import blank
from extproc.inspectors.injection.normalise import fold
from extproc.inspectors.injection.presets import PRESETS
from extproc.models.injection import SPOKEN, MiniLM
from extproc.models.injection_sieve import FILE, Sketch
from extproc.models.injection_tokens import Window

HERE = Path(__file__).parent
WIDTH, FEATURES = 32, 64
"""Of a token's embedding, and of each layer."""
LAYERS = ((3, 1), (5, 1), (3, 4))
"""Taps of each layer and how far apart they are: fifteen tokens together."""
CAUGHT = min(preset.flag for preset in PRESETS.values())
"""The classifier's score from which on a window must not be left out."""
KEPT = 0.995
"""Share of the rows that the classifier catches which must pass, where cuts are set."""
EPOCHS, BATCH = 5, 64
PER_ROW = 10
"""Windows of one row at most."""


@dataclass(frozen=True, slots=True)
class Glance:
    """A window and what the sieve should say of it, for one kind of channel."""

    ids: tuple[int, ...]
    kind: int
    suspicious: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A row with the classifier's score for each of its windows."""

    row: Row
    windows: tuple[tuple[Window, float], ...]

    @property
    def score(self) -> float:
        return max((score for _, score in self.windows), default=0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    torch.manual_seed(0)
    model = classifier()
    public, tune, _ = split(read(parser.parse_args().data), refit=True)
    rows = [
        *few(public, 500),
        *Composer(1).rows(3_000),
        *expand(load(held_out=False), 1, 1),
    ]
    held = [row for row in rows if _held(row)]
    taught = _read(model, [row for row in rows if not _held(row)])
    glances = [*_glances(taught), *_plain(model)]
    print(len(glances), "windows,", sum(g.suspicious for g in glances), "suspicious", flush=True)
    network = Network(_embeddings())
    _train(network, glances)
    held += [
        *expand(load(held_out=True), 6, 1),
        *(row for row in unseen(calibration=True)),
        *hard(78)[::3],
    ]
    _write(network, [0.0, 0.0])
    _write(network, _cuts(Sketch(HERE), _read(model, held)))
    rows = [*few(tune, 100), *expand(load(held_out=True), 5, 1), *unseen(calibration=False)]
    print("\n".join(report(Sketch(HERE), model, _read(model, rows))))


def _held(row: Row) -> bool:
    """A tenth, by the text itself."""
    return hashlib.sha256(row.text.encode("utf-8", "replace")).digest()[0] < 26


def _read(model: MiniLM, rows: Sequence[Row]) -> list[Seen]:
    out = []
    for row in rows:
        windows = [w for w in model.windows(blank(fold(row.text).text), row.channel) if w.ids]
        windows = windows[:PER_ROW]
        out.append(Seen(row, tuple(zip(windows, model.score(windows), strict=True))))
    return out


def _glances(reads: Sequence[Seen]) -> Iterator[Glance]:
    """What the classifier catches counts double; of an attack it does not see nothing is learnt."""
    for read_ in reads:
        for window, score in read_.windows:
            caught = score >= CAUGHT
            weight = 2.0 if caught else 0.05 if read_.row.attack else 0.5
            yield Glance(window.ids, int(window.channel not in SPOKEN), caught, weight)


def _plain(model: MiniLM) -> Iterator[Glance]:
    for name, text in ordinary(held_out=False):
        for window in model.windows(blank(fold(text).text), "document"):
            if window.ids:
                for kind in (0,) if name == "users" else (0, 1):
                    yield Glance(window.ids, kind, suspicious=False, weight=1.0)


class Network(torch.nn.Module):
    """What `Sketch` computes, with gradients."""

    def __init__(self, embeddings: np.ndarray) -> None:
        super().__init__()
        self.words = torch.nn.Embedding.from_pretrained(torch.tensor(embeddings), freeze=False)
        sizes = (WIDTH, *(FEATURES for _ in LAYERS))
        self.layers = torch.nn.ModuleList(
            torch.nn.Conv1d(sizes[at], FEATURES, taps, dilation=step)
            for at, (taps, step) in enumerate(LAYERS)
        )
        self.ends = torch.nn.Conv1d(FEATURES, 2, 1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Rows by tokens, with a margin at both ends → rows by kinds by tokens."""
        values = self.words(ids).transpose(1, 2)
        for layer in self.layers[:-1]:
            values = torch.relu(layer(values))
        taps, step = LAYERS[-1]
        edge = (taps - 1) * step // 2
        return self.ends(torch.relu(self.layers[-1](values)) + values[:, :, edge:-edge])


def _train(network: Network, glances: Sequence[Glance]) -> None:
    rng = random.Random(1)
    words = list(network.words.parameters())
    rest = [p for p in network.parameters() if p is not words[0]]
    groups = [{"params": words, "lr": 1e-3}, {"params": rest, "lr": 2e-3}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.02)
    batches = [batch for _ in range(EPOCHS) for batch in _batches(glances, rng)]
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda at: min(1.0, (at + 1) / 100) * 0.5 * (1 + math.cos(math.pi * at / len(batches))),
    )
    losses = []
    for at, batch in enumerate(batches):
        logits = _highest(network, batch)
        target = torch.tensor([float(glance.suspicious) for glance in batch])
        weight = torch.tensor([glance.weight for glance in batch])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, weight=weight)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if at % 200 == 199:
            print(f"{at + 1}/{len(batches)} loss {np.mean(losses[-200:]):.3f}", flush=True)


def _batches(glances: Sequence[Glance], rng: random.Random) -> list[list[Glance]]:
    order = sorted(glances, key=lambda glance: len(glance.ids) + rng.random() * 8)
    found = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    rng.shuffle(found)
    return found


def _highest(network: Network, batch: Sequence[Glance]) -> torch.Tensor:
    """A soft maximum over all runs, so that more than one of them learns."""
    margin = sum((taps - 1) * step for taps, step in LAYERS)
    size = max(len(glance.ids) for glance in batch)
    ids = torch.zeros(len(batch), size + margin, dtype=torch.int64)
    real = torch.zeros(len(batch), size, dtype=torch.bool)
    for at, glance in enumerate(batch):
        ids[at, margin // 2 : margin // 2 + len(glance.ids)] = torch.tensor(glance.ids)
        real[at, : len(glance.ids)] = True
    kinds = torch.tensor([glance.kind for glance in batch])
    runs = network(ids)[torch.arange(len(batch)), kinds]
    return torch.logsumexp(2 * runs.masked_fill(~real, -1e4), 1) / 2


def _embeddings() -> np.ndarray:
    """The main directions of the classifier's own embeddings: words it takes for alike are."""
    graph = onnx.load(str(HERE.parent / "encoder" / "model.onnx")).graph
    stem = "embeddings.word_embeddings.weight_"
    held = {
        i.name.removeprefix(stem): numpy_helper.to_array(i)
        for i in graph.initializer
        if i.name.startswith(stem)
    }
    zero, scale = held["zero_point"].astype(np.float32), held["scale"].astype(np.float32)
    full = (held["quantized"].astype(np.float32) - zero) * scale
    full -= full.mean(0)
    _, _, directions = np.linalg.svd(full[::3], full_matrices=False)
    small = full @ directions[:WIDTH].T
    return (small / small.std()).astype(np.float32)


def _write(network: Network, cuts: Sequence[float]) -> None:
    """Embeddings in int8 with one scale, which the first layer carries; the rest in half floats."""
    state = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    words = state["words.weight"]
    scale = np.abs(words).max() / 127
    arrays: dict[str, np.ndarray] = {"words": np.round(words / scale).astype(np.int8)}
    for at in range(len(LAYERS)):
        kernel = state[f"layers.{at}.weight"].transpose(2, 1, 0) * (scale if at == 0 else 1.0)
        arrays[f"kernel{at}"] = kernel.astype(np.float16)
        arrays[f"bias{at}"] = state[f"layers.{at}.bias"].astype(np.float16)
    ends = np.vstack([state["ends.weight"][:, :, 0].T, state["ends.bias"][None]])
    arrays["ends"] = ends.astype(np.float16)
    arrays["steps"] = np.array([step for _, step in LAYERS])
    arrays["cuts"] = np.array(cuts, np.float64)
    np.savez(HERE / FILE, **arrays)
    digests()


def _cuts(sketch: Sketch, reads: Sequence[Seen]) -> list[float]:
    """For each kind the highest cut that `KEPT` of what is caught reaches."""
    cuts = []
    for kind in (0, 1):
        reached = [
            max(sketch.score(w.ids, kind) for w, score in read_.windows if score >= CAUGHT)
            for read_ in reads
            if read_.score >= CAUGHT and int(read_.row.channel not in SPOKEN) == kind
        ]
        cuts.append(float(np.quantile(reached, 1 - KEPT)))
        print(f"kind {kind}: {len(reached)} caught rows, cut {cuts[-1]:.2f}", flush=True)
    return cuts


def report(sketch: Sketch, model: MiniLM, reads: Sequence[Seen]) -> list[str]:
    """Macro recall in full and sieved, by kind of channel; what is read of ordinary texts."""
    out = ["| channels | preset | in full | sieved |", "|---|---|---|---|"]
    for kind, name in enumerate(("users and assistants", "others")):
        own = [r for r in reads if r.row.attack and int(r.row.channel not in SPOKEN) == kind]
        sources = sorted({r.row.source for r in own})
        sieved = {
            id(r): max((s for w, s in r.windows if sketch.passes(w)), default=0.0) for r in own
        }
        for preset, limits in PRESETS.items():
            for word, cut in (("flags", limits.flag), ("blocks", limits.block)):
                by = [[r for r in own if r.row.source == source] for source in sources]
                full = np.mean([np.mean([r.score >= cut for r in group]) for group in by])
                part = np.mean([np.mean([sieved[id(r)] >= cut for r in group]) for group in by])
                out.append(f"| {name} | {preset} {word} | {full:.1%} | {part:.1%} |")
    out += ["", "| ordinary texts | windows | read as users' | read as documents |", "|---|---|---|---|"]  # fmt: skip
    kinds: dict[str, list[Window]] = {}
    for name, text in ordinary(held_out=True):
        kinds.setdefault(name, []).extend(model.windows(blank(fold(text).text), "document"))
    for name, windows in kinds.items():
        shares = (
            np.mean([sketch.score(w.ids, kind) >= sketch.cuts[kind] for w in windows])
            for kind in (0, 1)
        )
        out.append(f"| {name} | {len(windows)} | {' | '.join(f'{share:.0%}' for share in shares)} |")  # fmt: skip
    return out


if __name__ == "__main__":
    main()

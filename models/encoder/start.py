"""Weights of a MiniLM from where they are: a file of torch, or an int8 graph with three projections a layer.

Such graphs were shipped before the shared encoder, one for injection and one for the cache
(`models/injection/model.onnx`, `models/embedding/model.onnx` in the history).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

Weights = dict[str, torch.Tensor]


def mean(runs: Sequence[Weights]) -> Weights:
    """Of all that are numbers with a fraction; the rest is the first run's."""
    return {
        name: sum(run[name] for run in runs) / len(runs) if value.is_floating_point() else value
        for name, value in runs[0].items()
    }


def base_weights(path: Path) -> Weights:
    """Of the transformer alone, by the names that it has in `transformers`.

    `path` is what `models/injection/train.py` or `models/verifier/tune.py` wrote, or such a `.onnx`.
    """
    if path.suffix == ".onnx":
        return _read_back(path)
    stored = torch.load(path)
    stored = stored.get("mixed", stored)
    base = {name.removeprefix("base."): value for name, value in stored.items()}
    return {name: value for name, value in base.items() if not name.startswith("main_head.")}


def _read_back(path: Path) -> Weights:
    """Weights of linear layers are divided by the factors that `smooth` moved into them."""
    graph = onnx.load(str(path)).graph
    held = {one.name: numpy_helper.to_array(one).astype(np.float32) for one in graph.initializer}
    root = next(name for name in held if name.endswith("embeddings.LayerNorm.weight"))
    root = root.removesuffix("embeddings.LayerNorm.weight")
    found: dict[str, np.ndarray] = {}
    for name, value in held.items():
        if not name.startswith(root) or name.endswith((".inverse", "_scale", "_zero_point")):
            continue
        stem = name.removesuffix("_quantized")
        plain = stem.removeprefix(root).replace(".linear.bias", ".bias")
        found[plain] = _float(held, stem) if name.endswith("_quantized") else value
    for node in graph.node:
        place = node.name.removeprefix("/").removesuffix("/linear/MatMul_quant").replace("/", ".")
        if node.op_type != "MatMulInteger" or not place.startswith(f"{root}encoder.layer."):
            continue
        weight = _float(held, node.input[1].removesuffix("_quantized"))
        smoothed = weight.T * held[f"{place}.inverse"]
        found[f"{place.removeprefix(root)}.weight"] = smoothed
    return {name: torch.tensor(value) for name, value in found.items()}


def _float(held: dict[str, np.ndarray], stem: str) -> np.ndarray:
    whole = held[f"{stem}_quantized"] - held[f"{stem}_zero_point"]
    return np.asarray(whole * held[f"{stem}_scale"])

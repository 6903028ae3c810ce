"""Trained weights → `model.onnx` (int8), with digests; proves that scores survive.

    PYTHONPATH=. python models/injection/export.py WEIGHTS.pt [WEIGHTS.pt …]

The mean of several runs' weights generalises better than any of them (model soup, arXiv 2203.05482).
Inputs of linear layers are smoothed as for the embedding model, weights are int8
with one scale per output channel. Nothing is written unless the logits of the
probes correlate with those of the float model.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import torch
from compose import Composer
from encoder import Detector
from fit import read
from onnxruntime.quantization import QuantType, quantize_dynamic

from extproc.models.injection_tokens import Tokens
from extproc.models.session import open_session

sys.path.append(str(Path(__file__).parents[1] / "embedding"))
from smooth import smooth

HERE = Path(__file__).parent
SHIPPED = ("model.onnx", "tokenizer.json", "calibration.json", "sieve.npz")
MIN_CORRELATION = 0.99
OPSET = 17


def export(weights: Sequence[Path]) -> None:
    """Writes `model.onnx` and `tokenizer.json`. Raises `SystemExit` when int8 loses too much."""
    with as_file(files("stackone_defender") / "models" / "minilm-multihead-v5") as folder:
        shutil.copyfile(folder / "tokenizer.json", HERE / "tokenizer.json")
    tokens = Tokens(HERE / "tokenizer.json")
    probes = [ids for row in Composer(9).rows(400) for ids in read(tokens, row)[:1]]
    detector = Detector("eager")
    detector.load_state_dict(mean([torch.load(path) for path in weights]))
    detector.eval()
    with torch.inference_mode():
        exact = np.array([_logit(detector, ids) for ids in probes])
    smooth(detector.base, (torch.tensor([ids]) for ids in probes[:200]))
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder, "plain.onnx"), Path(folder, "model.onnx")
        _plain(detector, plain)
        quantize_dynamic(
            plain, small, per_channel=True, weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
        session = open_session(small)
        got = np.array([session.run(None, _feed(ids))[0][0] for ids in probes])
        found = float(np.corrcoef(exact, got)[0, 1])
        print(f"int8: correlation {found:.4f}, mean difference {np.abs(exact - got).mean():.3f}")
        if found < MIN_CORRELATION:
            raise SystemExit(f"correlation {found:.4f} < {MIN_CORRELATION}")
        shutil.copyfile(small, HERE / "model.onnx")


def mean(runs: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """Of all that are numbers with a fraction; the rest is the first run's."""
    return {
        name: sum(run[name] for run in runs) / len(runs) if value.is_floating_point() else value
        for name, value in runs[0].items()
    }


def digests() -> None:
    """Writes `SHA256SUMS` of what is there: `calibration.json` comes last."""
    found = [name for name in SHIPPED if (HERE / name).exists()]
    sums = ((hashlib.sha256((HERE / name).read_bytes()).hexdigest(), name) for name in found)
    (HERE / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in sums))


def _plain(detector: Detector, target: Path) -> None:
    ids = torch.ones(2, 16, dtype=torch.int64)
    axes = {"input_ids": {0: "batch", 1: "tokens"}, "attention_mask": {0: "batch", 1: "tokens"}}
    torch.onnx.export(
        detector,
        (ids, torch.ones_like(ids)),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["logit"],
        dynamic_axes={**axes, "logit": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


def _logit(detector: Detector, ids: tuple[int, ...]) -> float:
    row = torch.tensor([ids])
    return float(detector(row, torch.ones_like(row)))


def _feed(ids: tuple[int, ...]) -> dict[str, np.ndarray]:
    row = np.array([ids], dtype=np.int64)
    return {"input_ids": row, "attention_mask": np.ones_like(row)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+")
    export(parser.parse_args().weights)
    digests()

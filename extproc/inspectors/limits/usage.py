"""How much a request may use, before anybody knows."""

from __future__ import annotations

from extproc.exchange import Exchange
from extproc.inspectors.limits.settings import By
from extproc.llm.view import ChatView, Surface

MAX_OUTPUT_TOKENS = 1_000_000_000
"""Larger wishes are cut to this: it is over any budget, and still a small number."""


def subject(by: By, exchange: Exchange) -> str:
    """Who is counted."""
    return exchange.identity.tenant if by == "tenant" else exchange.identity.caller


def output_tokens(view: ChatView, assumed: int) -> int:
    """The most the answer may hold: the request's limit, or `assumed`, for each choice."""
    if view.surface is Surface.EMBEDDINGS:
        return 0
    one = assumed if view.max_output_tokens is None else view.max_output_tokens
    one = min(max(one, 0), MAX_OUTPUT_TOKENS)
    return min(one * _choices(view), MAX_OUTPUT_TOKENS)


def _choices(view: ChatView) -> int:
    wishes = (view.document.get("n"), view.document.get("best_of"))
    numbers = [w for w in wishes if isinstance(w, int) and not isinstance(w, bool)]
    return min(max([1, *numbers]), MAX_OUTPUT_TOKENS)

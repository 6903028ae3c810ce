"""Tokens an answer says it took, in bodies and in streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from extproc.llm.view import Surface

MAX_TOKENS = 10**9
"""More in one exchange is an upstream's nonsense, and would be billed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens; ``None`` where this piece of a stream does not say."""

    input: int | None = None
    """Cached and newly cached tokens included."""
    output: int | None = None
    """Reasoning included."""

    def then(self, later: Usage | None) -> Usage:
        """What is known after `later`, whose numbers replace these."""
        if later is None:
            return self
        return Usage(
            self.input if later.input is None else later.input,
            self.output if later.output is None else later.output,
        )


def usage_of(surface: Surface, document: Mapping[str, object]) -> Usage | None:
    """Usage in a whole answer or in one event of a stream; ``None`` when it has none.

    In streams the numbers are totals so far: join them with `Usage.then`.
    """
    usage = document.get("usage")
    if usage is None and surface in {Surface.RESPONSES, Surface.MESSAGES}:
        inner = document.get("response" if surface is Surface.RESPONSES else "message")
        usage = inner.get("usage") if isinstance(inner, Mapping) else None
    if not isinstance(usage, Mapping):
        return None
    if surface is Surface.MESSAGES:
        return _known(_anthropic_input(usage), _count(usage, "output_tokens"))
    if surface is Surface.RESPONSES:
        return _known(_count(usage, "input_tokens"), _count(usage, "output_tokens"))
    output = _count(usage, "completion_tokens")
    if surface is Surface.EMBEDDINGS:
        output = output or 0
    return _known(_count(usage, "prompt_tokens"), output)


def is_usage_only_chunk(event: Mapping[str, object]) -> bool:
    """The extra chunk that `stream_options.include_usage` adds: usage and no choices."""
    return event.get("choices") == [] and isinstance(event.get("usage"), Mapping)


def _known(input_tokens: int | None, output_tokens: int | None) -> Usage | None:
    if input_tokens is None and output_tokens is None:
        return None
    return Usage(input_tokens, output_tokens)


def _anthropic_input(usage: Mapping[str, object]) -> int | None:
    """`input_tokens` there is only what was neither read from nor written to the cache."""
    fresh = _count(usage, "input_tokens")
    if fresh is None:
        return None
    cached = ("cache_creation_input_tokens", "cache_read_input_tokens")
    return fresh + sum(_count(usage, key) or 0 for key in cached)


def _count(usage: Mapping[str, object], key: str) -> int | None:
    value = usage.get(key)
    return value if type(value) is int and 0 <= value <= MAX_TOKENS else None

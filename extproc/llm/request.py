"""A parsed request as a `ChatView`, whatever its surface."""

from __future__ import annotations

from collections.abc import Mapping

from extproc.llm import anthropic, openai, responses
from extproc.llm.fields import (
    optional_count,
    optional_flag,
    optional_object,
    optional_string,
    refuse,
    required_string,
)
from extproc.llm.view import ChatView, Surface
from extproc.llm.walk import Walker, text_size

MAX_MODEL = 512
"""Characters of a model's name: it goes into every record."""

_READ = {
    Surface.CHAT_COMPLETIONS: openai.read_chat,
    Surface.COMPLETIONS: openai.read_completion,
    Surface.EMBEDDINGS: openai.read_embeddings,
    Surface.RESPONSES: responses.read,
    Surface.MESSAGES: anthropic.read,
}
_INTERPRETED = frozenset(
    {
        *("model", "stream", "stream_options", "user", "metadata", "n", "best_of"),
        *("max_tokens", "max_completion_tokens", "max_output_tokens"),
        *("messages", "system", "prompt", "suffix", "input", "instructions", "tools"),
        *("functions", "tool_choice", "temperature", "response_format", "text"),
    }
)


def view(surface: Surface, document: Mapping[str, object]) -> ChatView:
    """Reads `document` as a request of `surface`; raises `Refusal` (400) on wrong types."""
    _check_spelling(document)
    model = required_string(document, "model")
    if len(model) > MAX_MODEL:
        refuse(f"is longer than {MAX_MODEL} characters", ("model",))
    stream = optional_flag(document, "stream")
    options = optional_object(document, "stream_options")
    user = optional_string(document, "user")
    if surface is Surface.MESSAGES:
        user = optional_string(optional_object(document, "metadata"), "user_id", ("metadata",))
    walker = Walker()
    _READ[surface](walker, document)
    return ChatView(
        surface=surface,
        document=document,
        model=model,
        stream=stream,
        include_usage=optional_flag(options, "include_usage", ("stream_options",)),
        spans=tuple(walker.spans),
        unread=tuple(walker.unread),
        user=user or None,
        max_output_tokens=_max_output(document),
        text_bytes=text_size(walker.spans),
    )


def _max_output(document: Mapping[str, object]) -> int | None:
    """Tokens of all answers together; ``None`` when the client sets no limit."""
    given = ("max_completion_tokens", "max_output_tokens", "max_tokens")
    limits = [limit for key in given if (limit := optional_count(document, key)) is not None]
    answers = max(optional_count(document, "n") or 1, optional_count(document, "best_of") or 1)
    prompt = document.get("prompt")
    if isinstance(prompt, list) and any(isinstance(item, str | list) for item in prompt):
        answers *= len(prompt)
    return max(limits) * answers if limits else None


def _check_spelling(document: Mapping[str, object]) -> None:
    """``Model`` beside ``model`` would be two requests: some upstreams ignore the case of keys."""
    for key in document:
        if key not in _INTERPRETED and key.casefold() in _INTERPRETED:
            refuse(f"holds `{key.casefold()}` in a different case")

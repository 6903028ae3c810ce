"""Which requests may be answered from memory at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extproc.events import Headers
from extproc.exchange import Exchange
from extproc.inspectors.cache.settings import CacheSettings
from extproc.llm.view import Channel, ChatView, Surface, Uninspectable

_LABELS = ("public", "internal", "confidential")
"""From the lowest. Labels of other names are never cached."""
_DEFAULT_TEMPERATURE = 1.0
_TOOL_CHANNELS = frozenset({Channel.TOOL_CALL, Channel.TOOL_RESULT})
_OWN_TOOLS = frozenset({"function", "custom"})
"""Tools that the client runs; any other the upstream runs itself, on data that changes."""
_COUNTERS = ("inspector:limits:", "inspector:budget:")
"""Inspectors that count and read nothing: their failure leaves no text unread."""
_REMOTE = ("http://", "https://", "gs://", "s3://")


def may_ask(exchange: Exchange, settings: CacheSettings) -> bool:
    """Whether the request may be answered from memory, and its answer kept."""
    view = exchange.view
    if exchange.redacted and settings.partition == "tenant":
        # What was taken out of the question is put back into the answer: it is this user's alone.
        return False
    if view is None or exchange.sensitivity.label not in _allowed(settings.sensitivity):
        return False
    if any(_unread(each) for each in exchange.coverage):
        # The policy lets it through; but whose data it holds, and of which label, nobody knows.
        return False
    if _too_warm(view, settings.max_temperature) or _changes_outside(view):
        return False
    return settings.tools or not _uses_tools(view)


def client_directives(headers: Headers) -> frozenset[str]:
    """The directives of the request's `cache-control`, lower case, without their values."""
    return frozenset(
        directive.partition("=")[0].strip().lower()
        for directive in headers.get("cache-control", "").split(",")
    )


def _unread(coverage: str) -> bool:
    """Whether text went by an inspector. Media does so always, and is part of the key."""
    return coverage.startswith(("text:", "inspector:")) and not coverage.startswith(_COUNTERS)


def _allowed(highest: str) -> tuple[str, ...]:
    return _LABELS[: _LABELS.index(highest) + 1]


def _too_warm(view: ChatView, limit: float | None) -> bool:
    if limit is None or view.surface is Surface.EMBEDDINGS:
        return False
    temperature = view.document.get("temperature")
    if temperature is None:
        return limit < _DEFAULT_TEMPERATURE
    return not isinstance(temperature, int | float) or temperature > limit


def _changes_outside(view: ChatView) -> bool:
    """The request points at something that can change while its text stays the same."""
    if not view.unread:
        return False
    if any(unread.kind is Uninspectable.REFERENCES for unread in view.unread):
        return True
    return any(text.lower().startswith(_REMOTE) for text in _strings(_content(view)))


def _content(view: ChatView) -> list[object]:
    return [view.document.get(name) for name in ("messages", "input", "system")]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value[:16]
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _uses_tools(view: ChatView) -> bool:
    if any(span.channel in _TOOL_CHANNELS for span in view.spans):
        return True
    if "web_search_options" in view.document or "mcp_servers" in view.document:
        return True
    tools = view.document.get("tools")
    return isinstance(tools, list) and any(_runs_upstream(tool, view.surface) for tool in tools)


def _runs_upstream(tool: object, surface: Surface) -> bool:
    if not isinstance(tool, Mapping):
        return True
    kind = tool.get("type", "custom" if surface is Surface.MESSAGES else None)
    return kind not in _OWN_TOOLS

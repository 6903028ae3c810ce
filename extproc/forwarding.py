"""What becomes of a request on its way to a model: its path, its headers, its body."""

from __future__ import annotations

from extproc import identity
from extproc.exchange import Exchange, Request, Route
from extproc.identity import IdentityConfig
from extproc.intake import Document
from extproc.llm import changes
from extproc.llm.view import Surface
from extproc.verdict import Change

USAGE = Change(("stream_options", "include_usage"), value=True)
"""Has the model tell the usage of a stream."""


def asks_usage(exchange: Exchange) -> bool:
    """The policy wants exact usage, and the stream would not carry it by itself."""
    view = exchange.view
    return (
        view is not None
        and exchange.policy.usage == "exact"
        and view.stream
        and not view.include_usage
        and view.surface in {Surface.CHAT_COMPLETIONS, Surface.COMPLETIONS}
    )


def path(request: Request) -> str | None:
    """The path as we read it, where the client spelled it another way."""
    canonical = f"{request.path}?{request.query}" if request.query else request.path
    return None if canonical == request.headers.get(":path") else canonical


def body(document: Document | None, edits: tuple[Change, ...]) -> bytes | None:
    """What replaces the body: changed, or decoded, since it was read that way."""
    if document is None:
        return None
    if edits:
        return changes.apply(document.view.document, edits)
    return document.plain if document.encoded else None


def headers_to_drop(
    request: Request, config: IdentityConfig | None, *, replaced: bool
) -> tuple[str, ...]:
    """Ours, credentials that were for us, and what no longer fits a body that was `replaced`."""
    drop = identity.owned_headers_to_drop(request.headers, config)
    credentials = identity.credential_headers(config, request)
    return (*drop, *credentials, *(("content-encoding",) if replaced else ()))


def action(exchange: Exchange, route: Route) -> str:
    """The word for it in the record."""
    if exchange.redacted:
        return "redact"
    return "reroute" if route.rerouted else "allow"

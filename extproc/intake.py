"""From bytes to a view: decoded, strictly parsed, and within the limits of the policy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extproc.events import Headers
from extproc.llm import encoding, parse, request
from extproc.llm.view import ChatView, Surface, Uninspectable, Unread
from extproc.policy.model import Policy
from extproc.verdict import Code, Refusal, Refuse


@dataclass(frozen=True, slots=True)
class Document:
    """A body that has been read."""

    view: ChatView
    plain: bytes
    """The body as JSON, after content decoding."""
    encoded: bool
    """It came compressed: what we forward must say that it no longer is."""


def read(surface: Surface, headers: Headers, body: bytes, limit: int) -> Document:
    """Pure and synchronous. `limit` bounds the body before and after decoding, in bytes.

    Raises `Refusal` with the answer to give.
    """
    check_size(len(body), limit)
    encoding.check_content_type(headers.get("content-type"))
    content_encoding = headers.get("content-encoding")
    plain = encoding.decode(body, content_encoding, limit)
    return Document(request.view(surface, parse.parse(plain)), plain, content_encoding is not None)


def check_size(size: int, limit: int) -> None:
    """Raises `Refusal` when a body of `size` bytes is over `limit`."""
    if size > limit:
        raise Refusal(
            Refuse(Code.REQUEST_TOO_LARGE, f"the request body is over the limit of {limit} bytes")
        )


def within_text_budget(view: ChatView, policy: Policy) -> ChatView:
    """The view to inspect. Over the budget it is refused, or the rest is named as unread.

    Where the policy allows uninspected text, the newest spans are the ones read:
    a conversation grows at its end. Raises `Refusal` where it does not.
    """
    limit = policy.max_text_bytes
    if view.text_bytes <= limit:
        return view
    if policy.on_uninspectable.get(Uninspectable.TEXT, "deny") == "deny":
        raise Refusal(
            Refuse(
                Code.REQUEST_TOO_LARGE,
                f"the request holds more text than the inspection budget of {limit} bytes",
            )
        )
    kept: list[int] = []
    room = limit
    for index in range(len(view.spans) - 1, -1, -1):
        room -= len(view.spans[index].text.encode())
        if room >= 0:
            kept.append(index)
    skipped = len(view.spans) - len(kept)
    return replace(
        view,
        spans=tuple(view.spans[index] for index in reversed(kept)),
        unread=(*view.unread, Unread(Uninspectable.TEXT, f"over_budget_{skipped}_spans", "$")),
    )

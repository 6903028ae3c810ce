"""What must be equal for an answer to be shared, as hashes that no two requests share by chance."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from extproc.exchange import Exchange
from extproc.inspectors.cache.language import language
from extproc.inspectors.cache.wording import looks_like_code
from extproc.llm.view import ChatView, Surface
from extproc.verdict import Keys

_FORMAT = "cache/2"
"""Part of every partition: change it when the meaning of a key or an entry changes."""
_UNSHAPING = frozenset({"stream", "stream_options", "user"})
"""Fields of a request that do not shape the answer's content."""
_SHAPING_HEADERS = ("anthropic-version", "anthropic-beta", "openai-beta", "accept-language")
_TEXT_PARTS = frozenset({"text", "input_text"})
_MAX_SIMILAR = 1500
"""Characters of a question that may be similar instead of equal; longer ones do not fit
the embedder's window and are not worth the time to find out."""

Sharers = Literal["tenant", "user", "session"]


@dataclass(frozen=True, slots=True)
class Question:
    """Where a request's answer is kept."""

    partition: str
    """32 hex digits over all that must be equal."""
    key: str
    """32 hex digits: the partition and the exact text."""
    group: str
    """Policy and tenant, for bounds."""
    text: str | None
    """The text that may be similar; ``None`` when it must be equal."""

    @property
    def name(self) -> str:
        return f"{self.partition}.{self.key}"


def question(exchange: Exchange, digest: str, embedder: str, sharers: Sharers) -> Question | None:
    """`digest` is the policy's. ``None`` when it is not known with whom the answer may be shared.

    Raises nothing for a request that the strict parse has let through.
    """
    view, route, identity = exchange.view, exchange.route, exchange.identity
    if view is None or route is None or not identity.tenant:
        return None
    owner = _owner(exchange, sharers)
    if owner is None:
        return None
    keys = _question_keys(view)
    text = _at(view.document, keys) if keys is not None else None
    headers = exchange.request.headers
    partition = fingerprint(
        (
            _FORMAT, embedder, identity.tenant, sharers, *owner, digest,
            route.model, route.version, route.pool, route.upstream_name, route.variant,
            view.surface, exchange.request.query, *map(headers.get, _SHAPING_HEADERS),
            str(keys), _canonical(view, keys), language(text) if text is not None else None,
        )
    )  # fmt: skip
    similar = (
        text is not None
        and 0 < len(text) <= _MAX_SIMILAR
        and not exchange.redacted
        and not looks_like_code(text)
    )
    return Question(
        partition=partition,
        key=fingerprint((partition, _normal(text) if text is not None else None)),
        group=fingerprint((digest, identity.tenant)),
        text=text if similar else None,
    )


def fingerprint(parts: Iterable[str | None]) -> str:
    """32 hex digits. Each part is counted before it is hashed, so no two tuples collide."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        # A lone surrogate is valid in JSON.
        data = part.encode(errors="surrogatepass") if part is not None else b""
        digest.update(b"-" if part is None else b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def _owner(exchange: Exchange, sharers: Sharers) -> tuple[str | None, ...] | None:
    identity = exchange.identity
    if sharers == "tenant":
        return ()
    if sharers == "session":
        return (identity.caller, identity.session) if identity.session else None
    # A key or a workload may speak for many users: then the request must name one.
    user = exchange.view.user if exchange.view is not None else None
    return (identity.caller, user) if user or identity.source == "jwt" else None


def _canonical(view: ChatView, keys: Keys | None) -> str:
    """The document without the question and without what does not shape the answer.

    Order is kept below the top: models follow the order of a schema's fields.
    """
    document = {key: view.document[key] for key in sorted(view.document.keys() - _UNSHAPING)}
    metadata = document.get("metadata")
    if view.surface is Surface.MESSAGES and isinstance(metadata, Mapping):
        document["metadata"] = {k: v for k, v in metadata.items() if k != "user_id"}
        if not document["metadata"]:
            del document["metadata"]
    if keys is not None:
        document = _without(document, keys)
    return json.dumps(document, separators=(",", ":"))


def _question_keys(view: ChatView) -> Keys | None:
    """Where the last words of the user stand, when they are one plain string at the very end."""
    document = view.document
    match view.surface:
        case Surface.CHAT_COMPLETIONS | Surface.MESSAGES:
            return _last_words(document, "messages")
        case Surface.RESPONSES:
            if isinstance(document.get("input"), str):
                return ("input",)
            return _last_words(document, "input")
        case Surface.COMPLETIONS:
            return ("prompt",) if isinstance(document.get("prompt"), str) else None
        case Surface.EMBEDDINGS:  # a similar text has another vector
            return None


def _last_words(document: Mapping[str, object], name: str) -> Keys | None:
    turns = document.get(name)
    if not isinstance(turns, list) or not turns or not isinstance(turns[-1], Mapping):
        return None
    last, at = turns[-1], len(turns) - 1
    if last.get("role") != "user":
        return None
    content = last.get("content")
    if isinstance(content, str):
        return (name, at, "content")
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], Mapping):
        part = content[0]
        if part.get("type") in _TEXT_PARTS and isinstance(part.get("text"), str):
            return (name, at, "content", 0, "text")
    return None


def _at(document: Mapping[str, object], keys: Keys) -> str:
    value: object = document
    for key in keys:
        value = value[key]  # type: ignore[index]  # `_question_keys` has walked this way
    assert isinstance(value, str)
    return value


def _without(value: Any, keys: Keys) -> Any:
    """A copy with ``None`` at `keys`; only what lies on the way is copied."""
    if not keys:
        return None
    copy = value.copy()
    copy[keys[0]] = _without(copy[keys[0]], keys[1:])
    return copy


def _normal(text: str) -> str:
    """One spelling of texts that any reader takes for the same."""
    return unicodedata.normalize("NFC", text.strip())

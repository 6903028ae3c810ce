"""The request as inspectors see it: every piece of text, with its role and place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from extproc.verdict import Keys

_FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}", re.ASCII)


class Dialect(StrEnum):
    """Whose wire format a surface speaks."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


class Surface(StrEnum):
    """The endpoints we understand; the value is the canonical path."""

    CHAT_COMPLETIONS = "/v1/chat/completions"
    COMPLETIONS = "/v1/completions"
    EMBEDDINGS = "/v1/embeddings"
    RESPONSES = "/v1/responses"
    MESSAGES = "/v1/messages"

    @property
    def dialect(self) -> Dialect:
        return Dialect.ANTHROPIC if self is Surface.MESSAGES else Dialect.OPENAI


class Channel(StrEnum):
    """Who speaks in a span. An order in a tool result is not an order from the user."""

    USER = "user"
    SYSTEM = "system"
    ASSISTANT = "assistant"
    TOOL_RESULT = "tool_result"
    TOOL_CALL = "tool_call"
    TOOL_DEFINITION = "tool_definition"
    DOCUMENT = "document"


class Uninspectable(StrEnum):
    """Kinds of content that no inspector can read (`on_uninspectable`)."""

    TEXT = "text"
    MEDIA = "media"
    REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Span:
    """One string of the document, whole.

    Two kinds are not at `keys` as a string and cannot be replaced by a
    `Change` there (`editable` is false): the keys of a free object, joined by
    newlines, and a long number.
    """

    text: str
    role: str
    """As the dialect names it, such as ``user`` or ``developer``."""
    channel: Channel
    keys: Keys
    editable: bool = True

    @property
    def path(self) -> str:
        """JSON path of the string, such as ``$.messages[2].content[0].text``."""
        return json_path(self.keys)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in the request that holds content we cannot inspect."""

    kind: Uninspectable
    what: str
    """A fixed word for the record, such as ``image``, ``token_ids``, ``file_id``."""
    path: str


@dataclass(frozen=True, slots=True)
class ChatView:
    """A parsed request of one of the five surfaces.

    `document` is the strict parse of the body; nobody changes it in place:
    inspectors return `Change`s and the session applies them to a copy.
    """

    surface: Surface
    document: Mapping[str, object]
    model: str
    stream: bool
    include_usage: bool
    """The client asked for usage in the stream (OpenAI `stream_options`)."""
    spans: tuple[Span, ...]
    """In document order."""
    unread: tuple[Unread, ...]
    user: str | None
    """`user`, or Anthropic's `metadata.user_id`: the experiment's sticky key."""
    max_output_tokens: int | None
    """What the client allows the answer to cost, when it says so."""
    text_bytes: int
    """UTF-8 size of all spans."""


def json_path(keys: Keys) -> str:
    """`("messages", 0, "content")` → ``$.messages[0].content``.

    Paths go to logs and records, and keys of free objects are the client's
    text: one that does not look like the name of a field is written as ``*``.
    """
    return "$" + "".join(
        f"[{key}]" if isinstance(key, int) else f".{key if _field_name(key) else '*'}"
        for key in keys
    )


def _field_name(key: str) -> bool:
    return _FIELD_NAME.fullmatch(key) is not None and sum(map(str.isdigit, key)) <= 3

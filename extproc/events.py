"""What a session hears from Envoy and what it answers: five events, two replies.

The session speaks only these; `wire` translates them to and from protobuf.
Header names are lower case. A header sent twice is one entry whose values are
joined with ``", "`` (RFC 9110, 5.2), except those in `Headers.repeated`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RequestHeaders:
    """The request line and headers; `end_of_stream` when no body follows."""

    headers: Headers
    end_of_stream: bool
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Envoy request attributes, such as ``connection.uri_san_peer_certificate``."""
    metadata: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Dynamic metadata that earlier filters wrote, by namespace."""


@dataclass(frozen=True, slots=True)
class RequestBody:
    """A request body: whole, because Envoy buffers it for us."""

    body: bytes
    end_of_stream: bool


@dataclass(frozen=True, slots=True)
class ResponseHeaders:
    """Status and headers of the answer, from a model or from Envoy itself."""

    headers: Headers
    end_of_stream: bool


@dataclass(frozen=True, slots=True)
class ResponseBody:
    """One message of an answer: all of it when buffered, a piece when streamed."""

    body: bytes
    end_of_stream: bool


@dataclass(frozen=True, slots=True)
class Trailers:
    """Trailers of the request or of the response."""

    of_response: bool


Event = RequestHeaders | RequestBody | ResponseHeaders | ResponseBody | Trailers


class BodyMode(Enum):
    """How Envoy hands over the response body."""

    NONE = "none"
    BUFFERED = "buffered"
    STREAMED = "streamed"


@dataclass(frozen=True, slots=True)
class Proceed:
    """Let the message go on, changed or not."""

    set_headers: Headers = field(default_factory=dict)
    remove_headers: tuple[str, ...] = ()
    body: bytes | None = None
    """Replaces the body of the message; ``None`` keeps it."""
    clear_route_cache: bool = False
    response_body_mode: BodyMode | None = None
    """Only in replies to headers: how the response body is to be delivered."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Dynamic metadata written into our own namespace."""
    final: bool = False
    """Nothing more to say: the servicer ends the stream after this reply."""


@dataclass(frozen=True, slots=True)
class Respond:
    """Answer the client ourselves; Envoy contacts no upstream."""

    status: int
    headers: Headers
    body: bytes


Reply = Proceed | Respond

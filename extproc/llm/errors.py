"""Errors in the client's dialect: as a body, and as the end of a stream."""

from __future__ import annotations

import json

from extproc.events import Headers
from extproc.llm.endpoint import canonical_path
from extproc.llm.sse import encode
from extproc.llm.view import Dialect, Surface
from extproc.verdict import Code, Refuse

CONTENT_TYPE = "application/json"

_OPENAI_TYPE = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    503: "server_error",
}
_ANTHROPIC_TYPE = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "api_error",
}


def error_body(dialect: Dialect, refuse: Refuse, request_id: str) -> bytes:
    """The JSON body of an answer that refuses."""
    return _dump(_error(dialect, refuse, request_id))


def error_event(
    surface: Surface, refuse: Refuse, request_id: str, sequence_number: int = 0
) -> bytes:
    """The frames that end a stream with an error, so that no client takes it for complete.

    `sequence_number` is the next one of a Responses stream.
    """
    error = _error(surface.dialect, refuse, request_id)
    if surface is Surface.MESSAGES:
        return encode("error", _dump(error).decode())
    if surface is Surface.RESPONSES:
        # The fields of the `error` event, and `error` for clients that look for that.
        flat = {"code": refuse.code, "message": refuse.message, "param": refuse.param}
        event = {"type": "error", "sequence_number": sequence_number, **flat, **error}
        return encode("error", _dump(event).decode())
    return encode(None, _dump(error).decode()) + encode(None, "[DONE]")


def dialect_of_path(raw_path: str, headers: Headers | None = None) -> Dialect:
    """Whose errors a client expects on a path we do not know.

    Anthropic's under ``/v1/messages``, or when the client names that API's
    version in `headers`; else OpenAI's.
    """
    path = canonical_path(raw_path.partition("?")[0]) or raw_path
    folded = path.lower()
    if folded == Surface.MESSAGES.value or folded.startswith(Surface.MESSAGES.value + "/"):
        return Dialect.ANTHROPIC
    if any(folded == surface.value for surface in Surface):
        return Dialect.OPENAI
    return Dialect.ANTHROPIC if headers and "anthropic-version" in headers else Dialect.OPENAI


def _error(dialect: Dialect, refuse: Refuse, request_id: str) -> dict[str, object]:
    if dialect is Dialect.ANTHROPIC:
        kind = _ANTHROPIC_TYPE.get(refuse.status, "invalid_request_error")
        if refuse.code is Code.OVERLOADED:
            kind = "overloaded_error"
        error = {"type": kind, "message": refuse.message, "code": refuse.code}
        return {"type": "error", "error": error, "request_id": request_id}
    return {
        "error": {
            "message": refuse.message,
            "type": _OPENAI_TYPE.get(refuse.status, "invalid_request_error"),
            "param": refuse.param,
            "code": refuse.code,
            "request_id": request_id,
        }
    }


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

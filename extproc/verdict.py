"""What an inspector says: an action, and findings that explain it.

Findings and messages name rules, places and scores. They never hold text of
the request: both go to logs, metrics and the audit record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extproc.answers import AnswerFilter

Keys = tuple[str | int, ...]
"""Where a value stands in a JSON document: ``("messages", 0, "content")``."""


class Code(StrEnum):
    """Machine-readable reason of an answer we give ourselves (the contract's table)."""

    INVALID_REQUEST = "invalid_request"
    UNAUTHENTICATED = "unauthenticated"
    ACCESS_DENIED = "access_denied"
    PROMPT_INJECTION = "prompt_injection"
    SENSITIVE_DATA = "sensitive_data"
    CONTENT_POLICY = "content_policy"
    UNKNOWN_ENDPOINT = "unknown_endpoint"
    MODEL_NOT_FOUND = "model_not_found"
    REQUEST_TOO_LARGE = "request_too_large"
    UNSUPPORTED_ENCODING = "unsupported_encoding"
    RATE_LIMITED = "rate_limited"
    BUDGET_EXCEEDED = "budget_exceeded"
    NO_COMPLIANT_MODEL = "no_compliant_model"
    OVERLOADED = "overloaded"
    INSPECTION_UNAVAILABLE = "inspection_unavailable"


STATUS: dict[Code, int] = {
    Code.INVALID_REQUEST: 400,
    Code.UNAUTHENTICATED: 401,
    Code.ACCESS_DENIED: 403,
    Code.PROMPT_INJECTION: 403,
    Code.SENSITIVE_DATA: 403,
    Code.CONTENT_POLICY: 403,
    Code.UNKNOWN_ENDPOINT: 404,
    Code.MODEL_NOT_FOUND: 404,
    Code.REQUEST_TOO_LARGE: 413,
    Code.UNSUPPORTED_ENCODING: 415,
    Code.RATE_LIMITED: 429,
    Code.BUDGET_EXCEEDED: 429,
    Code.NO_COMPLIANT_MODEL: 503,
    Code.OVERLOADED: 503,
    Code.INSPECTION_UNAVAILABLE: 503,
}


class Mode(StrEnum):
    """How a section of a policy acts on what it finds."""

    ENFORCE = "enforce"
    MONITOR = "monitor"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an inspector noticed, without the text it noticed it in."""

    inspector: str
    rule: str
    score: float
    """In [0, 1]."""
    channel: str | None = None
    path: str | None = None
    """JSON path of the span, such as ``$.messages[0].content``."""
    mode: Mode = Mode.ENFORCE
    """Set by the pipeline: what the policy's section was set to."""
    code: Code | None = None
    """The code of the refusal this finding led to, or would have led to."""
    start: int | None = None
    end: int | None = None
    """Code-point offsets in the span's original text."""


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement in the request's JSON document."""

    keys: Keys
    value: object
    before: bool = False
    """`value` is text to stand before the string that is there."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Nothing against it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Forward, with these changes to the document. They apply in order."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Redact:
    """Forward without values that must not leave. A monitored section leaves them in."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer with an error in the client's dialect. `message` names the rule only."""

    code: Code
    message: str
    param: str | None = None
    retry_after: int | None = None
    """Seconds, rounded up."""
    should_retry: bool | None = None
    """``False`` tells SDKs that a retry cannot help."""

    @property
    def status(self) -> int:
        return STATUS[self.code]


@dataclass(frozen=True, slots=True)
class Serve:
    """Answer from our own memory with a finished body in the client's dialect."""

    body: bytes
    content_type: str


Action = Pass | Edit | Redact | Refuse | Serve
PASS = Pass()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One inspector's word on one exchange."""

    action: Action = PASS
    findings: tuple[Finding, ...] = ()
    answer: AnswerFilter | None = field(default=None, repr=False)
    """What is to see the answer, when the request goes to a model."""


NOTHING = Verdict()


class Refusal(Exception):
    """Raised outside the pipeline where parsing or admission must refuse."""

    def __init__(self, refuse: Refuse) -> None:
        super().__init__(refuse.message)
        self.refuse = refuse

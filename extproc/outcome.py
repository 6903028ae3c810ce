"""What was decided, and what came of it.

A `Decision` is all that must survive until the answer has ended. It travels as
one JSON string in Envoy's dynamic metadata and returns with the access-log
entry, so that Python need not remember an exchange while a model is thinking.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from extproc.exchange import BYPASS, CacheResult, Reservation
from extproc.verdict import Code, Finding, Mode


@dataclass(frozen=True, slots=True)
class Decision:
    """The final word on a request, without a word of its text."""

    request_id: str
    ts: float
    """Unix seconds at which the request arrived."""
    tenant: str | None
    caller: str | None
    policy: str | None
    """``name@digest8``."""
    path: str
    action: str
    """``allow``, ``block``, ``redact``, ``reroute``, or ``aborted`` when the client left first."""
    code: Code | None = None
    status: int | None = None
    """Set when we answered ourselves."""
    stream: bool = False
    model_requested: str | None = None
    model_served: str | None = None
    pool: str | None = None
    variant: str | None = None
    experiment: str | None = None
    findings: tuple[Finding, ...] = ()
    sensitivity: str | None = None
    pools: tuple[str, ...] | None = None
    """Where the data may go, sorted; ``None`` for anywhere."""
    cache: CacheResult = BYPASS
    coverage: tuple[str, ...] = ()
    prompt_hmac: str | None = None
    input_tokens: int = 0
    """Our estimate, used when the answer carries no usage."""
    input_usd_per_mtok: float = 0.0
    output_usd_per_mtok: float = 0.0
    reservation: Reservation | None = None
    trace: str | None = None
    """The exchange's own span, as the tracer wrote it."""

    def to_json(self) -> str:
        """Compact: fields at their default are left out."""
        out: dict[str, Any] = {}
        for name, default in _DEFAULTS:
            value = getattr(self, name)
            if value != default:
                out[name] = value
        if self.findings:
            out["findings"] = [
                {k: v for k, v in asdict(finding).items() if v is not None}
                for finding in self.findings
            ]
        if "cache" in out:
            out["cache"] = asdict(self.cache)
        if self.reservation is not None:
            out["reservation"] = asdict(self.reservation)
        return json.dumps(out, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Decision:
        """Raises `ValueError` when `text` is not one of ours."""
        try:
            raw: dict[str, Any] = json.loads(text)
            if (code := raw.get("code")) is not None:
                raw["code"] = Code(code)
            raw["findings"] = tuple(_finding(item) for item in raw.get("findings", ()))
            raw["coverage"] = tuple(raw.get("coverage", ()))
            if raw.get("pools") is not None:
                raw["pools"] = tuple(raw["pools"])
            if "cache" in raw:
                raw["cache"] = CacheResult(**raw["cache"])
            if "reservation" in raw:
                raw["reservation"] = Reservation(**raw["reservation"])
            return cls(**raw)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"not a decision: {error}") from error


_DEFAULTS = tuple((f.name, f.default) for f in fields(Decision))
"""Required fields have `MISSING` here, which equals no value: they are always written."""


def _finding(raw: dict[str, Any]) -> Finding:
    raw["mode"] = Mode(raw["mode"])
    if raw.get("code") is not None:
        raw["code"] = Code(raw["code"])
    return Finding(**raw)


@dataclass(frozen=True, slots=True)
class Answer:
    """What our response phase learned, where there was one."""

    response_hmac: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    """From the answer's own usage when `exact`, else counted by us."""
    exact: bool = False
    findings: tuple[Finding, ...] = ()
    redacted: bool = False
    """The client got less than the model said."""
    status: int | None = None
    """What the upstream said, where the client was told something else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One access-log entry, reduced to what we use. Times are milliseconds."""

    status: int
    latency_ms: float
    ttft_ms: float | None
    """To the first byte from the upstream."""
    flags: tuple[str, ...]
    """Envoy's response flags, such as ``UF`` or ``DC``."""
    cluster: str | None
    """Upstream cluster contacted; ``None`` when Envoy or we answered."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    """From usage metadata; ``None`` when the answer carried none."""
    response_bytes: int = 0
    request_id: str | None = None
    decision: str | None = None
    """The decision's JSON as it came back, ``None`` when the entry has none."""

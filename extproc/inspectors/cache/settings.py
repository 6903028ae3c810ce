"""The policy's `cache` section: what may be answered from memory, and for how long."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from extproc.models.same_answer.presets import PRESETS, PresetName
from extproc.policy.section import OnError, Section, Strict

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d)")
_UNIT_S = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
MAX_TTL_S = 30 * 86_400.0


def _duration(value: Any) -> Any:
    """``"1h"`` → 3600.0; a number is seconds already; the rest is left to be refused."""
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value)
    if match is None:
        raise ValueError('allowed: seconds, or a number with s, m, h or d, such as "1h"')
    return float(match[1]) * _UNIT_S[match[2]]


def _false_or_settings(value: Any) -> Any:
    if value is True:
        raise ValueError("allowed: false, strict, balanced, generous, or {threshold: 0.96}")
    return None if value is False else value


Ttl = Annotated[float, BeforeValidator(_duration), Field(gt=0, le=MAX_TTL_S, strict=True)]
Stale = Annotated[float, BeforeValidator(_duration), Field(ge=0, le=MAX_TTL_S, strict=True)]
Wait = Annotated[float, BeforeValidator(_duration), Field(ge=0, le=15, strict=True)]


def _preset(value: Any) -> Any:
    return {"preset": value} if isinstance(value, str) else value


class SemanticSettings(Strict):
    """When a question that is worded differently counts as the same."""

    preset: PresetName = "balanced"
    """How sure the verifier must be; `docs/cache.md` has the measured rates of each."""
    threshold: Annotated[float, Field(ge=0.5, le=1)] | None = None
    """Least cosine of the two questions, instead of the preset's. The verifier decides as well."""

    @property
    def cosine(self) -> float:
        return PRESETS[self.preset].cosine if self.threshold is None else self.threshold

    @property
    def score(self) -> float:
        return PRESETS[self.preset].score


class CacheSettings(Section):
    """Answers are kept by tenant, policy, model and everything in the request but the wording."""

    on_error: OnError | None = OnError.ALLOW
    """A cache that fails or is late is a miss, whatever the policy's other inspectors do."""
    semantic: Annotated[
        SemanticSettings | None, BeforeValidator(_preset), BeforeValidator(_false_or_settings)
    ] = SemanticSettings()
    """A preset's name, settings, or ``false`` for equal questions only."""
    ttl: Ttl = 3600.0
    """How long an answer may be used."""
    jitter: Annotated[float, Field(ge=0, le=0.5)] = 0.1
    """Largest part of `ttl` by which an answer ends sooner, so that not all end at once."""
    stale: Stale = 0.0
    """How long after `ttl` an answer may still be served while one request asks for a newer; 0 never."""
    admit: Literal["first", "second"] = "first"
    """At which sighting of a question its answer is kept; each process counts for itself."""
    single_flight: Wait = 5.0
    """How long a request waits for the answer that an identical one has asked for; 0 never."""
    max_entries: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    """Answers kept for one tenant under this policy; the oldest make room."""
    max_temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """Requests over it are not cached; one that does not say counts as 1. No limit by default."""
    tools: bool = False
    """Whether conversations with tool calls and tool results are cached."""
    sensitivity: Literal["public", "internal", "confidential"] = "internal"
    """The highest label that may be cached. Other labels never are."""
    partition: Literal["tenant", "user", "session"] = "tenant"
    """Who shares answers. Requests without a known user, or session, are then not cached."""

"""What a policy may say about prompt injection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from extproc.llm.view import Channel
from extproc.policy.section import Section, Strict

Score = Annotated[float, Field(gt=0, le=1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Action = Literal["block", "flag"]


class ChannelSettings(Strict):
    """What differs for one channel; what is left out comes from the section."""

    threshold: Score | None = None
    action: Action | None = None
    flag: Score | None = None


class InjectionSettings(Section):
    """The `injection` section."""

    present_by_default: ClassVar[bool] = True

    threshold: Score = 0.8
    """Scores from here on are acted on."""
    action: Action = "block"
    """`flag` records a finding and lets the request pass."""
    flag: Score = 0.5
    """Scores from here on are recorded as findings. Above `threshold` it has no effect."""
    channels: Mapping[Channel, ChannelSettings] = Field(default_factory=dict)
    """Overrides by channel, such as ``{tool_result: {threshold: 0.7}}``."""
    allow: frozenset[Sha256] = frozenset()
    """SHA-256 (hex, of the UTF-8 text) of whole spans that are known and not scanned."""
    system: bool = False
    """Scan the system channel too. Off: it is the operator's own voice and full of orders."""

"""What a policy may say about prompt injection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from extproc.inspectors.injection.presets import PRESETS, Name
from extproc.llm.view import Channel
from extproc.policy.section import Section, Strict

Score = Annotated[float, Field(gt=0, le=1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Action = Literal["block", "flag"]

MAX_WINDOWS = 2_048
"""Default: about 8 s of two cores."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a score means in one channel."""

    flag: float
    block: float
    action: Action

    @property
    def lowest(self) -> float:
        """Scores from here on are recorded."""
        return min(self.flag, self.block)

    def refuses(self, score: float) -> bool:
        return self.action == "block" and score >= self.block


class ChannelSettings(Strict):
    """What differs for one channel; what is left out comes from the section."""

    preset: Name | None = None
    """Thresholds by name, in place of all that the section says of thresholds."""
    threshold: Score | None = None
    """The same as `block`."""
    block: Score | None = None
    """Scores from here on are acted on."""
    action: Action | None = None
    """`flag` records a finding and lets the request pass."""
    flag: Score | None = None
    """Scores from here on are recorded as findings."""

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        _check_names(self.block, self.threshold)
        return self


class InjectionSettings(Section):
    """The `injection` section."""

    present_by_default: ClassVar[bool] = True

    preset: Name = "balanced"
    """Thresholds by name. `flag` and `block` override it."""
    threshold: Score | None = None
    """The same as `block`."""
    block: Score | None = None
    """Scores from here on are acted on; without it the preset's."""
    action: Action = "block"
    """`flag` records a finding and lets the request pass."""
    flag: Score | None = None
    """Scores from here on are recorded as findings; without it the preset's. Above `block` it has no effect."""
    channels: Mapping[Channel, ChannelSettings] = Field(default_factory=dict)
    """Overrides by channel, such as ``{tool_result: {preset: strict}}``."""
    allow: frozenset[Sha256] = frozenset()
    """SHA-256 (hex, of the UTF-8 text) of whole spans that are known and not scanned."""
    system: bool = False
    """Scan the system channel too. Off: it is the operator's own voice and full of orders."""
    pools: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Pools that a flagged request may go to, such as one whose models have no tools."""
    max_windows: Annotated[int, Field(ge=1, le=65_536)] = MAX_WINDOWS
    """Windows of about 100 words that the classifier reads for one request; over that
    `on_uninspectable.text` decides. The rules read everything, always."""
    early_exit: bool = False
    """In long texts the classifier reads only windows that a far smaller model suspects, and those in
    which a rule matched. `coverage` says where windows were left out."""
    canary: bool = False
    """Puts a secret word before the system prompt, and refuses answers that repeat it."""

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        _check_names(self.block, self.threshold)
        return self

    def limits(self, channel: Channel) -> Limits:
        """What holds in `channel`: the most specific of what is said."""
        own = self.channels.get(channel, ChannelSettings())
        named = PRESETS[own.preset or self.preset]
        flag, block = named.flag, named.block
        if own.preset is None:
            flag = self.flag or flag
            block = self.block or self.threshold or block
        return Limits(
            flag=own.flag or flag,
            block=own.block or own.threshold or block,
            action=own.action or self.action,
        )


def _check_names(block: float | None, threshold: float | None) -> None:
    if block is not None and threshold is not None:
        raise ValueError("block and threshold are the same; only one of them is allowed")

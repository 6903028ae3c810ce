"""Base of every section of a policy: strict keys, and a mode of its own."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict

from extproc.verdict import Mode


class OnError(StrEnum):
    """What happens when an inspector fails or misses its deadline."""

    DENY = "deny"
    ALLOW = "allow"


class Strict(BaseModel):
    """Frozen; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Section(Strict):
    """Settings of one inspector, owned by the inspector and kept beside its code."""

    present_by_default: ClassVar[bool] = False
    """Whether a policy that does not mention the section gets it with its defaults."""

    mode: Mode | None = None
    """``None`` takes the policy's mode."""
    on_error: OnError | None = None
    """``None`` takes the policy's."""

    def resolved(self, read: Callable[[str], bytes]) -> Self:
        """With the contents of the files that it names. Raises `OSError` or `ValueError`."""
        del read
        return self

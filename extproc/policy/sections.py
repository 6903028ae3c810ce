"""Sections of a policy that no request inspector owns."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Never

from pydantic import model_validator

from extproc.policy.section import Section


class AuditSettings(Section):
    """What the audit record holds beyond decisions."""

    present_by_default: ClassVar[bool] = True

    capture: Literal["none", "hash"] = "none"
    """``none`` and ``hash`` keep no text: records hold keyed hashes either way."""


class OutputSettings(Section):
    """Checks on answers. Refused until they are enforced: nothing is silently not applied."""

    @model_validator(mode="before")
    @classmethod
    def _unsupported(cls, _value: Any) -> Never:
        raise ValueError("output checks are not supported in this version; remove the section")

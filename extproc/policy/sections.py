"""Sections of a policy that no request inspector owns."""

from __future__ import annotations

from typing import ClassVar, Literal

from extproc.policy.section import Section


class AuditSettings(Section):
    """What the audit record holds beyond decisions."""

    present_by_default: ClassVar[bool] = True

    capture: Literal["none", "hash"] = "none"
    """``none`` and ``hash`` keep no text: records hold keyed hashes either way."""

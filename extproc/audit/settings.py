"""The `audit` section of a policy."""

from __future__ import annotations

from typing import ClassVar, Literal

from extproc.policy.section import Section


class AuditSettings(Section):
    """What the record of an exchange may hold beside its fixed fields."""

    present_by_default: ClassVar[bool] = True

    capture: Literal["none"] = "none"
    """Text of prompts and answers kept in the record."""

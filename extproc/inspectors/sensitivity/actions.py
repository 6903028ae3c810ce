"""What a policy does about an entity, or about a label."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """From nothing at all to a refusal."""

    ALLOW = "allow"
    """It is recorded, and does not label the request."""
    TAG = "tag"
    """It labels the request, and limits nothing."""
    ROUTE = "route"
    """Only to the pools that its label's residency allows."""
    REDACT = "redact"
    BLOCK = "block"

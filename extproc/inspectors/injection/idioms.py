"""Everyday phrases the classifier takes for attacks, blanked before it reads a text.

Only the phrase itself goes, so nothing can hide behind it: whatever stands
around it is scored as before, and the rules still see all of it.
"""

from __future__ import annotations

import re

_IDIOMS = re.compile(
    # Between people: "ignore my last message", "disregard our earlier e-mail about the invoice".
    r"\b(?:ignore|disregard|forget|skip|delete)\s+(?:about\s+)?(?:my|our|his|her|their)\s+"
    r"(?:last|previous|earlier|prior|first|old)\s+"
    r"(?:message|e-?mail|mail|question|note|draft|comment|request|text|letter|post|reply|order)s?\b"
    # What system prompts say, and people who write them.
    r"|\b(?:never|do\s+not|don['’]t|must\s+not|should\s+not|cannot|can['’]t)\s+(?:ever\s+)?"
    r"(?:reveal|disclose|share|show|repeat|mention|discuss|expose|output)\s+"
    r"(?:these|those|your|the|this|its|any\s+of\s+(?:these|your))\s+"
    r"(?:(?:system|internal|initial|own|hidden)\s+)?(?:instructions?|prompts?|rules|guidelines|messages?)\b"
    # What shops and manuals list.
    r"|\bsystem\s+requirements\b",
    re.IGNORECASE,
)


def blank(text: str) -> str:
    """`text` with its idioms replaced by as many spaces: offsets stay."""
    return _IDIOMS.sub(lambda found: " " * len(found.group()), text)

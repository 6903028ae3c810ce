"""Content of answers that does something where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

RULES = {
    "script": r"<\s*(?:script|iframe|object|embed)\b",
    "event_handler": r"<[A-Za-z][^<>]{0,400}?[\s/\"']on[a-z]{3,24}\s*=",
    "script_link": r"(?:\]\(|\b(?:href|src|action)\s*=\s*[\"']?)\s*<?(?:javascript|vbscript|data:text/html)\b",
    "image_with_data": (
        r"!\[[^\]\n]{0,200}\]\(\s*<?https?://[^)\s]{0,2000}?[?#=][^)\s]{0,2000}\)"
        r"|<img\b[^<>]{0,200}?\bsrc\s*=\s*[\"']?https?://[^\s<>\"']{0,2000}?[?#=]"
    ),
    "hidden_text": "[\U000e0000-\U000e007f]{3,}|[\u200b\u200c\u2060\u2062-\u2064\ufeff]{16,}",
    "terminal_escape": "\x1b[\\[\\]]",
}
"""Names of rules and what they match."""

_ANY = re.compile("|".join(f"(?P<{name}>{rule})" for name, rule in RULES.items()), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Active:
    """One thing found. Offsets are code points."""

    type: str
    start: int
    end: int
    score: float = 1.0


def active(text: str) -> Iterator[Active]:
    for found in _ANY.finditer(text):
        if found.lastgroup is not None:
            yield Active(found.lastgroup, *found.span())

"""Values that stand where a secret would: samples, masks, references to variables."""

from __future__ import annotations

import math
import re
from collections import Counter

_WORDS = re.compile(
    rb"example|sample|^my[_-]|placeholder|change[_-]?me|your[_-]?|dummy|redacted|(?-i:xxxx|XXXX)|\*\*\*|\.\.\.|####|"
    rb"<[^>]*>|\$\{|\{\{|\$\(|%\(|insert|todo|fixme|replace|goes[_-]?here|foobar|lorem|fake|mock",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(rb"(?i)pass(?:word|wort|wd|phrase)?[0-9]?")
_SEQUENCES = re.compile(
    rb"(?:01)?23456789(?:01?2?)?|1234567890?|abcdefghi?j?k?l?m?n?o?p?|abcdef|qwerty(?:uiop)?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    rb"[$%<{\[]|env\b|process\.|os\.|getenv|null$|none$|true$|false$|undefined$|nil$|self\.|this\.|"
    rb"@[\w./~-]+\.[a-z]{2,5}$|config|settings|vault:|arn:|ssm:|secretkeyref",
    re.IGNORECASE,
)


def looks_made_up(value: bytes, *, words: bool = False) -> bool:
    """Whether `value` is a sample or a mask; with `words`, a reference to a variable too."""
    if (
        _WORDS.search(value)
        or (value[:1] in b"Pp" and _OWN_NAME.fullmatch(value))
        or (words and _REFERENCE.match(value))
    ):
        return True
    return _repeats(value) or 2 * len(_SEQUENCES.sub(b"", value)) < len(value)


def _repeats(value: bytes) -> bool:
    """Whether a few characters make up most of it: ``xxxxxxxx``, ``AAAA-0000``."""
    if len(value) < 8:
        return len(set(value)) <= 1
    different = set(value)
    return len(different) < 5 or max(map(value.count, different)) * 2 > len(value)


def entropy(value: bytes) -> float:
    """Shannon entropy in bits per character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0

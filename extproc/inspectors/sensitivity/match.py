"""What a rule is, what it yields, and how the words around a candidate count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from extproc.inspectors.sensitivity.plain import Plain

BEFORE = 64
AFTER = 24
"""How far context reaches, in characters."""


@dataclass(frozen=True, slots=True)
class Match:
    """One entity, in offsets of the plain text."""

    type: str
    start: int
    end: int
    score: float
    rank: int = 0
    """Breaks ties of equal score: how near the context stood, larger is nearer."""


class Rule(Protocol):
    """Looks for entities where its trigger stands.

    A trigger holds no white space but beside a digit: texts are cut elsewhere.
    What `examine` says depends on the text alone, never on earlier calls.
    """

    @property
    def trigger(self) -> bytes:
        """A google-re2 pattern over Latin-1 bytes."""
        ...

    @property
    def types(self) -> frozenset[str]: ...

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]: ...


COUNTER = re.compile(
    rb"\b(?:orders?|invoices?|tickets?|tracking|transaction|reference|ref|case|sku|part|serial|"
    rb"build|versions?|release|id|ids|isbn|issn|issue|commit|batch|lot|model|zip|timestamp|epoch|"
    rb"uuid|guid|hash|checksum|port|pid|item|product|barcode|upc|ean|doi|rfc|po|purchase|parcel|"
    rb"shipment|awb|revision|rev|seed|offset|row|line|page|job|run|trace|span|request|session|"
    rb"article|patent|equation|amount|total|coordinates?|lat|lon|sensor|device|asset|code|"
    rb"snowflake|tweet|status|message_id|chapter|section|figure|table|nonce|block|height)\b|#\s?$"
)
"""Words that say a number is something else."""


def words(*alternatives: str) -> re.Pattern[bytes]:
    """Context words, lower case, as one pattern; a space stands for any separator or none."""
    parts = (re.escape(word).replace("\\ ", "[\\s_.-]{0,2}") for word in alternatives)
    return re.compile(("(?<![a-z])(?:" + "|".join(parts) + ")(?![a-z])").encode("latin-1"))


@dataclass(frozen=True, slots=True)
class Context:
    """The words around one candidate, in lower case."""

    before: bytes
    after: bytes

    @classmethod
    def around(cls, text: Plain, start: int, end: int) -> Context:
        before = _apart(text.body[max(0, start - BEFORE) : start])
        return cls(before, text.lower[end : end + AFTER].partition(b"\n")[0])

    def speaks_for(self, wanted: re.Pattern[bytes]) -> int:
        """0 when no word of `wanted` is near, else larger the nearer it stands.

        A word that says otherwise and stands nearer before the candidate wins.
        """
        near = _last_end(wanted, self.before)
        if near and near >= _last_end(COUNTER, self.before):
            return near + 1
        if not near and not self.counters() and wanted.search(self.after):
            return 1
        return 0

    def counters(self) -> bool:
        """Whether the words right before say that this is something else."""
        return COUNTER.search(self.before[-28:]) is not None


def _apart(words_before: bytes) -> bytes:
    """Lower case, with camelCase and snake_case taken apart."""
    return _HUMP.sub(rb"\1 \2", words_before).replace(b"_", b" ").lower()


_HUMP = re.compile(rb"([a-z])([A-Z])")


def _last_end(pattern: re.Pattern[bytes], text: bytes) -> int:
    end = 0
    for match in pattern.finditer(text):
        end = match.end()
    return end


def alnum(byte: int) -> bool:
    """ASCII letter, digit or underscore."""
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95


def stands_alone(body: bytes, start: int, end: int) -> bool:
    """Whether no letter, digit or underscore touches ``body[start:end]``."""
    return not (start and alnum(body[start - 1])) and not (end < len(body) and alnum(body[end]))

"""What a rule is, what it yields, and how the words around a candidate count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import re2

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


class Words:
    """Words that count when they stand near. Lower case; a space is any separator or none."""

    def __init__(self, *alternatives: str) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        longest = sorted(alternatives, key=len, reverse=True)
        parts = (re2.escape(word).replace("\\ ", "[\\s_.-]{0,2}") for word in longest)
        pattern = "(?s).*\\b(?:" + "|".join(parts) + ")\\b"
        self._pattern: Any = re2.compile(pattern.encode("latin-1"), options)

    def last_end(self, text: bytes) -> int:
        """Where the last of them ends in `text`; 0 when there is none."""
        match = self._pattern.match(text)
        return match.end() if match else 0


COUNTER = Words(
    "order", "orders", "invoice", "invoices", "ticket", "tickets", "tracking", "transaction",
    "reference", "ref", "case", "sku", "part", "serial", "build", "version", "versions",
    "release", "id", "ids", "isbn", "issn", "issue", "commit", "batch", "lot", "model", "zip",
    "timestamp", "epoch", "uuid", "guid", "hash", "checksum", "port", "pid", "item", "product",
    "barcode", "upc", "ean", "doi", "rfc", "po", "purchase", "parcel", "shipment", "awb",
    "revision", "rev", "seed", "offset", "row", "line", "page", "job", "run", "trace", "span",
    "request", "session", "article", "patent", "equation", "amount", "total", "coordinate",
    "coordinates", "lat", "lon", "sensor", "device", "asset", "code", "snowflake", "tweet",
    "status", "chapter", "section", "figure", "table", "nonce", "block", "height", "nhs",
)  # fmt: skip
"""Words that say a number is something else."""
_RIGHT_BEFORE = 28


@dataclass(frozen=True, slots=True)
class Context:
    """The words around one candidate, in lower case."""

    before: bytes
    after: bytes

    @classmethod
    def around(cls, text: Plain, start: int, end: int) -> Context:
        before = _apart(text.body[max(0, start - BEFORE) : start])
        return cls(before, text.lower[end : end + AFTER].partition(b"\n")[0])

    def speaks_for(self, wanted: Words) -> int:
        """0 when no word of `wanted` is near, else larger the nearer it stands.

        A word that says otherwise and stands nearer before the candidate wins.
        """
        near = wanted.last_end(self.before)
        if near and near >= COUNTER.last_end(self.before):
            return near + 1
        if not near and wanted.last_end(self.after) and not self.counters():
            return 1
        return 0

    def counters(self) -> bool:
        """Whether the words right before say that this is something else."""
        near = self.before[-_RIGHT_BEFORE:]
        return near.rstrip().endswith(b"#") or COUNTER.last_end(near) > 0


def _apart(words_before: bytes) -> bytes:
    """Lower case, with camelCase and snake_case taken apart."""
    return _HUMP.sub(rb"\1 \2", words_before).replace(b"_", b" ").lower()


_HUMP = re.compile(rb"([a-z])([A-Z])")


def alnum(byte: int) -> bool:
    """ASCII letter, digit or underscore."""
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95


def stands_alone(body: bytes, start: int, end: int) -> bool:
    """Whether no letter, digit or underscore touches ``body[start:end]``."""
    return not (start and alnum(body[start - 1])) and not (end < len(body) and alnum(body[end]))

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


class Words:
    """Words that count when they stand near. Lower case; a space is any separator or none."""

    def __init__(self, *alternatives: str) -> None:
        spoken = [_TOKEN.findall(words.encode("latin-1")) for words in alternatives]
        self._phrases = frozenset(b"".join(tokens) for tokens in spoken)
        _VOCABULARY.update(self._phrases, *spoken)

    def last_end(self, spoken: Phrases) -> int:
        """Where the last of them ends; 0 when there is none."""
        if not spoken:
            return 0
        both = spoken.keys() & self._phrases
        return max(map(spoken.__getitem__, both)) if both else 0


Phrases = dict[bytes, int]
"""Words that any rule asks for, rows of up to three joined, and where the last of each ends."""
_VOCABULARY: set[bytes] = set()
"""All words of all rules: what else stands in a text is passed over."""
_TOKEN = re.compile(rb"[a-z0-9\xb5-\xff]+")


def phrases(text: bytes) -> Phrases:
    """Those of a text in lower case."""
    found: Phrases = {}
    row: list[bytes] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token not in _VOCABULARY:
            if row:
                row = []
            continue
        row.append(token)
        end = match.end()
        found[token] = end
        if len(row) > 1:
            pair = row[-2] + token
            found[pair] = end
            if len(row) > 2:
                found[row[-3] + pair] = end
    return found


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
class Before:
    """The words before a candidate."""

    phrases: Phrases
    counted: int
    """Where the last word ends that says that this is something else; 0 without one."""
    near: bool
    """Whether one stands right before."""

    @classmethod
    def of(cls, words: bytes) -> Before:
        """`words` are in lower case."""
        spoken = phrases(words)
        counted = COUNTER.last_end(spoken)
        near = counted > max(0, len(words) - _RIGHT_BEFORE) or words.rstrip().endswith(b"#")
        return cls(spoken, counted, near)


class Context:
    """The words around one candidate."""

    __slots__ = ("_after", "_before", "_spoken")

    def __init__(self, before: Before, after: bytes) -> None:
        """`after` in lower case."""
        self._before = before
        self._after = after
        self._spoken: Phrases | None = None

    @classmethod
    def around(cls, text: Plain, start: int, end: int, anchor: int | None = None) -> Context:
        """`anchor` is where the row begins in which the candidate stands, if not at `start`."""
        at = start if anchor is None or start - anchor > AFTER else anchor
        before = text.before.get(at)
        if before is None:
            before = Before.of(_apart(text.body[max(0, at - BEFORE) : at]))
            text.before[at] = before
        return cls(before, text.lower[end : end + AFTER])

    def speaks_for(self, wanted: Words) -> int:
        """0 when no word of `wanted` is near, else larger the nearer it stands.

        A word that says otherwise and stands nearer before the candidate wins.
        """
        near = wanted.last_end(self._before.phrases)
        if near:
            return near + 1 if near >= self._before.counted else 0
        if self._before.near:
            return 0
        if self._spoken is None:
            self._spoken = phrases(self._after.partition(b"\n")[0])
        return int(wanted.last_end(self._spoken) > 0)

    def counters(self) -> bool:
        """Whether the words right before say that this is something else."""
        return self._before.near


def _apart(words_before: bytes) -> bytes:
    """Lower case, with camelCase and snake_case taken apart."""
    if words_before.islower():
        return words_before.replace(b"_", b" ")
    return _HUMP.sub(rb"\1 \2", words_before).replace(b"_", b" ").lower()


_HUMP = re.compile(rb"([a-z])([A-Z])")


def alnum(byte: int) -> bool:
    """ASCII letter, digit or underscore."""
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95


def stands_alone(body: bytes, start: int, end: int) -> bool:
    """Whether no letter, digit or underscore touches ``body[start:end]``."""
    return not (start and alnum(body[start - 1])) and not (end < len(body) and alnum(body[end]))

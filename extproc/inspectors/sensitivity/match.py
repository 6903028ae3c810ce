"""What a rule is, what it yields, and how the words around a candidate count."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import compress
from typing import NamedTuple, Protocol

from extproc.inspectors.sensitivity.plain import Plain

BEFORE = 64
AFTER = 24
"""How far context reaches, in characters."""


class Match(NamedTuple):
    """One entity, in offsets of the plain text. A tuple, because there may be thousands."""

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

    __slots__ = ("bit",)

    def __init__(self, *alternatives: str) -> None:
        spoken = [
            _TOKEN.findall(words.encode("latin-1").translate(_APART)) for words in alternatives
        ]
        joined = frozenset(b"".join(tokens) for tokens in spoken)
        self.bit = _BITS.setdefault(joined, 1 << len(_BITS))
        for phrase in joined:
            _MASKS[phrase] = _MASKS.get(phrase, 0) | self.bit
        for token in joined.union(*spoken):
            for spelled in (token.upper(), token.capitalize(), token):
                _SPELLED[spelled] = token


_BITS: dict[frozenset[bytes], int] = {}
"""One bit for each set of words, the same for the same set."""
_MASKS: dict[bytes, int] = {}
"""For words, and rows of up to three joined, the bits of the sets that hold them."""
_SPELLED: dict[bytes, bytes] = {}
"""All words of all rules, in their common spellings: what else stands in a text is passed over."""
_TOKEN = re.compile(rb"[a-z0-9\xb5-\xff]+")


def _letter(code: int) -> int:
    """Without its accent: whoever types ``numero`` means the same. A space for what is no letter."""
    bare = ord(unicodedata.normalize("NFD", chr(code))[0])
    kept = chr(bare).isascii() and chr(bare).isalnum()
    return bare if kept or code >= 0xB5 else 32


_APART = bytes(map(_letter, range(256)))
_CASES = bytes(97 if 97 <= code <= 122 else 65 if 65 <= code <= 90 else 32 for code in range(256))
_HUMP = re.compile(rb"([a-z])([A-Z])")
_BLOCK = 512
"""Words are looked up once for so many characters, and only where a candidate asks."""


class Spoken:
    """Words that any rule asks for, in one block of a text and what context reaches around it."""

    __slots__ = ("ends", "masks", "starts")

    def __init__(self, body: bytes, start: int, end: int) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        """Ascending."""
        self.masks: list[int] = []
        block = body[start:end]
        humps: list[int] = []
        if b"aA" in block.translate(_CASES):
            # ``dateOfBirth`` is three words.
            humps = [match.start() + gone for gone, match in enumerate(_HUMP.finditer(block), 1)]
            block = _HUMP.sub(rb"\1 \2", block)
        tokens = block.translate(_APART).split(b" ")
        words = list(map(_SPELLED.get, tokens))
        row: list[tuple[bytes, int]] = []
        last = at = 0
        for index in compress(range(len(tokens)), words):
            at += sum(map(len, tokens[last:index])) + index - last
            if any(tokens[last + 1 : index]):
                row = []
            last = index
            begin = start + at - (bisect_left(humps, at) if humps else 0)
            row = [*row[-2:], (words[index] or b"", begin)]
            self._add(row)

    def _add(self, row: list[tuple[bytes, int]]) -> None:
        """The last word of `row`, and the phrases that it ends."""
        word, begin = row[-1]
        end = begin + len(word)
        phrase = b""
        for part, begin in reversed(row):
            phrase = part + phrase
            mask = _MASKS.get(phrase)
            if mask is not None:
                self.starts.append(begin)
                self.ends.append(end)
                self.masks.append(mask)


def _spoken(text: Plain, at: int) -> Spoken:
    """What is said around `at`: where a block begins does not show."""
    block = at // _BLOCK
    spoken: Spoken | None = text.spoken.get(block)
    if spoken is None:
        first = max(0, block * _BLOCK - BEFORE - 1)
        spoken = Spoken(text.body, first, (block + 1) * _BLOCK + AFTER + 1)
        text.spoken[block] = spoken
    return spoken


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
_OF_ANY = Words("id", "ids", "code")
"""Those that say so only where no word stands right before that says what it is."""
_TOUCHING = 5
_RIGHT_BEFORE = 28


class Before:
    """The words before a candidate."""

    __slots__ = ("all", "counted", "mild", "near", "words")

    def __init__(self, text: Plain, at: int) -> None:
        floor = max(0, at - BEFORE)
        spoken = _spoken(text, at)
        starts, ends, masks = spoken.starts, spoken.ends, spoken.masks
        words = []
        every = counted = mild = 0
        index = bisect_right(ends, at)
        while index and ends[index - 1] > floor:
            index -= 1
            if starts[index] >= floor:
                near, mask = BEFORE + ends[index] - at, masks[index]
                words.append((near, mask))
                every |= mask
                if not counted and mask & COUNTER.bit:
                    counted = near
                    mild = _TOUCHING if mask & _OF_ANY.bit else 0
        self.words = words
        """How near each ends, larger is nearer, and the bits of its sets; the nearest first."""
        self.all = every
        self.counted = counted
        """How near the word is that says that this is something else; 0 without one."""
        self.mild = mild
        """How far from it a word may end that it belongs to, such as ``voter id``."""
        self.near = counted > BEFORE - _RIGHT_BEFORE or text.body[floor:at].rstrip()[-1:] == b"#"
        """Whether one stands right before."""

    def last_end(self, wanted: Words) -> int:
        """How near the last word of `wanted` ends, up to `BEFORE`; 0 when there is none."""
        if self.all & wanted.bit:
            for near, mask in self.words:
                if mask & wanted.bit:
                    return near
        return 0


class Context:
    """The words around one candidate."""

    __slots__ = ("_before", "_end", "_text")

    def __init__(self, text: Plain, start: int, end: int, anchor: int | None = None) -> None:
        """`anchor` is where the row begins in which the candidate stands, if not at `start`."""
        at = start if anchor is None or start - anchor > AFTER else anchor
        before = text.before.get(at)
        if before is None:
            before = text.before[at] = Before(text, at)
        self._before: Before = before
        self._text = text
        self._end = end

    def speaks_for(self, wanted: Words) -> int:
        """0 when no word of `wanted` is near, else larger the nearer it stands.

        A word that says otherwise and stands nearer before the candidate wins.
        """
        before = self._before
        near = before.last_end(wanted)
        if near:
            return near + 1 if near + before.mild >= before.counted else 0
        return 0 if before.near else self._follows(wanted.bit)

    def _follows(self, bit: int) -> int:
        """1 where a word stands behind on the same line, else 0."""
        end = self._end
        spoken = _spoken(self._text, end)
        ends = spoken.ends
        index = bisect_right(ends, end)
        limit = end + AFTER
        while index < len(ends) and ends[index] <= limit:
            if spoken.masks[index] & bit and spoken.starts[index] >= end:
                return int(b"\n" not in self._text.body[end : ends[index]])
            index += 1
        return 0

    def counters(self) -> bool:
        """Whether the words right before say that this is something else."""
        return self._before.near


def alnum(byte: int) -> bool:
    """ASCII letter, digit or underscore."""
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95


def stands_alone(body: bytes, start: int, end: int) -> bool:
    """Whether no letter, digit or underscore touches ``body[start:end]``."""
    return not (start and alnum(body[start - 1])) and not (end < len(body) and alnum(body[end]))

"""A text as it stands, and what it says once escapes and encodings are taken off.

Every reading knows where its characters came from: a card number in base64 is
found at the characters that encode it.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from extproc.decoding import DEPTH, ESCAPES, Layer, base32, base64, hexadecimal, resolved
from extproc.inspectors.sensitivity.plain import Place, Plain, plain

_SHORTEST = 9
"""Bytes: no identifier is shorter, and random letters decode to text too often."""


def readings(text: str, place: Place | None = None, depth: int = 0) -> Iterator[Plain]:
    """The text itself first. `place` leads to offsets of the outermost text."""
    body = plain(_LETTERS.sub(_blank, text) if "\\" in text else text)
    yield body if place is None else replace(body, place=place)
    if depth == DEPTH:
        return
    for inner in (*_unescaped(text), *_decoded(body)):
        yield from readings(inner.text, _through(inner.place, place), depth + 1)


@dataclass(frozen=True, slots=True)
class Inner:
    """A text inside another, and where its characters stand there."""

    text: str
    place: Place


def _through(inner: Place, outer: Place | None) -> Place:
    return inner if outer is None else lambda start, end: outer(*inner(start, end))


_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "/": "/"}
_ESCAPE = re.compile(rf'{ESCAPES}|(?P<short>(?<!\\)\\+["/bfnrt])')
_MARK = re.compile(r"[&%\\]")
_RESOLVED: dict[str, Callable[[str], str]] = {
    **resolved,
    "short": lambda escape: _SHORT[escape[-1]],
}
"""JSON in a text has line ends as two characters, JSON within that as three."""
_LETTERS = re.compile(r"(?<!\\)(\\+)(?:[bfnrt]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})")


def _blank(escape: re.Match[str]) -> str:
    """The letters of an escape are not the first of a word that comes after it."""
    return escape[1].ljust(len(escape[0]))


def _escapes(text: str) -> Iterator[re.Match[str]]:
    """Looks where one can begin alone: `re` is slow to tell that of so many forms."""
    end = 0
    for mark in _MARK.finditer(text):
        if mark.start() >= end and (found := _ESCAPE.match(text, mark.start())) is not None:
            end = found.end()
            yield found


def _unescaped(text: str) -> Iterator[Inner]:
    """`text` with one layer of HTML, URL and backslash escapes resolved, if it has any."""
    escapes = _escapes(text)
    first = next(escapes, None)
    if first is None:
        return
    parts: list[str] = []
    origin = array("I")
    at = 0
    for match in chain((first,), escapes):
        start, end = match.span()
        parts.append(text[at:start])
        origin.extend(range(at, start))
        meant = _RESOLVED[match.lastgroup or ""](match[0])
        parts.append(meant)
        origin.extend([start] * len(meant))
        at = end
    parts.append(text[at:])
    origin.extend(range(at, len(text) + 1))
    whole = "".join(parts)
    if whole != text:
        yield Inner(whole, _by_table(origin))


def _by_table(origin: Sequence[int]) -> Place:
    """`origin` has one more element than the text: its end."""

    def place(start: int, end: int) -> tuple[int, int]:
        first, last = origin[start], origin[end]
        # Within one row of escapes all share its place; take in the whole row.
        while last <= origin[end - 1] and end < len(origin) - 1:
            end += 1
            last = origin[end]
        return first, last

    return place


_BLOB = re.compile(rb"[A-Z0-9+/_-][A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]+)*")
"""From its first sign that is no small letter on: most words have none, and no text does that."""
_SMALL = b"abcdefghijklmnopqrstuvwxyz"
_BEFORE = 64
"""Small letters taken in before a blob."""
_SHORTEST_BLOB = 12
_BASE32 = re.compile(rb"[A-Z2-7]{16,}")
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]{%d,}" % _SHORTEST)
_BREAKS = re.compile(rb"\r?\n")


def _decoded(body: Plain) -> Iterator[Inner]:
    """Texts that stand in `body` as base64, base32 or hexadecimal."""
    for match in _BLOB.finditer(body.body):
        start, end = match.span()
        if start and body.body[start - 1] in _SMALL:
            before = body.body[max(0, start - _BEFORE) : start]
            start -= len(before) - len(before.rstrip(_SMALL))
        blob = letters = body.body[start:end]
        breaks: list[tuple[int, int]] = []
        if b"\n" in blob:
            breaks = [one.span() for one in _BREAKS.finditer(blob)]
            letters = _BREAKS.sub(b"", blob)
        for layer in _layers(letters):
            for run in _readable(layer):
                yield Inner(run.text, run.place_in(body, start, breaks))


def _layers(letters: bytes) -> Iterator[Layer]:
    if len(letters) < _SHORTEST_BLOB:
        return
    layer = hexadecimal(letters)
    if layer is not None:
        yield layer
    if letters.islower() or not letters.lower().islower():
        return  # words, UUIDs, digests, numbers: what stands for text has capitals too
    layer = base32(letters) if _BASE32.fullmatch(letters) else None
    if layer is not None:
        yield layer
    yield from base64(letters, _looks_readable)


_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_FEW = 3
"""Control characters among the first bytes: most words are no base64, and show it at once."""


def _looks_readable(head: bytes) -> bool:
    return len(head) - len(head.translate(None, _CONTROLS)) <= _FEW


@dataclass(frozen=True, slots=True)
class _Run:
    """Readable bytes of what a blob stands for."""

    text: str
    """Decoded so that it encodes to the same bytes again."""
    at: int
    """Bytes before the run."""
    layer: Layer

    def place_in(self, body: Plain, start: int, breaks: Sequence[tuple[int, int]]) -> Place:
        """`start` is the blob's in `body`; `breaks` are spans of line ends in the blob."""

        def outer(index: int) -> int:
            for first, last in breaks:
                if index < first:
                    break
                index += last - first
            return start + index

        def place(first: int, last: int) -> tuple[int, int]:
            before = self.at + len(_encode(self.text[:first]))
            begin, end = self.layer.span(before, before + len(_encode(self.text[first:last])))
            return body.span(outer(begin), outer(end - 1) + 1)

        return place


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _readable(layer: Layer) -> Iterator[_Run]:
    """Random bytes are hardly ever UTF-8 for so long."""
    for run in _TEXT.finditer(layer.raw):
        raw = run[0]
        if not raw.isascii():
            kept = raw.decode("utf-8", "ignore")
            broken = len(raw) - len(kept.encode())
            if broken * _ONE_IN > len(kept) + broken:
                continue
        yield _Run(raw.decode("utf-8", "surrogateescape"), run.start(), layer)


_ONE_IN = 20
"""So many characters that are whole, to one byte that is none."""

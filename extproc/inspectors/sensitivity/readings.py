"""A text as it stands, and what it says once escapes and encodings are taken off.

Every reading knows where its characters came from: a card number in base64 is
found at the characters that encode it.
"""

from __future__ import annotations

import binascii
import html
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

import re2

from extproc.inspectors.sensitivity.plain import Place, Plain, plain

DEPTH = 3
"""Layers that are taken off, each of escapes or of base64 or hexadecimal."""
_SHORTEST = 9
"""Bytes: no identifier is shorter, and random letters decode to text too often."""


def readings(text: str, place: Place | None = None, depth: int = 0) -> Iterator[Plain]:
    """The text itself first. `place` leads to offsets of the outermost text."""
    body = plain(text)
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


_ESCAPE = re.compile(
    r"(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});)"
    r"|(?P<url>(?:%[0-9a-fA-F]{2})+)"
    r"|\\(?P<escape>u\{[0-9a-fA-F]{1,6}\}|[uU][0-9a-fA-F]{4}|x[0-9a-fA-F]{2})"
)


def _backslash(escape: str) -> str:
    code = int(escape[2:].strip("{}"), 16)
    return escape if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


_READ: dict[str, Callable[[str], str]] = {
    "entity": html.unescape,
    "url": unquote,
    "escape": _backslash,
}


def _unescaped(text: str) -> Iterator[Inner]:
    """`text` with one layer of HTML, URL and backslash escapes resolved, if it has any."""
    if not ("&" in text or "%" in text or "\\" in text) or _ESCAPE.search(text) is None:
        return
    parts: list[str] = []
    origin = array("I")
    at = 0
    for match in _ESCAPE.finditer(text):
        start, end = match.span()
        parts.append(text[at:start])
        origin.extend(range(at, start))
        resolved = _READ[match.lastgroup or ""](match[0])
        parts.append(resolved)
        origin.extend([start] * len(resolved))
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


def _latin1(pattern: bytes) -> re.Pattern[bytes]:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    compiled: re.Pattern[bytes] = re2.compile(pattern, options)
    return compiled


_BLOB = _latin1(rb"[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]{1,})*={0,2}")
_HEX = re.compile(rb"(?:0x)?(?:[0-9a-fA-F]{2})+")
_TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]{%d,}" % _SHORTEST)
_BREAKS = re.compile(rb"\r?\n")
_ALPHABET = bytes.maketrans(b"-_", b"+/")
_HEAD = 24
"""Characters decoded first: most words are no base64, and show it at once."""


def _decoded(body: Plain) -> Iterator[Inner]:
    """Texts that stand in `body` as base64 or hexadecimal."""
    for match in _BLOB.finditer(body.body):
        blob = match[0]
        breaks = [one.span() for one in _BREAKS.finditer(blob)]
        letters = _BREAKS.sub(b"", blob) if breaks else blob
        for run in _runs(letters):
            yield Inner(run.text, run.place_in(body, match.start(), breaks))


@dataclass(frozen=True, slots=True)
class _Run:
    """Readable bytes of a blob. Of every `size` characters of it come `holds` bytes."""

    text: str
    """Decoded so that it encodes to the same bytes again."""
    skipped: int
    """Characters of the blob before its first byte."""
    at: int
    """Bytes before the run."""
    size: int
    holds: int

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
            after = before + len(_encode(self.text[first:last]))
            begin = self.skipped + before * self.size // self.holds
            end = self.skipped - (-after * self.size // self.holds)
            return body.span(outer(begin), outer(end - 1) + 1)

        return place


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _runs(letters: bytes) -> Iterator[_Run]:
    if _HEX.fullmatch(letters):
        skipped = 2 if letters[:2] == b"0x" else 0
        yield from _readable(bytes.fromhex(letters[skipped:].decode("ascii")), skipped, 2, 1)
    if letters.islower() or not letters.lower().islower():
        return  # words, UUIDs, digests, numbers: what stands for text has capitals too
    quads = letters.rstrip(b"=").translate(_ALPHABET)
    # Letters glued to the front would shift every byte: try each of the four places to start.
    for skipped in range(4):
        head = _base64(quads[skipped : skipped + _HEAD])
        if head is None or len(head) - len(head.translate(None, _CONTROLS)) > _HEAD // 8:
            continue
        raw = _base64(quads[skipped:])
        if raw is not None:
            yield from _readable(raw, skipped, 4, 3)


_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])


def _base64(quads: bytes) -> bytes | None:
    quads = quads[: len(quads) - (len(quads) % 4 == 1)]
    try:
        return binascii.a2b_base64(quads + b"=" * (-len(quads) % 4))
    except binascii.Error:
        return None


def _readable(raw: bytes, skipped: int, size: int, holds: int) -> Iterator[_Run]:
    """Random bytes are hardly ever UTF-8 for so long."""
    for run in _TEXT.finditer(raw):
        text = run[0].decode("utf-8", "surrogateescape")
        if text.isascii() or len(_BROKEN.findall(text)) * 20 <= len(text):
            yield _Run(text, skipped, run.start(), size, holds)


_BROKEN = re.compile("[\udc80-\udcff]")

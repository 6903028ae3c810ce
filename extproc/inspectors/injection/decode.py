"""What stands inside a text in another spelling: base64, hexadecimal, rot13, leet, spaced letters."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.injection.normalise import DEPTH, View, fold


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text found inside another, and the place that held it, code points of the outermost."""

    text: str
    encoding: str
    """Outermost first, such as ``base64+hex``."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Inside:
    """All that was found. `deeper` when more layers are left than we take off."""

    found: tuple[Decoded, ...]
    deeper: bool


def inside(view: View) -> Inside:
    """Texts hidden in `view`, to `DEPTH` layers. What they hold is folded like any text.

    Decoding only shrinks, so the sum is at most `DEPTH` times the original.
    """
    found: list[Decoded] = []
    layer = [
        Decoded(text, encoding, *view.locate(start, end))
        for text, encoding, start, end in _blobs(view.text)
    ]
    for _ in range(1, DEPTH):
        found += layer
        layer = [
            Decoded(text, f"{outer.encoding}+{encoding}", outer.start, outer.end)
            for outer in layer
            for text, encoding, _, _ in _blobs(outer.text)
        ]
    found += layer
    deeper = any(next(_blobs(outer.text), None) for outer in layer)
    return Inside(tuple(found), deeper)


_MIN = 16
"""Shorter blobs hold no order, and random letters decode to text too often."""
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{16,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}")
_PAIRS = re.compile(r"(?:\b(?:0x)?[0-9a-fA-F]{2}\b[\s,:;]{0,2}){16,}")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .*_|-]{1,4}){5,}\w(?!\w)")
_TEXT = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]{16,}")


def _blobs(text: str) -> Iterator[tuple[str, str, int, int]]:
    """``(decoded, encoding, start, end)`` for every blob of `text` that holds text."""
    for match in _BLOB.finditer(text):
        yield from _blob(match)
    for match in _PAIRS.finditer(text):
        digits = "".join(re.findall(r"[0-9a-fA-F]{2}(?![xX])", match.group()))
        yield from ((plain, "hex", *match.span()) for plain in _texts(bytes.fromhex(digits)))
    for match in _SPACED.finditer(text):
        yield _joined(match.group()), "spaced", *match.span()
    yield from _respelled(text)


_ROT13 = re.compile(
    r"\b(?:gur|naq|lbh|lbhe|nyy|sbe|jvgu|guvf|gung|vf|zl|gb|bs|vafgehpgvbaf?|cebzcg|vtaber)\b",
    re.IGNORECASE,
)
"""Words that English is full of, and that are words of no language we know when turned by 13."""
_TURNED = ("gur", "naq", "lbh", "nyy", "sbe", "vafgeh", "cebzcg", "vtaber")
"""Searched first: most texts hold none of them, and looking for a word is cheap."""
_MIXED = re.compile(r"[A-Za-z][013457@$][A-Za-z]")
_LEET = re.compile(
    r"(?<!\S)(?=\S{2,16}(?!\S))[a-z]*(?:[a-z][013457@$]|[013457@$][a-z])[a-z013457@$]*(?=[\s.,;:!?]|$)",
    re.IGNORECASE,
)
_PLAIN = str.maketrans("013457@$", "oieastas")
_FEW = 3
"""Words in another spelling that make a text one: one or two are names and numbers."""


def _respelled(text: str) -> Iterator[tuple[str, str, int, int]]:
    lowered = text.lower()
    common = any(word in lowered for word in _TURNED)
    turned = list(_ROT13.finditer(text)) if common else []
    if len(turned) >= _FEW:
        yield codecs.encode(text, "rot13"), "rot13", turned[0].start(), turned[-1].end()
    leet = list(_LEET.finditer(text)) if _MIXED.search(text) else []
    if len(leet) >= _FEW and len(leet) * 4 >= text.count(" "):
        yield text.translate(_PLAIN), "leet", leet[0].start(), leet[-1].end()


def _blob(match: re.Match[str]) -> Iterator[tuple[str, str, int, int]]:
    whole = "".join(match.group().split())
    if re.fullmatch(r"(?:0x)?(?:[0-9a-fA-F]{2})+", whole):
        for plain in _texts(bytes.fromhex(whole.removeprefix("0x"))):
            yield plain, "hex", *match.span()
    letters = whole.rstrip("=").replace("-", "+").replace("_", "/").replace("=", "")
    # Letters glued to the front would shift every byte: try each of the four places to start.
    for skip in range(4):
        quads = letters[skip:]
        quads = quads[: len(quads) - (len(quads) % 4 == 1)]
        try:
            raw = base64.b64decode(quads + "=" * (-len(quads) % 4))
        except binascii.Error:
            continue
        for plain in _texts(raw):
            yield plain, "base64", *match.span()


def _texts(raw: bytes) -> Iterator[str]:
    """Runs of readable text in `raw`. Random bytes hold one in some hundred thousand."""
    for run in _TEXT.findall(raw.decode("utf-8", "replace")):
        text = fold(run).text
        if sum(c.isalnum() or c == " " for c in text) >= 0.6 * max(len(text), 1):
            yield text


def _joined(spaced: str) -> str:
    """``i g n o r e   a l l`` → ``ignore all``: the widest gaps part the words."""
    gaps = re.findall(r"[ .*_|-]+", spaced)
    widest = max(map(len, gaps))
    parts = re.split(r"([ .*_|-]+)", spaced)
    narrow = min(map(len, gaps)) < widest
    return "".join(
        (" " if narrow and len(part) == widest else "") if odd % 2 else part
        for odd, part in enumerate(parts)
    )

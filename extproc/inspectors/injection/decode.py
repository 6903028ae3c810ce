"""What stands inside a text in another spelling, or where no reader looks.

Base64, base32, hexadecimal, binary, rot13, reversed, leet and spaced letters;
words that markup cuts up; comments and hidden elements of HTML and Markdown;
bytes in variation selectors and zero-width characters.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from extproc.decoding import DEPTH, base32, base64
from extproc.inspectors.injection.normalise import View, fold


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text found inside another, and the place that held it, code points of the outermost."""

    text: str
    encoding: str
    """Outermost first, such as ``base64+hex``."""
    start: int
    end: int
    whole: bool = False
    """The outer text once more in another spelling, not something inside it."""


@dataclass(frozen=True, slots=True)
class Inside:
    """All that was found. `deeper` when more layers are left than we take off."""

    found: tuple[Decoded, ...]
    deeper: bool


def inside(view: View, original: str = "") -> Inside:
    """Texts hidden in `view`, to `DEPTH` layers. What they hold is folded like any text.

    `original`: the text before folding, for what folding drops.

    Decoding only shrinks, and what was taken from a comment or respelled is not taken
    from itself again, so the sum is a small multiple of the original.
    """
    found: list[Decoded] = []
    layer = [
        Decoded(text, encoding, *view.locate(start, end), encoding in _WHOLE)
        for text, encoding, start, end in _blobs(view.text)
    ]
    layer += _smuggled(original)
    for _ in range(1, DEPTH):
        found += layer
        layer = [
            Decoded(
                text,
                f"{outer.encoding}+{encoding}",
                outer.start,
                outer.end,
                outer.whole and encoding in _WHOLE,
            )
            for outer in layer
            for text, encoding in _within(outer)
        ]
    found += layer
    deeper = any(next(_within(outer), None) for outer in layer)
    return Inside(tuple(found), deeper)


def _smuggled(text: str) -> Iterator[Decoded]:
    """Texts in characters that no screen shows."""
    if _SMUGGLED.search(text) is None:
        return
    for match in _SELECTORS.finditer(text):
        raw = bytes(_selected(ord(char)) for char in match.group())
        yield from (Decoded(plain, "selectors", *match.span()) for plain in _texts(raw))
    bits = list(_BITS.finditer(text))
    if bits:
        digits = "".join(match.group() for match in bits)
        for one in sorted(set(digits))[:3]:
            row = "".join("1" if digit == one else "0" for digit in digits)
            if len(row) % 8 == 0:
                raw = int(row, 2).to_bytes(len(row) // 8, "big")
                for plain in _texts(raw):
                    yield Decoded(plain, "zero_width", bits[0].start(), bits[-1].end())


_SMUGGLED = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8}|[\u200b-\u200d\u2060\u2062-\u2064]{16}"
)
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{16,}")
_BITS = re.compile("[\u200b-\u200d\u2060\u2062-\u2064\ufeff]{16,}")


def _selected(code: int) -> int:
    """The byte that a variation selector stands for: 16 low ones, then 240 high ones."""
    return code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16


_WHOLE = frozenset({"rot13", "markup", "reversed"})
_RESPELLED = _WHOLE | {"leet"}
_ONCE = frozenset({*_RESPELLED, "html_comment", "html_hidden", "markdown_comment", "spaced"})
"""What finds itself again in its own result, or does not hide twice."""


def _within(outer: Decoded) -> Iterator[tuple[str, str]]:
    done = _ONCE.intersection(outer.encoding.split("+"))
    for text, encoding, _, _ in _blobs(outer.text):
        if encoding not in done and not (done & _RESPELLED and encoding in _RESPELLED):
            yield text, encoding


_MIN = 16
"""Shorter blobs hold no order, and random letters decode to text too often."""
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{16,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}")
_PAIRS = re.compile(r"(?:\b(?:0x)?[0-9a-fA-F]{2}\b[\s,:;]{0,2}){16,}")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .*_|-]{1,4}){5,}\w(?!\w)")
_TEXT = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]{16,}|[^\x00-\x9f\ufffd]{8,}")
"""Sixteen characters, or eight beyond ASCII: those say more, and are no less unlikely by chance."""


def _blobs(text: str) -> Iterator[tuple[str, str, int, int]]:
    """``(decoded, encoding, start, end)`` for every blob of `text` that holds text."""
    for match in _BLOB.finditer(text):
        yield from _blob(match)
    for match in _PAIRS.finditer(text):
        digits = "".join(re.findall(r"[0-9a-fA-F]{2}(?![xX])", match.group()))
        yield from ((plain, "hex", *match.span()) for plain in _texts(bytes.fromhex(digits)))
    for match in _BINARY.finditer(text):
        digits = "".join(re.findall("[01]{8}", match.group()))
        raw = int(digits, 2).to_bytes(len(digits) // 8, "big")
        yield from ((plain, "binary", *match.span()) for plain in _texts(raw))
    for match in _BASE32.finditer(text):
        layer = base32(match.group().encode("ascii"))
        for plain in _texts(layer.raw) if layer is not None else ():
            yield plain, "base32", *match.span()
    for match in _SPACED.finditer(text):
        yield _joined(match.group()), "spaced", *match.span()
    yield from _unseen(text)
    yield from _respelled(text)


_BINARY = re.compile(r"(?:\b[01]{8}\b[\s,:;]{0,2}){12,}|\b(?:[01]{8}){12,}\b")
_BASE32 = re.compile(r"\b[A-Z2-7]{24,}={0,6}")
_COMMENT = re.compile(r"<!--+\s*(.*?)\s*(?:--!?>|\Z)", re.DOTALL)
_REFERENCE = re.compile(
    r"^[ ]{0,3}\[(?://|comment|#|\^?note|hidden)?\]:\s*(?:<>|#)?\s*[\"'(](.*?)[\"')]\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"<(\w{1,12})\b[^<>]{0,300}?(?:\bhidden\b|display\s*:\s*none|visibility\s*:\s*hidden"
    r"|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])|color\s*:\s*(?:#f{3}(?:f{3})?\b|white\b|transparent))"
    r"[^<>]{0,300}>(.*?)(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_UNSEEN_MOST = 64
"""Comments and elements of one text that are read by themselves; all are read in their place."""


def _unseen(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Comments and elements that a browser does not show: what they say, without what is around."""
    found: list[tuple[str, str, int, int]] = []
    if "<!--" in text:
        found += [(m[1], "html_comment", *m.span()) for m in _COMMENT.finditer(text)]
    if "]:" in text:
        found += [(m[1], "markdown_comment", *m.span()) for m in _REFERENCE.finditer(text)]
    if "<" in text and _STYLED.search(text):
        found += [(m[2], "html_hidden", *m.span()) for m in _UNSEEN.finditer(text)]
    long = [one for one in found if len(one[0]) >= _MIN]
    yield from sorted(long, key=lambda one: -len(one[0]))[:_UNSEEN_MOST]


_STYLED = re.compile(
    r"\bhidden\b|display\s*:|visibility\s*:|font-size\s*:|opacity\s*:|color\s*:", re.IGNORECASE
)


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
    if _MIXED.search(text):
        for start, end in _crowds(match.span() for match in _LEET.finditer(text)):
            around = text[max(0, start - _NEAR) : end + _NEAR]
            yield around.translate(_PLAIN), "leet", start, end
    if any(word in lowered for word in _BACKWARDS):
        turned = list(_REVERSED.finditer(text))
        if len(turned) >= 2:
            yield text[::-1], "reversed", turned[0].start(), turned[-1].end()
    cuts = list(islice(_CUT.finditer(text), _CUTS + 1)) if _MARKED.search(text) else []
    if len(cuts) >= 2:
        yield _CUT.sub("", text), "markup", cuts[0].start(), cuts[-1].end()


_NEAR = 48
"""Code points between words in another spelling that still belong together, and around them."""


def _crowds(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where `_FEW` or more stand near each other."""
    start = end = count = 0
    for first, last in spans:
        if count and first - end > _NEAR:
            if count >= _FEW:
                yield start, end
            count = 0
        start = start if count else first
        end, count = last, count + 1
    if count >= _FEW:
        yield start, end


_BACKWARDS = ("erongi", "suoiverp", "snoitcurtsni", "tpmorp", "drager", "laever", "metsys")
_REVERSED = re.compile(
    r"erongi|suoiverp|snoitcurtsni|tpmorp|drager|laever|metsys|\beht\b|\bdna\b|\bruoy\b|\blla\b|\bevoba\b",
    re.IGNORECASE,
)
_CUTS = 10_000
_CUT = re.compile(
    r"(?<=[A-Za-z])(?:\*{1,3}|__|~~|`{1,2}|</?(?:b|i|u|em|strong|span|mark|sub|sup|font|wbr|a)\b[^<>]{0,80}/?>"
    r"|<!--.{0,200}?-->|-|\u00b7|\||\^|\\)(?=[A-Za-z])|(?<=[a-z])-\n(?=[a-z])",
    re.IGNORECASE | re.DOTALL,
)
_MARKED = re.compile(r"[A-Za-z](?:[*_~`<|^\u00b7\\]|-[A-Za-z]{1,12}-|-\n)")
"""Signs within words, and hyphens where one word has two."""


_HEX = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?((?:[0-9a-fA-F]{2}){8,}(?:\s+(?:[0-9a-fA-F]{2})+(?![0-9A-Za-z]))*)(?![0-9A-Za-z])"
)


def _blob(match: re.Match[str]) -> Iterator[tuple[str, str, int, int]]:
    # A blob may go on in a word of the next line: hexadecimal ends where its digits do.
    for digits in _HEX.findall(match.group()):
        for plain in _texts(bytes.fromhex(digits)):
            yield plain, "hex", *match.span()
    for layer in base64("".join(match.group().split()).encode("ascii")):
        for plain in _texts(layer.raw):
            yield plain, "base64", *match.span()


def _texts(raw: bytes) -> Iterator[str]:
    """Runs of readable text in `raw`. Random bytes hold one in some hundred thousand."""
    for run in _TEXT.findall(raw.decode("utf-8", "replace")):
        text = fold(run).text
        if sum(c.isalnum() or c == " " for c in text) >= 0.5 * max(len(text), 1):
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

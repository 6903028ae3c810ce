"""Encodings that texts hide in: escapes of HTML, URLs and programs, base64, base32, hexadecimal.

What both inspectors of text take off, and nothing of what they make of it.
Callers find the letters; a `Layer` says which of them made which byte.
"""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import unquote

DEPTH = 3
"""How many layers of escapes or encodings are taken off."""
ESCAPES = (
    r"(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});)"
    r"|(?P<url>(?:%[0-9a-fA-F]{2})+)"
    r"|(?P<escape>\\(?:u\{[0-9a-fA-F]{1,6}\}|U000[0-9a-fA-F]{5}|[uU][0-9a-fA-F]{4}|x[0-9a-fA-F]{2}))"
)
"""A pattern; its groups are the names that `resolved` knows."""


def _backslash(escape: str) -> str:
    code = int(escape[2:].strip("{}"), 16)
    # A lone surrogate is half a character: nothing downstream could encode it.
    return escape if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


resolved: dict[str, Callable[[str], str]] = {
    "entity": html.unescape,
    "url": unquote,
    "escape": _backslash,
}
"""By the group of `ESCAPES` that matched: what an escape stands for; itself when for nothing."""


class Layer(NamedTuple):
    """What letters stand for in one encoding."""

    encoding: str
    raw: bytes
    skipped: int
    """Letters before the first that counts."""
    letters: int
    """So many of them make"""
    octets: int
    """so many bytes of `raw`."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open offsets of the letters that made ``raw[start:end]``, which is not empty."""
        first = self.skipped + start * self.letters // self.octets
        return first, self.skipped - (-end * self.letters // self.octets)


_HEX = re.compile(rb"(?:0x)?(?:[0-9a-fA-F]{2})+")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_LETTER = bytes([*range(65, 91), *b"234567"])
_FROM_BASE32 = bytes.maketrans(_LETTER, b"0123456789abcdefghijklmnopqrstuv")


def hexadecimal(letters: bytes) -> Layer | None:
    """Pairs of digits, with or without ``0x``; ``None`` when `letters` are anything else."""
    if _HEX.fullmatch(letters) is None:
        return None
    skipped = 2 if letters[:2] == b"0x" else 0
    return Layer("hex", binascii.unhexlify(letters[skipped:]), skipped, 2, 1)


def base32(letters: bytes) -> Layer | None:
    """``A-Z2-7`` of any length, padded or not; ``None`` when `letters` hold others."""
    kept = letters.rstrip(b"=")
    kept = kept[: len(kept) - (len(kept) % 8 in {1, 3, 6})]
    if not kept or kept.translate(None, _LETTER):
        return None
    size = len(kept) * 5 // 8
    number = int(kept.translate(_FROM_BASE32), 32) >> (len(kept) * 5 - size * 8)
    return Layer("base32", number.to_bytes(size, "big"), 0, 8, 5)


def base64(letters: bytes, likely: Callable[[bytes], bool] | None = None) -> Iterator[Layer]:
    """From each of the four places where quartets can begin: letters glued to the front shift them.

    Both alphabets, padded or not. `likely` is asked what the first letters say, where decoding
    all would be a waste.
    """
    kept = letters.rstrip(b"=").replace(b"=", b"").translate(_URL_SAFE)
    if len(kept) < 2 * _HEAD:
        likely = None
    for skipped in range(min(4, len(kept))):
        if likely is None or likely(_quartets(kept[skipped : skipped + _HEAD])):
            yield Layer("base64", _quartets(kept[skipped:]), skipped, 4, 3)


_HEAD = 24
"""Letters asked about; of twice as many, decoding all costs no more than asking."""


def _quartets(letters: bytes) -> bytes:
    """One letter alone holds no byte and is left out."""
    kept = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))

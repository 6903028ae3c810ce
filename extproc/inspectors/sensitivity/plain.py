"""Text made plain for matching: one byte a character, evasions undone, offsets kept.

Full-width and other Unicode digits and Latin letters become ASCII, exotic
spaces and dashes become `` `` and ``-``, zero-width characters vanish. What
Latin-1 cannot hold becomes ``?``, which is no letter and no digit, so that an
identifier between ideographs still stands alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain

_INVISIBLE = dict.fromkeys(
    chain(
        (0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0xFEFF),
        range(0x180B, 0x180F),
        range(0x200B, 0x2010),
        range(0x202A, 0x202F),
        range(0x2060, 0x2070),
        range(0xFE00, 0xFE10),
        range(0xE0000, 0xE0080),
        range(0xE0100, 0xE01F0),
    ),
)
_DASHES = (0x00B7, *range(0x2010, 0x2016), 0x2043, 0x2212, 0x2E3A, 0x2E3B, 0xFE58, 0xFE63, 0xFF0D)
_LOOKED_AT = (range(0x80, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0x1E960))
"""Blocks that can hold digits, spaces or compatibility forms of ASCII."""


def _ascii_twin(code: int) -> str | None:
    """The one ASCII character that `code` stands for, if any."""
    char = chr(code)
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(char) == "Zs":
        return " "
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and folded.isascii() else None


def _twins() -> dict[int, str]:
    table = {code: twin for code in chain(*_LOOKED_AT) if (twin := _ascii_twin(code)) is not None}
    table.update(dict.fromkeys(_DASHES, "-"))
    table.update(dict.fromkeys((0x2028, 0x2029, 0x85), "\n"))
    return table


_TWINS = _twins()
_GONE = re.compile("[" + "".join(map(re.escape, map(chr, _INVISIBLE))) + "]")


@dataclass(frozen=True, slots=True)
class Plain:
    """`body[i]` stands for code point `original(i)` of the text it was made from."""

    body: bytes
    """Latin-1, one byte a character."""
    lower: bytes
    cuts: tuple[int, ...] = ()
    """Positions in `body` before which characters were taken out, ascending."""
    shifts: tuple[int, ...] = ()
    """How many had been taken out up to and with each cut."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open code-point offsets in the original text of ``body[start:end]``."""
        if not self.cuts:
            return start, end
        return self.original(start), self.original(end - 1) + 1

    def original(self, index: int) -> int:
        """Code-point offset in the original text of ``body[index]``."""
        at = bisect_right(self.cuts, index)
        return index + self.shifts[at - 1] if at else index


def plain(text: str) -> Plain:
    """Any text; linear in its length, and free of a copy per character for ASCII."""
    if text.isascii():
        body = text.encode("ascii")
        return Plain(body, body.lower())
    cuts: list[int] = []
    shifts: list[int] = []
    for gone, match in enumerate(_GONE.finditer(text), 1):
        at = match.start() - gone + 1
        if cuts and cuts[-1] == at:
            shifts[-1] = gone
        else:
            cuts.append(at)
            shifts.append(gone)
    kept = _GONE.sub("", text) if cuts else text
    body = kept.translate(_TWINS).encode("latin-1", "replace")
    return Plain(body, body.lower(), tuple(cuts), tuple(shifts))

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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

_INVISIBLE = frozenset(
    map(
        chr,
        chain(
            (0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0xFEFF),
            range(0x180B, 0x180F),
            range(0x200B, 0x2010),
            range(0x202A, 0x202F),
            range(0x2060, 0x2070),
            range(0xFE00, 0xFE10),
            range(0xE0000, 0xE0080),
            range(0xE0100, 0xE01F0),
        ),
    )
)
"""Soft hyphens, joiners, direction marks, variation selectors, tags."""
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


def _twins() -> dict[str, str]:
    table = {
        chr(code): twin for code in chain(*_LOOKED_AT) if (twin := _ascii_twin(code)) is not None
    }
    table.update(dict.fromkeys(map(chr, _DASHES), "-"))
    table.update(dict.fromkeys("\u2028\u2029\x85", "\n"))
    return table


_TWINS = _twins()
_GONE = re.compile(f"[{''.join(_INVISIBLE)}]")


Place = Callable[[int, int], tuple[int, int]]
"""From half-open offsets of a text to those of the text it stands in."""


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
    place: Place | None = None
    """Where the text it was made from stands in an outer one."""
    before: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)
    """By position: what was worked out about the words before it."""
    spoken: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)
    """By block: the words that any rule asks for."""

    @property
    def unmoved(self) -> bool:
        """Whether every character stands where it stood."""
        return not self.cuts and self.place is None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open code-point offsets in the outermost text of ``body[start:end]``."""
        if self.cuts:
            start, end = self.original(start), self.original(end - 1) + 1
        return (start, end) if self.place is None else self.place(start, end)

    def original(self, index: int) -> int:
        """Code-point offset in the original text of ``body[index]``."""
        at = bisect_right(self.cuts, index)
        return index + self.shifts[at - 1] if at else index


def plain(text: str) -> Plain:
    """Any text; linear in its length, and free of a copy per character for ASCII."""
    if text.isascii():
        body = text.encode("ascii")
        return Plain(body, body.lower())
    chars = set(text)
    cuts: list[int] = []
    shifts: list[int] = []
    if not chars.isdisjoint(_INVISIBLE):
        for gone, match in enumerate(_GONE.finditer(text), 1):
            at = match.start() - gone + 1
            if cuts and cuts[-1] == at:
                shifts[-1] = gone
            else:
                cuts.append(at)
                shifts.append(gone)
        text = _GONE.sub("", text)
    text = _named(text, chars)
    body = _twinned(text, chars & _TWINS.keys()).encode("latin-1", "replace")
    return Plain(body, body.lower(), tuple(cuts), tuple(shifts))


_NAMES = {
    "пароль": "passwd",
    "Пароль": "passwd",
    "ПАРОЛЬ": "passwd",
    "пароля": "passwd",
    "密码是": "pw:",
    "密碼是": "pw:",
    "密码": "pw",
    "密碼": "pw",
    "口令": "pw",
    "パスワードは": "passe:",
    "パスワード": "passe",
    "비밀번호는": "pass:",
    "비밀번호": "pass",
    "парола": "passwd",
    "पासवर्ड": "passwd ",
    "كلمة السر": "passwd   ",
    "كلمة المرور": "passwd     ",
    "סיסמה": "passe",
    "κωδικός": "passwd ",
}
"""What passwords are called in other scripts, in as many letters that Latin-1 holds."""
_NAMES |= {
    "дата рождения": "date of birth",
    "Дата рождения": "date of birth",
    "дата народження": "date   of birth",
    "родился": "born   ",
    "родилась": "born    ",
    "生年月日": "born",
    "出生日期": "born",
    "생년월일": "born",
    "תאריך לידה": "birth date",
    "تاريخ الميلاد": "date of birth",
    "телефон": "telefon",
    "Телефон": "telefon",
    "тел.": "tel.",
    "Тел.": "tel.",
    "позвоните": "telephone",
    "電話": "ph",
    "电话": "ph",
    "手机": "ph",
    "連絡先": "tel",
    "전화": "ph",
    "연락처": "tel",
    "τηλέφωνο": "telefono",
    "טלפון": "phone",
    "هاتف": "tel ",
}
"""So of dates of birth and telephones."""
_BY_INITIAL: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
for _name, _twin in _NAMES.items():
    _BY_INITIAL.setdefault(_name[0], []).append((_name, _twin, frozenset(_name)))


def _named(text: str, chars: set[str]) -> str:
    for initial in _BY_INITIAL.keys() & chars:
        for name, twin, letters in _BY_INITIAL[initial]:
            if letters <= chars:
                text = text.replace(name, twin)
    return text


def _twinned(text: str, odd: set[str]) -> str:
    """`text` with the characters of `odd` replaced by their twins."""
    if len(odd) > _MANY:
        return text.translate({ord(char): _TWINS[char] for char in odd})
    for char in odd:
        text = text.replace(char, _TWINS[char])
    return text


_MANY = 8
"""Of more different characters a table is made; looking up each character takes longer."""


def stretches(
    whole: int, size: int, ends: Callable[[int, int], Iterable[int]]
) -> Iterator[tuple[int, int]]:
    """Cuts `whole` characters into pieces of at most `size`.

    A piece ends at the last of the places that `ends` names in its second half, else at `size`.
    """
    start = 0
    while whole - start > size:
        cut = max(ends(start + size // 2, start + size), default=start + size)
        yield start, cut
        start = cut
    if start < whole:
        yield start, whole

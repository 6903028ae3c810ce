"""Whether a value could be a secret: chosen by somebody, or drawn at random."""

from __future__ import annotations

import re

from extproc.inspectors.sensitivity.placeholders import entropy

_KINDS = bytes(
    ord("0") if 48 <= code <= 57
    else ord("A") if 65 <= code <= 90
    else ord("a") if 97 <= code <= 122
    else ord("_") if code == 95
    else ord("!") if code in b"!@#$%^&*+~?"
    else ord(".")
    for code in range(256)
)  # fmt: skip
_CODE = re.compile(
    rb"^__|^[a-z_]+\.[a-z_.]+$|^https?://|^/|^\.|==[^=]|&&|\|\||^[A-Z][a-z]+[A-Z][A-Za-z]*$|"
    rb"^[A-Z]+(?:_[A-Z0-9]+)+$|^![A-Za-z]+$|^[A-Za-z_]\w*\.[A-Za-z_]\w*\.\w+$"
)
"""Names, operators, paths and tags of YAML."""
_MEASURE = re.compile(
    rb"(?i)[0-9]+(?:[.,][0-9]+)?[-x]?[a-z%+]*|v?[0-9]+(?:\.[0-9a-z]+)+[a-z0-9+-]*|"
    rb"(?:sha|md|utf|aes|rsa|base|iso|rfc|hmac|pbkdf|bcrypt|argon|oauth|tls|ssl|top|ntlm|ipv|http|blake|ed|win|"
    rb"port|step|page|version|level|python|php|[a-z]+v)[-_/]?[0-9][a-z0-9./_-]*|"
    rb"[0-9]{1,4}[-/.:][0-9]{1,2}(?:[-/.:][0-9]{1,4})?\S*|\S*[/\\]\S*[/\\]\S*|[a-z]{2,20}[?!*:+~]{1,3}"
)
"""Counts, dates, versions and names of algorithms, as sentences have them."""


def kinds(value: bytes) -> frozenset[int]:
    """Which of small and capital letters, digits, ``_``, special and other signs stand in it."""
    return frozenset(value.translate(_KINDS))


def chosen(value: bytes) -> bool:
    """Whether this could be a password and not a word of the sentence or of the code."""
    if len(value) < 6:
        return False
    held = kinds(value)
    mixed = not held.isdisjoint(b"0!")
    several = len(held - set(b"_!")) + (33 in held and 46 not in held) >= 2
    if not (mixed and several):
        return scrambled(value)
    return not _CODE.search(value)


_STRONG = 3


def strong(value: bytes) -> bool:
    """Whether nobody writes so but in a password: for values that only stand near its name."""
    if len(value) < 6 or _CODE.search(value) or _MEASURE.fullmatch(value):
        return False
    held = kinds(value)
    if held.isdisjoint(b"0!"):
        return scrambled(value)
    return len(held & _COUNTED) >= _STRONG


def told(value: bytes) -> bool:
    """Whether this can be a password where a sentence says that it is."""
    return chosen(value) and not _MEASURE.fullmatch(value)


_COUNTED = frozenset(b"Aa0!")
_SCRAMBLED, _CHANGES = 10, 0.38


def scrambled(value: bytes) -> bool:
    """Whether letters change case as no name does: ``OsuFYzMBkaYjKcC``."""
    value = value.rstrip(b"=")
    letters = value.translate(None, b"0123456789")
    if len(letters) < _SCRAMBLED or not value.isalnum() or not value.isascii():
        return False
    cases = letters.translate(_KINDS)
    changes = cases.count(b"aA") + cases.count(b"Aa")
    return changes >= _CHANGES * (len(letters) - 1) and entropy(value) >= 3.0


_DIGITS, _DIFFERENT = 6, 4


def number(value: bytes) -> bool:
    """Digits alone, as they stand on routers."""
    return value.isdigit() and _DIGITS <= len(value) <= 20 and len(set(value)) >= _DIFFERENT

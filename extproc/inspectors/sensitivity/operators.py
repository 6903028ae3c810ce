"""What can stand in a value's place besides a placeholder. None of it is restored."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import date, timedelta
from enum import StrEnum

KEPT = 4
"""Letters and digits that a mask leaves at the end of a long value."""
LONG = 12
SHIFT_DAYS = 180
"""A date moves by 1 to this many days, forward or back."""

_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")


class Operator(StrEnum):
    """How an entity is redacted."""

    PLACEHOLDER = "placeholder"
    MASK = "mask"
    HASH = "hash"
    DATE_SHIFT = "date_shift"
    FORMAT_PRESERVING = "format_preserving"


def mask(value: str) -> str:
    """Stars for letters and digits, but for the last four of a long value."""
    told = sum(map(str.isalnum, value))
    hidden = told - KEPT if told >= LONG else told
    out = []
    for char in value:
        out.append("*" if char.isalnum() and hidden > 0 else char)
        hidden -= char.isalnum()
    return "".join(out)


def keyed_hash(key: bytes, tenant: str, type_: str, value: str) -> str:
    """16 hex digits: the same for the tenant in every conversation."""
    return _digest(key, "hash", tenant, type_, value).hex()[:16]


def shift_date(key: bytes, scope: tuple[str, ...], value: str) -> str | None:
    """`value` moved by days that are the same within `scope`, so that intervals stay.

    ``None`` when it is no date in figures. Of two readings the day comes
    first, unless only the other is a date.
    """
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    first, separator, second, third = found[1], found[2], found[3], found[4]
    orders = ("ymd",) if len(first) == 4 else ("dmy", "mdy")
    if len(first) != 4 and len(third) != 4:
        return None
    number = int.from_bytes(_digest(key, "shift", *scope)[:4])
    days = (number % SHIFT_DAYS + 1) * (1 if number & 1 << 31 else -1)
    for order in orders:
        parts = dict(zip(order, (first, second, third), strict=True))
        try:
            moved = date(int(parts["y"]), int(parts["m"]), int(parts["d"])) + timedelta(days)
        except (ValueError, OverflowError):
            continue
        said = {"y": moved.year, "m": moved.month, "d": moved.day}
        return separator.join(f"{said[part]:0{len(parts[part])}d}" for part in order)
    return None


def preserve_format(key: bytes, scope: tuple[str, ...], type_: str, value: str) -> str:
    """Other digits for digits and other letters for letters; all else stays.

    Check digits are not kept: what comes out is nobody's number.
    """
    attempt = 0
    while True:
        stream = hashlib.shake_256(
            _digest(key, "format", *scope, type_, value, str(attempt))
        ).digest(len(value))
        out = "".join(map(_other, value, stream))
        if out != value or not any(map(_replaceable, value)):
            return out
        attempt += 1


def _other(char: str, byte: int) -> str:
    if not _replaceable(char):
        return char if not char.isalnum() else "x"
    if char.isdigit():
        return chr(ord("0") + byte % 10)
    base = ord("A") if char.isupper() else ord("a")
    return chr(base + byte % 26)


def _replaceable(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _digest(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, json.dumps(parts).encode(), "sha256")

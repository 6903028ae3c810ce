"""Identifiers that mix letters and digits: IBAN, PAN, national insurance, wallets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity import checksums
from extproc.inspectors.sensitivity.match import Context, Match, Words, stands_alone
from extproc.inspectors.sensitivity.plain import Plain

_IBAN = re.compile(rb"[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11,30}")
_PAN_WORDS = Words("pan", "permanent account", "income tax", "pan card", "tax")
_NINO_WORDS = Words(
    "nino", "national insurance", "ni", "nin", "ni number", "ni no", "insurance number"
)
_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@dataclass(frozen=True, slots=True)
class Iban:
    """Bank accounts: the longest prefix with the country's length that passes modulus 97."""

    trigger: bytes = rb"\b[A-Za-z]{2}[0-9]{2}(?:[A-Za-z0-9]{4}|[ \-])"
    types: frozenset[str] = frozenset({"IBAN_CODE"})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        wanted = checksums.IBAN_LENGTHS.get(text.body[start : start + 2].decode("latin-1").upper())
        match = _IBAN.match(text.body, start)
        if wanted is None or match is None or (start and text.body[start - 1] in b"-_."):
            return
        value = match[0].translate(None, b" -")[:wanted]
        if len(value) < wanted or not checksums.iban(value.decode("ascii")):
            return
        stop = start + wanted
        while len(text.body[start:stop].translate(None, b" -")) < wanted:
            stop += 1
        if stands_alone(text.body, start, stop):
            yield Match("IBAN_CODE", start, stop, 0.98)


@dataclass(frozen=True, slots=True)
class Pan:
    """Indian permanent account numbers: the fourth letter says what kind of holder."""

    trigger: bytes = rb"(?i)\b[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]\b"
    types: frozenset[str] = frozenset({"IN_PAN"})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        context = Context(text, start, end)
        near = context.speaks_for(_PAN_WORDS)
        if near:
            yield Match("IN_PAN", start, end, 0.95, near)
        elif text.body[start:end].isupper() and not context.counters():
            yield Match("IN_PAN", start, end, 0.65)


@dataclass(frozen=True, slots=True)
class Nino:
    """UK national insurance numbers."""

    trigger: bytes = rb"(?i)[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b"
    types: frozenset[str] = frozenset({"UK_NINO"})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        head = start - 1 if body[start - 1 : start] == b" " else start
        begin = head - 2
        if begin < 0 or not stands_alone(body, begin, end):
            return
        if not _NINO_PREFIX.fullmatch(body, begin, head):
            return
        context = Context(text, begin, end)
        near = context.speaks_for(_NINO_WORDS)
        if near:
            yield Match("UK_NINO", begin, end, 0.95, near)
        elif body[begin:head].isupper() and not context.counters():
            yield Match("UK_NINO", begin, end, 0.65 if b" " in body[begin:end] else 0.4)


_NINO_PREFIX = re.compile(
    rb"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Wallet:
    """Bitcoin, Litecoin, Dogecoin and Tron by their checksums, Ethereum by its form."""

    trigger: bytes = rb"\b(?:(?:bc1|tb1|BC1|ltc1)[A-Za-z0-9]{20}|0x[0-9a-fA-F]{40}\b|[13LMDT][1-9A-HJ-NP-Za-km-z]{25,34}\b)"
    types: frozenset[str] = frozenset({"CRYPTO"})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        while end < len(text.body) and text.body[end : end + 1].isalnum():
            end += 1
        value = text.body[start:end]
        if value[:2] == b"0x":
            if len(set(value[2:].lower())) > 6:
                yield Match("CRYPTO", start, end, 0.7)
        elif (
            bech32(value.decode("latin-1"))
            if value[:3].lower() in {b"bc1", b"tb1", b"ltc"}
            else base58(value, 25)
        ):
            yield Match("CRYPTO", start, end, 0.98)


def base58(value: bytes, size: int | None = None) -> bool:
    """Whether `value` is `size` bytes in base 58 whose last four check the others.

    Without `size` as many as it takes; addresses may begin with bytes of zero.
    """
    number = 0
    for char in value:
        digit = _BASE58.find(char)
        if digit < 0:
            return False
        number = number * 58 + digit
    least = (number.bit_length() + 7) // 8
    if size is not None and least > size:
        return False
    raw = number.to_bytes(size or least, "big")
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def bech32(value: str) -> bool:
    """Whether `value` passes the BIP-173 or BIP-350 checksum."""
    if value not in {value.lower(), value.upper()}:
        return False
    human, _, data = value.lower().rpartition("1")
    values = [_BECH32.find(char) for char in data]
    if not human or len(values) < 6 or -1 in values:
        return False
    expanded = [ord(char) >> 5 for char in human] + [0] + [ord(char) & 31 for char in human]
    check = 1
    for one in expanded + values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ one
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> bit & 1 else 0
    return check in {1, 0x2BC830A3}

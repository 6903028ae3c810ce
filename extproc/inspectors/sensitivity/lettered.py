"""Identifiers of letters and digits in a fixed form, told apart by check character and context."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity import registers
from extproc.inspectors.sensitivity.match import Context, Match, Words, stands_alone
from extproc.inspectors.sensitivity.plain import Plain

_SEPARATORS = b" -./"


def _any(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Lettered:
    """A form, what makes a value of it valid, and the words that speak for it."""

    type: str
    trigger: bytes
    """The whole value; upper case, or with ``(?i)`` either."""
    context: Words
    alone: float
    """Score without a word that speaks for it."""
    valid: Callable[[str], bool] = _any
    supported: float = 0.95

    @property
    def types(self) -> frozenset[str]:
        return frozenset({self.type})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        if not stands_alone(text.body, start, end) or _inside_a_path(text.body, start, end):
            return
        value = text.body[start:end].translate(None, _SEPARATORS).decode("latin-1").upper()
        if not self.valid(value):
            return
        context = Context(text, start, end)
        near = context.speaks_for(self.context)
        if near:
            yield Match(self.type, start, end, self.supported, near)
        elif not context.counters() and not text.body[start:end].islower():
            yield Match(self.type, start, end, self.alone)


def _inside_a_path(body: bytes, start: int, end: int) -> bool:
    """Whether a letter or digit is joined by a sign: part of a longer name or number."""
    before = start > 1 and body[start - 1] in b"-_" and body[start - 2 : start - 1].isalnum()
    after = body[end : end + 1] in {b"-", b"_"} and body[end + 1 : end + 2].isalnum()
    return before or after


_MEDICARE = Words("medicare", "mbi", "beneficiary")
_PASSPORT = Words(
    "passport", "passports", "passeport", "passaporto", "pasaporte", "travel document"
)

LETTERED: tuple[Lettered, ...] = (
    Lettered(
        "IT_FISCAL_CODE",
        rb"(?i)\b[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]\b",
        Words("codice fiscale", "cf", "fiscal code", "tax code", "fiscale"),
        0.9,
        registers.it_fiscal_code,
    ),
    Lettered(
        "ES_NIF",
        rb"(?i)\b[0-9]{8}[ -]?[A-HJ-NP-TV-Z]\b|\b[0-9]{2}\.[0-9]{3}\.[0-9]{3}[ -]?[A-HJ-NP-TV-Z]\b",
        Words("dni", "nif", "documento nacional", "identidad", "identity document", "spanish id"),
        0.4,
        registers.es_nif,
    ),
    Lettered(
        "ES_NIE",
        rb"(?i)\b[XYZ][ -]?[0-9]{7}[ -]?[A-HJ-NP-TV-Z]\b",
        Words("nie", "extranjero", "extranjeros", "foreigner", "identidad"),
        0.4,
        registers.es_nie,
    ),
    Lettered(
        "DE_SOCIAL_SECURITY",
        rb"(?i)\b[0-9]{2} ?[0-9]{6} ?[A-Z] ?[0-9]{3}\b",
        Words(
            "rentenversicherungsnummer",
            "sozialversicherungsnummer",
            "versicherungsnummer",
            "rvnr",
            "svnr",
            "sv nummer",
            "social security",
            "pension insurance",
            "german social security",
        ),
        0.4,
        registers.de_social_security,
    ),
    Lettered(
        "DE_ID_CARD",
        rb"\b[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{7}[0-9]{1,2}\b",
        Words(
            "personalausweis",
            "personalausweisnummer",
            "ausweis",
            "ausweisnummer",
            "ausweisnr",
            "german id",
            "perso",
        ),
        0.1,
        registers.de_document,
    ),
    Lettered(
        "DE_PASSPORT",
        rb"\b[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{7}[0-9]{1,2}\b",
        Words("reisepass", "reisepassnummer", "passnummer", "german passport"),
        0.1,
        registers.de_document,
    ),
    Lettered(
        "FR_NIR",
        rb"(?i)\b[12] ?[0-9]{2} ?[0-9]{2} ?2[AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}\b",
        Words("nir", "insee", "secu", "securite sociale", "s\xe9curit\xe9 sociale"),
        0.85,
        registers.fr_nir,
    ),
    Lettered(
        "IN_GSTIN",
        rb"(?i)\b[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]\b",
        Words("gst", "gstin", "gst number"),
        0.85,
        registers.in_gstin,
    ),
    Lettered(
        "IN_VOTER",
        rb"(?i)\b[A-Z]{3}[0-9]{7}\b",
        Words("voter", "epic", "voter id", "voters", "elector", "election card"),
        0.2,
    ),
    Lettered(
        "IN_PASSPORT",
        rb"(?i)\b[A-PR-WY][1-9][0-9] ?[0-9]{4}[1-9]\b",
        _PASSPORT,
        0.1,
        supported=0.85,
    ),
    Lettered(
        "US_MBI",
        rb"(?i)\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]-?[AC-HJKMNP-RT-Y]"
        rb"[AC-HJKMNP-RT-Y0-9][0-9]-?[AC-HJKMNP-RT-Y]{2}[0-9]{2}\b",
        _MEDICARE,
        0.45,
    ),
    Lettered(
        "MEDICAL_LICENSE",
        rb"(?i)\b[ABCDEFGHJKLMPRSTUX][A-Z9][0-9]{7}\b",
        Words("dea", "prescriber", "dea number", "controlled substance"),
        0.3,
        registers.dea,
    ),
    Lettered(
        "SWIFT_CODE",
        rb"\b[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?\b",
        Words(
            "swift",
            "bic",
            "swift bic",
            "bank identifier",
            "bank code",
            "swift code",
            "mt103",
            "57a",
            "52a",
            "iban",
            "bic code",
            "telex",
            "pay via",
            "correspondent bank",
            "beneficiary bank",
            "intermediary bank",
        ),
        0.1,
        registers.swift,
        0.9,
    ),
)


@dataclass(frozen=True, slots=True)
class MacAddress:
    """Hardware addresses; not fingerprints, of which they could be a part."""

    trigger: bytes = (
        rb"\b[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}\b|\b[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){5}\b|"
        rb"\b[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\b"
    )
    types: frozenset[str] = frozenset({"MAC_ADDRESS"})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        if body[end : end + 1] in {b":", b"-"} and body[end + 1 : end + 2].isalnum():
            return
        if start and body[start - 1] in b":-." and body[start - 2 : start - 1].isalnum():
            return
        digits = body[start:end].translate(None, b":-.").lower()
        if len(set(digits)) <= 2 or (b"." in body[start:end] and not re.search(rb"[a-f]", digits)):
            return
        yield Match("MAC_ADDRESS", start, end, 0.9)

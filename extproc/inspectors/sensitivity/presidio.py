"""Recognisers borrowed from Presidio, for entity types that have no rule of ours.

Presidio costs about a second and 95 MB to import, so it is loaded when a policy
names one of these types and not before. Its patterns are run by us: Presidio
itself skips a pattern that takes too long, and we refuse instead.
"""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from extproc.inspectors.sensitivity.match import Context, Match, Words, stands_alone
from extproc.inspectors.sensitivity.plain import Plain

RECOGNISERS = {
    "AU_ABN": "AuAbnRecognizer",
    "AU_ACN": "AuAcnRecognizer",
    "FI_PERSONAL_IDENTITY_CODE": "FiPersonalIdentityCodeRecognizer",
    "IN_VEHICLE_REGISTRATION": "InVehicleRegistrationRecognizer",
    "IT_DRIVER_LICENSE": "ItDriverLicenseRecognizer",
    "IT_IDENTITY_CARD": "ItIdentityCardRecognizer",
    "IT_PASSPORT": "ItPassportRecognizer",
    "IT_VAT_CODE": "ItVatCodeRecognizer",
    "KR_BRN": "KrBrnRecognizer",
    "KR_DRIVER_LICENSE": "KrDriverLicenseRecognizer",
    "KR_FRN": "KrFrnRecognizer",
    "KR_PASSPORT": "KrPassportRecognizer",
    "KR_RRN": "KrRrnRecognizer",
    "NG_NIN": "NgNinRecognizer",
    "NG_VEHICLE_REGISTRATION": "NgVehicleRegistrationRecognizer",
    "SG_NRIC_FIN": "SgFinRecognizer",
    "SG_UEN": "SgUenRecognizer",
    "TH_TNIN": "ThTninRecognizer",
    "UK_POSTCODE": "UkPostcodeRecognizer",
    "UK_VEHICLE_REGISTRATION": "UkVehicleRegistrationRecognizer",
    "URL": "UrlRecognizer",
}
"""Class names in Presidio by the entity type they find."""

_SECONDS = 5.0
"""For one pattern over one text; longer raises `TimeoutError`."""
_BOOST, _SUPPORTED = 0.35, 0.5
"""What a context word adds to a score, and what it lifts it to at least."""
_BARE = 0.4
"""Most that a row of digits scores without a word that speaks for it, check digit or not."""


@dataclass(frozen=True, slots=True)
class Borrowed:
    """One Presidio recogniser. Threads may share it."""

    type: str
    recogniser: Any
    patterns: tuple[tuple[Any, float], ...]
    """Compiled by `regex`, and the score of each."""
    context: Words

    def find(self, text: Plain, string: str) -> Iterator[Match]:
        """`string` is the body of `text`. Raises `TimeoutError`."""
        for pattern, score in self.patterns:
            for found in pattern.finditer(string, timeout=_SECONDS):
                start, end = found.span()
                if start < end:
                    yield from self._judge(text, start, end, found[0], score)

    def _judge(
        self, text: Plain, start: int, end: int, value: str, score: float
    ) -> Iterator[Match]:
        if not stands_alone(text.body, start, end):
            return
        valid = self.recogniser.validate_result(value)
        if valid is False or self.recogniser.invalidate_result(value):
            return
        base = 1.0 if valid else score
        near = Context(text, start, end).speaks_for(self.context)
        if near:
            base = max(min(base + _BOOST, 1.0), _SUPPORTED)
        elif not any(char.isalpha() for char in value):
            base = min(base, _BARE)
        yield Match(self.type, start, end, base, near)


def borrowed(text: Plain, types: frozenset[str]) -> list[Match]:
    """What Presidio's recognisers of `types` find. The first call imports Presidio."""
    if not types:
        return []
    string = text.body.decode("latin-1")
    return [match for one in sorted(types) for match in _load(one).find(text, string)]


def load(types: frozenset[str]) -> None:
    """Loads the recognisers of `types`, and Presidio if there are any."""
    for one in types:
        _load(one)


def installed() -> bool:
    return importlib.util.find_spec("presidio_analyzer") is not None


@cache
def _load(entity: str) -> Borrowed:
    logging.getLogger("presidio-analyzer").setLevel(
        logging.CRITICAL
    )  # it logs values it cannot read
    import regex  # type: ignore[import-untyped]  # noqa: PLC0415
    from presidio_analyzer import predefined_recognizers  # noqa: PLC0415

    recogniser = getattr(predefined_recognizers, RECOGNISERS[entity])()
    flags = regex.DOTALL | regex.MULTILINE | regex.IGNORECASE
    patterns = tuple((regex.compile(p.regex, flags), p.score) for p in recogniser.patterns)
    spoken = [word.lower() for word in recogniser.context if _latin(word)]
    return Borrowed(entity, recogniser, patterns, Words(*spoken))


def _latin(word: str) -> bool:
    return all(ord(char) < 0x100 for char in word)

"""Postal addresses in common forms: number and street, street and number, post boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Context, Match, Words
from extproc.inspectors.sensitivity.plain import Plain

ADDRESS = frozenset({"STREET_ADDRESS"})
_WORD = rb"[A-Z\xc0-\xde][A-Za-z\xc0-\xff'.-]{0,24}"
_WORDS = Words(
    "address", "addresses", "lives at", "live at", "living at", "resides", "residing", "residence",
    "located at", "ship to", "shipping", "deliver to", "delivery", "mail to", "billing",
    "home address", "moved to", "addr", "office at", "based at", "pick up at", "meet at", "adresse",
    "direccion", "direcci\xf3n", "indirizzo", "domicilio", "wohnhaft", "anschrift",
)  # fmt: skip
_STRONG = rb"Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Highway|Hwy|Parkway|Pkwy|Crescent"
_WEAK = (
    rb"Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Circle|Cir|Trail|Close|Mews|Row|Walk|"
    rb"Gardens|Grove|Hill|Alley|Plaza"
)
_NUMBERED = re.compile(
    rb"(?<![A-Za-z0-9.,/#$-])([0-9]{1,5}[A-Za-z]?(?:[-/][0-9]{1,4})?,? (?:(?:[NSEW]{1,2}\.?|North|South|East|West)"
    rb" )?(?:(?:" + _WORD + rb"|[0-9]{1,3}(?:st|nd|rd|th)) ){1,4})(?:" + _STRONG + rb"|" + _WEAK + rb")$"
)  # fmt: skip
_STRONGLY = re.compile(rb"(?:" + _STRONG + rb")$")
_NOT_A_NAME = re.compile(rb"^[0-9]\S* (?:The|A|An|Of|And|In|Is|To|For|January|February|March|April|May|June|July|August|"
                         rb"September|October|November|December|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b")  # fmt: skip
_PLACE = _WORD + rb"(?![A-Za-z0-9])(?: " + _WORD + rb"(?![A-Za-z0-9])){0,3}"
_UNIT = rb"\.?(?: (?:[NSEW]{1,2}|North|South|East|West)\b)?(?:,? ?(?:Apt|Apartment|Suite|Ste|Unit|Floor|Flat|Room|Rm|#)\.? ?#?[A-Za-z0-9-]{1,6})?"
_CODE = (
    rb"(?:[A-Z]{2,3} )?(?:[0-9]{5}(?:-[0-9]{4})?|[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}|"
    rb"[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[0-9]{4})(?![0-9A-Za-z])"
)
_TAIL = re.compile(
    _UNIT + rb"(?:(?:,?\n|,\s?)" + _PLACE + rb"){0,2},? ?\n?" + _CODE + rb"|"
    + _UNIT + rb"(?:, ?" + _PLACE + rb"){0,2}"
)  # fmt: skip
"""With a postcode it may go over several lines."""
_POSTCODE = re.compile(rb"[0-9]{4,5}(?:-[0-9]{4})?$|[0-9][A-Z]{2}$|Apt|Suite|Ste|Unit|Flat|#")


@dataclass(frozen=True, slots=True)
class NumberedStreet:
    """``12 Main Street, Apt 4, Springfield, IL 62704``."""

    trigger: bytes = rb"\b(?:" + _STRONG + rb"|" + _WEAK + rb")\b"
    types: frozenset[str] = ADDRESS

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del start
        floor = max(0, end - 90)
        head = _NUMBERED.search(text.body, floor, end)
        if head is None or _NOT_A_NAME.match(head[1]):
            return
        begin = head.start(1)
        if re.match(rb"(?:19|20)[0-9]{2} ", head[1]) and _IN.search(
            text.lower[max(0, begin - 8) : begin]
        ):
            return
        tail = _TAIL.match(text.body, end)
        stop = tail.end() if tail else end
        strong = _STRONGLY.search(text.body, floor, end) is not None
        sure = _POSTCODE.search(text.body, end, stop) is not None
        near = Context(text, begin, stop).speaks_for(_WORDS)
        score = 0.85 if sure else 0.8 if near else 0.65 if strong else 0.4
        yield Match("STREET_ADDRESS", begin, stop, score, near)


_IN = re.compile(rb"\b(?:in|since|of|from|by|until) $")
_LOWER = (
    rb"(?:(?:d[eiuao]|del|della|dei|des|la|le|les|los|las|da|do|dos|van|von|der|den|l'|d') ?){0,3}"
)
_NAMED = rb"[A-Z\xc0-\xde?][A-Za-z\xc0-\xff?'.-]{1,24}"
"""`?` stands for letters that Latin-1 lacks."""
_NAME = _LOWER + _NAMED + rb"(?:[ -]" + _LOWER + _NAMED + rb"){0,4}"
_CITY = rb"(?:,? ?\n?(?:[A-Z]{1,2}-)?[0-9]{2}[-]?[0-9]{2,3} " + _PLACE + rb")?"
_STREETS = (
    re.compile(rb"[0-9]{1,4}(?: ?(?:bis|ter))?,? (?i:rue|avenue|boulevard|place|all\xe9e|chemin|impasse|quai|"
               rb"cours|route|faubourg) " + _NAME + _CITY),
    re.compile(rb"(?:Calle|C/|Avenida|Avda\.?|Av\.|Plaza|Paseo|Carrer|Via|Viale|Piazza|Corso|Largo|Rua|Strada|"
               rb"Str\.|ul\.|al\.|os\.|Bulevardul|Bd\.) ?" + _NAME + rb",? (?:n[\xba\xb0or]?\.? ?)?[0-9]{1,4}[A-Za-z]?"
               rb"(?:/[0-9]{1,4})?\b(?:, ?[0-9A-Za-z\xba\xaa\xb0 ]{1,10}(?=,))?" + _CITY),
    re.compile(rb"(?:" + _WORD + rb"[ -]){0,3}[A-Z\xc0-\xde][A-Za-z\xc0-\xff-]{0,30}?(?:stra\xdfe|strasse|str\.|weg|platz|allee|"
               rb"gasse|damm|ufer| Stra\xdfe| Platz| Weg| Allee) [0-9]{1,4} ?[a-h]?\b" + _CITY),
)  # fmt: skip
"""French, then Romance and Slavonic, then German."""


@dataclass(frozen=True, slots=True)
class NamedStreet:
    """``12 rue de la Paix, 75002 Paris`` · ``Calle Mayor 5`` · ``Hauptstraße 12, 10115 Berlin``."""

    trigger: bytes = (
        rb"(?i:\b(?:rue|boulevard|all\xe9e|chemin|impasse|quai|faubourg)\b)|[0-9] (?:avenue|place|cours|route)\b|[0-9] ?(?:bis|ter)\b|"
        rb"\b(?:Calle|C/|Avenida|Avda|Av\.|Plaza|Paseo|Carrer|Via|Viale|Piazza|Corso|Largo|Rua|Strada|Str\.|ul\.|"
        rb"al\.|os\.|Bulevardul|Bd\.)|(?:stra\xdfe|strasse|str\.|weg|platz|allee|gasse|damm|ufer|Stra\xdfe|Platz|Weg|Allee) [0-9]"
    )
    types: frozenset[str] = ADDRESS

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        begin = max(0, start - 60, text.body.rfind(b"\n", 0, start) + 1)
        for pattern in _STREETS:
            for found in pattern.finditer(text.body, begin, min(len(text.body), end + 120)):
                if found.start() >= end or found.end() < end:
                    continue
                if found.start() and text.body[found.start() - 1 : found.start()].isalnum():
                    continue
                near = Context(text, *found.span()).speaks_for(_WORDS)
                yield Match("STREET_ADDRESS", *found.span(), 0.8 if near else 0.65, near)


_POST_OFFICE = re.compile(rb"(?<![a-z])(?:p\.? ?o\.?|post office) ?$")


@dataclass(frozen=True, slots=True)
class PostBox:
    """``P.O. Box 123`` and what follows it."""

    trigger: bytes = rb"(?i)\bbox [0-9]"
    types: frozenset[str] = ADDRESS

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        head = _POST_OFFICE.search(text.lower, max(0, start - 14), start)
        if head is None:
            return
        start = head.start()
        while end < len(text.body) and text.body[end : end + 1].isdigit():
            end += 1
        tail = _TAIL.match(text.body, end)
        yield Match("STREET_ADDRESS", start, tail.end() if tail else end, 0.7)

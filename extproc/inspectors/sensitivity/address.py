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
_TOWN = rb"(?:(?:St|Ste|Mt|Ft|Sta|Bad)\. )?[A-Z\xc0-\xde?](?:[A-Za-z\xc0-\xff?'-]{0,24}[A-Za-z\xc0-\xff?])?"
"""Without the full stop of a sentence."""
_IN_NAME = rb"(?:am|an der|im|ob der|in|sur|sous|les|la|le|de|del|della|di|do|da|dos|upon|on|under|by|van|den|der|aan den|i|y|nad|pod)"
_PLACE = (
    _TOWN + rb"(?![A-Za-z0-9])(?: (?:" + _IN_NAME + rb" ){0,2}" + _TOWN + rb"(?![A-Za-z0-9])){0,3}"
)
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
_NAME = _LOWER + _NAMED + rb"(?: " + _LOWER + _NAMED + rb"){0,4}"
"""Hyphens stand in the words alone: in two places they would cost time without bound."""
_ZIP = rb"(?:[A-Z]{1,3}[- ])?(?:[0-9]{4,5}(?: ?[A-Z]{2}(?= ))?|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4}-[0-9]{3}|[0-9]{6})"
"""Of the continent: Polish, Czech, Swedish, Portuguese, Dutch and Romanian ones too."""
_DOOR = (
    rb"(?:,? ?(?:bus|bte\.?|bo\xeete|box|lgh\.?|lok\.?|m\.|etg\.|App\.|Apt\.?|Whg\.?|Top|St[gi]\.|int\.|scala|piso|puerta|esc\.|ap\.|bl\.|sc\.|et\.) ?[0-9A-Za-z]{1,5}\b|"
    rb",? [0-9]{1,2}\.? (?:tv|th|mf|sal|og|OG|Stock|Etage|\xe9tage)\b\.?|, ?[0-9]{1,2}\.?[oa\xb0]? ?(?:izq\.?|dcha\.?|esq\.?|dto\.?|dta\.?|[A-Za-z])?(?=,)){0,3}"
)
_CITY = _DOOR + rb"(?:(?:, ?\n?| - | |\n)" + _ZIP + rb" " + _PLACE + rb")?"
_NORTHERN = (
    rb"straat|laan|gracht|plein|kade|singel|dijk|steeg|vej|gade|all\xe9|gata|gatan|v\xe4gen|v\xe4g|veien|vegen|plads|torv|"
    rb"str\xe6de|gr\xe4nd|stigen|katu|kuja|polku"
)
_STREETS = (
    re.compile(rb"[0-9]{1,4}(?: ?(?:bis|ter))?,? (?i:rue|avenue|boulevard|place|all\xe9e|chemin|impasse|quai|"
               rb"cours|route|faubourg) " + _NAME + _CITY),
    re.compile(rb"(?:Calle|C/|Avenida|Avda\.?|Av\.|Plaza|Paseo|Carrer|Via|Viale|Piazza|Corso|Largo|Rua|Strada|"
               rb"Str\.|ul\.|al\.|os\.|Bulevardul|Bd\.) ?" + _NAME + rb",? (?:n[\xba\xb0or]?\.? ?)?[0-9]{1,4}[A-Za-z]?"
               rb"(?:/[0-9]{1,4})?\b(?:, ?[0-9A-Za-z\xba\xaa\xb0 ]{1,10}(?=,))?" + _CITY),
    re.compile(rb"(?:" + _WORD + rb" (?:(?:de|den|der|van|von|ter|ten|af|av|zum|zur|am|an) ){0,2}){0,3}[A-Z\xc0-\xde][A-Za-z\xc0-\xff-]{0,30}?(?:stra\xdfe|strasse|str\.|weg|platz|allee|"
               rb"gasse|damm|ufer|steig|stieg|graben|" + _NORTHERN + rb"| Stra\xdfe| Platz| Weg| Allee) [0-9]{1,4}(?: ?[a-hA-H]\b)?\b(?:[-/][0-9]{1,4}\b)?" + _CITY),
)  # fmt: skip
"""French, then Romance and Slavonic, then German."""


@dataclass(frozen=True, slots=True)
class NamedStreet:
    """``12 rue de la Paix, 75002 Paris`` · ``Calle Mayor 5`` · ``Hauptstraße 12, 10115 Berlin``."""

    trigger: bytes = (
        rb"(?i:\b(?:rue|boulevard|all\xe9e|chemin|impasse|quai|faubourg)\b)|[0-9] (?:avenue|place|cours|route)\b|[0-9] ?(?:bis|ter)\b|"
        rb"\b(?:Calle|C/|Avenida|Avda|Av\.|Plaza|Paseo|Carrer|Via|Viale|Piazza|Corso|Largo|Rua|Strada|Str\.|ul\.|"
        rb"al\.|os\.|Bulevardul|Bd\.)|(?:stra\xdfe|strasse|str\.|weg|platz|allee|gasse|damm|ufer|steig|stieg|graben|Stra\xdfe|Platz|Weg|Allee|"
        + _NORTHERN
        + rb") [0-9]"
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
                if _NO_STREET.match(found[0]):
                    continue
                near = Context(text, *found.span()).speaks_for(_WORDS)
                yield Match("STREET_ADDRESS", *found.span(), 0.8 if near else 0.65, near)


_NO_STREET = re.compile(rb"(?i)(?:\w*brigade|renegade|decade|cascade|arcade|facade) [0-9]")
"""Words that end as streets do."""
_NUMBER_FIRST = re.compile(
    rb"(?<![A-Za-z0-9.,/#$-])((?:(?:Flat|Apartment|Apt\.?|Unit|Suite|Room|Studio) [0-9A-Za-z]{1,5},? )?[0-9]{1,5}[A-Za-z]?(?:[-/][0-9]{1,4}[A-Za-z]?)?,? "
    rb"(?:(?:[NSEW]{1,2}\.?|" + _WORD + rb"|[0-9]{1,3}(?:st|nd|rd|th)) ){0,4}(?:" + _WORD + rb"|[0-9]{1,3}(?:st|nd|rd|th))" + _UNIT
    + rb"(?:(?:,? ?\n|, ?| )" + _PLACE + rb"){0,3}(?:, ?\n?| |\n))$"
)  # fmt: skip
_HOUSE = re.compile(
    rb"(?<![A-Za-z0-9.-])(" + _PLACE + rb"(?:, ?\n?" + _PLACE + rb"){1,3}(?:, ?\n?| |\n))$"
)
"""``Rose Cottage, Mill Lane, Kendal``."""
_OF_A_HOUSE = re.compile(
    rb"\b(?:Cottage|House|Farm|Lodge|Barn|Manor|Hall|Villa|Court|Mill|Rectory|Vicarage|Lane|Road|Street|Row|Hill|Close|Drive|Mews|Green|Way|Avenue)\b"
)
_MONTHS = re.compile(rb"^[0-9]{1,2},? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b")


@dataclass(frozen=True, slots=True)
class PostcodedStreet:
    """``12a Mill Brow, Kendal LA9 4QD``: whatever streets are called, a postcode ends the address."""

    trigger: bytes = (
        rb"\b[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}\b|\b[ABCEGHJ-NPRSTVXY][0-9][A-Z] [0-9][A-Z][0-9]\b|"
        rb"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) [0-9]{5}(?:-[0-9]{4})?\b|"
        rb"\b(?:NSW|VIC|QLD|SA|WA|TAS|ACT|NT) [0-9]{4}\b"
    )
    types: frozenset[str] = ADDRESS

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        floor = max(0, start - 120)
        head = _NUMBER_FIRST.search(text.body, floor, start)
        if head is not None and not _MONTHS.match(head[1]) and not _NOT_A_NAME.match(head[1]):
            yield Match("STREET_ADDRESS", head.start(1), end, 0.87)
            return
        house = _HOUSE.search(text.body, floor, start)
        if house is not None and _OF_A_HOUSE.search(house[1]):
            yield Match("STREET_ADDRESS", house.start(1), end, 0.7)


_NAME_FIRST = re.compile(
    rb"(?<![A-Za-z0-9])((?:(?:ul|al|os|pl|[Ss]tr|Av|Avda|Bd|[Vv]le|P\.za)\. ?|C/ ?)?(?:" + _NAMED + rb" " + _LOWER + rb"){0,3}" + _NAMED
    + rb"(?: (?:gate|gata|vei|veg|\xfat|utca|t\xe9r|k\xf6r\xfat|tn|mnt|tee|gade|plads|iela))?,? (?:[Nn][\xba\xb0or]{1,2}[.:]? ?)?[0-9]{1,4} ?[a-hA-H]?(?:[-/ ][0-9]{1,4}[a-zA-Z]?)?\b"
    + _DOOR + rb"(?:, ?\n?|,?\n))$"
)  # fmt: skip
_TOWN_BEHIND = re.compile(rb"(?: [A-Z]{2}(?= ))? " + _PLACE)
_NO_NAME = re.compile(
    rb"(?i).*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|"
    rb"november|december|januar|februar|m.rz|mai|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|janvier|"
    rb"chapter|section|page|figure|fig|table|model|room|version|no|season|episode|article|psalm|route|flight|level|part|volume|vol|issue|"
    rb"day|week|year|top|about|over|line|act|scene|step|phase|group|class|grade|number|nr|boeing|airbus|size|windows|report|order|invoice|item)\.?,? (?:n\S{1,3} ?)?[0-9]"
)


@dataclass(frozen=True, slots=True)
class PostcodedName:
    """``Prinsengracht 1104, 1017 JK Amsterdam``: a name and a number, then a postcode and a town."""

    trigger: bytes = rb"\b[0-9]{4,5} [A-Z\xc0-\xde]|\b[0-9]{3} [0-9]{2} [A-Z\xc0-\xde]|\b[0-9]{2}-[0-9]{3} [A-Z\xc0-\xde?]|\b[0-9]{4}-[0-9]{3} [A-Z]"
    types: frozenset[str] = ADDRESS

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        body = text.body
        if body[start - 3 : start - 2].isalpha() and body[start - 1 : start] == b"-":
            start -= 3
        elif body[start - 2 : start - 1].isalpha() and body[start - 1 : start] == b"-":
            start -= 2
        if body[start - 1 : start] not in {b" ", b"\n", b","}:
            return
        head = _NAME_FIRST.search(body, max(0, start - 100), start)
        if head is None or _NO_NAME.match(head[1]):
            return
        code = body.index(b" ", start) if body[start + 3 : start + 4] != b" " else start + 6
        town = _TOWN_BEHIND.match(body, code)
        if town is None or town[0].isupper():
            return
        cue = _CUE.match(head[1])
        begin = head.start(1) + (cue.end() if cue else 0)
        near = Context(text, begin, town.end()).speaks_for(_WORDS)
        year = _LIKE_A_YEAR.match(body, start) is not None and town[0][3:4] != b" "
        if near or not year:
            yield Match("STREET_ADDRESS", begin, town.end(), 0.82 if near else 0.67, near)


_CUE = re.compile(
    rb"(?:(?:Wohnhaft|Adresse|Anschrift|Address|Lives|Visit|At|In|To|From|Home|Send|Wohnt|Bij|Op|Naar|Chez|Vive|Domicilio|Nach|Sitz|Firmensitz|Residence|Delivery)[: ] ?)+(?:(?:in|at|to|en) )?"
)
_LIKE_A_YEAR = re.compile(rb"(?:19|20)[0-9]{2} ")
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
        yield Match("STREET_ADDRESS", start, tail.end() if tail else end, 0.88)

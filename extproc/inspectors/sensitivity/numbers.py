"""Identifiers made of digits: the shape of a number decides what it can be.

A run of digits and separators is cut into groups; a window of neighbouring
groups is looked up by the lengths of its groups. So a US phone number (3-3-4)
is never tried as an Aadhaar (4-4-4), and what two countries share (3-3-4 is
also an NHS number) is told apart by check digit and context. What a shape can
be is worked out once: texts with many numbers repeat few shapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from extproc.inspectors.sensitivity import checksums, phones, registers
from extproc.inspectors.sensitivity.match import Context, Match, Words, alnum
from extproc.inspectors.sensitivity.plain import Plain

_DIGITS = re.compile(rb"[0-9]+")
_SPELLED = (16, 15, 13, 12, 11, 10, 9)
"""Lengths tried for numbers spelled digit by digit."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of identifier in one shape."""

    type: str
    valid: Callable[[str], bool]
    context: Words
    alone: float
    """Score without a word that speaks for it."""
    supported: float = 0.95
    """Score with one."""
    separators: bytes = b"- "


_CARD_WORDS = Words(
    "card", "cards", "cc", "visa", "mastercard", "amex", "american express", "discover", "maestro",
    "credit", "debit", "jcb", "diners", "pan", "cvv", "cvc", "expires", "expiry", "exp",
    "payment", "pay", "paid", "charge", "charged", "billing", "cardnumber", "ccn", "unionpay",
)  # fmt: skip
_SSN_WORDS = Words("ssn", "ssns", "social security", "social", "soc sec", "ss", "tin", "taxpayer")
_ITIN_WORDS = Words("itin", "taxpayer", "individual taxpayer", "tax id", "tin", "w 7")
_AADHAAR_WORDS = Words("aadhaar", "aadhar", "adhaar", "adhar", "uidai")
_NHS_WORDS = Words("nhs", "national health", "health service", "hospital number", "h c number")
_SIN_WORDS = Words(
    "sin", "social insurance", "assurance sociale", "numero d assurance sociale", "nas"
)
_TFN_WORDS = Words("tfn", "tax file", "tax file number")
_DE_TAX_WORDS = Words(
    "steuer id", "id nr", "steueridentifikationsnummer", "steuer identifikationsnummer", "idnr", "steuer idnr",
    "steuernummer", "steuer id nr", "identifikationsnummer", "german tax", "tax id", "tin", "steuerid",
)  # fmt: skip
_NIR_WORDS = Words(
    "assur\xe9", "assur\xe9e", "assur\xe9s",
    "nir", "insee", "secu", "num\xe9ro de s\xe9curit\xe9 sociale", "s\xe9curit\xe9 sociale",
    "securite sociale", "num\xe9ro de s\xe9cu", "s\xe9cu", "carte vitale", "social security",
)  # fmt: skip
_PESEL_WORDS = Words("pesel", "numer pesel", "polish id")
_CNP_WORDS = Words("cnp", "cod numeric personal", "romanian id")
_MEDICARE_WORDS = Words("medicare", "medicare card", "medicare number", "irn")
_ABA_WORDS = Words(
    "routing", "aba", "routing number", "rtn", "routing no", "fedwire", "transit number"
)
_NPI_WORDS = Words("npi", "national provider", "provider number", "provider id", "provider")
_NIR = Kind("FR_NIR", registers.fr_nir, _NIR_WORDS, 0.4, separators=b" .-")
_MEDICARE = Kind("AU_MEDICARE", registers.au_medicare, _MEDICARE_WORDS, 0.2)
_NPI = Kind("US_NPI", registers.us_npi, _NPI_WORDS, 0.1)
_NHS = Kind("UK_NHS", checksums.nhs, _NHS_WORDS, 0.2)
_ADVERTISED = frozenset({"078051120", "219099999", "123456789", "457555462"})
"""Printed on wallets, in leaflets and in every manual: numbers only where the text says so."""


def _issued_ssn(digits: str) -> bool:
    return checksums.ssn(digits) and digits not in _ADVERTISED


def _cards(alone: float, supported: float = 0.98) -> tuple[Kind, ...]:
    return (Kind("CREDIT_CARD", checksums.card, _CARD_WORDS, alone, supported),)


def _nine(alone: float) -> tuple[Kind, ...]:
    return (
        Kind("CA_SIN", checksums.sin, _SIN_WORDS, alone),
        Kind("AU_TFN", checksums.tfn, _TFN_WORDS, alone),
    )


_AADHAAR = Kind("IN_AADHAAR", checksums.aadhaar, _AADHAAR_WORDS, 0.3)
_SURE = 0.98
"""What scores so much has its words and its check digit: nothing else is looked for inside."""
SHAPES: dict[tuple[int, ...], tuple[Kind, ...]] = {
    (3, 2, 4): (
        Kind("US_SSN", _issued_ssn, _SSN_WORDS, 0.85, 0.98, b"-"),
        Kind("US_SSN", checksums.ssn, _SSN_WORDS, 0.3, 0.95, b"-. "),
        Kind("US_ITIN", checksums.itin, _ITIN_WORDS, 0.7, 0.95, b"-"),
        Kind("US_ITIN", checksums.itin, _ITIN_WORDS, 0.3, 0.9, b"-. "),
    ),
    (9,): (
        Kind("US_SSN", checksums.ssn, _SSN_WORDS, 0.1, 0.9),
        Kind("US_ITIN", checksums.itin, _ITIN_WORDS, 0.1, 0.9),
        Kind("ABA_ROUTING_NUMBER", checksums.aba, _ABA_WORDS, 0.0, 0.9),
        *_nine(0.1),
    ),
    (3, 3, 3): _nine(0.2),
    (3, 3, 4): (_NHS,),
    (10,): (_NHS, _MEDICARE, _NPI),
    (4, 5, 1): (_MEDICARE,),
    (4, 5, 1, 1): (_MEDICARE,),
    (11,): (
        Kind("DE_TAX_ID", registers.de_tax_id, _DE_TAX_WORDS, 0.2),
        Kind("PL_PESEL", registers.pl_pesel, _PESEL_WORDS, 0.3),
        _MEDICARE,
    ),
    (2, 3, 3, 3): (Kind("DE_TAX_ID", registers.de_tax_id, _DE_TAX_WORDS, 0.4),),
    (1, 2, 2, 2, 3, 3, 2): (Kind("FR_NIR", registers.fr_nir, _NIR_WORDS, 0.9, 0.98, b" .-"),),
    (13, 2): (Kind("FR_NIR", registers.fr_nir, _NIR_WORDS, 0.6, 0.98, b" .-"),),
    (4, 4, 4): (
        Kind("IN_AADHAAR", checksums.aadhaar, _AADHAAR_WORDS, 0.65),
        *_cards(0.2, supported=0.9),
    ),
    (12,): (_AADHAAR, *_cards(0.2, supported=0.9)),
    (4, 4, 4, 4): _cards(0.9),
    (4, 6, 5): _cards(0.9),
    (4, 6, 4): _cards(0.8),
    (4, 4, 4, 4, 3): _cards(0.8),
    (16,): _cards(0.8),
    (15,): (_NIR, *_cards(0.5)),
    (13,): (Kind("RO_CNP", registers.ro_cnp, _CNP_WORDS, 0.3), *_cards(0.3)),
    (14,): _cards(0.3),
    (17,): _cards(0.2),
    (18,): _cards(0.2),
    (19,): _cards(0.3),
}
"""By the lengths of the groups; several kinds of one shape are all tried."""

_BEGINNINGS = frozenset(shape[:size] for shape in SHAPES for size in range(1, len(shape) + 1))


@dataclass(frozen=True, slots=True)
class Numbers:
    """All identifiers made of digits, and phone numbers."""

    trigger: bytes = rb"[0-9](?:[ .\-/()]{0,3}[0-9]){6,}"
    types: frozenset[str] = frozenset(
        {"PHONE_NUMBER"}.union(kind.type for kinds in SHAPES.values() for kind in kinds)
    )

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        """The shape of a run says what it can be; its digits and its context, what it is."""
        shape = _shape(text.body, start, end)
        taken = start
        for place in _remembered(shape) if len(shape) <= _LONG else _places(shape):
            first = start + place.start
            if first < taken:
                continue
            for window in place.windows:
                for found in _try(text, start, window):
                    if found.score >= _SURE:
                        taken = max(taken, found.end)
                    yield found
            if place.forms and taken <= first:
                phone = phones.read(text, start, place.forms)
                if phone is not None:
                    yield phone


_LEAD, _TAIL = 3, 2
"""How many characters around a run decide where numbers can begin and end in it."""
_CLASSES = bytes(
    ord("0") if 48 <= code <= 57
    else ord("x") if code in b"xX"
    else ord("a") if alnum(code)
    else code if code in b" .-/()+%"
    else ord(";")
    for code in range(256)
)  # fmt: skip
_LONG = 96
"""Longer shapes hardly come twice."""


def _shape(body: bytes, start: int, end: int) -> bytes:
    """A run and what stands around it, with one sign for all digits and one for all letters."""
    around = body[max(0, start - _LEAD) : end + _TAIL]
    if start < _LEAD:
        around = b";" * (_LEAD - start) + around
    if end + _TAIL > len(body):
        around += b";" * (end + _TAIL - len(body))
    return around.translate(_CLASSES)


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring groups of a run that can be an identifier. Offsets are from the run's begin."""

    start: int
    end: int
    kinds: tuple[Kind, ...]
    joined: bool
    """Whether it is cut out of a longer row: then only words can speak for it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where numbers can begin."""

    start: int
    windows: tuple[Window, ...]
    forms: tuple[phones.Form, ...]


def _places(shape: bytes) -> tuple[Place, ...]:
    groups = [match.span() for match in _DIGITS.finditer(shape, _LEAD, len(shape) - _TAIL)]
    places = []
    for first in range(len(groups)):
        if _opens(shape, groups, first):
            windows = tuple(_windows(shape, groups, first))
            forms = phones.forms(shape, groups, first)
            if windows or forms:
                places.append(Place(groups[first][0] - _LEAD, windows, forms))
    return tuple(places)


_remembered = lru_cache(2_048)(_places)


def _windows(shape: bytes, groups: list[tuple[int, int]], first: int) -> Iterator[Window]:
    lengths: tuple[int, ...] = ()
    for last in range(first, len(groups)):
        start, end = groups[last]
        lengths += (end - start,)
        if lengths not in _BEGINNINGS:
            break
        if lengths in SHAPES and _closes(shape, groups, last):
            yield from _window(shape, groups, first, last, lengths)
    if _is_one(groups, first) and not (first and _is_one(groups, first - 1)):
        ones = first
        while ones < min(first + 20, len(groups)) and _is_one(groups, ones):
            ones += 1
        if ones - first in _SPELLED:
            # Numbers written digit by digit, only where the text says what they are.
            for window in _window(shape, groups, first, ones - 1, (ones - first,)):
                yield replace(window, joined=True)


def _is_one(groups: list[tuple[int, int]], index: int) -> bool:
    """Whether this group is one digit."""
    return groups[index][1] - groups[index][0] == 1


def _window(
    shape: bytes, groups: list[tuple[int, int]], first: int, last: int, lengths: tuple[int, ...]
) -> Iterator[Window]:
    separators = _separators(shape, groups, first, last)
    if separators is None:
        return
    kinds = tuple(
        kind for kind in SHAPES[lengths] if not separators or separators in kind.separators
    )
    if kinds:
        joined = separators in b" " and _has_neighbour(shape, groups, first, last)
        yield Window(groups[first][0] - _LEAD, groups[last][1] - _LEAD, kinds, joined)


def _try(text: Plain, run: int, window: Window) -> Iterator[Match]:
    """`run` is where the row of digits begins, in which the window stands."""
    start, end = run + window.start, run + window.end
    digits = text.body[start:end].translate(None, _BETWEEN).decode("ascii")
    context: Context | None = None
    for kind in window.kinds:
        if not kind.valid(digits):
            continue
        if context is None:
            context = Context(text, start, end, run)
        near = context.speaks_for(kind.context)
        if near:
            yield Match(kind.type, start, end, kind.supported, near)
        elif not (window.joined or context.counters()):
            yield Match(kind.type, start, end, kind.alone)


_BETWEEN = b" .-/()"


def _separators(body: bytes, groups: list[tuple[int, int]], first: int, last: int) -> bytes | None:
    """The one separator between the groups, empty for one group, ``None`` when they differ."""
    between = {body[groups[i][1] : groups[i + 1][0]] for i in range(first, last)}
    if len(between) > 1:
        return None
    return between.pop() if between else b""


def _has_neighbour(body: bytes, groups: list[tuple[int, int]], first: int, last: int) -> bool:
    """Whether the window is cut out of a longer row of space-separated groups."""
    before = first > 0 and body[groups[first - 1][1] : groups[first][0]] == b" "
    after = last + 1 < len(groups) and body[groups[last][1] : groups[last + 1][0]] == b" "
    return before or after


def _opens(body: bytes, groups: list[tuple[int, int]], index: int) -> bool:
    """Whether a number can begin at this group: not inside a word, a decimal, a UUID, a path."""
    start = groups[index][0]
    if index:
        between = body[groups[index - 1][1] : start]
        return b" " in between or b"(" in between
    if not start:
        return True
    before = body[start - 1]
    if alnum(before):
        return False
    return not (before in b"-./+%" and start > 1 and (alnum(body[start - 2])))


def _closes(body: bytes, groups: list[tuple[int, int]], index: int) -> bool:
    """Whether a number can end with this group."""
    end = groups[index][1]
    if index + 1 < len(groups):
        between = body[end : groups[index + 1][0]]
        return b" " in between or b")" in between
    if end == len(body):
        return True
    after = body[end]
    if alnum(after):
        return False
    return not (after in b"-/%" and end + 1 < len(body) and alnum(body[end + 1]))

"""Telephone numbers: international, North American, and any others where the text says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Context, Match, Words, alnum
from extproc.inspectors.sensitivity.plain import Plain

_WORDS = Words(
    "phone", "phones", "phone number", "tel", "telephone", "mobile", "mobiles", "cell", "cellphone",
    "fax", "call", "calls", "called", "calling", "dial", "text me", "text us", "text him", "text her", "sms", "whatsapp",
    "reach", "contact", "contacts", "ring", "hotline", "landline", "desk", "office", "home", "work",
    "voicemail", "registered", "answering", "telegram", "messages", "message", "ph",
    "msisdn", "my number", "his number", "her number", "their number", "your number", "number is",
    "toll free", "helpline", "pager", "handset", "telefon", "telefono", "handy", "contact number",
    "direct line", "switchboard", "phoned", "texted", "rang", "anrufen", "rufnummer", "erreichbar",
    "bellen", "telefoonnummer", "appeler", "appelez", "joindre", "portable", "llamar", "movil", "celular",
    "next of kin", "emergency contact", "emergency", "call back", "ring back", "gsm", "bel", "belt", "mobiel", "mobil", "mobilnummer",
    "telefonnummer", "telefonnr", "tlf", "tlfnr", "telf", "tfno", "ruckruf", "zuruckrufen", "zuruck", "rufen", "ruf", "anruf", "rufnr",
    "telephoner", "rappeler", "rappelez", "rappel", "numero de", "cel", "llame", "llama", "llamame", "chiama", "chiami", "ligue", "liga", "puhelin", "puh",
    "ringe", "ringa", "telefonszam", "whats app", "fono", "zap", "zadzwon", "zadzwo", "dzwon", "kontakt", "contacto", "contatto", "helpdesk", "telefoon", "nr tel", "kom",
    "chiamare", "cellulare", "ligar", "telemovel", "telefone", "komorka", "komorkowy", "zadzwonic", "sunati",
)  # fmt: skip
_MOST_GROUPS = 7
_DATES = frozenset({(4, 2, 2), (2, 2, 4), (1, 2, 4), (2, 1, 4), (1, 1, 4)})
_YEAR = re.compile(rb"(?:19|20)[0-9]{2}")
_EXTENSION = re.compile(rb"\s{0,2}(?:x|ext\.?|extension)\s{0,2}[0-9]{1,6}(?![0-9a-z])")


Groups = list[tuple[int, int]]
"""Spans of groups of digits."""


@dataclass(frozen=True, slots=True)
class Form:
    """A row of digit groups that can be a telephone number. Offsets are from the run's begin."""

    start: int
    """Of the first group."""
    end: int
    begin: int
    """With the sign and bracket before it, if they belong to it."""
    plus: bool
    looks: tuple[tuple[float, Callable[[bytes], bool]], ...]
    """Scores of the national forms it has, and what the digits of each must be."""
    plausible: bool
    """Whether words can make it one that has none of these."""
    years: Callable[[bytes], bool] | None
    """Which digits make it years or a date."""


def forms(shape: bytes, groups: Groups, first: int) -> tuple[Form, ...]:
    """What can begin at the group `first`, by shape alone, shortest first.

    Offsets of `groups` are those of `shape`; those of the forms, from the first group on.
    """
    found = []
    run = groups[0][0]
    begin = _begin(shape, groups[first][0])
    plus = shape[begin : begin + 1] == b"+"
    lengths: tuple[int, ...] = ()
    total = 0
    for last in range(first, min(first + _MOST_GROUPS, len(groups))):
        size = groups[last][1] - groups[last][0]
        lengths += (size,)
        total += size
        if total > 15 or (
            last > first and (lengths[:2] == (1, 1) or not _near(shape, groups, last))
        ):
            break
        if total < 7 or not _ends(shape, groups, last):
            continue
        start, end = groups[first][0], groups[last][1]
        separators = {shape[groups[i][1] : groups[i + 1][0]] for i in range(first, last)}
        looks = () if plus else tuple(_national(lengths, separators))
        plausible = _plausible(lengths, separators)
        if plus or looks or plausible:
            within = shape[begin:end]
            opened = within.count(b"(") > within.count(b")")
            found.append(
                Form(
                    start - run,
                    end - run,
                    (start if opened and not plus else begin) - run,
                    plus,
                    looks,
                    plausible,
                    _YEARS.get(lengths[:3] if lengths[:3] == (4, 2, 2) else lengths),
                )
            )
    return tuple(found)


def read(text: Plain, run: int, forms: tuple[Form, ...]) -> Match | None:
    """The longest form that scores best. `run` is where the row of digits begins."""
    best: Match | None = None
    for form in forms:
        scored = _score(text, run, form)
        if scored is not None and (best is None or scored[0] >= best.score):
            score, near = scored
            best = Match("PHONE_NUMBER", run + form.begin, run + form.end, score, near)
    if best is None:
        return None
    extension = _EXTENSION.match(text.lower, best.end)
    return best if extension is None else best._replace(end=extension.end())


def _score(text: Plain, run: int, form: Form) -> tuple[float, int] | None:
    """Score and nearness of context; ``None`` for what is no telephone number."""
    start, end = run + form.start, run + form.end
    digits = text.body[start:end].translate(None, b" .-/()")
    if form.plus:
        if not _international(digits):
            return None
        return 0.9, Context(text, start, end, run).speaks_for(_WORDS)
    base = next((score for score, fits in form.looks if fits(digits)), 0.0)
    if not (base or form.plausible) or (form.years is not None and form.years(digits)):
        return None
    context = Context(text, start, end, run)
    near = context.speaks_for(_WORDS)
    if near:
        return (0.85 if base else 0.7), near
    return None if not base or context.counters() else (base, 0)


def _international(digits: bytes) -> bool:
    if digits[:1] == b"0":
        return False
    if digits[:1] == b"1":
        return len(digits) == 11
    return len(digits) >= 8 and len(set(digits)) > 2


def _national(
    lengths: tuple[int, ...], separators: set[bytes]
) -> Iterator[tuple[float, Callable[[bytes], bool]]]:
    """The forms that are telephone numbers by their looks."""
    yield from _american(lengths, separators)
    if lengths[0] == 4 and lengths[1:2] < (4,) and sum(lengths) >= 11 and separators == {b" "}:
        yield 0.6, _abroad
    if lengths[0] == 2 and sum(lengths) >= 11 and separators == {b" "}:
        yield 0.55, _abroad
    if separators <= _LOOSE and lengths in _TRUNK:
        yield 0.55, _trunk
    if lengths in _SLASHED and separators == {b"/"}:
        yield 0.55, _trunk
    if b"/" in separators and lengths[0] >= 3 and separators - {b"/"} <= _APART:
        yield 0.45, _trunk
    for form in _COUNTRIES:
        if lengths in form.lengths and separators <= form.separators:
            yield form.score, form.fits


def _american(
    lengths: tuple[int, ...], separators: set[bytes]
) -> Iterator[tuple[float, Callable[[bytes], bool]]]:
    if lengths == (3, 3, 4):
        if separators in ({b"-"}, {b"."}):
            yield 0.7, _nanp
        elif separators in (
            {b") ", b"-"}, {b")", b"-"}, {b") ", b" "}, {b") "}, {b")-", b"-"},
        ):  # fmt: skip
            yield 0.75, _nanp
        elif separators == {b" "}:
            yield 0.55, _nanp
    if lengths == (1, 3, 3, 4):
        yield 0.7, lambda digits: digits[:1] == b"1" and _nanp(digits[1:])


@dataclass(frozen=True, slots=True)
class _Country:
    """A form of some countries."""

    lengths: frozenset[tuple[int, ...]]
    separators: frozenset[bytes]
    score: float
    fits: Callable[[bytes], bool]


_SPACE = frozenset({b" "})
_APART = frozenset({b" ", b"-", b"."})
_COUNTRIES = (
    # France and its neighbours
    *(
        _Country(frozenset({(2,) * 5}), frozenset({separator}), 0.6, lambda digits: digits[:1] == b"0" and digits[1:2] != b"0")
        for separator in sorted(_APART)
    ),
    # Britain: mobiles, and large cities
    _Country(frozenset({(5, 6), (5, 3, 3), (4, 3, 4)}), _SPACE, 0.6, lambda digits: digits[:2] == b"07"),
    _Country(frozenset({(3, 4, 4), (4, 3, 4)}), frozenset({b" ", b"-", b") ", b")", b"."}), 0.55,
             lambda digits: digits[:3] in {b"020", b"011", b"012", b"016"}),
    # China, Brazil, Russia, Spain
    _Country(frozenset({(3, 4, 4)}), frozenset({b" ", b"-"}), 0.55, lambda digits: digits[:1] == b"1" and digits[1:2] in b"3456789"),
    _Country(frozenset({(2, 5, 4)}), frozenset({b") ", b")", b" ", b"-"}), 0.55, lambda digits: digits[2:3] == b"9" and b"0" not in digits[:2]),
    _Country(frozenset({(1, 3, 3, 2, 2)}), frozenset({b" (", b"(", b") ", b")", b" ", b"-"}), 0.55,
             lambda digits: digits[:1] in {b"7", b"8"} and digits[1:2] in b"3489"),
    _Country(frozenset({(3, 2, 2, 2)}), _SPACE, 0.55, lambda digits: digits[:1] in b"6789"),
)  # fmt: skip


def _abroad(digits: bytes) -> bool:
    """What is dialled before a country."""
    return digits[:2] == b"00" and digits[2:3] != b"0"


_LOOSE = frozenset({b" ", b"-", b"/", b") ", b")", b")-"})
_TRUNK = frozenset({
    (3, 3, 4), (3, 4, 4), (4, 3, 3), (4, 3, 4), (4, 4, 4), (4, 2, 2, 2), (4, 3, 2, 2), (4, 2, 2, 3), (3, 3, 2, 2), (2, 3, 2, 2), (2, 3, 3, 2),
    (3, 2, 2, 2), (2, 4, 4), (5, 3, 3), (5, 2, 2, 2), (2, 2, 3, 4), (2, 3, 4), (2, 2, 2, 3),
})  # fmt: skip
"""Numbers with the 0 that is dialled before an area, as some forty countries group them."""
_SLASHED = frozenset(
    {(3, 6), (3, 7), (3, 8), (4, 5), (4, 6), (4, 7), (4, 8), (5, 4), (5, 5), (5, 6)}
)
"""The same, with one slash behind the area."""


def _trunk(digits: bytes) -> bool:
    return digits[:1] == b"0" and digits[1:2] != b"0" and len(set(digits)) > 3


def _nanp(digits: bytes) -> bool:
    """North American: area and exchange begin with 2 to 9 and are no service code."""
    return (
        digits[0] in b"23456789"
        and digits[3] in b"23456789"
        and digits[1:3] != b"11"
        and len(set(digits)) > 2
    )


def _two_years(digits: bytes) -> bool:
    return _YEAR.match(digits) is not None and _YEAR.match(digits, 4) is not None


def _year_first(digits: bytes) -> bool:
    return _YEAR.match(digits) is not None


_YEARS: dict[tuple[int, ...], Callable[[bytes], bool]] = {
    (4, 4): _two_years,
    (4, 2, 2): _year_first,
}
"""By the lengths of groups: two years, or a date with the year first and perhaps a time."""


def _plausible(lengths: tuple[int, ...], separators: set[bytes]) -> bool:
    """Whether a telephone number could be written like this."""
    if lengths in _DATES or any(b"/" in one and len(lengths) > 2 for one in separators):
        return False
    if separators == {b"."} and len(lengths) == 2:
        return False
    return sum(lengths) <= 13 or len(lengths) > 1


def _begin(body: bytes, start: int) -> int:
    """Takes in the ``+`` and ``(`` before the first group."""
    while start and body[start - 1] in b"+(":
        start -= 1
        if body[start] == ord("+"):
            break
    return start


def _near(body: bytes, groups: Groups, index: int) -> bool:
    """Whether this group can continue a telephone number: no double space before it."""
    between = body[groups[index - 1][1] : groups[index][0]]
    return b"  " not in between and len(between) <= 3


def _ends(body: bytes, groups: Groups, index: int) -> bool:
    """Whether a telephone number can end here: a word may be joined to it, a digit may not."""
    end = groups[index][1]
    if index + 1 < len(groups):
        between = body[end : groups[index + 1][0]]
        return b" " in between or b")" in between or b"(" in between
    if end >= len(body):
        return True
    after = body[end]
    if after in b"xX":
        return True
    return not alnum(after) and not (
        after in b"/%" and end + 1 < len(body) and alnum(body[end + 1])
    )

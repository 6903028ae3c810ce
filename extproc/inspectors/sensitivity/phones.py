"""Telephone numbers: international, North American, and any others where the text says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    "direct line", "switchboard", "phoned", "texted", "rang",
)  # fmt: skip
_MOST_GROUPS = 7
_DATES = frozenset({(4, 2, 2), (2, 2, 4), (1, 2, 4), (2, 1, 4), (1, 1, 4)})
_YEAR = re.compile(rb"(?:19|20)[0-9]{2}")
_EXTENSION = re.compile(rb"\s{0,2}(?:x|ext\.?|extension)\s{0,2}[0-9]{1,6}(?![0-9a-z])")


@dataclass(frozen=True, slots=True)
class PhoneNumbers:
    """Looks at a row of digit groups from one group on."""

    def starting(self, text: Plain, groups: list[tuple[int, int]], first: int) -> Iterator[Match]:
        """At most one number: the longest that scores best."""
        best: Match | None = None
        body = text.body
        start = _begin(body, groups[first][0])
        plus = body[start : start + 1] == b"+"
        lengths: tuple[int, ...] = ()
        total = 0
        for last in range(first, min(first + _MOST_GROUPS, len(groups))):
            size = groups[last][1] - groups[last][0]
            lengths += (size,)
            total += size
            if total > 15 or (
                last > first and (lengths[:2] == (1, 1) or not _near(body, groups, last))
            ):
                break
            if total < 7 or not _ends(body, groups, last):
                continue
            scored = _score(text, groups, first, last, lengths, plus=plus)
            if scored is not None and (best is None or scored[0] >= best.score):
                score, near = scored
                end = groups[last][1]
                opened = body[start:end].count(b"(") > body[start:end].count(b")")
                first_at = groups[first][0] if opened and not plus else start
                best = Match("PHONE_NUMBER", first_at, end, score, near)
        if best is not None:
            extension = _EXTENSION.match(text.lower, best.end)
            end = extension.end() if extension else best.end
            yield Match(best.type, best.start, end, best.score, best.rank)


def _score(
    text: Plain,
    groups: list[tuple[int, int]],
    first: int,
    last: int,
    lengths: tuple[int, ...],
    *,
    plus: bool,
) -> tuple[float, int] | None:
    """Score and nearness of context; ``None`` for what is no telephone number."""
    start, end = groups[first][0], groups[last][1]
    digits = text.body[start:end].translate(None, b" .-/()")
    if plus and not _international(digits):
        return None
    base = 0.9 if plus else 0.0
    plausible = plus
    if not plus:
        separators = {text.body[groups[i][1] : groups[i + 1][0]] for i in range(first, last)}
        base = _national(digits, lengths, separators)
        plausible = base > 0 or _plausible(lengths, separators)
        if not plausible or _years(digits, lengths):
            return None
    context = Context.around(text, start, end, groups[0][0])
    near = context.speaks_for(_WORDS)
    if plus:
        return base, near
    if near:
        return (0.85 if base else 0.7), near
    return None if not base or context.counters() else (base, 0)


def _international(digits: bytes) -> bool:
    if digits[:1] == b"0":
        return False
    if digits[:1] == b"1":
        return len(digits) == 11
    return len(digits) >= 8 and len(set(digits)) > 2


def _national(digits: bytes, lengths: tuple[int, ...], separators: set[bytes]) -> float:
    """Score of the forms that are telephone numbers by their looks."""
    if lengths == (3, 3, 4) and _nanp(digits):
        if separators in ({b"-"}, {b"."}):
            return 0.7
        if separators in ({b") ", b"-"}, {b")", b"-"}, {b") ", b" "}, {b") "}, {b")-", b"-"}):
            return 0.75
        return 0.55 if separators == {b" "} else 0.0
    if lengths == (1, 3, 3, 4) and digits[:1] == b"1" and _nanp(digits[1:]):
        return 0.7
    if lengths == (2,) * 5 and digits[:1] == b"0" and digits[1:2] != b"0" and len(separators) == 1:
        return 0.6
    if digits[:2] == b"07" and lengths in {(5, 6), (5, 3, 3), (4, 3, 4)} and separators == {b" "}:
        return 0.6
    if digits[:3] in {b"020", b"011", b"012", b"016"} and lengths in {(3, 4, 4), (4, 3, 4)}:
        return 0.55
    return 0.0


def _nanp(digits: bytes) -> bool:
    """North American: area and exchange begin with 2 to 9 and are no service code."""
    return (
        digits[0] in b"23456789"
        and digits[3] in b"23456789"
        and digits[1:3] != b"11"
        and len(set(digits)) > 2
    )


def _years(digits: bytes, lengths: tuple[int, ...]) -> bool:
    """Whether this is two years, or a date with the year first and perhaps a time."""
    if lengths == (4, 4):
        return _YEAR.match(digits) is not None and _YEAR.match(digits, 4) is not None
    return lengths[:3] == (4, 2, 2) and _YEAR.match(digits) is not None


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


def _near(body: bytes, groups: list[tuple[int, int]], index: int) -> bool:
    """Whether this group can continue a telephone number: no double space before it."""
    between = body[groups[index - 1][1] : groups[index][0]]
    return b"  " not in between and len(between) <= 3


def _ends(body: bytes, groups: list[tuple[int, int]], index: int) -> bool:
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

"""Days, months, seasons and what is relative to now, under one name each."""

from __future__ import annotations

from collections.abc import Sequence

_SAME_MONTH = {
    "jan": "january", "feb": "february", "mar": "march", "apr": "april", "jun": "june",
    "jul": "july", "aug": "august", "sep": "september", "sept": "september", "oct": "october",
    "nov": "november", "dec": "december",
}  # fmt: skip
MONTHS = frozenset({*_SAME_MONTH, *_SAME_MONTH.values(), "may"})
"""In full and in short; beside a number *may* is one too."""
_SAME_DATE = _SAME_MONTH | {
    "mon": "monday", "tue": "tuesday", "tues": "tuesday",
    "wed": "wednesday", "thu": "thursday", "thurs": "thursday", "fri": "friday",
    "sat": "saturday", "sun": "sunday",
}  # fmt: skip
DATES = frozenset(_SAME_DATE.values()) | frozenset(
    "today tomorrow yesterday tonight morning afternoon evening noon midnight weekend weekday"  # noqa: SIM905
    " spring summer autumn winter christmas easter quarterly biweekly past future previous next last"
    " upcoming _am _pm".split()
)
_WORDS_TOO = frozenset("mar sat sun wed mon fri".split())  # noqa: SIM905
"""Short forms that are words or names as well: *sat*, *the sun*, *wed*."""
_BEFORE_DAY = frozenset("on every this next last by until from and or till".split())  # noqa: SIM905
_BEFORE_SUNDAY = frozenset("on every this next last until".split())  # noqa: SIM905
_VERB_BEFORE = frozenset("does do did will would can should to it they battery".split())  # noqa: SIM905
_AFTER_VERB = frozenset("for on in if when with and or until a as".split())  # noqa: SIM905


def dates(plain: Sequence[str], cased: Sequence[str]) -> frozenset[str]:
    """Of the words of a text, lower case and as written, in order."""
    found = (_date(plain, cased, at) for at in range(len(plain)))
    return frozenset(date for date in found if date)


def _date(plain: Sequence[str], cased: Sequence[str], at: int) -> str | None:
    word = plain[at]
    before = plain[at - 1] if at else ""
    after = plain[at + 1] if at + 1 < len(plain) else ""
    if word == "sun" and before not in _BEFORE_SUNDAY and not after[:1].isdigit():
        return None
    if word in _WORDS_TOO and not (
        before in _BEFORE_DAY or (cased[at][0].isupper() and at) or after[:1].isdigit()
    ):
        return None
    if word == "last" and (not after or after in _AFTER_VERB or before in _VERB_BEFORE):
        return None  # it lasts
    if word == "past" and (after[:1].isdigit() or after == "tense"):
        return None
    if word == "spring" and after in {"onion", "onions", "roll", "rolls", "boot"}:
        return None
    date = _SAME_DATE.get(word, word)
    if date in DATES:
        return date
    return word[:-1] if word.endswith("s") and word[:-1] in DATES - {"past"} else None

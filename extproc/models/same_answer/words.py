"""What two questions are compared by: their words, and which of them are which."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from extproc.models.same_answer.lexicon import Lexicon

_TOKEN = re.compile(
    r"[-+]?\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|k|m|bn)?(?![^\W_])|[^\W_]+(?:[.'+#-][^\W_]+)*[+#]*|[%$€£¥₹°]"
)
_QUOTES = str.maketrans("’ʼ‘`", "''''")

NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "zero . two three four five six seven eight nine ten eleven twelve thirteen fourteen"  # noqa: SIM905
        " fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
    if number != 1
} | {
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80",
    "ninety": "90", "hundred": "100", "thousand": "1000", "million": "1000000",
    "billion": "1000000000", "dozen": "12", "half": "0.5", "twice": "2x", "double": "2x",
    "triple": "3x", "quarter": "0.25", "third": "3", "fourth": "4", "fifth": "5", "first": "1st",
    "once": "1x", "both": "2",
}  # fmt: skip

_SAME_UNIT = {
    "km": "kilometer", "kms": "kilometer", "kilometre": "kilometer", "m": "meter", "metre": "meter",
    "cm": "centimeter", "centimetre": "centimeter", "mm": "millimeter", "millimetre": "millimeter",
    "mi": "mile", "ft": "foot", "feet": "foot", "lb": "pound", "lbs": "pound", "kg": "kilogram",
    "kgs": "kilogram", "kilo": "kilogram", "g": "gram", "gm": "gram", "mg": "milligram",
    "oz": "ounce", "l": "liter", "litre": "liter", "ml": "milliliter", "millilitre": "milliliter",
    "hr": "hour", "hrs": "hour", "h": "hour", "min": "minute", "mins": "minute", "sec": "second",
    "secs": "second", "yr": "year", "yrs": "year", "gb": "gigabyte", "mb": "megabyte",
    "tb": "terabyte", "kb": "kilobyte", "%": "percent", "$": "dollar", "usd": "dollar",
    "€": "euro", "eur": "euro", "£": "pound", "gbp": "pound", "¥": "yen", "₹": "rupee",
    "inr": "rupee", "rs": "rupee", "°": "degree", "hourly": "hour", "daily": "day",
    "everyday": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year",
    "annually": "year", "nightly": "night",
}  # fmt: skip
UNITS = frozenset(_SAME_UNIT.values()) - {"second"} | frozenset(
    "inch yard acre hectare gallon pint cup tablespoon teaspoon ton tonne stone celsius fahrenheit"  # noqa: SIM905
    " kelvin byte bit watt volt calorie joule franc yuan peso cent penny month week day night"
    " decade century fortnight millisecond".split()
)
_SAME_DATE = {
    "jan": "january", "feb": "february", "mar": "march", "apr": "april", "jun": "june",
    "jul": "july", "aug": "august", "sep": "september", "sept": "september", "oct": "october",
    "nov": "november", "dec": "december", "mon": "monday", "tue": "tuesday", "tues": "tuesday",
    "wed": "wednesday", "thu": "thursday", "thurs": "thursday", "fri": "friday",
    "sat": "saturday", "sun": "sunday",
}  # fmt: skip
DATES = frozenset(_SAME_DATE.values()) | frozenset(
    "today tomorrow yesterday tonight morning afternoon evening noon midnight weekend weekday"  # noqa: SIM905
    " spring summer autumn winter christmas easter quarterly biweekly past future previous next last"
    " upcoming".split()
)

NEGATIONS = frozenset(
    "not no none never neither nor without except excluding cannot nothing nobody nowhere hardly"  # noqa: SIM905
    " lack lacks unable".split()
)
_FUNCTION = frozenset(
    "a an the this that these those there here it its is are am was were be been being do does did"  # noqa: SIM905
    " done doing have has had having can could may might will would shall should must ought of at for"
    " to in on with into about and as some any by from or if than then so such very really actually"
    " just also too please kindly hi hello hey thanks thank you your i me my mine we us our they"
    " them their he him his she her who whom whose what which when where why how me one ones get"
    " got getting tell know want need like let s t re ve ll d m don out up down over off whether if"
    " because although though until unless while since upon among toward towards per via onto while"
    " anyone someone something anything everything everyone anybody somebody everybody myself"
    " yourself itself himself herself themselves ourselves oneself against without during within"
    " between before after above below under through throughout despite besides except versus vs"
    " etc ok okay and/or gonna wanna could've whatever whichever whoever however therefore".split()
)
"""Carry no content of their own; the model still sees them."""


@dataclass(frozen=True, slots=True)
class Words:
    """One question, taken apart."""

    plain: tuple[str, ...]
    """All words, lower case, in order."""
    base: tuple[str, ...]
    """The same in base form."""
    cased: tuple[str, ...]
    """The same as written."""
    numbers: tuple[str, ...]
    """Sorted."""
    units: frozenset[str]
    dates: frozenset[str]
    names: frozenset[str]
    """Words that name something: capitalised, spelled with digits, or in no dictionary."""
    negations: int
    signs: tuple[str, ...]
    """What no word holds, in order: operators of code; vowels in Hindi, tones in Thai."""

    @property
    def content(self) -> tuple[str, ...]:
        """Base forms that carry meaning, in order."""
        return tuple(word for word in self.base if word not in _FUNCTION)


_OPERATOR = re.compile(
    r"[<>=&|^~@\\{}\[\]*]|[-+/!]=|(?<=\s)[+/](?=\s)"
    r"|(?<=\d\s)-(?=\s)|(?<=\b[b-hj-zB-HJ-Z]\s)-(?=\s)|(?<=\s)-(?=\s(?:\d|[b-hj-zB-HJ-Z]\b))"
)
"""A minus stands by a number or a letter; between words it is a dash."""
_MARKS = frozenset({"Mn", "Mc"})


def take_apart(text: str, lexicon: Lexicon) -> Words:
    """Any text; symbols other than those of money, percent and degrees are left out."""
    spelled = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    cased: list[str] = []
    starts: list[bool] = []
    for found in _TOKEN.finditer(spelled):
        begins = not cased or spelled[: found.start()].rstrip(" \"'(").endswith(
            (".", "?", "!", ":")
        )
        for at, piece in enumerate(_split(found[0])):
            cased.append(piece)
            starts.append(begins and at == 0)
    plain = tuple(word.lower() for word in cased)
    base = tuple(lexicon.base(word) for word in plain)
    titled = _titled(cased)
    pairs = list(zip(cased, plain, base, starts, strict=True))
    return Words(
        plain,
        base,
        tuple(cased),
        tuple(sorted(
            number for before, word in zip(("", *plain), plain, strict=False)
            if (number := _number(word)) and (before, word) != ("at", "once")
        )),
        frozenset(
            unit for before, p, b in zip(("", *plain), plain, base, strict=False)
            if (unit := _unit(p, b, before))
        ),
        frozenset(date for p, b in zip(plain, base, strict=True) if (date := _date(p, b))),
        frozenset(
            word for case, word, _, first in pairs
            if _is_name(case, word, lexicon, first=first, titled=titled)
        ),
        sum(
            word in NEGATIONS and not (before == "or" and after in {"", "to"})
            for before, word, after in zip(("", *plain), plain, (*plain[1:], ""), strict=False)
        ),
        (*_OPERATOR.findall(spelled), *(
            mark for mark in ("" if spelled.isascii() else spelled)
            if unicodedata.category(mark) in _MARKS
        )),
    )  # fmt: skip


def _split(token: str) -> list[str]:
    """Contractions apart, so that a negation is a word; other hyphens and dots stay."""
    lower = token.lower()
    if lower in {"can't", "cannot", "won't", "shan't"}:
        return ["can" if lower.startswith("can") else "will", "not"]
    if lower.endswith("n't"):
        return [token[:-3], "not"]
    stem, mark, tail = token.rpartition("'")
    if mark and tail.lower() in {"s", "re", "m", "ve", "ll", "d"}:
        return [stem]
    if "-" in token and not any(letter.isdigit() for letter in token):
        return [piece for piece in token.split("-") if piece]
    glued = _GLUED.fullmatch(lower)
    if glued is not None and (glued[2] in _SAME_UNIT or glued[2] in UNITS):
        return [glued[1], glued[2]]
    return [token]


_GLUED = re.compile(r"(\d+(?:[.,]\d+)*)([a-z]{1,12})")
"""*30yr*, *10kg*: a number and its unit."""


def _number(word: str) -> str | None:
    if word[0].isdigit() or (word[0] in "+-" and word[1:2].isdigit()):
        return word.replace(",", "").lstrip("+")
    return NUMBERS.get(word)


def _unit(plain: str, base: str, before: str) -> str | None:
    """The unit that a word names; a letter is one behind a number only."""
    if len(plain) == 1 and plain.isalpha() and not before[:1].isdigit():
        return None
    if base == "hour" and before in _HOURS_OF:
        return None
    # Only a plural: `center` is no form of `cent` here, whatever its ending.
    stem = base if plain.endswith("s") else plain
    unit = _SAME_UNIT.get(plain) or _SAME_UNIT.get(stem) or stem
    return unit if unit in UNITS else None


_HOURS_OF = frozenset({"opening", "business", "office", "working", "visiting"})
"""*Opening hours* ask when, not how long."""


def _date(plain: str, base: str) -> str | None:
    date = _SAME_DATE.get(plain, plain)
    if date in DATES:
        return date
    return base if base in DATES else None


def _titled(cased: list[str]) -> bool:
    """Whether capitals say nothing: A Headline Such As This, or ALL OF IT."""
    long = [word for word in cased if len(word) > 3]
    return len(long) > 2 and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def _is_name(cased: str, word: str, lexicon: Lexicon, *, first: bool, titled: bool) -> bool:
    if word in _FUNCTION and not (cased.isupper() and len(cased) > 1 and not titled):
        return False
    if word in NUMBERS or word in DATES or word in UNITS or word in _SAME_UNIT:
        return False
    if any(letter.isdigit() for letter in word):
        return not word[0].isdigit()
    if not word.isascii() or not lexicon.known(word):
        return True
    return cased[0].isupper() and not first and not titled

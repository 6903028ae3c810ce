"""What two questions are compared by: their words, and which of them are which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from extproc.models.same_answer.calendar import DATES, dates
from extproc.models.same_answer.lexicon import WORDS_TOO, Lexicon
from extproc.models.same_answer.numerals import NUMBERS, amounts
from extproc.models.same_answer.spelling import negated, respelled, same_word
from extproc.models.same_answer.units import SAME_UNIT, UNITS

_TOKEN = re.compile(
    r"(?:(?<![\w-])[-+])?\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|k|m|bn)?(?![^\W_])|_[ap]m\b"
    r"|[^\W_]+(?:[.'+#-][^\W_]+)*[+#]*|[%$€£¥₹°]"
)

NEGATIONS = frozenset(
    "not no none never neither nor without except excluding cannot nothing nobody nowhere hardly"  # noqa: SIM905
    " lack lacks unable".split()
)
FUNCTION = frozenset(
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
    told: tuple[bool, ...]
    """Of each, whether it is of a sentence that asks nothing, beside one that asks."""
    base: tuple[str, ...]
    """The same in base form."""
    cased: tuple[str, ...]
    """The same as written."""
    numbers: tuple[str, ...]
    """Sorted."""
    units: frozenset[str]
    """Those that no number stands before, and those of which there is one."""
    asked: frozenset[str]
    """Of the units, what the question asks to count."""
    often: frozenset[str]
    """Of the units, what it asks the rate by."""
    dates: frozenset[str]
    told_units: frozenset[str]
    told_dates: frozenset[str]
    """Units and dates of the sentences that ask nothing."""
    names: frozenset[str]
    """Words that name something: capitalised, spelled with digits, or in no dictionary."""
    negations: int
    told_negations: int
    """Of these, in sentences that ask nothing."""
    signs: tuple[str, ...]
    """What no word holds, in order: operators of code; vowels in Hindi, tones in Thai."""

    @property
    def content(self) -> tuple[str, ...]:
        """Base forms that carry meaning, in order."""
        return tuple(word for word in self.base if word not in FUNCTION)

    @property
    def asking(self) -> set[str]:
        """The same of the sentences that ask."""
        both = zip(self.base, self.told, strict=True)
        return {word for word, told in both if not told and word not in FUNCTION}


T = TypeVar("T")
_OPERATOR = re.compile(
    r"[<>=&|^~@\\{}\[\]*]|[-+/!]=|(?<=\s)[+/](?=\s)"
    r"|(?<=\d\s)-(?=\s)|(?<=\b[b-hj-zB-HJ-Z]\s)-(?=\s)|(?<=\s)-(?=\s(?:\d|[b-hj-zB-HJ-Z]\b))"
)
"""A minus stands by a number or a letter; between words it is a dash."""
_MARKS = frozenset({"Mn", "Mc"})


def take_apart(text: str, lexicon: Lexicon) -> Words:
    """Any text; symbols other than those of money, percent and degrees are left out."""
    spelled = respelled(text)
    cased: list[str] = []
    starts: list[bool] = []
    told: list[bool] = []
    stories = _stories(spelled)
    for found in _TOKEN.finditer(spelled):
        begins = not cased or spelled[: found.start()].rstrip(" \"'(").endswith(
            (".", "?", "!", ":")
        )
        for at, piece in enumerate(_split(found[0])):
            cased.append(piece)
            starts.append(begins and at == 0)
            told.append(any(start <= found.start() < end for start, end in stories))
    plain = tuple(same_word(word.lower()) for word in cased)
    base = tuple(lexicon.base(word) for word in plain)
    titled = _titled(cased)
    careful = any(word[0].isupper() and word != "I" for word in cased)
    counted, aside = (
        amounts(*(tuple(_of(some, told, side)) for some in (plain, base))) for side in (False, True)
    )
    when, whenever = (
        dates(*(tuple(_of(some, told, side)) for some in (plain, cased))) for side in (False, True)
    )
    denials = [
        word in NEGATIONS and not (before == "or" and after in {"", "to"})
        for before, word, after in zip(("", *plain), plain, (*plain[1:], ""), strict=False)
    ]
    return Words(
        plain,
        tuple(told),
        base,
        tuple(cased),
        tuple(sorted(counted.numbers + aside.numbers)),
        counted.units,
        counted.asked,
        counted.often,
        when,
        aside.units,
        whenever,
        frozenset(
            word for case, word, first in zip(cased, plain, starts, strict=True)
            if _is_name(case, word, lexicon, first=first, titled=titled, careful=careful)
        ),
        sum(denials),
        sum(_of(denials, told, True)),
        (*_OPERATOR.findall(spelled), *(
            mark for mark in ("" if spelled.isascii() else spelled)
            if unicodedata.category(mark) in _MARKS
        )),
    )  # fmt: skip


_ENDS = re.compile(r"(?<!\b[a-z])[.!](?=\s)|[?](?=\s|$)|$", re.IGNORECASE)
_ASKS = re.compile(
    r"\W*(?:and |so |please |pls |hi |hello |hey )*(?:how|what|whats|which|who|whom|whose|when|where"
    r"|why|tell|give|show|explain|name|list|write|translate|calculate|compute|convert|find|help"
    r"|summari[sz]e|create|make|set|plan|solve|add|remove|delete|change|describe|compare|suggest"
    r"|recommend|turn|book|cancel|send|draft|fix|need|want|can|could|is|are|do|does|did|should"
    r"|would|will|may|must)\b",
    re.IGNORECASE,
)
"""How a sentence begins that asks or orders, with or without its mark."""
_WONDERS = re.compile(r"\b(?:tell me|like to know|want to know|wonder)", re.IGNORECASE)


def _stories(text: str) -> list[tuple[int, int]]:
    """Where the sentences are that only tell, if one beside them ends in a question mark."""
    if "?" not in text or not any(mark in text for mark in (". ", "! ", "? ")):
        return []
    found, start = [], 0
    for mark in _ENDS.finditer(text):
        tells = mark[0] != "?" and text[start : mark.start()].strip()
        if tells and not (_ASKS.match(text, start) or _WONDERS.search(text, start, mark.start())):
            found.append((start, mark.end()))
        start = mark.end()
    return found


def _of(some: Sequence[T], told: Sequence[bool], side: bool) -> Iterator[T]:
    return (one for one, is_told in zip(some, told, strict=True) if is_told is side)


def _split(token: str) -> list[str]:
    """Contractions apart, so that a negation is a word; other hyphens and dots stay."""
    lower = token.lower()
    verb = negated(lower)
    if verb is not None:
        return [verb, "not"]
    stem, mark, tail = token.rpartition("'")
    if mark and tail.lower() in {"s", "re", "m", "ve", "ll", "d"}:
        return _split(stem)
    if "-" in token and (
        not any(letter.isdigit() for letter in token) or _NUMBERED.fullmatch(token)
    ):
        return [piece for piece in token.split("-") if piece]
    glued = _GLUED.fullmatch(lower)
    if glued is not None and (glued[2] in SAME_UNIT or glued[2] in UNITS):
        return [glued[1], glued[2]]
    return [token]


_NUMBERED = re.compile(r"[^\W\d_]+-\d+")
"""*carbon-14*, *GPT-4*: a name and its number."""
_GLUED = re.compile(r"(\d+(?:[.,]\d+)*)([a-z]{1,12})")
"""*30yr*, *10kg*: a number and its unit."""


def _titled(cased: list[str]) -> bool:
    """Whether capitals say nothing: A Headline Such As This, or ALL OF IT."""
    long = [word for word in cased if len(word) > 3]
    return len(long) > 2 and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def _is_name(
    cased: str, word: str, lexicon: Lexicon, *, first: bool, titled: bool, careful: bool
) -> bool:
    if word in FUNCTION and not (cased.isupper() and len(cased) > 1 and not titled):
        return False
    if word == "okay":
        return False
    if word in DATES or dates((word,), (cased,)):
        return False
    if word in NUMBERS or word in UNITS or word in SAME_UNIT or word[0] == "_":
        return False
    if any(letter.isdigit() for letter in word):
        return not word[0].isdigit()
    if careful and cased.islower() and word in WORDS_TOO:
        return False
    if not word.isascii() or not lexicon.known(word):
        return True
    return cased[0].isupper() and not first and not titled

"""One change to a natural question that makes it another: for any text, by kind of change."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from concepts import CONDITIONS, NAMES, PLACES, QUALIFIERS

from extproc.models.same_answer.calendar import DATES
from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.numerals import NUMBERS

_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_PERIODS = ("daily", "weekly", "monthly", "yearly", "hourly")
_RELATIVE = ("today", "tomorrow", "yesterday")
_FLIPS = (
    ("before", "after"), ("with", "without"), ("on", "off"), ("more", "less"), ("most", "least"),
    ("best", "worst"), ("better", "worse"), ("increase", "decrease"), ("open", "close"),
    ("start", "stop"), ("enable", "disable"), ("buy", "sell"), ("gain", "lose"),
    ("advantages", "disadvantages"), ("cheap", "expensive"), ("high", "low"), ("old", "new"),
    ("good", "bad"), ("add", "remove"), ("long", "short"), ("first", "last"), ("big", "small"),
    ("men", "women"), ("man", "woman"), ("boys", "girls"), ("easy", "hard"), ("win", "lose"),
    ("send", "receive"), ("import", "export"), ("inside", "outside"), ("safe", "dangerous"),
    ("love", "hate"), ("left", "right"), ("north", "south"), ("legal", "illegal"),
    ("biggest", "smallest"), ("fast", "slow"), ("early", "late"), ("up", "down"),
    ("maximum", "minimum"), ("positive", "negative"), ("rich", "poor"), ("always", "never"),
)  # fmt: skip
_FLIP = {a: b for pair in _FLIPS for a, b in (pair, pair[::-1])}


class Mutator:
    """Draws from one seed. Each method returns ``None`` where its change does not apply."""

    def __init__(self, seed: int, lexicon: Lexicon) -> None:
        self._random = random.Random(seed)
        self._lexicon = lexicon

    def kinds(self) -> dict[str, Callable[[str], str | None]]:
        return {
            "number": self.number, "date": self.date, "name": self.name, "place": self.place,
            "negation": self.negation, "antonym": self.antonym, "order": self.order,
            "condition": self.condition,
        }  # fmt: skip

    def number(self, text: str) -> str | None:
        return self._replace(text, r"\b\d+\b", self._another_number) or self._replace(
            text,
            rf"\b(?:{'|'.join(w for w in sorted(NUMBERS) if len(w) > 2)})\b",
            self._another_word,
        )

    def _another_number(self, found: str) -> str:
        change = self._random.choice((1, 2, 3, 5, 10, int(found)))
        return str(int(found) + (change or 1))

    def _another_word(self, found: str) -> str:
        words = ("two", "three", "four", "five", "six", "seven", "eight", "ten", "twelve")
        return self._random.choice([w for w in words if w != found.lower()])

    def date(self, text: str) -> str | None:
        for group in (_DAYS, _MONTHS[:4] + _MONTHS[5:], _PERIODS, _RELATIVE):
            changed = self._among(text, tuple(group))
            if changed is not None:
                return changed
        return self._replace(
            text, r"\b(?:19|20)\d\d\b", lambda y: str(int(y) + self._random.choice((-3, -1, 1, 2)))
        )

    def name(self, text: str) -> str | None:
        """A capitalised word inside the sentence that is no place, or one of our names."""
        known = self._among(text, NAMES)
        if known is not None:
            return known
        found = [
            m for m in re.finditer(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b", text)
            if m[0] not in PLACES and m[0].lower() not in DATES
            and m[0] not in _MONTHS and not self._lexicon.known(m[0].lower())
        ]  # fmt: skip
        if not found:
            return None
        at = self._random.choice(found)
        other = self._random.choice([n for n in NAMES if n != at[0]])
        return text[: at.start()] + other + text[at.end() :]

    def place(self, text: str) -> str | None:
        return self._among(text, PLACES)

    def negation(self, text: str) -> str | None:
        if re.search(r"\bnot\b|n't\b|\bnever\b|\bwithout\b", text):
            return self._replace(text, r" not\b| never\b", lambda _: "")
        for pattern in (
            r"\b(?:is|are|was|were|does|do|did|should|can|could|will|would) (?:the )?\w+\b",
            r"\b(?:is|are|was|were|should|can|could|will|would)\b",
        ):
            changed = self._replace(text, pattern, lambda verb: f"{verb} not")
            if changed is not None:
                return changed
        return None

    def antonym(self, text: str) -> str | None:
        words = [m for m in re.finditer(r"[A-Za-z]+", text) if m[0].lower() in _FLIP]
        if words:
            at = self._random.choice(words)
            other = _FLIP[at[0].lower()]
        else:
            words = [m for m in re.finditer(r"[a-z]{4,}", text) if m[0] in self._lexicon.opposites]
            if not words:
                return None
            at = self._random.choice(words)
            other = self._random.choice(sorted(self._lexicon.opposites[at[0]]))
        other = other.capitalize() if at[0][0].isupper() else other
        return text[: at.start()] + other + text[at.end() :]

    def order(self, text: str) -> str | None:
        """What stands on both sides of *to*, *than* or *from* trades places."""
        pattern = (
            r"\b([A-Z][\w+#]+|\w{4,}) (to|than|into|over|from|better than|instead of|before)"
            r" ([A-Z][\w+#]+|\w{4,})\b"
        )
        found = re.search(pattern, text)
        if found is None or found[1].lower() == found[3].lower():
            return None
        if not (found[1][0].isupper() and found[3][0].isupper()) and found[2] not in (
            "than", "better than", "instead of",
        ):  # fmt: skip
            return None
        return f"{text[: found.start()]}{found[3]} {found[2]} {found[1]}{text[found.end() :]}"

    def condition(self, text: str) -> str | None:
        if self._random.random() < 0.35:
            words = list(re.finditer(r"\b(?:a|the|my|best) (?=[a-z]{4,})", text))
            if words:
                at = self._random.choice(words)
                return f"{text[: at.end()]}{self._random.choice(QUALIFIERS)} {text[at.end() :]}"
        mark = text[-1] if text and text[-1] in ".?!" else ""
        return f"{text[: len(text) - len(mark)]} {self._random.choice(CONDITIONS)}{mark}"

    def _among(self, text: str, words: tuple[str, ...]) -> str | None:
        found = list(
            re.finditer(rf"\b(?:{'|'.join(map(re.escape, words))})(?!\w)", text, re.IGNORECASE)
        )
        if not found:
            return None
        at = self._random.choice(found)
        other = self._random.choice([w for w in words if w.lower() != at[0].lower()])
        other = other.lower() if at[0].islower() else other
        return text[: at.start()] + other + text[at.end() :]

    def _replace(self, text: str, pattern: str, change: Callable[[str], str]) -> str | None:
        found = list(re.finditer(pattern, text))
        if not found:
            return None
        at = self._random.choice(found)
        return text[: at.start()] + change(at[0]) + text[at.end() :]

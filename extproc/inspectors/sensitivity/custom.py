"""A policy's own recognisers: patterns, a list of terms, words that speak for them, a check.

Patterns are google-re2's, so that no text can make one slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import re2
from pydantic import AfterValidator, Field, model_validator

from extproc.inspectors.sensitivity import checksums
from extproc.inspectors.sensitivity.match import Context, Match, Words, alnum
from extproc.inspectors.sensitivity.plain import Plain
from extproc.policy.section import Strict

BOOST, SUPPORTED = 0.35, 0.5
"""What a context word adds to a score, and what it lifts it to at least: as in Presidio."""
_MEMORY = 1 << 20
"""Bytes that one compiled pattern may take."""
_TERM_SCORE = 1.0


class Checksum(StrEnum):
    """Computed over the letters and digits of a match; where it fails there is no entity."""

    LUHN = "luhn"
    VERHOEFF = "verhoeff"
    MOD97 = "mod97"
    MOD11 = "mod11"


def _mod97(value: str) -> bool:
    """ISO 7064 mod 97,10: letters count as 10 to 35, the last two digits check."""
    return int("".join(str(int(char, 36)) for char in value)) % 97 == 1


def _mod11(value: str) -> bool:
    """Weights 2, 3, 4 … from the right, as in ISBN-10: the last may be X, for 10."""
    digits = [10 if char == "X" else int(char) for char in value.upper()]
    return sum(weight * digit for weight, digit in enumerate(reversed(digits), 1)) % 11 == 0


_CHECKS: dict[Checksum, tuple[Callable[[str], bool], re.Pattern[str]]] = {
    Checksum.LUHN: (checksums.luhn, re.compile("[0-9]{2,}")),
    Checksum.VERHOEFF: (checksums.verhoeff, re.compile("[0-9]{2,}")),
    Checksum.MOD97: (_mod97, re.compile("[0-9A-Za-z]{3,128}")),
    Checksum.MOD11: (_mod11, re.compile("[0-9]+[0-9Xx]")),
}
"""Each with the form that it is defined for."""


def _options(*, ignore_case: bool) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = not ignore_case
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


def _latin1(value: str) -> str:
    if not value.strip():
        raise ValueError("allowed: text that is not blank")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError as error:
        char = value[error.start]
        raise ValueError(f"{char!r} is not supported; allowed: letters of Latin-1") from None
    return value


def _regex(value: str) -> str:
    _latin1(value)
    try:
        compiled = re2.compile(value.encode("latin-1"), _options(ignore_case=False))
    except re2.error as error:
        said = error.args[0] if error.args else b""
        reason = said.decode("latin-1") if isinstance(said, bytes) else str(said)
        raise ValueError(
            f"no pattern of RE2: {reason}; allowed: RE2 syntax, without look-around and back-references"
        ) from None
    if compiled.match(b"") is not None:
        raise ValueError("matches the empty text; allowed: patterns that match something")
    return value


Score = Annotated[float, Field(gt=0, le=1)]
Word = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_latin1)]


class CustomPattern(Strict):
    """One form that an entity has."""

    regex: Annotated[str, Field(min_length=1, max_length=1024), AfterValidator(_regex)]
    """RE2 syntax; the whole match is the entity."""
    score: Score = 0.6
    """Without a word of `context` near it. One adds 0.35, and makes it at least 0.5."""


class CustomRecognizer(Strict):
    """How an entity type of the policy's own is found. `patterns`, `deny_list` or both."""

    patterns: Annotated[tuple[CustomPattern, ...], Field(max_length=32)] = ()
    deny_list: Annotated[tuple[Word, ...], Field(max_length=1000)] = ()
    """Terms that are entities wherever they stand as words, with score 1; case does not matter."""
    context: Annotated[tuple[Word, ...], Field(max_length=64)] = ()
    """Words that speak for a match within 64 characters before it or 24 after; case does not matter."""
    checksum: Checksum | None = None
    """What the letters and digits of a pattern's match must pass."""
    ignore_case: bool = True
    """Whether patterns match upper and lower case alike."""

    @model_validator(mode="after")
    def _finds_something(self) -> CustomRecognizer:
        if not self.patterns and not self.deny_list:
            raise ValueError("finds nothing; allowed: `patterns`, `deny_list` or both")
        return self


@dataclass(frozen=True, slots=True)
class Recogniser:
    """One entity type, compiled. Threads may share it."""

    type: str
    patterns: tuple[tuple[Any, float], ...]
    terms: Any
    context: Words | None
    check: tuple[Callable[[str], bool], re.Pattern[str]] | None

    @classmethod
    def of(cls, entity: str, settings: CustomRecognizer) -> Recogniser:
        options = _options(ignore_case=settings.ignore_case)
        terms = sorted(settings.deny_list, key=len, reverse=True)
        return cls(
            entity,
            tuple((re2.compile(p.regex.encode("latin-1"), options), p.score)
                  for p in settings.patterns),
            re2.compile(b"|".join(re2.escape(term.encode("latin-1")) for term in terms),
                        _options(ignore_case=True)) if terms else None,
            Words(*(word.lower() for word in settings.context)) if settings.context else None,
            _CHECKS[settings.checksum] if settings.checksum is not None else None,
        )  # fmt: skip

    def find(self, text: Plain) -> list[Match]:
        found = []
        for pattern, score in self.patterns:
            for match in pattern.finditer(text.body):
                start, end = match.span()
                if start < end and self._valid(match[0]):
                    near = self._near(text, start, end)
                    base = max(min(score + BOOST, 1.0), SUPPORTED) if near else score
                    found.append(Match(self.type, start, end, base, near))
        for term in self.terms.finditer(text.body) if self.terms is not None else ():
            start, end = term.span()
            if _is_word(text.body, start, end):
                found.append(Match(self.type, start, end, _TERM_SCORE))
        return found

    def _near(self, text: Plain, start: int, end: int) -> int:
        return Context(text, start, end).speaks_for(self.context) if self.context else 0

    def _valid(self, value: bytes) -> bool:
        if self.check is None:
            return True
        valid, form = self.check
        told = "".join(char for char in value.decode("latin-1") if char.isalnum())
        return form.fullmatch(told) is not None and valid(told)


def _is_word(body: bytes, start: int, end: int) -> bool:
    """Whether no letter or digit is joined to a letter or digit at the ends."""
    before = start and alnum(body[start - 1]) and alnum(body[start])
    after = end < len(body) and alnum(body[end]) and alnum(body[end - 1])
    return not before and not after

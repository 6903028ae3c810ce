"""Arguments of a call: JSON in a string, edited so that it stays JSON and nothing else changes.

Texts and numbers are changed where they stand. Reading all of it and writing it
anew would lose what JSON allows and readers differ about: names that come
twice, the digits of large numbers.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extproc.inspectors.sensitivity.analyzer import Entity

_TOKEN = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?', re.DOTALL
)
_CHAR = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]",
    re.DOTALL,
)
"""What stands for one character."""
_NAMES = re.compile(r"\s*:")
_HALF = re.compile("[\ud800-\udfff]")
"""Half a character, which stands in JSON as an escape alone."""


@dataclass(frozen=True, slots=True)
class Token:
    """A text, a name of a field or a number of a JSON document."""

    start: int
    end: int
    text: str
    """What it says."""
    origin: tuple[int, ...] | None
    """Where its characters stand in the document, and where the last ends; ``None``: one by one."""
    is_number: bool
    is_name: bool

    def within(self, entities: Iterable[Entity]) -> list[Entity]:
        """What was found in the document, as offsets of `text`; what reaches over is cut off.

        A name on the way from one value to the next is none.
        """
        found = []
        for one in entities:
            across = one.start < self.start or one.end > self.end
            if one.end > self.start and one.start < self.end and not (across and self.is_name):
                start, end = self._at(one.start), self._at(one.end - 1) + 1
                if start < min(end, len(self.text)):
                    found.append(one._replace(start=start, end=min(end, len(self.text))))
        return found

    def _at(self, index: int) -> int:
        """The character of `text` that ``document[index]`` belongs to, or the nearest."""
        if self.origin is not None:
            return max(0, bisect_right(self.origin, index) - 1)
        return max(0, index - self.start - (0 if self.is_number else 1))


def tokens(document: str) -> list[Token] | None:
    """All of them in order; ``None`` when `document` is no JSON."""
    try:
        json.loads(document, strict=False)
    except (ValueError, RecursionError):
        return None
    return [_token(found) for found in _TOKEN.finditer(document)]


def edited(document: str, read: Iterable[Token], edit: Callable[[Token], str]) -> str:
    """`document` with what `edit` makes of each token's text. A number that changes is a text."""
    out: list[str] = []
    at = 0
    for token in read:
        new = edit(token)
        if new != token.text:
            out += (document[at : token.start], _quoted(new))
            at = token.end
    return "".join((*out, document[at:]))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=_HALF.search(text) is not None)


def _token(found: re.Match[str]) -> Token:
    start, end = found.span()
    raw = found[0]
    if raw[0] != '"':
        return Token(start, end, raw, None, is_number=True, is_name=False)
    is_name = _NAMES.match(found.string, end) is not None
    if "\\" not in raw:
        return Token(start, end, raw[1:-1], None, is_number=False, is_name=is_name)
    text: str = json.loads(raw, strict=False)
    origin = (one.start() for one in _CHAR.finditer(found.string, start + 1, end - 1))
    return Token(start, end, text, (*origin, end - 1), is_number=False, is_name=is_name)

"""Rows below a head line with a column of secrets: CSV, TSV, tables of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import looks_made_up
from extproc.inspectors.sensitivity.values import chosen, number

_HEADING = re.compile(
    rb"(?i)(?:(?:initial|temp(?:orary)?|new|old|user|login|admin|db|wifi|default|app|root)?[ _-]?"
    rb"(?:password|passwort|passwd|pass|pwd|pw|kennwort|passphrase)|"
    rb"(?:client|api|shared)?[ _-]?secret|(?:api|access|auth|personal|refresh)?[ _-]?token|api[_ -]?key|secret[_ -]?key|"
    rb"contrase.a|mot de passe|senha|wachtwoord|has[l?]o|parola(?: d'ordine)?|credentials?)"
)
_SEPARATORS = (b"\t", b"|", b";", b",")
_LONGEST_HEAD, _LONGEST_NAME, _MOST_ROWS = 512, 40, 200
_RULE = re.compile(rb"[\s|:+-]+")
_BESIDE = frozenset(b'\t|;,"\r\n')


def heads(body: bytes, end: int) -> bool:
    """Whether a name that ends at `end` may be the head of a column: cheap, to ask first."""
    after = body[end : end + 2]
    return not after or after[0] in _BESIDE or after == b" |"


def below(body: bytes, start: int, end: int) -> Iterator[Match]:
    """What stands in the column that ``body[start:end]`` heads."""
    begin = body.rfind(b"\n", max(0, start - _LONGEST_HEAD), start) + 1
    stop = body.find(b"\n", end, end + _LONGEST_HEAD)
    head = body[begin:stop].rstrip(b"\r")
    separator = next((one for one in _SEPARATORS if one in head.strip(b"| ")), None)
    if stop < 0 or separator is None:
        return
    names = [name.strip(b" \"'*`") for name in head.split(separator)]
    column = head[: start - begin].count(separator)
    if _HEADING.fullmatch(names[column]) and all(len(name) <= _LONGEST_NAME for name in names):
        yield from _rows(body, stop + 1, separator, len(names), column)


def _rows(body: bytes, at: int, separator: bytes, width: int, column: int) -> Iterator[Match]:
    """Until a line has not `width` cells."""
    for _ in range(_MOST_ROWS):
        stop = body.find(b"\n", at)
        stop = len(body) if stop < 0 else stop
        cells = body[at:stop].split(separator)
        if len(cells) != width:
            return
        value = cells[column].strip(b" \"'`\r")
        begin = at + sum(map(len, cells[:column])) + column + cells[column].find(value)
        likely = (chosen(value) or number(value)) and not _RULE.fullmatch(value)
        if likely and not looks_made_up(value, words=True):
            yield Match("SECRET", begin, begin + len(value), 0.8)
        at = stop + 1

"""Rows below a head line with a column of secrets: CSV, TSV, tables of Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import looks_made_up
from extproc.inspectors.sensitivity.values import chosen, number, phrased

_HEADING = re.compile(
    rb"(?i)(?:(?:initial|temp(?:orary)?|new|old|user|login|admin|db|wifi|default|app|root)?[ _-]?"
    rb"(?:password|passwort|passwd|pass|pwd|pw|kennwort|passphrase)|"
    rb"(?:client|api|shared)?[ _-]?secret|(?:api|access|auth|personal|refresh)?[ _-]?token|api[_ -]?key|secret[_ -]?key|"
    rb"contrase.a|mot de passe|senha|wachtwoord|has[l?]o|parola(?: d'ordine)?|credentials?)"
)
_SEPARATORS = (b"\t", b"|", b";", b",")
_LONGEST_HEAD, _LONGEST_NAME, _MOST_CELLS = 512, 40, 64
_RULE = re.compile(rb"[\s|:+-]+")
_BESIDE = frozenset(b'\t|;,"`)\r\n')


def heads(body: bytes, end: int) -> bool:
    """Whether a name that ends at `end` may be the head of a column: cheap, to ask first."""
    after = body[end : end + 2]
    return not after or after[0] in _BESIDE or after == b" |"


def below(body: bytes, start: int, end: int) -> Iterator[Match]:
    """Secrets in the column that ``body[start:end]`` heads."""
    for begin, stop in cells(body, start, end, _HEADING):
        value = body[begin:stop]
        likely = (chosen(value) or number(value)) and not _RULE.fullmatch(value)
        if likely and not looks_made_up(value, words=True):
            yield Match("SECRET", begin, stop, 0.8)


def cells(
    body: bytes, start: int, end: int, heading: re.Pattern[bytes]
) -> Iterator[tuple[int, int]]:
    """Where the values stand of the column that ``body[start:end]`` heads, if it is named like `heading`."""
    begin = body.rfind(b"\n", max(0, start - _LONGEST_HEAD), start) + 1
    stop = body.find(b"\n", end, end + _LONGEST_HEAD)
    head = body[begin:stop].rstrip(b"\r")
    separator = next((one for one in _SEPARATORS if one in head.strip(b"| ")), None)
    if stop < 0 or separator is None:
        return
    names = [name.strip(b" \"'*`") for name in head.split(separator)]
    if len(names) > _MOST_CELLS or any(len(name) > _LONGEST_NAME for name in names):
        return
    column = head[: start - begin].count(separator)
    if heading.fullmatch(names[column]):
        yield from _rows(
            body, stop + 1, separator, width=len(names), column=column, heading=heading
        )


def _rows(
    body: bytes, at: int, separator: bytes, *, width: int, column: int, heading: re.Pattern[bytes]
) -> Iterator[tuple[int, int]]:
    """Until a line has not `width` cells, or heads the same column: it is read on from there.

    Else a text of heads alone would be read once for each of them.
    """
    while at < len(body):
        stop = body.find(b"\n", at)
        stop = len(body) if stop < 0 else stop
        row = body[at:stop].split(separator)
        if len(row) != width:
            return
        value = row[column].strip(b" \"'`\r")
        if heading.fullmatch(value):
            return
        begin = at + sum(map(len, row[:column])) + column + row[column].find(value)
        yield begin, begin + len(value)
        at = stop + 1


_INTO = re.compile(
    rb"(?i)\binsert\s{1,4}(?:ignore\s{1,4})?into\s{1,4}[\w.`\"\[\]]{1,80}\s{0,4}\(([^()]{0,400})$"
)
_VALUES = re.compile(rb"(?i)([^()]{0,400})\)\s{0,8}values\s{0,8}(?=\()")
_TUPLE = re.compile(
    rb"\(((?:'(?:[^'\\]|''|\\.){0,256}'|[^()']{1,128}){1,64})\)[ \t\r\n]{0,8},?[ \t\r\n]{0,16}"
)
_CELL = re.compile(rb"\s{0,16}(?:[NE]?'((?:[^'\\]|''|\\.){0,256})'|[^',]{0,128})\s{0,16}(?:,|$)")


def inserted(body: bytes, start: int, end: int) -> Iterator[Match]:
    """What SQL writes into the column that ``body[start:end]`` names: ``INSERT INTO t (a, pass) VALUES (…)``."""
    into = _INTO.search(body, max(0, start - _LONGEST_HEAD), start)
    rest = _VALUES.match(body, end) if into is not None else None
    if into is None or rest is None:
        return
    names = (into[1] + body[start:end] + rest[1]).split(b",")
    column = into[1].count(b",")
    if not _HEADING.fullmatch(names[column].strip(b' \t\r\n`"[]')):
        return
    at = rest.end()
    while (row := _TUPLE.match(body, at)) is not None:
        cell = None
        place = row.start(1)
        for _ in range(column + 1):
            cell = _CELL.match(body, place, row.end(1))
            if cell is None:
                return
            place = cell.end()
        if cell is not None and cell[1] is not None and _kept(cell[1]):
            yield Match("SECRET", *cell.span(1), 0.8)
        at = row.end()


def _kept(value: bytes) -> bool:
    likely = chosen(value) or number(value) or phrased(value)
    return likely and not looks_made_up(value, words=True)

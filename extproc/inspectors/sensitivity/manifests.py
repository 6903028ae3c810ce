"""Secrets of Kubernetes: all values of an object of that kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET

_AROUND = 2_048
_KIND = re.compile(rb"(?m)^[ \t]{0,8}kind:[ \t]{0,4}[\"']?Secret[\"']?[ \t]*\r?$")
_JSON_KIND = re.compile(rb"\"kind\"\s{0,4}:\s{0,4}\"Secret\"")
_APART = re.compile(rb"(?m)^---")
_LINE = re.compile(
    rb"(?:\r?\n)([ \t]{1,16})([A-Za-z0-9._-]{1,253}):[ \t]{1,4}[\"']?([^\s\"'|>{#!&*][^\s\"']{2,8192})[\"']?[ \t]*(?=\r?\n|$)"
)
_FIELD = re.compile(rb"\"([A-Za-z0-9._-]{1,253})\"\s{0,4}:\s{0,4}\"([^\s\"{}]{3,8192})\"")
_PLAIN = re.compile(
    rb"(?i)user(?:name)?|host(?:name)?|port|name|url|email|region|type|namespace|endpoint|.*\.crt|.*\.pub|database|dbname"
)
"""Names of what is told to everybody."""
_MOST = 64


@dataclass(frozen=True, slots=True)
class SecretManifest:
    """``data`` and ``stringData``, in YAML and JSON."""

    trigger: bytes = rb"\b(?:stringD|d)ata\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        if body.startswith(b'": {', end) or body.startswith(b'":{', end):
            last = body.find(b"}", end, end + 65_536)
            near = body[max(0, start - _AROUND) : (last if last >= 0 else end) + _AROUND]
            if _JSON_KIND.search(near):
                for field in _FIELD.finditer(body, end, last if last >= 0 else len(body)):
                    yield from _told(field[1], field[2], field.start(2))
            return
        if body[end : end + 1] != b":":
            return
        if _kind(body, start, end):
            yield from _lines(body, end + 1)


def _kind(body: bytes, start: int, end: int) -> bool:
    """Whether the document that this stands in is a Secret."""
    before = _APART.split(body[max(0, start - _AROUND) : start])[-1]
    after = _APART.split(body[end : end + _AROUND], 1)[0]
    return bool(_KIND.search(before) or _KIND.search(after))


def _lines(body: bytes, at: int) -> Iterator[Match]:
    indent = None
    for _ in range(_MOST):
        line = _LINE.match(body, at)
        if line is None or (indent is not None and line[1] != indent):
            return
        indent, at = line[1], line.end()
        yield from _told(line[2], line[3], line.start(3))


def _told(name: bytes, value: bytes, at: int) -> Iterator[Match]:
    if not _PLAIN.fullmatch(name) and not looks_made_up(value, words=True):
        yield Match("SECRET", at, at + len(value), 0.8)

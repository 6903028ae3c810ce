"""Secrets that a name gives away: ``password = …``, ``Authorization: Bearer …``, ``curl -u``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match, alnum
from extproc.inspectors.sensitivity.placeholders import entropy, looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET

_VALUE = rb"([^\s\"'`,;<>(){}\[\]\\]{4,512})"
_LINK = rb"[0-9]{0,2}[\"'`\]\)]{0,3}\s{0,3}(?::{1,4}=|=>|->|[:=]{1,2}|,(?=\s{0,3}[\"'`])|\b(?:is|was|lautet|ist|es|est|\xe8)\b:?|to\b)\s{0,3}"
_ASSIGNED = re.compile(_LINK + rb"(?:new |[bru](?=[\"']))?[\"'`(]{0,2}" + _VALUE)
_SPOKEN = re.compile(
    rb"\s{1,2}(?:for \S{1,32} )?(?:is|was|lautet|ist|es|est|\xe8)\s{0,2}:?\s{0,2}[\"'`]?" + _VALUE
)


@dataclass(frozen=True, slots=True)
class Passwords:
    """A password people chose: any value that mixes kinds of characters."""

    trigger: bytes = (
        rb"(?i)passw(?:or)?[dt]|passphrase|passwd|pwd|passcode|kennwort|wachtwoord|contrase.a|\bpasse\b|\bhas[?l]o\b|"
        rb"\bsenha\b|\bparol[aeo]\b|\bheslo\b|l.senord|adgangskode|salasana|passord|(?:\b|_)(?:pass|pw)\b"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        match = _ASSIGNED.match(text.body, end) or _SPOKEN.match(text.body, end)
        if match is None and _NETRC.search(text.body, max(0, start - 80), start):
            match = _BARE.match(text.body, end)
        if match is None or text.body[match.end() : match.end() + 1] == b"(":
            return
        value = match[1].rstrip(b".,?:")
        if chosen(value) and not looks_made_up(value, words=True):
            at = match.start(1)
            yield Match("SECRET", at, at + len(value), 0.85)


_NETRC = re.compile(
    rb"\blogin[ \t]+\S+\s+$|(?i:\b(?:user(?:name)?|benutzer|utilisateur|usuario|utente))[ :]{1,2}\S{1,40}[ ,;]{1,2}$"
)
_BARE = re.compile(rb"[ \t]+" + _VALUE)
"""``login NAME password VALUE`` of a .netrc, ``user NAME, pw VALUE``, and ``--token VALUE``."""


def chosen(value: bytes) -> bool:
    """Whether this could be a password and not a word of the sentence or of the code."""
    if len(value) < 6:
        return False
    kinds = set(value.translate(_KINDS))
    mixed = not kinds.isdisjoint(b"0!")
    several = len(kinds - set(b"_!")) + (33 in kinds and 46 not in kinds) >= 2
    return mixed and several and not _CODE.search(value)


_KINDS = bytes(
    ord("0") if 48 <= code <= 57
    else ord("A") if 65 <= code <= 90
    else ord("a") if 97 <= code <= 122
    else ord("_") if code == 95
    else ord("!") if code in b"!@#$%^&*+~?"
    else ord(".")
    for code in range(256)
)  # fmt: skip
_DIGIT = re.compile(rb"[0-9]")
_LETTER = re.compile(rb"[A-Za-z]")
_CODE = re.compile(
    rb"^__|^[a-z_]+\.[a-z_.]+$|^https?://|^/|^\.|==|&&|\|\||^[A-Z][a-z]+[A-Z][A-Za-z]*$"
)
_NAMED = re.compile(
    rb"(?i:secret|token|api[_.-]?key|access[_.-]?key|auth(?:[_.-]?key)?|credentials?|client[_.-]?secret|"
    rb"private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|secret[_.-]?key|account[_.-]?key|login|"
    rb"apikey|accessid|access[_.-]?id|contribsys__com|sourcegraph|webhook)$|"
    rb"(?<![A-Za-z])(?i:key)$|[a-z0-9]Key$|[A-Z0-9]KEY$"
)
_NOT_SECRET = re.compile(
    rb"(?i)(?<!ad)(?<!ac)(?<!back)(?:public|publickey|pub|primary|foreign|cache|bucket|sort|partition|idempotency|row|group|object|map|"
    rb"index|unique|lookup|registry|i18n|csrf|xsrf|page|next|continuation|cursor|author|hot|host|"
    rb"max|min|num|count|total|input|output|pad|eos|bos|sep|cls|mask|"
    rb"unk|start|end|stop|license|search|storage|event|dedup|data|entity|message|commit|"
    rb"version|component|react|meraki|random)[_.-]?(?:key|token|auth|login)$"
)


@dataclass(frozen=True, slots=True)
class Assignments:
    """A value with the randomness of a key, under a name that ends as names of keys do."""

    trigger: bytes = (
        rb"(?i)secret|token|key|auth\b|credentials?|login|access_?id|contribsys__com|webhook"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        pair = _PAIR.match(body, end)
        match = pair or _ASSIGNED.match(body, end) or _SPOKEN.match(body, end)
        name = _name(body, start, end)
        if match is None and name.startswith(b"--"):
            match = _BARE.match(body, end)
        if match is None or _ARN.search(body, max(0, start - 80), start):
            return
        if not _NAMED.search(name) or _NOT_SECRET.search(name):
            return
        if text.body[match.end() : match.end() + 1] in {b"(", b"["}:
            return
        value = match[1].rstrip(b".,?")
        likely = _random(value, name) if pair is None else chosen(value)
        if likely and not looks_made_up(value, words=True):
            at = match.start(1)
            yield Match("SECRET", at, at + len(value), 0.8)


_PAIR = re.compile(rb"\s?=\s?\([\"'][^\"'\s]{1,64}[\"'],\s?[\"']" + _VALUE)
"""``auth=("user", "password")``."""
_ARN = re.compile(rb"\barn:[a-z0-9:-]+$")


def _name(body: bytes, start: int, end: int) -> bytes:
    """The identifier that ends at `end`."""
    begin = start
    while begin and start - begin < 40 and (alnum(body[begin - 1]) or body[begin - 1] in b".-"):
        begin -= 1
    return body[begin:end]


_IDENTIFIER = re.compile(
    rb"(?:[A-Za-z_]{0,40}[0-9]{0,5}[A-Za-z_]{0,40}\.){0,3}[A-Za-z_]{0,40}[0-9]{1,5}[A-Za-z_]{0,40}"
)
"""A name in code: parts with at most one number each. Keys have digits all over."""
_PATH = re.compile(rb"[a-z]{3,}(?::[a-z0-9]{1,12}){2,}")
"""A key of a cache: ``user:10432:profile``."""
_UUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TOKEN = re.compile(rb"[A-Za-z0-9+/=_.~:|-]{10,512}")
_STRONG = re.compile(
    rb"(?i)secret|token|api[_.-]?key|access[_.-]?key|private[_.-]?key|account[_.-]?key|credential|"
    rb"user_?auth|_key|Key$|contribsys|access_?id"
)


def _random(value: bytes, name: bytes) -> bool:
    if not _TOKEN.fullmatch(value) or not _DIGIT.search(value):
        return b"contribsys" in name.lower() and b":" in value
    if _UUID.fullmatch(value):
        return _STRONG.search(name) is not None
    if not _LETTER.search(value):
        return False
    if re.search(rb"[a-z]{4,}[._-][a-z]{4,}", value) and b"=" not in value[-2:]:
        return False
    if _PATH.fullmatch(value):
        return False
    if b"==" in value[:-2] or _IDENTIFIER.fullmatch(value):
        return False
    bits = entropy(value)
    return bits >= (3.0 if _STRONG.search(name) else 3.4) and len(value) >= 12


_CURL = re.compile(
    rb"(?:-u|--user)[\s=]{1,3}[\"']?([^\s\"':$<{\[]{1,64}):([^\s\"'$<{\[][^\s\"']{2,128})?"
)


_FLAG = re.compile(rb"\s(?:-[pa]|--pass(?:word)?=?)\s?[\"']?([^\s\"'$<{\[-][^\s\"']{5,128})")
"""``sshpass -p VALUE``, ``mysql -pVALUE``, ``redis-cli -a VALUE``."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """``curl -u user:password``; a user alone with a colon may be a token. Flags of other tools."""

    trigger: bytes = rb"\b(?:curl|sshpass|mysql(?:dump|admin)?|mariadb|redis-cli)\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        line = text.body.find(b"\n", end, end + 600)
        pattern = _CURL if text.body[start:end] == b"curl" else _FLAG
        match = pattern.search(text.body, end, line if line >= 0 else end + 600)
        if match is None:
            return
        group = 2 if pattern is _CURL and match[2] else 1
        value = match[group]
        if value.lower() in _WORDS or looks_made_up(value, words=True):
            return
        if chosen(value):
            yield Match("SECRET", match.start(group), match.end(group), 0.85)


_WORDS = frozenset({b"password", b"passwd", b"pass", b"token", b"test", b"secret", b"yyy", b"pwd"})
_HEADER = re.compile(
    rb"[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:(?:basic|bearer|token|api-token|apikey|key|digest|bot)\s{1,2})?"
    rb"([A-Za-z0-9+/=_.~:@#!*-]{8,4096})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Authorization:
    """Credentials in an ``Authorization`` or API-key header."""

    trigger: bytes = rb"(?i)authorization|x-api-key|x-auth-token|\bbearer"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        pattern = _BEARER if text.lower[start:end] == b"bearer" else _HEADER
        match = pattern.match(text.body, end)
        if match is None or looks_made_up(match[1], words=True):
            return
        value = match[1]
        if _IDENTIFIER.fullmatch(value) and entropy(value) < _KEYLIKE:
            return
        mixed = _DIGIT.search(value) or b"=" in value[-2:]
        if entropy(value) >= 2.9 and mixed:
            yield Match("SECRET", match.start(1), match.end(1), 0.85)


_KEYLIKE = 4.0
"""Bits per character that names in code do not have."""
_BEARER = re.compile(rb"(?: token)?\s{1,2}[\"']?([A-Za-z0-9+/=_.~-]{20,4096})", re.IGNORECASE)

"""Keys and tokens that their vendors mark, private keys, and passwords inside URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match, alnum
from extproc.inspectors.sensitivity.placeholders import entropy, looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.vendors import VENDORS

SECRET = frozenset({"SECRET"})
_VENDOR = re.compile(
    b"|".join(b"(?P<v%d>" % i + vendor.pattern + b")" for i, vendor in enumerate(VENDORS))
)


@dataclass(frozen=True, slots=True)
class VendorKeys:
    """Tokens with a prefix of their own."""

    trigger: bytes = rb"(?:" + b"|".join(sorted({v.prefix for v in VENDORS})) + rb")"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        body = text.body
        if start and (alnum(body[start - 1]) or body[start - 1] in b"-"):
            return
        match = _VENDOR.match(body, start)
        if match is None or not match.lastgroup:
            return
        stop = match.end()
        if stop < len(body) and (alnum(body[stop]) or body[stop] in b"-#*"):
            return
        vendor = VENDORS[int(match.lastgroup[1:])]
        value = match[0]
        if entropy(value[vendor.fixed :]) >= vendor.entropy and not looks_made_up(value):
            yield Match("SECRET", start, stop, 0.98)


_PEM_END = re.compile(rb"-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
_PEM = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """PEM and PGP private keys, whole when the end is near, with escaped line ends too."""

    trigger: bytes = rb"-----BEGIN"
    types: frozenset[str] = SECRET
    longest: int = 16_384

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        head = _PEM.match(text.body, start)
        if head is None:
            return
        foot = text.body.find(b"-----END", head.end(), head.end() + self.longest)
        tail = _PEM_END.match(text.body, foot) if foot >= 0 else None
        stop = min(foot if foot >= 0 else len(text.body), head.end() + 512)
        if _KEY_MATERIAL.search(text.body, head.end(), stop):
            rest = tail or _BODY.match(text.body, head.end())
            yield Match("SECRET", start, rest.end() if rest else head.end(), 0.99)


_BODY = re.compile(rb"(?:(?:\\n|\\r|\r?\n|[ \t])+[A-Za-z0-9+/]{16,76}={0,2}){1,400}")
"""Lines of a key whose end was cut off."""
_KEY_MATERIAL = re.compile(rb"[A-Za-z0-9+/=]{24}")
"""Not to be looked for far away: headers before it are short."""
_USERINFO = re.compile(rb"://([^\s/:@\"'<>]{0,64}):([^\s/\"'<>]{1,128})@([A-Za-z0-9_.\[{$-])")


@dataclass(frozen=True, slots=True)
class UrlPassword:
    """``scheme://user:password@host``; the entity is the password."""

    trigger: bytes = rb"://[^\s/:@\"'<>]{0,64}:[^\s/@\"'<>]{1,128}@"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        match = _USERINFO.match(text.body, start)
        if match is None or looks_made_up(match[2], words=True):
            return
        if match[2].lower() not in _COMMON and len(match[2]) >= 4:
            # More than an e-mail address, which could be read out of its end, counts.
            yield Match("SECRET", match.start(2), match.end(2), 0.96)


_COMMON = frozenset({b"pass", b"password", b"passwd", b"pwd", b"secret", b"token", b"pw", b"port"})

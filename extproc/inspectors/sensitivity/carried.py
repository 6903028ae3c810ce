"""Secrets that their place gives away: signatures in URLs, cookies, lines of a .pgpass, pairs in prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import entropy, looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET
from extproc.inspectors.sensitivity.values import chosen, human, strong

_SIGNATURE = re.compile(rb"[A-Za-z0-9%+/_-]{32,1024}={0,2}")


@dataclass(frozen=True, slots=True)
class SignedUrl:
    """What lets anybody in who has the URL: Azure's ``sig``, and signatures of AWS and Google."""

    trigger: bytes = rb"(?i)[?&;](?:sig|x-amz-signature|x-goog-signature)="
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del start
        value = _SIGNATURE.match(text.body, end)
        if value is not None and entropy(value[0]) >= _SIGNED and not looks_made_up(value[0]):
            yield Match("SECRET", *value.span(), 0.9)


_SIGNED = 3.2
"""Bits per character that a hexadecimal digest has at least."""
_PGPASS = re.compile(
    rb"(?:[A-Za-z0-9.-]{1,255}|\*):(?:[0-9]{2,5}|\*):[^\s:/]{1,63}:[^\s:/]{1,63}:([^\s:]{6,128})"
)


@dataclass(frozen=True, slots=True)
class PgPass:
    """``host:port:database:user:password``, alone on a line."""

    trigger: bytes = rb":(?:[0-9]{2,5}|\*):[^\s:/]{1,63}:[^\s:/]{1,63}:[^\s:]{6}"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        body = text.body
        begin = max(body.rfind(b"\n", 0, start), body.rfind(b" ", 0, start)) + 1
        line = _PGPASS.match(body, begin)
        if line is None or line.start(1) <= start or body[line.end() : line.end() + 1].strip():
            return
        if chosen(line[1]) and not looks_made_up(line[1], words=True):
            yield Match("SECRET", *line.span(1), 0.85)


_COOKIES = re.compile(rb"s?2?[\"'\]]{0,2}(?:\s{0,2}[:=]\s{0,2}|\s|\()(?:\{\s{0,8})?[\"']?")
_COOKIE = re.compile(
    rb"([A-Za-z0-9_.-]{1,64})(?:=|[\"']\s?[:,]\s?[\"'])([^\s;,\"']{1,4096})[\"']?(?:[;,]\s{0,8}[\"']?)?"
)
_SESSION = re.compile(rb"(?i)sess|sid$|auth|token|jwt|remember|login|identity")
_NO_SESSION = re.compile(rb"(?i)csrf|xsrf|consent|expires")
_MOST_COOKIES = 32
_TICKET, _TICKET_BITS = 16, 3.0
"""Characters, and bits for each of them, of a value that nobody guesses."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """Cookies that stand for somebody who has signed in."""

    trigger: bytes = rb"(?i)\bcookie"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del start
        head = _COOKIES.match(text.body, end)
        at = head.end() if head is not None else None
        for _ in range(_MOST_COOKIES):
            pair = _COOKIE.match(text.body, at) if at is not None else None
            if pair is None:
                return
            at = pair.end()
            named = _SESSION.search(pair[1]) and not _NO_SESSION.search(pair[1])
            value = pair[2]
            random = len(value) >= _TICKET and entropy(value) >= _TICKET_BITS
            if named and random and _DIGIT.search(value) and not looks_made_up(value, words=True):
                yield Match("SECRET", *pair.span(2), 0.85)


_SESSION_VALUE = re.compile(
    rb"[\"']?(?:=|\t|[\"']?,\s{0,8}[\"']?value[\"']?\s?[=:]\s?|[\"'],\s?|\\t)[\"']?([A-Za-z0-9%+/_.:-]{16,4096}={0,2})"
)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Names of sessions that frameworks use, wherever they stand: jars, tests, URLs."""

    trigger: bytes = rb"(?i)(?:phpsessid|jsessionid|asp\.net_sessionid|aspxauth|connect\.sid|\bsessionid|[a-z0-9]_session|laravel_session|wordpress_logged_in_[a-z0-9]*)"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del start
        found = _SESSION_VALUE.match(text.body, end)
        if found is None or not _DIGIT.search(found[1]) or looks_made_up(found[1], words=True):
            return
        if entropy(found[1]) >= _TICKET_BITS:
            yield Match("SECRET", *found.span(1), 0.85)


_LINKED = re.compile(rb"[A-Za-z/_-]{0,40}[/=]([A-Za-z0-9_.~-]{20,512})(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class OneTimeLinks:
    """Addresses that let whoever has them in once: resets, magic links, secrets shared."""

    trigger: bytes = rb"(?i)/(?:[a-z-]{0,12}reset[a-z_-]{0,16}|magic[a-z_-]{0,12}|one-?time[a-z_-]{0,12}|invit[a-z]{1,6}|activate|secret|passwordless|recover[a-z]{0,3})[/?]"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        if b"://" not in body[max(0, start - 120) : start]:
            return
        found = _LINKED.match(body, end) or _LINKED.match(body, end - 1)
        if found is None or looks_made_up(found[1], words=True):
            return
        value = found[1].rstrip(b".")
        if _DIGIT.search(value) and _KINDS[0].search(value) and entropy(value) >= _SIGNED:
            yield Match("SECRET", found.start(1), found.start(1) + len(value), 0.8)


_DIGIT = re.compile(rb"[0-9]")
_DJANGO = re.compile(rb"django-insecure-[a-z0-9!@#$%^&*(\-_=+)]{30,80}")


@dataclass(frozen=True, slots=True)
class DjangoKey:
    """The key that Django makes for a new project: signs sessions wherever it was left in."""

    trigger: bytes = rb"django-insecure-"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        key = _DJANGO.match(text.body, start)
        if key is not None and not looks_made_up(key[0][16:]):
            yield Match("SECRET", *key.span(), 0.95)


_BESIDE = re.compile(rb"( ?)/{1,2}\1([^\s\"'`,;<>(){}\[\]\\/]{8,64})")
_SAID = re.compile(
    rb"[^\n/|]{0,48}?[A-Za-z0-9_.@-]{2,40}( ?)(?:/{1,2}|\||(?<= ):(?= ))\1([^\s\"'`,;<>(){}\[\]\\/]{8,64})"
)
_ACCOUNTS = frozenset(
    {
        b"login",
        b"logins",
        b"creds",
        b"account",
        b"konto",
        b"compte",
        b"cuenta",
        b"zugang",
        b"accesso",
        b"acceso",
    }
)
_LOOSE = frozenset({b"account", b"konto", b"compte", b"cuenta"})
_COLON = re.compile(rb"[^\n:>]{0,40}(?:[:=]|->)[ \t]")
_SPECIAL = re.compile(rb"[!@#$%^&*+~?]")
_KINDS = (re.compile(rb"[a-z]"), re.compile(rb"[A-Z]"), _DIGIT, _SPECIAL)
_STRONG = 3


@dataclass(frozen=True, slots=True)
class Pairs:
    """``root / Kx92!mmPq``: an account, and beside it what can only be its password."""

    trigger: bytes = (
        rb"(?i)\b(?:root|admin|administrator|postgres|sysadmin|superuser|deploy|ubuntu|operator|credentials|login|logins|creds|account|konto|compte|cuenta|zugang|accesso|acceso|"
        rb"zugangsdaten|identifiants|credenciales|credenziali|inloggegevens)\b"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        if text.lower[start:end] in _ACCOUNTS and not _COLON.match(text.body, end):
            return
        pair = _BESIDE.match(text.body, end) or _SAID.match(text.body, end)
        if pair is None:
            return
        value = pair[2].rstrip(b".,?:")
        kinds = sum(kind.search(value) is not None for kind in _KINDS)
        loose = text.lower[start:end] in _LOOSE
        apart = (pair[1] and not loose) or _SPECIAL.search(value)
        if kinds >= _STRONG and apart and chosen(value) and not looks_made_up(value, words=True):
            yield Match("SECRET", pair.start(2), pair.start(2) + len(value), 0.8)


_COMBO = re.compile(
    rb"@(?:[A-Za-z0-9-]{1,40}\.){1,4}[A-Za-z]{2,12}[:|;]([^\s\"'`,;:|<>(){}/@]{6,64})(?=[\s\"'`]|$)"
)


@dataclass(frozen=True, slots=True)
class Combos:
    """``address@host:password``, as lists of stolen accounts have them."""

    trigger: bytes = rb"@(?:[A-Za-z0-9-]{1,40}\.){1,4}[A-Za-z]{2,12}[:|;][A-Za-z0-9!#$*]"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        found = _COMBO.match(text.body, start)
        if found is None or text.body[max(0, start - 3) : start] == b"git":
            return
        value = found[1].rstrip(b".?!") if not _SPECIAL.search(found[1][:-1]) else found[1]
        if (human(value) or strong(value)) and not looks_made_up(value, words=True):
            yield Match("SECRET", found.start(1), found.start(1) + len(value), 0.8)

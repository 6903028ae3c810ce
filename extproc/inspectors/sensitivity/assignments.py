"""Keys and tokens that a name gives away: ``api_key = …``, ``Authorization: Bearer …``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from extproc.inspectors.sensitivity.columns import below, heads
from extproc.inspectors.sensitivity.links import How, Value, values
from extproc.inspectors.sensitivity.match import Match, alnum
from extproc.inspectors.sensitivity.placeholders import entropy, looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET
from extproc.inspectors.sensitivity.values import chosen, human, jumbled, phrased, scrambled

_DIGIT = re.compile(rb"[0-9]")
_LETTER = re.compile(rb"[A-Za-z]")
_NAMED = re.compile(
    rb"(?i:secret|token|api[_.-]?key|access[_.-]?key|auth(?:[_.-]?key)?|credentials?|client[_.-]?secret|"
    rb"private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|secret[_.-]?key|account[_.-]?key|login|"
    rb"apikey|key_base|accessid|access[_.-]?id|contribsys__com|sourcegraph|webhook|_pat|seed)$|"
    rb"(?<![A-Za-z])(?i:key)$|[a-z0-9]Key$|[A-Z0-9]KEY$"
)
_NOT_SECRET = re.compile(
    rb"(?i)(?<!ad)(?<!ac)(?<!back)(?:public|publishable|publickey|pub|primary|foreign|cache|bucket|sort|partition|idempotency|row|group|object|map|"
    rb"index|unique|lookup|registry|i18n|csrf|xsrf|page|next|continuation|cursor|author|hot|host|"
    rb"max|min|num|count|total|input|output|pad|eos|bos|sep|cls|mask|"
    rb"unk|start|end|stop|license|search|(?<!azure_)storage|event|dedup|data|entity|message|commit|"
    rb"version|component|react|meraki|random)[_.-]?(?:key|token|auth|login)$"
)


@dataclass(frozen=True, slots=True)
class Assignments:
    """A value with the randomness of a key, under a name that ends as names of keys do."""

    trigger: bytes = (
        rb"(?i)secret|token|key(?:_base)?|auth\b|credentials?|login|access_?id|contribsys__com|webhook|_pat\b|"
        rb"(?:totp|otp|2fa|mfa)[_-]?seed"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        if _GOES_ON.match(body, end) and _vague(text.lower, start, end):
            return
        if text.lower[start:end] == b"key" and (seed := setup_key(text, start, end)) is not None:
            yield seed
            return
        name = _name(body, start, end)
        if _sure(name) is None:
            return
        if heads(body, end):
            yield from below(body, start, end)
        yield from self._values(body, start, end, name)

    def _values(self, body: bytes, start: int, end: int, name: bytes) -> Iterator[Match]:
        sure = _sure(name) is True
        alone = _ALONE.match(body, end)
        if alone is not None:
            if ((sure and len(name) > _VAGUE) or name.lower().endswith(b".key")) and _unguessable(
                alone[1]
            ):
                yield Match("SECRET", *alone.span(1), 0.8)
            return
        pair = _PAIR.match(body, end)
        if pair is not None:
            if chosen(pair[1]) and not looks_made_up(pair[1], words=True):
                yield Match("SECRET", *pair.span(1), 0.8)
            return
        far = sure and len(name) > _VAGUE and (end >= len(body) or not alnum(body[end]))
        for value in values(body, end, far=far, bare=far):
            if body[value.end : value.end + 1] in _CALLS:
                return
            if _likely(value, name, sure=sure):
                if not _ARN.search(body, max(0, start - 80), start):
                    yield Match("SECRET", value.start, value.end, 0.8)
                return


_SETUP = re.compile(
    rb"[^\n:=]{0,40}?(?:[:=]|\bis\b)[ \t]{0,3}[\"'`]?((?:[a-z2-7]{4}[ -]){3,15}[a-z2-7]{1,4}|(?:[A-Z2-7]{4}[ -]){3,15}[A-Z2-7]{1,4}|[A-Z2-7]{16,64}|[a-z2-7]{16,64})(?![A-Za-z0-9])"
)
_SETS_UP = re.compile(
    rb"(?:set-?up|manual(?:ly)?|secret|shared|totp|otp|2fa|mfa|authenticator|app|enter this|qr|this) $"
)
_VOWELS = re.compile(rb"(?i)[aeiouy]")


def setup_key(text: Plain, start: int, end: int) -> Match | None:
    """The seed of one-time codes as it is shown to be typed: ``setup key: kqrs tvrk rzvy siug``."""
    if not _SETS_UP.search(text.lower, max(0, start - 20), start):
        return None
    found = _SETUP.match(text.body, end)
    if found is None:
        return None
    groups = re.split(rb"[ -]", found[1])
    spoken = all(map(_VOWELS.search, groups)) and not _NUMBERED.search(found[1])
    if spoken or entropy(found[1]) < _SEED_BITS or looks_made_up(found[1]):
        return None
    return Match("SECRET", *found.span(1), 0.8)


_NUMBERED = re.compile(rb"[2-7]")
_SEED_BITS = 3.0


def _vague(lower: bytes, start: int, end: int) -> bool:
    """Whether this is the word "key", and no word before it says of what."""
    if lower[start - 1 : end] != b" key":
        return False
    return lower[max(0, start - 16) : start - 1].rpartition(b" ")[2] not in _FIRST


@lru_cache(maxsize=4_096)
def _sure(name: bytes) -> bool | None:
    """Whether a name leaves no doubt that a key stands there; ``None`` when it is none of a key."""
    if not _NAMED.search(name) or _NOT_SECRET.search(name):
        return None
    return _STRONG.search(name) is not None


def _likely(value: Value, name: bytes, *, sure: bool) -> bool:
    random = _random(value.text, name)
    if (
        (value.how is How.ASSIGNED and sure and (jumbled(value.text) or _worded(value.text, name)))
        or (_BOOTSTRAP.fullmatch(value.text) and name.lower().endswith(b"token"))
        or (value.how is How.ASSIGNED and name.lower().endswith(b"secret") and human(value.text))
    ):
        random = True
    elif random and value.how is How.BARE:
        drawn = _HEXES if name.lower().startswith((b"api_", b"secret_")) else _KEYLIKE
        random = name.startswith(b"--") or bool(
            drawn.fullmatch(value.text) or _KEYLIKE.fullmatch(value.text)
        )
    elif not random and value.how is How.ASSIGNED and sure:
        random = len(value.text) >= _LONG and scrambled(value.text)
    return random and not looks_made_up(value.text, words=True)


def _worded(value: bytes, name: bytes) -> bool:
    """Whether words joined to one stand for a key: ``JWT_SECRET=my-little-green-cactus``."""
    return (
        _SIGNS_WITH.search(name) is not None
        and _JOINED.fullmatch(value) is not None
        and phrased(_NUMBERS.sub(b"", value).strip(b"-_"))
    )


_SIGNS_WITH = re.compile(
    rb"(?i)(?:jwt|session|cookie|app|flask|signing|auth|hmac|webhook|django)[_.-]?secret(?:[_.-]?key)?$|secret[_.-]?key(?:_base)?$"
)
_JOINED = re.compile(rb"[A-Za-z0-9]{1,16}(?:[-_][A-Za-z0-9]{1,16}){2,7}")
_NUMBERS = re.compile(rb"[-_]?[A-Za-z]?[0-9]{1,4}(?=[-_]|$)[-_]?")


def _unguessable(value: bytes) -> bool:
    """Whether it is a key though nothing but a line's end stands between it and its name."""
    drawn = _HEXES.fullmatch(value) or _KEYLIKE.fullmatch(value)
    return drawn is not None and not looks_made_up(value, words=True)


_ALONE = re.compile(
    rb"(?:\.(?:txt|key|pem))?[\"'`:]{0,2}[ \t]*\r?\n[ \t]{0,8}[\"'`]?([A-Za-z0-9+/=_.~-]{20,512})[\"'`]?[ \t]*(?=\r?\n|$)"
)
"""``config/master.key``, and what is in it on the next line."""
_HEXES = re.compile(rb"(?=[a-f]*[0-9])[0-9a-f]{32,128}")
_BOOTSTRAP = re.compile(rb"(?=[a-z.]*[0-9])[a-z0-9]{6}\.[a-z0-9]{16}")
"""By which machines join a cluster of Kubernetes."""
_GOES_ON = re.compile(rb"[.,]? (?!is|was|to |lautet|ist|es |est )[a-z]")
"""The sentence does, with no sign that a value follows."""
_VAGUE = len(b"key")
"""Of no longer name can one say from afar what it names."""
_CALLS = frozenset({b"(", b"["})
_LONG = 16
_KEYLIKE = re.compile(
    rb"(?=[^0-9]*[0-9])(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])[A-Za-z0-9+/=_.~-]{20,512}|[A-Z2-7]{20,64}|[0-9a-f]{48,128}"
)
"""A value that needs no sign between it and its name."""
_PAIR = re.compile(
    rb"[\"']?\s?[:=]\s?[(\[][\"'][^\"'\s]{1,64}[\"'],\s?[\"']([^\s\"'`,;<>(){}\[\]\\]{4,512})"
)
"""``auth=("user", "password")``."""
_ARN = re.compile(rb"\barn:[a-z0-9:-]+$")
_FIRST = frozenset(
    b"api access secret private auth license licence account signing encryption refresh bearer master admin "
    b"unseal webhook client root deploy app service shared setup set-up totp otp 2fa".split()
)


_TOLD_TO_ALL = frozenset({b"public", b"publishable", b"primary", b"foreign", b"partition", b"sort"})


def _name(body: bytes, start: int, end: int) -> bytes:
    """The identifier that ends at `end`, or the two words."""
    begin = start
    while begin and start - begin < 40 and (alnum(body[begin - 1]) or body[begin - 1] in b".-"):
        begin -= 1
    name = body[begin:end]
    if body[begin - 1 : begin] == b" ":
        before = body[max(0, begin - 16) : begin - 1].rpartition(b" ")[2].lower()
        if before in _FIRST or before in _TOLD_TO_ALL:
            return before + b"_" + name
    return name


_IDENTIFIER = re.compile(
    rb"(?:[A-Za-z_]{0,40}[0-9]{0,5}[A-Za-z_]{0,40}\.){0,3}[A-Za-z_]{0,40}[0-9]{1,5}[A-Za-z_]{0,40}"
)
"""A name in code: parts with at most one number each. Keys have digits all over."""
_PATH = re.compile(rb"[a-z]{3,}(?::[a-z0-9]{1,12}){2,}")
"""A key of a cache: ``user:10432:profile``."""
_UUID = re.compile(rb"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TOKEN = re.compile(rb"[A-Za-z0-9+/=_.~:|-]{10,512}")
_STRONG = re.compile(
    rb"(?i)secret|token|api[_.-]?key|access[_.-]?key|private[_.-]?key|account[_.-]?key|credential|pre-?shared|"
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
    if b"==" in value[:-2] or (_IDENTIFIER.fullmatch(value) and not scrambled(value)):
        return False
    bits = entropy(value)
    return bits >= (3.0 if _STRONG.search(name) else 3.4) and len(value) >= 12


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
        if _IDENTIFIER.fullmatch(value) and entropy(value) < _KEY_BITS:
            return
        mixed = _DIGIT.search(value) or b"=" in value[-2:]
        if entropy(value) >= 2.9 and mixed:
            yield Match("SECRET", match.start(1), match.end(1), 0.85)


_KEY_BITS = 4.0
"""Bits per character that names in code do not have."""
_BEARER = re.compile(rb"(?: token)?\s{1,2}[\"']?([A-Za-z0-9+/=_.~-]{20,4096})", re.IGNORECASE)

"""How a value stands beside the name it belongs to: assigned, in a tag, in a sentence, or bare.

Values here are candidates. Whether one is a secret, `values` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple


class How(IntEnum):
    """How surely a value belongs to the name, the surest first."""

    ASSIGNED = 1
    """``name = value``, ``<name>value</name>``, ``name: …, value: …``."""
    SAID = 2
    """``the name of something is value``."""
    BARE = 3
    """``name value``."""


class Value(NamedTuple):
    """In offsets of the plain text."""

    start: int
    end: int
    text: bytes
    """Without what ends a sentence, and joined where the source joins it."""
    how: How


_PLAIN = rb"([^\s\"'`,;<>(){}\[\]\\]{4,512})"
_IS = (
    rb"(?:is|was|are|lautet|ist|w\xe4re|sind|es|est|sont|sigue siendo|\xe8|jest|brzmi|\xe4r|este|\xe9|je|er|"
    rb"staat|set to|changed to|reset to|remains)"
)
_STILL = (
    rb"(?:(?:now|currently|still|just|simply|always|only|fortfarande|nu|immer noch|noch|jetzt|einfach|toujours|encore|maintenant|"
    rb"todav.a|ahora|ancora|adesso|sempre|nog steeds|nog|stadig|fortsatt|fremdeles|teraz|nadal|wci..|ainda|agora) )?"
)
_LINK = (
    rb"(?: ?[0-9]{1,2})?[\"'`\]\)*]{0,3}\s{0,3}(?:#\s?=>|:{1,4}=|=>|->|[:=]{1,2}|,(?=\s{0,3}[\"'`])|"
    rb"\b(?:is|was|lautet|ist|es|est|\xe8)\b:?|to\b)[*]{0,2}\s{0,4}"
)
_KIND = rb"[*]{0,2}(?:new |[|>][+-]?\s{1,12}|&[a-z]{1,12};|[bruN@$](?=[\"']))?\(?"
_ASSIGNED = re.compile(_LINK + _KIND)
_UNQUOTED = re.compile(rb"[\"'`(]{0,2}" + _PLAIN)
_QUOTED = re.compile(
    rb"\"((?:[^\"\\\s]|\\[^\s]){4,512})\"|'((?:[^'\\\s]|\\[^\s]){4,512})'|`([^`\s]{4,512})`"
)
_ESCAPED = re.compile(rb"\\([^\s])")
_JOINED = re.compile(
    rb"[\"'](?:[ \t]{0,4}(?:\+|\.|&|_)?[ \t]{0,4}\\?\n?[ \t]{0,16}(?:\+|\.|&)?[ \t]{0,4})[\"']([^\s\"'\\]{2,128})(?=[\"'])"
)
"""Texts that a program writes in two parts."""
_BESIDE = re.compile(
    rb"[\"']?\]?\s{0,3}[,;{]?\s{0,12}(?:-\s)?[\"']?(?:[Vv]alue|VALUE|default|[Dd]efault_?[Vv]alue|val|content|_text|#text)[\"']?"
    rb"\s{0,3}(?:=>|[:=])\s{0,3}[\"'`]?" + _PLAIN
)
"""``name="password" value="…"`` in XML, ``name: PASSWORD, value: …`` in YAML and JSON, defaults in HCL."""
_TAGGED = re.compile(
    rb"(?:[\"'][^<>\n]{0,60})?>\s{0,8}(?:<!\[CDATA\[)?([^\s<>]{4,512}?)(?=\s{0,8}(?:</|\]\]>))|"
    rb"[\"']?[^<>\n]{0,24}</(?:key|t[dh]|dt|name|th|label|strong|b)>\s{0,12}(?:<(?:td|dd|string|value|code|span|tt)[^<>\n]{0,60}>\s{0,8}){1,2}([^\s<>]{4,512})\s{0,8}</"
)
"""In a tag of that name, or in the one behind it."""
_SPOKEN = rb"(?:[^\n.!?;:=<>{}\"']|\?{2,32})"
"""A sign of the same sentence; several ``?`` are words that Latin-1 cannot hold."""
_SAID = re.compile(
    _SPOKEN + rb"{0,64}?[ \t]" + _IS + rb"[ \t]{0,2}:?\s{1,2}" + _STILL + rb"[\"'`*(]{0,2}" + _PLAIN
)
_TOLD = re.compile(_SPOKEN + rb"{1,64}?[ \t]?(?::|->|=|-)[ \t]{1,2}[\"'`*]{0,2}" + _PLAIN)
"""``password for the router in the hall: …``."""
_BARE = re.compile(rb"[ \t]+(?:[0-9][ \t]+|<\(\s?(?:echo|printf)\s)?[\"'`]?" + _PLAIN)
_INSIDE = re.compile(rb"(?!(?:s|es|en|et|n|ul|a)\b)[A-Za-z0-9_]")
"""The name is the beginning of a longer one, and no form of the word."""
_NEXT = re.compile(rb"&(?:amp;)?[A-Za-z_][A-Za-z0-9_.-]{0,40}=")
"""The next parameter of a query."""
_ENDS = b".,?:*"


def values(body: bytes, end: int, *, far: bool = True, bare: bool = False) -> Iterator[Value]:
    """Candidates behind a name that ends at `end`, the surest first.

    `far` looks some words away, `bare` right behind it, with nothing but space between.
    """
    assigned = _ASSIGNED.match(body, end)
    if assigned is not None and (value := _assigned(body, assigned.end())) is not None:
        yield value
    head = body[end : end + 1]
    if head in b"\"'],; \n{" and (beside := _BESIDE.match(body, end)) is not None:
        yield _value(beside, 1, How.ASSIGNED)
    if head in b"\"'<> " and (tagged := _TAGGED.match(body, end)) is not None:
        yield _value(tagged, 1 if tagged[1] else 2, How.ASSIGNED)
    if _INSIDE.match(body, end):
        return
    if far:
        for pattern in (_SAID, _TOLD):
            said = pattern.match(body, end)
            if said is not None:
                yield _value(said, 1, How.SAID)
    if bare and (alone := _BARE.match(body, end)) is not None:
        yield _value(alone, 1, How.BARE)


def _value(match: re.Match[bytes], group: int, how: How) -> Value:
    start, text = match.start(group), _cut(match[group])
    return Value(start, start + len(text), text, how)


def _assigned(body: bytes, at: int) -> Value | None:
    """With all that the quotes around it hold: such a value may have any sign."""
    quoted = _QUOTED.match(body, at)
    if quoted is None:
        plain = _UNQUOTED.match(body, at)
        return None if plain is None else _value(plain, 1, How.ASSIGNED)
    group = quoted.lastindex or 1
    text = _ESCAPED.sub(rb"\1", quoted[group])
    joined = _JOINED.match(body, quoted.end(group))
    if joined is not None:
        return Value(quoted.start(group), joined.end(1), text + joined[1], How.ASSIGNED)
    return Value(quoted.start(group), quoted.end(group), text, How.ASSIGNED)


def _cut(text: bytes) -> bytes:
    """Without the other parameters of a query, and the end of the sentence."""
    more = _NEXT.search(text) if b"&" in text else None
    return (text[: more.start()] if more else text).rstrip(_ENDS)

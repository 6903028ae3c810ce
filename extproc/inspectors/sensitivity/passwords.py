"""Passwords under one of their names, in many languages: assigned, told in a sentence, in a column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.columns import below, heads, inserted
from extproc.inspectors.sensitivity.links import How, Value, values
from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET
from extproc.inspectors.sensitivity.values import chosen, number, phrased, strong, told

_BARE = re.compile(
    rb"\blogin[ \t]+\S+\s+$|(?i:\b(?:user(?:name)?|benutzer|utilisateur|usuario|utente))[ :]{1,2}\S{1,40}[ ,;]{1,2}$|"
    rb"(?i:\b(?:with|role|user)\s+(?:encrypted\s+)?)$|--[a-z-]{0,24}$|\s-$|\b(?:ENV|ARG|setx|SetEnv)[ \t]+\S{0,40}$"
)
"""What stands before ``password VALUE`` where nothing need stand between: .netrc, SQL, flags, Dockerfiles."""
_SCORES = {How.ASSIGNED: 0.85, How.SAID: 0.8, How.BARE: 0.8}


@dataclass(frozen=True, slots=True)
class Passwords:
    """A password people chose: any value that mixes kinds of characters."""

    trigger: bytes = (
        rb"(?i)passw(?:or)?[dt]|pass-?phrase|passwd|pwd|passcode|kennwort|wachtwoord|contrase.a|\bpasse\b|\bhas[?l]o\b|"
        rb"\bsenha\b|\bparol[aeo]\b|\bheslo\b|l.senord|adgangskode|salasana|passord|\bclave\b|"
        rb"(?:\b|_)(?:pass|pw)\b|\b(?:(?:src|dest)?(?:store|key))pass\b|bindpw|rootpw|requirepass|masterauth|\bpsk\b|identified"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        word = text.lower[start:end]
        if word == b"identified":
            found = _IDENTIFIED.match(body, end)
            if found is None:
                return
            quoted = body[found.start(1) - 1] in b"\"'`"
            likely = chosen(found[1]) if quoted else strong(found[1].rstrip(b".,?!"))
            if likely and not looks_made_up(found[1], words=True):
                yield Match("SECRET", *found.span(1), 0.9)
            return
        if heads(body, end):
            yield from below(body, start, end)
            yield from inserted(body, start, end)
        told_so = _POLISH.match(body, end) if word.startswith(b"has") else None
        if told_so is not None and told(told_so[1].rstrip(b".,?!")):
            value = told_so[1].rstrip(b".,?!")
            yield Match("SECRET", told_so.start(1), told_so.start(1) + len(value), 0.8)
            return
        for value in values(body, end, bare=True):
            if body[value.end : value.end + 1] == b"(":
                continue
            if self._likely(body, start, word, value) and not looks_made_up(value.text, words=True):
                yield Match("SECRET", value.start, value.end, _SCORES[value.how])
                return

    def _likely(self, body: bytes, start: int, word: bytes, value: Value) -> bool:
        if value.how is not How.BARE and self._words(body, start, word, value):
            return True
        if value.how is How.ASSIGNED:
            digits = word not in _COUNTING and number(value.text)
            return chosen(value.text) or digits
        if value.how is How.SAID:
            return told(value.text) or (number(value.text) and word not in _COUNTING)
        if word in _SETTINGS or _BARE.search(body, max(0, start - 80), start):
            return chosen(value.text)
        return strong(value.text)


    def _words(self, body: bytes, start: int, word: bytes, value: Value) -> bool:
        """Whether it is a password without a digit: in quotes in a sentence, or where nothing else is called so."""
        if word in _COUNTING or not phrased(value.text):
            return False
        if word == b"pw":
            return True
        quoted = body[value.start - 1 : value.start] in {b'"', b"'", b"`"}
        said = _PROSE.search(body, start + len(word), value.start)
        return quoted and said is not None and b"." not in value.text


_PROSE = re.compile(rb"\s(?:is|was|lautet|ist|es|est|\xe8|\xe4r|er|jest|to)\s[\"'`]$")
_POLISH = re.compile(rb"[^\n.!?;:=]{0,64}?[ \t]to[ \t]{1,2}[\"'`]?([^\s\"'`,;<>(){}\[\]\\]{6,128})")
"""``Hasło do panelu to VALUE``."""
_COUNTING = frozenset({b"pass", b"passe", b"clave", b"parole"})
"""Words that counts and keys of tables go by too."""
_SETTINGS = frozenset({b"requirepass", b"masterauth", b"bindpw", b"rootpw"})
_IDENTIFIED = re.compile(
    rb"(?i:\s{1,3}(?:with\s{1,3}\S{1,40}\s{1,3})?(?:by|as)\s{1,3}(?:values\s{1,3})?)[\"'`]?([^\s\"'`;]{4,128})"
)
"""``CREATE USER x IDENTIFIED BY 'VALUE'``."""

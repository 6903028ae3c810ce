"""Passwords under one of their names, in many languages: assigned, told in a sentence, in a column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.columns import below, heads, inserted
from extproc.inspectors.sensitivity.keys import PROSE
from extproc.inspectors.sensitivity.links import How, Value, values
from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET
from extproc.inspectors.sensitivity.values import (
    chosen,
    coined,
    human,
    number,
    phrased,
    strong,
    told,
)

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
        rb"(?i)passw(?:or)?[dt]|pass-?phrase|passwd|pwd|passcode|kennwort|wachtwoord|contrase(?:.|ny)a|\bpasse\b|\bhas[?l]o\b|"
        rb"\bsenha\b|\bparol[aeo]\b|\bheslo\b|l.senord|adgangskode|kodeord|salasana|passord|\blozink[aeu]\b|\bjelsz|\b[s?]ifre(?:si)?\b|[?]ifre(?:si)?\b|\bparool|\bgeslo\b|\bsandi\b|\bclave\b|"
        rb"(?:\b|_)(?:pass|pw)\b|\b(?:(?:src|dest)?(?:store|key))pass\b|bindpw|rootpw|requirepass|masterauth|\bpsk\b|identified"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        word = text.lower[start:end]
        if word == b"identified":
            yield from _identified(body, end)
            return
        if heads(body, end):
            yield from below(body, start, end)
            yield from inserted(body, start, end)
        polish = _POLISH.match(body, end) if word.startswith(b"has") else None
        if polish is not None and told(value_of := polish[1].rstrip(b".,?!")):
            yield Match("SECRET", polish.start(1), polish.start(1) + len(value_of), 0.8)
            return
        for value in values(body, end, bare=True):
            if body[value.end : value.end + 1] == b"(":
                continue
            if self._likely(body, start, word, value) and not looks_made_up(value.text, words=True):
                yield Match("SECRET", value.start, value.end, _SCORES[value.how])
                return
        yield from _loosely(body, start, end)

    def _likely(self, body: bytes, start: int, word: bytes, value: Value) -> bool:
        if value.how is How.BARE:
            return self._bare(body, start, word, value)
        likely = chosen(value.text) if value.how is How.ASSIGNED else told(value.text)
        if likely or (word not in _COUNTING and number(value.text)):
            return True
        return self._words(body, start, word, value)

    def _bare(self, body: bytes, start: int, word: bytes, value: Value) -> bool:
        if word in _SETTINGS or _BARE.search(body, max(0, start - 80), start):
            return chosen(value.text)
        return strong(value.text)

    def _words(self, body: bytes, start: int, word: bytes, value: Value) -> bool:
        """Whether it is a password without a digit: in quotes in a sentence, or where nothing else is called so."""
        counting = word in _COUNTING and not body.endswith(_MOT_DE, 0, start)
        if counting or not phrased(value.text):
            return False
        if word == b"pw" or (word in _FOREIGN and value.how is How.ASSIGNED):
            return True
        quoted = body[value.start - 1 : value.start] in {b'"', b"'", b"`"}
        said = _PROSE.search(body, start + len(word), value.start)
        if quoted:
            return said is not None and b"." not in value.text
        return value.how is How.SAID and coined(value.text) and _stops(body, value.end)


def _identified(body: bytes, end: int) -> Iterator[Match]:
    found = _IDENTIFIED.match(body, end)
    if found is None:
        return
    quoted = body[found.start(1) - 1] in b"\"'`"
    likely = chosen(found[1]) if quoted else strong(found[1].rstrip(b".,?!"))
    if likely and not looks_made_up(found[1], words=True):
        yield Match("SECRET", *found.span(1), 0.9)


def _stops(body: bytes, end: int) -> bool:
    """Whether the sentence does, or a part of it."""
    return _STOPS.match(body, end) is not None


def _loosely(body: bytes, start: int, end: int) -> Iterator[Match]:
    """In the sentence that names a password, what can only be one; a word, where it says that this is it."""
    behind = _IS_ONE.match(body, end) and _SAID_FIRST.search(body, max(0, start - 96), start)
    if behind and (human(behind[1]) or strong(behind[1])):
        if not looks_made_up(behind[1], words=True):
            yield Match("SECRET", *behind.span(1), 0.7)
        return
    spoken = _ONE_WORD.match(body, end)
    if spoken is not None:
        if spoken[1].lower() not in _ADJECTIVES:
            yield Match("SECRET", *spoken.span(1), 0.6)
        return
    words = _WORDS.match(body, end) or _FOUR.match(body, end)
    if words is not None:
        told_words = words[1].split()
        if not PROSE.intersection(told_words):
            yield Match("SECRET", *words.span(1), 0.7)
        return
    apart = _APART.match(body, end)
    if apart is not None and human(apart[1]) and not looks_made_up(apart[1], words=True):
        yield Match("SECRET", *apart.span(1), 0.6)


_IS_ONE = re.compile(rb"s?(?:[ \t](?:for|to|of|on|at|f.r|pour|para|per)\b|[.,!)]|\s*$|\n)")
_SAID_FIRST = re.compile(
    rb"(?:^|[\s\"'`(])([^\s\"'`,;:<>(){}\[\]\\/]{6,64})[\"'`]?[ \t](?:is|as|ist|est|es|was|als|comme|como)[ \t](?:(?:the|my|your|our|his|her|das|dein|mein|le|la|a|el)[ \t])?(?:[a-z-]{2,12}[ \t]){0,2}$"
)
"""``VALUE is the password for …``."""
_STOPS = re.compile(
    rb"[\"'`*)]{0,2}(?:[.,;!?)](?:\s|$)|[ \t]?(?:\n|$)|[ \t](?:and|und|et|y|e|but|if|until|till|bis|for)[ \t])"
)
_ONE_WORD = re.compile(
    rb"(?:[ \t][^\n.!?;:=<>{}\"'0-9]{1,40}?)?[ \t](?:is|ist|lautet|est|es|\xe8|\xe4r|er|jest)[ \t]([A-Z\xc0-\xde][a-z\xdf-\xff]{6,24})"
    rb"(?=[.!](?:\s|$)|,[ \t]|[ \t]?(?:\n|$))"
)
_ADJECTIVES = frozenset(
    b"pflicht standard geheimnis geheim vertraulich passwort kennwort required mandatory optional incorrect correct invalid "
    b"unknown default password encrypted protected expired disabled enabled optional important necessary empty missing "
    b"blockiert gesperrt falsch richtig bekannt abgelaufen something nothing everything different obligatoire optionnel "
    b"bestandteil voraussetzung string varchar boolean integer hashed secured private public windows keychain bitwarden "
    b"monday tuesday wednesday thursday friday saturday sunday january february september october november december "
    b"dashlane lastpass english german french teil sicherheit".split()
)
_WORDS = re.compile(
    rb"(?:[ \t][^\n.!?;:=<>{}\"'0-9]{1,40}?)?(?:[ \t](?:is|ist|lautet|est|es)[ \t]|:[ \t]?)[\"'`]([a-z]{3,12}(?:[ -][a-z]{3,12}){3,7})[\"'`]"
)
_FOUR = re.compile(
    rb"[^\n.!?;:]{0,40}?[ \t]words?[ \t]?:[ \t]{0,2}[\"'`]?([a-z]{3,12}(?:[ -][a-z]{3,12}){3,7})(?=[\"'`.\n]|$)"
)
_APART = re.compile(
    rb"(?i:s)?(?:[^\n.!?;:=<>{}()\"'`$@/\\_]|(?<=[a-z])'(?=[a-z])){1,56}?[ \t,(][\"'`]?([A-Za-z\xc0-\xff]{5,16}[_.-]?[0-9]{1,4}[!?#*$]{0,2})(?=[\"'`]?(?:[.,;!?)](?:\s|$)|\s|$))"
)
_FOREIGN = frozenset(
    b"passe kennwort passwort wachtwoord senha parola heslo adgangskode kodeord salasana passord haslo ha?lo "
    b"lozinka parool geslo".split()
) | {b"contrase\xf1a", b"contrasena", b"l\xf6senord"}
_PROSE = re.compile(rb"\s(?:is|was|lautet|ist|es|est|\xe8|\xe4r|er|jest|to)\s[\"'`]$")
_POLISH = re.compile(rb"[^\n.!?;:=]{0,64}?[ \t]to[ \t]{1,2}[\"'`]?([^\s\"'`,;<>(){}\[\]\\]{6,128})")
"""``Hasło do panelu to VALUE``."""
_MOT_DE = (b"mot de ", b"Mot de ", b"mots de ", b"MOT DE ")
_COUNTING = frozenset({b"pass", b"passe", b"clave", b"parole"})
"""Words that counts and keys of tables go by too."""
_SETTINGS = frozenset({b"psk", b"requirepass", b"masterauth", b"bindpw", b"rootpw"})
_IDENTIFIED = re.compile(
    rb"(?i:\s{1,3}(?:with\s{1,3}\S{1,40}\s{1,3})?(?:by|as)\s{1,3}(?:values\s{1,3})?)[\"'`]?([^\s\"'`;]{4,128})"
)
"""``CREATE USER x IDENTIFIED BY 'VALUE'``."""


_WITH = re.compile(
    rb"(?:[ \t](?:it|them|in|on|into|up|to|the|my|our|your|files?|archive|account|laptop|phone|as|[a-z]{2,12})){0,4}[ \t](?:with|using|by|mit|avec|con)[ \t]([\"'`]?)([^\s\"'`,;:<>(){}\[\]\\/]{6,40})"
)
_ALL = re.compile(
    rb"[^\n.]{0,40}?[ \t](?:uses?|has|have|with|on)[ \t]([\"'`]?)([A-Za-z\xc0-\xff]{5,16}[_.-]?[0-9]{2,4}[!?#*$]{0,2})(?=[^\n.]{0,80}?\b(?:chang|log|password|account))"
)
_TWO_DIGITS = re.compile(rb"[0-9]{2}|[!#*$]$")


@dataclass(frozen=True, slots=True)
class Openers:
    """``log in with VALUE``, ``the sheet is protected with "VALUE"``: a password, and no word for it."""

    trigger: bytes = rb"(?i)\b(?:protected|encrypted|locked|unlock(?:s|ed)?|log(?:s|ged)?|sign(?:s|ed)?|everyone|everybody)\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        pattern = _ALL if text.lower[start:end].startswith(b"every") else _WITH
        found = pattern.match(text.body, end)
        if found is None:
            return
        value = found[2].rstrip(b".,?")
        sure = found[1] or _TWO_DIGITS.search(value)
        if sure and human(value) and not looks_made_up(value, words=True):
            yield Match("SECRET", found.start(2), found.start(2) + len(value), 0.6)

"""Passwords as systems keep them: what a dictionary turns back into the password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import entropy, looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET

_B64 = rb"[A-Za-z0-9./+_-]"
_FORMS = re.compile(
    rb"\$2[abxy]?\$[0-9]{2}\$" + _B64 + rb"{53}|"
    rb"\$(?:apr1|1)\$" + _B64 + rb"{1,16}\$" + _B64 + rb"{22}|"
    rb"\$[56]\$(?:rounds=[0-9]{1,9}\$)?" + _B64 + rb"{1,16}\$" + _B64 + rb"{43,86}|"
    rb"\$(?:y|gy|7)\$" + _B64 + rb"{1,20}\$" + _B64 + rb"{1,86}\$" + _B64 + rb"{43}|"
    rb"\$argon2(?:id?|d)\$v=[0-9]{1,3}\$m=[0-9]{1,9},t=[0-9]{1,5},p=[0-9]{1,3}\$"
    + _B64
    + rb"{8,90}\$"
    + _B64
    + rb"{16,120}|"
    rb"\$[PHS]\$"
    + _B64
    + rb"{31,52}|\$(?:pbkdf2(?:-sha(?:1|256|512))?|scrypt)\$[A-Za-z0-9=,.]{1,40}\$"
    + _B64
    + rb"{4,90}\$"
    + _B64
    + rb"{20,120}|\$[89]\$"
    + _B64
    + rb"{14}\$"
    + _B64
    + rb"{43}|"
    rb"\$(?:krb5(?:tgs|asrep|pa)|NETNTLMv2|mscash2?)\$[^\s\"']{32,4096}|"
    rb"(?:pbkdf2_sha(?:1|256)|scrypt|pbkdf2:sha(?:1|256|512):[0-9]{1,9}|scrypt:[0-9:]{5,20})\$(?:[0-9]{1,9}\$)?"
    + _B64
    + rb"{4,64}\$"
    + _B64
    + rb"{20,140}={0,2}|"
    rb"\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT)\}" + _B64 + rb"{20,140}={0,2}|"
    rb"SCRAM-SHA-(?:1|256)\$[0-9]{3,7}:"
    + _B64
    + rb"{16,60}={0,2}\$"
    + _B64
    + rb"{27,60}={0,2}:"
    + _B64
    + rb"{27,60}={0,2}|"
    rb":[0-9]{1,7}:[0-9a-fA-F]{32}:[0-9a-fA-F]{32}:::"
)
_LEAST = 3.0


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """bcrypt, crypt, Argon2, PBKDF2, scrypt, LDAP, SCRAM, SAM dumps: lines of shadow, htpasswd, user tables."""

    trigger: bytes = (
        rb"\$(?:2[abxy]?|apr1|1|[5-9]|g?y|argon2(?:id?|d)|[PHS]|pbkdf2[a-z0-9-]*|scrypt|krb5[a-z]+|NETNTLMv2|mscash2?)\$|"
        rb"(?:pbkdf2_sha[0-9]+|pbkdf2:sha|scrypt[$:])|\{(?:S?SHA[0-9]*|S?MD5|CRYPT)\}[A-Za-z0-9]|SCRAM-SHA-|:[0-9]+:[0-9a-fA-F]{32}:"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        found = _FORMS.match(text.body, start)
        if found is None or entropy(found[0][-43:]) < _LEAST or looks_made_up(found[0]):
            return
        colon = found[0][:1] == b":"
        yield Match("SECRET", start + colon, found.end(), 0.9)

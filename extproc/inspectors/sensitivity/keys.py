"""Material of keys outside of PEM: encoded, in JSON, in the forms of other tools, as words."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match, alnum
from extproc.inspectors.sensitivity.placeholders import entropy, looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET
from extproc.inspectors.sensitivity.tokens import base58

_BASE64 = re.compile(
    rb"[A-Za-z0-9+/]{40,16384}={0,2}(?:(?:\\n|\r?\n)[ \t]{0,16}[A-Za-z0-9+/]{1,76}={0,2}(?=[\s\"'\\]|$)){0,400}"
)
_DER = re.compile(
    rb"MII[A-J][A-Za-z0-9+/][AQgw]IBA[AD]|MI[GH][A-Za-z0-9+/]AgEA|MHcCAQEEI|MHQCAQEEI|MC4CAQAwBQYDK2V|MIHuAgEBBD|"
    rb"b3BlbnNzaC1rZXktdjE"
)
_PEM = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY")
_HEAD = 64


@dataclass(frozen=True, slots=True)
class EncodedKey:
    """A private key without its lines of PEM, or with them in base64 as kubeconfigs have it.

    The first bytes tell: version 0 or 1 behind the outer sequence, which no certificate and no public key has.
    """

    trigger: bytes = _DER.pattern + rb"|LS0tLS1CRUdJTi"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        body = text.body
        if start and (alnum(body[start - 1]) or body[start - 1] in b"+/"):
            return
        if body[max(0, start - 24) : start].rstrip(b" \t\r\n\\n").endswith(b"KEY-----"):
            return
        found = _BASE64.match(body, start)
        if found is None:
            return
        if body.startswith(b"LS0t", start):
            if _PEM.match(binascii.a2b_base64(found[0][:_HEAD])):
                yield Match("SECRET", *found.span(), 0.99)
        elif _DER.match(found[0]) and entropy(found[0][20:120]) >= _LEAST:
            yield Match("SECRET", *found.span(), 0.95)


_LEAST = 3.5
_D = re.compile(rb"\"(?:d|k)\"\s{0,2}:\s{0,2}\"([A-Za-z0-9_-]{20,800})\"")


@dataclass(frozen=True, slots=True)
class JsonWebKey:
    """The private part of a JWK."""

    trigger: bytes = rb"\"kty\""
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        first = body.rfind(b"{", max(0, start - 4096), start)
        last = body.find(b"}", end, end + 4096)
        for found in _D.finditer(body, max(first, 0), last if last >= 0 else len(body)):
            if not looks_made_up(found[1]):
                yield Match("SECRET", *found.span(1), 0.95)


_LINES = re.compile(rb"[0-9]{1,3}((?:(?:\\n|\r?\n)[A-Za-z0-9+/]{16,76}={0,2}){1,60})")


@dataclass(frozen=True, slots=True)
class PuttyKey:
    """``Private-Lines`` of a .ppk."""

    trigger: bytes = rb"Private-Lines:"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del start
        body = text.body
        found = _LINES.match(body, end + 1)
        if found is not None and not looks_made_up(found[1]):
            yield Match("SECRET", found.start(1), found.end(1), 0.95)


_HEX_LINES = re.compile(rb"(?:\\n|\r?\n)(?:[0-9a-f]{32}(?:\\n|\r?\n)){4,32}")


@dataclass(frozen=True, slots=True)
class OpenVpnKey:
    """A static key of OpenVPN: sixteen lines of hexadecimal digits."""

    trigger: bytes = rb"-----BEGIN"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        head = b" OpenVPN Static key V1-----"
        if text.body.startswith(head, end):
            found = _HEX_LINES.match(text.body, end + len(head))
            if found is not None:
                yield Match("SECRET", start, found.end(), 0.95)


_OTP = re.compile(rb"[^\s\"'<>]{0,256}?[?&;]secret=([A-Za-z2-7]{16,128}=*)")


@dataclass(frozen=True, slots=True)
class OtpAuth:
    """The seed in an ``otpauth://`` address, from which anybody makes the codes."""

    trigger: bytes = rb"otpauth(?:-migration)?://"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del start
        found = _OTP.match(text.body, end) or _MIGRATED.match(text.body, end)
        if found is not None and not looks_made_up(found[1]):
            yield Match("SECRET", *found.span(1), 0.95)


_MIGRATED = re.compile(rb"offline\?data=([A-Za-z0-9%+/=_-]{24,2048})")
_WIF = re.compile(rb"[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z0-9])")
_EXTENDED = re.compile(rb"[xyz]prv[1-9A-HJ-NP-Za-km-z]{107,108}(?![A-Za-z0-9])")
_NOSTR = re.compile(rb"nsec1[02-9ac-hj-np-z]{58}(?![a-z0-9])")


@dataclass(frozen=True, slots=True)
class CoinKey:
    """Private keys of wallets: WIF with its checksum, extended keys, Nostr."""

    trigger: bytes = rb"\b(?:[5KLc9][1-9A-HJ-NP-Za-km-z]{50}|[xyz]prv[1-9A-HJ-NP-Za-km-z]{100}|nsec1[02-9ac-hj-np-z]{58})"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del end
        wif = _WIF.match(text.body, start)
        found = wif or _EXTENDED.match(text.body, start) or _NOSTR.match(text.body, start)
        if found is not None and (wif is None or base58(found[0])):
            yield Match("SECRET", *found.span(), 0.98)


PROSE = frozenset(
    b"the and for not never are was were your you with from into must should be been have has had will would can "
    b"could may might they them then than this that these those what which who when where while his her its our "
    b"their but only also any all each some such store stored write written keep kept words phrase seed recovery "
    b"wallet backup secret please safe share shared anyone everyone consists contains called lets because used use".split()
)
_SEED = re.compile(
    rb"[^\n]{0,64}?(?:[:=\n>\"'(]|[ \t](?:is|are|es|son|ist|lautet|est|\xe8|\xe9|\xe4r|er|s\xe3o)[ \t])\s{0,4}(?=[\s\"']*[a-z0-9])"
)
_WORD = re.compile(
    rb"\s{0,3}[\"'(]{0,2}(?:[0-9]{1,2}\s?[.):-]?\s{0,2})?([a-z\xe0-\xff]{3,9})[\"')]{0,2}(?:\s{0,2},)?(?=[\s,.\"');]|$|\\n)(?:\\n)?"
)
_COUNTS = (12, 24)
"""Words that a phrase has, at least and at most."""
_VAGUE = frozenset({b"phrase", b"frase", b"words", b"seed"})
_OF_WALLETS = re.compile(
    rb"seed|recovery|backup|secret|wallet|bip|wiederherstellung|r.cup|semilla|coins?\b|ledger|trezor|metamask|electrum|exodus|phantom|crypto|"
    rb"\b(?:my|your|our|his|her) (?:12|15|18|21|24|twelve|twenty-four) words(?: are| is)? ?[:=\n]"
)


@dataclass(frozen=True, slots=True)
class SeedPhrase:
    """Twelve words or more of a wallet (BIP 39), behind what they are called."""

    trigger: bytes = rb"(?i)mnemonic|phrase\b|\bfrase\b|\bseed\b|seed-?words|\bwords\b|bip-?39|wiederherstellungsw.rter"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        name = text.lower[start:end]
        around = text.lower[max(0, start - 24) : end + 24]
        if name in _VAGUE and not _OF_WALLETS.search(around):
            return
        numbered = _BEFORE.search(text.lower, max(0, start - _LIST), start)
        if numbered is not None and PROSE.isdisjoint(numbered[1].split()):
            yield Match("SECRET", *numbered.span(1), 0.9)
            return
        numbered = _NUMBERED.search(text.lower, max(0, start - _LIST), start)
        if numbered is not None:
            yield Match("SECRET", *numbered.span(1), 0.9)
            return
        head = _SEED.match(text.body, end)
        while head is not None:
            found = self._phrase(text.body, head.end())
            if found is not None:
                yield Match("SECRET", *found, 0.9)
                return
            head = _SEED.match(text.body, head.end()) if head.end() < end + _FAR else None

    def _phrase(self, body: bytes, at: int) -> tuple[int, int] | None:
        first = at
        count = last = 0
        while count < _COUNTS[-1] and (word := _WORD.match(body, at)) is not None:
            if word[1] in PROSE:
                break
            count += 1
            first = word.start(1) if count == 1 else first
            at, last = word.end(), word.end(1)
        return (first, last) if count >= _COUNTS[0] else None


_FAR = 80
"""Characters from the name within which the phrase begins."""
_LIST = 400
_BEFORE = re.compile(
    rb"(?:^|[\n\"'`.:])[ \t]?((?:[a-z]{3,8}[ \t]){11,23}[a-z]{3,8})[ \t]?(?:\n|<-|[(;,.\"'`-]| =)[^\n.]{0,40}$"
)
_NUMBERED = re.compile(
    rb"(1[.):]?[ \t]{0,2}[a-z]{3,8}(?:[\s,]{1,4}[0-9]{1,2}[.):]?[ \t]{0,2}[a-z]{3,8}){11,23})[\s(,;-]{0,12}[^\n]{0,24}$"
)
"""Words with their numbers, before what they are called."""

"""Short codes that open something: PINs, door codes, one-time and recovery codes, licence keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import entropy, looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET

_OPENS = re.compile(
    rb"(?:door|gate|alarm|entry|entrance|access|lock|lock ?box|key ?box|key ?safe|safe|vault|keypad|garage|garage door|building|office|"
    rb"security|unlock|sim|voicemail|disarm|padlock|locker|bike lock|elevator|lift|t.r|haust.r|alarm|"
    rb"zugangs|zutritts|tresor|porte|portail|alarme|coffre|puerta|alarma|porta|portone|allarme|deur|poort|kluis)[ -]?$"
)
_AFTER = re.compile(
    rb" (?:de la porte|du portail|de l'alarme|du coffre|de la puerta|de la alarma|del? port[oa]\w*|dell'allarme|van de (?:deur|kluis)|"
    rb"(?:f.r|to|for|of|on|at) (?:the |die |den |das |my |our )?(?:[a-z]+ )?(?:door|gate|alarm|safe|lock ?box|key ?box|garage|building|vault|"
    rb"entrance|office|t.r|haust.r|tresor|shed|cabin|flat|apartment|padlock|locker|elevator|lift|keypad))\b"
)
_ONCE = re.compile(
    rb"(?:verification|one[- ]time|login|log-in|sign-?in|2fa|mfa|otp|authentication|authenticator|authorization|passcode|sms|"
    rb"best.tigungs|sicherheits|anmelde|einmal|de v.rification|de verificaci.n|di verifica|verificatie)[ -]?$"
)
_OF_ONCE = re.compile(
    rb" (?:de v.rification|de verificaci.n|di verifica|de seguridad|de s.curit.|de connexion)\b"
)
_SAYS = (
    rb"(?:[ \t]{0,2}(?:(?:for|of|on|to|f.r|von|vom|am|zur?|der|de|du|del|della|di|la|the|my|our|meiner|ma|mi|his|her|van|at|in)\b[^\n.!?;:=]{1,48}?)?"
    rb"(?:[ \t](?:is|was|lautet|ist|es|est|\xe8|to)(?: now| still)?:?[ \t]{1,2}|[ \t]?[:=]{1,2}[ \t]{0,2})|[ \t])[\"'*]{0,2}"
)
_SHORT = re.compile(
    _SAYS
    + rb"([#*]?[0-9]{4,8}[#*]?|[0-9]{2}[- ][0-9]{2}[- ][0-9]{2}|(?=[A-C]{0,2}[0-9])(?=[0-9A-C]{0,5}[0-9]{2})[0-9A-C]{4,6}[#*]?|[0-9]{3}[ -][0-9]{3})(?![0-9A-Za-z%@]|[-./:,][0-9])"
)
_NEAR = re.compile(
    rb"(?i)card|karte|carte|tarjeta|sim\b|phone|handy|unlock|bank|debit|credit|atm|door|alarm|safe|login|entry|gate|voicemail|account|"
    rb"ipad|iphone|tablet|device|badge|locker|my |her |his |mein|meiner|tresor|t.r\b|app\b"
)
_POSTAL = re.compile(rb"(?i)\bpin(?: ?code)?$")
_NO_PIN = frozenset(b"0000 1111 1234 4321 12345 123456 000000 111111 12345678 2222 9999".split())


@dataclass(frozen=True, slots=True)
class Codes:
    """``the PIN of my card is 4821``, ``door code: 2580#``, ``your verification code is 493021``."""

    trigger: bytes = rb"(?i)\bpin\b|\bpin-?(?:code|nummer)\b|code\b|\bc.digo\b|\bcodice\b|\bcombination\b|\bkombination\b|\botp\b|\bcv[vc]2?\b|\bpuk\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        found = _SHORT.match(text.body, end)
        if found is None or found[1].strip(b"#*") in _NO_PIN:
            return
        word = text.lower[start:end]
        before = text.lower[max(0, start - 24) : start]
        behind = text.lower[end : end + 64]
        if _opens(word, before, behind, found[1]):
            yield Match("SECRET", *found.span(1), 0.75)


def _opens(word: bytes, before: bytes, behind: bytes, value: bytes) -> bool:
    digits = sum(48 <= one <= 57 for one in value)
    if word in {b"cvv", b"cvc", b"cvv2", b"cvc2"}:
        return False
    if word in {b"otp", b"puk"}:
        return digits >= 4
    if word.startswith(b"pin") or before.endswith((b"pin ", b"pin-")):
        # Six digits after it may be a place in India.
        return digits in {4, 5, 8} or (digits == 6 and _NEAR.search(before + behind) is not None)
    if word in {b"combination", b"kombination"}:
        return _OPENS.search(before) is not None or _AFTER.match(behind) is not None
    if _ONCE.search(before) or _OF_ONCE.match(behind):
        return digits >= 4
    return (_OPENS.search(before) or _AFTER.match(behind)) is not None and b"postal" not in before


_LIST = re.compile(
    rb"s?[^\n:=(]{0,48}[:=(]?\s{0,4}(?:[-*\xb7]|[0-9]{1,2}[.):])?[ \t]{0,3}[\"'`]?("
    + (_CODE := rb"[A-Za-z0-9]{4,8}(?:[- ][A-Za-z0-9]{4,8}){1,7}|[0-9]{8,10}|[a-z0-9]{8,16}")
    + rb")(?![A-Za-z0-9])"
)
_MORE = re.compile(
    rb"[\"'`]?(?:[ \t]{0,3}[,;|][ \t]{0,3}|[ \t]{0,2}(?:\\n|\r?\n)[ \t]{0,8}|[ \t]{1,4}(?:and |und |et |y )?)(?:[-*\xb7]|[0-9]{1,2}[.):])?[ \t]{0,3}[\"'`]?("
    + _CODE
    + rb")(?![A-Za-z0-9])"
)
_CALLED = re.compile(rb"[- _]?(?:codes?|keys?|schl.ssel|passcodes?)")
_BEFORE_IT = re.compile(rb"(?:codes?|c.digos?|codici|code) (?:de |di |of )$")


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Codes that stand in for a second factor: one with groups, or a list."""

    trigger: bytes = (
        rb"(?i)\b(?:recovery|backup|back-up|scratch|emergency|rescue)|(?:wiederherstellungs|ersatz|notfall)|"
        rb"\b(?:secours|r.cup.ration|recuperaci.n|respaldo|recupero|riserva)\b"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body = text.body
        called = _CALLED.match(text.lower, end)
        if called is None and not _BEFORE_IT.search(text.lower, max(0, start - 16), start):
            return
        found = _LIST.match(body, called.end() if called else end)
        codes: list[tuple[int, int]] = []
        while found is not None and len(codes) < _MOST:
            if not _code(found[1]):
                break
            codes.append(found.span(1))
            found = _MORE.match(body, found.end(1))
        grouped = codes and _GROUPED.search(body, *codes[0])
        if len(codes) > 1 or grouped:
            yield Match("SECRET", codes[0][0], codes[-1][1], 0.8)


_GROUPED = re.compile(rb"[- ]")
_MOST = 24


def _code(value: bytes) -> bool:
    digits = sum(48 <= one <= 57 for one in value)
    return digits >= _FEW and len(set(value)) >= _FEW + 1 and not looks_made_up(value)


_FEW = 2
_LICENCE = re.compile(
    rb"[^\n:=]{0,40}?(?:[:=]|\bis\b|\n|[ \t])\s{0,3}[\"'`]?((?=[A-Z-]*[0-9])[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,7}|"
    rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[A-Za-z]*[0-9])[A-Za-z0-9+/=_-]{24,512})(?![A-Za-z0-9-])"
)
_ITS_KEY = re.compile(rb"(?:[- _]?(?:keys?|codes?|number|no\.?|schl.ssel))")


@dataclass(frozen=True, slots=True)
class LicenceKeys:
    """Keys that software is unlocked by, in groups, behind what they are called."""

    trigger: bytes = rb"(?i)\b(?:licen[cs]e|product|serial|activation|registration|lizenz|produkt|aktivierungs)|\b(?:cd|steam|windows|office)[-_]?key"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del start
        its = _ITS_KEY.match(text.lower, end)
        if its is None and not text.lower.endswith(b"key", 0, end):
            return
        found = _LICENCE.match(text.body, its.end() if its else end)
        if found is None or looks_made_up(found[1], words=True):
            return
        keyed = its is None or b"key" in its[0] or b"schl" in its[0]
        if (keyed or _GROUPS.fullmatch(found[1])) and entropy(found[1]) >= _LICENCE_BITS:
            yield Match("SECRET", *found.span(1), 0.75)


_GROUPS = re.compile(rb"[A-Z0-9]{5}(?:-[A-Z0-9]{5}){3,5}")
_LICENCE_BITS = 3.0

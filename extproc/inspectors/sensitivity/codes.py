"""Short codes that open something: PINs, door codes, one-time and recovery codes, licence keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.placeholders import entropy, looks_made_up
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.secrets import SECRET
from extproc.inspectors.sensitivity.values import coined, number, told

_OPENS = re.compile(
    rb"(?:door|gate|alarm|entry|entrance|access|lock|lock ?box|key ?box|key ?safe|safe|vault|keypad|garage|garage door|building|office|"
    rb"security|unlock|sim|voicemail|disarm|padlock|locker|bike lock|elevator|lift|t.r|haust.r|alarm|"
    rb"zugangs|zutritts|tresor|porte|portail|alarme|coffre|puerta|alarma|porta|portone|allarme|deur|poort|kluis|"
    rb"toegangs|entree|\bd.r|\bport|\bd.rr|adgangs|\bl.s|pengeskabs|kassask.ps|entr.|drzwi|ovi|h.lytys|schlie.fach|zahlenschloss|fahrradschloss|schloss|"
    rb"key ?pad|\bgym|\bpool|intercom|barrier|parking|car ?park|\bbike|suitcase|luggage|store ?room|cellar|\bshed|\bcabin)[ -]?$"
)
_AFTER = re.compile(
    rb" (?:til|till|do|na|do|p.|van|voor|pour|para|per|zum|zur|f.r|der|des|del|della|delle|du|de|dell') ?(?:la |le |l'|el |il |die |den |das |de |het |the |our |min |vores |v.r |onze |notre )?"
    rb"(?:[a-z\xe0-\xff]+ )?(?:alarm\w*|d.r\w*|port\w*|pengeskab\w*|kassask.p\w*|l.s\w*|garag\w*|lejlighed\w*|hus\w*|bod\w*|k.lder\w*|drzwi\w*|bram\w*|sejf\w*|domofon\w*|"
    rb"deur\w*|poort\w*|kluis\w*|sleutelkast\w*|t.r\w*|tor|tresor\w*|keller\w*|schrank\w*|schlie.fach\w*|haus\w*|safe\w*|coffre\w*|portail\w*|immeuble\w*|"
    rb"puerta\w*|caja\w*|portal\w*|alarma\w*|alarme\w*|cancell\w*|cassaforte\w*|citofon\w*|port.o|cofre|fechadura)\b|"
    rb" (?:de la porte|du portail|de l'alarme|du coffre|de la puerta|de la alarma|del? port[oa]\w*|dell'allarme|van de (?:deur|kluis)|"
    rb"(?:f.r|to|for|of|on|at) (?:the |die |den |das |my |our )?(?:[a-z]+ )?(?:door|gate|alarm|safe|lock ?box|key ?box|garage|building|vault|"
    rb"entrance|office|t.r|haust.r|tresor|shed|cabin|flat|apartment|padlock|locker|lock|bike|suitcase|elevator|lift|keypad))\b"
)
_ONCE = re.compile(
    rb"(?:verification|one[- ]time|login|log-in|sign-?in|2fa|mfa|otp|authentication|authenticator|authorization|passcode|sms|"
    rb"bekr.ftelses|verifikations|verifierings|engangs|confirmation|verification|log-?in|security|transfer|transaction|payment|"
    rb"best.tigungs|sicherheits|anmelde|einmal|de v.rification|de verificaci.n|di verifica|verificatie)[ -]?$"
)
_OF_ONCE = re.compile(
    rb" (?:de v.rification|de verificaci.n|di verifica|sms|de seguridad|de s.curit.|de connexion)(?![a-z])"
)
_SAYS = (
    rb"(?:(?:[ \t](?:sms|SMS|otp|OTP))?[ \t]{0,2}(?:(?:for|of|on|to|f.r|von|vom|am|zur?|til|till|do|p.|pour|para|per|voor|der|de|du|del|della|di|la|the|my|our|meiner|ma|mi|his|her|van|at|in)\b[^\n.!?;:=]{1,48}?)?"
    rb"(?:[ \t](?:is|was|lautet|ist|es|est|\xe8|to|er|ended up|\xe4r|jest|on|\xe9|staat|remains|set to)(?: now| still| just| nu| jetzt| noch| immer noch| fortfarande| stadig| toujours| ahora| adesso| ancora| le| el| il)?:?[ \t]{1,2}|'s[ \t]|[ \t]c'est[ \t]|[ \t](?:k|ke|do|til|till|voor|del|della|du|de la|de l'|dell'|van de|voor de)[ \t]?[a-z\xe0-\xff]{3,16}[ \t]|(?:[ \t][a-z\xe0-\xff]{3,12})?[ \t]?[:=]{1,2}[ \t]{0,2})|[ \t])[\"'*]{0,2}"
)
_SHORT = re.compile(
    _SAYS
    + rb"([#*]?[0-9]{4,8}[#*]?|[0-9]{1,2}(?:[-/ ][0-9]{1,2}){2,3}|(?=[A-C]{0,2}[0-9])(?=[0-9A-C]{0,5}[0-9]{2})[0-9A-C]{4,6}[#*]?|(?=[0-9]*[A-Z])[0-9]{1,4}[A-Z][0-9]{1,4}[A-Z]?|[A-Z][0-9]{3,5}|[0-9]{3}[ -][0-9]{3})(?![0-9A-Za-z%@]|[-./:,][0-9])"
)
_NEAR = re.compile(
    rb"(?i)card|karte|carte|tarjeta|sim\b|phone|handy|unlock|bank|debit|credit|atm|door|alarm|safe|login|entry|gate|voicemail|account|"
    rb"ipad|iphone|tablet|device|badge|locker|my |her |his |mein|meiner|tresor|t.r\b|app\b"
)
_NO_PIN = frozenset(b"0000 1111 1234 4321 12345 123456 000000 111111 12345678 2222 9999".split())


@dataclass(frozen=True, slots=True)
class Codes:
    """``the PIN of my card is 4821``, ``door code: 2580#``, ``your verification code is 493021``."""

    trigger: bytes = rb"(?i)\bpin\b|\bpin-?(?:code|nummer|kode[nr]?|kod(?:en)?)\b|\bgeheim(?:zahl|nummer)\b|code\b|kode[nr]?\b|kod(?:en)?\b|\bdigicode\b|\bclave\b|k\xf3d(?:ja)?\b|\bszyfr\b|(?-i:\bm?TAN\b)|\bkoodi\b|zahlenkombination\b|\bcombinaison\b|\bcombinaci.n\b|\bcombinazione\b|\bcombinatie\b|\bkombinat?ion(?:en)?\b|\bc.digo\b|\bcodice\b|\bcombination\b|\bkombination\b|\botp\b|\bcv[vc]2?\b|\bpuk\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        found = _SHORT.match(text.body, end)
        if found is None or found[1].strip(b"#*") in _NO_PIN:
            return
        word = text.lower[start:end]
        if b"/" in found[1] and not word.startswith((b"comb", b"komb")):
            return
        before = text.lower[max(0, start - 24) : start]
        behind = text.lower[end : end + 64]
        if _opens(word, before, behind, found[1]):
            yield Match("SECRET", *found.span(1), 0.75)


def _opens(word: bytes, before: bytes, behind: bytes, value: bytes) -> bool:
    digits = sum(48 <= one <= 57 for one in value)
    if word in {b"cvv", b"cvc", b"cvv2", b"cvc2"}:
        return False
    if word in {b"otp", b"puk", b"digicode"}:
        return digits >= _FEW
    if word.startswith((b"pin", b"geheim")) or before.endswith((b"pin ", b"pin-", b"pin")):
        # Six digits after it may be a place in India.
        return digits in {4, 5, 8} or (digits == 6 and _NEAR.search(before + behind) is not None)
    if word.endswith(b"tan"):
        return digits == _TAN
    if b"ombina" in word or word == b"szyfr":
        return (
            word.startswith(b"zahlen")
            or _OPENS.search(before) is not None
            or _AFTER.match(behind) is not None
        )
    return _named_code(digits, before, behind, value)


def _named_code(digits: int, before: bytes, behind: bytes, value: bytes) -> bool:
    """What the word "code" means, by what stands around it."""
    if before.endswith(b"pass"):
        return digits >= _PASSCODE
    if _YEAR.fullmatch(value) and _LAW.search(before):
        return False
    if _YOURS.search(before) or (_BOXES.search(before) and digits >= _FEW):
        return digits >= _PASSCODE and _NO_SECRET.search(before) is None
    if value[:1].isalpha() or any(65 <= one <= 90 for one in value[1:]):
        # So are articles and forms numbered too.
        return digits >= _FEW and (_OPENS.search(before) or _AFTER.match(behind)) is not None
    if _ONCE.search(before) or _OF_ONCE.match(behind):
        return digits >= 4
    return (_OPENS.search(before) or _AFTER.match(behind)) is not None and b"postal" not in before


_THING = re.compile(
    rb"(?:[ \t]{1,2}(?:code|combination|combo|number|entry|lock))?(?:[ \t]{1,2}(?:of|on|at|in|to|for)[ \t][^\n.!?;:=0-9]{1,40}?)?"
    rb"(?:[ \t]{1,2}(?:now |still |just )?(?:is|was|opens with|opens to|opens on|unlocks with|unlocked with|gets? (?:dis)?armed with|is (?:dis)?armed with|disarms with|turned off with|takes|code is|set to|is set to|wants)(?: now| still)?:?[ \t]{1,2}|[ \t]?[:=][ \t]{0,2}|[ \t](?=[0-9]{4,6}[#*]))"
    rb"[\"'*]{0,2}([#*]?[0-9]{4,8}[#*]?|[0-9]{1,2}(?:[-/ ][0-9]{1,2}){2,3}|[A-D][0-9]{3,5}[#*]?|[0-9]{2,5}[A-D][0-9]{0,3}[#*]?)(?![0-9A-Za-z%@]|[-./:,][0-9]|[ \t]?(?:euros?|dollars?|usd|eur|kr|pounds|years?|times|hours?|minutes?|bytes|mm|cm|kg|mg|ml|sets?|reps?|months?|days?|weeks?|m|ft|inch(?:es)?|lbs?|people|visitors)\b)"
)


@dataclass(frozen=True, slots=True)
class Locks:
    """``the safe opens with 61-04-77``, ``keypad is 90417#``: what takes a code, and no word for it."""

    trigger: bytes = rb"(?i)\b(?:key ?pad|padlock|lockbox|keybox|keysafe|safe|vault|locker|combo|alarm|gate|garage|intercom)\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        found = _THING.match(text.body, end)
        if found is None or found[1].strip(b"#*") in _NO_PIN:
            return
        gap = text.lower[end : found.start(1)]
        told = (
            text.lower[start:end] in _SURELY
            or found[1][-1:] in b"#*"
            or b"open" in gap
            or b"unlock" in gap
            or b"arm" in gap
            or (b"-" in found[1] and text.lower[start:end] in _DIALLED)
        )
        if (told or b"cod" in gap or b"comb" in gap) and not _YEAR.fullmatch(found[1]):
            yield Match("SECRET", *found.span(1), 0.75)


_DIALLED = frozenset({b"safe", b"vault", b"locker", b"padlock", b"combo"})
_SURELY = frozenset(
    {b"keypad", b"key pad", b"lockbox", b"keybox", b"keysafe", b"padlock", b"combo"}
)
_YEAR = re.compile(rb"(?:19|20)[0-9]{2}")
_USED_FOR = re.compile(
    rb"[\"']? ?(?:to|for|as|om|um|pour|para|per|f.r|att|til|when|in order to)\b(?: (?:your|the|my|this|our|de|dein|ihre?n?|votre|tu))? ?(?:approv|verif|confirm|log|sign|authenti|authori[sz]|reset|activat|unlock|access|finish|complete|"
    rb"verification|transfer|payment|register|two-?factor|2fa|mfa)|"
    rb"[\"']? (?:when|at|on|into|to) (?:the )?(?:alarm|door|gate|key ?pad|panel|entrance|lock)\b"
)
_IS_YOURS = re.compile(
    rb" (?:your|the|je|uw|ihr|dein|votre|ton|tu|su|il tuo|din|ditt) [^\n.!?]{0,32}?(?:code|c.digo|codice|kode?n?|pin|otp|passcode|password|kod)\b"
)


@dataclass(frozen=True, slots=True)
class SentCodes:
    """``use 55013862 to approve the transfer``, ``493021 is your Acme code``: as messages send them."""

    trigger: bytes = (
        rb"(?i)\b(?:use|enter|type) [0-9]{4,8}\b|\b[0-9]{4,8} (?:(?:is|ist|est|es|er)\b|-)"
    )
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        body, lower = text.body, text.lower
        if body[start : start + 1].isdigit():
            stop = body.index(b" ", start)
            joined = body[start - 1 : start] in _JOINED and body[max(0, start - 2) : start] != b"G-"
            if _IS_YOURS.match(lower, end) and not joined and not _YEAR.fullmatch(body[start:stop]):
                yield Match("SECRET", start, stop, 0.75)
            return
        begin = body.index(b" ", start) + 1
        value = body[begin:end]
        if _USED_FOR.match(lower, end) and value not in _NO_PIN and not _YEAR.fullmatch(value):
            yield Match("SECRET", begin, end, 0.75)


_JOINED = frozenset({b"-", b".", b",", b"/", b"#", b":"})
_LAW = re.compile(rb"(?:building|parking|office|security) $")
_PASSCODE, _TAN = 4, 6
_YOURS = re.compile(rb"\b(?:your|dein|ihr|votre|ton|tu|su|je|uw|il tuo) [a-z0-9]{2,20} $")
_BOXES = re.compile(
    rb"\b(?:lock ?box|key ?box|key ?safe|keypad|padlock|door|gate|schlie.fach|haust.r|t.r|tor|tresor|portail|porte|puerta|deur|kluis)\b[^\n.]{0,20}, $"
)
_NO_SECRET = re.compile(
    rb"\b(?:zip|post|postal|area|country|promo|discount|coupon|voucher|order|product|error|status|source|dial\w*|tax|branch|sort|"
    rb"bank|school|course|dress|class|student|employee|customer|booking|project|exit|return|qr|bar|item|style|colou?r|hex|own|python|"
    rb"java|new|first|whole|the|entire|c|js|unit|department|cost|currency|language|airport|stock|vendor|supplier|response|reason) $"
)
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


@dataclass(frozen=True, slots=True)
class BitLockerKey:
    """Eight groups of six digits, each of them eleven times something."""

    trigger: bytes = rb"\b[0-9]{6}(?:-[0-9]{6}){7}\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        groups = text.body[start:end].split(b"-")
        named = _BITLOCKER.search(text.lower, max(0, start - 80), start)
        if named or all(int(group) % 11 == 0 for group in groups):
            yield Match("SECRET", start, end, 0.9)


_BITLOCKER = re.compile(rb"bitlocker|recovery|wiederherstellung")
_NETWORK = re.compile(
    rb"(?:[ -](?:code|key|schl.ssel|cl.|clave|chiave|sleutel|n.gle|pin))[^\n.:=]{0,40}?(?:[ \t]?[:=][ \t]?|[ \t](?:is|says|ist|lautet|est|es|reads|\xe8)[ \t])[\"'`]?([^\s\"'`,;<>(){}]{8,64})|"
    rb"[ \t]?(?:[:=]|is|ist)[ \t]{1,2}[\"'`]?[^\s/,|\"'`]{2,32}[\"'`]?[ \t]?(?:[/,|]|and|und)[ \t]{1,2}[\"'`]?([^\s\"'`,;<>(){}]{8,64})"
)


@dataclass(frozen=True, slots=True)
class Networks:
    """Keys of wireless networks: ``wifi: NAME / VALUE``, ``the WPA key on the sticker says VALUE``."""

    trigger: bytes = rb"(?i)\b(?:wi-?fi|wlan|wpa[23]?|ssid)\b"
    types: frozenset[str] = SECRET

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        del start
        found = _NETWORK.match(text.body, end) or _CODE_OF.match(text.body, end)
        if found is None or not found.lastindex:
            return
        value = found[found.lastindex].rstrip(b".,?!")
        likely = told(value) or coined(value) or number(value)
        if likely and not looks_made_up(value, words=True):
            at = found.start(found.lastindex)
            yield Match("SECRET", at, at + len(value), 0.75)


_CODE_OF = re.compile(
    rb"[ \t]?[:=][ \t]{1,2}[\"'`]?([^\s\"'`,;<>(){}/]{8,64})(?=[\"'`]?[ \t]?(?:\n|$))"
)

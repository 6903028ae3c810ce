"""Whether a value could be a secret: chosen by somebody, or drawn at random."""

from __future__ import annotations

import re

from extproc.inspectors.sensitivity.placeholders import entropy

_KINDS = bytes(
    ord("0") if 48 <= code <= 57
    else ord("A") if 65 <= code <= 90
    else ord("a") if 97 <= code <= 122
    else ord("_") if code == 95
    else ord("!") if code in b"!@#$%^&*+~?"
    else ord(".")
    for code in range(256)
)  # fmt: skip
_CODE = re.compile(
    rb"^__|^[a-z_]+\.[a-z_.]+$|^https?://|^/|^\.|==[^=]|&&|\|\||^[A-Z][a-z]+[A-Z][A-Za-z]*$|"
    rb"^[A-Z]+(?:_[A-Z0-9]+)+$|^![A-Za-z]+$|^[A-Za-z_]\w*\.[A-Za-z_]\w*\.\w+$"
)
"""Names, operators, paths and tags of YAML."""
_MEASURE = re.compile(
    rb"(?i)[0-9]+(?:[.,][0-9]+)?[-x]?[a-z%+]*|v?[0-9]+(?:\.[0-9a-z]+)+[a-z0-9+-]*|"
    rb"(?:sha|md|utf|aes|rsa|base|iso|rfc|hmac|pbkdf|bcrypt|argon|oauth|tls|ssl|top|ntlm|ipv|http|blake|ed|win|"
    rb"port|step|page|version|level|python|php|[a-z]+v)[-_/]?[0-9][a-z0-9./_-]*|"
    rb"[0-9]{1,4}[-/.:][0-9]{1,2}(?:[-/.:][0-9]{1,4})?\S*|\S*[/\\]\S*[/\\]\S*|[a-z]{2,20}[?!*:+~]{1,3}"
)
"""Counts, dates, versions and names of algorithms, as sentences have them."""


def kinds(value: bytes) -> frozenset[int]:
    """Which of small and capital letters, digits, ``_``, special and other signs stand in it."""
    return frozenset(value.translate(_KINDS))


def chosen(value: bytes) -> bool:
    """Whether this could be a password and not a word of the sentence or of the code."""
    if len(value) < 6:
        return False
    held = kinds(value)
    mixed = not held.isdisjoint(b"0!")
    several = len(held - set(b"_!")) + (33 in held and 46 not in held) >= 2
    if not (mixed and several):
        return scrambled(value)
    return not _CODE.search(value)


_STRONG = 3


def strong(value: bytes) -> bool:
    """Whether nobody writes so but in a password: for values that only stand near its name."""
    if len(value) < 6 or _CODE.search(value) or _MEASURE.fullmatch(value):
        return False
    held = kinds(value)
    if held.isdisjoint(b"0!"):
        return scrambled(value)
    return len(held & _COUNTED) >= _STRONG


def told(value: bytes) -> bool:
    """Whether this can be a password where a sentence says that it is."""
    return chosen(value) and not _MEASURE.fullmatch(value)


def jumbled(value: bytes) -> bool:
    """Whether signs of all sorts stand in it by chance, as salts of WordPress have them."""
    return (
        len(value) >= _JUMBLED
        and len(kinds(value) & _COUNTED) >= _STRONG
        and len(_SIGN.findall(value)) >= _SIGNS
        and entropy(value) >= _BITS
        and not _CALLED.search(value)
    )


_JUMBLED, _SIGNS, _BITS = 24, 5, 4.2
_SIGN = re.compile(rb"[^A-Za-z0-9_.,:/=-]")
_CALLED = re.compile(rb"://|[A-Za-z_]{3,}\(|&&|\|\||[A-Za-z]{2,}=[A-Za-z0-9%]+&")
"""Addresses and code."""


def phrased(value: bytes) -> bool:
    """Whether these are words joined to one, as people make passwords of them."""
    parts = _JOIN.split(value)
    return (
        len(value) >= _PHRASED
        and len(parts) >= 2
        and all(len(part) > 1 and _LETTERS.fullmatch(part) for part in parts)
        and not any(part.lower() in _TECHNICAL for part in parts)
    )


def human(value: bytes) -> bool:
    """Whether it is a word with a number behind it, as people choose them, and no product."""
    found = _HUMAN.fullmatch(value)
    return found is not None and found[1].lower() not in _PRODUCTS


_HUMAN = re.compile(
    rb"([A-Z\xc0-\xde][a-z\xdf-\xff]{4,15}|[a-z\xdf-\xff]{5,15}(?=[0-9]{2}))[_.-]?[0-9]{1,4}[!?.#*$]{0,2}"
)
_PRODUCTS = frozenset(
    b"windows server office python version level article chapter section figure table example user test admin keepass base "
    b"covid page step phase stage room area ubuntu debian android iphone ipad galaxy exchange sharepoint angular bootstrap "
    b"argon bcrypt scrypt blake chacha salsa oauth http tls option question answer task item part group class type case line "
    b"column row node host client tier grade model series season episode formula rule layer field param value result "
    b"excel access outlook visual studio hadoop spark drupal joomla magento symfony laravel django flask rails "
    b"adobe google facebook apple iphone fernet veracrypt bitlocker outlook gmail amazon azure chrome firefox oracle "
    b"password passwort string number digit char letter month week year quarter fall grade route highway".split()
)
_PHRASED = 10


def coined(value: bytes) -> bool:
    """Whether words joined to one are no adjective: ``moonlight-picnic``, not ``salt-hashed``."""
    return phrased(value) and b"." not in value and not _ADJECTIVE.search(value)


_ADJECTIVE = re.compile(rb"(?i)(?:ed|ing|able|ful|ive|less|ly|ient|ant|ible)$")
_JOIN = re.compile(rb"[-_.!+&]")
_LETTERS = re.compile(rb"[A-Za-z\xc0-\xff]+")
_TECHNICAL = frozenset(
    b"password pass passwd pwd passwort passphrase word key keys secret secrets token config conf env settings file path "
    b"user username login admin root account name form data request req body params args app db database get set "
    b"value val vault opts options ctx self this test testing manager reset policy hash hashed field input protected required "
    b"strength less change changed only based encrypted encryption encoder hasher read write not non no yes true false null none "
    b"auth authentication authenticated authorization basic bearer service server client host http https ssl tls ssh api "
    b"string str text plain plaintext default empty optional mandatory private public type text json yaml yml txt com org "
    b"net io internal local example multi two one factor single sign free safe self serve end to step by case sensitive "
    b"up in out on off and or the a of for your my new old random generated prompt stdin store stored storage keychain "
    b"credential credentials session cookie cookies state info model models utils helper context var variable ref id "
    b"time date expired expiration expiry valid invalid validation validator check checker confirm confirmation forgot "
    b"forgotten recovery update updated rotate rotation length min max entry dialog box page view show hide toggle "
    b"missing wrong incorrect bad good strong weak hard simple long short base encode encoded decode decoded sha md utf raw "
    b"well known coded auto lived pre filled limited built wide readable machine human specific brute force forced cross "
    b"platform locked blank special strict double checked over under high low level full much more than "
    b"com provider handler util class method function lib module import export props element event target".split()
)
"""Words of programs and of manuals."""
_COUNTED = frozenset(b"Aa0!")
_SCRAMBLED, _CHANGES = 10, 0.38


def scrambled(value: bytes) -> bool:
    """Whether letters change case as no name does: ``OsuFYzMBkaYjKcC``."""
    value = value.rstrip(b"=")
    letters = value.translate(None, b"0123456789")
    if len(letters) < _SCRAMBLED or not value.isalnum() or not value.isascii():
        return False
    cases = letters.translate(_KINDS)
    changes = cases.count(b"aA") + cases.count(b"Aa")
    return changes >= _CHANGES * (len(letters) - 1) and entropy(value) >= 3.0


_DIGITS, _DIFFERENT = 6, 4


def number(value: bytes) -> bool:
    """Digits alone, as they stand on routers."""
    return value.isdigit() and _DIGITS <= len(value) <= 20 and len(set(value)) >= _DIFFERENT

"""Check digits and structures of identifiers. Arguments are ASCII digits, without separators."""

from __future__ import annotations

from operator import mul

_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
"""From a digit's code to the sum of the digits of its double."""
_DIHEDRAL = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_PERMUTED = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def luhn(digits: str) -> bool:
    """Cards, Canadian SIN."""
    codes = digits.encode("ascii")
    return (
        sum(codes[-1::-2]) - 48 * ((len(codes) + 1) // 2) + sum(codes[-2::-2].translate(_DOUBLED))
    ) % 10 == 0


def verhoeff(digits: str) -> bool:
    """Aadhaar."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _DIHEDRAL[check][_PERMUTED[place % 8][int(digit)]]
    return check == 0


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    """Sum of the digits times their weights, of which there are as many."""
    total: int = sum(map(mul, digits.encode("ascii"), weights))
    return total - 48 * sum(weights)


def nhs(digits: str) -> bool:
    """UK NHS number: ten digits, modulus 11."""
    check = 11 - weighted(digits[:9], (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return check != 10 and check % 11 == int(digits[9]) and not same(digits)


def tfn(digits: str) -> bool:
    """Australian tax file number: nine digits, modulus 11."""
    return weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 and not same(digits)


def aba(digits: str) -> bool:
    """US routing number: nine digits, a Federal Reserve prefix, modulus 10."""
    prefix = int(digits[:2])
    known = prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80
    return known and weighted(digits, (3, 7, 1) * 3) % 10 == 0 and not same(digits)


def ssn(digits: str) -> bool:
    """US social security number: area, group and serial that are or may be assigned."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return (
        area not in {"000", "666"}
        and area[0] != "9"
        and group != "00"
        and serial != "0000"
        and not same(digits)
    )


def itin(digits: str) -> bool:
    """US individual taxpayer number: a nine first, then one of the groups in use."""
    group = int(digits[3:5])
    known = 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99
    return digits[0] == "9" and known


def sin(digits: str) -> bool:
    """Canadian social insurance number: nine digits, Luhn."""
    return luhn(digits) and not same(digits)


def aadhaar(digits: str) -> bool:
    """Indian Aadhaar: twelve digits, no 0 or 1 first, Verhoeff, no palindrome."""
    return digits[0] in "23456789" and verhoeff(digits) and digits != digits[::-1]


def card(digits: str) -> bool:
    """Payment card: an issuer's range and length, and Luhn."""
    return _issuer(digits) and luhn(digits)


def _issuer(digits: str) -> bool:
    length, two, four = len(digits), int(digits[:2]), int(digits[:4])
    if digits[0] == "4":
        return length in {13, 16, 19}
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return length == 16
    if two in {34, 37}:
        return length == 15
    if two in {36, 38, 39} or 3000 <= four <= 3059 or four == 3095:
        return 14 <= length <= 19
    if four in {1800, 2131}:
        return length == 15
    if two == 35 or four == 6011 or two in {62, 64, 65, 81}:
        return 16 <= length <= 19
    return (two in {50, *range(56, 60)} or digits[0] == "6") and 12 <= length <= 19


def iban(value: str) -> bool:
    """IBAN without spaces: the country's length, modulus 97."""
    text = value.upper()
    if IBAN_LENGTHS.get(text[:2]) != len(text):
        return False
    if text[:2] in _NUMERIC and not text[2:].isdigit():
        return False
    return int((text[4:] + text[:4]).translate(_BASE36)) % 97 == 1


_BASE36 = str.maketrans({chr(55 + value): str(value) for value in range(10, 36)})
"""Letters count as 10 to 35."""


def same(digits: str) -> bool:
    """One digit repeated."""
    return len(set(digits)) == 1


_NUMERIC = frozenset(
    {
        "AE", "AT", "BA", "BE", "CR", "CZ", "DE", "DK", "EE", "ES", "FI", "HR", "HU", "IL",
        "IS", "LT", "LY", "ME", "MN", "NO", "PL", "PT", "RS", "SE", "SI", "SK", "TL", "TN",
        "VA", "XK",
    }
)  # fmt: skip
"""Countries whose accounts have digits only."""
IBAN_LENGTHS = {
    country: int(length)
    for country, length in (
        pair.split(":")
        for pair in [
            "AD:24",
            "AE:23",
            "AL:28",
            "AT:20",
            "AZ:28",
            "BA:20",
            "BE:16",
            "BG:22",
            "BH:22",
            "BI:27",
            "BR:29",
            "BY:28",
            "CH:21",
            "CR:22",
            "CY:28",
            "CZ:24",
            "DE:22",
            "DJ:27",
            "DK:18",
            "DO:28",
            "EE:20",
            "EG:29",
            "ES:24",
            "FI:18",
            "FK:18",
            "FO:18",
            "FR:27",
            "GB:22",
            "GE:22",
            "GI:23",
            "GL:18",
            "GR:27",
            "GT:28",
            "HN:28",
            "HR:21",
            "HU:28",
            "IE:22",
            "IL:23",
            "IQ:23",
            "IS:26",
            "IT:27",
            "JO:30",
            "KW:30",
            "KZ:20",
            "LB:28",
            "LC:32",
            "LI:21",
            "LT:20",
            "LU:20",
            "LV:21",
            "LY:25",
            "MC:27",
            "MD:24",
            "ME:22",
            "MK:19",
            "MN:20",
            "MR:27",
            "MT:31",
            "MU:30",
            "NI:28",
            "NL:18",
            "NO:15",
            "OM:23",
            "PK:24",
            "PL:28",
            "PS:29",
            "PT:25",
            "QA:29",
            "RO:24",
            "RS:22",
            "RU:33",
            "SA:24",
            "SC:31",
            "SD:18",
            "SE:24",
            "SI:19",
            "SK:24",
            "SM:27",
            "SO:23",
            "ST:25",
            "SV:28",
            "TL:23",
            "TN:24",
            "TR:26",
            "UA:29",
            "VA:22",
            "VG:24",
            "XK:20",
            "YE:30",
        ]
    )
}

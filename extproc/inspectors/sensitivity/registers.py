"""Check digits and structures of national registers. Values are upper case, without separators."""

from __future__ import annotations

from extproc.inspectors.sensitivity.checksums import luhn, same, weighted

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"
_ODD = dict(zip(_BASE36, (
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
), strict=True))  # fmt: skip
"""Italy: what a character on an odd place counts for."""
_OMOCODIA = str.maketrans("LMNPQRSTUV", "0123456789")
_MONTHS = "ABCDEHLMPRST"


def de_tax_id(digits: str) -> bool:
    """Germany: eleven digits, ISO 7064 mod 11,10; of the first ten one comes twice or thrice."""
    counts = sorted(digits[:10].count(digit) for digit in set(digits[:10]))
    if digits[0] == "0" or counts[-1] not in {2, 3} or (len(counts) > 1 and counts[-2] > 1):
        return False
    product = 10
    for digit in digits[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def de_social_security(value: str) -> bool:
    """Germany: area, birth date, a letter, serial, check digit."""
    if not (1 <= int(value[2:4]) <= 31 and 1 <= int(value[4:6]) <= 12 and int(value[:2]) >= 2):
        return False
    digits = value[:8] + f"{ord(value[8]) - 64:02d}" + value[9:11]
    weights = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(
        sum(divmod(int(digit) * weight, 10)) for digit, weight in zip(digits, weights, strict=True)
    )
    return total % 10 == int(value[11])


def icao(value: str) -> bool:
    """Machine-readable documents: weights 7, 3, 1, the last character checks the others."""
    if len(value) != 10 or not value[-1].isdigit():
        return False
    total = sum(_BASE36.index(char) * (7, 3, 1)[place % 3] for place, char in enumerate(value[:-1]))
    return total % 10 == int(value[-1])


def de_document(value: str) -> bool:
    """Germany: nine characters that hold digits and a letter, or ten with the check digit."""
    mixed = sum(char.isdigit() for char in value) >= 3 and any(char.isalpha() for char in value)
    return mixed and (len(value) == 9 or icao(value))


def fr_nir(value: str) -> bool:
    """France: sex, year, month, department, commune, order, and a key modulo 97."""
    number = value[:13].replace("2A", "19").replace("2B", "18")
    if not number.isdigit() or value[0] not in "12" or same(number):
        return False
    month = int(number[3:5])
    known = 1 <= month <= 12 or 20 <= month <= 42 or 50 <= month <= 99
    return known and number[5:7] != "00" and 97 - int(number) % 97 == int(value[13:])


def it_fiscal_code(value: str) -> bool:
    """Italy: name, date, place, and a check letter; digits may be written as letters."""
    digits = (value[6:8] + value[9:11] + value[12:15]).translate(_OMOCODIA)
    if not digits.isdigit() or value[8] not in _MONTHS:
        return False
    day = int(digits[2:4])
    if not (1 <= day <= 31 or 41 <= day <= 71):
        return False
    odd = sum(_ODD[char] for char in value[:15:2])
    even = sum(int(char) if char.isdigit() else ord(char) - 65 for char in value[1:15:2])
    return chr((odd + even) % 26 + 65) == value[15]


def es_nif(value: str) -> bool:
    """Spain: eight digits and the letter that their remainder by 23 names."""
    return _DNI[int(value[:-1]) % 23] == value[-1]


def es_nie(value: str) -> bool:
    """Spain, foreigners: X, Y or Z counts as 0, 1 or 2."""
    return es_nif(str("XYZ".index(value[0])) + value[1:])


def pl_pesel(digits: str) -> bool:
    """Poland: birth date with the century in the month, serial, check digit."""
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    return weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def ro_cnp(digits: str) -> bool:
    """Romania: sex and century, birth date, county, serial, modulus 11."""
    month, day, county = int(digits[3:5]), int(digits[5:7]), int(digits[7:9])
    if digits[0] == "0" or not (1 <= month <= 12 and 1 <= day <= 31 and 1 <= county <= 52):
        return False
    check = weighted(digits[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return (1 if check == 10 else check) == int(digits[12])


def au_medicare(digits: str) -> bool:
    """Australia: 2 to 6 first, weights 1, 3, 7, 9, then issue and perhaps the person's number."""
    total = weighted(digits[:8], (1, 3, 7, 9, 1, 3, 7, 9))
    return digits[0] in "23456" and total % 10 == int(digits[8]) and digits[9] != "0"


def us_npi(digits: str) -> bool:
    """United States, health providers: Luhn with the issuer 80840 before it."""
    return digits[0] in "12" and luhn("80840" + digits) and not same(digits[1:])


def dea(value: str) -> bool:
    """United States, prescribers: two letters, then seven digits of which the last checks."""
    digits = [int(char) for char in value[2:]]
    return (sum(digits[:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]


def in_gstin(value: str) -> bool:
    """India: state, permanent account number, and a check character in base 36."""
    if not 1 <= int(value[:2]) <= 38 and value[:2] not in {"97", "99"}:
        return False
    total = sum(
        sum(divmod(_BASE36.index(char) * (1 + place % 2), 36))
        for place, char in enumerate(value[:14])
    )
    return _BASE36[-total % 36] == value[14]


def swift(value: str) -> bool:
    """Bank identifiers: the fifth and sixth letter name a country."""
    return value[4:6] in COUNTRIES and value not in _OF_FORMS


_OF_FORMS = frozenset(
    [
        "CUSTOMER",
        "DOCUMENT",
        "BUSINESS",
        "DOMESTIC",
        "CHECKING",
        "CONTINUE",
        "BENEFICIARY",
        "TRANSACTION",
        "INSTITUTION",
        "INVESTMENTS",
        "DESTINATION",
        "INSTRUCTION",
        "INSTITUTIONS",
        "DIRECTOR",
        "BRANCHES",
        "ATTENTION",
        "RESIDENT",
        "STATEMENT",
    ]
)
"""Words in capitals whose fifth and sixth letter happen to."""
_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ "
    "CA CD CG CH CI CL CM CN CO CR CU CV CW CY CZ DE DK DO DZ EC EE EG ES ET FI FJ FR GA GB GE GH "
    "GI GM GN GR GT GY HK HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KR KW KY KZ LA LB "
    "LI LK LR LT LU LV LY MA MC MD ME MG MK ML MM MN MO MR MT MU MV MW MX MY MZ NA NE NG NI NL NO "
    "NP NZ OM PA PE PG PH PK PL PR PS PT PY QA RO RS RU RW SA SC SD SE SG SI SK SL SM SN SO SR SV "
    "SY SZ TD TG TH TJ TM TN TO TR TT TW TZ UA UG US UY UZ VE VG VN XK YE ZA ZM ZW"
)
COUNTRIES = frozenset(_COUNTRIES.split())

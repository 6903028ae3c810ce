"""Values that only the words before them give away: records, accounts, passports, birth dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from extproc.inspectors.sensitivity import checksums
from extproc.inspectors.sensitivity.columns import cells, heads
from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.plain import Plain

_GLUE = rb"[^0-9\n]{0,32}?\n?[^0-9\n]{0,12}?(?<![A-Za-z0-9])"
_END = rb"(?:(?=t[0-9]{2}:)|(?![A-Za-z0-9])(?![-/.][0-9]))"
_MONTH = (
    rb"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    rb"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ANY_MONTH = rb"[a-z\xe0-\xff?]{3,12}\.?"
"""Of any language, `?` for its letters: beside the word for birth no other word stands between a day and a year."""
_YEAR = rb"(?:19|20)[0-9]{2}"
_DATE = (
    rb"(" + _YEAR + rb" ?[-/.] ?[0-9]{1,2} ?[-/.] ?[0-9]{1,2}|[0-9]{1,2} ?[-/.] ?[0-9]{1,2} ?[-/.] ?(?:[0-9]{4}|"
    rb"[0-9]{2})|[0-9]{1,2}(?:st|nd|rd|th)?(?: of)?[ -]?" + _MONTH + rb",?[ -]?(?:[0-9]{4}|'?[0-9]{2})|"
    + _MONTH + rb" [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4}|"
    rb"[0-9]{1,2}(?:st|nd|rd|th|er|\.|\xba)?(?: of| de| d'| den)?[ -]" + _ANY_MONTH + rb"(?: de| del)?,?[ -]" + _YEAR + rb"|"
    + _YEAR + rb"[. ]{1,2}" + _ANY_MONTH + rb" [0-9]{1,2}\.?|" + _YEAR + rb" ?\? ?[0-9]{1,2} ?\? ?[0-9]{1,2} ?\?|"
    + _YEAR + rb"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])" + _YEAR + rb"|"
    rb"(?:0[1-9]|[12][0-9]|3[01]) (?:0[1-9]|1[0-2]) " + _YEAR + rb")"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """Values that nothing but the name of their column gives away."""

    type: str
    trigger: bytes
    """Within the name."""
    heading: re.Pattern[bytes]
    cell: re.Pattern[bytes]

    @property
    def types(self) -> frozenset[str]:
        return frozenset({self.type})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        more = _MORE_OF_IT.match(text.lower, end)
        end = more.end() if more else end
        if heads(text.body, end):
            for begin, stop in cells(text.body, start, end, self.heading):
                if self.cell.fullmatch(text.lower, begin, stop):
                    yield Match(self.type, begin, stop, 0.85)


_MORE_OF_IT = re.compile(rb"[ _-]?(?:date|day|of[ _-]birth|number|no\.?|nr)")
_BIRTH_COLUMN = Column(
    "DATE_OF_BIRTH",
    b"",
    re.compile(
        rb"(?i)(?:[a-z]{2,16}[ _-])?(?:date[ _-]?of[ _-]?birth|birth[ _-]?date|birth[ _-]?day|dob|"
        rb"date de naissance|fecha[ _]de[ _]nacimiento|geburtsdatum|geburtstag|data di nascita|data de nascimento|geboortedatum|"
        rb"f\xf8dselsdato|f\xf6delsedatum|birth|born)"
    ),
    re.compile(_DATE),
)
"""Its trigger is that of the words."""
COLUMNS: tuple[Column, ...] = (
    Column(
        "PHONE_NUMBER",
        rb"(?i)phone|\btel\b|mobile?\b|telefon",
        re.compile(
            rb"(?i)(?:home|work|cell|contact|customer|mobile)?[ _-]?(?:tele)?phone(?:[ _-]?(?:number|no\.?|nr))?|tel\.?|mobile?|telefon|telefono|t.l.phone"
        ),
        re.compile(rb"(?=(?:[^0-9]*[0-9]){7,15}[^0-9]*$)[+(]?[0-9][0-9 ()./-]{5,20}[0-9]"),
    ),
)


def _any(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Keyed:
    """A keyword, then within a few words a value of a certain form.

    `trigger` finds the last word of the keyword; `keyword` must end where the
    trigger does, and is matched backwards over a short window.
    """

    type: str
    trigger: bytes
    keyword: re.Pattern[bytes]
    value: re.Pattern[bytes]
    """Matched from the end of the trigger on; its first group is the entity."""
    score: float
    valid: Callable[[str], bool] = _any
    column: Column | None = None
    """Looked for where no value follows on the line."""
    reach: int = 40
    """How far before the trigger a keyword begins, in characters."""

    @property
    def types(self) -> frozenset[str]:
        return frozenset({self.type})

    def examine(self, text: Plain, start: int, end: int) -> Iterator[Match]:
        while end < len(text.body) and text.body[end : end + 1].isalpha() and end - start < 24:
            end += 1
        if not self.keyword.search(_head(text, start - self.reach, end)):
            return
        match = self.value.match(text.lower, end, end + 160)
        if match is None:
            if self.column is not None:
                yield from self.column.examine(text, start, end)
            return
        value = match[1].translate(None, b" -").decode("latin-1")
        if self.valid(value):
            yield Match(self.type, match.start(1), match.end(1), self.score, 99)


def _head(text: Plain, start: int, end: int) -> bytes:
    head = text.lower[max(0, start) : end]
    return head.replace(b"_", b" ")


def _keyword(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![a-z])(?:" + pattern + rb")$")


def _value(pattern: bytes, glue: bytes = _GLUE) -> re.Pattern[bytes]:
    return re.compile(b"(?:" + glue + b")" + pattern + _END)


def _has_digits(value: str) -> bool:
    return sum(char.isdigit() for char in value) >= 5


_RECORD = rb"((?=[a-z0-9-]{0,4}[0-9])[a-z]{0,4}-?[0-9]{5,12}(?:-[0-9]{1,6}){0,2}|[0-9]{2,3}(?:-[0-9]{2,4}){2})"
_NEAR = rb"[^0-9\n]{0,24}?(?<![A-Za-z0-9])"
_DAY = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]")
KEYED: tuple[Keyed, ...] = (
    Keyed(
        "MEDICAL_RECORD",
        rb"(?i)mrn|record|chart|patient|medicare|mbi|hospital",
        _keyword(
            rb"mrn|medical[\s-]?record|health[\s-]?record|patient[\s-]?record|chart|hospital|"
            rb"patient(?=$)|mbi"
        ),
        _value(
            _RECORD,
            rb"(?:s|'s)?[\s\"'_-]{0,3}(?:(?:number|no\.?|num|id|identifier|#|nr)[\s\"'.]{0,2})?"
            rb"[\s\"'>]{0,2}(?:is|was|:|=|#|\(|of)?[\s\"':=#(]{0,4}(?<![a-z0-9])",
        ),
        0.85,
        _has_digits,
    ),
    Keyed(
        "MEDICAL_RECORD",
        rb"(?i)icd|diagnosis|diagnoses|diagnosed|\bdx",
        _keyword(rb"icd|diagnos[ie]s|diagnosed|dx"),
        _value(
            rb"([a-tv-z][0-9][0-9ab](?:\.[0-9a-z]{1,4})?)",
            rb"(?:-?(?:9|10)(?:-?cm)?)?[^0-9\n]{0,40}?(?<![a-z0-9.])",
        ),
        0.8,
    ),
    Keyed(
        "MEDICAL_RECORD",
        rb"(?i)diagnosis|diagnoses|diagnosed|prognosis",
        _keyword(
            rb"(?:^|\n|[\"'*#.;,(]|primary|secondary|final|admitting|admission|discharge|working|"
            rb"differential|patient)\s*(?:diagnos[ie]s|prognosis)|"
            rb"(?:patient|he|she|i|mr\.? \w+|mrs\.? \w+|ms\.? \w+|mother|father|wife|husband|son|"
            rb"daughter|brother|sister|[a-z]+)\s(?:was|is|has been|had been|been|got)\s"
            rb"(?:recently |just |also |first )?diagnosed"
        ),
        re.compile(
            rb"(?:[\"']?\s*[:=]\s*[\"']?|\s+with\s+(?:an?\s+)?|\s+(?:is|was|of)\s+)"
            rb"([a-z][a-z0-9 \x27\xc0-\xff/-]{3,60}[a-z0-9])"
        ),
        0.7,
        lambda value: not re.search(r"tbd|none|pending|unknown|n/a|field|string|null", value),
    ),
    Keyed(
        "DATE_OF_BIRTH",
        rb"(?i)\bdob\b|d\.o\.b|birth|\bborn\b|birthday|birthdate|dateofbirth|\bb-?day\b|\bgeb(?:oren|urts[a-z]*)?\b|geburtsdatum|geburtstag|"
        rb"\bn\xe9e?|naissance|\bnacid[oa]\b|nacimiento|\bnaci\xf3|nascita|nascid[oa]|nascimento|geboortedatum|geboortedag|urodz|\bur\.|\bddn\b|"
        rb"\bf?nac\b|f\xf8d(?:t|d|sels|selsdato)|f\xf6d(?:d|else)|syntynyt|syntym\xe4|narozen|\bnar\.|n.scut|na.terii|sz\xfclet|do[?g]um|\blahir\b|\bro\?en|rojstva",
        _keyword(
            rb"dob|d\.o\.b|date\s?of\s?birth|birth\s?date|birth|born|birthday|"
            rb"b-?day|dateofbirth|geb|geboren[a-z]{0,2}|geburts[a-z]*|n\xe9e?|naissance|nacid[oa]|nacimiento|fecha (?:de )?nac|f\.? ?nac|naci\xf3|nascita|nascid[oa]|"
            rb"nascimento|geboorteda(?:tum|g)|urodz[a-z]*|ur\.|ddn|f\xf8d[a-z]+|f\xf6d[a-z]+|syntynyt|syntym\xe4[a-z]*|narozen[a-z]*|nar\.|"
            rb"n.scut[a-z]?|na.terii|sz\xfclet[a-z]*|do[?g]um|lahir|ro\?en[a-z]?|rojstva"
        ),
        _value(_DATE, rb"[ \t:*\"']{0,4}\r?\n[ \t*\"']{0,4}|[^0-9\n]{0,32}?(?<![a-z0-9])"),
        0.85,
        column=_BIRTH_COLUMN,
        reach=12,
    ),
    Keyed(
        "DATE_OF_BIRTH",
        rb"(?i)\bnat[oa]\b",
        _keyword(rb"nat[oa]"),
        _value(_DATE, rb"\s(?:(?:a|ad|in)\s[^0-9\n]{2,32}?\s)?(?:il|l')\s?"),
        0.85,
    ),
    Keyed(
        "MEDICAL_RECORD",
        rb"(?i)patienten?-?(?:nr|nummer|id|akte)|pati\xebntn|fallnummer|fall-?nr|aufnahmenummer|\bnhc\b|cl[i\xed]nica|\bipp\b|dossier|journalnummer|prontu[a\xe1]rio",
        _keyword(
            rb"patienten?-?(?:nr|nummer|id|akte)|pati\xebntnummer|pati\xebntnr|fallnummer|fall-?nr|aufnahmenummer|nhc|historia cl.nica|"
            rb"cartella clinica|(?:num.ro de|n\xb0) dossier|dossier (?:m.dical|patient)|ipp|journalnummer|prontu.rio"
        ),
        _value(
            _RECORD,
            rb"(?:\s(?:nr|no|num|n.mero|n.)\.?)?\.?[\s\"']{0,2}(?:ist|lautet|est|es|is|\xe8)?[\s\"':=#(]{0,4}(?<![a-z0-9])",
        ),
        0.85,
        _has_digits,
    ),
    Keyed(
        "UK_PASSPORT",
        rb"(?i)passport|passeport|reisepass|pasaporte|passaporto",
        _keyword(rb"passports?|passeport|reisepass|pasaporte|passaporto"),
        _value(
            rb"([0-9]{9}|[a-z]{2}[0-9]{7})(?=[ ,(/-]{1,3}(?:gbr|gb|uk|u\.k\.|british|united kingdom|hmpo)\b)",
            _NEAR,
        ),
        0.86,
    ),
    Keyed(
        "US_PASSPORT",
        rb"(?i)passport",
        _keyword(rb"passport|passports"),
        _value(rb"([a-z]?[0-9]{8,9})", _NEAR),
        0.8,
    ),
    Keyed(
        "UK_PASSPORT",
        rb"(?i)passport|document",
        _keyword(
            rb"(?:uk|gb|gbr|british|hmpo|u\.k\.|united kingdom)\s?(?:passport|passports|travel\s?document)"
        ),
        _value(rb"([0-9]{9}|[a-z]{2}[0-9]{7})", _NEAR),
        0.85,
    ),
    Keyed(
        "US_BANK_NUMBER",
        rb"(?i)account|acct|checking|savings",
        _keyword(
            rb"(?:bank|checking|savings|deposit|debit|my|his|her|their)\s*(?:account|acct)|"
            rb"account|acct|checking|savings"
        ),
        _value(
            rb"([0-9]{8,17}|[0-9]{3,5}[- ][0-9]{3,6}[- ][0-9]{2,6})",
            rb"(?:[\s_-](?:number|no\.?|num|#|nr))[^0-9\n]{0,16}?(?<![a-z0-9])|"
            rb"[\s\"']{0,2}[:#]\s?",
        ),
        0.7,
    ),
    Keyed(
        "US_BANK_NUMBER",
        rb"(?i)account|acct|checking|savings",
        _keyword(
            rb"(?:(?:bank|checking|savings|deposit|current|business|chequing|brokerage|escrow)\s(?:account|acct)|"
            rb"(?:my|her|his|their|our|your|the|this|to|into|from|of)\s(?:account|acct))"
        ),
        _value(rb"([0-9]{8,17})", rb"\s(?:is\s|was\s|ending\sin\s)?\(?"),
        0.6,
        lambda value: not _DAY.fullmatch(value),
    ),
    Keyed(
        "ABA_ROUTING_NUMBER",
        rb"(?i)routing|\baba\b|\brtn\b|transit",
        _keyword(rb"routing|aba|rtn|transit"),
        _value(rb"([0-9]{4}-?[0-9]{4}-?[0-9])", _NEAR),
        0.9,
        checksums.aba,
    ),
    Keyed(
        "US_DRIVER_LICENSE",
        rb"(?i)licen[cs]e|\bdl\b",
        _keyword(
            rb"driver'?s?'?\s?(?:driving\s)?licen[cs]e|driving\s?licen[cs]e|"
            rb"licen[cs]e\s?(?=$)|dl|driverslicense|driverlicense"
        ),
        _value(
            rb"([a-z]{0,3}[0-9][a-z0-9]{4,16}|[a-z]?[0-9]{3,4}-[0-9]{2,4}-[0-9]{2,6})",
            rb"[\s_-]?(?:number|no\.?|num|id|#|nr)[^0-9\n]{0,12}?(?<![a-z0-9])|\s?[:#]\s?",
        ),
        0.75,
        _has_digits,
    ),
    Keyed(
        "US_DRIVER_LICENSE",
        rb"(?i)licen[cs]e",
        _keyword(rb"(?:driver'?s?'?|driving)\s?licen[cs]e"),
        _value(
            rb"([a-z]{1,2}[0-9]{6,8}|[a-z][0-9]{3}-[0-9]{4}-[0-9]{4}|[a-z9]{5}[0-9]{6}[a-z9]{2}[a-z0-9]{3})",
            rb"\s(?:(?:number|no\.?|is)\s)?",
        ),
        0.7,
        _has_digits,
    ),
    Keyed(
        "US_DRIVER_LICENSE",
        rb"(?i)licen[cs]e|\bdl\b",
        _keyword(rb"(?:driver'?s?'?|driving)\s?licen[cs]e|\bdl"),
        _value(
            rb"([a-z]{0,2}[0-9]{6,13}|[a-z][0-9]{3}-[0-9]{3,4}-[0-9]{2}-[0-9]{3}-?[0-9]?|[a-z][0-9]{2,4}[- ][0-9]{3,5}[- ][0-9]{4,5})",
            rb"[\s,]{1,2}(?:card\s)?(?:number\s|no\.?\s)?(?:\(|is\s|was\s|with\s|as\s|of\s|[a-z]{2}\s)?\(?",
        ),
        0.65,
        _has_digits,
    ),
)

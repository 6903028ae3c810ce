"""Rows of our own: chats, forms, logs, tables, code and letters of many countries, written by hand.

Each line of `SENSITIVE` is one row; ``{TYPE}`` becomes a value of that type, made up with valid
check digits. Lines of `ORDINARY` hold what looks like an identifier and is none. Rules were not
tuned on these: a first run is what the documentation quotes.
"""

from __future__ import annotations

import json
import random
import re
import uuid
from collections.abc import Callable, Iterator, Sequence

from extproc.inspectors.sensitivity import checksums, registers

Rng = random.Random


def fill(rng: Rng, shape: str) -> str:
    """``9`` becomes a digit, ``A`` a capital, ``f`` a hexadecimal digit, where they are doubled or
    stand beside others: words keep theirs."""
    sets = {"9": "0123456789", "A": "ABCDEFGHJKLMNPRSTUVWXYZ", "f": "0123456789abcdef"}
    return re.sub("[9A]|f(?=f)|(?<=f)f", lambda one: rng.choice(sets[one[0]]), shape)


def until(rng: Rng, shape: str, valid: Callable[[str], bool]) -> str:
    """Random values of `shape` until one is valid without its separators."""
    while True:
        value = fill(rng, shape)
        if valid(re.sub(r"[ ./-]", "", value)):
            return value


def card(rng: Rng) -> str:
    return until(rng, rng.choice(["4999 9999 9999 9999", "5399-9999-9999-9999", "4999999999999999",
                                  "3799 999999 99999", "6011 9999 9999 9999", "5199999999999999"]),
                 checksums.card)  # fmt: skip


IBANS = ("DE99 9999 9999 9999 9999 99", "FR9999999999999999999999999",
         "ES99 9999 9999 9999 9999 9999", "PL99999999999999999999999999",
         "GB99AAAA99999999999999", "IT99A9999999999999999999999")  # fmt: skip


def iban(rng: Rng, shapes: Sequence[str] = IBANS) -> str:
    shape = rng.choice(shapes)
    body = fill(rng, shape[2:])
    told = shape[:2] + body.replace(" ", "")
    moved = told[4:] + told[:2] + "00"
    check = 98 - int("".join(str(int(char, 36)) for char in moved)) % 97
    return shape[:2] + f"{check:02d}" + body[2:]


def email(rng: Rng) -> str:
    first = rng.choice(
        ["maria.rossi", "j.smith", "anna_kowalska", "p-dupont", "li.wei88", "k.o'neil"]
    )
    return f"{first}@{rng.choice(['gmail.com', 'firma.de', 'univ-lyon.fr', 'mail.example.co.uk', 'proton.me', 'corp.io'])}"


def phone(rng: Rng) -> str:
    code, rest = rng.choice([
        ("+49 30 ", "99999999"), ("+33 6 ", "99 99 99 99"), ("+34 6", "99 999 999"),
        ("+39 3", "99 999 9999"), ("+48 6", "99 999 999"), ("+40 7", "99 999 999"),
        ("+44 7", "999 999999"), ("+91 98", "999 99999"), ("+1 (415) 2", "99-9999"),
        ("(212) 2", "99-9999"), ("646-2", "99-9999"), ("+1-303-2", "99-9999"), ("06 ", "99 99 99 99"),
        ("07", "999 999999"), ("+61 4", "99 999 999"), ("+1.702.2", "99.9999"), ("020 7", "999 9999"),
    ])  # fmt: skip
    return code + fill(rng, rest)


MAKE: dict[str, Callable[[Rng], str]] = {
    "CREDIT_CARD": card,
    "IBAN_CODE": iban,
    "EMAIL_ADDRESS": email,
    "PHONE_NUMBER": phone,
    "US_SSN": lambda r: until(r, "999-99-9999", checksums.ssn),
    "US_ITIN": lambda r: until(r, "999-99-9999", checksums.itin),
    "UK_NINO": lambda r: r.choice(["CB", "JG", "PX"]) + fill(r, r.choice([" 99 99 99 ", "999999"])) + "C",
    "UK_NHS": lambda r: until(r, r.choice(["999 999 9999", "9999999999"]), checksums.nhs),
    "DE_TAX_ID": lambda r: until(r, r.choice(["99 999 999 999", "99999999999"]), registers.de_tax_id),
    "FR_NIR": lambda r: until(r, r.choice(["1 99 05 75 999 999 99", "299129299999999"]), registers.fr_nir),
    "IT_FISCAL_CODE": lambda r: until(r, "AAAAAA99A19A999A", registers.it_fiscal_code),
    "ES_NIF": lambda r: until(r, r.choice(["99999999A", "99999999-A", "99.999.999-A"]), _nif),
    "ES_NIE": lambda r: until(r, r.choice(["X9999999A", "Y-9999999-A"]), _nie),
    "PL_PESEL": lambda r: until(r, "99099999999", registers.pl_pesel),
    "RO_CNP": lambda r: until(r, "1999999999999", registers.ro_cnp),
    "IN_AADHAAR": lambda r: until(r, r.choice(["9999 9999 9999", "999999999999"]), checksums.aadhaar),
    "IN_PAN": lambda r: fill(r, "AAAPA9999A"),
    "IN_GSTIN": lambda r: until(r, "27AAAPA9999A1Z9", registers.in_gstin),
    "IN_UPI": lambda r: r.choice(["rahul.k@okaxis", "9876501234@ybl", "meera@oksbi", "s.iyer@paytm"]),
    "CA_SIN": lambda r: until(r, "999 999 999", checksums.sin),
    "AU_TFN": lambda r: until(r, "999 999 999", checksums.tfn),
    "AU_MEDICARE": lambda r: until(r, "2999 99999 1", registers.au_medicare),
    "MEDICAL_RECORD": lambda r: fill(r, r.choice(["99999999", "MR-999999", "H9999999"])),
    "US_NPI": lambda r: until(r, "1999999999", registers.us_npi),
    "MEDICAL_LICENSE": lambda r: until(r, "BA9999999", registers.dea),
    "DATE_OF_BIRTH": lambda r: r.choice(["12/03/1980", "1975-11-02", "03.07.1991", "May 4, 1988",
                                         "21 August 1969", "7 Jan 2001"]),
    "IP_ADDRESS": lambda r: ".".join(str(r.randint(11, 220)) for _ in range(4)),
    "MAC_ADDRESS": lambda r: fill(r, r.choice(["a0:ff:ff:ff:ff:ff", "3c-ff-ff-ff-ff-ff"])),
    "US_PASSPORT": lambda r: fill(r, "599999999"),
    "US_DRIVER_LICENSE": lambda r: fill(r, r.choice(["D9999999", "A999-9999-9999"])),
    "US_BANK_NUMBER": lambda r: fill(r, "99999999999"),
    "ABA_ROUTING_NUMBER": lambda r: until(r, "021999999", checksums.aba),
    "SWIFT_CODE": lambda r: r.choice(["COBADEFFXXX", "BNPAFRPP", "CHASUS33", "PKOPPLPW"]),
    "CRYPTO": lambda r: r.choice(["1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
                                  "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
                                  "0x71C7656EC7ab88b098defB751B7401B5f6d8976F"]),
    "SECRET": lambda r: "".join(r.choice("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
                                for _ in range(36)),
    "STREET_ADDRESS": lambda r: r.choice([
        "742 Evergreen Road, Springfield, IL 62704", "18 Rue des Lilas, 69003 Lyon",
        "Lindenstra\u00dfe 44, 50674 K\u00f6ln", "Calle de Alcal\u00e1 120, 28009 Madrid",
        "Via Garibaldi 7, 20121 Milano", "5 Church Lane, York YO1 7AA",
        "1200 W Lake Street, Apt 9B, Chicago, IL 60607"]),
}  # fmt: skip


def _nif(value: str) -> bool:
    return value[-1] in "TRWAGMYFPDXBNJZSQVHLCKE" and registers.es_nif(value)


def _nie(value: str) -> bool:
    return value[-1] in "TRWAGMYFPDXBNJZSQVHLCKE" and registers.es_nie(value)


SENSITIVE = r"""
hey can u pls update my number to {PHONE_NUMBER}? the old one doesn't work anymore, thx - Tom
Customer: My email's {EMAIL_ADDRESS} and I was charged twice on {CREDIT_CARD}
Agent: Could you confirm the last digits? Customer: the whole card is {CREDIT_CARD}, exp 09/27, cvv 331
Bonjour, voici mon IBAN pour le virement : {IBAN_CODE}. Cordialement, Pierre
Bitte \u00fcberweisen Sie den Betrag auf {IBAN_CODE} (BIC {SWIFT_CODE}).
Meine Steuer-ID lautet {DE_TAX_ID}, ich wohne in der {STREET_ADDRESS}.
Steueridentifikationsnummer: {DE_TAX_ID}\nName: Schneider, Jutta\nTelefon: {PHONE_NUMBER}
Mon num\u00e9ro de s\u00e9curit\u00e9 sociale est le {FR_NIR}.
N\u00b0 s\u00e9cu : {FR_NIR}\nT\u00e9l. : {PHONE_NUMBER}\nAdresse : {STREET_ADDRESS}
Codice fiscale {IT_FISCAL_CODE}, residente in {STREET_ADDRESS}
Il mio CF \u00e8 {IT_FISCAL_CODE} e la mia mail {EMAIL_ADDRESS}
Mi DNI es {ES_NIF} y mi m\u00f3vil es {PHONE_NUMBER}
El solicitante, con NIE {ES_NIE}, reside en {STREET_ADDRESS}.
NIF: {ES_NIF} | IBAN: {IBAN_CODE}
Pacjent: Nowak Jan, PESEL {PL_PESEL}, tel. {PHONE_NUMBER}
Numer PESEL: {PL_PESEL}. Prosz\u0119 o kontakt na adres {EMAIL_ADDRESS}.
Subsemnatul Popescu Ion, CNP {RO_CNP}, domiciliat \u00een Cluj
Please find attached Form W-2 for SSN {US_SSN}.
{"employee": {"name": "Dana Fox", "ssn": "{US_SSN}", "dob": "{DATE_OF_BIRTH}", "phone": "{PHONE_NUMBER}"}}
<patient><mrn>{MEDICAL_RECORD}</mrn><email>{EMAIL_ADDRESS}</email></patient>
INSERT INTO customers (name, card, email) VALUES ('A. Berg', '{CREDIT_CARD}', '{EMAIL_ADDRESS}');
name,email,phone\nIngrid Dahl,{EMAIL_ADDRESS},{PHONE_NUMBER}
id;iban;betrag\n17;{IBAN_CODE};1.250,00
2024-06-11T08:22:17Z WARN auth failed for {EMAIL_ADDRESS} from {IP_ADDRESS}
sshd[2213]: Accepted publickey for deploy from {IP_ADDRESS} port 51022 ssh2
{IP_ADDRESS} - - [11/Jun/2024:08:22:17 +0000] "GET /index.html HTTP/1.1" 200 1043
dhcpd: DHCPACK on {IP_ADDRESS} to {MAC_ADDRESS} via eth0
Device with MAC {MAC_ADDRESS} keeps dropping off the wifi
The taxpayer's ITIN is {US_ITIN}; please amend the 1040.
NI number {UK_NINO}, start date next Monday
My National Insurance number: {UK_NINO}. Phone {PHONE_NUMBER}.
NHS number {UK_NHS}, referred by the GP on Tuesday
Patient NHS no. {UK_NHS} seen in clinic
Aadhaar: {IN_AADHAAR}, PAN: {IN_PAN}, send the refund to {IN_UPI}
kindly link my aadhaar card {IN_AADHAAR} with mobile {PHONE_NUMBER}
GSTIN of the supplier is {IN_GSTIN}, invoice attached
Pay via UPI {IN_UPI} before Friday
my social insurance number is {CA_SIN}, I moved to Toronto last year
TFN: {AU_TFN}; Medicare card {AU_MEDICARE}
Medicare number {AU_MEDICARE} is on the referral
MRN: {MEDICAL_RECORD}. 54 y/o male presents with chest pain. DOB {DATE_OF_BIRTH}.
Medical record number {MEDICAL_RECORD}; discharged in stable condition
Prescriber DEA {MEDICAL_LICENSE}, NPI {US_NPI}
Rendering provider NPI: {US_NPI}
She was born on {DATE_OF_BIRTH} in Leeds.
date_of_birth: {DATE_OF_BIRTH}
D.O.B.: {DATE_OF_BIRTH}  Sex: F
Wire to account number {US_BANK_NUMBER}, routing number {ABA_ROUTING_NUMBER}
Routing: {ABA_ROUTING_NUMBER}\nChecking account #: {US_BANK_NUMBER}
passport number {US_PASSPORT} expires 2029
Driver's license number: {US_DRIVER_LICENSE}, state CA
DL# {US_DRIVER_LICENSE}
Send 0.05 BTC to {CRYPTO} please
donations: {CRYPTO}
export OPENAI_API_KEY="{SECRET}"
api_secret: {SECRET}
curl -H "Authorization: Bearer {SECRET}" https://api.internal.io/v2/users
    DB_PASSWORD = '{SECRET}'  # rotate me
Ship it to {STREET_ADDRESS} by Thursday
Our new office address is {STREET_ADDRESS}.
Deliver to: {STREET_ADDRESS}
call me back at {PHONE_NUMBER} after 5pm
Tel: {PHONE_NUMBER} | Fax: {PHONE_NUMBER}
WhatsApp {PHONE_NUMBER} or write to {EMAIL_ADDRESS}
"contact": {"mobile": "{PHONE_NUMBER}", "alt": "{PHONE_NUMBER}"}
Mi tel\u00e9fono: {PHONE_NUMBER}
Ruf mich unter {PHONE_NUMBER} an
t\u00e9l {PHONE_NUMBER} (bureau)
Cell {PHONE_NUMBER}, home {PHONE_NUMBER}
From: {EMAIL_ADDRESS}\nTo: {EMAIL_ADDRESS}\nSubject: lunch
Reply-To: <{EMAIL_ADDRESS}>
see mailto:{EMAIL_ADDRESS}?subject=hi
payment_method: visa {CREDIT_CARD} billing zip 94110
Card no {CREDIT_CARD} was declined, try {CREDIT_CARD} instead
{CREDIT_CARD}
{IBAN_CODE}
{EMAIL_ADDRESS}
| card | {CREDIT_CARD} |
- SSN: {US_SSN}\n- Email: {EMAIL_ADDRESS}\n- Cell: {PHONE_NUMBER}
The server at {IP_ADDRESS}:8443 refuses connections
ping {IP_ADDRESS} times out, gateway is {IP_ADDRESS}
Employee ID 4471, SSN {US_SSN}, salary 84,000
tool result: {"customer": {"email": "{EMAIL_ADDRESS}", "iban": "{IBAN_CODE}"}}
"""

ORDINARY = r"""
Order 4471-2231-9920-1187 shipped on 2024-06-11, tracking 1Z999AA10123456784
Your parcel 00340434161094042557 is out for delivery
Invoice INV-2024-004471 over 1,250.00 EUR is due on 15/07/2024
Ticket 5520193847 was closed by the bot
Error code 0x80070057 at address 0x7ffdf3a1
commit 9fceb02d0ae598e95dc970b74767f19372d61af8 fixes #4471
sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
request_id=550e8400-e29b-41d4-a716-446655440000 took 214 ms
ETag: "33a64df551425fcc55e4d42a148795d9f25f89d4"
pip install numpy==1.26.4 torch==2.3.1 requests==2.32.3
Chrome/126.0.6478.127 Safari/537.36
node v20.11.1, npm 10.2.4, openssl 3.0.13.1
The meeting is at 10:30 on 2024-06-11 in room 4.21
Between 1990 and 2023 the population grew from 5,327,803,110 to 8,045,311,447
pi is 3.14159265358979323846 and e is 2.71828182845904523536
ISBN 978-3-16-148410-0 and ISSN 2049-3630
EAN 4006381333931, SKU 8847-2210-55
lat 48.858370, lon 2.294481
x = [1024, 2048, 4096, 8192]; y = [0.1, 0.25, 0.5]
const TIMEOUT_MS = 1718093537123;
{"ts": 1718093537, "level": 30, "pid": 22134, "msg": "listening"}
for (let i = 0; i < 1000000; i++) sum += i * 31;
SELECT count(*) FROM orders WHERE id BETWEEN 100000000 AND 200000000
Bring 2 eggs, 250 g of flour and 125 ml of milk; bake at 180 degrees for 35 minutes
The patient waited two hours, said the news report about hospital queues
Write a poem about a street in Paris in spring
The treaty of 1648 ended the Thirty Years' War
Please summarise the attached report in three bullet points
What is the capital of Romania, and how many people live there?
Use the placeholder your-api-key-here in the config: API_KEY=your-api-key-here
password: ********
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
token = os.environ["TOKEN"]
Set Authorization: Bearer <token> on each request
git clone git@github.com:acme/widgets.git && cd widgets
@media (max-width: 600px) { .card { padding: 12px 16px 12px 16px } }
The model scored 0.8731 on MMLU and 71.5 on HumanEval
Flight LH 441 departs at 13:25 from gate B42, seat 27K
Part number 7C2-13-4471-B fits the 2019 model
Serial: SN-8832-1190-4471
license: Apache-2.0, version 4.4.0-rc.2
Kubernetes pod web-7d9c6b5f4-x2x9p restarted 14 times
127.0.0.1 localhost and 0.0.0.0 are special; netmask 255.255.255.0
ping to localhost: icmp_seq=1 ttl=64 time=0.031 ms
Revenue was $12,345,678.90 in Q2, up 4.5 % from $11,814,046.79
The score was 21-17, 19-21, 15-12
arXiv:2310.06825, doi:10.1000/182
Bus 42 leaves every 15 minutes; line 6 runs until 00:30
RGB(120, 200, 255) or #78C8FF
Case no. 2024-CV-004471 was heard on 3 June 2024
Batch 20240611-0042, lot 88321, expires 2026-06
Reference: RF18 5390 0754 7034 is on the slip
lorem ipsum dolor sit amet 1234567890 consectetur
def area(r): return 3.141592653 * r ** 2
The GDPR (EU) 2016/679 applies; see article 6(1)(f)
UTC offset +02:00, epoch 1718093537
"Please hold" is all I heard for 45 minutes
uuid: 123e4567-e89b-12d3-a456-426614174000, version: 7
MAC and cheese for 4 people
My birthday party is in June, bring a friend
How do I validate a credit card number with the Luhn algorithm in Python?
Explain how an IBAN is structured
What does an SSN look like?
"""


def rows(seed: int, times: int = 4) -> Iterator[dict]:
    """Each sensitive line `times` times with other values, each ordinary line once."""
    rng = random.Random(seed)
    for line in _lines(SENSITIVE):
        for _ in range(times):
            text, spans, at = "", [], 0
            for match in re.finditer(r"\{([A-Z_]{4,})\}", line):
                text += line[at : match.start()]
                value = MAKE[match[1]](rng)
                spans.append({"type": match[1], "start": len(text), "end": len(text) + len(value)})
                text += value
                at = match.end()
            yield {"text": text + line[at:], "spans": spans, "sensitive": True}
    for line in _lines(ORDINARY):
        yield {"text": line, "spans": [], "sensitive": False}


def _lines(block: str) -> Iterator[str]:
    for line in block.strip().splitlines():
        escaped = re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), line)
        yield escaped.replace("\\n", "\n")


def look_alikes(seed: int, count: int = 1_000) -> Iterator[str]:
    """Order numbers, UUIDs, versions, hashes, timestamps and code, with random values."""
    rng = random.Random(seed)
    shapes = [
        "order 9999-9999-9999-9999", "Order no. 999-9999999-9999999", "order #9999999999",
        "release 99.9.99.9", "v9.99.9-rc.9", "build 99999.9999.99", "sha1 " + "f" * 40,
        "digest " + "f" * 64, "commit fffffff", "epoch 1799999999", "ts=1799999999999",
        "2024-06-19T19:99:99.999999Z", "id = 999999999", "x[999][999] = 0.99999999",
        "return 99999999999 % 9973", "page 999 of 9999", "AAA-9999-AAA", "SKU AA9999999",
        "part 99-9999-9999", "invoice 99999999999", "case 999-99-9999", "serial A9999999A",
        "lot 9999 9999 9999", "ref AA99 9999 9999", "#ffffff", "IMG_20249999_999999.jpg",
    ]  # fmt: skip
    for _ in range(count):
        if rng.random() < 0.1:
            yield f"trace {uuid.UUID(int=rng.getrandbits(128))}"
        else:
            yield fill(rng, rng.choice(shapes))


if __name__ == "__main__":
    for row in rows(0):
        print(json.dumps(row, ensure_ascii=False))

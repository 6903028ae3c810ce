"""Rows over all entity types, written after the rules were; scored once before anything was changed.

Each line is one template; ``{TYPE}`` becomes a value of that type with valid check digits, in
forms that ``own.py`` partly lacks. See ``unseen.py`` for what the figures mean.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from own import MAKE as OWN
from own import fill, iban, until

from extproc.inspectors.sensitivity import checksums, registers

Rng = random.Random


def _phone(rng: Rng) -> str:
    code, rest = rng.choice([
        ("+49 (0)89 ", "9999999"), ("+33 1 4", "9 99 99 99"), ("+1 917 5", "99 9999"), ("+351 91", "9 999 999"),
        ("+31 6 ", "99999999"), ("+46 70 ", "999 99 99"), ("+420 60", "9 999 999"), ("+52 55 ", "9999 9999"),
        ("+55 11 9", "9999-9999"), ("+81 90-", "9999-9999"), ("+65 9", "999 9999"), ("+27 82 ", "999 9999"),
        ("(503) 5", "99-9999"), ("720.5", "99.9999"), ("+1-212-6", "99-9999"), ("0044 20 7", "999 9999"),
        ("+919", "999999999"), ("+4917", "999999999"),
    ])  # fmt: skip
    return code + fill(rng, rest)


def _card(rng: Rng) -> str:
    shapes = ["4999999999999999", "5299 9999 9999 9999", "3499-999999-99999", "6599999999999999",
              "2299 9999 9999 9999", "4999-9999-9999-9999"]  # fmt: skip
    return until(rng, rng.choice(shapes), checksums.card)


IBANS = ("NL99AAAA9999999999", "AT99 9999 9999 9999 9999", "BE99 9999 9999 9999",
         "CH99 9999 9999 9999 9999 9", "DE99999999999999999999",
         "FR99 9999 9999 9999 9999 9999 999", "SE9999999999999999999999",
         "RO99AAAA9999999999999999", "IE99AAAA99999999999999")  # fmt: skip


def _six(rng: Rng) -> str:
    return "2001:db8:" + ":".join(f"{rng.getrandbits(16):x}" for _ in range(6))


MAKE: dict[str, Callable[[Rng], str]] = OWN | {
    "PHONE_NUMBER": _phone,
    "CREDIT_CARD": _card,
    "IBAN_CODE": lambda r: iban(r, IBANS),
    "EMAIL_ADDRESS": lambda r: r.choice(["s.okafor+news", "hr", "m_lindqvist", "Beatriz.Souza", "x92.tran", "ceo-office"])
    + "@" + r.choice(["kommune.no", "acme-health.org", "mail.ru", "uni-heidelberg.de", "posteo.net", "sub.dept.example.edu"]),
    "IP_ADDRESS": lambda r: _six(r) if r.random() < 0.2 else ".".join(str(r.randint(11, 220)) for _ in range(4)),
    "MAC_ADDRESS": lambda r: fill(r, r.choice(["b8:ff:ff:ff:ff:0f", "00-1c-ff-ff-ff-ff", "d4ff.ffff.ffff"])),
    "MEDICAL_RECORD": lambda r: fill(r, r.choice(["9999999", "MRN9999999", "99-99-9999", "E99999999"])),
    "DATE_OF_BIRTH": lambda r: r.choice(["1962-07-30", "30/07/1962", "Jul 30, 1962", "30.07.1962", "30 July 1962",
                                         "07-30-62", "3rd March 1999"]),
    "US_PASSPORT": lambda r: fill(r, r.choice(["499999999", "A99999999"])),
    "UK_PASSPORT": lambda r: fill(r, "599999999"),
    "US_DRIVER_LICENSE": lambda r: fill(r, r.choice(["D9999999", "99999999", "S999-9999-9999", "AA999999"])),
    "US_BANK_NUMBER": lambda r: fill(r, r.choice(["999999999999", "9999999999", "00099999999"])),
    "US_ITIN": lambda r: until(r, r.choice(["999-99-9999", "999 99 9999"]), checksums.itin),
    "US_SSN": lambda r: until(r, r.choice(["999-99-9999", "999-99-9999", "999 99 9999"]), checksums.ssn),
    "DE_SOCIAL_SECURITY": lambda r: until(r, r.choice(["15 070649 A 999", "65170839A999"]), registers.de_social_security),
    "DE_ID_CARD": lambda r: "L" + until(r, r.choice(["9F9H4K99", "9T0P9N99", "2C9Z9R99"]), lambda v: registers.de_document("L" + v)),
    "IN_VOTER": lambda r: fill(r, "AAA9999999"),
    "US_MBI": lambda r: "1EG4-TE5-MK" + fill(r, "99"),
    "SWIFT_CODE": lambda r: r.choice(["DEUTDEFF500", "INGBNL2A", "UNCRITMM", "NDEASESS", "BOFAUS3N"]),
    "CRYPTO": lambda r: r.choice(["3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
                                  "0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]),
    "STREET_ADDRESS": lambda r: r.choice([
        "88 Orchard Lane, Bristol BS1 5TY", "4021 SE Division Street, Portland, OR 97202", "12 bis avenue Foch, 54000 Nancy",
        "Bahnhofstra\u00dfe 7, 80335 M\u00fcnchen", "Calle Serrano 45, 28001 Madrid", "Via Roma 12, 10121 Torino",
        "ul. D\u0142uga 15, 00-238 Warszawa", "P.O. Box 4410, Anchorage, AK 99501", "17 Wattle Crescent, Perth WA 6000",
        "221 King Street West, Toronto, ON M5H 1K5"]),
}  # fmt: skip

TEMPLATES = r"""
Forwarding the claim: policyholder reachable on {PHONE_NUMBER} or {EMAIL_ADDRESS}, refund goes to {IBAN_CODE}.
{"applicant":{"given":"Ines","ssn":"{US_SSN}","birthDate":"{DATE_OF_BIRTH}","address":"{STREET_ADDRESS}"}}
Could you check why the payment with {CREDIT_CARD} bounced twice this morning?
pan={CREDIT_CARD}&exp=0528&amount=49.90&currency=EUR
customer_id,email,mobile,iban\n80021,{EMAIL_ADDRESS},{PHONE_NUMBER},{IBAN_CODE}
Guest checkout | visa {CREDIT_CARD} | ship to {STREET_ADDRESS}
[2025-03-02 11:04:55] INFO login ok user={EMAIL_ADDRESS} ip={IP_ADDRESS} ua="Mozilla/5.0"
Mar  2 11:04:55 gw01 kernel: DROP IN=eth0 SRC={IP_ADDRESS} DST={IP_ADDRESS} PROTO=TCP DPT=22
arp -a shows {IP_ADDRESS} at {MAC_ADDRESS} on en0
Printer (MAC {MAC_ADDRESS}) got a new lease: {IP_ADDRESS}
traceroute to {IP_ADDRESS}, 30 hops max
Mijn rekeningnummer is {IBAN_CODE} en u kunt mij bellen op {PHONE_NUMBER}.
Prosz\u0119 o zwrot na konto {IBAN_CODE}, m\u00f3j PESEL to {PL_PESEL}
Klientka (PESEL: {PL_PESEL}) prosi o zmian\u0119 adresu na {STREET_ADDRESS}
Buongiorno, il codice fiscale di mia moglie \u00e8 {IT_FISCAL_CODE}.
{"cliente": "Rossi", "codice_fiscale": "{IT_FISCAL_CODE}", "telefono": "{PHONE_NUMBER}"}
Sehr geehrte Damen und Herren, meine Steuer-Identifikationsnummer {DE_TAX_ID} hat sich nicht ge\u00e4ndert.
Steuer-ID;Name\n{DE_TAX_ID};Weber, Anke
Rentenversicherungsnummer {DE_SOCIAL_SECURITY} bitte in die Akte aufnehmen
SV-Nummer: {DE_SOCIAL_SECURITY}, Eintritt 01.04.
Personalausweis-Nr. {DE_ID_CARD}, g\u00fcltig bis 2031
Le NIR de la patiente : {FR_NIR}, mutuelle \u00e0 jour.
num\u00e9ro de s\u00e9curit\u00e9 sociale;{FR_NIR}
Buenas, mi DNI {ES_NIF} caduca en mayo, mi direcci\u00f3n sigue siendo {STREET_ADDRESS}
Trabajador con NIE {ES_NIE} y cuenta {IBAN_CODE}
dni={ES_NIF};tel={PHONE_NUMBER};correo={EMAIL_ADDRESS}
Angajatul are CNP-ul {RO_CNP} \u0219i contul {IBAN_CODE}
CNP: {RO_CNP}; email: {EMAIL_ADDRESS}
Please verify SSN {US_SSN} against the credit bureau record
SSN/TIN on file: {US_SSN}
my social is {US_SSN}, dont share it pls
W-7 approved, ITIN {US_ITIN} assigned to spouse
ITIN: {US_ITIN} | filing status: MFJ
Traveller holds US passport no. {US_PASSPORT}, boarding at 07:15
passport_number: {US_PASSPORT}
British passport {UK_PASSPORT} was scanned at the desk
Renter showed driver license {US_DRIVER_LICENSE} at pickup
"driver_license_number": "{US_DRIVER_LICENSE}", "state": "WA"
Driver's License No: {US_DRIVER_LICENSE}
Employee NINO: {UK_NINO}, tax code 1257L
P45 received, National Insurance no {UK_NINO}
{"nhs_number": "{UK_NHS}", "gp": "Dr Lowe"}
The letter quotes NHS No: {UK_NHS} and DOB {DATE_OF_BIRTH}
Aadhaar card no. {IN_AADHAAR} submitted for KYC
{"aadhaar":"{IN_AADHAAR}","pan":"{IN_PAN}","mobile":"{PHONE_NUMBER}"}
mera PAN {IN_PAN} hai aur UPI {IN_UPI} hai, refund bhej do
Supplier GSTIN {IN_GSTIN}, HSN 8471
Tax invoice issued by GST number {IN_GSTIN}
Voter ID (EPIC): {IN_VOTER}
Collect Rs 450 from {IN_UPI} via UPI
SIN {CA_SIN} is needed for the T4 slip
Num\u00e9ro d'assurance sociale : {CA_SIN}
Super fund wants the tax file number {AU_TFN}
Medicare card number {AU_MEDICARE}, IRN 2
Pt MRN {MEDICAL_RECORD}, admitted with sepsis, next of kin {PHONE_NUMBER}
"patient_id_type":"MRN","mrn":"{MEDICAL_RECORD}","dob":"{DATE_OF_BIRTH}"
Chart number: {MEDICAL_RECORD}
Claim billed under NPI {US_NPI}, Medicare beneficiary {US_MBI}
provider_npi,{US_NPI}
DEA number {MEDICAL_LICENSE} printed on the script
Medicare ID: {US_MBI}
Birth date: {DATE_OF_BIRTH}; place of birth: Leiden
Kid was born {DATE_OF_BIRTH}, so the discount applies
dob,{DATE_OF_BIRTH}
ACH: routing # {ABA_ROUTING_NUMBER}, account # {US_BANK_NUMBER}
{"routing_number": "{ABA_ROUTING_NUMBER}", "account_number": "{US_BANK_NUMBER}"}
Please wire to bank account number {US_BANK_NUMBER}
SWIFT: {SWIFT_CODE}, beneficiary bank as above
BIC/SWIFT code {SWIFT_CODE} IBAN {IBAN_CODE}
withdraw everything to {CRYPTO}
wallet: "{CRYPTO}"
Mon adresse est {STREET_ADDRESS}, interphone 12.
The courier left it at {STREET_ADDRESS}.
Return address\n{STREET_ADDRESS}
To: {EMAIL_ADDRESS}\nCc: {EMAIL_ADDRESS}\nSubject: Re: onboarding\n\nCall me on {PHONE_NUMBER}.
<td>{EMAIL_ADDRESS}</td><td>{PHONE_NUMBER}</td>
fax {PHONE_NUMBER}
Meu celular: {PHONE_NUMBER}
UPDATE users SET phone='{PHONE_NUMBER}', email='{EMAIL_ADDRESS}' WHERE id=4;
tool_call arguments: {"to": "{PHONE_NUMBER}", "body": "see you at six"}
contact: {EMAIL_ADDRESS} / {PHONE_NUMBER} / {STREET_ADDRESS}
"""
"""Written on the forms that people, programs and offices use; one line each."""

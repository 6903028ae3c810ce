"""Rows over all entity types in contexts of their own; see ``unseen.py`` for how rows are made.

Each line is one template; ``{TYPE}`` becomes a value made by ``unseen_entities.MAKE``. The last
lines have no hole: their numbers only look like one.
"""

from __future__ import annotations

TEMPLATES = r"""
Delivery note for the courier: ring twice at {STREET_ADDRESS}, otherwise call {PHONE_NUMBER}.
BEGIN:VCARD\nVERSION:3.0\nFN:Rosa Tiel\nTEL;TYPE=CELL:{PHONE_NUMBER}\nEMAIL:{EMAIL_ADDRESS}\nBDAY:{DATE_OF_BIRTH}\nEND:VCARD
From: Rosa Tiel <{EMAIL_ADDRESS}>\nTo: billing <{EMAIL_ADDRESS}>\nSubject: wrong card\n\nYou still have the old number on file, the new one is {CREDIT_CARD}.
<payment><pan>{CREDIT_CARD}</pan><iban>{IBAN_CODE}</iban><bic>{SWIFT_CODE}</bic></payment>
Is {CREDIT_CARD} a debit or a credit card? The terminal in the shop refused it.
Standing order to {IBAN_CODE} every first of the month, reference "garage".
mandate renewed for {EMAIL_ADDRESS}; collection from {IBAN_CODE} starts on the 5th
Bonjour, merci de rembourser sur {IBAN_CODE} ; je suis joignable au {PHONE_NUMBER}.
Kan ik het bedrag terugkrijgen op {IBAN_CODE}? Ik woon op {STREET_ADDRESS}.
taxpayer.ssn={US_SSN}\ntaxpayer.dob={DATE_OF_BIRTH}\nspouse.ssn={US_SSN}
The background check needs your Social Security number, mine was {US_SSN} on the form, and a driver's license ({US_DRIVER_LICENSE}).
Line 7 of the I-9: passport number {US_PASSPORT}, issued by the United States.
The nonresident spouse was assigned the ITIN {US_ITIN} in 2018.
Medicare beneficiary identifier: {US_MBI}; effective date part B 01/2024
| provider | npi | dea |\n|---|---|---|\n| Dr Fenn | {US_NPI} | {MEDICAL_LICENSE} |
Which one is the routing number? My cheque says {ABA_ROUTING_NUMBER} on the left and then the account number {US_BANK_NUMBER}.
Please debit checking account {US_BANK_NUMBER} for the dues.
HMCTS form, applicant's NI number {UK_NINO}, UK passport {UK_PASSPORT}, lives at {STREET_ADDRESS}
GP letter: NHS number {UK_NHS}, d.o.b. {DATE_OF_BIRTH}, seen in the breathlessness clinic.
{"hospital_no": "{MEDICAL_RECORD}", "nhs_number": "{UK_NHS}", "ward": "7 North"}
Chart review, medical record number {MEDICAL_RECORD}: no change since the last scan.
Hi payroll, my tax file number is {AU_TFN} and my Medicare card reads {AU_MEDICARE}.
T4 slip, social insurance number {CA_SIN}, box 14 is wrong.
Aadhaar: {IN_AADHAAR}\nPAN: {IN_PAN}\nVoter ID: {IN_VOTER}
Invoice from Meera Textiles, GSTIN {IN_GSTIN}; pay to UPI id {IN_UPI} or call {PHONE_NUMBER}
pls send the rent to {IN_UPI} today itself
kyc[{"doc":"voter_id","no":"{IN_VOTER}"},{"doc":"pan","no":"{IN_PAN}"}]
Meine Steuernummer f\u00fcr den Minijob: IdNr. {DE_TAX_ID}, Sozialversicherungsnummer {DE_SOCIAL_SECURITY}.
Ausweisnummer {DE_ID_CARD} | geboren am {DATE_OF_BIRTH} | wohnhaft {STREET_ADDRESS}
Num\u00e9ro de s\u00e9curit\u00e9 sociale : {FR_NIR} - courriel : {EMAIL_ADDRESS}
L'assur\u00e9 {FR_NIR} conteste l'indu, voir pi\u00e8ce 4.
El arrendatario, con NIE {ES_NIE}, y la avalista, con DNI {ES_NIF}, firman en Sevilla.
alta_socio(nif="{ES_NIF}", telefono="{PHONE_NUMBER}", iban="{IBAN_CODE}")
Il sottoscritto, C.F. {IT_FISCAL_CODE}, residente in {STREET_ADDRESS}, delega la sorella.
Numer PESEL dziecka to {PL_PESEL}, prosz\u0119 o dopisanie do listy.
Subsemnatul, CNP {RO_CNP}, solicit eliberarea adeverin\u021bei; telefon {PHONE_NUMBER}.
deny from {IP_ADDRESS};\nallow from {IP_ADDRESS};\ndeny all;
{"ts":1751450000,"client_ip":"{IP_ADDRESS}","mac":"{MAC_ADDRESS}","rssi":-61}
host laptop-rosa {\n  hardware ethernet {MAC_ADDRESS};\n  fixed-address {IP_ADDRESS};\n}
The kid's tablet, {MAC_ADDRESS}, should lose Wi-Fi after nine.
Withdraw everything to {CRYPTO} and confirm to {EMAIL_ADDRESS}.
Ransom note demands two coins to the wallet {CRYPTO} by Sunday.
Telex copy: pay via {SWIFT_CODE} in favour of account {IBAN_CODE}, charges shared.
client = Ledger(user="rosa", api_key="{SECRET}")
The new admin password is {SECRET}, tell nobody; questions to {PHONE_NUMBER}
export LEDGER_TOKEN={SECRET}\nssh ops@{IP_ADDRESS}
Camp registration: child born {DATE_OF_BIRTH}, emergency contact {PHONE_NUMBER}, allergies none.
Tracking number 1Z 999 AA1 01 2345 6784, two parcels, left with a neighbour at 14:20.
ISBN 978-0-306-40615-7 and ISSN 0317-8471 are both out of print.
The build 10.0.19045.4529 fixes the printer bug; KB5039211 is not needed.
Ticket 555-12-03 moved to sprint 2025-26, story points 8, epic 4410.
Score 21-19-7, set 2 of 3, court 14, match 2025070114.
The chapter runs from page 1204 to 1288; see also figures 12.3.4 and 12.3.5.
order=4000123412341235A qty=12 sku=DE-7781-44-B warehouse=3
Z\u00e4hlerstand 004418.7 kWh, Z\u00e4hlernummer 1 EMH00 1234 5678, Ablesung am 31.12.2024
Facture n\u00b0 2025-0188-442, 3 lignes, 1 204,50 euros, \u00e9ch\u00e9ance 30/09/2025
pi = 3.14159265358979, e = 2.71828182845905, avogadro 6.02214076e23
epoch 1719830400 to 1751366400, step 86400, 365 points
lat/long grid of the weather model: 0.25 x 0.25 degrees, 1440 x 721 cells
Model XR-449-20-1187 replaces XR-449-20-1186, torque 120 Nm, 2,000 rpm
Sonata K. 545, BWV 1007, Op. 27 No. 2, bars 112-118, tempo 72
grep -c ERROR app.log.2025-07-02 printed 48211; yesterday it was 39004
El expediente 2024/118/00412 consta de 88 folios y 3 anexos.
"""

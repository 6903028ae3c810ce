"""Rows with structured entities, and rows without any: the third blind hand, read by nobody who tunes a rule.

One row a line, ``\\n`` a line end. ``{TYPE}`` is a hole for a value, ``{TYPE=text}`` is that value itself.
"""

from __future__ import annotations

TEMPLATES = r"""
can u ring the piano tuner pls, {PHONE_NUMBER=0161 555 0172}, he only picks up after six
Kontakt: Tove Brink, {EMAIL_ADDRESS=tove.brink+jobs@kommune.example}, mobil {PHONE_NUMBER=+45 61 99 04 28}
Fattura intestata a {IT_FISCAL_CODE}, da inviare a {EMAIL_ADDRESS=amministrazione@pastificio-lodi.example} entro il 30.
The scholarship goes to the account {IBAN_CODE} and not to the old one.
\u00dcberweisung an IBAN {IBAN_CODE}, BIC {SWIFT_CODE=COBADEFFXXX}, Verwendungszweck Miete Mai
virement re\u00e7u de {IBAN_CODE} le 3, montant 640,00
Betaal maar op {IBAN_CODE}, dan geef ik je de sleutel op {STREET_ADDRESS=Prinsengracht 1104, 1017 JK Amsterdam}
ingreso en {IBAN_CODE} a nombre de la comunidad de vecinos, NIF del presidente {ES_NIF}
Prosz\u0119 o zwrot kaucji na rachunek {IBAN_CODE}. M\u00f3j PESEL to {PL_PESEL}.
acct_iban={IBAN_CODE}&amount=1250.00&ccy=CHF
Swedish supplier, IBAN {IBAN_CODE}, please set up before the run on Thursday
Transfer\u00eancia para {IBAN_CODE} agendada; recibo para {EMAIL_ADDRESS=rui.teles@condominio.example}
Beneficiary bank {SWIFT_CODE=NDEADKKK}, account {IBAN_CODE}, charges shared
MT103 :57A:{SWIFT_CODE=BKAUATWW} :59:/{IBAN_CODE}
card on file {CREDIT_CARD} expired 04/26, new one {CREDIT_CARD} exp 05/30
My Amex is {CREDIT_CARD} and the four digits on the front are worn off
POS,2026-08-17 19:22,{CREDIT_CARD},48.20,APPROVED
charge it to {CREDIT_CARD} then, said my boss, and I wrote it on the pizza box
{"payer":{"pan":"{CREDIT_CARD}","email":"{EMAIL_ADDRESS=lotta.k@kvarn.example}"}}
\u00bfPor qu\u00e9 rechazan mi Visa {CREDIT_CARD} en la gasolinera y no en el supermercado?
SSN on the death certificate: {US_SSN}. The one on the policy is {US_SSN}.
emp,ssn,state\nHolt,{US_SSN},OH\nBarba,{US_SSN},TX
she read her social out loud in the waiting room, {US_SSN}, everybody could hear it
Box 1 of the 1042-S shows the recipient's ITIN {US_ITIN}.
W-7 renewal, previous number {US_ITIN}, expired because it was not used for three years
Passport book no. {US_PASSPORT}, issue date 12 MAR 2022, place of birth Guam
My old US passport was {US_PASSPORT}, is it enough for the consular report of birth?
NY driver license {US_DRIVER_LICENSE} suspended for an unpaid ticket in Yonkers
DL# {US_DRIVER_LICENSE} (Florida), class E, organ donor
California DL {US_DRIVER_LICENSE} was held up to the camera upside down
Direct deposit form: routing number {ABA_ROUTING_NUMBER}, account number {US_BANK_NUMBER}, checking
wire to ABA {ABA_ROUTING_NUMBER} for further credit to account {US_BANK_NUMBER}
The voided check shows {ABA_ROUTING_NUMBER} as the routing number, that is the credit union's.
Patient has traditional Medicare, MBI {US_MBI}, no part D
eligibility check 270 for MBI {US_MBI} rejected: birthdate mismatch, sent {DATE_OF_BIRTH=1947-03-22}
Referring provider NPI {US_NPI}; rendering provider NPI {US_NPI}
Pharmacist on duty asks for the prescriber's DEA number: {MEDICAL_LICENSE}
Dr. Amadi, DEA {MEDICAL_LICENSE}, NPI {US_NPI}, fax {PHONE_NUMBER=(312) 555-0139}
MRN {MEDICAL_RECORD} and MRN {MEDICAL_RECORD} are the same person, merge the charts
Aufnahme: Patientennr. {MEDICAL_RECORD}, geb. {DATE_OF_BIRTH=17.06.1958}, Station 3B
Hospital number {MEDICAL_RECORD}, NHS number {UK_NHS}, next of kin {PHONE_NUMBER=01632 960 774}
nhs no {UK_NHS} thats for the flu jab
The letter from the clinic quotes NHS Number: {UK_NHS}. Mine ends differently.
NI number {UK_NINO}, starting Monday, tax code to follow
nino:{UK_NINO} p45:attached
British passport {UK_PASSPORT}, expires in November, trip in December
Right to work check: UK passport number {UK_PASSPORT}, NI {UK_NINO}, address {STREET_ADDRESS=12a Mill Brow, Kendal LA9 4QD}
TFN {AU_TFN} was quoted to the bank before the interest was paid
My tax file number's {AU_TFN}, the accountant wrote one digit wrong
Bulk billed, Medicare card number {AU_MEDICARE}, ref 2, Parramatta
medicare no: {AU_MEDICARE} exp 08/2028
SIN {CA_SIN} shows up on two T4s from employers I've never heard of
Num\u00e9ro d'assurance sociale : {CA_SIN}, pour le relev\u00e9 d'emploi
son NAS {CA_SIN}, sa date de naissance {DATE_OF_BIRTH=le 9 janvier 1981}
Aadhaar no {IN_AADHAAR} linked to mobile {PHONE_NUMBER=+91 99300 15528}
uidai otp nahi aa raha, aadhaar {IN_AADHAAR} hai
PAN of the deductee {IN_PAN}, TDS 10 percent, section 194J
Seller GSTIN: {IN_GSTIN}  Buyer GSTIN: {IN_GSTIN}
pay me on {IN_UPI=farida.tailor@ybl} or cash when you come for the blouse
refund to UPI {IN_UPI=kabir9920@paytm}, not to the card
Name missing from the roll, EPIC number {IN_VOTER}, ward 14
voter card {IN_VOTER} has my father's photo on it
Steuer-ID {DE_TAX_ID}, bitte f\u00fcr den neuen Arbeitgeber vormerken
IdNr {DE_TAX_ID} / Veranlagungszeitraum 2025 / Kind 2
Laut Rentenbescheid habe ich die Versicherungsnummer {DE_SOCIAL_SECURITY}.
SV-Nummer: {DE_SOCIAL_SECURITY}; Krankenkasse: wechselt zum 1.1.
Personalausweis {DE_ID_CARD}, g\u00fcltig bis 03.2031, Augenfarbe grau
Beim Abholen des Pakets wollte man meine Ausweisnummer {DE_ID_CARD} aufschreiben, darf die Post das?
NIR de l'enfant : {FR_NIR}, rattach\u00e9 aux deux parents
n\u00b0 s\u00e9cu {FR_NIR} svp v\u00e9rifier les droits
S\u00e9curit\u00e9 sociale {FR_NIR}, n\u00e9e le {DATE_OF_BIRTH=4 mars 1990}, demeurant {STREET_ADDRESS=18 bis rue des Tanneurs, 37000 Tours}
DNI {ES_NIF} y NIE {ES_NIE}, los dos firman el contrato
El arrendatario, con NIE {ES_NIE}, se compromete a no tener perros.
codice fiscale del minore: {IT_FISCAL_CODE}; il padre firma in segreteria
Pesel dziecka {PL_PESEL}, szczepienie w czwartek o 9:40
CNP {RO_CNP}, domiciliat \u00een {STREET_ADDRESS=Str. Teiului nr. 14, Cluj-Napoca}
Titularul contului are CNP-ul {RO_CNP} \u0219i telefonul {PHONE_NUMBER=+40 722 555 018}.
born {DATE_OF_BIRTH=7 Oct 1993} in Halifax, moved to {STREET_ADDRESS=4410 Juniper Street, Apt 7, Boise, ID 83704} at nine
DOB: {DATE_OF_BIRTH=11/30/1985} / sex F / blood group B neg
date_of_birth,postcode\n{DATE_OF_BIRTH=1969-12-05},8200
f\u00f8dselsdato {DATE_OF_BIRTH=23.02.1977}, bosat {STREET_ADDRESS=Engvej 31, 5230 Odense M}
My birth date is {DATE_OF_BIRTH=May 19th, 2001} but the ticket says 1991.
Send the keys to {STREET_ADDRESS=1600 Bay Laurel Drive, Menlo Park, CA 94025}, attn. the doorman.
Onze nieuwe bewoner zit op {STREET_ADDRESS=Kerkstraat 212 bus 4, 2060 Antwerpen}, bel {PHONE_NUMBER=0471 55 50 36}
Livraison au {STREET_ADDRESS=97 avenue de la R\u00e9publique, 69160 Tassin-la-Demi-Lune}, digicode {SECRET=47B19}
Enviar a {STREET_ADDRESS=Calle Mayor 58, 3.\u00ba izq., 31001 Pamplona}; portero autom\u00e1tico estropeado
Ship to: {STREET_ADDRESS=Unit 9, 77 Wattle Grove, Geelong VIC 3220}, leave behind the bins
Der Notdienst soll nach {STREET_ADDRESS=Hafenweg 12, 24103 Kiel} kommen, R\u00fcckruf unter {PHONE_NUMBER=0431 555 0126}
{PHONE_NUMBER=+1 (212) 555-0183} called twice, wants the file back
tel:{PHONE_NUMBER=+442079460518};ext=33
numer {PHONE_NUMBER=+48 512 555 904} jest zaj\u0119ty od rana
Rufen Sie Frau Heidrich zur\u00fcck: {PHONE_NUMBER=0171/5550146}.
Mi m\u00f3vil nuevo es el {PHONE_NUMBER=655 550 127}, borra el otro.
wa.me link for the plumber {PHONE_NUMBER=+5511955501234} he is in Sao Paulo though
\u96fb\u8a71 {PHONE_NUMBER=090-5550-1287} \u307e\u3067\u304a\u9858\u3044\u3057\u307e\u3059
first.last format, so it should be {EMAIL_ADDRESS=siobhan.ohanlon@dept.university.example}
Reply-To: "Hauke" <{EMAIL_ADDRESS=hauke@deichbau.example}>
mailto:{EMAIL_ADDRESS=yrsa_77@skyr.example}?subject=sauna
cc {EMAIL_ADDRESS=b.n.achebe@lawchambers.example}, bcc {EMAIL_ADDRESS=clerk@lawchambers.example} please
Last login from {IP_ADDRESS}, before that from {IP_ADDRESS}, I only own one laptop
deny tcp host {IP_ADDRESS} any eq 22 log
X-Forwarded-For: {IP_ADDRESS}
AAAA record of my home server: {IP_ADDRESS}
{IP_ADDRESS} - - [17/Aug/2026:06:02:11 +0200] "GET /wp-login.php HTTP/1.1" 404 153
whitelist the till, MAC {MAC_ADDRESS}, on the guest network
arp -a\n? ({IP_ADDRESS}) at {MAC_ADDRESS} on en0 ifscope [ethernet]
show mac address-table | inc {MAC_ADDRESS}
DHCP lease for {MAC_ADDRESS}, hostname annas-phone
I sent it to {CRYPTO} by mistake, can a bitcoin transfer be undone
donations: btc {CRYPTO} / eth {CRYPTO}
The scammer's wallet was {CRYPTO}; I've told the police.
Admin login for the kiosk: kiosk / {SECRET=Taubenschlag_5}, keep the cable in.
printer web page user admin password {SECRET=Rhubarb-Fool9}, address list attached
POSTGRES_PASSWORD={SECRET=nebel.Horn-7719} was printed in the build log at 06:02
Lease signed by {EMAIL_ADDRESS=oskar.rehn@bostad.example}, id {DE_ID_CARD}, first rent from {IBAN_CODE}
my pan card {IN_PAN} has a typo in the father's name, how to correct it online
Both children are on one policy: {DATE_OF_BIRTH=3.4.2015} and {DATE_OF_BIRTH=28.11.2018}, contact {EMAIL_ADDRESS=familie.moser@alpenpost.example}
pin code {SECRET=2290} for the bike shed, ring {PHONE_NUMBER=+43 660 555 0911} if it jams
CSV: name,swift,iban\nKoskela,{SWIFT_CODE=OKOYFIHH},{IBAN_CODE}
Passenger 2: passport {US_PASSPORT}, d.o.b. {DATE_OF_BIRTH=02 JUN 1972}; passenger 3: passport {UK_PASSPORT} (GBR), d.o.b. {DATE_OF_BIRTH=30 JAN 1975}
Article number 4024-8817-3305-9921 is sold out in blue, try 4024-8817-3305-9922.
tracking 1Z 999 AA1 01 2345 6784 has been sitting in K\u00f6ln since Tuesday
Container MSKU 907032-3 was loaded on the 14th, seal 0048817.
The ISBN 978-0-306-40615-7 belongs to a chemistry book, ISSN 2049-3630 to a journal.
EAN 4006381333931, pack of ten, pallet of 480
Engine no. 11194-4417706, VIN plate missing, mileage 211,408
IMEI of the demo phone isn't printed on the box, only the model SM-A546B/DS.
Build 10.0.22631.4460, kernel 6.8.0-45-generic, driver 31.0.101.5590
The server listens on 127.0.0.1:8080 and on 0.0.0.0 in the container.
Private ranges are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16.
Set the netmask to 255.255.255.0 and leave the gateway empty.
Section 12.4.1.3 of the standard replaces 12.4.1.2.
OID 1.3.6.1.4.1.311.21.8 marks a certificate template.
The broadcast address of Ethernet is ff:ff:ff:ff:ff:ff.
At 12:34:56 the race clock stopped, the winner's time was 02:17:44.
color: #4a90e2; border-color: #e24a90; --shade: 0x1f2937
Emergency numbers: 112 in Europe, 911 in the US, 000 in Australia.
Dial 1 for sales, 2 for service, or stay on the line.
Between 1985 and 2003 the herd shrank from 4,417,000 to 1,206,500 animals.
On 14 July 1789 the crowd stormed the fortress; on 4 August the privileges fell.
The contract runs from 01.01.2026 to 31.12.2028 and is extended by a year.
Best before 30/09/2027, lot L4471B, keep dry.
Founded on 3 May 1921, the club celebrates its birthday with a tournament.
The most famous address of detective stories did not exist when they were written.
Turn left on Main Street, walk past the bakery, and you're at the river.
Where is the White House and how many rooms does it have?
@override def render(self, ctx): return super().render(ctx)
npm i @types/node@22.5.4 @fenn/ui@3.1.0
git@github.com:fennbrook/ledger.git
The handle @tuesday_baker has forty thousand followers.
regexp for mail: [^@\s]+@[^@\s]+\.[a-z]{2,}
Use the format name (at) domain, we don't publish mail addresses here.
An IBAN has up to 34 characters and begins with the country, for example DE and two check digits.
What is the difference between BIC and IBAN?
A Social Security number has nine digits in the form AAA-GG-SSSS.
enter the card as 0000 0000 0000 0000 in the mock form
XXXX XXXX XXXX 4471 was charged
Card ending 0093, approved, auth code 771204
How does the Luhn algorithm find a single wrong digit?
The DNI letter is found by dividing by 23, says the textbook.
Order no. 302-8841176-0093355 from the web shop, invoice R-2026-004417
Flight AF1680, PNR QX7L2M, seat 14C, gate F23
Meter reading 48,211.7 kWh on day, 20,334.2 kWh at night
Bond DE0001102580 and share US0378331005 closed higher, the fund LU0274208692 did not.
LEI codes have twenty characters, and a company needs one to trade.
The patient count rose to 4,970,295 in the whole country.
Room 7, bed 2, ward 14, tray 3, spoon missing
sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709 is the hash of nothing
UUIDs such as 123e4567-e89b-12d3-a456-426614174000 are good for examples only
the value 0xdeadbeef marks freed memory, 0xcafebabe a Java class
Coordinates 55.6761, 12.5683; elevation 14 m; zoom 12
\u03c0 is about 3.14159265358979 and e about 2.71828182845905
Lotto: 4 17 23 31 38 44, bonus 9; joker 7 1 2 0 4
Opus 27 no. 2, K. 331, BWV 846, D 960
Chess: 1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6
Law of 12 March 2019, OJ L 130, p. 92, recital 47
Aktenzeichen 7 O 441/26, Streitwert 12.000 Euro, Termin am 4.11.
Postleitzahlen in Hamburg beginnen mit 20, 21 oder 22.
Le 36 15 \u00e9tait le num\u00e9ro du Minitel, pas d'une personne.
La norma UNE-EN 13501-1:2019 clasifica los materiales seg\u00fan su reacci\u00f3n al fuego.
timestamp 1790213311 is a Monday; 1790213311000 is the same in milliseconds
batch 20260817-004 of 25 kg, moisture 13.2, protein 11.9, ash 0.55
"""

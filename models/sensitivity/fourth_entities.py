"""Rows with structured entities, and rows without any: the fourth blind hand, read by nobody who tunes a rule.

One row a line, ``\n`` a line end. ``{TYPE}`` is a hole for a value, ``{TYPE=text}`` is that value itself.
"""

from __future__ import annotations

TEMPLATES = r"""
born {DATE_OF_BIRTH=the 4th of March 1991} in Cebu City, second of five
My daughter's birthday is {DATE_OF_BIRTH=12.10.2017}, is she old enough for the judo beginners?
He was born on {DATE_OF_BIRTH=7 Nov 1948}, so he turns eighty soon and wants no party.
Date of birth (dd/mm/yyyy): {DATE_OF_BIRTH=19/04/1983}
BIRTHDATE|{DATE_OF_BIRTH=19560228}|SEX|M|WARD|4C
"birth_date": "{DATE_OF_BIRTH=1999-12-01}", "nationality": "KE"
\u751f\u5e74\u6708\u65e5\uff1a{DATE_OF_BIRTH=1987\u5e746\u670815\u65e5}\n\u96fb\u8a71\u756a\u53f7\uff1a{PHONE_NUMBER=090-5550-1234}
\uc0dd\ub144\uc6d4\uc77c {DATE_OF_BIRTH=1994.08.23}, \uc5f0\ub77d\ucc98 {PHONE_NUMBER=010-5550-7712}
\u0414\u0430\u0442\u0430 \u0440\u043e\u0436\u0434\u0435\u043d\u0438\u044f: {DATE_OF_BIRTH=03.02.1976}, \u0442\u0435\u043b\u0435\u0444\u043e\u043d {PHONE_NUMBER=+7 495 555-01-38}
Do\u011fum tarihi {DATE_OF_BIRTH=21 May\u0131s 1969}, cep {PHONE_NUMBER=0532 555 01 47}
data de nascimento: {DATE_OF_BIRTH=08/09/2001}, celular {PHONE_NUMBER=(11) 95555-0148}
fecha de nac. {DATE_OF_BIRTH=14-feb-1972}; domicilio {STREET_ADDRESS=Av. Insurgentes Sur 1871, Col. Guadalupe Inn, 01020 Ciudad de M\u00e9xico}
syntynyt {DATE_OF_BIRTH=5.1.1990}, osoite {STREET_ADDRESS=H\u00e4meentie 48 B 17, 00500 Helsinki}
narozen {DATE_OF_BIRTH=30. 11. 1964}, bytem {STREET_ADDRESS=Korunn\u00ed 1208/74, 130 00 Praha 3}
urodzona {DATE_OF_BIRTH=2 maja 1958 r.}, PESEL {PL_PESEL}
n. {DATE_OF_BIRTH=17/08/1945} a Matera, residente in {STREET_ADDRESS=via Ridola 22, 75100 Matera}, C.F. {IT_FISCAL_CODE}
Geburtstag: {DATE_OF_BIRTH=9. September 1936}, Telefon {PHONE_NUMBER=0351 / 55 50 172}
n\u00e9e le {DATE_OF_BIRTH=1er avril 1962} \u00e0 Cayenne, n\u00b0 de s\u00e9cu {FR_NIR}
f\u00f8dt {DATE_OF_BIRTH=24. juni 2009}, m\u00e5 hentes av bestemor, tlf. {PHONE_NUMBER=22 55 01 63}
\u03b3\u03b5\u03bd\u03bd\u03ae\u03b8\u03b7\u03ba\u03b5 \u03c3\u03c4\u03b9\u03c2 {DATE_OF_BIRTH=11/07/1979}, \u03ba\u03b9\u03bd\u03b7\u03c4\u03cc {PHONE_NUMBER=697 555 0182}
geboren op {DATE_OF_BIRTH=6 december 1970}, woont {STREET_ADDRESS=Oude Gracht 219-bis, 3511 NK Utrecht}
D.O.B {DATE_OF_BIRTH=Sept. 3rd, 2004} - needs a guardian's signature until then
P1 Ndlovu T. dob {DATE_OF_BIRTH=12JUL88} / P2 Ndlovu A. dob {DATE_OF_BIRTH=03FEB15}
I'm a Leap Day baby, born {DATE_OF_BIRTH=February 29, 1980}, and your form won't take it
geb. am {DATE_OF_BIRTH=01.01.55} laut Ausweis, aber das ist nur gesch\u00e4tzt
call the skipper: {PHONE_NUMBER=+254 722 555 019}
Text me at {PHONE_NUMBER=415.555.0163} when you're at the gate
ph {PHONE_NUMBER=(03) 9555 0174} a/h {PHONE_NUMBER=0491 570 006}
WhatsApp: {PHONE_NUMBER=+55 21 98555-0192}, s\u00f3 mensagem, n\u00e3o ligo
tel:{PHONE_NUMBER=+3225550147};ext=12
\u05e8\u05e7 \u05d8\u05dc\u05e4\u05d5\u05df: {PHONE_NUMBER=052-555-0133}
\u0647\u0627\u062a\u0641 \u0627\u0644\u0645\u062d\u0644 {PHONE_NUMBER=+20 2 2555 0118}
my number changed, its {PHONE_NUMBER=0917 555 0146} now (globe)
{"from":"{PHONE_NUMBER=+12125550187}","to":"{PHONE_NUMBER=+6421555014}","body":"ok c u at 6","status":"delivered"}
Puhelin {PHONE_NUMBER=040 555 0129} (ma-pe), s\u00e4hk\u00f6posti {EMAIL_ADDRESS=talonmies@isannointi.example}
0049 is the prefix, then {PHONE_NUMBER=0049 30 5550 1937} reaches my desk
her landline {PHONE_NUMBER=020 7946 0853} rings out, try mobile {PHONE_NUMBER=07700 900 246}
fax: {PHONE_NUMBER=+81 3-5550-0142}, mark it for Ueda-san
S\u1ed1 \u0111i\u1ec7n tho\u1ea1i c\u1ee7a ch\u00fa T\u01b0: {PHONE_NUMBER=0903 555 017}
twelve missed calls from {PHONE_NUMBER=868-555-0190}, who is that in Trinidad?
deliver to {STREET_ADDRESS=14 Rimu Street, Aro Valley, Wellington 6021}, leave it with the goat
Pick-up point: {STREET_ADDRESS=2-11-3 Meguro, Meguro-ku, Tokyo 153-0063}, blue door
Entrega: {STREET_ADDRESS=Rua das Laranjeiras, 314 - apto 502, Rio de Janeiro - RJ, 22240-003} \u00e9 o endere\u00e7o do paciente
Bor: {STREET_ADDRESS=Storgata 19A, 9008 Troms\u00f8}. Ring p\u00e5 hos naboen.
{STREET_ADDRESS=Unit 7, 230 Boundary Rd, Bayswater VIC 3153} needs a new hot water system before Thursday
Ship to:\nImelda Reyes\n{STREET_ADDRESS=45 Mabini St., Brgy. San Roque, Marikina 1801}
Adresse: {STREET_ADDRESS=Chemin de la Fontaine 8, 1203 Gen\u00e8ve}; code postal v\u00e9rifi\u00e9
We moved from {STREET_ADDRESS=302 Willow Bend Dr, Apt 4C, Duluth, MN 55803} to {STREET_ADDRESS=PO Box 118, Cloquet, MN 55720} last fall
{STREET_ADDRESS=Atat\u00fcrk Cad. No: 57 D: 9, 35220 Konak/\u0130zmir} adresine kurye gelmedi
Lieferung bitte an {STREET_ADDRESS=Am Alten Hafen 3b, 26871 Papenburg}, Klingel defekt, anrufen unter {PHONE_NUMBER=04961 555 017}
1 pizza fungi, 1 cola zero -> {STREET_ADDRESS=ul. D\u0142uga 27 m. 6, 31-147 Krak\u00f3w}
address_line_1: {STREET_ADDRESS=88 Thika Road}\nphone: {PHONE_NUMBER=0733 555 041}
{STREET_ADDRESS=The Old Forge, Back Lane, Hutton-le-Hole YO62 6UA} is where the bees are
Lives at {STREET_ADDRESS=1220 Rue Saint-Zotique Est, app. 3, Montr\u00e9al (Qu\u00e9bec) H2S 1N7}, SIN {CA_SIN}
Casa: {STREET_ADDRESS=Calle San Bernardo 61, 3\u00ba izda., 28015 Madrid}. NIE {ES_NIE}.
{STREET_ADDRESS=Strada Lipscani nr. 33, ap. 12, 030032 Bucure\u0219ti}, CNP {RO_CNP}
Leveransadress {STREET_ADDRESS=Backav\u00e4gen 5, 352 47 V\u00e4xj\u00f6}, portkod l\u00e4mnas per sms
No 12 is wrong, she's at {STREET_ADDRESS=H.No. 8-2-293/82, Road No. 36, Jubilee Hills, Hyderabad 500033}
mail the keys to {STREET_ADDRESS=19 Ocean View Drive, Sea Point, Cape Town, 8005} c/o Thandi
ambulance to {STREET_ADDRESS=6 Larch Close, Cwmbran NP44 3QD}, caller on {PHONE_NUMBER=01632 960 218}
Invoice to {EMAIL_ADDRESS=crediteuren@zeilmakerij.example} and cc {EMAIL_ADDRESS=j.van.der.ploeg@zeilmakerij.example}
reply-to: Kaito <{EMAIL_ADDRESS=kaito_1998@docomail.example}>
mailto:{EMAIL_ADDRESS=obituaries@valley-gazette.example}?subject=Correction
From: {EMAIL_ADDRESS} To: {EMAIL_ADDRESS} Subject: mooring fees
Pagar a {IBAN_CODE}, titular la cofrad\u00eda, concepto "cirios"
nyt {IBAN_CODE}, viite 1009, er\u00e4p\u00e4iv\u00e4 perjantai
iban: {IBAN_CODE}\nbic: {SWIFT_CODE=ZKBKCHZZ80A}
Can I see from {IBAN_CODE} which branch it is, or is that only the bank code?
MT940 :25:{IBAN_CODE} :28C:00114/001
Refund the hostel guest to card {CREDIT_CARD}, cvv not stored
PAN={CREDIT_CARD};EXP=2811;AMT=000000004400;CUR=978
card no. {CREDIT_CARD} valid thru 09/29, put the kayak rental on it
\u30ab\u30fc\u30c9\u756a\u53f7 {CREDIT_CARD} \u3067\u6c7a\u6e08\u3067\u304d\u307e\u305b\u3093\u3067\u3057\u305f
Tarjeta {CREDIT_CARD} rechazada tres veces en la taquilla del museo
SSN: {US_SSN}\nSpouse SSN: {US_SSN}\nFiling status: MFJ
the old crew list from 1998 still shows {US_SSN} next to my name, please remove
ITIN letter CP565 gives {US_ITIN} for my wife
background check: DL {US_DRIVER_LICENSE} (CO), DOB {DATE_OF_BIRTH=04/22/1993}, no hits
passport {US_PASSPORT} (USA) boards at Keflavik, seat 31A
British passport number {UK_PASSPORT}, surname spelled with one t
NI no. {UK_NINO}, starts Monday in the fish hall, wellies size 9
National Insurance {UK_NINO} doesn't match the P45 you sent
NHS {UK_NHS} - refer to podiatry, housebound, {PHONE_NUMBER=(01632) 960 551}
SIN {CA_SIN} for the T4 of the summer student, please
num\u00e9ro d'assurance sociale {CA_SIN}, embauche le 3 juin
TFN {AU_TFN} given by phone, form to follow
Medicare {AU_MEDICARE} ref 3, bulk bill it
Aadhaar no. {IN_AADHAAR} is linked to the old mobile {PHONE_NUMBER=+91 94455 50132}
PAN: {IN_PAN} | GSTIN: {IN_GSTIN} | place of supply: Assam
EPIC {IN_VOTER}, booth 114, name struck off the roll
send the chit money on {IN_UPI=lakshmi.stores7@ybl} today itself
upi://pay?pa={IN_UPI=rickshaw.mohan@paytm}&am=120
DNI {ES_NIF} caducado, cita el martes en la comisar\u00eda
titular con NIE {ES_NIE}, hijo nacido el {DATE_OF_BIRTH=26/05/2019}
codice fiscale della nonna: {IT_FISCAL_CODE}
NIR {FR_NIR} \u2014 ayant droit, n\u00e9 le {DATE_OF_BIRTH=13-10-2011}
Steuer-ID {DE_TAX_ID}, Rentenversicherung {DE_SOCIAL_SECURITY}
Perso {DE_ID_CARD}, am Schalter vorgelegt, Foto passt nicht mehr
SV-Nummer {DE_SOCIAL_SECURITY} fehlt noch f\u00fcr den Minijob auf dem Weihnachtsmarkt
pesel klienta: {PL_PESEL}, tel. kom. {PHONE_NUMBER=512 555 018}
CNP {RO_CNP} nu apare \u00een registrul electoral
ABA {ABA_ROUTING_NUMBER} / acct {US_BANK_NUMBER} / savings / Lakota credit union
Routing: {ABA_ROUTING_NUMBER}\nChecking account: {US_BANK_NUMBER}\nPayee: County 4-H
NPI {US_NPI}, taxonomy 207Q00000X, practice in Gallup
prescriber DEA {MEDICAL_LICENSE} not on file at the mail-order pharmacy
Medicare beneficiary id {US_MBI}, wheelchair claim denied again
MRN: {MEDICAL_RECORD}  Bed: 7B  Diet: renal  Isolation: contact
chart {MEDICAL_RECORD}: left knee was scanned, order says right
medical record number {MEDICAL_RECORD} and dob {DATE_OF_BIRTH=30-Jun-1951} on the wristband
tip jar (btc): {CRYPTO}
pls send usdt to {CRYPTO} before he cancels the tickets
Nov 11 03:12:44 edge sshd[2210]: Accepted publickey for purser from {IP_ADDRESS} port 50122
{"ip":"{IP_ADDRESS}","ua":"okhttp/4.12","user":"{EMAIL_ADDRESS=nils.aho@saunaklubi.example}"}
DHCPACK on 10.1.1.54 to {MAC_ADDRESS} (Fatimas-tablet) via br0
banned {IP_ADDRESS} for scraping the tide tables, was that you?
block {MAC_ADDRESS} on the dorm wifi until the fine is paid
SWIFT {SWIFT_CODE=BOTKJPJT}, beneficiary account with the Shinjuku branch
BIC/SWIFT: {SWIFT_CODE=HABALT22}, IBAN {IBAN_CODE}, Vilnius office rent
Guest book: Aroha P., {EMAIL_ADDRESS=aroha.p@kiwinet.example}, {PHONE_NUMBER=021 555 0176}, born {DATE_OF_BIRTH=8th August 1996}, vegan
swimmer_id,name,birthdate,club\n204,Okoth,{DATE_OF_BIRTH=2011-03-09},Nyali\n205,Were,{DATE_OF_BIRTH=2012-11-30},Likoni
BEGIN:VCARD\nFN:Solveig Moe\nTEL;TYPE=CELL:{PHONE_NUMBER=+47 922 55 014}\nBDAY:{DATE_OF_BIRTH=1974-05-06}\nEND:VCARD
login purser, pass {SECRET=Halyard-9-Oak}, and the ship's phone is {PHONE_NUMBER=+870 773 555 012}
db password {SECRET=Barley_Moon.61} sent to {EMAIL_ADDRESS=it@brewery-pilsen.example}
Flight AY 1331 boards at 06:40, gate 22, row 17
The train from Kyoto leaves at 10:05 and reaches Kanazawa at 12:17.
Invoice 2026/004417 dated 03.09.2026, due 17.09.2026, total 1 204,50
Founded on 12 May 1903, the club moved to its present ground in 1958.
Mozart was baptised on 28 January 1756 in Salzburg.
The treaty was signed on 25 March 1957 and came into force on 1 January 1958.
Harvest began 14/08 and ended 02/09, 41.7 t per hectare
Deadline for entries: 30.11.2026, 23:59 CET
Meeting moved from 4/5 to 11/5, same room
Release 2026.04.12 fixes the printing of long names
Born to Run came out in August 1975 and still sounds good.
The panda cub was born last July and weighs nine kilos now.
hotfix 4.17.203.5 rolled out to 12 % of the fleet
127.0.0.1 localhost\n::1 localhost ip6-localhost
listen 0.0.0.0:9100, metrics path /metrics
netmask 255.255.248.0, mtu 1500
10.1.1.0/24 is the sauna, 10.1.2.0/24 the barn
Firmware v1.12.0.44 (build 20260114) for the milking robot
00:00:00 is midnight, 24:00:00 is the end of the day
Score by quarters 21-14 19-22 30-17 18-25
Hymns 441, 17 (v. 1-3), 902
Lap times 1:04.331 1:03.998 1:04.107
ISBN 978-3-16-148410-0, 3rd edition, hardcover
DOI 10.1038/s41586-020-2649-2
GTIN 00012345600012, case of 24
tracking RR123456785FI left Vantaa this morning
Flat head screw DIN 963 M4x16, pack of 200
NGC 4414 lies 62 million light years away, RA 12h 26m 27s
Coordinates 60.1699 N, 24.9384 E are in the market square.
asteroid (99942) Apophis passes on 13 April 2029
Part no. 5Q0-615-301-G replaces 1K0-615-301-AA
UN 1203, class 3, packing group II, tunnel code D/E
CAS 64-17-5 is ethanol, 67-56-1 is methanol
EN 12464-1:2021 asks for 500 lux on the desk
Article 9(2)(h), recital 53, and Annex III point 5
case C-311/18, paragraph 134
Psalm 119:105 and John 3:16-17
rev 88412, branch trunk, 412 files changed
Sum 4 417.20 + 3 % = 4 549.72
p = 0.0417, n = 1203, 95 % CI 1.04 to 1.88
tel. number format: +CC (AAA) NNN-NNNN
Call 112 if there is smoke, 116117 for a doctor at night
Short code 40404 stops the newsletter
Please enter your date of birth as DD/MM/YYYY.
The form asks for street, house number and postcode, in that order.
IBAN has up to 34 characters; the first two are the country.
A passport number in this country has two letters and seven digits.
user@host:~$ ls -la /var/spool
@kelpworks posted about the regatta, 2 200 likes
git@bitbucket.org:tatra/cableway.git
npm i @fontsource/inter@5.0.16
The house on the corner of the main street was painted green.
Turn left at the chapel, then 400 m to the quarry.
Highway 61 is closed between the two bridges until Friday.
Fifth Avenue was empty, and so was the park.
Zone 3 needs 12 mm of water, zone 4 needs none.
lot 0417 exp 2028-02, store below 8 \u00b0C
IMO bulk carrier, 82,000 dwt, built 2014 in Imabari
order #118-4417203-9 was sent in two boxes
CPU 7950X3D, board B650E, 2x32 GB DDR5-6000 CL30
pallets 17-204 to 17-231 go to dock 4
temperature -40 equals -40 in both scales
voyage 204W, ETA Busan 0600 LT, draft 11.4 m
"""

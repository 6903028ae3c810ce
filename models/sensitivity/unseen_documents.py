"""Documents that are sensitive or not, by hand; see ``unseen.py``.

One a line, holes as in ``unseen_entities.py`` and ``unseen_secrets.py``. The kinds that begin
with ``harmless`` are not sensitive; the stories are so for what they tell of a person, mostly
without any identifier.
"""

from __future__ import annotations

KINDS: dict[str, str] = {
    "identifiers": r"""
Hi team, please onboard our new colleague. She can be reached at {EMAIL_ADDRESS} or {PHONE_NUMBER}; her laptop goes to {STREET_ADDRESS}.
Incident 4471: the customer pasted card {CREDIT_CARD} into the chat. Purge the transcript and tell the bank.
Rental application\nApplicant SSN: {US_SSN}\nDate of birth: {DATE_OF_BIRTH}\nCurrent address: {STREET_ADDRESS}
Bitte erstatten Sie den Betrag von 149,90 EUR auf mein Konto {IBAN_CODE}. Bei R\u00fcckfragen: {PHONE_NUMBER}.
Bonjour, je vous envoie mon RIB : {IBAN_CODE}. Mon num\u00e9ro est le {PHONE_NUMBER}. Merci !
Log excerpt\n11:04:01 user={EMAIL_ADDRESS} action=export rows=4410\n11:04:09 user={EMAIL_ADDRESS} action=logout
KYC file: Aadhaar number {IN_AADHAAR}, PAN {IN_PAN}, mobile {PHONE_NUMBER}.
Discharge letter, MRN: {MEDICAL_RECORD}, DOB {DATE_OF_BIRTH}. Seen for follow-up after appendectomy, wound clean.
id,name,email\n1,A. Berg,{EMAIL_ADDRESS}\n2,C. Dahl,{EMAIL_ADDRESS}\n3,E. Falk,{EMAIL_ADDRESS}
Deployment notes: export DB_PASSWORD={pw} before running migrate, otherwise the job hangs.
The traffic came from {IP_ADDRESS} and {IP_ADDRESS}; block both at the edge and open a ticket with the ISP.
Visa interview tomorrow, passport number {US_PASSPORT}, bring the printed DS-160 confirmation.
Il paziente, codice fiscale {IT_FISCAL_CODE}, chiede copia della cartella clinica.
Subject: direct deposit\n\nRouting number {ABA_ROUTING_NUMBER}, account number {US_BANK_NUMBER}. Please start with the next payroll.
My son needs a new insurance card. Medicare card number {AU_MEDICARE}, we moved to {STREET_ADDRESS}.
Dear Sir or Madam, my National Insurance number is {UK_NINO} and I have not yet received my P60.
W zwi\u0105zku z reklamacj\u0105 podaj\u0119 dane: PESEL {PL_PESEL}, telefon {PHONE_NUMBER}.
Solicitud de alta: DNI {ES_NIF}, correo {EMAIL_ADDRESS}, domicilio {STREET_ADDRESS}.
{"event":"signup","email":"{EMAIL_ADDRESS}","phone":"{PHONE_NUMBER}","ip":"{IP_ADDRESS}"}
To whom it may concern: taxpayer identification for the spouse is ITIN {US_ITIN}. Enclosed is Form 1040-NR.
Here is the config that fails:\nhost: db01\nuser: app\npassword: "{pw}"\nCan you spot the mistake?
curl -H "Authorization: Bearer {url:64}" https://api.acme.io/v1/me returns 401 although the key is new
Wire the settlement to IBAN {IBAN_CODE}, BIC {SWIFT_CODE}, reference INV-2231.
Crypto donation page: please send to {CRYPTO} and mail the hash to {EMAIL_ADDRESS}.
Please translate into German: "My phone number has changed, it is now {PHONE_NUMBER}."
Fix the grammar: me adress is {STREET_ADDRESS} and i moving there in june
Patient NHS number {UK_NHS} was referred to cardiology; please book within two weeks.
Driver's license number: {US_DRIVER_LICENSE}. The other party's insurer wants a copy by Friday.
ACME_SLACK_TOKEN=xoxb-{num:12}-{num:13}-{b62:24} is in the repo since March, rotate it
Prescription renewal, prescriber DEA {MEDICAL_LICENSE}, NPI {US_NPI}, 30 tablets, no refills.
""",
    "salary": r"""
Maria Lindqvist earns 84,000 EUR base plus a 12% bonus; Tom Becker, same level, is at 71,500. We need to close that gap before the audit.
Salary review 2025\nOkafor, Samuel: current 92,400, proposed 97,000\nPetrov, Irina: current 88,000, proposed 88,000 (performance)
Confidential: Jonas Weber's annual salary will go up from $118,000 to $126,500 effective April 1, RSU grant of 400 units.
Offer letter for Priya Nair: base salary of GBP 68,000, sign-on bonus GBP 5,000, 28 days of holiday. Do not share with the team.
Payslip March: gross pay 4,812.50, tax 1,120.33, net pay 3,402.18, employee: Beatriz Souza
hey, between us: Karim makes 15k more than me for the same job, his contract says 79k a year. should I ask for a raise?
Comp table\nname,title,base,bonus\nA. Olsen,Engineer II,91000,9100\nR. Haddad,Engineer III,112000,14500
Das Bruttogehalt von Frau Schneider betr\u00e4gt 4.950 Euro monatlich, ab Juli sollen es 5.300 Euro sein.
Le salaire annuel brut de M. Durand est de 54 000 euros, hors prime de 3 000 euros.
El sueldo de Carmen Ruiz es de 2.150 euros netos al mes y pide una subida del 8 %.
""",
    "hr": r"""
Performance improvement plan for Daniel Roth: missed three deadlines, two written warnings on file. If there is no change by 30 June we terminate the contract.
Exit interview notes, Aisha Khan. She is leaving because of her manager's behaviour towards women in the team and is considering legal action.
Disciplinary hearing: Mr Novak admitted to having taken 40 hours of overtime that he did not work. The union representative was present.
Termination letter draft: Dear Laura, we regret to inform you that your employment ends on 31 August due to repeated absence without notice.
Please summarise: HR complaint by Elena Petrova against her team lead, alleging sexual harassment at the offsite on 12 May.
Candidate Marcus Webb failed the background check: undisclosed conviction for fraud in 2017. Withdraw the offer politely.
Abmahnung: Herr Kowalski ist am 3., 4. und 9. Mai unentschuldigt nicht zur Arbeit erschienen.
Parental leave request: Ms Tanaka is pregnant, due in November, and asks to keep it from her team until August.
Performance review of Yusuf Demir: rated 2 of 5, below expectations, not eligible for bonus. He is not aware yet.
Layoff list, do not forward: J. Park, S. Moreau, L. Fischer and the whole night shift. Announcement on Monday.
""",
    "medical": r"""
My brother Pavel was diagnosed with HIV last month and does not want our parents to know. How can I support him?
The patient, a 47-year-old woman, presented with chest pain and a history of type 2 diabetes; started on metformin 500 mg twice daily.
Dr Lowe, I have been taking sertraline 100 mg for my depression since March and want to stop because of the side effects.
Mrs Adeyemi's biopsy came back positive: stage II breast cancer. She will be told on Thursday.
Assessment: 34 y/o male, alcohol dependence, two prior detox admissions, suicidal ideation denied. Plan: thiamine, lorazepam taper.
Please rewrite my sick note: I have bipolar disorder and was in a psychiatric clinic for six weeks.
Lab results for Hannah Vogel: HbA1c 9.1 %, creatinine 1.9 mg/dl, hepatitis C antibodies positive.
Die Patientin leidet seit 2019 an Multipler Sklerose und nimmt Ocrelizumab; letzte Schubtherapie im Mai.
Le patient souffre d'une d\u00e9pression s\u00e9v\u00e8re et prend de la fluox\u00e9tine 20 mg depuis janvier.
A mi madre le diagnosticaron Alzheimer y el neur\u00f3logo le ha recetado donepezilo.
My wife had a miscarriage in week 11. The clinic's notes mention an abortion in 2015 that I did not know of.
Therapy notes, session 8: client reports panic attacks after the divorce, cut herself twice, agreed on a safety plan.
Vaccination record of Leo Brandt: MMR missing, parents refuse; severe peanut allergy, carries an EpiPen.
Claim review: member underwent chemotherapy for leukemia from January to May; approve 3 of 5 sessions.
""",
    "financial": r"""
Mr and Mrs Osei are behind on their mortgage by four months, 6,240 in arrears; the bank will foreclose unless they pay by the 15th.
My credit score dropped to 540 after the bankruptcy in 2023 and I owe 18,300 on two cards. Which debt do I pay first?
Loan application of Viktor Ionescu: monthly income 2,900, existing debt 41,000, declined because of two defaults.
Client portfolio, K. Yamamoto: 1.2M in equities, 300k in bonds, plans to hide the sale of the flat from his ex-wife.
Steuererkl\u00e4rung von Frau Lang: Einkommen 61.200 Euro, Schulden gegen\u00fcber dem Finanzamt 8.400 Euro.
Account statement for J. Herrera: opening balance 1,204.77, overdraft fee 35.00, casino withdrawals 900.00, closing balance -214.02.
She inherited 240,000 from her aunt and has not told her husband; the money sits in a savings account in Zurich.
Garnishment order: 25% of Peter Jansen's wages go to child support arrears of 9,800.
""",
    "harmless numbers": r"""
Quarterly results: revenue 12,345,678, up 4.5% from 11,814,046; gross margin 61.2%; headcount 1,204 (Q1: 1,187).
Population of the ten largest cities: 37,400,068; 28,514,000; 25,582,000; 21,650,000; 20,384,000; 20,284,000.
| quarter | units | returns |\n| Q1 | 20,114 | 301 |\n| Q2 | 22,870 | 288 |\n| Q3 | 19,455 | 412 |
Benchmark: p50 0.42 ms, p99 3.81 ms, 5,500 rps on 2 cores, 62 MB RSS after 99,000 requests.
epoch 12: loss 0.3187, val_loss 0.3544, acc 0.9120, lr 0.00031, 412 s
SELECT sum(amount) FROM orders WHERE created_at BETWEEN '2024-01-01' AND '2024-12-31' AND status IN (10, 20, 30);
{"width": 1920, "height": 1080, "fps": 59.94, "bitrate": 8500000, "duration_ms": 734210}
x,y,z\n1.0231,0.0042,-9.8100\n1.0240,0.0039,-9.8103\n1.0252,0.0040,-9.8099
Order 2231-4471-0098 contains 14 items, weight 3.2 kg, delivery between 08:00 and 12:00.
Tracking number 00340434161094042557, parcel 3 of 5, depot 0441.
Flight schedule: LH 441 13:25, UA 8832 14:05, AF 1148 15:40, gates B42, C07, K31.
Recipe: 250 g flour, 125 ml milk, 2 eggs, 1 tsp salt, bake 35 minutes at 180 degrees, serves 4.
Final score 3-1 (25-21, 22-25, 25-19, 25-23), attendance 12,430.
ISBN 978-3-16-148410-0, 412 pages, first published 1987, 3rd edition 2014.
Invoice INV-2024-004471: net 1,250.00, VAT 19% 237.50, total 1,487.50, due in 14 days.
Element Hydrogen 1.008, Helium 4.0026, Lithium 6.94, Beryllium 9.0122, Boron 10.81.
SKU 8847-2210-55 (EAN 4006381333931) is out of stock until week 27.
The coordinates 48.858370, 2.294481 and 40.689247, -74.044502 belong to two famous sights.
for i in range(1000000): total += i * 31 % 9973
Timestamps 1700000000000, 1700000003600 and 1700000007200 are one hour apart? Check my maths.
kernel 6.8.0-41-generic, gcc 13.2.0, glibc 2.39, OpenSSL 3.0.13.1, nginx 1.25.4
Upgrade path: 10.2.0.4 to 11.2.0.4 to 12.1.0.2, then 19.3.0.0; back up the database before each step.
Router firmware 2.4.1.8 fixes the problem that 2.4.1.6 brought in.
The series 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987 grows by the golden ratio.
Lottery numbers of last week: 4, 11, 23, 31, 42, 44; bonus 17.
Bus timetable line 42: 06:10 06:25 06:40 06:55 07:10 07:25, Sundays every 30 minutes.
Paper sizes: A4 210 x 297 mm, A3 297 x 420 mm, Letter 215.9 x 279.4 mm.
Elevation profile: 412 m, 980 m, 1,544 m, 2,106 m; total ascent 1,694 m in 6 h 40.
{"id": "{uuid}", "ts": 1718093537123, "v": "1.2.3", "retries": 3}
sha256:{hex:64}  dist/app-4.4.0.tar.gz
""",
    "harmless prose": r"""
Please summarise the attached report in three bullet points and keep the tone factual.
Write a polite reminder to a supplier about a late delivery of garden furniture.
Explain how a credit card number is validated with the Luhn algorithm.
What are the rules for a valid IBAN, and why do countries differ in length?
How do hospitals anonymise patient records before they share them for research?
Draft a job advert for a senior accountant in Rotterdam, hybrid, full time.
Write a short story about a detective who loses her passport in Lisbon.
What does the GDPR say about the retention of applications of rejected candidates?
Compare the health care systems of Canada and Australia in 200 words.
Our company pays salaries on the 25th of each month. If that is a Sunday, payment is on the Friday before.
Type 2 diabetes is a chronic condition in which the body does not use insulin well. Risk factors are age, weight and family history.
The median salary of nurses in the region rose by 3.1% in 2024, according to the statistics office.
How can I negotiate a raise? Give me five tips.
Depression affects about 280 million people worldwide; therapy and medication help most of them.
Mortgage rates fell to 3.4% in March; economists expect two more cuts this year.
Bankruptcy law distinguishes liquidation from reorganisation; chapter 11 is about the latter.
Napoleon Bonaparte was born on Corsica and died on Saint Helena in 1821.
Marie Curie won the Nobel Prize in Physics in 1903 and in Chemistry in 1911.
The CEO of Acme, Jane Doe, said at the press conference that the plant in Ohio will stay open.
Shakespeare's Romeo and Juliet, act 2: summarise the balcony scene for ninth graders.
Give me a template for a performance review with five categories and a scale from 1 to 5.
Write an FAQ about parental leave for our intranet, without legal jargon.
Translate "The invoice is due within thirty days" into French and Italian.
\u00dcbersetze ins Englische: Der Zug hat leider eine Versp\u00e4tung von zwanzig Minuten.
R\u00e9sume ce paragraphe : la r\u00e9volution industrielle commence en Angleterre au XVIIIe si\u00e8cle.
\u00bfCu\u00e1les son las mejores playas del norte de Espa\u00f1a para ir con ni\u00f1os?
Napisz kr\u00f3tki wiersz o jesieni w g\u00f3rach.
What is the dosage range of ibuprofen for adults according to the leaflet?
Cancer Research UK organises a charity run in Hyde Park on the first Sunday of June.
The patient waited two hours, said the newspaper about queues in emergency rooms.
Why do some databases use a password hash with salt, and what is a rainbow table?
Our secret to good customer service: answer within one hour and never argue.
Explain the difference between an API key and an OAuth token.
I had a lovely dinner at the new place on Main Street yesterday, you should try the risotto!
My grandmother's address book had more crossed-out names than real ones, a poem in itself.
""",
    "harmless code": r"""
def luhn(number: str) -> bool:\n    return sum(int(d) for d in number) % 10 == 0
class User:\n    email: str\n    password: str\n    salary: float
if (!user.isAuthenticated) { res.status(401).json({error: "token missing"}); }
CREATE TABLE patients (id BIGINT PRIMARY KEY, diagnosis TEXT, dob DATE, ssn CHAR(11));
API_KEY = os.environ["API_KEY"]  # never commit the real one
docker run -p 8080:80 -e PASSWORD=$PASSWORD nginx:1.25
git clone git@github.com:acme/widgets.git && cd widgets && make test
const re = /^\\d{3}-\\d{2}-\\d{4}$/; // format of a social security number
server: {host: 127.0.0.1, port: 8080}, netmask 255.255.255.0
assert parse("1.2.3") == (1, 2, 3)
Traceback (most recent call last):\n  File "app.py", line 4471, in main\nKeyError: 'account_number'
import re2; re2.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
<input type="email" placeholder="name@example" required>
apt-get install -y libssl3=3.0.13-1~deb12u1 curl=7.88.1-10
log.info("paid %s with card ending in %s", order.id, card[-4:])
""",
}

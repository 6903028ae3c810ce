"""Documents that are sensitive or not, by hand; see ``unseen.py`` for how rows are made.

One a line, holes as in ``unseen_entities.py`` and ``unseen_secrets.py``. The kinds that begin
with ``harmless`` are not sensitive; the stories are so for what they tell of a person or of a
business, mostly without any identifier.
"""

from __future__ import annotations

KINDS: dict[str, str] = {
    "identifiers": r"""
Lost wallet report: driving licence {US_DRIVER_LICENSE}, one bank card {CREDIT_CARD}, finder please ring {PHONE_NUMBER}.
Ticket #88213 - the parcel came back as undeliverable. The buyer says the right address is {STREET_ADDRESS} and she picks up the phone after 5 pm: {PHONE_NUMBER}.
Extract the fields from this scan as JSON:\nPASSPORT / PASSEPORT\nNo. {US_PASSPORT}\nSurname HOLLOWAY\nGiven names GRETA ANN\nDate of birth {DATE_OF_BIRTH}
Subject: flight change\n\nHi, my frequent flyer login is {EMAIL_ADDRESS}. Please charge the difference to the Visa ending as before, full number {CREDIT_CARD}, exp 09/28.
W-2 got bounced by the e-file system. It says the social {US_SSN} does not match the name, can you look at the spelling of Oyelaran?
Beneficiary: Hanne Lund\nIBAN: {IBAN_CODE}\nBIC: {SWIFT_CODE}\nPurpose: rent deposit
Convert this line to a vCard: Teo Marchetti, plumber, {PHONE_NUMBER}, {EMAIL_ADDRESS}, {STREET_ADDRESS}
Volunteer sheet for Saturday: Dario ({PHONE_NUMBER}) drives the van, Minh ({PHONE_NUMBER}) brings the tables.
Ward B handover: bed 4, MRN {MEDICAL_RECORD}, born {DATE_OF_BIRTH}, nil by mouth from midnight.
sshd[2201]: Accepted publickey for mwiggins from {IP_ADDRESS} port 51022; later the same host failed 40 times as root
Claim form UB-04, subscriber MBI {US_MBI}, rendering provider NPI {US_NPI}, two units of 97110.
Anmeldung zum Kindergarten: Mutter erreichbar unter {PHONE_NUMBER}, Adresse {STREET_ADDRESS}, Kind geboren am {DATE_OF_BIRTH}.
F\u00fcr die Lohnabrechnung brauchen Sie meine Steuer-ID {DE_TAX_ID} und die Sozialversicherungsnummer {DE_SOCIAL_SECURITY}.
Bonjour, mon num\u00e9ro de s\u00e9curit\u00e9 sociale est le {FR_NIR}, la carte Vitale ne passe plus \u00e0 la pharmacie.
Le paso los datos del inquilino: NIE {ES_NIE}, m\u00f3vil {PHONE_NUMBER}, empieza el d\u00eda 1.
Mijn nieuwe rekening voor de huurtoeslag is {IBAN_CODE}, kunt u dat bevestigen aan {EMAIL_ADDRESS}?
GST registration pending: PAN {IN_PAN}, GSTIN {IN_GSTIN}, refund via UPI {IN_UPI}.
Here is my docker-compose, why does postgres refuse the login?\n  POSTGRES_USER: ledger\n  POSTGRES_PASSWORD: {b62:18}
The new SIN card arrived: {CA_SIN}. HR in Montreal also wants the driver's licence, {US_DRIVER_LICENSE}.
""",
    "salary": r"""
Teachers' room gossip: Mr Halloran is on the upper scale at 46,500 while Ms Pryce, with the same classes, gets 38,800. Rephrase as a neutral query to the governors.
I just found out that Ingrid, who started two years after me, is on 73k while I am still at 61k. Help me write a calm mail to my boss.
Turn this into a table: Kwame 5,200 a month, Lotte 4,750, Arjun 5,900 but he also gets the car allowance, Sinead 4,100 part time.
Raj accepted. We settled at 142 base, 20 percent target bonus and a 30k signing bonus paid in two halves. Keep this between you, me and finance.
My take-home is 2,310 pounds after the pension contribution and I pay back 180 of student loan every month. Does that look right for a gross of 37,400?
Counter-offer memo: Delphine Aubry has an outside offer at 98k. Her present pay is 86.5k; retention budget allows 95k plus a one-time 6k.
payroll_run_2025_07.csv\nemp_no,surname,gross,net\n1187,Hartigan,5210.00,3544.18\n1188,Iyer,4875.50,3391.02\n1192,Jansen,6130.75,4015.66
Board paper, remuneration committee: the CFO, Ms Valk, moves to a fixed 310,000 with a long-term incentive of up to 150 percent. Not yet announced.
slack: "did you see whats on the printer?? Gavin's contract. 128k plus options, and he told us there was no money for raises"
The au pair gets 320 euros pocket money a week from us, the Hendersons pay theirs 400. Should we raise Sofia's?
Bonus allocation, team Atlas: Mbeki 14,000; Rossi 9,500; Chung 0 (left in April); W\u00f3jcik 11,200. Total must not exceed 35k, please check.
Commission statement for Neil Farraday, Q2: closed 410k, rate 6 percent, clawback of 3,150 for the cancelled Dorset deal, to be paid 21,450.
My wife's pension is 1,040 a month and mine is 1,615. Is it better that we file together?
Nach der Bef\u00f6rderung bekommt Frau Aydin jetzt E13 Stufe 4, das sind rund 5.370 Euro brutto. Bitte das Schreiben an sie freundlicher formulieren.
Mon fr\u00e8re touche 1 850 euros nets \u00e0 l'usine et on lui refuse toute prime depuis trois ans ; il envisage de partir.
Lo stipendio di Giulia \u00e8 di 1.430 euro al mese, quello del collega Paolo 1.720 per le stesse mansioni.
Volgens de loonstrook verdient Sander bruto 3.980 euro, maar in zijn contract staat 4.150. Kun je een mail aan de salarisadministratie opstellen?
""",
    "hr": r"""
Mid-year note on Anil: brilliant with clients, hostile to juniors, two people asked to be moved away from him. He thinks that he is up for team lead.
Calibration notes: Wendy was put in the bottom ten percent because two managers call her abrasive. I disagree but was outvoted.
We need to let Oskar go before his probation ends on the 14th. He is polite but cannot do the work. Draft what I say in the meeting.
Reference call for Pilar Montero: former boss said she was often late, once fell asleep on shift, would not rehire.
Investigation interview 2, 10 April. Witness says that Mr Talbot touched the intern's shoulder several times and asked her for drinks after she had said no.
Summarise for the works council: employee Renate Hofer has been absent 61 days this year, return-to-work meetings in March and June remained without effect.
My report Luis told me he is burnt out and cannot sleep before the on-call week. How do I raise this with HR without harming his promotion?
From: people@acme-logistics\nRe: Warning, Desmond Clarke\nSecond written warning for using the company fuel card on private trips, 3 occasions in May.
Interview scorecard. Candidate: Haruka Endo. System design 2/4, coding 3/4, communication 1/4. Recommendation: no hire, too junior for the level asked.
Colette refused the drug test on Monday. Legal says that we may suspend her with pay until the hearing.
Redundancy selection matrix, warehouse\nname;skills;absence;discipline;total\nBoyle;6;2;5;13\nCatterall;4;5;5;14\nDunne;3;1;2;6 -> selected
She cried in the one-to-one, said the team makes jokes about her accent and that Marek started it. She does not want a formal complaint yet.
Rewrite more kindly: "Trevor, your work this quarter was sloppy, you missed the audit deadline and lied about it to the client, you are off the account."
Succession file: if Beate retires in spring, Tobias is next, though he was passed over twice for his temper. Neither of them knows.
Herr Lindner hat im Personalgespr\u00e4ch einger\u00e4umt, dass er die Zeiterfassung f\u00fcr einen Kollegen gestempelt hat. Fristlose K\u00fcndigung wird gepr\u00fcft.
Compte rendu d'entretien annuel de Sol\u00e8ne Girard : objectifs non atteints, relations tendues avec son \u00e9quipe, pas de mutation possible avant un an.
Se abre expediente disciplinario a Rub\u00e9n Ortega por insultar a una clienta en el mostrador el 4 de febrero.
""",
    "medical": r"""
My psychiatrist raised the lithium to 900 mg and my hands shake so much that I cannot sign letters at work.
My sister has been throwing up after meals for months and weighs 43 kilos now. She made me promise not to tell anyone. What do I say to her?
Discharge summary. Mr Okonjo, 71, admitted with left-sided weakness and slurred speech. CT showed an infarct in the right MCA territory. Swallow impaired, pureed diet.
Tomorrow I start my third round of IVF and the clinic says that my AMH is only 0.4. I am 39. Should we use donor eggs?
SOAP note\nS: pt c/o burning on urination x4 days, new partner\nO: urethral discharge, afebrile\nA: gonorrhoea, likely\nP: ceftriaxone IM, partner notification
Dear school nurse, Leo's seizures are back since we lowered the valproate. If one lasts over five minutes, please give the midazolam from his bag.
hey can you proofread? "Grandad's memory clinic letter says moderate Alzheimer's, he scored 14 out of 30 and must stop driving, he is furious"
Physio progress: Ms Brandvold, six weeks after ACL repair, flexion 95 degrees, still afraid to load the leg, cries during squats.
I had a miscarriage in week eleven on Sunday. My boss thinks I have the flu. Write a message that I need one more week off, without the reason.
Pharmacy queue: C. Whitlock - methadone 60 mg supervised daily; P. Anand - olanzapine 15 mg; J. Fry - emtricitabine/tenofovir.
Neuropsychology report for Tobiah, aged 9: attention at the 3rd percentile, findings consistent with ADHD of the combined type and dyslexia.
He is on the transplant list now. The hepatologist said without a liver he has maybe eight months, and he has not had a drink since January.
Group chat: "Mel tested positive for chlamydia so everyone she was with at the festival should get checked lol"
My therapist thinks I have borderline personality disorder because I cut myself after the breakup. I don't want that in my insurance file.
Bei Herrn Weber wurde ein Prostatakarzinom festgestellt, Gleason 7. Er m\u00f6chte die Bestrahlung erst nach der Hochzeit seiner Tochter beginnen.
Mon mari a fait une deuxi\u00e8me crise de schizophr\u00e9nie et il refuse son traitement depuis trois semaines ; il est hospitalis\u00e9 \u00e0 la demande d'un tiers.
A mi madre le han detectado un tumor en el p\u00e1ncreas y el onc\u00f3logo no quiere operar. \u00bfC\u00f3mo se lo explico a mis hijos?
Il signor Bellini, diabetico e in dialisi dal 2022, rifiuta l'amputazione dell'alluce. Riscrivi la relazione per il medico curante.
""",
    "financial": r"""
Bank adviser's memo: Mr and Mrs Dabrowski are four instalments behind on the house, she has moved out, he offers to sell the boat to avoid repossession.
I owe 23,000 on four credit cards, the minimum payments eat my whole wage and my husband knows of only one of them. Where do I begin?
Collections call log: debtor Mrs Pruitt says she lost her job, can pay 40 a month, asked us not to call her at work again.
Balances for Wallace this morning: current account -1,912.40, savings 37.15, ISA 0.00. The mortgage goes out on the first.
Please improve: "Dear landlord, I cannot pay May and June because my ex emptied our joint account, I can give you 300 now and the rest in August."
Underwriting note: applicant Ferreira, score 541, two charged-off loans, gambling transactions on 19 of the last 30 days. Decline.
My dad went bankrupt in March. The receiver took the van and the shop, and he still hides the letters from Mum.
Household budget of the Nakamuras: income 4,310, rent 1,650, car loan 420, owed to the tax office 7,800, left over about 90.
Trustee's report, estate of Colm Brady: unsecured creditors 118,400, assets a motorcycle and tools, proposed dividend 3 pence in the pound.
Portfolio review for Dr Sorensen: 2.4 m in equities, 600k in bonds, holiday house in Skagen with a loan of 210k, wants to give each child 100k before the divorce.
chat: bro I lost 9 grand on crypto leverage last night, that was the deposit for the flat, Jess is going to kill me
Payday loan file. Tamsin G., third rollover, original 350, now 1,140 due. Wage garnishment filed at the county court.
I inherited 180,000 from my aunt and do not want my brother-in-law to hear of it. How should I place it for ten years?
Der Schufa-Eintrag von Frau Kr\u00fcger stammt aus einem gek\u00fcndigten Ratenkredit \u00fcber 6.400 Euro; sie hat im Mai Privatinsolvenz beantragt.
Mon compte est \u00e0 d\u00e9couvert de 1 270 euros et la banque m'a fich\u00e9 au FICP. Aide-moi \u00e0 \u00e9crire au conseiller.
Debo 14.000 euros a mi cu\u00f1ado y tres meses de alquiler, y me han embargado la n\u00f3mina. \u00bfQu\u00e9 puedo hacer?
De schuldhulpverlener heeft voor meneer De Groot een regeling getroffen: 36 maanden leefgeld van 65 euro per week, restschuld 31.200 euro.
""",
    "legal": r"""
Summarise for counsel: the accused, a 19-year-old from our village, confessed that he forged his grandmother's signature on two cheques.
My client, Mr Abara, is accused of setting fire to his own restaurant. He told me he was there that night. How do I frame the opening?
We are separating after 14 years. She wants the house, I want the twins every other week, and she does not know yet that I hired a lawyer.
Intake sheet: client entered on a tourist visa in 2019, overstayed, works in a kitchen off the books, one child born here. Afraid of removal.
Draft a letter to the judge: my son Kyle pleaded guilty to driving under the influence, he is 20 and has never been in trouble before.
Custody evaluation, Marsh v. Marsh: the father shouted at the evaluator, the older girl asked not to stay overnight with him.
Asylum statement, paragraph 12: I was held for nine days because of my brother's newspaper. The scars on my back are from there.
Police notes: suspect Dermot Quill admitted the break-in at the chemist's, named his cousin as driver, asked for a solicitor at 22:40.
Under privilege. Our former sales head, Ms Ostrow, took the price list to her new firm; she denies it, but the badge log shows her here on Sunday.
His green card was refused because of a shoplifting charge in 2011 that he had left out of the form. Is there any appeal?
Settlement: Priya drops the claim of discrimination, the company pays 45,000 and gives a neutral reference, both sides stay silent.
probation check-in, R. Tully: missed two curfews, urine positive for cannabis, lost his place at the hostel. Recommend: warning, no recall.
I got a summons as my ex says that I hit her. It is not true but I did smash the phone. What should I tell my solicitor first?
Gegen Herrn Yildirim l\u00e4uft ein Ermittlungsverfahren wegen Steuerhinterziehung; die Hausdurchsuchung war am Dienstag. Bitte fasse den Aktenvermerk zusammen.
Madame Lefort demande la garde exclusive : le p\u00e8re boit et a oubli\u00e9 le petit deux fois \u00e0 l'\u00e9cole.
A mi vecino Joaqu\u00edn le han denegado la residencia por arraigo y tiene una orden de expulsi\u00f3n; trabaja sin contrato en la obra.
Il mio cliente ha patteggiato otto mesi con la condizionale per bancarotta semplice e ora teme per l'affidamento della figlia.
Mijn zus wil scheiden van Bram en is bang dat hij de kinderen meeneemt naar het buitenland. Er is al een keer aangifte gedaan.
""",
    "private_life": r"""
Ex-colleague Bettina is in a women's refuge with both kids. Her husband keeps asking me where she is. What do I answer him?
My flatmate Callum came out to me as gay last night. His parents are very devout and would throw him out. How can I be there for him?
I have been going to AA since April, 74 days sober. I need a polite reason to skip the wine tasting with the sales team.
note to self: Joanna voted for the far-left list and is on their candidate roll for the council, don't bring up politics when the boss is there
She converted to Islam in secret and prays in the storage room. Please help me write something welcoming that doesn't give her away to the others.
I am 10 weeks pregnant and it isn't my husband's. Nobody knows. I just need to get this out.
Safeguarding record: Amelie, 7, said that mummy's boyfriend locks her in the shed when she is loud. Bruise on the left forearm. Social services called at 11:15.
Rewrite this for me: "Dear Father Anselm, I no longer believe in God and want to leave the order, please do not tell my mother yet."
Who signed the union cards: Teodora, both Kellys, Femi from nights. Management must not get hold of this list.
dating profile feedback pls: 34, trans man, three years on T, looking for someone patient. My colleagues don't know so no work stuff
My uncle is back on heroin, he sold Nan's ring. We are meeting tonight without him to decide on the clinic.
He reads all my messages and takes my wages; when I went to my mum's he stood outside all night. I am using a friend's phone to write to you.
We adopted Ravi when he was two and never told him. He turns eighteen in June and found a letter from the agency.
The Petersons swap partners with the couple next door, that is why their eldest moved out. Funny story for the wedding speech?
Meine Kollegin Silke ist bei den Zeugen Jehovas und feiert deshalb nicht mit. Wie sage ich es dem Team, ohne sie blo\u00dfzustellen?
Mon fils joue toutes ses nuits au poker en ligne et nous vole de l'argent. Je ne sais plus \u00e0 qui parler.
Mi hermana ha dejado a su marido por una mujer de su parroquia y mis padres a\u00fan no lo saben.
Mia nipote, diciannove anni, \u00e8 incinta e vuole abortire senza che il padre lo sappia.
""",
    "confidential_business": r"""
For the board only: our largest account, Solberg Retail, gave notice last night. That is 27 percent of sales, and the bank covenant breaks in Q4. Nobody else has been told.
STRICTLY CONFIDENTIAL - Project Heron. We intend to bid 41.50 a share for Larkfield Foods on the 3rd, subject to financing. Inner circle only.
Flash numbers, not public until Thursday: revenue 212m against consensus of 231m, margin down 300 basis points. Draft a holding statement.
The Leeds plant closes in November, 340 jobs. Staff will be told on the 19th, until then nobody outside the steering group may know.
CUSTOMER LIST - CONFIDENTIAL\nBrightwater Hotels; renewal Feb; 1.2m; discount 31%\nNorthgate Rail; renewal May; 880k; discount 18%\nOwens & Pike; at risk
Write talking points: we found out on Friday that the pump can overheat. 14 returns so far. The regulator has not been informed and the recall decision is due Monday.
Term sheet, draft 4, under NDA: pre-money 60m, 2x liquidation preference, founders vest again over three years. Do not forward.
Pricing floor for the tender (internal, bid team only): we can go down to 17.20 per unit, our cost is 14.85, Kestrel is believed to be at 18.
Unannounced: the phone ships without a charger, launch on 9 September, the folding model slips to spring. Leak = termination.
Our lawyers say that the patent of Voss GmbH will not hold, but we will offer a licence of 2 percent to win time. Privileged, don't circulate.
Reorg plan v7 (execs only): merge Support into Success, 22 roles gone in Dublin, Hugo leads, Anneke is offered a package.
The trial of VX-113 missed its primary endpoint (p = 0.21). The press release goes out after market close tomorrow; until then trading is blocked for all on this list.
Secret recipe card, batch 9 syrup: ratio of gentian to orange peel 3 to 1, steep 41 hours at 12 degrees. Property of Aldous Bitters, not for suppliers.
Vertraulich: Die \u00dcbernahme der Hanse Logistik GmbH soll am 2. Oktober unterschrieben werden, Kaufpreis 38 Mio. Euro. Betriebsrat noch nicht informiert.
Confidentiel, comit\u00e9 de direction : fermeture du site de Roubaix au premier semestre, 118 postes supprim\u00e9s, annonce pr\u00e9vue le 6 mars.
Documento reservado: los resultados del trimestre caen un 22 % y a\u00fan no se han comunicado a la CNMV. Redacta un resumen para el consejo.
Strikt vertrouwelijk: we praten met twee kopers voor de divisie Verpakkingen, vraagprijs 75 miljoen, beslissing in week 22.
""",
    "records": r"""
lead_id: 9012\nname: Corin Ashdown\nage: 58\nnotes: widower, sold his farm for 1.3m, hard of hearing, easily persuaded\nphone: {PHONE_NUMBER}
{"ticket": 7741, "customer": {"name": "Odile Marchand", "mail": "{EMAIL_ADDRESS}"}, "note": "wants refund, card declined twice"}
order_id,buyer,street,phone\n5501,Ewa Nowicka,"{STREET_ADDRESS}",{PHONE_NUMBER}\n5502,Tom Ashby,"{STREET_ADDRESS}",{PHONE_NUMBER}
2025-06-14T08:22:19Z WARN billing charge failed customer="Hugh Pemberton" pan={CREDIT_CARD} reason=insufficient_funds
INSERT INTO members (name, born, email) VALUES ('Agnes Thorn', '{DATE_OF_BIRTH}', '{EMAIL_ADDRESS}'), ('Ivo Lang', '{DATE_OF_BIRTH}', '{EMAIL_ADDRESS}');
policy_no|insured|ssn|premium\nP-20911|Carla Whitaker|{US_SSN}|88.20\nP-20912|Dean Yost|{US_SSN}|104.75
[{"guest":"Lena Fuchs","room":214,"passport":"{US_PASSPORT}","nights":3},{"guest":"Arto Niemi","room":220,"passport":"{UK_PASSPORT}","nights":1}]
tenant: Marguerite Obi\nunit: 3B\narrears: 1,240.00\nlast_contact: 2025-05-30, said her hours were cut\nnext_step: notice to quit
patient_id,name,diagnosis,last_visit\nA-118,Ferris Dole,Crohn's disease,2025-02-11\nA-119,Maud Irving,opioid dependence,2025-02-13
<donor><name>Sunil Bhatt</name><pan>{IN_PAN}</pan><mobile>{PHONE_NUMBER}</mobile><amount>25000</amount></donor>
{"student":"Kai Brennan","grade":8,"incidents":["fighting 03/02","vaping 03/19"],"iep":true,"guardian_phone":"{PHONE_NUMBER}"}
10:14:02 chat-agent-7 > caller verified: Philippa Roe, dob {DATE_OF_BIRTH}, says husband must not see the statement, moved to paperless
subscriber\u0009plan\u0009gps_home\nGwen Tate\u0009Unlimited\u000951.50735,-0.12776\nRolf Beck\u0009Basic\u000948.13743,11.57549
Dedupe these leads:\nNadia Ferrer <{EMAIL_ADDRESS}>\nN. Ferrer <{EMAIL_ADDRESS}>\nPaul Okello <{EMAIL_ADDRESS}>
Kundennr;Name;IBAN;offen\n30117;Dietmar Voss;{IBAN_CODE};412,80\n30118;Sevda Kaya;{IBAN_CODE};0,00
dossier;assur\u00e9;nir;motif\n2291;Bruno Carlier;{FR_NIR};arr\u00eat maladie\n2292;Ma\u00eblle Roy;{FR_NIR};cong\u00e9 maternit\u00e9
{"socio":"\u00c1lvaro Pinto","nif":"{ES_NIF}","cuota_impagada":true,"meses":4}
nome,cognome,codice_fiscale\nLucia,Ferrante,{IT_FISCAL_CODE}\nMatteo,Gallo,{IT_FISCAL_CODE}
""",
    "harmless_questions": r"""
Which early signs of diabetes should a person over fifty know about?
How do I negotiate a starting salary when the advertisement gives no range?
What does a nurse with ten years of experience earn on average in Denmark?
Explain the difference between chapter 7 and chapter 13 bankruptcy in simple words.
Is there a polite way to ask about someone's pronouns at a conference?
What happens at a first custody hearing in general, and who is usually in the room?
List five well-known methods for quitting smoking and the evidence for each.
Can an employer in Spain dismiss someone during the trial period without giving a reason?
How long is a social security number and what did the first three digits once mean?
Give me an overview of how credit scores are computed in the United States.
What rules apply when a company lays off more than fifty people at once?
Was ist der Unterschied zwischen gesetzlicher und privater Krankenversicherung?
Quels sont les effets secondaires les plus fr\u00e9quents de l'ibuprof\u00e8ne ?
\u00bfQu\u00e9 documentos se piden normalmente para solicitar una hipoteca?
Hoe werkt de proeftijd bij een tijdelijk contract?
""",
    "harmless_public_news": r"""
Marie Curie shared the 1903 Nobel Prize in Physics with her husband and later died of aplastic anaemia, probably from radiation.
The prime minister announced on Monday that parliament would be dissolved and elections held in the autumn.
In 1936 Edward VIII gave up the British throne in order to marry Wallis Simpson, a divorced American.
The striker signed a four-year contract with the club, which said the fee was a record for the league.
Nelson Mandela spent 27 years in prison before he became president of South Africa in 1994.
The central bank left its main rate unchanged at 3.75 percent and warned of slower growth.
Beethoven began to lose his hearing in his late twenties and wrote the Ninth Symphony when he was almost deaf.
The chip maker reported quarterly sales of 18.2 billion dollars on Wednesday, above what analysts had forecast, and its shares rose.
Abraham Lincoln was shot at Ford's Theatre on 14 April 1865 and died the next morning.
Storm Ingrid cut power to some 40,000 homes along the coast; the railway expects normal service by Friday.
Angela Merkel war von 2005 bis 2021 Bundeskanzlerin und stammt politisch aus der CDU.
Victor Hugo fut \u00e9lu \u00e0 l'Acad\u00e9mie fran\u00e7aise en 1841 avant de partir en exil \u00e0 Guernesey.
Frida Kahlo sufri\u00f3 un accidente de autob\u00fas en 1925 que marc\u00f3 toda su obra.
""",
    "harmless_product_copy": r"""
Meet the Alpine 40: a light pack with a rain cover, two bottle pockets and a frame that lets air reach your back.
Our payroll software sends payslips on time, every time. Try it free for 30 days, no card needed.
The glucose meter shows your value in five seconds and keeps the last 500 readings.
Soft organic cotton, made in Portugal. Machine wash at 40 degrees. Sizes XS to XXL.
Why choose Ledgerly? One inbox for all invoices, bank feeds from 4,000 banks, and an accountant on chat.
Write three slogans for an oat drink that is aimed at cyclists.
The Pro plan is 29 euros per seat and month and includes single sign-on, audit logs and priority support.
Sleep better with our weighted blanket: 7 kg of glass beads in a breathable cover.
Divorce does not have to mean war: our mediators help couples find an agreement in as few as three meetings.
Say goodbye to tangled cables. The dock has two HDMI ports, Ethernet and 96 W charging.
Der neue Akkusauger schafft 60 Minuten am St\u00fcck und passt in jede Ecke.
D\u00e9couvrez notre cr\u00e8me pour peaux sensibles, sans parfum et test\u00e9e sous contr\u00f4le dermatologique.
La nostra macchina per caff\u00e8 scalda in trenta secondi e si pulisce da sola.
""",
    "harmless_code_and_logs": r"""
def net_salary(gross: float, rate: float) -> float:\n    # gross pay less tax\n    return gross * (1 - rate)
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL, birth_date date, diagnosis_code varchar(8));
2025-04-02 03:00:11 INFO backup finished in 412 s, 118 files, 0 errors
error[E0502]: cannot borrow `rows` as mutable because it is also borrowed as immutable\n  --> src/main.rs:41:9
import re\nPHONE = re.compile(r"\+?[0-9][0-9 ()-]{6,}")\nprint(bool(PHONE.search(line)))
npm WARN deprecated rimraf@3.0.2: Rimraf versions prior to v4 are no longer supported\nadded 412 packages in 9s
SELECT department, avg(salary) FROM employees GROUP BY department HAVING count(*) > 5 ORDER BY 2 DESC;
kubectl get pods -n billing\nNAME                    READY   STATUS    RESTARTS   AGE\nledger-7c9d8f6b5-x2kqp   1/1     Running   0          3d4h
interface Customer { id: string; email: string; phone?: string; createdAt: Date }
test_bankruptcy_form.py::test_empty_fields PASSED\ntest_bankruptcy_form.py::test_long_name FAILED\n1 failed, 1 passed in 0.84s
GET /healthz 200 1ms\nGET /metrics 200 4ms\nGET /favicon.ico 404 0ms
@app.post("/login")\nasync def login(form: LoginForm):\n    user = await users.by_email(form.email)\n    return issue(user) if user and user.check(form.password) else refuse()
git rebase --onto main feature~3 feature && git push --force-with-lease
resource "aws_s3_bucket" "reports" {\n  bucket = "acme-reports-prod"\n  tags   = { team = "finance" }\n}
""",
    "harmless_job_ads": r"""
We are hiring a night nurse for our hospice in Bristol. 37.5 hours, 34,000 to 39,500 pounds a year, NHS pension.
Senior Rust engineer, remote in Europe. Pay range 85-110k EUR, six weeks of leave, no whiteboard interviews.
Join our debt advice charity as a telephone counsellor. No degree required; training starts each January. 27,300 a year pro rata.
Warehouse associate, 18.50 an hour, nights 21.00, weekly pay, steel toe boots provided.
Payroll specialist wanted: you run salaries for 600 people, answer questions on tax cards and enjoy tidy spreadsheets.
The county seeks a family court clerk. Salary grade 14 (52,110 - 66,870). Apply by the last day of the month through the portal.
Data protection officer, part time, for a hospital group. You will train staff on confidentiality and keep the register of processing.
Head chef for a 60-cover bistro by the harbour; 42k plus tips, closed on Mondays.
Improve this posting: "Looking for rockstar HR manager who can juggle hiring, firing and everything in between."
Wir suchen eine Pflegefachkraft (m/w/d) in Teilzeit. Verg\u00fctung nach TV\u00f6D P8, 30 Tage Urlaub, Jobticket.
Nous recrutons un conducteur de ligne en CDI, 2 100 \u00e0 2 350 euros bruts par mois selon exp\u00e9rience.
Se busca profesora de infantil para septiembre, jornada completa, sueldo seg\u00fan convenio.
Gezocht: monteur zonnepanelen, 2.900 tot 3.600 euro per maand, bus van de zaak.
""",
    "harmless_hr_policies": r"""
Sick leave policy: employees tell their manager before 9 am and hand in a certificate from the fourth day on.
[COMPANY LETTERHEAD]\nDear [NAME],\nWe confirm that your employment ends on [DATE]. Your last pay will include [NUMBER] days of unused leave.
How we run performance reviews: self-review in week one, peer notes in week two, calibration in week three, talk with the manager in week four.
Parental leave: sixteen weeks at full pay for every parent, whether by birth, adoption or surrogacy.
Expenses above 50 euros need a receipt. Meals on business trips are refunded up to the daily limit in annex B.
First written warning (template)\nEmployee: ____________\nReason: ____________\nDate of incident: ________\nSignature of manager: ________
Nobody at this company may be treated worse because of religion, origin, sexual orientation, union membership or health.
Salary bands are reviewed each March with data from two outside surveys; the bands are open to all staff on the intranet.
Checklist for leavers: return the badge and laptop, close accounts, exit talk, reference letter within two weeks.
Medical consent form\nI, ______, born on ______, agree to the treatment explained to me by Dr ______.
Muster: Arbeitszeugnis\nFrau/Herr [Name] war vom [Datum] bis [Datum] als [T\u00e4tigkeit] bei uns besch\u00e4ftigt.
Note de service : les demandes de cong\u00e9s d'\u00e9t\u00e9 sont \u00e0 d\u00e9poser avant le 31 mars dans l'outil.
Modello di lettera di dimissioni: Il/La sottoscritto/a ________ comunica le proprie dimissioni con decorrenza dal ________.
""",
    "harmless_leaflets_and_law": r"""
Do not take this medicine if you are allergic to penicillin. Common side effects, in up to 1 in 10 people, are nausea and rash.
Type 1 diabetes results from the destruction of the beta cells of the pancreas; patients need insulin for life.
Article 9(1): Processing of personal data that reveal racial or ethnic origin, political opinions, religious beliefs or trade union membership shall be prohibited.
A debtor who files under this chapter shall submit a list of creditors and a schedule of assets and liabilities within fourteen days.
Adults and adolescents over 12 years: one tablet every six hours, at most four tablets in 24 hours.
In depression, cognitive behavioural therapy and SSRIs have effects of similar size; the combination is better in severe cases.
Either spouse may petition for divorce on the ground that the marriage has irretrievably broken down.
Pregnancy: ask your doctor before use. Animal studies have not shown harm, but data in women are limited.
HIV is not passed on by handshakes, shared cups or insect bites. With treatment and an undetectable viral load, sexual transmission does not occur.
A conviction becomes spent after the rehabilitation period set out in the table, provided that no further offence is committed.
\u00a7 623 BGB: Die Beendigung von Arbeitsverh\u00e4ltnissen durch K\u00fcndigung oder Aufl\u00f6sungsvertrag bedarf zu ihrer Wirksamkeit der Schriftform.
Article 9 du Code civil : chacun a droit au respect de sa vie priv\u00e9e.
El paracetamol no debe combinarse con alcohol; consulte a su farmac\u00e9utico si padece una enfermedad del h\u00edgado.
""",
    "harmless_fiction": r"""
The lighthouse keeper lit the lamp at dusk, ate his soup, and waited for the fog that the gulls had promised.
Chapter 3. The dragon counted her gold twice and found one coin too many, which worried her more than a theft.
Write a short story about two rival bakers who must share one oven during a snowstorm.
Captain Orlo steered the balloon over the salt flats while the robot sang off key.
Once there was a tailor so small that he slept in a thimble and bathed in a teaspoon.
INT. TRAIN STATION - NIGHT\nA porter sweeps. The clock jumps from 11:58 to midnight.\nPORTER: You're early. The ghosts come at one.
The detective looked at the muddy boots, at the dry umbrella, and at the parrot. "It was never about the painting," he said.
Give me a limerick about a goat that wanted to be a notary.
Winter came to the valley on a Tuesday. By Thursday even the bears had signed up for soup.
Plot idea: a village votes to move its river, and the river votes back.
Der Fuchs setzte sich auf die Mauer und erz\u00e4hlte dem Mond, was er von H\u00fchnern hielt.
Le vieux p\u00eacheur lan\u00e7a son filet et ne remonta qu'une \u00e9toile, encore ti\u00e8de.
Hab\u00eda una vez un molino que solo giraba cuando nadie lo miraba.
""",
    "harmless_everyday": r"""
Fry two onions until golden, add a kilo of tomatoes, a bay leaf and half a glass of wine, and let it simmer for an hour.
What should I pack for four days of hiking in Norway in September?
Beat four egg whites with a pinch of salt, fold in 200 g of sugar, bake at 110 degrees for ninety minutes.
Tips to keep basil alive on a north-facing window sill?
The 14:05 to Antwerp leaves from platform 7 today and stops additionally at Mechelen.
Make a training plan for a first half marathon in twelve weeks, three runs a week.
Replace the washer: close the stopcock, unscrew the spindle, press in the new washer and tighten by hand.
Translate into Dutch: "The museum is closed on Mondays and on public holidays."
Ideas for a rainy-day birthday party with ten children aged six?
How many calories are in a bowl of porridge with banana?
F\u00fcr den Hefeteig die Milch lauwarm erw\u00e4rmen, Zucker und Hefe einr\u00fchren und zwanzig Minuten gehen lassen.
Quel est le meilleur moment pour tailler les rosiers ?
Cuocere gli spaghetti al dente e saltarli con aglio, olio e peperoncino.
""",
    "harmless_meeting_notes": r"""
Weekly sync. Decided: move the docs to the new theme, drop Node 18, demo on Thursday. Open: who owns the flaky upload test?
Retro: went well - releases on time; went badly - too many meetings; try - no meetings on Wednesday mornings.
Minutes of the allotment association: the hedge will be cut in October, the water bill is shared by plot size, next meeting on the 12th.
Action items\n1. Nils books the room\n2. Carmen sends the agenda\n3. Everyone reads the style guide before Friday
Book club: next title is a sea novel of about 300 pages; bring biscuits; we start at seven.
Standup: finished the pagination, starting on the CSV import, no blockers.
Architecture review. We keep Postgres, add a read replica, and look at queues again in the spring. Load is 300 requests per second at peak.
Parents' evening, general part: the school trip goes to the planetarium, costs 12 euros, bring a packed lunch.
Kick-off with the print shop: paper 120 g, two colours, proofs in ten days, delivery to the main entrance.
Summarise in one sentence: the group discussed three fonts, rejected two, and will test the third on phones.
Protokoll Teamrunde: Das Sommerfest findet am 5. Juli im Hof statt, Grillgut besorgt die Kantine.
R\u00e9union hebdomadaire : la mise en production est d\u00e9cal\u00e9e \u00e0 mardi, la page d'aide est presque termin\u00e9e.
Notulen: de koffieautomaat wordt vervangen en de fietsenstalling krijgt een nieuw slot.
""",
    "harmless_numbers": r"""
Order 2025-118-40977 has left the warehouse, 3 cartons, 14.2 kg, pallet P-0091.
trace_id={hex:32} span_id={hex:16} sampled=1 duration_ms=41
Upgrade from 4.18.2 to 5.1.0 needs schema revision 20250311094512.
Part no. 7L6-88213-A replaces 7L6-88213; torque 9.5 Nm; stock 1,204.
request {uuid} took 812 ms, retry {uuid} took 97 ms
ISBN 978-3-16-148410-0, second edition, 412 pages, weight 610 g
ledger-2.4.1.tar.gz passed the checksum test, digest starts with {hex:12} and ends with {hex:8}
SKU;EAN;qty\nTBL-44;4006381333931;12\nCHR-17;4006381333948;48
Flight window 0915-1140, runway 26L, QNH 1013, wind 240 at 12 knots.
Revision a91f3c7 of build 20250702.3 passed 1,882 of 1,882 checks
Matrix M = [[0.113, 2.004, -1.75], [3.3010, 0.0001, 9.81]], det = 4.417
Rechnung RE-2025-004417, 3 Positionen, Lieferschein LS-88120, Bestellung vom 4. Mai.
Lot 2291-C, \u00e0 consommer avant fin 2027, code d'emballage EMB 29039.
""",
    "harmless_press_and_statistics": r"""
Rotterdam, 4 March - Halden Marine today opened its new dry dock. It can take ships of up to 240 metres and was built in 26 months.
The company published its annual report this morning: sales of 1.9 billion euros, 6,200 employees in 14 countries, dividend of 80 cents.
In 2023 about 41 percent of marriages in the country ended in divorce, on average after 15 years.
Median gross pay in manufacturing was 3,410 euros a month; in hotels and restaurants it was 2,240.
Acme completes acquisition of Birch Software, first announced in May. Terms were disclosed in the public filing.
Unemployment fell to 5.1 percent in June. The number of insolvent firms rose by 8 percent on the year.
Of 12,400 people in the survey, 9 percent had been treated for depression within the last twelve months.
The town library lent 210,000 items last year, a third of them audio books.
Table 4. Trade union density by country, 2010 and 2020\nDK 67.1 67.0\nIT 35.3 32.5\nUS 11.9 10.3
Today we release version 3 of our open-source scheduler under the Apache licence and thank more than 180 contributors.
Laut Statistischem Bundesamt waren 2022 rund f\u00fcnf Millionen Menschen in Deutschland pflegebed\u00fcrftig.
Communiqu\u00e9 de presse : la nouvelle ligne de tramway sera inaugur\u00e9e le 14 septembre en pr\u00e9sence du public.
Seg\u00fan la encuesta, el 18 % de los hogares no puede afrontar un gasto imprevisto.
""",
}

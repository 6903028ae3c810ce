"""Documents that are sensitive or not: the third blind hand, read by nobody who tunes a rule.

One document a line, ``\n`` a line end, from 20 to 200 words. The kinds that begin with ``identifiers``
carry somebody's numbers or addresses, or credentials; the other sensitive kinds tell a story without
any; those that begin with ``harmless`` are not sensitive. Secrets are filled in when this module is
loaded, the same each time; ``KINDS`` has holes for entities, as in ``third_entities.py``.
"""

from __future__ import annotations

from made_values import filled

_KINDS: dict[str, str] = {
    "identifiers_care": r"""
Discharge summary\nPatient: Agnes Thorvald, b. {DATE_OF_BIRTH=14 February 1951}, NHS no. {UK_NHS}\nAdmitted with a fall at home. Hip X-ray shows a fractured neck of femur on the left, fixed with a hemiarthroplasty on day two. Post-operative delirium, settled. Home with a package of four visits a day. GP to stop the tramadol within two weeks.
Dear Dr Osei, thank you for seeing Mr Kilbride (hospital number {MEDICAL_RECORD}) in the chest clinic. The biopsy of the right upper lobe confirms adenocarcinoma. He was told on Tuesday with his wife present and would like the plan explained once more by phone, {PHONE_NUMBER=07700 900417}.
Please book the interpreter for Thursday 10:15. Patient is Farah N., MRN {MEDICAL_RECORD}, 31 weeks, gestational diabetes, on insulin since last week, husband should not be told about the earlier termination. Contact only at {PHONE_NUMBER=+44 7700 900862}.
Prior authorization request. Member: Wendell Pruitt, Medicare {US_MBI}. Ordering physician NPI {US_NPI}, DEA {MEDICAL_LICENSE}. Diagnosis: rheumatoid arthritis with failure of methotrexate and leflunomide. Drug asked for: tocilizumab infusion, 4 mg per kg every four weeks. Please fax the decision within 72 hours.
Befundbericht: Frau Renate Kalkbrenner, geb. {DATE_OF_BIRTH=03.11.1962}, Versicherten-Rentennummer {DE_SOCIAL_SECURITY}. Die depressive Episode ist derzeit schwer, sie ist seit elf Wochen arbeitsunf\u00e4hig, ein Suizidversuch im Fr\u00fchjahr ist bekannt. Wir bef\u00fcrworten die station\u00e4re Rehabilitation.
Compte rendu : Mme Sol\u00e8ne Guillou, NIR {FR_NIR}, vue ce jour pour une r\u00e9cidive d'endom\u00e9triose. Douleurs cot\u00e9es \u00e0 huit, \u00e9chec de la pilule continue. Elle souhaite une grossesse et demande que son employeur ne soit pas inform\u00e9 de l'op\u00e9ration pr\u00e9vue.
Le mando el informe de mi padre para que me explique qu\u00e9 significa: Eusebio Lorente, DNI {ES_NIF}, demencia tipo Alzheimer en fase moderada, dependiente para vestirse y comer, se recomienda centro de d\u00eda y valoraci\u00f3n de la incapacidad.
Referto: paziente codice fiscale {IT_FISCAL_CODE}. Alla risonanza si osservano nuove lesioni demielinizzanti con presa di contrasto. Si propone il passaggio a una terapia di seconda linea; la paziente chiede di non comunicarlo ai familiari.
Karta informacyjna, PESEL {PL_PESEL}. Pacjent przyj\u0119ty z powodu odstawienia alkoholu, trzeci pobyt w tym roku. Drgawki w drugiej dobie. Zalecono terapi\u0119 stacjonarn\u0105, rodzina nie wie o poprzednich pobytach.
Summarise this for the night shift: bed 12, Mr Achterberg, MRN {MEDICAL_RECORD}, HIV positive, viral load undetectable, in for pneumonia, penicillin allergy, partner (not the wife) may visit, he wants nobody else told. Partner reachable on {PHONE_NUMBER=+31 6 5550 1873}.
School nurse log. Pupil Odhran Mulvey, born {DATE_OF_BIRTH=2014-09-06}, address {STREET_ADDRESS=17 Tannery Lane, Ballinrobe}. Seizure in PE at 11:20, two minutes, midazolam given buccally. Mother rung on {PHONE_NUMBER=085 555 0139}, father may not collect under the court order of May.
Medicare card {AU_MEDICARE}, second line on the card. She lost the pregnancy at nineteen weeks, is bleeding again and wants to know whether she can claim the ultrasound at the private clinic in Ballarat or has to go to the public one.
""",
    "identifiers_people": r"""
Please make a clean table of this: \nHenriette Vang, {EMAIL_ADDRESS=henriette.vang@fastmail.example}, {PHONE_NUMBER=+45 71 99 03 42}, owes 2 months rent\nMikkel Dahl S\u00f8rensen, {EMAIL_ADDRESS=mds84@posteo.example}, {PHONE_NUMBER=+45 29 99 18 77}, deposit not paid back yet\nOksana Bilyk, {EMAIL_ADDRESS=oksana.b@gmail.example}, moves out at the end of August
I want to dispute a charge. My card {CREDIT_CARD} was used in a petrol station in Tulsa on the ninth, I was in Oregon all week. Name on card Philippa Stainsby, ZIP 97214, the last good purchase is the dentist on the seventh.
To the consulate: my passport {US_PASSPORT} was stolen from the hotel in Porto along with my wallet. I am Rowan Delacroix, born {DATE_OF_BIRTH=08/19/1987}. My flight home leaves on Sunday. Which form do I bring for the emergency document?
Hi, it's about the flat in {STREET_ADDRESS=Schellingstra\u00dfe 214, 80797 M\u00fcnchen}. I'd like to pay the deposit in three parts. My IBAN for the direct debit is {IBAN_CODE}, ID card {DE_ID_CARD}. I earn enough but the divorce has eaten up the savings.
Fill in the W-9 for me please: Thaddeus Whitlow, sole proprietor doing business as Whitlow Tile, SSN {US_SSN}, {STREET_ADDRESS=908 Kestrel Ridge Rd, Bozeman, MT 59715}. Then tell me whether the client is allowed to withhold a quarter if I do not send it.
KYC refresh for customer 118822: Aadhaar {IN_AADHAAR}, PAN {IN_PAN}, mobile {PHONE_NUMBER=+91 98765 40123}, present address {STREET_ADDRESS=Flat 6B, Kaveri Residency, 3rd Cross, Indiranagar, Bengaluru 560038}. Selfie does not match the card photo. Please draft a polite mail asking him to come to the branch.
Cererea de concediu a fost respins\u0103 pentru angajatul cu CNP {RO_CNP}, pentru c\u0103 a dep\u0103\u0219it zilele. Rog s\u0103 formula\u021bi un r\u0103spuns \u00een care s\u0103 nu se men\u021bioneze boala so\u021biei lui.
Rewrite as a formal complaint: your engineer never came, I took the day off twice, account {US_BANK_NUMBER} at routing {ABA_ROUTING_NUMBER} was debited anyway, I'm Dolores Ybarra, {STREET_ADDRESS=55 Canyon Wren Ct, Las Cruces, NM 88011}, and my landline has been dead since the storm.
Witness statement of Kenneth Oyelowo, {STREET_ADDRESS=Flat 3, 41 Marlpit Rise, Sheffield S11 8QT}, NI number {UK_NINO}: at about ten past eleven I saw the silver van reverse into the cyclist. The driver got out, looked and drove off. I wrote down part of the plate.
Wype\u0142nij formularz reklamacji: Jagoda Wrona, {EMAIL_ADDRESS=jagoda.wrona@poczta.example}, tel. {PHONE_NUMBER=+48 601 555 014}, zwrot na konto {IBAN_CODE}. Pralka ciek\u0142a od pierwszego dnia, serwis by\u0142 trzy razy i nic nie zrobi\u0142.
My ex keeps finding out where I am. She has the login of my old mail, {EMAIL_ADDRESS=casper.lind@mailbox.example}, and maybe a tracker in the car. I moved to {STREET_ADDRESS=Vestre All\u00e9 9, 2. th, 8600 Silkeborg} in March and she must never learn that. What should I change first?
Visitor registration: Leonor Quaresma, carta de condu\u00e7\u00e3o caducada, e-mail {EMAIL_ADDRESS=leonor.q@sapo.example}, telem\u00f3vel {PHONE_NUMBER=+351 910 555 027}. Traz o filho de seis anos, que \u00e9 diab\u00e9tico, por isso precisa de um frigor\u00edfico para a insulina.
Form N-400 draft. Applicant Emeka Nwachukwu, ITIN {US_ITIN}, earlier addresses {STREET_ADDRESS=2217 Pershing Ave, Davenport, IA 52803} and a shelter in 2019. He was arrested once for trespass, charge dropped. How should the question on arrests be answered?
Tax file number {AU_TFN}, that's mine, and my super fund says it doesn't match the one from my last job at the abattoir. Could somebody have used it? I got a letter about wages from a company I never worked for.
Carte d'identit\u00e9 perdue, compte bloqu\u00e9, c'est une catastrophe : je m'appelle Basile Kermarrec, n\u00e9 le {DATE_OF_BIRTH=21/07/1979}, IBAN {IBAN_CODE}. Comment prouver mon identit\u00e9 \u00e0 la banque par courrier ? J'habite {STREET_ADDRESS=6 venelle du Puits, 29100 Douarnenez}.
Baptism list, second Sunday in May: Ines Marchetti (parents at {PHONE_NUMBER=+39 347 555 0162}, not married, please do not print the father's name), Tobia Ferrero ({EMAIL_ADDRESS=ferrero.famiglia@libero.example}), godmother of the latter has left the church.
NIE {ES_NIE}, caducado en enero. La se\u00f1ora trabaja sin contrato en casa de un matrimonio mayor y quiere regularizar su situaci\u00f3n; teme que la expulsen si va sola a la comisar\u00eda. \u00bfQu\u00e9 papeles debe llevar a la cita?
""",
    "identifiers_business": r"""
customer_id;name;email;phone;churn_score\n40117;Bistro Halvorsen;{EMAIL_ADDRESS=post@bistrohalvorsen.example};{PHONE_NUMBER=+47 400 05 518};0.81\n40118;Kaf\u00e9 Rund;{EMAIL_ADDRESS=eier@kaferund.example};{PHONE_NUMBER=+47 400 05 877};0.34\n40121;Nordlys Catering;{EMAIL_ADDRESS=anna@nordlyscatering.example};{PHONE_NUMBER=+47 400 05 190};0.66\nWrite a discount mail for each one above 0.6
Wire instructions changed, please confirm by phone before Friday: beneficiary Calder & Roe Trustees, account {IBAN_CODE}, BIC {SWIFT_CODE=MIDLGB22XXX}, amount 418,000.00, reference completion of plot 9. Do not use the account in last week's letter.
Payroll correction for June: Benedikta R\u00f3sa, account {IBAN_CODE}, gross 48,200, tax card not received, garnishment for the municipality 3,400 until further notice. Her manager should not see the garnishment line.
Hello IT, locked out again. User mgraf, laptop {MAC_ADDRESS}, I'm at the hotel on {IP_ADDRESS}. The VPN password I was given is {SECRET=Gletscher-Funke-18} and the second factor sends to my old phone {PHONE_NUMBER=+41 79 555 03 21}.
Vendor master update: Meenakshi Traders, GSTIN {IN_GSTIN}, UPI {IN_UPI=meenakshitraders@okhdfcbank}, contact {PHONE_NUMBER=+91 90000 55127}. Payment terms go from 45 to 90 days without telling them before Diwali. Draft the internal note.
Firewall report, night of the 4th. 212 failed logins on the mail gateway from {IP_ADDRESS}, one success for the account of the CFO, {EMAIL_ADDRESS=u.brandvold@fennbrook.example}. A rule that forwards everything with the word invoice was found in her mailbox. Nothing has been said to the customers so far.
prod .env, for whoever covers me next week:\nDB_HOST=pg-main.fennbrook.lan\nDB_PASSWORD={SECRET=Muschel_Regen_402}\nSMTP_USER=relay\nSMTP_PASSWORD={SECRET=u8Kp-2vXz-Q0mc}\nThe admin panel uses the same one as SMTP, don't ask.
Grant agreement 2027-114: payee Dr. Signe Aakj\u00e6r, tax IdNr. {DE_TAX_ID}, account {IBAN_CODE}. 64,000 in two parts, the second one only if the ethics committee accepts the change of the sample. Two reviewers were against.
Corporate card list for the auditors: Ilse Vermaak {CREDIT_CARD} limit 5,000; Tapio Rinne {CREDIT_CARD} limit 12,000; Chidi Obi {CREDIT_CARD} limit 30,000. Ilse's card shows three cash withdrawals at a casino. Turn it into an audit note.
Donor file: anonymous gift of 2 bitcoin from {CRYPTO}, letter of thanks to be sent to {EMAIL_ADDRESS=kh@hartwell-office.example} only. The donor is the former minister; the board has agreed never to say so.
Recruiter export\nRafferty Quill | {EMAIL_ADDRESS=rquill@proton.example} | {PHONE_NUMBER=(503) 555-0148} | wants 165k, notice 4 weeks, present boss does not know\nSunniva Aas | {EMAIL_ADDRESS=sunniva.aas@online.example} | {PHONE_NUMBER=+47 900 05 733} | on maternity leave until October
Shipping manifest with a complaint attached: consignee Auberge du Lac, {STREET_ADDRESS=112 chemin des \u00c9rables, Magog, QC J1X 3W4}, owner's SIN {CA_SIN} written on the customs form by mistake. Ask customs how it can be struck from the record.
SSH from {IP_ADDRESS} with the shared key of the backup user; password in the runbook is still {SECRET=bk-Torvald-1917}. Please list everybody who had access to the runbook since January, I have to tell the insurer by noon.
The tenant in unit 14 (DL {US_DRIVER_LICENSE}, {PHONE_NUMBER=(415) 555-0176}) is two months behind, has a dog that is not in the lease and told the super that he lost his job. Draft a three-day notice, soft tone.
Rechnung 2026-0331 wurde doppelt bezahlt. Bitte 7.140,00 Euro an {IBAN_CODE} zur\u00fcck, Ansprechpartnerin ist Frau M\u00fchlegger, {EMAIL_ADDRESS=muehlegger@alpenglas.example}. Intern: dem Kunden den Skonto nicht noch einmal gew\u00e4hren, er ist fast zahlungsunf\u00e4hig.
Ledger of the club for the treasurer: Vreni Zgraggen paid from {IBAN_CODE}, Beat Odermatt still owes 260 and has asked us not to tell his wife. Members' birthdays for the newsletter: Vreni {DATE_OF_BIRTH=2.4.1949}, Beat {DATE_OF_BIRTH=30.9.1955}.
We found the following in a public bucket: scans of passports incl. {UK_PASSPORT} (Hughes, T.) and {UK_PASSPORT} (Adeyemi, F.), bank letters with {IBAN_CODE}. About 900 files, open since April. Help me write the notice to the regulator.
""",
    "identifiers_chats": r"""
[09:41] Bea: did you get into her account?\n[09:41] Tom: yes with the sms code, she uses {PHONE_NUMBER=0151 5555 0194}\n[09:43] Bea: send me the iban then\n[09:44] Tom: {IBAN_CODE}\nIs my daughter, Bea, in trouble because of this conversation?
<ana> my dad wants his pension on the new account {IBAN_CODE}, can you write the letter, he is {DATE_OF_BIRTH=12 de mayo de 1948} and doesn't see well since the stroke\n<bot> Sure, what is the name of the fund?
Agent: may I have the long number on the front? Caller: {CREDIT_CARD}. Agent: and the name? Caller: Ottoline Prudhoe. Agent: thank you, I can see three payments to the clinic. Caller: please don't send anything home about those.
voice note transcribed: ja hallo, hier Frau Petzold, {STREET_ADDRESS=Am M\u00fchlgraben 3, 04509 Delitzsch}, ich wollte sagen dass mein Mann seit gestern im Pflegeheim ist und die Rente bitte auf {IBAN_CODE} gehen soll, und er soll das nicht wissen
WhatsApp group "Carers Ruth": Mum's NHS number is {UK_NHS}, key safe code {SECRET=4086}, she takes the blue pill only after food, and Colin is not to be let in again after what he did with the cheques.
forum DM: hey, I'm the guy with the fertility question. since you're a doc: {DATE_OF_BIRTH=June 3, 1990}, count was 2 million, mail me at {EMAIL_ADDRESS=quietfern90@inbox.example}, wife thinks it is her
Support chat 5531\nCustomer: my name is Lucasz Brandys, PESEL {PL_PESEL}, I can't log in\nAgent: your account was frozen because of a bailiff\nCustomer: my wife must not see this in the joint account\nWrite a summary for the next agent.
Dispatcher notes: caller whispering, woman, {STREET_ADDRESS=1840 Alder Hollow Road, Duluth, MN}, husband drunk with a rifle, two kids in the bathroom, callback {PHONE_NUMBER=218-555-0133} text only.
Ticket reopened by Ilan: "You mailed my payslip to somebody else. Mine is SSN {US_SSN}, I got the one of a woman with {US_SSN}, who makes 20k more than me for the same job." Please classify the urgency.
Slack, #people-private: FYI Dorothea's bank account is {IBAN_CODE}, and hold back the May commission, she has resigned and takes the Antwerp accounts with her. Legal will call her on {PHONE_NUMBER=+32 470 55 50 19}.
Hola, soy la madre de Iker, NIE {ES_NIE}. El colegio no le deja ir de excursi\u00f3n porque moja la cama. \u00bfMe ayuda a escribir al director? Mi correo es {EMAIL_ADDRESS=maite.urrutia@correo.example}.
Mam problem: pracodawca przelewa mi po\u0142ow\u0119 pensji do r\u0119ki, a po\u0142ow\u0119 na konto {IBAN_CODE}. Teraz zasz\u0142am w ci\u0105\u017c\u0119 i zasi\u0142ek b\u0119dzie \u015bmiesznie niski. Nazywam si\u0119 Kinga Sowa, mieszkam {STREET_ADDRESS=ul. Lipowa 27/4, 15-424 Bia\u0142ystok}.
Telegram from my brother: send 0.4 to {CRYPTO}, the people I owe will wait till Monday and not longer, dont tell mom, my new number is {PHONE_NUMBER=+30 694 555 0127}
Bonsoir, ma fille (NIR {FR_NIR}) a \u00e9t\u00e9 hospitalis\u00e9e pour anorexie, la mutuelle refuse le lit accompagnant. J'ai besoin d'une lettre ferme, adress\u00e9e \u00e0 leur m\u00e9decin conseil, sans parler de sa premi\u00e8re tentative.
Please proofread: "Dear Mr Lindqvist, your tenant, Ms Abara ({EMAIL_ADDRESS=n.abara@webmail.example}), has been sentenced to eight months. She asks you to store her belongings, box key at {STREET_ADDRESS=Storgatan 88, 903 30 Ume\u00e5}."
Home router export for the helpdesk: WAN {IP_ADDRESS}, phone of the au pair {MAC_ADDRESS}, son's tablet {MAC_ADDRESS}. Parental filter shows that the au pair visits job sites and the son something much worse. What can I block?
From the union rep: five of the night shift want to join, list follows, management must not see it. Abdul K. {PHONE_NUMBER=07911 555 018}, Carys {PHONE_NUMBER=07911 555 640}, Piotr W. {PHONE_NUMBER=07911 555 227}. Make cards with the names for the ballot.
""",
    "medical": r"""
I was diagnosed with bipolar disorder three weeks ago and have told no one at the bank where I work. The lithium makes my hands shake and a client joked about my hangover. Should I say something to my team leader, or is it smarter to wait until the probation is over?
My wife had a double mastectomy in April. She cannot look at herself, cries when the children hug her, and says we should sleep in separate rooms. I don't know how to talk to her about it. What would be a first sentence that doesn't hurt?
Since the vasectomy two months ago I've had a dull pain on one side and I can't tell my mates why I quit the football team. Is that normal, and when would you go back to the urologist?
Case note. Twelve-year-old girl, cuts on the left forearm of different ages, says the cat did it. Lives with the grandmother since the mother went back into rehab. Eats lunch alone. She asked me to promise that I won't phone home. Suggest how to word the referral to the child protection team.
Hab seit der Geburt keinen Tag nicht geweint. Wenn der Kleine schreit, denke ich manchmal, es w\u00e4re besser, ich w\u00e4re weg, dann h\u00e4tte mein Mann Ruhe. Meine Schwester sagt, das ist der Babyblues, aber es sind jetzt schon sieben Wochen.
We got the result today: the baby has trisomy 18. The hospital gives us until Monday. My mother-in-law is a deacon and would never forgive us. How do other couples make this decision, and what do I tell the people at work who already gave us a pram?
Physio report for the insurer: the claimant walks with a stick into the practice, but was seen by me on Saturday carrying a canoe. Range of motion inconsistent. He admitted that he is afraid of losing the weekly benefit and also that he has begun to drink in the mornings.
My father is 81 and hides his hearing aids, forgets the stove, and last night he called me by my dead brother's name. He was a judge and he is terrified that people find out. How do we get him tested without telling him what it is?
Ho smesso di prendere gli antipsicotici da un mese perch\u00e9 mi facevano ingrassare, il mio ragazzo non lo sa. Da qualche giorno sento di nuovo i vicini parlare di me attraverso il muro. Devo dirlo alla psichiatra?
Clinic round, ward for eating disorders: the patient in the window bed is down to 38 kilos, pulls out the tube at night, the parents are splitting up and blame each other in front of her. The team is divided over forced feeding. Make bullet points for the meeting with the guardian.
""",
    "hr": r"""
Between us: we are letting go of the whole Gdynia test team at the end of the quarter, eleven people. Nobody there knows. Radek will be offered a move to Cork, the others get the legal minimum. I need a script for the call on the 28th that leaves no room for discussion.
Draft of a warning. On three Mondays in a row Mr Vantongeren came in smelling of alcohol, twice he drove the forklift. His shift leader covered for him since his son's accident. Make it firm but leave the door open for treatment.
I interviewed both. Candidate A is better, but she told me she is doing IVF this spring and we need someone for the launch. Candidate B is a friend of the director. Help me word the rejection of A so that it's safe.
Notes of the talk with Samira: says that Guy comments on her clothes, came to her room at the fair in Lyon, sent messages at night. She does not want to file anything, because he writes her review. Two others hinted at the same last year. What am I obliged to do now?
Performance summary for Leif, not to be shared: technically the weakest of the platform group, hides behind tickets, took 31 sick days, twice caught asleep. The plan is to give him an unreachable goal for the autumn and part ways in December.
Our nursery's manager resigned this morning after parents learned she'd left the toddlers alone for twenty minutes. The staff is told it's for family reasons. Please write the notice to the parents in the same vein.
In Abteilung 4 hat der Betriebsrat herausbekommen, dass Jens die Arbeitszeiten von Mirela nachtr\u00e4glich ge\u00e4ndert hat, damit keine \u00dcberstunden anfallen. Er gibt es zu. Wir wollen ihn versetzen, ohne dass der Grund im Protokoll steht.
exit interview, senior nurse, 19 yrs in the house: left since she was passed over three times, the last time for the medical director's niece; says that two medication errors in the spring were never reported; goes to the competitor across the river
The rota for Ramadan was a mess. Yusuf fainted at the oven, and Darren wrote in the group chat that "they" should eat like everybody else. Yusuf's wife phoned me in tears. I'd like to suspend Darren but he is the union's man. Options?
""",
    "salary": r"""
The band for seniors goes to 92, but we took Ingeborg on at 78 since she never asked. Now a junior with an offer from the bank gets 85. If she hears of it, she's gone. Should I lift her before she finds out, and how do I explain that to the controller without a precedent? He already thinks that I'm soft on my team, and the pot for the whole floor is 11 thousand this year.
Pension fund letter says I'll have 870 a month. I'm 59, I cleaned offices in the evening for twenty years, half of it off the books because my husband didn't want me on his tax card. Is there anything I can still do about it without getting the two families I worked for into trouble?
We pay Oriane 4,150 and Babak 4,900 for the very same desk, and she found his payslip in the printer. HR suggests a one-off of 2,000 if she signs that she'll drop it. Is that a good idea, how would you phrase the paper?
Bonus round, final: Kestrel team 18 percent except for Nadja, who gets 4 because she told the client about the delay. Walter gets 25 and keeps it quiet. The pool that is left goes to the two partners. Turn this into a letter for each.
My husband thinks I earn about as much as he does, 3,400 net. It's 5,800. I put the rest in an account that he doesn't know, in case I need to leave one day. Do I have to list it on the form for the child's day-care fee?
I'm the only one in the crew without a raise. Foreman has 31 an hour, Tuck 29, the new kid 27, me 24.50 after nine years, and I trained all three. Write what I should say to the owner on Friday, he is also my uncle.
La directrice financi\u00e8re part avec 14 mois d'indemnit\u00e9, soit 168 000, et une clause qui l'oblige \u00e0 dire qu'elle voulait voyager. Le comit\u00e9 d'entreprise ne doit conna\u00eetre ni le montant ni la clause. Pr\u00e9parez l'annonce interne.
""",
    "financial": r"""
I've lost 62,000 on options since January, most of it is the money from my mother's house that belongs half to my sister. She wants to buy a flat in the autumn. I haven't slept for days. Is there any way to get it back or at least to explain it?
Credit memo, internal: the bakery chain can't service its loan beyond October. The owner has pledged the family home twice. We roll it over once more so that it isn't in this year's figures, and we sell to the fund in January. Keep it out of the branch's system.
We're eleven weeks away from running out of cash. Only the three of us and the lawyer know. If the bridge from the two angels falls through we must file; until then payroll goes first and the landlord gets stories. Please build a weekly plan on that basis.
My parents' restaurant hasn't paid VAT for five quarters, and my dad keeps the unopened letters in the freezer. He thinks that I, as the one who studied, can fix it. What are the first three things we should do, and could he go to prison?
Vi har aftalt med banken at s\u00e6lge sommerhuset uden at sige det til b\u00f8rnene fra f\u00f8rste \u00e6gteskab. G\u00e6lden er 1,9 millioner, og min mand har spillet resten v\u00e6k. Hvordan skriver jeg til dem, uden at de ringer til en advokat?
Private: the trust pays Cosima an allowance as long as she stays sober, tested each month. The March sample was positive, she begged me to swap it. I'm her cousin and also the trustee. Which duty comes first?
Since my divorce I pay 940 maintenance out of 2,600, the car is leased, the card is at its limit and the bank has just cut the overdraft. I eat at work. Is personal insolvency something for people like me or only for those who've done something wrong?
""",
    "legal": r"""
Privileged. Our own expert agrees that the brake hose was under-specified from batch 30 onwards, and the purchasing manager knew it in May. If the plaintiffs get the lab mails, settlement value triples. Recommendation: offer at mediation before the disclosure date, up to four million.
My client swears that he was not at the bar, but he told me on the way to court that he was and that he pushed the man. The hearing is tomorrow. How do I examine the barmaid without putting forward what I know is false?
The will leaves everything to the carer. My aunt signed it two weeks after the second stroke, when she called the nurse Mama. My cousins want to contest, I promised my aunt I wouldn't. What evidence would a court look at?
I'm due to be sentenced on the 19th for taking money from the parish fund, about nine thousand over three years. I've paid back half. My daughters think it's a speeding matter. Could you help me write to the judge in plain words?
Interner Vermerk: Die Gegenseite wei\u00df nicht, dass unser Patent in Korea schon angefochten ist. Wir sollten den Vergleich noch vor dem Bescheid unterschreiben und die Garantie zur Rechtsbest\u00e4ndigkeit so weich wie m\u00f6glich fassen.
After ten years together he wants the dog, the allotment and half of my pension, and he says that if I don't sign he will tell the court that I drank when our son was small. It was one winter. What happens if he does?
Mediation brief: the neighbours' son filmed our daughter in the changing room of the pool. He's fifteen, the parents offer to move away if we don't go to the police. My wife wants it, I don't, our daughter doesn't speak. Lay out both ways.
An employee of the supplier gave us their price list for the tender in a brown envelope. Procurement has already used it. Legal proposes to withdraw quietly, the sales director wants to bid. Write the pros and cons for the two of them, no copies.
Asylum statement, second version: I left because the militia took my brother and because of my relation with a man from the next village. I didn't mention the man in the first interview as the interpreter came from my town. Please make the order of events clear.
""",
    "private": r"""
Dear diary, or whoever reads this. I went to the meeting for the first time. Basement of the library, eight chairs, bad coffee. I said my name and then that I've bet away the holiday, the piano and what Gran left for the girls, and nobody gasped. A woman who drives a bus put her hand on my sleeve. At home I told Elin that I had been swimming; my hair was dry and she looked at it for quite a while. I have deleted the apps again, for the fifth time. On the first of the month the man from the garage wants his eleven hundred, and I've written in the budget that it's for the gutters. I would like to tell her on Sunday, after the girls are in bed, before she opens the letter from the bank, which I've put into the drawer under the candles. Can you help me find the first three sentences?
I kissed my best friend's husband at her fortieth birthday. Once, in the garage, by the freezer. It's two years ago and she has just asked me to be godmother. Do I tell her, or is that only to ease my own mind?
Our son, 16, told us yesterday that he's a girl. I said all the right things and then sat in the car for an hour. My husband hasn't spoken since. On Sunday the whole family comes for lunch. How do we get through that without hurting the child?
the thing is i don't love my baby. i feed him, i bathe him, i smile when people look, and inside it's like being behind glass. i wanted him so much. please dont tell me to go for a walk
For nine months I've been getting dressed, taking the 7:40 train and sitting in the library, because I could not tell my wife that I'd lost my post. The severance ends in three weeks. Where do I begin?
My sister isn't my sister, she is my mother. I found the hospital bracelet when we emptied the attic. Everyone over sixty knows. I'm forty-four and I have no idea what to do at Christmas.
Me gusta una compa\u00f1era de la iglesia y soy el pastor, casado, con tres hijas. No ha pasado nada, pero cuento los d\u00edas entre ensayo y ensayo. \u00bfDebo pedir el traslado sin decir por qu\u00e9?
My roommate brings strangers home every night and has started to leave needles in the bin. He's the landlord's nephew and he knows that I have no papers. How can I make him stop and not lose the room?
I think that my boyfriend reads my phone while I sleep. He knew about the call with my ex, about the test I bought and even about the job in Leeds. Last week he held the door shut, just for a minute, he said it was a joke.
We stopped having sex after the second child and that was six years ago. He thinks it's hormones. The truth is that I have never liked it, not with him nor anyone, and I've only just found a word for it. Help me write him a letter.
""",
    "plans": r"""
Confidential - succession. Our founder has told the three of us that the tremor is Parkinson's and that he'll stay until the anniversary in June, not a day longer. His daughter wants the chair and believes that it's promised to her; he wants Birgit, who has twice said no and who has an offer from the Danes. The bank's covenant names him in person, so they must hear of it before the staff, but not before the refinancing is signed in March. The supervisory board is split four to three. If the family sells, the Danes have a right of first refusal from 2011 that nobody mentions any more. Proposed order: first Birgit, then the daughter together with her father, then the chair, then the bank, and staff in the week after Easter. Press: nothing, and if asked, "there is no date". Make a one-page timetable of this, with who speaks to whom, what may be said, and what must not be in writing.
Embargoed until the board has voted: the Aarhus plant closes in two steps, painting first, then assembly; 140 jobs. Tools go to Brno. The mayor gets a call the evening before, the union an hour before. Please make this into talking points for the site manager.
Project Heron, status: we sign with the Portuguese on the 12th if their auditors accept the pension gap. Price 310 million, a third in shares. Only nine people are on the list. Draft a holding statement in case a paper calls.
Roadmap for next year, do not forward: the cheap model without a screen comes in March, so we stop talking about the screen in October. The glasses slip to the year after because of the battery that swells. Competitor has noticed the supplier change.
Before our price increase of 14 percent is out on the first, the three largest customers get an offer to extend at the old price, the rest hears about it by newsletter on a Friday. Help me write the call guide for the key accounts.
We will drop our support for the bypass after the election, not before. The two members from the valley don't know yet and must go on defending it in the debates. How do we word the programme so that both readings are possible?
Recipe card for the line in Poznan: the new brine has 1.8 percent lactate, twelve minutes at 68 degrees, and the crucial step is the second rest that nobody outside the house does. Convert the amounts to a batch of 900 litres, and no, legal says not to patent it.
Our offer for the hospital tender is 2.14 a meal, the floor is 1.96. We know the incumbent is at about 2.20 and that their kitchen failed the inspection in spring. Write the cover letter and stress hygiene without naming anyone.
Le lancement du vaccin v\u00e9t\u00e9rinaire est repouss\u00e9 de dix mois : deux lots sur cinq ont perdu leur activit\u00e9. Les investisseurs ne le sauront qu'apr\u00e8s la lev\u00e9e de fonds. R\u00e9sumez la situation en dix lignes pour le pr\u00e9sident.
The club has agreed terms with the keeper from Graz, but will go on telling the fans that we trust our own boy until his contract runs out in June. His agent suspects something. What should the coach say on Saturday?
""",
    "incidents": r"""
MEMO - management only. Subject: what happened on line 2 between 21:40 and 22:15 last Wednesday. The light curtain of the press had been bridged with a wire since the end of April, so that the night crew could reach the quota; the shift leader knew it, and so did the deputy plant manager, who had asked for "creative solutions" in a voice message. The operator, a father of two who had been with us for four weeks, lost three fingers of his right hand. The wire was taken away before the ambulance came. The inspectorate has been told that he reached around the guard. The works doctor doubts it and has asked for the log of the controller, which does show the bridge. We have until Friday to decide whether we correct our statement. Insurance has not yet been told about the message. The lawyer recommends correcting it at once; the head office in Lyon would prefer to wait until the operator has signed the offer of 40,000. Please write the two options with risks, half a page each, and don't soften the facts.
The laptop of our social worker was taken from her car on Sunday. It wasn't encrypted as she'd been waiting for the new one for months. On it are the visit notes on thirty-one families, among them the two in hiding. She's beside herself. Write me a call list for tonight, worst cases first, and a line to say to each.
Post-mortem, restricted: the outage was not the storm. Somebody on our side ran the clean-up job against production and the standby had been off since the audit. We told the customers "network issue". Two of them lost a day of bookings. Write the internal lessons, no names.
Near miss in theatre 3: the wrong knee was marked, noticed by the student before the cut. The surgeon asked everyone to treat it as a correction rather than an incident. I am the anaesthetic nurse. How do I report it and keep my job?
Between the Thursday and the Saturday count 46 tablets of oxycodone are missing from the ward cupboard. Three people had the key, one of them came back from sick leave on Friday with pinpoint pupils. What do I write into the report and what do I keep for the talk?
The pen test found that every guest on the Wi-Fi of the ferry can open and shut the fire doors through the crew panel. The fix needs the dry dock in February. Until then the fleet office wants the finding marked low. Rewrite the summary for the class society.
A child was left on the bus for fifty minutes in the heat on Tuesday. He's all right. The driver, who is my brother-in-law, forgot the walk-through because I'd sent him to the second run early. The parents have been told ten minutes.
Summary for the supervisory board: the phishing mail was opened by the managing director himself, the attacker read his calendar and mail for five weeks, incl. the talks with the bank. The authority has not been told since the deadline is disputed. Tone: factual.
""",
    "harmless_press": r"""
FOR IMMEDIATE RELEASE - Fennbrook Bikes will open its fourth shop in Odense on 2 May. The first hundred visitors get a free bell. The company was founded in 1998 and employs about sixty people in Denmark and Schleswig.
The city of Tampere announced on Monday that its tram network will be extended to the university hospital. Construction is to begin next spring and to take three years; the budget, 92 million euros, was approved by the council in open session.
Quarterly results, published today: revenue rose by 6 percent to 412 million, operating margin was 9.1 percent, and the board confirms its outlook for the year. A webcast for analysts and the press begins at 10:00 CET.
The merger of the two ferry companies was completed on 1 July after the competition authority gave its consent. Timetables, tickets and loyalty points stay valid, and both brands are kept until the end of the season, the companies said in a joint statement.
Product recall: Please do not use the garden chair "Lund" with article number 4471 any longer, as the rear leg may break. Return it to any of our shops, a receipt isn't needed. We apologise for the inconvenience.
The museum's director, who has led the house since 2014, will retire at the end of the season, as was announced at the annual meeting. The post will be advertised in October. Please shorten this notice to one sentence.
Comunicado: la autopista entre las salidas 14 y 17 permanecer\u00e1 cerrada el fin de semana por obras de asfaltado. Se recomienda utilizar la carretera comarcal. El tr\u00e1fico se reabrir\u00e1 el lunes a las cinco.
After the storm the utility reports that all 3,200 households in the north of the county have power again. Crews from two neighbouring states helped. Customers can claim compensation with the form on the website.
Statement on the data incident of 3 March: as we told customers and the authority at the time, no payment data was touched. The final report by the outside auditors is now on our website, with the measures we have taken since.
Die Stadtb\u00fccherei bleibt vom 12. bis zum 26. August wegen Inventur geschlossen. Entliehene Medien werden automatisch verl\u00e4ngert, Geb\u00fchren fallen in dieser Zeit nicht an. Die R\u00fcckgabeklappe ist weiterhin zug\u00e4nglich.
Layoffs in the car industry: as the company confirmed at its press conference, about 1,200 jobs are to go by the end of next year, chiefly by early retirement. The works council had been informed in March. Write three headlines for this story.
The academy has awarded this year's prize for children's literature to a picture book about a snail who wants to be on time. The jury praised the humour and the quiet colours. The ceremony is open to the public.
""",
    "harmless_figures": r"""
According to the national statistics office, the median gross wage of full-time employees was 3,640 euros a month last year, with nurses slightly below and software developers well above that figure. How large is the gap between the two in percent?
Explain this table of the labour survey: unemployment 5.4 percent, among those under twenty-five 11.2 percent, long-term 1.9 percent; participation of women 76 percent, of men 82 percent. Which of these numbers is likely to be seasonal?
In a trial with 1,204 participants the new drug lowered systolic pressure by 9 mmHg against 3 in the placebo group. Dropouts were equal in both arms. What does a confidence interval of 4.8 to 7.2 for the difference tell us?
About one in eight couples has trouble conceiving, and in roughly a third of the cases the cause lies with the man. Treatments have become more common since the turn of the century, as the registry's annual report shows.
The table of the public sector pay scale: grade 7 step 1 is 2,911.40, step 2 3,104.12, step 3 3,290.55. Teachers with a master's degree usually start in grade 13. Put it in CSV, please.
Average rent per square metre in the five biggest cities, asking prices: 18.20, 16.90, 14.10, 13.40, 12.80. Source: the institute's report of September. Draw me a simple bar chart in ASCII.
Suicide rates have fallen by about a fifth in two decades in most countries of the region, a review in a public health journal finds, with access to means and help lines among the reasons that are discussed.
Turnout at the local election was 58.3 percent, up by two points. The greens won four seats, the liberals lost three. The final result will be certified by the returning officer on Friday at noon in the town hall.
Household debt as a share of disposable income: Denmark 200 percent, the Netherlands 185, Sweden 180, Germany 82, Italy 58. Why do countries with large pension funds tend to come first in such a list?
D'apr\u00e8s l'enqu\u00eate, 42 % des salari\u00e9s ont t\u00e9l\u00e9travaill\u00e9 au moins un jour par semaine, et la moiti\u00e9 d'entre eux souhaitent continuer ainsi. Les cadres sont nettement plus nombreux que les ouvriers.
Inspection results for all restaurants are published each month: in May 91 percent got a smile, 7 percent a neutral face and 2 percent a frown. A neutral face means that something has to be corrected before the next visit.
Batting averages this season: first team 31.4, second team 27.9, youth 22.6. Highest score 148 not out in the semi-final. Write a paragraph about it for the club's public website.
""",
    "harmless_howto": r"""
To bleed a radiator, turn the heating off, let it cool, hold a cloth under the valve and open it with the key a quarter turn. Close it when water instead of air comes out and check the pressure afterwards.
How to write a warning letter: name the date and the behaviour, say which rule was broken, say what is expected from now on and what follows if it happens again, and let the employee reply. Keep it short and factual.
How do you tell a friend that you can't come to her wedding? Be early, be honest, don't offer five excuses, send something that shows you thought about the day, and propose to meet afterwards.
First aid for a seizure: keep calm, note the time, move hard things away, put something soft under the head, do not hold the person down, don't put anything in the mouth. Call an ambulance if it takes longer than five minutes.
If you lose your bank card, call the number on the bank's website, have the card blocked and file a report if it was stolen. Watch the account for the following weeks. Never give the PIN to anyone who phones you.
Checklist for a performance review: prepare examples, begin with what went well, agree on two goals, write down what was agreed, ask what you as manager could do better. Plan an hour, and don't read out a form.
So richten Sie die Zwei-Faktor-Anmeldung ein: App \u00f6ffnen, auf Sicherheit tippen, den QR-Code scannen und den sechsstelligen Code eingeben. Bewahren Sie die Ersatzcodes an einem sicheren Ort auf, nicht auf dem Handy.
How does one prepare for a job interview in a hospital? Read the annual report, know the wards, think of one difficult situation with a patient that you handled, and have two questions of your own ready.
Making a will, in short: write it by hand, sign and date it, name an executor, tell someone where it is. In some countries witnesses are needed. Couples without a marriage certificate should take special care.
To apply for parental leave, tell your employer in writing at least seven weeks before it begins and state for which periods. The form of our union, which is attached, is only a help and isn't required.
Backup strategy for a small office: three copies, two kinds of media, one away from the building. Test a restore every quarter, write down who does it, and keep an offline copy against ransomware.
C\u00f3mo pedir una cita en el centro de salud: entre en la web de su comunidad, identif\u00edquese con certificado o tarjeta, elija m\u00e9dico y hora. Si no tiene internet, llame al n\u00famero que figura en su tarjeta.
How to read a payslip: gross pay stands at the top, then come the tax and the social contributions, and at the bottom what is paid out. The column at the right is usually the sum since January.
""",
    "harmless_fiction": r"""
Chapter one. The clinic stood on the hill above the harbour, and everyone in it was lying. The doctor lied about the results, because the results were his own; the nurse lied about her name, which she'd taken from a gravestone in Cork; and the patient in room nine, who had been a bank director, a priest and once, for a summer, a bear in a circus, lied for pleasure. "You've got six months," said the doctor. "I've had six months since the war," said the patient. Outside it began to snow upwards. In the kitchen the cook found a finger in the flour, counted her own, and was relieved. Nobody called the police, as the police were in room eleven with a broken leg and a secret. This is the beginning of my novel for the autumn competition of our writing circle; it will be read out in public. Is the tone even, does the bear come too early, and would you go on reading? Please answer as an editor who is kind, but not too kind.
Write the next scene: Captain Orsolya opens the sealed letter, reads that the fleet will be sold to the enemy, and burns it over the lamp before the cook comes in with the soup. Make the cook suspicious and funny.
"I've never loved you," said the lighthouse keeper to the sea, "but I've never been bored." The sea, which had been told such things before, put a herring on his doorstep. Continue this fairy tale in the same tone.
In the third act the duke confesses that the child is his brother's. The stage is empty but for a swing. Is this still a comedy? Discuss it with regard to the tradition of the genre, in about a hundred words.
Plot for a crime novel: a pharmacist poisons three judges, one for each year her husband sat in prison. The detective is the fourth judge's driver. Suggest a twist that doesn't make the driver guilty.
Role play for a language class. A: You are a hotel guest, your suitcase is gone. B: You are the receptionist and new in the job. Talk until you've found a solution. Use at least five verbs from the list.
Poem, please: an old man at a bus stop who has forgotten where he is going, but remembers all the bus numbers of his childhood. No rhyme, twelve lines, and no mention of the word memory.
Once upon a time there was a king who paid his jester more than his general. When the war came, the jester was sent to the front, and the enemy laughed so much that they went home. Translate it into Dutch.
Dungeon master notes: the innkeeper is a retired thief, his daughter knows it, the key to the crypt hangs behind the clock. If the players pay in silver he warns them, if they pay in gold he sells them.
Summary of the film: a violinist loses his hearing, hides it from the orchestra for a season and is found out by the second bassoon. Critics loved the silent last quarter of an hour. What would be a good tagline?
Mon personnage s'appelle Hyacinthe, vit en 1890, dirige une mine et dort mal depuis l'\u00e9boulement qu'il a fait passer pour un accident. Aide-moi \u00e0 \u00e9crire son monologue dans le confessionnal, une page au plus.
Quiz for the fan club: in the second book, who tells the orphan that her aunt lied about the shipwreck? Which animal carries the ring across the ice? Write ten questions of that kind with answers.
Sketch for the office party: the boss fires the coffee machine, which then demands a severance of four hundred beans and a good reference. Please keep it under two minutes and don't make jokes about real colleagues.
""",
    "harmless_recipes_jobs": r"""
Lentil soup for four: fry an onion, two carrots and a stick of celery, add 250 g of brown lentils, a litre of stock and a bay leaf, simmer for forty minutes, finish with vinegar. How long does it keep in the freezer?
We're looking for a night porter (m/f/x) for our hotel at the harbour, 30 hours a week, 14.80 an hour plus bonus for Sundays. You speak German and English and keep calm when three coaches arrive at once.
Rye sourdough, day one: 50 g flour, 50 g water. Day two: feed with the same amount. From day four on it should double within eight hours. If it smells of nail varnish it's hungry, not spoilt.
Job: payroll specialist, part time, remote. You run the monthly wages for 180 staff, answer questions on sick pay and parental leave and keep things confidential. Salary range 48,000 to 54,000. Apply through our careers page.
Pickled herring: 500 g fillets, 2 dl vinegar, 3 dl water, 2 dl sugar, a red onion, allspice. Boil the brine, let it cool, pour it over and wait for two days. Convert the amounts to cups, please.
Trainee programme in nursing: three years, six wards, start in September or February. You need a school certificate, good health and curiosity. The pay in the first year is 1,340 a month according to the public agreement.
Wir suchen zum 1. Oktober eine Erzieherin oder einen Erzieher f\u00fcr unsere Waldgruppe, 32 Stunden. Sie haben Freude an Matsch und Liedern. Bezahlung nach Tarif, dazu ein Zuschuss zur Monatskarte.
Vegan chocolate mousse with three ingredients: the liquid from a tin of chickpeas, 150 g of dark chocolate and a spoonful of sugar. Whisk the liquid for ten minutes until it stands, fold in the melted chocolate and chill.
Open position: legal counsel, mergers and acquisitions, at an international firm, five years' experience, fluent Spanish. We value people who can explain a warranty clause to an engineer. Equal opportunity employer; closing date 30 November.
Menu of the week in the canteen: Monday pea soup, Tuesday pasta with walnut pesto, Wednesday fried plaice, Thursday chicken with apricots, Friday leftovers. Mark the dishes with gluten and make a printable sheet of it.
""",
    "harmless_products": r"""
The thermostat shows E4 when it can't reach the boiler. Move the receiver closer, press the round button for five seconds until it blinks green, then link both again. If E4 comes back, call an installer.
Version 4.2.0 brings a dark mode, faster search and a fix for the crash on older tablets. From this version on passwords can be pasted into the login form. The old import format isn't supported any more.
Warranty: two years from the date of purchase. Not covered are wear, damage by water and changes made by others. Send the device with a copy of the receipt to the address of your country on the last page.
The endpoint returns at most 200 items; use the cursor for the next page. Errors come as JSON with a code and a message. Rate limit: 60 calls a minute for each key. See the section on retries.
Package leaflet: do not take this medicine if you're allergic to ibuprofen, have a stomach ulcer or are in the last three months of pregnancy. Tell your doctor about heart problems. Side effects may include heartburn and dizziness.
Our travel policy cover pays up to 10,000 for medical treatment abroad and up to 500 for lost luggage. The excess is 50 per claim. Skiing is included, racing isn't. See the full conditions on the website.
Payment settings: customers can save several cards. The card number is never kept by the shop, only a token from the payment provider. To test, use the provider's sandbox and the test cards listed in its documentation.
The bed frame comes in two boxes. You need a cross-head screwdriver and a second person. Lay out all the parts first, screw the legs on loosely, and tighten everything only when the slats fit.
HR module, manual, chapter 7: to record a dismissal, open the employee's file, choose "End of contract", enter date and reason, and print the letter. The role "Personnel" is required. Sample screenshots show made-up data.
Kaffeemaschine entkalken: Tank leeren, Entkalker und einen halben Liter Wasser einf\u00fcllen, Taste drei Sekunden gedr\u00fcckt halten. Das Programm dauert etwa zwanzig Minuten. Danach zweimal mit klarem Wasser durchsp\u00fclen.
This fabric is woven from recycled fishing nets. Wash at 30 degrees, don't iron the print, dry in the shade. The jacket is made in Portugal; the factory's latest social audit can be read online.
""",
    "harmless_questions": r"""
What are the usual early signs of multiple sclerosis, how do doctors tell it from other illnesses, and does the course differ much between people who get it at twenty and people who get it at fifty?
In general, can an employer in the Netherlands dismiss somebody during sick leave, and which exceptions does the law make? I'm preparing a lesson for students of business administration and need the articles.
How does a mortgage with a variable rate differ from a fixed one, and what would be an argument for each when interest is expected to fall within the next two or three years?
Why do some people stay with partners who hit them? I'm looking for an overview of the research in psychology and sociology, with the main explanations and a fair word about their limits.
What is the difference between bankruptcy and insolvency in English law, and is a person who has been declared bankrupt allowed to be the director of a company before being discharged?
Is it true that vitamin D helps against winter depression? Please say what large trials have found and what is still open, without giving medical advice for a particular person.
How should a company announce redundancies according to good practice? List the order in which the board, works council, those affected, the remaining staff and the press are usually told, and the reasons for that.
What does an average wedding cost in Ireland, what are the biggest items, and by how much can the bill be cut if one marries on a weekday in November?
Which questions may an interviewer not ask in Canada? For instance about age, plans for children, religion, or illness. And what can an applicant do when such a question comes up all the same?
Can you explain how chemotherapy works, why hair falls out and why nausea is less common today than it was thirty years ago? It's for a school talk in year nine.
\u00bfQu\u00e9 es una hipoteca inversa y en qu\u00e9 se diferencia de la venta con usufructo? Busco una explicaci\u00f3n neutral, con ventajas e inconvenientes, para un art\u00edculo de una revista de mayores.
What do economists mean by moral hazard? Give an example from health insurance, one from banking and one from everyday life, each in no more than three sentences.
How is child maintenance worked out in England and Wales when both parents work and the child sleeps at each home the same number of nights? A worked example with round numbers would be good.
Hvad er forskellen p\u00e5 en \u00e6gtepagt og et testamente, og hvorn\u00e5r giver det mening for et par med sammenbragte b\u00f8rn at have begge dele? Svar gerne i punktform og uden juridisk jargon.
Why do start-ups keep their plans secret before a launch, and why do others build in public? Compare the two styles with well-known examples and say in which markets each of them works best.
""",
    "harmless_public_figures": r"""
Marie Curie shared the Nobel Prize in Physics in 1903 and got the one in Chemistry in 1911. She died in 1934 of aplastic anaemia, very probably caused by radiation. Which museum keeps her notebooks?
The president published his tax return for last year on Friday, as the law demands: an income of about 400,000 dollars, mostly his salary and royalties from two books, and some twenty percent of it paid in tax.
Franklin Roosevelt used a wheelchair after an illness in 1921, and the press of his day hardly ever showed it. Historians today argue over whether it was polio or another disease. Sum up the two positions for me.
The striker's move for a fee of eighty million was the talk of the summer. His club gave the length of the contract as five years at the official presentation. Who holds the record for the most expensive transfer?
Beethoven wrote the Heiligenstadt Testament in 1802, in which he tells his brothers of his growing deafness and despair. He never sent it. It was found among his papers after his death and printed in the same year.
The actress told a magazine in 2019 that she had been treated for breast cancer and that she wants women to go to screening. Since then she has been the patron of a charity. Write a neutral line for an encyclopedia.
Napoleon was born at Ajaccio on 15 August 1769 and died on Saint Helena on 5 May 1821. His will left something to the man who had tried to kill Wellington. Is this anecdote true?
The company's founder earns a salary of one dollar a year, as it says in the annual report, but holds eleven percent of the shares. The report is filed with the stock exchange and open to everyone.
The mayor announced at a public meeting that she'll not stand again in spring. She thanked her party, named no successor and said that she would like to learn to sail. Turn it into a short radio item.
Le prince a abdiqu\u00e9 en direct \u00e0 la t\u00e9l\u00e9vision le 14 janvier, apr\u00e8s cinquante-deux ans de r\u00e8gne. Son fils a\u00een\u00e9 lui a succ\u00e9d\u00e9 le jour m\u00eame. Combien de souverains europ\u00e9ens ont abdiqu\u00e9 depuis 2010 ?
Court news: the former minister was sentenced to two years in an open trial on Tuesday, all newspapers report. The presiding judge read the reasons for an hour and a half. An appeal is possible within a week.
""",
    "harmless_support": r"""
Your shop's website shows me an empty basket every time I log in, in two browsers and on the phone as well. I've cleared the cache. Is it a known problem, and when will it be fixed?
I'd like to change the delivery date of an order from Friday to Monday, but the button is grey. Do I have to cancel and order anew, or can somebody at your end do it for everyone in my situation?
Does the family plan cover children who study abroad? And if one of us leaves the plan in the middle of the month, is the price the same until the end of the month or from that day on?
The printer pulls in two sheets at once since the last roll was changed. I cleaned the rollers with a damp cloth and tried other paper. What else can be done before I ask for a technician?
How do I delete a user from my team's workspace without losing the documents that person made? I couldn't find it in the help pages; they only describe how to add somebody.
Mein Paket steht seit vier Tagen auf "in Zustellung". Gibt es bei Ihnen gerade Verz\u00f6gerungen im Norden, und ab wann kann man einen Nachforschungsauftrag stellen? Im Voraus danke f\u00fcr die Antwort.
Could you please tell me if the hearing aid batteries of size 312 fit the model with the blue door? The label on the box says 13 and the salesman said that it doesn't matter.
Is it possible to pay by invoice as a private customer? On the payment page I see only cards and the wallet of the phone company. If it's not, do you plan to offer it?
The app says "session expired" right after I've entered the code from the text message. The clock of the phone is right. I use version 4.2.0 on an older model. Any ideas?
My subscription was extended although I thought I had switched off the renewal in spring. What is your policy on refunds within fourteen days, and where in the account can I see the date of the next renewal?
Bonjour, la notice du v\u00e9lo parle d'une cl\u00e9 de six pans qui ne se trouve pas dans le carton. Est-elle comprise dans la livraison, ou faut-il en acheter une \u00e0 part ? Merci d'avance.
What's the phone number of your service desk and at what hours is it open? The number on the website leads to a tape that tells me to look on the website.
""",
    "harmless_code_logs": r"""
def net_salary(gross: float, rate: float, allowance: float = 0.0) -> float:\n    # pay after tax; the allowance is not taxed\n    return allowance + (gross - allowance) * (1 - rate)\n\nWhy does the test with a rate of 1.0 fail?
2026-08-17 06:00:01 INFO scheduler - job=cleanup started\n2026-08-17 06:00:04 INFO scheduler - job=cleanup deleted=182 kept=4410\n2026-08-17 06:00:04 WARN scheduler - job=mail skipped, queue empty\n2026-08-17 06:00:05 INFO scheduler - done in 4.1s
CREATE TABLE patient (\n  id bigint PRIMARY KEY,\n  born date NOT NULL,\n  ward_id int REFERENCES ward(id),\n  discharged_at timestamptz\n);\nWrite an index for the query that lists those still in the house, by ward.
class EmployeeFactory(factory.Factory):\n    name = factory.Faker("name")\n    salary = factory.Faker("pyint", min_value=2000, max_value=9000)\nHow can I make the salaries of a team add up to a fixed sum in the tests?
Traceback (most recent call last):\n  File "pay.py", line 41, in run\n    total += row["net"]\nTypeError: unsupported operand type(s) for +=: 'int' and 'str'\nWhat is the cleanest way to convert the column while reading the CSV?
diff --git a/docs/oncall.md b/docs/oncall.md\n@@ -3,4 +3,5 @@\n-Escalate after 30 minutes.\n+Escalate after 15 minutes.\n+Write a post-mortem for every page at night.\nPlease write a commit message of one line for this.
Dockerfile review: FROM python:3.12-slim, WORKDIR /app, COPY requirements.txt, RUN pip install, COPY the rest, USER nobody, CMD gunicorn. Is the order good for the layer cache, and is there anything unsafe in it?
[warn] deprecated option "legacyPeerDeps"\n[info] compiled 812 modules in 6.2 s\n[info] bundle size 412 kB (gzip 131 kB)\n[error] budget exceeded: main.js is 12 kB over the limit\nHow do I find out which dependency is to blame?
SELECT department, percentile_cont(0.5) WITHIN GROUP (ORDER BY monthly_pay) AS median_pay FROM payroll GROUP BY department HAVING count(*) >= 10; explain what the last clause is good for in terms of privacy.
nginx: [emerg] duplicate location "/api/" in /etc/nginx/conf.d/site.conf:27. I've got one block for the old version and one for the new, how can both live under the same path with a header deciding?
Write a regular expression that finds German bank account numbers in the form with two letters, two digits and eighteen more digits, with or without blanks, and a unit test that uses an obviously invalid number.
# Migration plan\n1. Add the column, nullable.\n2. Backfill in batches of 5,000.\n3. Set NOT NULL.\n4. Drop the old column a release later.\nWhat would go wrong on a busy table if steps 1 and 3 were one?
""",
    "harmless_letters": r"""
To the editor: I have read your article on the new cycle bridge with interest, and as someone who crosses the river twice a day I'd like to add three points. First, the railing is too low for tall people, which every engineer I spoke to at the opening admitted with a smile. Secondly, the lamps are so bright that the bats, which your nature column praised only last autumn, have moved to the mill. Thirdly, and that is my main point, nobody has thought of the ramp on the east side: whoever comes down it with a loaded bicycle meets the queue in front of the bakery, and the queue does not move, since the rolls are excellent. I suggest a mirror, a line of paint and a second oven. I'd be glad if the council, which meets on Wednesday in public, put it on its list. The bridge itself is beautiful, and I wouldn't want to be without it any more. With kind regards from a reader in the old town. Could you shorten my letter to a hundred words?
Dear members, the annual meeting takes place on Thursday, 14 March, at half past seven in the village hall. On the agenda: report of the board, accounts, election of a treasurer, new nets for the tennis court, any other business. Coffee and cake are on us.
Template for a letter of dismissal: Dear [Name], we hereby end the contract of employment of [date] with effect from [date]. The reason is [reason]. Please return [items]. Yours sincerely, [Company]. Could you make it sound less cold?
Dear [first name], thank you for your application. After careful thought we've decided to go on with other candidates. This says nothing about your abilities. We wish you every success on your way. [Signature]
Agenda for the team day: 9:00 arrival, 9:30 what went well this year, 11:00 walk round the lake, 12:30 lunch, 14:00 goals for the coming half-year, 16:00 cake and end. Bring shoes that may get muddy.
Minutes of the book club: we talked about the translation, most of us liked the second part better, the ending split the group. Next time we read something short. Bring a sandwich and a pencil, as always.
To all residents: the water will be turned off on Tuesday between nine and twelve, since a valve in the cellar is replaced. Please fill a bucket beforehand. Laundry day moves to Wednesday. The house management.
Sample medical certificate for training purposes. Patient: John Doe. Diagnosis: common cold. Unable to work: three days. Doctor: Jane Roe. This form isn't a real document, it's used in our course for receptionists.
Please improve the wording of this out-of-office note: I am away until the 24th and read no mail. In urgent cases, my colleagues at the service desk will help you. Your message won't be forwarded.
Invitation: The chamber choir sings on Saturday at six in the church of St Mary, with works by Byrd, P\u00e4rt and two students from the academy. Entrance is free, a collection is held at the door.
Liebe Eltern, am Freitag findet der Wandertag statt. Die Kinder brauchen feste Schuhe, Regenjacke, Trinkflasche und ein belegtes Brot. Wir sind gegen zwei Uhr zur\u00fcck. Bei Gewitter gehen wir ins Museum.
Model clause: each party shall keep confidential what it learns about the other party's business for five years after the end of this agreement. This does not apply to what is public. Is five years usual in the sector?
""",
}


KINDS = {kind: filled(rows, 40 + i) for i, (kind, rows) in enumerate(_KINDS.items())}

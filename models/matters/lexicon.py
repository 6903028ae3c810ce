"""Words by what they stand for, in six languages, by hand: small letters, no accents.

A word with ``*`` stands for all that begin with it. Classes are what the model knows a word by that
no training text holds: it has read "diabetes", and treats lupus alike. The first class that
names a word has it.
"""

from __future__ import annotations

CLASSES: dict[str, str] = {
    "TITLE": """
mr mrs ms miss mister dr prof herr frau herrn mme mlle monsieur madame senor senora don dona sr sra
signor signora sig mevrouw meneer dhr mw heer
""",
    "FAMILY": """
wife husband mother father mum mom dad son daughter brother sister uncle aunt grandma grandpa grandmother
grandfather grandson nephew niece cousin stepdad stepmother stepfather stepson parents child children kid kids baby
boyfriend girlfriend fiance fiancee partner spouse ex widow twins inlaw sibling siblings toddler
ehefrau ehemann mann mutter vater sohn tochter bruder schwester oma opa tante onkel eltern kind kinder freundin
freund neffe nichte schwiegermutter schwiegervater geschwister enkel cousine
femme mari mere pere fils fille frere soeur grand-mere grand-pere oncle enfant enfants beau-pere belle-mere copain copine
mujer esposa esposo marido madre padre hijo hija hermano hermana abuela abuelo tio tia hijos novia novio suegro suegra primo prima cunado
moglie marito figlio figlia fratello sorella nonna nonno zio zia figli fidanzata fidanzato suocera cognato genitori
vrouw echtgenoot moeder vader zoon dochter broer zus oom vriendin vriend ouders kinderen schoonmoeder
""",
    "ROLE": """
patient client employee applicant claimant candidate tenant colleague coworker co-worker boss neighbour neighbor suspect
defendant accused inmate debtor borrower resident pupil student driver nanny cleaner apprentice intern trainee worker
subject insured policyholder member beneficiary guardian caregiver landlord lodger veteran witness victim complainant
roommate flatmate classmate teammate manager ceo cfo cto founder supervisor director lead
patientin klientin mandant mandantin mitarbeiter mitarbeiterin bewerber bewerberin kollege kollegin kollegen chef chefin nachbar
nachbarin schuldner azubi auszubildende bewohner bewohnerin schuler schulerin angestellter versicherter
patiente cliente salarie salariee candidat candidate locataire collegue patron patronne voisin voisine eleve prevenu
paciente empleado empleada candidato candidata inquilino companero companera jefe jefa vecino vecina acusado alumno detenido
paziente assistito impiegato impiegata dipendente candidata inquilino collega capo vicino imputato alunno
patiente client medewerker medewerkster sollicitant huurder collega baas buurman buurvrouw verdachte leerling bewoner werknemer clienten
""",
    "I": "i my me mine myself ich mein meine meinen meinem meiner mich mir je mon ma mes moi yo mi mis io mio mia miei ik mijn mij j'ai j",
    "WE": "we our us ours wir unser unsere uns nous notre nos nosotros nuestro nuestra noi nostro nostra wij ons onze",
    "YOU": "you your yours du dein deine sie ihr ihnen vous votre vos tu usted ustedes voi vostro jij jouw u uw",
    "HE": """
he she him her his hers himself herself er ihm ihn seine seinen seinem ihre ihren ihrem elle lui il son sa ses ella su sus
lei suo sua suoi egli hij zij haar hem zijn
""",
    "DISEASE": """
brustschmerz* atemnot vorhofflimmern finger hip injury injured accident broke broken wound* pain* insulin-dependent trouble bipolaire sclerose
cancer* tumour* tumor* carcino* leukaemia leukemia lymphoma melanoma sarcoma metasta* malignan* lesion* biops* diabet* hiv aids sti std
std's chlamydia herpes syphilis gonorrh* hepatitis tubercul* asthma* copd emphysema pneumonia bronchitis epilep* seizure*
migraine* stroke infarct* aneurysm thrombosis embolism hypertens* hypotens* arrhythm* angina cardiomyopathy
alzheimer* dementia parkinson* huntington sclerosis als lupus crohn* colitis ibs celiac coeliac arthritis rheumat* gout
osteopor* fibromyalgia psoria* eczema acne* kidney* renal dialysis cirrhosis pancreat* gallstone* hernia* ulcer* anaemia anemia
haemophilia hemophilia sickle thyroid* hypothyroid* hyperthyroid* endometriosis pcos menopaus* miscarr* abort* pregnan* ivf infertil*
stillbirth impoten* erectile incontinen* depress* anxiety panic bipolar schizo* psycho* ptsd trauma* adhd autis* asperger* ocd anorex*
bulimi* binge self-harm suicid* overdos* alcoholi* addict* withdrawal relaps* sober rehab detox burnout burn-out insomnia dyslexi*
tourette* down* disabled disabilit* wheelchair paralys* paralyz* amputat* blind deaf fracture* disc scoliosis concussion coma
allerg* anaphyla* infection* sepsis covid* fever bleed* haemorrh* hemorrh* swollen tremor* vertigo obes* overweight bmi
diagnos* symptom* prognos* relapse remission terminal palliative hospice ill illness sick sickness disease* disorder* syndrome condition
ailment* unwell hospitali* cyst* polyp* prostate colon ovar* uter* cervi* breast lung liver bowel bladder heart
krebs* brustkrebs darmkrebs leukamie zucker* epilept* schlaganfall herzinfarkt* demenz dement depression* depressiv* angst* psychose* borderline
magersucht* magersuchtig* alkoholkrank* alkoholvergiftung suchtig sucht* schwanger* fehlgeburt abtreibung krank* erkrank* behindert*
schub* schmerz* multiple multipler morbus syndrom seropositiv* vih sida enceinte grossesse avc cardiaque maladie* malade souffre atteint* demence
alcoolis* dependan* anorexi* fausse-couche avortement handicap* infarto ictus derrame cancro tumore embarazad* embarazo incinta aborto depresion*
depressione malatti* malato enfermedad* enferm* trastorno* disturbo esquizofren* demenza demencia sieropositiv* alcoholismo alcolismo drogodepend*
beroerte kanker* borstkanker suikerziekte depressi* zwanger* miskraam ziek* verslaafd verslaving psychose overspannen hartaanval dementie ziekte
""",
    "DRUG": """
lamotrigine seroquel testosterone codeine marcumar ocrelizumab naproxen
insulin* metformin sertraline fluoxetin* escitalopram citalopram venlafaxine prozac zoloft paroxetin* lithium litio valpro* quetiapine clozapine olanzapine
risperidon* lorazepam diazepam xanax alprazolam zolpidem methylphenidate ritalin adderall levodopa donepezil* rivastigmin* gabapentin pregabalin tramadol
oxycodone morphine morphin* fentanyl methadone buprenorphine naltrexone heroin cocaine kokain cocaina meth amphetamine* cannabis weed thc
warfarin heparin statin* atorvastatin metoprolol bisoprolol ramipril lisinopril amlodipine levothyroxine prednison* cortison* methotrexate
adalimumab infliximab ocrelizumab biktarvy prep truvada antiretroviral* chemo* radiother* tamoxifen antibiotic* antidepress* antipsychotic* ssri ssris
mesalazine mesalamin* allopurinol penicillin* amoxicillin* ibuprofen paracetamol epipen viagra hormone* pill pills tablet* tablette* medikament*
medication* medicament* farmac* medicijn* prescri* dose dosage mg inhaler vaccin* steroid* opioid* painkiller* antihistamin* thiamine blutverdunner
comprim* pastilla* medicina medicinen
""",
    "CARE": """
doctor* physician surgeon* surger* operat* nurse* clinic hospital* ward icu oncolog* cardiolog* neurolog* psychiatr* gynecolog* gynaecolog* urolog*
dermatolog* orthop* paediatric* pediatric* radiolog* midwife gp therapist* therap* counsel* psycholog* x-ray mri ct scan ultrasound ecg ekg
lab labs hba1c psa creatinine platelets hemoglobin haemoglobin cholesterol blood pressure sugar test tested admitted admission discharge* icd
treated treatment* referred referral symptoms intake anamnes* transplant* pacemaker catheter stent* ectomy appendectomy hysterectomy vasectomy
mastectomy physiotherap* bedridden sicknote patients
klinik krankenhaus arzt arztin hausarzt arztlich* stationar entlassungsbrief befund* behandel* pflege* operation operiert psychiatrie
hopital medecin* hospitalis* chirurg* ordonnance soins infirm* hospital medico medica ingresad* tratamient* ospedal* ricoverat* referto ricovero
ziekenhuis huisarts arts opgenomen behandeling
""",
    "PAY": """
pagan paga pagano bekommt kriegt krijgt paye payes verdienst einkunfte dienstwagen sign-on bonuses
salar* wage* payroll payslip* paycheck* pay paid earn* earns earning* earnings gross net bonus* raise compensation remuneration rsu stock options severance
commission overtime pension base comp hourly annually yearly payrise takehome underpaid overpaid payout allowance
gehalt* verdien* lohn* brutto* netto* bonus pramie* zulage* abfindung gehaltserhohung steuerklasse rente
salaire* gagne touche brut net prime augmentation indemnit* retraite paie sueldo* salario* nomina gana cobra bruto neto aumento prima
stipendio* guadagn* lordo netto busta premio liquidazione tfr verdient salaris* loon* loonstrook bruto netto opslag
""",
    "HRW": """
suspended vorgesetzt* personalakte personalgesprach blame insult* stealing steals slack* idle misbehav* unpunctual einstellen renueva rinnov* rubava
fired fire dismiss* terminat* layoff* redundan* sacked resign* quit quits quitting notice warning* warned disciplin* misconduct grievance* complaint* complain* harass*
bully* bullied bullying discriminat* appraisal* review performance underperform* pip probation* promot* demot* suspension suspended rating rated absent absence* lateness
unpunctual parental maternity hr interview hire hired hiring reject* rejected reference shortlist* overqualified attrition poach* works council union feedback unreliable leave
kundig* gekundigt abmahn* entlass* fristlos aufhebungsvertrag betriebsrat probezeit beurteilung mobb* belastig* begrapsch* zeugnis versetz* fehlt unentschuldigt
licenci* avertissement* faute demission* harcel* entretien essai embauche rh syndicat despid* despedir despido renuncia acos* acoso amonest* faltas recursos
licenz* dimission* molest* richiamo sindacato verbale ontslag* ontslaan waarschuwing gepest pesten functioner* proeftijd lastig
""",
    "DEBT": """
debt* owe owes owed owing loan* mortgage* arrears bankrupt* insolven* bailiff* evict* foreclos* repossess* default* overdraft* overdrawn garnish* creditor* payday gambl* casino
inherit* savings saved portfolio equities bonds shares balance credit score fico rent afford broke benefits welfare alimony maintenance lottery
taxes tax undeclared account* crypto instalment* repay* guarantor collections income assets
schuld* verschuldet insolvenz* gerichtsvollzieher schufa kredit* raten mietruckstand pfand* erb* erbe* steuer* einkommen
dette* endett* surendett* huissier credit* loyer* impay* heritage decouvert revenus hipoteca embarg* desahuci* deuda* debe debo impago* asnef herencia ingresos prestamo alquiler
debit* mutuo pignor* rate eredit* reddito affitto prestito schulden* huurachterstand deurwaarder schuldsanering hypotheek lening erfenis inkomen achterstand
""",
    "CRIME": """
overstayed stahl gestohlen rubare rubava robaba robo belastingfraude steuerhinterziehung bestechung fahrerflucht ermittelt staatsanwaltschaft ransom attackers
arrest* convict* accus* charged alleg* assault* theft thief stole stolen steal* burglar* robbery fraud* embezzl* brib* forg* murder* manslaughter homicide rape* raped abuse* abused abusive molest*
stalk* dui drunk drugs dealing drug trafficking illegal undocumented deport* asylum visa overstay* papers probation parole prison jail inmate sentence* offender felony misdemeanor criminal offence offense violence violent
verhaftet angeklagt beschuldigt vorbestraft straftat diebstahl betrug* drogen gefangnis haft missbrauch* vergewalt* geschlagen schlagt korperverletzung anzeige
mis-en-examen condamn* vol fraude escroquerie prison viol violences drogue detenu acusad* conden* estafa robo maltrat* droga antecedentes carcel pegar
accusat* condannat* furto truffa spaccio carcere violenza verdacht* veroordeeld mishandel* diefstal strafblad drugshandel gevangenis cel
""",
    "COURT": """
lawyer* attorney* solicitor* barrister court* judge* hearing* lawsuit* sue suing sues sued settle* settlement custody divorc* testif* testimony deposition witness* plea plead* prosecut* police
inheritance will testament probate restraining litigation privileged mediation claim claims verdict appeal* injunction evidence statement
anwalt anwaltin gericht* richter* prozess sorgerecht scheid* urteil klage mandat* testament aussage vergleich
avocat* tribunal juge garde proces audience temoin plainte abogad* juzgado juez juicio custodia denunci* demanda testigo
avvocat* tribunale giudice processo custodia affidamento querela testimone advocaat rechter rechtbank voogdij getuige aangifte
""",
    "INTIMATE": """
lesbienne lesbica geht-fremd fremd grindr tinder unmarried ethnic origin sikh orthodox catholic union crush
affair* cheat* cheated cheating lover* sex sexual* sexting nude* naked porn gay lesbian bisexual trans transgender queer closeted came coming-out virgin orientation kissed slept dating breakup separated separation
adopted adoption paternity illegitimate religion muslim jewish sect atheist converted faith confessed confession lonely ashamed shame jealous marriage unfaithful mistress runaway shelter hits hit beats beat violent
affare fremdgeh* schwul lesbisch geoutet trenn* getrennt einsam scham betrug* ehe adoptiert trompe* trompe maitresse homosexuel* separ* seul honte avou* enga* amante lesbiana infiel
tradi* amante omosessual* separat* vergogna vreemd homo lesbisch gescheiden eenzaam schaamt
""",
    "SECRET": """
confidential* confidence secret* secretly privately private hush quiet silent silence hide hides hiding hidden nobody whisper sensitive discreet* undisclosed privileged embargo leak leaks unpublished unannounced unreleased
forward disclose* internal nda between don't doesn't dont doesnt anyone know knows told tell
vertraulich* geheim* heimlich niemand verheimlich* weiss ahnt weitersagen intern verrat*
confidentiel* personne secret diffuser repete confidencial* secreto nadie reenviar enter* comentes riservat* segreto nessuno inoltrare vertrouwelijk* geheim niemand doorvertellen doorsturen stil
""",
    "DEAL": """
walk-away embargo* ransom
acqui* merger* merge buyout takeover valuation ebitda pre-money term-sheet termsheet loi investor* board runway burn churn guidance margin* tender bid bids bidding supplier* reseller* discount* prices pricing patent* prototype roadmap
formula recipe trade shutdown closure restructur* divest* revenue forecast quarter unpatented codename vulnerab* breach* recall launch quarterly profit* ipo exclusivity due-diligence
ubernehmen ubernahme aufsichtsrat werk stellen umsatz marge angebot rachet* conseil marge compraremos adquir* fusion consejo margen acquisiamo acquis* consiglio margine overname bestuur omzet
""",
    "NEWS": """
reported reports announced announces said newspaper press spokes* reuters bbc according journal* magazine headline* interview article minister ministry official* statistics office survey poll study researchers scientists trial trials findings celebrity
actor actress singer footballer president senator premier prince princess king queen star stars
laut meldet meldete teilte zeitung dpa minister ministerin studie umfrage statistik* sprecher selon rapporte annonce journal communique etude ministre sondage segun informo comunicado ministro estudio encuesta periodico
secondo scrive comunicato giornale studio ministro indagine volgens meldt persbericht krant minister onderzoek
""",
    "STAT": """
average median mean percent percentage rate rates population million billion worldwide global annual nationwide trend statistics per capita gdp inflation index share proportion
durchschnitt* prozent milliarden millionen weltweit moyen* pour-cent milliard* millions monde promedio media ciento millones mundo percento miliardi milioni gemiddeld* procent miljoen miljard wereldwijd
""",
    "GENERIC": """
what how why which explain define describe compare difference overview guide guideline* tips checklist template* sample placeholder* policy handbook leaflet brochure blog article faq rules law laws regulation* rights general typical usually generally example examples quiz
exam question questions history meaning definition list steps introduction employees workers people adults patients persons companies organisations businesses someone somebody anyone vacancy
was wie warum welche erklare vorlage muster beispiel* leitfaden unterschied regeln allgemein ursachen quels quelle quel comment pourquoi modele exemple difference regles
que cuales cual cuanto como porque plantilla ejemplo diferencia reglas quali quanto come perche modello esempio differenza regole wat hoe waarom sjabloon voorbeeld verschil regels
""",
    "FICTION": """
novel story stories tale poem poems song lyrics character characters protagonist hero heroine chapter film movie play scene fiction fictional plot screenplay dragon detective inspector fairy once act role-play roleplay pretend imagine joke
roman geschichte gedicht figur marchen film conte poeme personnage novela cuento poema personaje romanzo racconto poesia personaggio verhaal gedicht personage
""",
    "ADVERT": "job ad advert apply vacancy wanted opening salary-range stellenanzeige offre d'emploi oferta empleo annuncio offerta vacature bewerbung cv",
    "DATE": """
january february march april may june july august september october november december jan feb mar apr jun jul aug sep oct nov dec monday tuesday wednesday thursday friday saturday sunday
januar februar marz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre lundi mardi mercredi jeudi vendredi samedi dimanche
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miercoles jueves viernes sabado domingo gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre lunedi martedi mercoledi giovedi venerdi
januari februari maart mei juni juli augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
""",
    "CURRENCY": "eur euro euros dollar dollars usd gbp pound pounds chf franken k grand cents bucks yen rupees",
    "NAME": """
aaron abdul abigail adam adriana agnes ahmed aisha alan alejandro alessandro alex alexander alexandra ali alice alicia amanda amelia amina amir amy ana anastasia anders andrea andreas andrew andrzej anita anna anne annika antonio
arjun arthur astrid axel barbara beatrice beatriz ben benjamin bernd beth bianca bill birgit bob brandon brenda brian bruno camille carla carlos carmen caroline catherine cecilia charles charlotte chen chiara chloe chris christian christina christine
claire clara claudia colin craig cristina daniel daniela daria david debbie deborah denise dennis derek diana diego dieter dimitri dmitri dominik dorothy edward elaine elena eleanor elisabeth elizabeth ella ellen emil emily emma eric erik erika ernesto esther eva evelyn
fabian farid fatima felix fernando fiona florian francesca francesco francis francois frank franz fred frederik gabriel gabriele george georg gerald gerard gina giovanni giulia giuseppe gloria gordon grace greg gregor guido gustav hana hanna hannah hans harald harriet harry hassan heather heike helen helena helga henry hiroshi holger hugo
ian ibrahim igor ilse ines ingrid irene irina isabel isabella ivan jack jacob jacques jakob james jamie jan jana jane janet jasmine jason javier jean jeff jennifer jens jeremy jessica jim jin joan joanna joe joerg johan johanna john jonas jonathan jorge jose josef joseph josh joyce juan judith julia julian julie jun juliette
kaan kai karen karin karim karl karsten kate katharina katherine kathrin katja keith kelly ken kenji kevin khalid kim kirsten klaus kofi krzysztof kurt kwame lars laura lea leila lena leo leon leonard leonie lewis liam lily linda lisa liz louis louise luca lucas lucia lucy luis lukas luke lydia
maja manuel marc marcel marco marcus margaret maria marie marina mario marion mark markus marta martha martin martina mary mateo matteo matthew matthias max maya megan mehmet melanie melissa mia michael michel michelle miguel mike mila milan miriam mohamed mohammed monica monika monique muhammad
nadia nadine nancy natalia natalie natasha neil nicholas nick nicola nicole nils nina noah noor nora norbert oleg olga oliver olivia omar oscar otto owen pablo pamela paolo pascal patricia patrick paul paula paulina pavel pedro peggy peter petra philip philipp pierre piotr priya rachel rafael rahul raj ralf raul rebecca renate ricardo richard rita robert roberto robin roger roland rosa rosie roy ruth ryan
sabine sally sam samira samuel sandra sara sarah scott sean sebastian sergio sharon sheila silvia simon simone sofia sofie sonia sophie stefan stefanie stella stephanie stephen steve steven sue sunita susan susanne sven sylvia tanja tanya tara tariq teresa thea theo theresa thomas tim timo tina tobias todd tom tomasz tony tracy ursula uwe
valentina vanessa vera verena veronica victor victoria viktor vincent viola walter wanda wei wendy werner william wolfgang xavier yan yasmin yuki yusuf yvonne zara zoe lieke bram daan sanne femke jeroen kees pieter marieke willem lotte fleur maarten joost
julien thierry sylvie nathalie amelie elodie guillaume benoit mathilde lucie remi ignacio pilar rocio iker nuria giulio elisa federico alessia davide silvio lorenzo
""",
}
SUFFIXES: dict[str, str] = {
    "DISEASE": "itis oma osis aemia emia opathy ectomy otomy plegia phobia algia trophy uria paenia penia iasis sclerose karzinom entzundung krankheit ziekte syndroom",
    "DRUG": "azole mycin cillin prazole sartan olol pril statin azepam tinib mumab zumab ximab vir tide gliptin gliflozin oxetine",
}  # fmt: skip
"""Ends of words of at least eight letters."""

COMMON = """
know known knows anyone between don't doesn't dont doesnt internal forward review reviews
performance leave test tested report statement claim claims evidence base options balance account
works council interview reference rating rated quit quiet private privately formula recipe launch
board stock condition heart forecast quarter prices pricing assets supplier* roadmap prototype
came faith notice union trade dose mg comp scan labs lab treated referred plead settle* appeal*
hourly allowance dating marriage separated separation beat beats blind deaf terminal disc down*
orientation coma revenue bid bids fever score shares bonds finger hip origin ethnic broken broke
orthodox accident discount* tender
"""
"""Words of those classes that say too little to be looked for; they count where others are near."""

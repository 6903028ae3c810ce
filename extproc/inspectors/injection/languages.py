"""Orders to drop instructions, and asks for hidden ones, in languages other than English.

One entry a language, in the spelling of folded text: no accents, no breathings. In which order
the parts stand and what may stand between them is the same question in every language, so
`patterns` answers it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

_STOP = r".!?;。！？।"
_MARKS = r"\x00-@\[-\x60{-\x{BF}\x{2000}-\x{206F}\x{2E00}-\x{2E7F}\x{3000}-\x{303F}،؛؟।־"
_LETTER, _OTHER = f"[^{_MARKS}]", f"[{_MARKS}]"
"""Not Unicode's classes of letters: a hundred ranges each, in hundreds of places."""


@dataclass(frozen=True, slots=True)
class Language:
    """Alternatives, as regular expressions.

    `drop`: verbs and predicates; `earlier`, `hidden`: of the instructions; `yours`: the
    assistant's; `orders`: nouns; `prompt`: names of the system prompt; `reveal`: verbs.
    """

    drop: str
    earlier: str
    yours: str
    orders: str
    hidden: str
    reveal: str
    prompt: str = r"system ?prompts?"
    bounds: str = ""
    """Nouns for what holds it back, if it has any but `orders`."""
    spaced: bool = True
    """Words stand apart."""


LANGUAGES = (
    # German
    Language(
        drop=r"ignorier\w*|vergiss|vergessen|miss?acht\w*|verwirf|verwerfen|verworfen|setz\w* dich uber|aufgehoben|ungultig|auße?r kraft|hinfallig|(?:gelt\w*|beacht\w*|befolg\w*|folg\w*) (?:ab (?:jetzt|sofort) )?(?:nicht|keine)",
        earlier=r"vorherig\w*|bisherig\w*|obig\w*|vorig\w*|fruher\w*|vorangegangen\w*|vorangehend\w*|ursprunglich\w*|vorstehend\w*|zuvor (?:erhalten|gegeben)\w*|bislang (?:erhalten|gegeben)\w*",
        yours=r"deine[nrms]?|dein|ihre[nrm]?",
        orders=r"(?:system ?)?(?:anweisung|instruktion|vorgabe|befehl|richtlinie|direktive|regel)\w*",
        bounds=r"(?:sicherheits|standard|ethische\w* |moralische\w* )?(?:beschrankung|einschrankung|grenze|programmierung|protokoll|filter|schranke|sperre|schutzma(?:ß|ss)nahme)\w*",
        hidden=r"(?:geheim|intern|versteckt|verborgen|initial|ursprunglich|anfanglich|vertraulich)\w*",
        reveal=r"zeig\w*|gib|geben sie|nenn\w*|verrat\w*|schreib\w*|wiederhol\w*|kopier\w*|druck\w*|offenleg\w*|offenbar\w*|ausgeben|poste|wie laute\w*|was steht in",
        prompt=r"system ?(?:prompts?|anweisung\w*|instruktion\w*|nachricht)",
    ),
    # French
    Language(
        drop=r"ignor(?:e[sz]?|ons|er|ant)|oubli(?:e[sz]?|er|ons)|fais abstraction|faites abstraction|ne (?:tien[st]|tenez) (?:plus |pas )?compte|ne (?:suis|suivez) (?:plus|pas)|annul(?:e[sz]?|er)|sont (?:annule|caduc|suspendu|levee?)\w*|ne s appliquent plus",
        earlier=r"precedent\w*|anterieur\w*|ci dessus|initial\w*|d origine|prealable\w*|qui precede\w*|recues? (?:avant|jusqu)\w*",
        yours=r"tes|ton|ta|vos|votre",
        orders=r"instructions?|consignes?|directives?|ordres|regles?",
        bounds=r"restrictions?|limites?|limitations?|protocoles?|programmation|filtres?|garde fous?|contraintes",
        hidden=r"systeme|cache\w*|secr\w*|interne\w*|initial\w*|confidentiel\w*|d origine",
        reveal=r"revel\w*|montr\w*|affich\w*|donn(?:e|ez|er)|repet\w*|recopi\w*|copi(?:e|ez)|imprim\w*|divulgu\w*|partag(?:e|ez)|ecri(?:s|vez)|dis moi|quelles? sont",
        prompt=r"(?:prompt|message|invite) (?:de |du )?systeme|system ?prompt",
    ),
    # Spanish
    Language(
        drop=r"ignor(?:a|e|en|ar|es)|olvid(?:a|e|ar|es|ate|ese)|descart(?:a|e|ar)|desestim(?:a|e|ar)|omit(?:e|a|ir)|haz caso omiso|no (?:sigas|siga|hagas caso)|pas(?:a|e) por alto|anul(?:a|e|ar)|queda\w* (?:anulad|sin efecto|derogad)\w*",
        earlier=r"anterior(?:es|mente)?|previ[ao]s?|precedentes?|de arriba|inicial(?:es)?|original(?:es)?|recibidas hasta",
        yours=r"tus?|sus?",
        orders=r"instruccion(?:es)?|ordenes|directrices|indicaciones|reglas|normas|directivas",
        bounds=r"restricciones|limites|limitaciones|protocolos|programacion|filtros|barreras",
        hidden=r"(?:del? )?sistema|ocult[ao]s?|secret[ao]s?|intern[ao]s?|inicial(?:es)?|original(?:es)?|confidencial(?:es)?",
        reveal=r"revel\w*|muestra\w*|mostr\w*|imprim\w*|repit\w*|repet\w*|copi(?:a|e)\w*|escrib\w*|divulg\w*|comparte\w*|dime|dame|cuales son|ensen(?:a|ame)",
        prompt=r"(?:prompt|mensaje|instruccion) (?:del? )?sistema|system ?prompt",
    ),
    # Portuguese
    Language(
        drop=r"ignor(?:e|a|ar|em)|esquec\w*|desconsider\w*|descart(?:e|a|ar)|desobedec\w*|nao (?:siga|sigas|obedeca)|anul(?:e|a|ar)|deixe de lado",
        earlier=r"anterior(?:es|mente)?|previ[ao]s?|precedentes?|acima|inicia(?:l|is)|origina(?:l|is)|recebidas ate",
        yours=r"suas?|seus?|tuas?|teus?",
        orders=r"instruco?es|instrucao|ordens|diretrizes|orientacoes|regras|comandos",
        bounds=r"restrico?es|limites|limitacoes|protocolos|programacao|filtros|barreiras",
        hidden=r"(?:do |de )?sistema|ocult[ao]s?|secret[ao]s?|intern[ao]s?|inicia(?:l|is)|origina(?:l|is)|confidencia(?:l|is)|escondid[ao]s?",
        reveal=r"revel\w*|mostr\w*|imprim\w*|repit\w*|repet\w*|copi(?:e|a)\w*|escrev\w*|divulg\w*|compartilh\w*|diga|quais sao|exib\w*",
        prompt=r"(?:prompt|mensagem|instrucao) (?:do |de )?sistema|system ?prompt",
    ),
    # Italian
    Language(
        drop=r"ignor(?:a|are|i|ate)|dimentic\w*|trascur(?:a|are|ate)|scart(?:a|are|ate)|non (?:seguire|considerare|tener conto)|annull\w*|lascia perdere",
        earlier=r"precedent[ei]|anterior[ei]|di cui sopra|qui sopra|inizial[ei]|original[ei]|ricevut[ei] finora|fornit[ei] prima",
        yours=r"le tue|la tua|i tuoi|il tuo|tue|tuoi|tua|tuo|le sue|le vostre",
        orders=r"istruzion[ei]|direttiv[ae]|ordini|indicazioni|regole|comandi",
        bounds=r"restrizioni|limit[ei]|limitazioni|protocolli|programmazione|filtri|vincoli|linee guida",
        hidden=r"di sistema|nascost[aei]|segret[aei]|intern[aei]|inizial[ei]|original[ei]|riservat[aei]",
        reveal=r"rivel\w*|mostr\w*|stamp(?:a|ami|are)|ripet\w*|copi(?:a|ami|are)|scriv\w*|divulg\w*|condivid\w*|dimmi|quali sono|elenc\w*",
        prompt=r"(?:prompt|messaggio) di sistema|system ?prompt",
    ),
    # Dutch
    Language(
        drop=r"negeer|negeren|vergeet|vergeten|sla[a]? (?:alle )?|veronachtzaam|volg (?:niet|geen)|zijn (?:vervallen|ingetrokken|niet meer van kracht)",
        earlier=r"eerdere?|vorige|voorgaande|bovenstaande|voorafgaande|oorspronkelijke|hierboven",
        yours=r"je|jouw|uw",
        orders=r"(?:systeem ?)?(?:instructies?|opdrachten|aanwijzingen|richtlijnen|regels|bevelen)",
        bounds=r"beperkingen|grenzen|programmering|protocollen|filters",
        hidden=r"verborgen|geheime|interne|oorspronkelijke|vertrouwelijke|initiele",
        reveal=r"toon|laat|geef|onthul|herhaal|kopieer|schrijf|print|deel|wat staat er in|wat zijn",
        prompt=r"syste(?:em|m) ?(?:prompt|instructies?|bericht)",
    ),
    # Swedish, Danish, Norwegian
    Language(
        drop=r"ignorer\w*|glom|glem|bortse|se bort|strunta i|folj inte|følg ikke|tilsidesæt\w*|overse|oversee",
        earlier=r"tidigare|foregaende|tidligere|forrige|ovanstaende|ovenstaende|ovennævnte|ursprungliga|oprindelige|opprinnelige",
        yours=r"din[ae]?|dine|dina|deres",
        orders=r"(?:system ?)?(?:instruktion\w*|instruks\w*|anvisning\w*|instruktser|regler|riktlinjer|retningslinj\w*|ordre\w*|order)",
        bounds=r"begransningar|begrænsninger|begrensninger|sparrar|filter|programmering",
        hidden=r"dolda|hemliga|interna|skjulte|hemmelige|interne|ursprungliga|oprindelige|opprinnelige",
        reveal=r"visa|vis|ge|gi|giv|skriv|avsloja|afslør|avslør|upprepa|gentag|gjenta|kopiera|kopier|dela|vad star|hva star|hvad star",
        prompt=r"system ?(?:prompt\w*|meddelande\w*|instruktion\w*|besked\w*|melding\w*)",
    ),
    # Polish
    Language(
        drop=r"zignoruj\w*|ignoruj\w*|zapomnij\w*|pomin\w*|odrzuc\w*|nie (?:stosuj|przestrzegaj)|zlekcewaz\w*",
        earlier=r"poprzedni\w*|wczesniejsz\w*|dotychczasow\w*|powyzsz\w*|pierwotn\w*",
        yours=r"twoj\w*|swoj\w*|twe",
        orders=r"instrukcj\w*|polece\w*|wytyczn\w*|rozkaz\w*|zasad\w*|regul\w*|dyrektyw\w*",
        bounds=r"ograniczeni\w*|filtr\w*|protokol\w*|programowani\w*|zabezpieczeni\w*",
        hidden=r"ukryt\w*|tajn\w*|wewnetrzn\w*|systemow\w*|pierwotn\w*|poczatkow\w*|poufn\w*",
        reveal=r"pokaz\w*|wyswietl\w*|ujawnij\w*|powtorz\w*|wypisz\w*|skopiuj\w*|podaj\w*|zdradz\w*|przepisz\w*|jakie sa",
        prompt=r"prompt\w* systemow\w*|systemow\w* prompt\w*|wiadomosc\w* systemow\w*|system ?prompt\w*",
    ),
    # Czech, Slovak
    Language(
        drop=r"ignoruj\w*|zapomen\w*|zabudni\w*|nedbej\w*|neber\w* ohled|prehlizej\w*|neris se",
        earlier=r"predchoz\w*|predchadzajuc\w*|drivejs\w*|dosavadn\w*|doterajs\w*|vyse uveden\w*|puvodn\w*|povodn\w*",
        yours=r"sv[eay]\w*|tv[eoa]\w*",
        orders=r"pokyn\w*|instrukc\w*|prikaz\w*|pravid\w*|smernic\w*",
        bounds=r"omezeni\w*|obmedzeni\w*|filtr\w*|protokol\w*|programovani\w*",
        hidden=r"skryt\w*|tajn\w*|intern\w*|systemov\w*|puvodn\w*|povodn\w*",
        reveal=r"ukaz\w*|zobraz\w*|vypis\w*|prozrad\w*|odhal\w*|zopakuj\w*|zkopiruj\w*|napis\w*|jake jsou",
        prompt=r"systemov\w* (?:prompt|zprav|pokyn|instrukc)\w*|system ?prompt\w*",
    ),
    # Russian, Ukrainian
    Language(
        drop=r"(?:про)?ігноруи\w*|(?:про)?игнорируи\w*|забудь\w*|не обращаи\w* внимания|отмени\w*|не следуи\w*|отбрось\w*|не зважаи\w*|скасуи\w*|больше не деиствуют|утратили силу",
        earlier=r"предыдущи\w*|прежни\w*|вышеуказанн\w*|вышеприведенн\w*|прошл\w*|изначальн\w*|первоначальн\w*|ранее (?:данн|полученн|заданн)\w*|попередн\w*|початков\w*|ранише|наведені вище",
        yours=r"сво[ияеихюїє]\w*|тво[ияеюїє]\w*|ваш\w*",
        orders=r"инструкци\w*|указани\w*|команд\w*|правил\w*|приказ\w*|установк\w*|директив\w*|інструкці\w*|вказівк\w*",
        bounds=r"ограничени\w*|фильтр\w*|протокол\w*|программировани\w*|обмежен\w*|фільтр\w*",
        hidden=r"скрыт\w*|системн\w*|секретн\w*|внутренн\w*|изначальн\w*|первоначальн\w*|прихован\w*|внутрішн\w*|початков\w*",
        reveal=r"покажи\w*|выведи\w*|раскрои\w*|повтори\w*|напиши\w*|скопируи\w*|процитируи\w*|перечисли\w*|назови\w*|какие у тебя|виведи\w*|розкрии\w*|наведи\w*|відкрии\w*",
        prompt=r"системн\w* (?:промпт|подсказк|сообщени|запрос|повідомлен|підказк)\w*|систем ?промпт\w*",
    ),
    # Turkish
    Language(
        drop=r"yok say\w*|gormezden gel\w*|unut\w*|dikkate alma\w*|goz ardi et\w*|iptal (?:et\w*|edil\w*)|bir kenara birak\w*|uyma\b",
        earlier=r"onceki|yukaridaki|daha once(?:ki)?|evvelki|ilk|baslangictaki",
        yours=r"sana verilen|sana|senin|size verilen|sizin|tum",
        orders=r"(?:sistem )?(?:talimat|komut|yonerge|kural|emir|direktif)\w*",
        bounds=r"(?:kisitlama|sinirlama|filtre|protokol|programlama)\w*",
        hidden=r"gizli|dahili|ic|sistem|baslangic",
        reveal=r"goster\w*|yaz\w*|acikla\w*|paylas\w*|tekrarla\w*|soyle\w*|kopyala\w*|listele\w*|ifsa et\w*|nedir|neler",
        prompt=r"sistem (?:prompt|istem|komut|talimat|mesaj)\w*",
    ),
    # Arabic
    Language(
        drop=r"تجاهل\w*|انس\w*|انسى|اهمل\w*|أهمل\w*|لا تتبع|تخط\w*|الغ\w*|ألغ\w*",
        earlier=r"السابق[ةه]?\w*|أعلاه|اعلاه|المذكورة|الأصلية|الاصلية|الأولية",
        yours=r"الخاصة? بك|لديك|عندك|(?:ال)?تي (?:لديك|اعطيت|تلقيتها)",
        orders=r"(?:ال)?(?:تعليمات|توجيهات|اوامر|أوامر|قواعد|ارشادات|إرشادات)\w*",
        hidden=r"(?:ال)?(?:مخفية|سرية|داخلية|نظام|أصلية|اصلية|أولية)",
        reveal=r"أظهر\w*|اظهر\w*|اعرض\w*|اكشف\w*|كرر\w*|اطبع\w*|اكتب\w*|انسخ\w*|أخبرني|اخبرني|شارك\w*|ما هي",
        prompt=r"(?:موجه|رسالة|تعليمات|أوامر|برومبت|مطالبة) (?:ال)?(?:نظام|سيستم)",
    ),
    # Hebrew
    Language(
        drop=r"התעלם\w*|התעלמי|תתעלם\w*|שכח\w*|תשכח\w*|אל תציית\w*|בטלי?|תבטל\w*",
        earlier=r"(?:ה)?(?:קודמ|מקורי|ראשונ)\w*|שלמעלה|לעיל",
        yours=r"שלך|שקיבלת|שניתנו לך",
        orders=r"(?:מ|את )?(?:כל )?(?:ה)?(?:הוראות|הנחיות|פקודות|כללים|ההוראות|ההנחיות)\w*",
        hidden=r"(?:ה)?(?:נסתר|סודי|פנימי|מערכת|מקורי)\w*",
        reveal=r"הצג\w*|הראה|תראה\w*|חשוף\w*|תחשוף|חזור על|העתק\w*|כתוב\w*|תכתוב|גלה|תגלה|שתף|מה הן",
        prompt=r"(?:הודעת|פרומפט|הנחיית|הוראות) (?:ה)?מערכת",
    ),
    # Hindi, in both scripts
    Language(
        drop=r"(?:अनदेखा|नजरअंदाज|नज़रअंदाज|नजरंदाज) (?:कर|करो|करें|कीजिए)\pM*\w*|भूल जा\w*|भुला दो|मत मानो|ignore (?:karo|kar do|kar ?den|kijiye)|bhool ja\w*|bhula do|mat mano|nazar ?andaz kar\w*",
        earlier=r"पिछले|पिछली|पहले (?:के|की|वाले|दिए)|ऊपर (?:के|दिए)|पूर्व|pichh?l[ei]|pehle (?:ke|ki|wale|diye)|upar (?:ke|diye)|purane",
        yours=r"अपने|अपना|अपनी|तुम्हारे|आपके|apne|apna|apni|tumhare|aapke",
        orders=r"निर्देश\pM*\S{0,6}|आदेश\pM*\S{0,6}|नियम\pM*\S{0,6}|nirdesh\w*|aadesh\w*|instructions?|niyam\w*|rules",
        hidden=r"छिपे|छुपे|गुप्त|आंतरिक|सिस्टम|chhup[ei]|gupt|system|hidden|internal",
        reveal=r"दिखा\S{0,6}|बता\S{0,6}|लिख\S{0,6}|दोहरा\S{0,6}|प्रकट|साझा|dikha\w*|bata\w*|likh\w*|dohra\w*|copy karo|print karo",
        prompt=r"सिस्टम (?:प्रॉम्प्ट|प्राॅम्प्ट|प्रोम्प्ट|संदेश|निर्देश)\S{0,6}|system ?prompt",
    ),
    # Chinese, simplified and traditional
    Language(
        drop=r"忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要理會|别管|別管|不必遵守|不用遵守|抛开|拋開|作废|作廢|失效|取消",
        earlier=r"以上|之前|前面|先前|此前|上面|上述|原来|原來|原先|最初|既有|现有|現有",
        yours=r"你的|您的|你被|你收到的|你",
        orders=r"指令|指示|提示词|提示詞|说明|說明|规则|規則|命令|设定|設定|约束|約束",
        bounds=r"限制|过滤|過濾|协议|協議|安全准则|安全準則",
        hidden=r"系统|系統|隐藏|隱藏|内部|內部|初始|原始|秘密|保密|开发者|開發者",
        reveal=r"显示|顯示|输出|輸出|告诉|告訴|透露|泄露|洩露|复述|複述|重复|重複|打印|列出|给我看|給我看|写出|寫出|公开|公開|是什么|是什麼|发给我|發給我|复制|複製",
        prompt=r"系统提示|系統提示|系统指令|系統指令|系统消息|系統訊息|系统设定|系統設定|system ?prompt",
        spaced=False,
    ),
    # Japanese
    Language(
        drop=r"無視(?:し|せ|を)|忘れ(?:て|ろ|なさい|る)|破棄(?:し|せ)|従わない|従わなくて|取り消(?:し|せ)|無効",
        earlier=r"これまで|以前|前|上記|先ほど|最初|元|既存|今まで",
        yours=r"あなた(?:の|に|が)|君の|お前の|きみの|自分の",
        orders=r"指示|命令|プロンプト|ルール|規則|制約|設定|ガイドライン",
        hidden=r"システム|隠され(?:た|ている)|内部|秘密|初期|非公開",
        reveal=r"見せ(?:て|ろ)|表示(?:し|せ)|教え(?:て|ろ)|出力(?:し|せ)|繰り返(?:し|せ)|書き出(?:し|せ)|コピー(?:し|せ)|明かし|公開(?:し|せ)|貼り付け|そのまま",
        prompt=r"システム(?:プロンプト|メッセージ|指示)",
        spaced=False,
    ),
    # Korean
    Language(
        drop=r"무시(?:하|해|할)\pL*|잊어\pL*|잊고|따르지 (?:마|말)\pL*|취소(?:하|해)\pL*|무효\pL*",
        earlier=r"이전(?:의|에)?|지금까지(?:의)?|위(?:의|에)?|앞선|앞의|기존(?:의)?|원래(?:의)?|처음(?:의)?",
        yours=r"너의|네|당신의|너에게|당신에게|네가 받은",
        orders=r"(?:지시|명령|지침|규칙|프롬프트|설정|안내)\pL{0,12}",
        hidden=r"시스템|숨겨진|숨은|내부|비밀|초기|원본|비공개",
        reveal=r"보여\pL*|알려\pL*|출력\pL*|공개\pL*|말해\pL*|반복\pL*|복사\pL*|적어\pL*|써 ?줘|밝혀\pL*|무엇",
        prompt=r"시스템 ?(?:프롬프트|메시지|지시|명령|지침)\pL{0,12}",
    ),
    # Indonesian, Malay
    Language(
        drop=r"abaikan|lupakan|hiraukan saja|jangan (?:ikuti|patuhi)|kesampingkan|tidak berlaku lagi",
        earlier=r"sebelumnya|di atas|terdahulu|sebelum ini|awal|semula",
        yours=r"milikmu|mu|anda|kamu",
        orders=r"(?:instruksi|perintah|arahan|petunjuk|aturan|pedoman)(?:mu|nya)?",
        hidden=r"tersembunyi|rahasia|internal|sistem|awal",
        reveal=r"tampilkan|tunjukkan|perlihatkan|ungkap\w*|beritahu\w*|ulangi|salin|tulis\w*|bocorkan|sebutkan|apa",
        prompt=r"prompt sistem\w*|pesan sistem\w*|instruksi sistem\w*|system ?prompt\w*",
    ),
    # Vietnamese
    Language(
        drop=r"bo qua|quen (?:di|đi|het)|hay quen|phot lo|đung (?:tuan|lam) theo|khong can tuan|huy bo",
        earlier=r"truoc (?:đo|đay|nay)|ben tren|o tren|ban đau|phia tren|truoc",
        yours=r"cua ban|cho ban|ban (?:đuoc|đa nhan)",
        orders=r"huong dan|chi thi|chi dan|lenh|quy tac|quy đinh|yeu cau",
        hidden=r"he thong|an|bi mat|noi bo|ban đau",
        reveal=r"hien thi|cho (?:toi|minh|tao) (?:xem|biet)|tiet lo|in ra|lap lai|sao chep|viet ra|liet ke|la gi",
        prompt=r"(?:prompt|loi nhac|thong điep|huong dan|chi thi) he thong|system ?prompt",
    ),
    # Greek
    Language(
        drop=r"αγνο[ηε]\w*|ξεχασ\w*|ξεχνα\w*|παραβλεψ\w*|μην ακολουθ\w*|ακυρωσ\w*",
        earlier=r"προηγουμεν\w*|παραπανω|αρχικ\w*|προγενεστερ\w*",
        yours=r"σου|σας",
        orders=r"οδηγι\w*|εντολ\w*|κανον\w*|κατευθυνσ\w*|κατευθυντηρι\w*",
        hidden=r"κρυφ\w*|μυστικ\w*|εσωτερικ\w*|αρχικ\w*|συστηματοσ",
        reveal=r"δειξ\w*|εμφανισ\w*|αποκαλυψ\w*|επαναλαβ\w*|γραψ\w*|αντιγραψ\w*|πεσ μου|ποιεσ ειναι|τυπωσ\w*",
        prompt=r"(?:προτροπ|μηνυμα|οδηγι|εντολ)\w* (?:του )?συστηματο[σς]|system ?prompt",
    ),
    # Romanian
    Language(
        drop=r"ignor(?:a|ati|i)|uita|uitati|nu (?:mai )?(?:respecta|urma|tine cont)\w*|anuleaza\w*",
        earlier=r"anterioar[ea]\w*|precedent[ea]\w*|de mai sus|initial[ea]\w*|original[ea]\w*",
        yours=r"tale|ta|dumneavoastra|tai",
        orders=r"instructiun\w*|indicati\w*|ordine\w*|reguli\w*|directiv\w*|comenzi\w*",
        hidden=r"ascuns[ea]|secret[ea]|intern[ea]|initial[ea]|de sistem",
        reveal=r"arata\w*|afisea\w*|dezvalui\w*|repeta\w*|copiaza\w*|scrie\w*|spune mi|care sunt",
        prompt=r"(?:prompt\w*|mesaj\w*) (?:de |al )?sistem\w*|system ?prompt\w*",
    ),
)  # fmt: skip


def verbs(own: Language) -> str:
    """What every pattern of a language needs: a text without it needs no other look."""
    start, end = _ends(own)
    return _letters(f"{start}(?:{own.drop}|{own.reveal}){end}")


def patterns(own: Language) -> Iterator[tuple[str, float, str]]:
    """`(rule, score, pattern)`, as `rules.Rule` has them: a space stands for one or none."""
    return ((rule, score, _letters(pattern)) for rule, score, pattern in _patterns(own))


def _patterns(own: Language) -> Iterator[tuple[str, float, str]]:
    start, end = _ends(own)
    drop, orders, reveal, earlier, yours, prompt = (
        f"(?:{words}){end}"
        for words in (own.drop, own.orders, own.reveal, own.earlier, own.yours, own.prompt)
    )
    far, near = _gap(32, own), _gap(14, own)
    dropped = f"(?:{earlier}{near}{orders}|{orders}{near}{earlier})"
    yield "instruction_override", 0.9, f"{start}(?:{drop}{far}{dropped}|{dropped}{near}{drop})"
    held = f"(?:{own.orders}|{own.bounds}){end}" if own.bounds else orders
    owed = f"(?:{yours}{near}{held}|{held}{near}{yours})"
    yield "instruction_override", 0.85, f"{start}{drop}{near}{owed}"
    yield "instruction_override", 0.6, f"{start}{owed}{near}{drop}"
    secret = f"(?:(?:{own.hidden}) {orders}|(?:{own.orders}) (?:{own.hidden}){end}|{prompt})"
    owned = f"(?:{yours}{near}{secret}|{secret}{near}{yours})"
    yield "prompt_leak", 0.9, f"{start}(?:{reveal}{far}{owned}|{owned}{near}{reveal})"
    yield "prompt_leak", 0.6, f"{start}(?:{reveal}{far}{prompt}|{prompt}{near}{reveal})"


def _gap(most: int, own: Language) -> str:
    """Anything of one sentence, up to the end of a word, or nothing."""
    words = f"[^{_STOP}]{{0,{most}}}"
    return f"(?:{words}{_OTHER})?" if own.spaced else words


def _ends(own: Language) -> tuple[str, str]:
    """What stands before and behind a word."""
    return (rf"(?:\A|{_OTHER})", rf"(?:{_OTHER}|\z)") if own.spaced else ("", "")


def _letters(pattern: str) -> str:
    """RE2's word characters are those of ASCII, and folded text has Hangul and kana in parts."""
    return normalize("NFD", pattern).replace(r"\w", _LETTER)

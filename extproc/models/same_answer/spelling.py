"""Other spellings of one thing, brought to one, before a question is taken apart.

Only what means the same wherever it stands: *Wi-Fi* and *wifi*, *the US* and *America*, *3 am*
and *3:00 in the morning*. What depends on the rest of the question is the rules' affair.
"""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans("’ʼ‘`", "''''")

_PHRASES: tuple[tuple[str, str], ...] = (
    # names
    (r"(?:the )?first world war|world war (?:1|i|one)\b|ww(?:1|i)\b", "WW1"),
    (r"(?:the )?second world war|world war (?:2|ii|two)\b|ww(?:2|ii)\b", "WW2"),
    (r"(south|north|latin|central) america(?:ns?)?\b", r"\1america"),
    (r"united states(?: of america)?", "America"),
    (r"\bu\.s\.a\.?|\busa\b|\bu\.s\.", "America"),
    (r"\bthe us\b", "America"),
    (r"\bus (?=(?:citizens?|passports?|visas?|dollars?|english|president|government|army|tax|embassy|licen[cs]e|driver|federal|irs|income|citizenship)\b)",
     "American "),
    (r"\b(?-i:the States)\b(?! of\b)", "America"),
    (r"united kingdom|great britain|\bu\.k\.|\buk\b", "Britain"),
    (r"european union\b", "EU"),
    (r"\b(?:mount|mt\.?) (?=(?-i:[A-Z])|(?:everest|kilimanjaro|fuji|etna|blanc|vesuvius)\b)", ""),
    (r"\b(?:city|battle) of (?=(?-i:[A-Z]))", ""),
    (r"\bgoogle (?=(?:sheets|docs|drive|maps|chrome|calendar|gmail)\b)", ""),
    (r"\bmicrosoft (?=(?:excel|word|outlook|powerpoint|windows)\b)", ""),
    # things of many spellings
    (r"\bwi[- ]fi\b|\bwlan\b", "wifi"),
    (r"\bregular expression|\bregexp?\b", "regex"),
    (r"\bscikit[- ]learn\b", "sklearn"),
    (r"\bcash ?machine|\bcash ?point|\bautomated teller machine", "atm"),
    (r"\bcurriculum vitae\b|\br[eé]sum[eé]s?\b", "cv"),
    (r"\bcovid-19\b", "covid"),
    (r"\bamazon (?=(?:s3|ec2|rds|ebs|sqs|dynamodb)\b)", ""),
    (r"\bapple (?=(?:iphone|ipad|macbook|watch)\b)", ""),
    (r"\bsamsung (?=galaxy\b)", ""),
    (r"\blondon (?=(?:heathrow|gatwick|stansted|luton)\b)", ""),
    (r"\bweb address(?=es\b|\b)", "url"),
    (r"\bb2b\b", "business"),
    (r"\bevs?\b|\belectric (?:vehicle|car)s?\b", "EV"),
    (r"\bbicarb(?:onate of soda)?\b|\bbicarbonate(?= )(?! of)", "baking soda"),
    (r"\b(?-i:([A-Z]))-(?=\d)", r"\1"),
    # figures for words
    (r"(?<=[\w)]) = (?=[\w(-])", " equals "),
    (r"\b2fa\b", "two factor authentication"),
    (r"\bmiddle ages\b", "medieval times"),
    (r" = (?=\?)", ""),
    (r"(?<=[a-z]{2}) & (?=[a-z]{2})", " and "),
    (r"(?<=[a-z]{3}) > (?=[a-z]{3})", " to "),
    (r"\bi\.e\.?|\be\.g\.?", ""),
    (r"\bdear (?:sirs?(?: or madam)?|madam|team|all)\b,?", ""),
    (r"\b(tea|table) spoon", r"\1spoon"),
    (r"\b(?-i:([B-HJ-Z])) (?=\d{2,}\b)", r"\1"),
    (r"\bw/ ?o(?:ut)?\b", "without"),
    (r"\bw/(?= ?[a-z])", "with "),
    (r"\bb/c\b", "because"),
    (r"(?<=[a-z]{2}) / (?=[a-z]{2})", " or "),
    (r"\bmac ?os\b|\bos x\b", "mac"),
    (r"\bmac(?:book)? computer\b", "mac"),
    # amounts
    (r"(?<![\d.,])(\d{1,3}) (?=\d{3}(?!\d))", r"\1"),
    (r"(\d+) ?%", r"\1 percent"),
    (r"\bper cent\b", "percent"),
    (r"(?<![\w.])(\d{2,3}) ?(?-i:C)\b(?![+#'])", r"\1 celsius"),
    (r"(?<![\w.])(\d{2,3}) ?(?-i:F)\b(?![+#'])", r"\1 fahrenheit"),
    (r"(?<=\d) ?(?-i:M) (?=(?:[a-z]+ )?(?:acid|solution|hcl|naoh|nacl)\b)", " molar "),
    (r"\bmoles? (?:per|a) lit(?:re|er)\b|(?<=\d) ?mol/l\b", "molar"),
    (r"(\d+) ?[°º] ?c\b|(\d+) ?degrees? c\b", r"\1\2 celsius"),
    (r"(\d+) ?[°º] ?f\b|(\d+) ?degrees? f\b", r"\1\2 fahrenheit"),
    (r"[°º] ?c\b|\bdegrees? (?:c|celsius|centigrade)\b|\bcentigrade\b", "celsius"),
    (r"[°º] ?f\b|\bdegrees? (?:f|fahrenheit)\b", "fahrenheit"),
    (r"\bmpg\b", "miles per gallon"),
    (r"\bmph\b", "miles per hour"),
    (r"\b(?:km/h|kph|kmh)\b", "kilometers per hour"),
    (r"\bsq ?m\b|\bm2\b|(?<=\d)m2\b|\bsquare met(?:er|re)s?\b", " squaremeter"),
    (r"(\d+) ?y\.?/?o\b\.?", r"\1 year old"),
    (r"\b(\d{1,2}) ?y\b(?!['-])", r"\1 year old"),
    (r"(\d+) ?mo\b", r"\1 months"),
    (r"\b(?:minus|negative) (?=\d)", "-"),
    (r"(?<=\d)/(?=yr|mo|month|year|day|week|hr|h\b|km\b|100)", " per "),
    (r"(?<=[a-z])/(?=yr\b|mo\b|month\b|year\b|day\b|week\b|hr\b|h\b)", " per "),
    # times of the day
    (r"\b(?:at )?12(?::00)? ?(?:noon|midday)\b|\bmidday\b", "noon"),
    (r"\b(\d{1,2}):00(?= |$|[?.,])", r"\1"),
    (r"\b(\d{1,2})(:\d\d)? ?o'? ?clock\b", r"\1\2"),
    (r"\bo'clock\b", ""),
    (r"\b(\d{1,2}(?::\d\d)?) ?a\.?m\b\.?|\b(\d{1,2}(?::\d\d)?) in the morning\b", r"\1\2 _am"),
    (r"\b(\d{1,2}(?::\d\d)?) ?p\.?m\b\.?|\b(\d{1,2}(?::\d\d)?) in the (?:afternoon|evening)\b",
     r"\1\2 _pm"),
    # times of the year, and when it is
    (r"\b(summer|spring|winter)[- ]?time\b", r"\1"),
    (r"\bday[- ]?time\b", "during the day"),
    ((r"\b(?:in|during) (?:the |late |early )?fall\b(?! of)|\b(?:this|next|last|every) fall\b"
     r"|\bfall (?=(?:semester|term|season|colou?rs|leaves)\b)"), "autumn "),
    (r"\bin the a\.?m\b\.?", "in the morning"),
    (r"\bin the p\.?m\b\.?", "in the afternoon"),
    (r"\b(?:the )?(?:last|latest|final) (?:day|date)(?= (?:to|for|when|on which|by which|i|you|we)\b)", "deadline"),
    (r"\buntil (?=(?:which|what)\b)", "by "),
    (r"\buntil when\b|\bfor what (?:span|period) of time\b", "how long"),
    (r"\bnowadays\b|\bthese days\b", "today"),
    (r"\bmost recent\b", "last"),
    (r"\bfollowing (?=(?:day|week|month|year)\b)", "next "),
    (r"\btime of (?:the )?day\b", "time"),
    (r"\bthe year (?=\d{4}\b)", ""),
    (r"(?<!many )\bdays? off\b", "time off"),
    # figures of speech without a number, a negation or a condition of their own
    (r"\bfor the first time\b|\bat first\b|\bfirst of all\b|\bin the first place\b", ""),
    (r"\b(?:one|single)[- ]time\b|\b1[- ]time\b", "1x"),
    (r"\bfirst thing\b", "early"),
    (r"\bthird[- ](?=part(?:y|ies)\b)", "other "),
    (r"\b(?:the|these|those) two\b", "the"),
    (r"\bnext (?:to|door)\b", "by"),
    (r"\bnext (?=steps?\b)", ""),
    (r"\bnext(?= one\b|\?|$)", ""),
    (r"\blast names?\b", "surname"),
    (r"\bhalf[- ]?way\b", "midway"),
    (r"\bget(?:ting)? over\b|\bgot over\b", "overcome"),
    (r"\bgo(?:ing)? over\b", "exceed"),
    (r"\bon (?:the|my|your|our) way (?=to\b)", "going "),
    (r"\bafter (?=(?:how (?:long|many|much)|what|which)\b)", ""),
    (r"\bno(?:t)? (?:more|higher|greater|larger|bigger|longer|later) than\b", "at most"),
    (r"\bno(?:t)? (?:less|lower|fewer|smaller|shorter|earlier) than\b", "at least"),
    (r"\b(?:and |or )?if not(?= ?(?:[,?.]|$|how\b|why\b|what\b|which\b))", ""),
    (r"\bnot sure\b", "unsure"),
    (r"\bno problems?\b", "fine"),
    (r"\b(phone|order|account|tel|mobile|serial|flight|page)[ .]*no\.?(?= |$|\?)", r"\1 number"),
    (r"(?:\b(?:is|are) not|\bisn't|\baren't|\bnot) the same\b", "differ"),
    (r"\b(?:for )?(?:quite )?a while(?: now)?\b", ""),
    (r"\bin front of\b", "before"),
    (r"\bfirst one\b", "other"),
    (r" [-=]+> ?", " to "),
    (r"(?<=[a-z]{2}) [+=] (?=[a-z]{2})", " and "),
    (r"\bno longer\b|\bnot any ?(?:more|longer)\b", "not"),
    (r"(?<=n't )(.{1,40}?) any ?more\b", r"\1"),
    (r"\bin place of\b|\brather than\b", "instead of"),
    (r"\bin spite of\b", "despite"),
    (r"\bprior to\b|\bahead of(?= (?!time\b))", "before"),
    (r"\bas soon as\b", "after"),
    (r"\bat the same time\b|\bat once\b|\bsimultaneously\b", "together"),
)  # fmt: skip
_FORMULAS = {
    "sodium chloride": "NaCl", "hydrochloric acid": "HCl", "sulfuric acid": "H2SO4",
    "sulphuric acid": "H2SO4", "nitric acid": "HNO3", "sodium hydroxide": "NaOH",
    "potassium hydroxide": "KOH", "hydrogen peroxide": "H2O2", "carbon dioxide": "CO2",
    "carbon monoxide": "CO", "calcium carbonate": "CaCO3", "potassium chloride": "KCl",
    "calcium chloride": "CaCl2", "copper sulfate": "CuSO4", "copper sulphate": "CuSO4",
    "silver nitrate": "AgNO3", "sulfur dioxide": "SO2", "potassium permanganate": "KMnO4",
    "H2O": "water",
}  # fmt: skip
"""What a chemist writes for a substance: a name, so that none is exchanged for another."""
_SUBSTANCE = {name.lower(): formula for name, formula in _FORMULAS.items()}
_FORMULA = re.compile(rf"\b(?:{'|'.join(_SUBSTANCE)})\b", re.IGNORECASE)
_RULERS = (
    "henry|louis|george|edward|richard|charles|james|william|elizabeth|napoleon|philip|frederick"
    "|catherine|nicholas|alexander|peter|mary|pius|benedict|paul|ramses|leo|wilhelm|gustav|ivan|pope"
)
_RULER = re.compile(rf"\b({_RULERS}) (?:the )?([ivx]{{2,5}}|v)\b(?!\.)", re.IGNORECASE)
_ROMAN = dict(
    zip(
        "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix".split(),  # noqa: SIM905
        "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th 11th 12th 13th 14th 15th 16th 17th 18th 19th".split(),  # noqa: SIM905
        strict=True,
    )
)
_ALL = [(re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in _PHRASES]
_US_OF = re.compile(
    r"\b(?:US|U\.S\.) (?=(?:citizen|passport|visa|dollar|english|president|government|army|tax|national|resident)s?\b)"
)
_US = re.compile(r"\bUS\b")
_HOUR = re.compile(r"\b(1[3-9]|2[0-3])(:[0-5]\d)\b")

_SAME_WORD = {
    "js": "javascript", "ts": "typescript", "k8s": "kubernetes", "golang": "go",
    "postgresql": "postgres", "gf": "girlfriend", "bf": "boyfriend", "appt": "appointment",
    "int": "integer", "ints": "integers", "str": "string", "bool": "boolean", "db": "database",
    "dbs": "databases", "tv": "television", "tvs": "televisions", "telly": "television",
    "id": "identity", "ids": "identities", "mic": "microphone", "auth": "authentication",
    "dev": "development", "prod": "production", "env": "environment", "repo": "repository",
    "repos": "repositories", "app": "application", "apps": "applications", "info": "information",
    "msg": "message", "msgs": "messages", "acct": "account", "qs": "questions",
    "dict": "dictionary", "dicts": "dictionaries", "vec": "vector", "func": "function",
    "param": "parameter", "params": "parameters", "arg": "argument", "args": "arguments",
    "async": "asynchronous", "dedupe": "deduplicate", "dedup": "deduplicate", "nr": "number",
    "config": "configuration", "admin": "administrator", "specs": "specifications",
    "pls": "please", "plz": "please", "thx": "thanks", "ur": "your", "ok": "okay", "fav": "favourite",
    "favorite": "favourite", "uni": "university", "quid": "pounds",
    "gigs": "gigabytes", "gig": "gigabyte",
    "physio": "physiotherapy", "math": "maths", "mathematics": "maths", "crontab": "cron",
    "sudoers": "sudo", "overfitting": "overfit", "overfits": "overfit",
    "whilst": "while", "till": "until", "til": "until", "cos": "because", "wknd": "weekend",
    "intl": "international", "mtg": "meeting", "std": "standard", "stn": "station",
    "org": "organization", "temp": "temperature", "avg": "average", "max": "maximum",
    "pw": "password", "pwd": "password", "tonite": "tonight", "bday": "birthday",
    "xmas": "christmas", "pic": "picture", "pics": "pictures", "b4": "before", "kube": "kubernetes",
    "mgmt": "management", "dept": "department",
}  # fmt: skip
"""Short forms and what they are short for."""
_WITHOUT_APOSTROPHE = frozenset(
    "dont doesnt didnt cant couldnt wont wouldnt shouldnt isnt arent wasnt werent hasnt havent"  # noqa: SIM905
    " hadnt mustnt".split()
)


def respelled(text: str) -> str:
    """The text in one spelling; its case stays."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    if not text.isupper():
        text = _US.sub("America", _US_OF.sub("American ", text))
    text = _HOUR.sub(lambda found: f"{int(found[1]) - 12}{found[2]} pm", text)
    text = _FORMULA.sub(lambda found: _SUBSTANCE[found[0].lower()], text)
    text = _RULER.sub(lambda found: f"{found[1]} {_ROMAN.get(found[2].lower(), found[2])}", text)
    for pattern, instead in _ALL:
        text = pattern.sub(instead, text)
    return text


def same_word(word: str) -> str:
    """The long form of a short one, in lower case."""
    return _SAME_WORD.get(word, word)


def negated(word: str) -> str | None:
    """``do`` for *don't* and *dont*; ``None`` when the word holds no negation. Lower case."""
    if word in {"can't", "cannot", "cant"}:
        return "can"
    if word in {"won't", "wont"}:
        return "will"
    if word == "shan't":
        return "shall"
    if word in _WITHOUT_APOSTROPHE:
        return word[:-2]
    return word[:-3] if word.endswith("n't") else None

"""Which language a question is in, as far as that is plain: an answer comes in the same one.

The script tells most languages apart; those in Latin letters are told by their commonest small
words. What is not plain counts as English does: then the wording decides whether two are the same.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

_WORDS = {
    "en": "the is are of to and how what do does i my can in for on with where when why which",
    "de": "der die das und ist nicht wie ich ein eine mein meine zu den für mit was wo wann kann",
    "fr": "le la les et est pas comment je un une mon ma mes pour avec que où quand puis des dans",
    "es": "el los las y es no cómo como yo un una mi mis para con qué dónde cuándo puedo del por",
    "it": "il lo gli e è non come io uno una mio mia per con che dove quando posso della di sono",
    "pt": "o os as e é não como eu um uma meu minha para com que onde quando posso do da em",
    "nl": "de het een en is niet hoe ik mijn voor met wat waar wanneer kan van naar op zijn",
    "pl": "jest nie jak ja mój moja dla z co gdzie kiedy mogę się na do w czy to",
    "tr": "bir ve bu için nasıl ne nerede mi değil ile benim çok var",
}
_LANGUAGES: dict[str, list[str]] = {}
for _language, _listed in _WORDS.items():
    for _word in _listed.split():
        _LANGUAGES.setdefault(_word, []).append(_language)
_READ = 400
"""Characters that are looked at."""


def language(text: str) -> str:
    """A script's name such as ``CYRILLIC``, or ``de``, ``fr``, …; empty for English and unclear."""
    start = text[:_READ]
    if start.isascii():
        return _by_words(start)
    scripts = Counter(unicodedata.name(c, "?").partition(" ")[0] for c in start if c.isalpha())
    if not scripts:
        return ""
    if "HIRAGANA" in scripts or "KATAKANA" in scripts:
        return "HIRAGANA"
    script = scripts.most_common(1)[0][0]
    return _by_words(start) if script == "LATIN" else script


def _by_words(text: str) -> str:
    found = Counter(
        each
        for word in text.lower().split()
        for each in _LANGUAGES.get(word.strip(".,;:!?¿¡\"'()"), ())
    )
    if not found:
        return ""
    (best, most), *rest = found.most_common(2)
    clear = most >= 2 and (not rest or most > rest[0][1])
    return best if clear and best != "en" else ""

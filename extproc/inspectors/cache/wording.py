"""Whether two questions differ in their wording only.

A cosine does not see what matters: a number, a name, *not*, *on* for *off*, or
who does what to whom. So both texts are reduced to the words that carry
meaning, in their order, and those must be equal. What may differ is what a
reader would not notice: articles, auxiliaries, politeness, punctuation, case,
plurals. Everything unknown counts as meaning, other languages too.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"(?:(?<![^\W\d_])-\s*)?\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|\S")
_SILENT = frozenset(".,;:!?\"'()[]-…“”‘’–—¿¡")
_QUOTES = str.maketrans("’ʼ", "''")

_IGNORED = frozenset(  # words in a row read better than a list of strings
    "a an the this that these those there"  # noqa: SIM905
    " is are am be been being do does done have has can could may might"
    " of at for to with into about and as some any"
    " please kindly hi hello hey thanks thank just really actually so".split()
)
"""English words whose presence changes nothing a reader would call the question."""

_MEANS = {
    # tense and duty
    "was": "~past", "were": "~past", "did": "~past", "had": "~past",
    "will": "~future", "would": "~future", "shall": "~future",
    "should": "~duty", "must": "~duty", "ought": "~duty",
    # negation
    "no": "not", "none": "not", "never": "not", "neither": "not", "nor": "not",
    "non": "not", "without": "not", "except": "not", "excluding": "not",
    # persons: whose it is matters, who asks does not
    "we": "i", "one": "i", "our": "my", "us": "me", "mine": "my", "ours": "my", "yours": "your",
    "which": "what", "whom": "who",
    # numbers
    "zero": "0", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    "percent": "%",
}  # fmt: skip
_NEGATED = {"cannot": ("~can", "not"), "can't": ("~can", "not"), "couldn't": ("~can", "not"),
            "won't": ("~future", "not"), "wouldn't": ("~future", "not"),
            "shouldn't": ("~duty", "not"), "mustn't": ("~duty", "not"),
            "didn't": ("~past", "not"), "wasn't": ("~past", "not"),
            "weren't": ("~past", "not"), "hadn't": ("~past", "not")}  # fmt: skip
_LEADS = frozenset(
    "is are am do does have has can could may might was were did had will would should".split()  # noqa: SIM905
)
"""At the start of a text they ask for yes or no."""
_ASKER = frozenset(("i", "we", "one"))
_ABLE = frozenset(("do", "can", "could"))
"""How do I, how can one, how to: nobody in particular."""

_CODE = re.compile(
    r"```|^\s*#include|<\?php|^\s*(?:[$>#] |\$ ?\w)|^\s{4,}\S|^\t"
    r"|\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|FROM|WHERE)\b"
    r"|^\s*(?:import [\w.]+(?: as \w+)?|from [\w.]+ import .+|return [\w.]+)\s*$"
    r"|\b(?:const|let|var) \w+ ?=|[;{}]\s*$|=>|->|::|\w\([^)]*\)|[=!<>]=|\w\[\w*\]|</?\w+>"
    r"|\\[ntr\\]|\b\w+_\w+\b|(?:^|\s)--?\w",
    re.MULTILINE,
)
"""Among others: calls, operators, indexes, tags, snake_case, command-line flags."""


def same_wording(left: str, right: str) -> bool:
    """Whether a reader would take the two for the same question. Symmetric.

    Never for texts without a word that carries meaning.
    """
    common = meaning(left)
    return bool(common) and common == meaning(right)


def looks_like_code(text: str) -> bool:
    """Whether `text` holds code, where each character counts. Errs on the side of yes."""
    return _CODE.search(text) is not None


@lru_cache(maxsize=1024)
def meaning(text: str) -> tuple[str, ...]:
    """The words that matter, in order, in one spelling; empty when there is none."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    tokens = _TOKEN.findall(plain)
    shouted = plain.isupper()
    words: list[str] = []
    for at, token in enumerate(tokens):
        lower = token.lower()
        if at == 0 and lower in _LEADS:
            words.append(f"?{_lead(lower)}")
        elif token in _SILENT or (lower in _ASKER and tokens[at - 1].lower() in _ABLE):
            continue
        elif lower == "a":
            words.extend(_letter_a(tokens, at))
        elif not shouted and len(token) > 1 and token.isupper():
            words.append(lower)  # US is not us
        else:
            words.extend(_word(lower))
    return tuple(words)


def _letter_a(tokens: list[str], at: int) -> tuple[str, ...]:
    """Nothing for the article; the letter in *vitamin A* and *a > b* is a name."""
    first = at == 0 or tokens[at - 1] in _SILENT
    before_word = at + 1 < len(tokens) and tokens[at + 1][0].isalpha()
    return () if before_word and (first or tokens[at] == "a") else ("a",)


def _lead(word: str) -> str:
    """One question for each: is it, can one, does it, …; number and politeness aside."""
    if word in {"can", "could", "may", "might"}:
        return "can"
    return _MEANS.get(word, "is")


def _word(word: str) -> tuple[str, ...]:
    if word[0] == "-":
        return (f"-{word[1:].strip()}",)
    if "'" in word or word in _NEGATED:
        return _contraction(word)
    if word in _IGNORED:
        return ()
    return (_MEANS.get(word) or _singular(word),)


def _contraction(word: str) -> tuple[str, ...]:
    if word in _NEGATED:
        return _NEGATED[word]
    stem, _, tail = word.partition("'")
    if tail == "t" and stem.endswith("n"):
        return ("not",)
    if tail in {"ll", "d"}:
        return (*_word(stem), "~future")
    if tail in {"s", "re", "m", "ve"}:
        return _word(stem)
    return (word,)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word

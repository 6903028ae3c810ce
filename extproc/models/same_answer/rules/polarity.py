"""Yes against no: negations, opposites, and degrees of comparison."""

from __future__ import annotations

from collections import Counter

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import Words

_OPPOSITES = (
    ("on", "off"), ("in", "out"), ("up", "down"), ("over", "under"), ("above", "below"),
    ("before", "after"), ("with", "without"), ("more", "less"), ("more", "few"), ("more", "fewer"),
    ("most", "least"), ("most", "fewest"), ("best", "worst"), ("better", "worse"), ("max", "min"),
    ("maximum", "minimum"), ("buy", "sell"), ("open", "close"), ("start", "stop"), ("start", "end"),
    ("begin", "end"), ("enable", "disable"), ("increase", "decrease"), ("increase", "reduce"),
    ("increase", "lower"), ("raise", "lower"), ("raise", "reduce"), ("gain", "lose"),
    ("win", "lose"), ("add", "remove"), ("add", "delete"), ("add", "subtract"),
    ("create", "delete"), ("create", "destroy"), ("install", "uninstall"), ("install", "remove"),
    ("upload", "download"), ("import", "export"), ("encode", "decode"), ("encrypt", "decrypt"),
    ("push", "pull"), ("send", "receive"), ("lend", "borrow"), ("give", "take"),
    ("deposit", "withdraw"), ("accept", "reject"), ("accept", "decline"), ("allow", "deny"),
    ("allow", "forbid"), ("allow", "block"), ("lock", "unlock"), ("connect", "disconnect"),
    ("cheap", "expensive"), ("hot", "cold"), ("heat", "cool"), ("fast", "slow"), ("big", "small"),
    ("large", "small"), ("long", "short"), ("tall", "short"), ("high", "low"), ("old", "new"),
    ("old", "young"), ("good", "bad"), ("benefit", "risk"), ("advantage", "disadvantage"),
    ("advantage", "drawback"), ("pro", "con"), ("pros", "cons"), ("positive", "negative"),
    ("legal", "illegal"), ("safe", "dangerous"), ("safe", "unsafe"), ("true", "false"),
    ("male", "female"), ("man", "woman"), ("boy", "girl"), ("husband", "wife"),
    ("mother", "father"), ("brother", "sister"), ("son", "daughter"), ("he", "she"),
    ("his", "her"), ("left", "right"), ("north", "south"), ("east", "west"), ("first", "last"),
    ("early", "late"), ("earliest", "latest"), ("arrive", "depart"), ("arrival", "departure"),
    ("inside", "outside"), ("indoor", "outdoor"), ("public", "private"), ("always", "never"),
    ("all", "none"), ("cause", "cure"), ("cause", "prevent"), ("import", "export"),
    ("employer", "employee"), ("buyer", "seller"), ("landlord", "tenant"), ("debit", "credit"),
    ("input", "output"), ("ascending", "descending"), ("horizontal", "vertical"),
    ("front", "back"), ("internal", "external"), ("domestic", "international"),
    ("freeze", "thaw"), ("freeze", "unfreeze"), ("load", "unload"), ("subscribe", "unsubscribe"),
    ("strong", "weak"), ("wet", "dry"), ("full", "empty"), ("hire", "fire"), ("pass", "fail"),
    ("activate", "deactivate"), ("activate", "cancel"), ("join", "leave"), ("enter", "leave"),
    ("enter", "exit"), ("save", "delete"), ("save", "spend"), ("love", "hate"), ("like", "hate"),
    ("like", "dislike"), ("gross", "net"), ("dead", "alive"), ("dead", "live"), ("die", "live"),
)  # fmt: skip
_OPPOSITE = frozenset(frozenset(pair) for pair in _OPPOSITES)

_DEGREES = {
    "more": "comparative", "less": "comparative", "better": "comparative",
    "worse": "comparative", "fewer": "comparative", "most": "superlative",
    "least": "superlative", "best": "superlative", "worst": "superlative",
}  # fmt: skip
_BEST_OF = frozenset("way ways method methods approach time place practice practices".split())  # noqa: SIM905
"""*The best way to* asks no more than *how*."""


def negation(left: Words, right: Words, _: Lexicon) -> bool:
    return left.negations != right.negations


def opposites(left: Words, right: Words, lexicon: Lexicon) -> bool:
    one, other = _surplus(left, right), _surplus(right, left)
    return any(
        frozenset((word, against)) in _OPPOSITE or lexicon.opposite(word, against)
        for word in one
        for against in other
    )


def _surplus(words: Words, against: Words) -> set[str]:
    """What one has more often than the other, as written and in base form."""
    return set(Counter(words.plain) - Counter(against.plain)) - set(against.base) | set(
        Counter(words.base) - Counter(against.base)
    )


def degree(left: Words, right: Words, _: Lexicon) -> bool:
    """*cheaper* is not *cheapest*, and neither is *cheap*."""
    return _degrees(left) != _degrees(right) and not _recommended(left, right)


def _recommended(left: Words, right: Words) -> bool:
    """*The best phones* and *some good phones* want the same list, if *best* is all that differs."""
    for one, other in ((left, right), (right, left)):
        if "best" in one.plain and "best" not in other.plain and _GOOD & set(other.plain):
            return _degrees(one, "best") == _degrees(other) == set()
    return False


_GOOD = frozenset("good great ideal top recommend recommended suggest suggested".split())  # noqa: SIM905
_MORE_ABOUT = frozenset("about information info detail details context".split())  # noqa: SIM905
"""*Tell me more about it* compares nothing."""


def _degrees(words: Words, but: str = "") -> set[str]:
    following = (*words.plain, "")[1:]
    found = {
        _DEGREES[word]
        for word, after in zip(words.plain, following, strict=True)
        if word in _DEGREES
        and word != but
        and after not in _BEST_OF
        and not (word == "more" and after in _MORE_ABOUT)
    }
    for plain, base in zip(words.plain, words.base, strict=True):
        if len(plain) > 4 and plain.endswith("est") and base != plain:
            found.add("superlative")
    return found

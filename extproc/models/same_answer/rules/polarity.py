"""Yes against no: negations and opposites."""

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


def negation(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """One denies more than the other, and no word of the other denies in its stead.

    *Did not go through* is *was declined*; *was not declined* is neither, as both have the word.
    """
    few, many = sorted((left, right), key=lambda words: words.negations)
    missing = many.negations - few.negations
    if not missing:
        return False
    instead, also = _denying(few, lexicon), _denying(many, lexicon)
    return len(instead - also) - len(also - instead) < missing


def _denying(words: Words, lexicon: Lexicon) -> set[str]:
    """Words that hold a *not* of their own."""
    return {
        base for base in words.base
        if base in _DENYING
        or (base.startswith("un") and base not in _NOT_DENYING and len(base) > 5 and lexicon.known(base[2:]))
    }  # fmt: skip


_DENYING = frozenset(
    "decline reject refuse deny forbid ban prohibit miss missing lack fail failure forget avoid"  # noqa: SIM905
    " prevent stop quit ignore free lose lost invalid invisible inactive incomplete incorrect"
    " impossible illegal disable empty blank absent missed forgotten".split()
)
_NOT_DENYING = frozenset("unless until under union unit unite universe unsure".split())  # noqa: SIM905


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

"""What two questions must agree in to have one answer, however alike they look.

Each rule is one function from both texts to whether they conflict. A rule that
fires is final: no score of the model overrules it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import DATES, NEGATIONS, NUMBERS, UNITS, Words

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
_CONDITIONS = frozenset(
    "unless until while during before after without only except instead besides despite because"  # noqa: SIM905
    " although though when where under over within outside since against".split()
)
_DIRECTED = frozenset("from to into onto than before after over by without against via".split())  # noqa: SIM905
_SYMMETRIC = frozenset(
    "difference differ different between compare comparison versus vs distance and or both relation"  # noqa: SIM905
    " similarity similar".split()
)
_SKIPPED = frozenset("a an the my your our his her their its this that some any".split())  # noqa: SIM905

Rule = Callable[[Words, Words, Lexicon], bool]


def conflict(left: Words, right: Words, lexicon: Lexicon) -> str | None:
    """The name of the first rule that keeps the two apart. Symmetric."""
    for name, rule in RULES:
        if rule(left, right, lexicon):
            return name
    return None


def residue(left: Words, right: Words) -> tuple[set[str], set[str]]:
    """Base forms that only one of the two has."""
    one, other = set(left.base), set(right.base)
    return one - other, other - one


def _numbers(left: Words, right: Words, _: Lexicon) -> bool:
    return left.numbers != right.numbers


def _units(left: Words, right: Words, _: Lexicon) -> bool:
    return left.units != right.units and not (_when(left, right) or _when(right, left))


def _when(words: Words, other: Words) -> bool:
    """*In what year* against *when*: the unit is the question's, and nothing else differs in units."""
    years = {
        unit for ask, unit in zip(words.plain, words.plain[1:], strict=False)
        if ask in {"what", "which"} and unit in {"year", "day", "month", "week"}
    }  # fmt: skip
    return "when" in other.plain and bool(years) and words.units - years == other.units


def _dates(left: Words, right: Words, _: Lexicon) -> bool:
    return left.dates != right.dates


def _names(left: Words, right: Words, lexicon: Lexicon) -> bool:
    return not (_has(right, left, lexicon) and _has(left, right, lexicon))


def _has(words: Words, named: Words, lexicon: Lexicon) -> bool:
    there = {*words.plain, *words.base}
    return all(
        name in there
        or lexicon.base(name) in there
        or name.rstrip("s") in there
        or f"{name}s" in there
        or not there.isdisjoint(_PEOPLE.get(name, ()))
        or _mistyped(name, named, words, lexicon)
        for name in named.names
    )


def _mistyped(name: str, named: Words, other: Words, lexicon: Lexicon) -> bool:
    """Whether `name` is an ordinary word of `other` with one slip; never when it has a capital.

    The word it stands for must be in a dictionary and in no other place of `named`, so one
    unknown name is never taken for another.
    """
    if len(name) < _SLIP or name not in named.cased or lexicon.known(name):
        return False
    return any(
        word not in named.plain and word not in other.names and _slipped(name, word)
        for word in other.plain
        if len(word) >= _SLIP and lexicon.known(word)
    )


def _slipped(left: str, right: str) -> bool:
    """One slip; in a long word two, the second of them a letter that is missing."""
    left, right = left.rstrip("s"), right.rstrip("s")
    if left[0] != right[0] or min(len(left), len(right)) < _SLIP - 1:
        return False
    if _one_slip(left, right):
        return True
    return len(right) >= _LONG and any(
        _one_slip(left, right[:at] + right[at + 1 :]) for at in range(1, len(right))
    )


def _one_slip(left: str, right: str) -> bool:
    """One letter too many, too few or wrong, or two neighbours swapped."""
    if abs(len(left) - len(right)) > 1:
        return False
    short, long = sorted((left, right), key=len)
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[:at] + short[at : at + 2][::-1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long


_SLIP = 6
"""Letters that a word must have before a slip of the keys in it is seen as one."""
_LONG = 9
"""Letters that it must have before two are."""
_NATIONS = (
    "america american", "africa african", "asia asian", "europe european", "india indian",
    "australia australian", "austria austrian", "canada canadian", "mexico mexican",
    "brazil brazilian", "russia russian", "italy italian", "germany german", "france french",
    "spain spanish", "portugal portuguese", "china chinese", "japan japanese", "korea korean",
    "vietnam vietnamese", "sweden swedish", "norway norwegian", "denmark danish", "poland polish",
    "finland finnish", "turkey turkish", "greece greek", "ireland irish", "scotland scottish",
    "switzerland swiss", "netherlands dutch", "belgium belgian", "hungary hungarian",
    "ukraine ukrainian", "egypt egyptian", "israel israeli", "pakistan pakistani", "iran iranian",
    "iraq iraqi", "argentina argentinian", "chile chilean", "peru peruvian", "cuba cuban",
    "britain british", "england english", "nigeria nigerian", "kenya kenyan", "thailand thai",
)  # fmt: skip
_PEOPLE = {
    word: (other,)
    for pair in (line.split() for line in _NATIONS)
    for word, other in (pair, pair[::-1])
}
"""*The longest African river* is one of Africa; the comparer sees the rest."""


def _signs(left: Words, right: Words, _: Lexicon) -> bool:
    return left.signs != right.signs


def _language(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """Text that is mostly not English must have the same words."""
    return left.plain != right.plain and (_foreign(left, lexicon) or _foreign(right, lexicon))


def _foreign(words: Words, lexicon: Lexicon) -> bool:
    letters = [word for word in words.plain if word[0].isalpha()]
    unknown = [w for w in letters if w not in NUMBERS and not (w.isascii() and lexicon.known(w))]
    return len(letters) > 3 and 2 * len(unknown) > len(letters)


def _negation(left: Words, right: Words, _: Lexicon) -> bool:
    return left.negations != right.negations


def _opposites(left: Words, right: Words, lexicon: Lexicon) -> bool:
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


def _degree(left: Words, right: Words, _: Lexicon) -> bool:
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


def _asked(left: Words, right: Words, _: Lexicon) -> bool:
    """Who, when, where, why, how many, how to, yes or no: an answer to one is none to another."""
    one, other = asked(left), asked(right)
    return one != other and "what" not in (one, other) and not _looked_for(one, other, left, right)


def _looked_for(one: str, other: str, left: Words, right: Words) -> bool:
    """*Where do I find it* asks no more than *how do I find it*."""
    return {one, other} == {"where", "how"} and not (
        _SHOWN.isdisjoint(left.plain) or _SHOWN.isdisjoint(right.plain)
    )


_SHOWN = frozenset("find see view check set change update download locate access track".split())  # noqa: SIM905


def asked(words: Words) -> str:
    """What kind of answer is wanted; ``what`` where anything may be."""
    text = " ".join(words.plain)
    for phrase, kind in _FRAMES:
        if phrase in text:
            return kind
    for at, word in enumerate(words.plain):
        following = words.plain[at + 1] if at + 1 < len(words.plain) else ""
        if word == "how" and following in _HOW:
            return f"how {_HOW[following]}"
        if word in _KINDS:
            return _KINDS[word]
        if word in {"what", "which"}:
            return {"time": "when", "year": "when", "date": "when"}.get(following, "what")
    if words.plain and words.plain[0] in _YES_NO:
        return "yes or no"
    return "what"


_FRAMES = (
    ("how come", "why"), ("the reason", "why"), ("the cause", "why"), ("what cause", "why"),
    ("what make", "why"), ("what is the best way", "how"), ("the best way", "how"),
    ("what are the steps", "how"), ("way to", "how"), ("ways to", "how"), ("steps to", "how"),
    ("what time", "when"), ("what date", "when"), ("what year", "when"), ("what day", "when"),
    ("the price of", "how much"), ("the cost of", "how much"), ("number of", "how much"),
    ("how many", "how much"), ("how much", "how much"),
)  # fmt: skip
_HOW = {
    "old": "old", "long": "long", "far": "far", "often": "often", "frequently": "often", "tall": "tall", "high": "tall",
    "big": "big", "large": "big", "fast": "fast", "deep": "deep", "heavy": "heavy",
}  # fmt: skip
_KINDS = {
    "who": "who", "whom": "who", "whose": "who", "when": "when", "where": "where", "why": "why",
    "how": "how",
}  # fmt: skip
_YES_NO = frozenset("is are am was were do does did has have had will would should must".split())  # noqa: SIM905


def _person(left: Words, right: Words, _: Lexicon) -> bool:
    """Whose it is: *my* account is not *your* account; in *how do you delete your* it is."""
    return _owners(left) != _owners(right) and bool(_owners(left)) and bool(_owners(right))


_ANYONE = frozenset({("how", "to"), ("way", "to"), ("ways", "to"), ("steps", "to")})
"""*The best way to clean your shoes* is about anyone's."""


def _owners(words: Words) -> set[str]:
    anyone = "you" in words.plain or any(
        pair in _ANYONE for pair in zip(words.plain, words.plain[1:], strict=False)
    )
    you = "my" if anyone and "my" not in words.plain else "your"
    return {
        {"your": you, "our": "my", "mine": "my", "ours": "my", "yours": you, "him": "he", "his": "he",
         "her": "she", "them": "they", "their": "they"}.get(word, word)
        for word in words.plain
        if word in {"my", "our", "mine", "ours", "yours", "your", "he", "him", "his", "she", "her",
                    "they", "them", "their"}
    }  # fmt: skip


def _condition(left: Words, right: Words, _: Lexicon) -> bool:
    """A word that sets a condition stands in one of them only."""
    return _conditions(left) != _conditions(right)


def _conditions(words: Words) -> set[str]:
    found = set(words.plain) & _CONDITIONS - _QUESTION
    place = [word for word in words.base if word not in _SKIPPED]
    daily = any(
        word == "during" and after in _HOURS
        for word, after in pairwise(place)
    )  # fmt: skip
    return found - {"during"} if daily else found


_HOURS = frozenset("night day morning afternoon evening weekend".split())  # noqa: SIM905
"""*During the night* is *at night*."""


_QUESTION = frozenset({"when", "where"})


def _order(left: Words, right: Words, _: Lexicon) -> bool:
    """The same words in another order, or the same thing behind another preposition."""
    return _swapped(left, right) or _redirected(left, right) or _traded(left, right)


def _swapped(left: Words, right: Words) -> bool:
    if _SYMMETRIC & set(left.plain) and _SYMMETRIC & set(right.plain):
        return False
    named = left.names & set(right.plain) | right.names & set(left.plain)
    shared = named - _settings(left) - _settings(right)
    one = [word for word in left.plain if word in shared]
    other = [word for word in right.plain if word in shared]
    if len(shared) > 1 and Counter(one) == Counter(other) and one != other:
        return not _moved(left.content, right.content)
    if sorted(left.base) != sorted(right.base) or left.base == right.base:
        return False
    return not _moved(left.content, right.content)


def _settings(words: Words) -> set[str]:
    """Names that say where something is done, not who does it: *in Java*, *for Milvus*."""
    place = [word for word in words.plain if word not in _SKIPPED]
    return {
        after for word, after in pairwise(place)
        if word in {"in", "on", "for", "using"}
    }  # fmt: skip


def _moved(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a clause went from one end to the other, and nothing else happened."""
    return len(one) == len(other) and any(
        other == one[at:] + one[:at] for at in range(len(one) or 1)
    )


def _redirected(left: Words, right: Words) -> bool:
    one, other = _objects(left), _objects(right)
    return any(one[thing].isdisjoint(other[thing]) for thing in one.keys() & other.keys())


def _traded(left: Words, right: Words) -> bool:
    """*X over Y* against *Y over X*: the two sides of a preposition changed places."""
    one, other = _sides(left), _sides(right)
    return any((after, word, before) in other for before, word, after in one - other)


def _sides(words: Words) -> set[tuple[str, str, str]]:
    """The words just before and behind each preposition that has a direction."""
    place = [word for word in words.base if word not in _SKIPPED]
    return {
        (before, word, after)
        for before, word, after in zip(place, place[1:], place[2:], strict=False)
        if word in _DIRECTED | _WITHIN
    }


_WITHIN = frozenset("in of on for".split())  # noqa: SIM905


def _objects(words: Words) -> dict[str, set[str]]:
    """What stands behind *from*, *to*, *than* …, and behind which of them."""
    found: dict[str, set[str]] = {}
    for at, word in enumerate(words.plain):
        if word not in _DIRECTED:
            continue
        for thing in words.base[at + 1 :]:
            if thing not in _SKIPPED:
                found.setdefault(thing, set()).add("to" if word in {"into", "onto"} else word)
                break
    return found


RULES: tuple[tuple[str, Rule], ...] = (
    ("number", _numbers),
    ("unit", _units),
    ("date", _dates),
    ("name", _names),
    ("sign", _signs),
    ("language", _language),
    ("negation", _negation),
    ("opposite", _opposites),
    ("degree", _degree),
    ("question word", _asked),
    ("person", _person),
    ("condition", _condition),
    ("order", _order),
)

__all__ = ["DATES", "NEGATIONS", "RULES", "UNITS", "asked", "conflict", "residue"]

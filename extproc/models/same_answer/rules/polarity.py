"""Yes against no: negations and opposites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from itertools import chain, pairwise

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import FUNCTION, NEGATIONS, Words

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
    ("like", "dislike"), ("gross", "net"), ("dead", "alive"), ("dead", "live"), ("die", "live"), ("same", "differ"), ("same", "different"),
    ("same", "difference"), ("alike", "differ"), ("alike", "different"), ("alike", "difference"),
)  # fmt: skip
_OPPOSITE = {
    word: frozenset(
        other for pair in _OPPOSITES for one, other in (pair, pair[::-1]) if one == word
    )
    for word in chain.from_iterable(_OPPOSITES)
}


def negation(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """One denies more than the other, and no word of the other denies in its stead.

    *Did not go through* is *was declined*; *was not declined* is neither, as both have the word.
    """
    few, many = sorted((left, right), key=lambda words: words.negations)
    missing = many.negations - few.negations
    if missing and many.told_negations and _leaves_out(few, many):
        missing = max(0, missing - many.told_negations)
    if not missing:
        return (
            _moved(left, right)
            or _with_it(left, right)
            or _with_it(right, left)
            or _twice(left, right, lexicon) is not _twice(right, left, lexicon)
        )
    if (_denied(many) - _freed(few) - _behind(few, _LACKING)) & set(few.base):
        return True  # what one denies the other says
    instead, also = _denying(few, lexicon), _denying(many, lexicon)
    contrary = {
        base for base in set(few.base) - set(many.base)
        if _contraries(base, _denied(many), lexicon)
    }  # fmt: skip
    instead |= contrary  # why it floats: why it does not sink
    return len(instead - also) - len(also - instead) < missing


def uneven(left: Words, right: Words, _: Lexicon) -> bool:
    """One denies more often, and says so or tells so in its way: *won't start*, *refuses to start*."""
    return left.negations != right.negations


def _leaves_out(words: Words, teller: Words) -> bool:
    """Whether one has no word of the story that the other tells."""
    story = {base for base, told in zip(teller.base, teller.told, strict=True) if told}
    return (story - FUNCTION).isdisjoint(words.base) and _denied(teller).isdisjoint(words.base)


def _moved(left: Words, right: Words) -> bool:
    """*Has not arrived but says delivered* against *has arrived but does not say delivered*."""
    one, other = _denied(left), _denied(right)
    return bool((one - other) & set(right.base)) and bool((other - one) & set(left.base))


def _twice(words: Words, other: Words, lexicon: Lexicon) -> bool:
    """*Should not avoid* says the contrary of *should not eat*."""
    denied = _denied(words)
    return bool(denied & (_denying(words, lexicon) - set(other.base) | _freed(words)))


def _with_it(words: Words, other: Words) -> bool:
    """*Gluten-free bread* against *bread with gluten*."""
    free = _freed(words) - _freed(other) - _denied(other)
    return bool(free & set(other.base)) and "free" not in other.plain and not other.negations


def _freed(words: Words) -> set[str]:
    """What is said to be absent: *gluten* in *gluten-free*."""
    return (
        (
            {before for before, word in pairwise(words.base) if word == "free"}
            | {base[:-4] for base in words.base if base.endswith("less") and base not in _NOT_LESS}
        )
        - FUNCTION
        - {""}
    )


_NOT_LESS = frozenset("less unless regardless wireless nevertheless nonetheless bless".split())  # noqa: SIM905


def _denied(words: Words) -> set[str]:
    return _behind(words, NEGATIONS)


def _behind(words: Words, marks: frozenset[str]) -> set[str]:
    """The first word of content behind each of the marks."""
    return {
        next((base for base in words.base[at + 1 :] if base not in FUNCTION), "")
        for at, (plain, base) in enumerate(zip(words.plain, words.base, strict=True))
        if plain in marks or base in marks
    } - {""}


_LACKING = frozenset("lose lost lack miss missing forget avoid stop fail refuse".split())  # noqa: SIM905


def _denying(words: Words, lexicon: Lexicon) -> set[str]:
    """Words that hold a *not* of their own."""
    return {
        base for base in words.base
        if base in _DENYING
        or (base.endswith("less") and base not in _NOT_LESS and lexicon.known(base[:-4]))
        or (base.startswith("un") and base not in _NOT_DENYING and len(base) > 5 and lexicon.known(base[2:]))
    }  # fmt: skip


_DENYING = frozenset(
    "decline reject refuse deny forbid ban prohibit miss missing lack fail failure forget avoid"  # noqa: SIM905
    " prevent stop quit ignore free lose lost invalid invisible inactive incomplete incorrect"
    " impossible illegal disable empty blank absent missed forgotten default private"
    " trouble issue badly wrong expire late conceal secret hide".split()
)
_NOT_DENYING = frozenset(
    "unless until under union unit unite universe unsure unblock unclog unlock unplug unpack uninstall"  # noqa: SIM905
    " undo unfollow unsubscribe unzip".split()
)


def opposites(left: Words, right: Words, lexicon: Lexicon) -> bool:
    one, other = _surplus(left, right), _surplus(right, left)
    not_left, not_right = _denied(left), _denied(right)
    return any(
        not _again(word, against, left, right)
        and not _undone(word, against, left, right)
        and (word in not_left) is (against in not_right)  # cannot remember: forgot
        and (word not in _PARTICLES or _beside_the_same(word, against, left, right))
        for word in one
        for against in _contraries(word, other, lexicon)
    )


def _again(word: str, against: str, left: Words, right: Words) -> bool:
    """*Freeze it again* is *refreeze it*."""
    return (word == f"re{against}" and "again" in right.plain) or (
        against == f"re{word}" and "again" in left.plain
    )


def _undone(word: str, against: str, left: Words, right: Words) -> bool:
    """*Clear what is clogged* is *unclog it*, *remove scale* is *descale*."""
    return any(
        whole in {f"un{part}", f"de{part}"} and not _CLEARED.isdisjoint(other.base)
        for whole, part, other in ((word, against, right), (against, word, left))
    )


_CLEARED = frozenset("clear remove free fix".split())  # noqa: SIM905


def _contraries(word: str, among: AbstractSet[str], lexicon: Lexicon) -> AbstractSet[str]:
    found = _OPPOSITE.get(word, frozenset()) & among
    return found if word in _LIGHT else found | lexicon.contraries(word, among) - _LIGHT


_LIGHT = frozenset(
    "go come have miss make break other same get be do set out in on off".split()  # noqa: SIM905
)
"""Contraries in a dictionary, of no meaning of their own in most sentences."""
_PARTICLES = frozenset("in out on off up down over under with without all some".split())  # noqa: SIM905


def _beside_the_same(word: str, against: str, left: Words, right: Words) -> bool:
    """*Turn on* and *turn off*, *in stock* and *out of stock*; not *get out* and *in the kitchen*."""
    one, other = _neighbours(word, left), _neighbours(against, right)
    return not one.isdisjoint(other)


def _neighbours(word: str, words: Words) -> set[tuple[str, str]]:
    base = [b for b in words.base if b not in _SKIPPED or b == word]
    return {
        (side, near)
        for at, own in enumerate(base)
        if own == word
        for side, near in (
            ("before", base[at - 1] if at else ""),
            ("after", base[at + 1] if at + 1 < len(base) else ""),
        )
        if near
    }


_SKIPPED = frozenset("a an the of my your our it is are be to i do can this that".split())  # noqa: SIM905


def _surplus(words: Words, against: Words) -> set[str]:
    """What one has more often than the other, as written and in base form.

    *Less expensive* is not *expensive*, and *how old* not *old*.
    """
    turned = {
        form
        for before, plain, base in zip(("", *words.plain), words.plain, words.base, strict=False)
        if before in {"less", "least", "how"}
        for form in (plain, base)
    }
    return (
        set(Counter(words.plain) - Counter(against.plain)) - set(against.base)
        | set(Counter(words.base) - Counter(against.base))
    ) - turned

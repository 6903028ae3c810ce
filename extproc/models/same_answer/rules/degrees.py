"""More, most and at most: how far a question goes."""

from __future__ import annotations

from collections import Counter

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.numerals import NUMBERS
from extproc.models.same_answer.words import Words

_DEGREES = {
    "more": "comparative", "less": "comparative", "better": "comparative",
    "worse": "comparative", "fewer": "comparative", "most": "superlative",
    "least": "superlative", "best": "superlative", "worst": "superlative",
}  # fmt: skip
_BEST_OF = frozenset("way ways method methods approach time place practice practices".split())  # noqa: SIM905
"""*The best way to* asks no more than *how*."""
_BOUNDS = {
    ("less", "than"): "under", ("fewer", "than"): "under", ("cheaper", "than"): "under",
    ("more", "than"): "over", ("older", "than"): "over", ("longer", "than"): "over",
    ("at", "least"): "least", ("at", "most"): "most", ("up", "to"): "most",
    ("no", "more"): "most",
}  # fmt: skip
_BOUND = {
    "under": "under", "below": "under", "over": "over", "above": "over", "exceed": "over",
    "minimum": "least", "maximum": "most", "almost": "almost", "nearly": "almost",
}  # fmt: skip


_MONEY = frozenset("$€£¥₹")
_ENDS_IN_EST = frozenset(
    "interest forest honest request harvest protest contest arrest invest suggest digest modest"  # noqa: SIM905
    " guest earnest tempest priest crest conquest manifest detest attest infest midwest everest".split()
)
_EXTREME = frozenset(
    "minimum maximum max favourite favorite top ascending descending smallest lowest highest first 1st last record champion".split()  # noqa: SIM905
)
"""Say *most* in another way."""


def degree(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """*cheaper* is not *cheapest*; *under 300* is not *at least 300*."""
    if _bounded(left, right) or _raised(left, right) or _raised(right, left):
        return True
    one, other = _degrees(left, lexicon), _degrees(right, lexicon)
    return bool(one and other) and one != other and not _recommended(left, right, lexicon)


def superlative(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """*The cheapest hotel* against *a hotel*."""
    one, other = _degrees(left, lexicon), _degrees(right, lexicon)
    if bool(one) is bool(other) or _recommended(left, right, lexicon):
        return False
    plainer = right if one else left
    return "superlative" in one | other and _EXTREME.isdisjoint(plainer.plain)


def _bounded(left: Words, right: Words) -> bool:
    """Bounds on different sides; *up to 300* is also *a limit of 300*."""
    one, other = Counter(bounds(left)), Counter(bounds(right))
    return not (_limited(one - other, right) and _limited(other - one, left))


def _limited(surplus: Counter[str], other: Words) -> bool:
    return not surplus or (surplus.keys() == {"most"} and not _LIMITS.isdisjoint(other.plain))


_LIMITS = frozenset("limit max maximum cap".split())  # noqa: SIM905


def bounds(words: Words) -> list[str]:
    """What stands before numbers and says on which side of them: *under 300*, *at least four*."""
    plain = words.plain
    found = []
    for at, word in enumerate(plain):
        pair = (plain[at - 1] if at else "", word)
        bound = _BOUNDS.get(pair) or _BOUND.get(word)
        behind = at + 2 if plain[at + 1 : at + 2] and plain[at + 1] in _MONEY else at + 1
        if (
            bound
            and behind < len(plain)
            and (plain[behind][:1].isdigit() or plain[behind] in NUMBERS)
        ):
            found.append(bound)
    return sorted(found)


def _raised(words: Words, other: Words) -> bool:
    """*More expensive ones* against *expensive ones*."""
    if not _EXTREME.isdisjoint(other.plain):
        return False
    return any(
        degree in {"more", "most", "less", "least"}
        and raised in other.base
        and all(
            before not in _DEGREES
            for before, base in zip(("", *other.plain), other.base, strict=False)
            if base == raised
        )
        and len(raised) > 3
        and not (degree == "more" and raised in _MORE_ABOUT)
        for degree, raised in zip(words.plain, words.base[1:], strict=False)
    )


def _recommended(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """*The best phones* and *phones you would buy* want the same list, if *best* is all that differs."""
    for one, other in ((left, right), (right, left)):
        if "best" in one.plain:
            return _degrees(one, lexicon, "best") == _degrees(other, lexicon, "best") == set()
    return False


_MORE_ABOUT = frozenset("about information info detail details context".split())  # noqa: SIM905
"""*Tell me more about it* compares nothing."""


def _degrees(words: Words, lexicon: Lexicon, but: str = "") -> set[str]:
    plain = words.plain
    found = {
        _DEGREES[word]
        for before, word, after in zip(("", *plain), plain, (*plain[1:], ""), strict=False)
        if word in _DEGREES
        and word != but
        and after not in _BEST_OF
        and not (word == "more" and after in _MORE_ABOUT)
        and (before, word) not in _BOUNDS
        and (word, after) not in _BOUNDS
    }
    for word, base in zip(plain, words.base, strict=True):
        if base == word or len(word) < 5:
            continue
        if word.endswith("est") and word not in _ENDS_IN_EST:
            found.add("superlative")
        elif word.endswith("er") and word not in lexicon.words:
            found.add("comparative")
    return found

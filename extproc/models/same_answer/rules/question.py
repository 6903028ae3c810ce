"""What kind of answer is wanted, and about whom."""

from __future__ import annotations

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import Words


def question_word(left: Words, right: Words, _: Lexicon) -> bool:
    """Who, when, where, why, how many, how to, yes or no: an answer to one is none to another."""
    one, other = asked(left), asked(right)
    return (
        one != other
        and "what" not in (one, other)
        and frozenset((one, other)) not in _ALIKE
        and not _looked_for(one, other, left, right)
        and not _granted(one, other, left, right)
    )


_ALIKE = frozenset(
    {
        frozenset(("when", "how long")),
        frozenset(("how far", "how tall")),
        frozenset(("how much", "how heavy")),
    }
)
"""*When does it arrive* is *how long does it take*; a thing is so many metres tall."""


def _looked_for(one: str, other: str, left: Words, right: Words) -> bool:
    """*Where do I find it* asks no more than *how do I find it*."""
    return {one, other} == {"where", "how"} and not (
        _SHOWN.isdisjoint(left.plain) or _SHOWN.isdisjoint(right.plain)
    )


def _granted(one: str, other: str, left: Words, right: Words) -> bool:
    """*How much leave* is *how long a leave*."""
    if {one, other} == {"how far", "how long"}:
        return not _LENGTHS.isdisjoint(left.units & right.units)
    return {one, other} == {"how much", "how long"} and not _GRANTED.isdisjoint(
        {*left.plain} & {*right.plain}
    )


_LENGTHS = frozenset({"kilometer", "mile", "meter", "foot"})
_GRANTED = frozenset("leave notice vacation holiday time".split())  # noqa: SIM905
_SHOWN = frozenset(
    "find look see view check set change update download locate access track get report file write leave"  # noqa: SIM905
    " cancel end tell obtain submit".split()
)


def asked(words: Words) -> str:
    """What kind of answer is wanted; ``what`` where anything may be."""
    plain = words.plain
    text = " ".join(plain)
    for unit in words.asked:
        if "how many" in text and unit in _COUNTED:
            return "how old" if "old" in plain else _COUNTED[unit]
    for phrase, kind in _FRAMES:
        if phrase in text:
            return kind
    if plain and plain[0] in _YES_NO and "you" not in plain[1:2]:
        return "yes or no"
    for at, word in enumerate(plain):
        following = plain[at + 1] if at + 1 < len(plain) else ""
        if word == "how" and following in _HOW:
            return f"how {_HOW[following]}" if _HOW[following] != "when" else "when"
        if word in _KINDS and not (word in _JOINS and _joins(plain, at, following)):
            return _KINDS[word]
        if word in {"what", "which"}:
            return {"time": "when", "year": "when", "date": "when"}.get(following, "what")
    return "what"


_JOINS = frozenset({"when", "where", "who"})


def _joins(plain: tuple[str, ...], at: int, following: str) -> bool:
    """Whether it joins a clause on, as in *when I open it* and *someone who would*."""
    if at == 0 and plain[0] == "who":
        return False
    if following in _YES_NO or following in {"can", "could", "to", "not"}:
        return at > 0 and plain[at - 1] in _SOMEONE
    return not (at > 0 and plain[at - 1] in _TOLD)


_SOMEONE = frozenset("someone somebody person people anyone those one".split())  # noqa: SIM905
_TOLD = frozenset("tell me know say see find and out decide idea exactly by until since".split())  # noqa: SIM905
_COUNTED = {
    "second": "how long", "minute": "how long", "hour": "how long", "day": "how long",
    "week": "how long", "month": "how long", "year": "how long", "meter": "how far",
    "kilometer": "how far", "mile": "how far", "foot": "how far",
}  # fmt: skip
_FRAMES = (
    ("how come", "why"), ("the reason", "why"), ("the cause", "why"), ("what cause", "why"),
    ("what make", "what"), ("what is the best way", "how"), ("the best way", "how"),
    ("what are the steps", "how"), ("way to", "how"), ("ways to", "how"), ("steps to", "how"),
    ("what time", "when"), ("what date", "when"), ("what year", "when"), ("what day", "when"),
    ("the price of", "how much"), ("the cost of", "how much"), ("number of", "how much"),
    ("is there a way", "how"), ("every how many", "how often"), ("how much time", "how long"), ("how many times", "how often"), ("how many", "how much"), ("how much", "how much"),
)  # fmt: skip
_HOW = {
    "old": "old", "long": "long", "far": "far", "often": "often", "frequently": "often", "tall": "tall", "high": "tall",
    "big": "big", "large": "big", "fast": "fast", "deep": "deep", "heavy": "heavy",
    "early": "when", "late": "when", "soon": "when",
}  # fmt: skip
_KINDS = {
    "who": "who", "whom": "who", "whose": "who", "when": "when", "where": "where", "why": "why",
    "how": "how",
}  # fmt: skip
_YES_NO = frozenset("is are am was were do does did has have had will would should must".split())  # noqa: SIM905


def person(left: Words, right: Words, _: Lexicon) -> bool:
    """Whose it is: *my* account is not *your* account; in *how do you delete your* it is.

    One person more is a story that one of them tells and the other leaves out.
    """
    one, other = _owners(left), _owners(right)
    if not one or not other:
        return False
    if one.isdisjoint(other):
        return True
    first, second = one - other, other - one
    return bool(first and second) or ("my" in first | second and "your" in one & other)


_ANYONE = frozenset({("how", "to"), ("way", "to"), ("ways", "to"), ("steps", "to")})
"""*The best way to clean your shoes* is about anyone's."""


def _owners(words: Words) -> set[str]:
    anyone = "you" in words.plain or any(
        pair in _ANYONE for pair in zip(words.plain, words.plain[1:], strict=False)
    )
    you = "my" if anyone and "my" not in words.plain else "your"
    generic = not _GENERIC.isdisjoint(words.plain)
    found = {
        _OWNER.get(word, "")
        for word, owned in zip(words.plain, (*words.base, "")[1:], strict=True)
        if not (word == "your" and owned in _FIRM)
    } - {""}
    if generic:
        found.discard("they")
    return {you if owner == "your" else owner for owner in found}


_OWNER = {
    "my": "my", "our": "my", "mine": "my", "ours": "my", "your": "your", "yours": "your",
    "his": "he", "her": "she", "hers": "she", "their": "they", "theirs": "they",
}  # fmt: skip
"""Pronouns that own nothing point back at what is named."""
_FIRM = frozenset(
    "app application website site service shop store company team bank platform".split()  # noqa: SIM905
)
"""What is *yours* of these is the one's that is asked, and neither a user's nor anyone's."""
_GENERIC = frozenset("people everyone everybody someone somebody one anyone anybody person".split())  # noqa: SIM905
"""*Their* is then anyone's."""

"""What kind of answer is wanted, and about whom."""

from __future__ import annotations

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.words import Words


def question_word(left: Words, right: Words, _: Lexicon) -> bool:
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
    return {
        {"your": you, "our": "my", "mine": "my", "ours": "my", "yours": you, "him": "he", "his": "he",
         "her": "she", "them": "they", "their": "they"}.get(word, word)
        for word in words.plain
        if word in {"my", "our", "mine", "ours", "yours", "your", "he", "him", "his", "she", "her",
                    "they", "them", "their"}
    }  # fmt: skip

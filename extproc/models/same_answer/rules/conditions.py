"""What a question holds under: *before*, *during*, *only*, *instead of*."""

from __future__ import annotations

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.numerals import NUMBERS
from extproc.models.same_answer.words import FUNCTION, Words

_SAID: dict[str, frozenset[str]] = {
    word: frozenset(others.split())
    for word, others in {
        "unless": "",
        "until": "by before end valid till",
        "while": "when if during as with and meantime",
        "during": "when if while as in at on with under throughout mid by",
        "before": "earlier prior advance beforehand until pre ahead already early prematurely first",
        "after": "following once since past later then post when new already now just",
        "only": "just merely solely exclusively exactly alone single no portion",
        "instead": "replace replacement substitute substitution alternative swap over into rather than stand change switch",
        "besides": "other else except beyond",
        "outside": "abroad out beyond foreign",
    }.items()
}
"""Words that set a condition, and in which other words the same one is set.

*Without* and *except* are counted as negations; *under 300* as a bound; *although* and *because*
tell a story, which is for the comparer to judge."""


def condition(left: Words, right: Words, _: Lexicon) -> bool:
    """A word that sets a condition stands in one of them only."""
    return _misses(left, right) or _misses(right, left)


def other_condition(left: Words, right: Words, _: Lexicon) -> bool:
    """Each sets one that the other does not: *before* and *after*."""
    return _misses(left, right) and _misses(right, left)


def _misses(words: Words, other: Words) -> bool:
    there = {*other.plain, *other.base}
    asking = {word for word, told in zip(words.plain, words.told, strict=True) if not told}
    return any(
        word not in there and others.isdisjoint(there)
        for word, others in _SAID.items()
        if word in asking
        and not (word == "only" and _emphatic(words))
        and not (word == "after" and _done(words, other))
        and not (word in {"while", "during"} and _in_it(word, words, other))
    )


def _emphatic(words: Words) -> bool:
    """As in *there are only 45 minutes*."""
    return all(
        after in NUMBERS - {"once", "twice"} or after[:1].isdigit() or after == "midway"
        for word, after in zip(words.plain, (*words.plain[1:], ""), strict=True)
        if word == "only"
    )


def _in_it(word: str, words: Words, other: Words) -> bool:
    """As *pregnant* is said in *while pregnant*."""
    behind = words.base[words.plain.index(word) + 1 :]
    return next((base for base in behind if base not in FUNCTION), "") in other.base


def _done(words: Words, other: Words) -> bool:
    """As *I sold it* does for *after selling it*."""
    at = words.plain.index("after")
    past = {
        base for base, plain in zip(other.base, other.plain, strict=True)
        if base != plain and not plain.endswith(("ing", "s"))
    }  # fmt: skip
    return not past.isdisjoint(words.base[at + 1 : at + 4])

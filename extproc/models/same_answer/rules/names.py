"""Who and what is named, in any spelling of it; and text of another language."""

from __future__ import annotations

from itertools import pairwise

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.numerals import NUMBERS
from extproc.models.same_answer.words import FUNCTION, Words


def names(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """Each has a name that the other lacks, or has one of theirs more often.

    A name spelled with digits is no part of a story: *WW2* is a number as well, and *H2O*.
    """
    return (
        more_names(left, right, lexicon)
        and (_exchanged(left, right) or _numbered(left, right) or _numbered(right, left))
    ) or _oftener(left, right) is _oftener(right, left) is True


def _exchanged(left: Words, right: Words) -> bool:
    one = _more(left, right) or _oftener(left, right)
    other = _more(right, left) or _oftener(right, left)
    return (one and (other or _maybe(right, left))) or (other and _maybe(left, right))


def _numbered(words: Words, other: Words) -> bool:
    own = words.names - {*other.plain}
    return any(letter.isdigit() for name in own for letter in name)


def _maybe(words: Words, other: Words) -> bool:
    """Whether one has a word that is a name here or is none, and the other has it not."""
    return any(word in _PRODUCTS and word not in other.plain for word in words.plain)


_PRODUCTS = frozenset("word teams access chrome edge safari opera pages notes drive".split())  # noqa: SIM905


def more_names(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """A name that the other does not say: *on Windows*, and *my aunt Anna told me*."""
    return not (_has(right, left, lexicon) and _has(left, right, lexicon))


def _more(words: Words, other: Words) -> bool:
    """Whether one has a name that the other lacks; *german* is one of a land."""
    there = {*other.plain}
    lands = {_LAND[word] for word in other.plain if word in _LAND}
    return not words.names <= there or any(
        word in _LAND and _LAND[word] not in lands for word in words.plain
    )


def _oftener(words: Words, other: Words) -> bool:
    """Whether a name of both stands in one more often: one of them may then stand for another."""
    return any(
        words.plain.count(name) > other.plain.count(name) for name in words.names & other.names
    )


def _has(words: Words, named: Words, lexicon: Lexicon) -> bool:
    there = {*words.plain, *words.base}
    short = _in_short(words, named) | _in_full(words, named)
    joined = {a + b for a, b in pairwise(words.plain)} | {a + b for a, b in pairwise(words.base)}
    omitted = _OMITTED if words.names <= named.names else frozenset[str]()
    return all(
        name in there
        or lexicon.base(name) in there
        or name.rstrip("s") in there
        or f"{name}s" in there
        or name in joined
        or _singular(name) in joined
        or name in omitted
        or name in short
        or (name in _IMPLIED and not _IMPLIED[name].isdisjoint(there & {*named.plain}))
        or not there.isdisjoint(_PEOPLE.get(name, ()))
        or _mistyped(name, named, words, lexicon)
        for name in named.names
    )


_OMITTED = frozenset("atm ram api div regex http bunsen tcp udp pc vm cli cpu usb dvd sql".split())  # noqa: SIM905
"""Kinds of things, which other words say as well: may be left out, never exchanged."""
_IMPLIED = {
    "python": frozenset(
        "pandas numpy matplotlib django flask fastapi pytest sklearn pytorch pydantic seaborn".split()  # noqa: SIM905
    ),
    "javascript": frozenset({"react", "vue", "angular", "nodejs", "npm", "jquery"}),
    "kubernetes": frozenset("kubectl helm pod pods probe probes crashloopbackoff configmap".split()),  # noqa: SIM905
    "kubectl": frozenset("pod pods crashloopbackoff configmap".split()),  # noqa: SIM905
    "bluetooth": frozenset({"headphones", "earbuds", "wireless"}),
    "aws": frozenset("ec2 ebs s3 iam rds cloudwatch".split()),  # noqa: SIM905
}  # fmt: skip
"""Named by naming what belongs to it."""


def _in_short(words: Words, named: Words) -> set[str]:
    """Names that are the initials of words of the other: *NBA*."""
    return {
        name for case, name in zip(named.cased, named.plain, strict=True)
        if name in named.names and _spelled_out(case, words)
    }  # fmt: skip


def _in_full(words: Words, named: Words) -> set[str]:
    """Words whose initials are a name of the other: *National Basketball Association*."""
    return {
        word
        for case, name in zip(words.cased, words.plain, strict=True)
        if name in words.names
        for word in _spelled_out(case, named)
    }


def _spelled_out(initials: str, words: Words) -> tuple[str, ...]:
    """The words in a row that `initials` stand for; two letters must be capitals."""
    if not (initials.isascii() and initials.isalpha()) or not (
        3 <= len(initials) <= _INITIALS or (len(initials) == 2 and initials.isupper())
    ):
        return ()
    letters = initials.lower()
    for at in range(len(words.plain) - len(letters) + 1):
        row = words.plain[at : at + len(letters)]
        if all(word[0] == letter for word, letter in zip(row, letters, strict=True)) and (
            row[0] not in FUNCTION and row[-1] not in FUNCTION
        ):
            return row
    return ()


_INITIALS = 6


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
    left, right = _singular(left), _singular(right)
    if left[0] != right[0] or min(len(left), len(right)) < _SLIP - 1:
        return False
    if _one_slip(left, right):
        return True
    return len(right) >= _LONG and any(
        _one_slip(left, right[:at] + right[at + 1 :]) for at in range(1, len(right))
    )


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


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
    "britain british", "rome roman", "bavaria bavarian", "iceland icelandic", "wales welsh",
    "romania romanian", "bulgaria bulgarian", "croatia croatian", "serbia serbian",
    "colombia colombian", "indonesia indonesian", "malaysia malaysian", "morocco moroccan",
    "taiwan taiwanese", "california californian", "texas texan", "venice venetian", "england english", "christianity christian", "islam islamic", "buddhism buddhist", "nigeria nigerian", "kenya kenyan", "thailand thai",
)  # fmt: skip
_PEOPLE = {
    word: (other,)
    for pair in (line.split() for line in _NATIONS)
    for word, other in (pair, pair[::-1])
}
"""*The longest African river* is one of Africa; the comparer sees the rest."""
_LAND = {word: pair.split()[0] for pair in _NATIONS for word in pair.split()}


def roles(words: Words) -> set[tuple[str, str]]:
    """Each country that is named, and whether the land is or its people."""
    return {
        (_LAND[form], "land" if _LAND[form] == form else "people")
        for form in (*words.plain, *(word[:-1] for word in words.plain if word.endswith("s")))
        if form in _LAND
    }


def signs(left: Words, right: Words, _: Lexicon) -> bool:
    return left.signs != right.signs


def language(left: Words, right: Words, lexicon: Lexicon) -> bool:
    """Text that is mostly not English must have the same words."""
    if left.plain == right.plain:
        return False
    one, other = _foreign(left, lexicon), _foreign(right, lexicon)
    if one and other:
        return True
    return (one and _foreign(left, lexicon, right)) or (other and _foreign(right, lexicon, left))


def _foreign(words: Words, lexicon: Lexicon, english: Words | None = None) -> bool:
    """Whether most words are in no dictionary, nor in the English text beside it."""
    there = frozenset[str]() if english is None else frozenset(english.plain)
    letters = [word for word in words.plain if word[0].isalpha()]
    unknown = [
        w for w in letters
        if w not in NUMBERS
        and w not in there
        and not (w in FUNCTION and len(w) > 2)
        and not (w.isascii() and lexicon.known(w))
    ]  # fmt: skip
    return len(letters) > 3 and 2 * len(unknown) > len(letters)

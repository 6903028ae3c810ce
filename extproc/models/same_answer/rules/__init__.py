"""What two questions must agree in to have one answer, however alike they look.

Each rule is one function from both texts to whether they conflict. A rule of `RULES` that
fires is final: no score of the model overrules it. What only one text says may narrow the question
or tell a story around it. That is a doubt, which the model weighs (`DOUBTS`).
"""

from __future__ import annotations

from collections.abc import Callable

from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.rules import (
    amounts,
    conditions,
    degrees,
    names,
    polarity,
    question,
    structure,
)
from extproc.models.same_answer.words import Words

Rule = Callable[[Words, Words, Lexicon], bool]


def conflict(left: Words, right: Words, lexicon: Lexicon) -> str | None:
    """The name of the first rule that keeps the two apart. Symmetric."""
    for name, rule in RULES:
        if rule(left, right, lexicon):
            return name
    if _alike(left, right):
        for name, doubt in ADDED:
            if doubt(left, right, lexicon):
                return name
    return None


def doubts(left: Words, right: Words, lexicon: Lexicon) -> tuple[bool, ...]:
    """Which of `DOUBTS` the two raise. Symmetric; meant for texts without a conflict."""
    return tuple(doubt(left, right, lexicon) for _, doubt in DOUBTS)


def _alike(left: Words, right: Words) -> bool:
    """Whether they ask in the same words but for one or two, or one only adds some: no story is told."""
    one, other = left.asking, right.asking
    return one <= other or other <= one or len(one ^ other) <= 3


RULES: tuple[tuple[str, Rule], ...] = (
    ("number", amounts.numbers),
    ("unit", amounts.units),
    ("date", amounts.dates),
    ("name", names.names),
    ("sign", names.signs),
    ("language", names.language),
    ("negation", polarity.negation),
    ("opposite", polarity.opposites),
    ("degree", degrees.degree),
    ("person", question.person),
    ("condition", conditions.other_condition),
    ("order", structure.order),
)
ADDED: tuple[tuple[str, Rule], ...] = (
    ("number", amounts.more_numbers),
    ("unit", amounts.more_units),
    ("date", amounts.more_dates),
    ("name", names.more_names),
    ("degree", degrees.superlative),
    ("question word", question.question_word),
    ("condition", conditions.condition),
)
"""Final where both ask in the same words, doubts elsewhere."""
DOUBTS: tuple[tuple[str, Rule], ...] = (*ADDED, ("negation", polarity.uneven))

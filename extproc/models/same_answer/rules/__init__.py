"""What two questions must agree in to have one answer, however alike they look.

Each rule is one function from both texts to whether they conflict. A rule that
fires is final: no score of the model overrules it.
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
    return None


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
    ("question word", question.question_word),
    ("person", question.person),
    ("condition", conditions.condition),
    ("order", structure.order),
)

"""Stories: sentences that are sensitive for what they tell, and hold no identifier.

Found by a small model (`models/matters/CARD.md`), where a policy names one of the types. A story is whole
sentences: it lies over what is found inside it, and can be labelled, routed and refused, not redacted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extproc import resources
from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.plain import Plain, stretches
from extproc.models.matters import Matters, sentences

KINDS = (
    "HEALTH_MATTER",
    "PAY_MATTER",
    "HR_MATTER",
    "FINANCIAL_MATTER",
    "LEGAL_MATTER",
    "PRIVATE_MATTER",
    "BUSINESS_CONFIDENTIAL",
)
TYPES = frozenset(KINDS)
STRETCH = 8_192
"""Characters read in one go. A story that lies across such a cut counts as two."""


@dataclass(frozen=True, slots=True)
class Stories:
    """What one policy looks for. The model is loaded once for all, by `load`."""

    types: frozenset[str]

    def load(self) -> None:
        """A few milliseconds and 2 MB, the first time."""
        _model()

    def stretches(self, text: Plain) -> Iterator[tuple[int, int]]:
        """Cuts a text after sentences and lines."""

        def ends(first: int, last: int) -> Iterator[int]:
            return (end for _, end in sentences(text.body, first, last) if end < last)

        return stretches(len(text.body), STRETCH, ends)

    def read(self, text: Plain, start: int, end: int) -> list[Match]:
        """Stories in ``text.body[start:end]``, of the types that are looked for."""
        return [
            Match(story.kind, story.start, story.end, story.score)
            for story in _model().read(text.body, start, end)
            if story.kind in self.types
        ]


@cache
def _model() -> Matters:
    return Matters(resources.path("models/matters"))

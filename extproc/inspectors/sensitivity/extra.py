"""What one policy looks for beyond the rules that all policies share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

from extproc.inspectors.sensitivity import presidio
from extproc.inspectors.sensitivity.custom import Recogniser
from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.names import Names
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.stories import Stories


@dataclass(frozen=True, slots=True)
class Extra:
    """False where there is nothing."""

    borrowed: frozenset[str] = frozenset()
    """Types that Presidio's own recognisers look for."""
    recognisers: tuple[Recogniser, ...] = ()
    """The policy's own."""
    names: Names | None = None
    """Persons and places, by a language model."""

    stories: Stories | None = None
    """Sentences that tell a private matter."""

    def __bool__(self) -> bool:
        return self.slow or self.stories is not None

    @property
    def slow(self) -> bool:
        """Whether it takes more than the sweep does."""
        return bool(self.borrowed or self.recognisers or self.names)

    @property
    def of_values(self) -> Self:
        """Without what is no value that could be taken out."""
        return replace(self, stories=None)

    def __post_init__(self) -> None:
        """Imports what the policy needs, so that no request waits for it: a second or two."""
        presidio.load(self.borrowed)
        if self.names is not None:
            self.names.load()
        if self.stories is not None:
            self.stories.load()

    def steps(self, text: Plain) -> Iterator[Callable[[], list[Match]]]:
        """The work on `text` in parts, so that a deadline can stop between."""
        if self.borrowed:
            yield partial(presidio.borrowed, text, self.borrowed)
        for recogniser in self.recognisers:
            yield partial(recogniser.find, text)
        if self.names is not None:
            for start, end in self.names.windows(text):
                yield partial(self.names.read, text, start, end)
        if self.stories is not None:
            for start, end in self.stories.stretches(text):
                yield partial(self.stories.read, text, start, end)

    def find(self, text: Plain) -> list[Match]:
        """Everything in `text`. Raises `TimeoutError` when a borrowed pattern takes too long."""
        return [match for step in self.steps(text) for match in step()]


NOTHING_MORE = Extra()

"""Reads one passage: folds and decodes it, matches rules, gathers the classifier's scores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from threading import Lock

from extproc.inspectors.injection import rules
from extproc.inspectors.injection.decode import Decoded, inside
from extproc.inspectors.injection.idioms import blank
from extproc.inspectors.injection.memo import Reading
from extproc.inspectors.injection.normalise import View, fold
from extproc.inspectors.injection.rules import Hit
from extproc.models.injection import Classifier, ClassifierError
from extproc.models.injection_tokens import Window

WINDOWS_PER_CALL = 2
"""About 17 ms of work: a small request never waits longer for a place behind a large
one, and after the deadline nothing more than this is done."""

_TAGS = re.compile(r"[\U000e0020-\U000e007e]{8,}")
_HIDDEN = 0.9
"""A rule's match in decoded text: who hides an order knows why."""
_HINT = 0.5


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text ready for the classifier, with what the rules found in it."""

    view: View
    decoded: tuple[Decoded, ...]
    deeper: bool
    hits: tuple[Hit, ...]


def prepare(text: str, channel: str) -> Prepared:
    """Everything but the classifier: about 0.1 ms for 30 words."""
    view = fold(text)
    within = inside(view)
    hits = [
        _moved(hit, *view.locate(hit.start, hit.end)) for hit in rules.match(view.text, channel)
    ]
    hits += [
        Hit("hidden_text", _HIDDEN, match.start(), match.end()) for match in _TAGS.finditer(text)
    ][:1]
    for part in within.found:
        for hit in rules.match(part.text, channel):
            score = max(hit.score, _HIDDEN) if hit.score >= _HINT else hit.score
            hits.append(Hit(f"{hit.rule}:{part.encoding}", score, part.start, part.end))
    return Prepared(view, within.found, within.deeper, tuple(hits))


def _moved(hit: Hit, start: int, end: int) -> Hit:
    return replace(hit, start=start, end=end)


class Scan:
    """The classifier's way through prepared texts, a few windows at a time.

    `step` may run in several threads at once.
    """

    def __init__(self, classifier: Classifier, texts: list[tuple[Prepared, str]]) -> None:
        self._classifier = classifier
        self._texts = texts
        self._lock = Lock()
        self._windows = self._all()
        self._best: list[Hit | None] = [None] * len(texts)

    def step(self) -> bool:
        """Scores the next windows. False when there are no more.

        Raises what the classifier raises, and `ClassifierError` for a score outside [0, 1].
        """
        with self._lock:
            batch = list(islice(self._windows, WINDOWS_PER_CALL))
        if not batch:
            return False
        scores = self._classifier.score([window for _, _, window in batch])
        for (index, part, window), score in zip(batch, scores, strict=True):
            if not 0.0 <= score <= 1.0:  # NaN too
                raise ClassifierError("the classifier's score is not in [0, 1]")
            self._keep(index, part, window, score)
        return len(batch) == WINDOWS_PER_CALL

    def readings(self) -> list[Reading]:
        """One per text, in order, once `step` has said that there are no more."""
        return [
            _reading(prepared, best)
            for (prepared, _), best in zip(self._texts, self._best, strict=True)
        ]

    def _all(self) -> Iterator[tuple[int, Decoded | None, Window]]:
        for index, (prepared, channel) in enumerate(self._texts):
            for window in self._classifier.windows(blank(prepared.view.text), channel):
                yield index, None, window
            for part in prepared.decoded:
                for window in self._classifier.windows(blank(part.text), channel):
                    yield index, part, window

    def _keep(self, index: int, part: Decoded | None, window: Window, score: float) -> None:
        with self._lock:
            best = self._best[index]
            if best is not None and best.score >= score:
                return
            if part is None:
                place = self._texts[index][0].view.locate(window.start, window.end)
                self._best[index] = Hit("classifier", score, *place)
            else:
                self._best[index] = Hit(f"classifier:{part.encoding}", score, part.start, part.end)


def _reading(prepared: Prepared, best: Hit | None) -> Reading:
    hits = prepared.hits if best is None else (*prepared.hits, best)
    return Reading(max((hit.score for hit in hits), default=0.0), hits, prepared.deeper)

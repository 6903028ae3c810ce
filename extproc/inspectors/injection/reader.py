"""Reads passages: folds and decodes them, matches rules, gathers the classifier's scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from extproc.inspectors.injection import hidden, rules
from extproc.inspectors.injection.decode import Decoded, inside
from extproc.inspectors.injection.hidden import Trace
from extproc.inspectors.injection.idioms import blank
from extproc.inspectors.injection.memo import Reading
from extproc.inspectors.injection.normalise import View, fold
from extproc.inspectors.injection.rules import Hit
from extproc.models.injection import Classifier, ClassifierError
from extproc.models.injection_sieve import Sieve
from extproc.models.injection_tokens import Window

WINDOWS_PER_CALL = 2
"""About 17 ms of work: a small request never waits longer for a place behind a large
one, and after the deadline nothing more than this is done."""
GLANCES_PER_CALL = 64
"""Windows that the sieve looks at in one call, for the same reason."""
LONG = 2_048
"""Code points from which on a text is sifted: below that there is little to gain."""

HIDDEN_TEXT = "hidden_text"
_HIDDEN = 0.9
"""A rule's match in decoded text: who hides an order knows why."""
_HINT = 0.5
_SHORT = 4_096
"""Code points up to which the classifier reads a whole text once more in its other spelling."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text ready for the classifier, with what the rules found in it."""

    view: View
    decoded: tuple[Decoded, ...]
    deeper: bool
    hits: tuple[Hit, ...]
    traces: tuple[Trace, ...] = ()

    def weight(self, start: int, end: int) -> float:
        """How suspicious it is in itself that something is hidden between two places."""
        return max((t.weight for t in self.traces if t.start < end and start < t.end), default=0.0)

    def marked(self, start: int, end: int) -> bool:
        """Whether a rule, if only a light one, has something to say of a place between two."""
        return any(hit.start < end and start < hit.end for hit in self.hits)


def prepare(text: str, channel: str, *, indirect: bool = False) -> Prepared:
    """Everything but the classifier: about 0.1 ms for 30 words.

    `indirect`: nobody speaks to the assistant here, whatever the channel.
    """
    view = fold(text)
    within = inside(view, text)
    decoded = within.found
    traces = tuple(hidden.traces(text))
    hits = [
        replace(hit, start=start, end=end)
        for hit in rules.match(view.text, channel, indirect=indirect)
        for start, end in (view.locate(hit.start, hit.end),)
    ]
    hits += [Hit(HIDDEN_TEXT, t.weight, t.start, t.end) for t in traces]
    plain = {hit.rule for hit in hits}
    for part in decoded:
        for hit in rules.match(part.text, channel, indirect=indirect):
            # What is only talked about stays so, and bold type hides nothing that is plain too.
            open_ = hit.score in {rules.MENTIONED, rules.FORBIDDEN} or (
                part.whole and hit.rule in plain
            )
            heavier = hit.score >= _HINT and not open_
            score = max(hit.score, _HIDDEN) if heavier else hit.score
            hits.append(Hit(f"{hit.rule}:{part.encoding}", score, part.start, part.end))
    return Prepared(view, decoded, within.deeper, tuple(hits), traces)


@dataclass(frozen=True, slots=True)
class Text:
    """One text to be read. `modelled`: the classifier reads it, not the rules alone."""

    prepared: Prepared
    channel: str
    modelled: bool = True


Place = tuple[int, Decoded | None, Window]
"""Which text, what was decoded from it if it is not the text itself, and the window."""


class Scan:
    """The classifier's way through prepared texts, a few windows at a time.

    `step` may run in several threads at once. `budget`: windows that are read
    at most; the texts come in the order in which they are to be read. `sieve`:
    of texts from `LONG` on the classifier reads only what passes it and what a
    rule has marked; what is decoded is read in any case.
    """

    def __init__(
        self,
        classifier: Classifier,
        texts: Sequence[Text],
        *,
        budget: int | None = None,
        sieve: Sieve | None = None,
    ) -> None:
        self._classifier = classifier
        self._texts = texts
        self._sieve = sieve
        self._lock = Lock()
        self._windows = self._all()
        self._left = budget
        self._best: list[Hit | None] = [None] * len(texts)
        self._skipped = [0] * len(texts)
        self._unread: int | None = None
        """The first text that was not read to its end."""

    def step(self) -> bool:
        """Scores the next windows. False when there are no more.

        Raises what the classifier raises, and `ClassifierError` for a score outside [0, 1].
        """
        with self._lock:
            batch, more = self._next()
        if not batch:
            return more
        scores = self._classifier.score([window for _, _, window in batch])
        for (index, part, window), score in zip(batch, scores, strict=True):
            if not 0.0 <= score <= 1.0:  # NaN too
                raise ClassifierError("the classifier's score is not in [0, 1]")
            self._keep(index, part, window, score)
        return more

    def readings(self) -> list[Reading]:
        """One per text, in order, once `step` has said that there are no more.

        ``whole`` is false from the text on at which the budget ended.
        """
        end = len(self._texts) if self._unread is None else self._unread
        return [
            _reading(text.prepared, best, whole=at < end, skipped=skipped)
            for at, (text, best, skipped) in enumerate(
                zip(self._texts, self._best, self._skipped, strict=True)
            )
        ]

    def _next(self) -> tuple[list[Place], bool]:
        """What is to be scored now, and whether there may be more."""
        batch: list[Place] = []
        for _ in range(GLANCES_PER_CALL):
            place = next(self._windows, None)
            if place is None:
                return batch, False
            if self._skips(place):
                self._skipped[place[0]] += 1
            elif self._left == 0:
                self._unread = place[0] if self._unread is None else self._unread
                return batch, False
            else:
                self._left = None if self._left is None else self._left - 1
                batch.append(place)
                if len(batch) == WINDOWS_PER_CALL:
                    break
        return batch, True

    def _skips(self, place: Place) -> bool:
        index, part, window = place
        prepared = self._texts[index].prepared
        if self._sieve is None or part is not None or len(prepared.view.text) < LONG:
            return False
        return not self._sieve.passes(window) and not prepared.marked(
            *prepared.view.locate(window.start, window.end)
        )

    def _all(self) -> Iterator[Place]:
        for index, text in enumerate(self._texts):
            prepared = text.prepared
            if text.modelled:
                for window in self._classifier.windows(blank(prepared.view.text), text.channel):
                    yield index, None, window
            for part in prepared.decoded:
                if part.whole and len(part.text) > _SHORT:
                    continue
                for window in self._classifier.windows(blank(part.text), text.channel):
                    yield index, part, window

    def _keep(self, index: int, part: Decoded | None, window: Window, score: float) -> None:
        prepared = self._texts[index].prepared
        if part is None:
            place = prepared.view.locate(window.start, window.end)
            hit = Hit("classifier", hidden.weighed(score, prepared.weight(*place)), *place)
        else:
            heavier = hidden.weighed(score, hidden.weight(part.encoding))
            hit = Hit(f"classifier:{part.encoding}", heavier, part.start, part.end)
        with self._lock:
            best = self._best[index]
            if best is None or hit.score > best.score:
                self._best[index] = hit


def read(
    classifier: Classifier,
    text: str,
    channel: str,
    *,
    indirect: bool = False,
    budget: int | None = None,
) -> Reading:
    """One text at once, in this thread. Raises what the classifier raises."""
    prepared = prepare(text, channel, indirect=indirect)
    scan = Scan(classifier, [Text(prepared, channel)], budget=budget)
    while scan.step():
        pass
    return scan.readings()[0]


def _reading(prepared: Prepared, best: Hit | None, *, whole: bool, skipped: int) -> Reading:
    hits = prepared.hits if best is None else (*prepared.hits, best)
    score = max((hit.score for hit in hits), default=0.0)
    return Reading(score, hits, prepared.deeper, whole, skipped)

"""Refuses or flags requests that carry an attack on the model.

All channels but the operator's own (`system`) are read. Assistant turns too:
the client sends them, nothing proves that a model ever said them, and putting
words into the model's mouth is an attack of its own. Tool definitions too:
a poisoned description is read by the model like any order.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from extproc.exchange import Exchange
from extproc.inspectors.injection.canary import Canary
from extproc.inspectors.injection.memo import Reading, key, shared
from extproc.inspectors.injection.passages import CHAPTER, LONG_CHAPTER, Passage, alone, chapters
from extproc.inspectors.injection.reader import Prepared, Scan, Text, prepare
from extproc.inspectors.injection.rules import Hit
from extproc.inspectors.injection.settings import InjectionSettings
from extproc.inspectors.injection.suspicion import suspicious
from extproc.llm.view import Channel, Span
from extproc.models.injection import Classifier
from extproc.models.injection_sieve import Sieve
from extproc.models.workers import Workers
from extproc.verdict import NOTHING, PASS, Code, Edit, Finding, Refuse, Verdict

NAME = "injection"
MAX_FINDINGS = 16
"""The highest scores are kept: findings travel in Envoy's metadata."""
MAX_LEFT_OUT = 8
"""Spans that `coverage` names as not read whole under `early_exit`; the rest are counted."""
MANY = 64
"""More new spans than this that are `BRIEF` are read in chapters only: a call of the model
for each would cost a hundred times what their text is worth."""
BRIEF = 240
"""Code points."""

_INLINE = 2048
"""Code points prepared on the event loop: the way to a worker and back costs more."""
_LANES = 2
"""Calls of one request that run side by side, when it is large."""
_LARGE = 1024

Read = tuple[Passage, Reading]


class Injection:
    """One policy's view on attacks; what texts score is shared by all policies."""

    def __init__(
        self,
        settings: InjectionSettings,
        classifier: Classifier,
        workers: Workers,
        *,
        over_budget: Literal["deny", "allow"] = "deny",
        key: bytes = b"",
        sieve: Sieve | None = None,
    ) -> None:
        """`over_budget` is the policy's `on_uninspectable.text`; canaries are made with `key`.

        `sieve` is used under `early_exit`; without one every window is read.
        """
        self._settings = settings
        self._limits = {channel: settings.limits(channel) for channel in Channel}
        self._skipped = frozenset() if settings.system else frozenset({Channel.SYSTEM})
        self._pools = frozenset(settings.pools) if settings.pools is not None else None
        self._denies_rest = over_budget == "deny"
        self._sieve = sieve if settings.early_exit else None
        self._classifier = classifier
        self._version = f"{self._sieve.version if self._sieve else ''}\0{classifier.version}"
        self._workers = workers
        self._memo = shared(classifier)
        self._canary = Canary(key) if settings.canary else None

    async def inspect(self, exchange: Exchange) -> Verdict:
        """Sets ``exchange.scores["injection"]``.

        Raises what the classifier raises, and `Overloaded` when the queue is full.
        """
        view = exchange.view
        spans = [s for s in view.spans if self._reads(s)] if view is not None else []
        found = await self._read(spans)
        exchange.scores[NAME] = max((reading.score for _, reading in found), default=0.0)
        exchange.coverage.extend(
            f"text:nested_encoding:{passage.pieces[0].span.path}"
            for passage, reading in found
            if reading.deeper and not passage.joined
        )
        exchange.coverage.extend(_left_out(found))
        verdict = self._verdict(found)
        if isinstance(verdict.action, Refuse):
            return verdict
        unread = [passage for passage, reading in found if not reading.whole]
        if unread:
            exchange.coverage.append(f"text:over_window_budget:{unread[0].pieces[0].span.path}")
            if self._denies_rest:
                return replace(verdict, action=_too_long(self._settings.max_windows))
        if verdict.findings and self._pools is not None:
            pools = exchange.sensitivity.pools
            pools = self._pools if pools is None else pools & self._pools
            exchange.sensitivity = replace(exchange.sensitivity, pools=pools)
        return self._watched(exchange, verdict)

    def _watched(self, exchange: Exchange, verdict: Verdict) -> Verdict:
        placed = None if self._canary is None else self._canary.place(exchange)
        if placed is None:
            return verdict
        change, watch = placed
        return replace(verdict, action=Edit((change,)), answer=watch)

    def _reads(self, span: Span) -> bool:
        if span.channel in self._skipped:
            return False
        if not self._settings.allow:
            return True
        raw = span.text.encode("utf-8", "surrogatepass")
        return hashlib.sha256(raw).hexdigest() not in self._settings.allow

    async def _read(self, spans: Sequence[Span]) -> list[Read]:
        """What is there to read with what was read, from memory where it was read before."""
        single = alone(spans)
        keys = [self._key(passage) for passage in single]
        brief = self._brief(single, keys)
        many = len(brief) > MANY
        if many:
            kept = [(k, p) for k, p in zip(keys, single, strict=True) if k not in brief]
            keys, single = [k for k, _ in kept], [p for _, p in kept]
        joined = chapters(spans, LONG_CHAPTER if many else CHAPTER)
        keys += [self._key(passage, many=many) for passage in joined]
        passages = [*single, *joined]
        known = {k: reading for k in keys if (reading := self._memo.get(k)) is not None}
        # The newest first: should the budget not suffice, it is what nobody has seen before.
        new = {
            k: (p, many or not p.joined or p.parts or suspicious(p.text))
            for k, p in reversed(list(zip(keys, passages, strict=True)))
            if k not in known
        }
        if new:
            for k, reading in zip(new, await self._scan(list(new.values())), strict=True):
                known[k] = reading
                if reading.whole:
                    self._memo.put(k, reading)
        return [(p, known[k]) for p, k in zip(passages, keys, strict=True)]

    def _brief(self, passages: Sequence[Passage], keys: Sequence[bytes]) -> set[bytes]:
        """Short texts that are new and stand in a chapter too."""
        spans = Counter(passage.channel for passage in passages)
        return {
            k
            for k, p in zip(keys, passages, strict=True)
            if len(p.text) <= BRIEF and spans[p.channel] > 1 and k not in self._memo
        }

    def _key(self, passage: Passage, *, many: bool = False) -> bytes:
        """Of a chapter it says too whether the classifier reads it in any case."""
        kind = ("all" if many or passage.parts else "joined") if passage.joined else "alone"
        version = f"{kind}\0{self._version}"
        return key(passage.text, passage.channel, version, passage.starts)

    async def _scan(self, passages: list[tuple[Passage, bool]]) -> list[Reading]:
        size = sum(len(passage.text) for passage, _ in passages)
        if size <= _INLINE:
            texts = _prepare(passages)
        else:
            texts = await self._workers.run(_prepare, passages)
        scan = Scan(self._classifier, texts, budget=self._settings.max_windows, sieve=self._sieve)
        if size <= _LARGE:
            await self._lane(scan)
        else:
            lanes = [asyncio.ensure_future(self._lane(scan)) for _ in range(_LANES)]
            try:
                await asyncio.gather(*lanes)
            finally:
                for lane in lanes:
                    lane.cancel()
        return scan.readings()

    async def _lane(self, scan: Scan) -> None:
        while await self._workers.run(scan.step):
            pass

    def _verdict(self, found: Iterable[Read]) -> Verdict:
        findings: dict[tuple[str, str | None, int | None], Finding] = {}
        worst: Finding | None = None
        for passage, reading in found:
            limits = self._limits[passage.channel]
            for hit in reading.hits:
                if hit.score < limits.lowest:
                    continue
                finding = _finding(passage, hit)
                place = (finding.rule, finding.path, finding.start)
                # A chapter repeats what was found in a span; what it alone shows is new.
                if place in findings and findings[place].score >= finding.score:
                    continue
                findings[place] = finding
                if limits.refuses(hit.score) and (worst is None or hit.score > worst.score):
                    worst = finding
        if not findings:
            return NOTHING
        ordered = sorted(findings.values(), key=lambda one: (one is not worst, -one.score))
        action = PASS if worst is None else _refuse(worst)
        return Verdict(action, tuple(ordered[:MAX_FINDINGS]))


def _prepare(passages: list[tuple[Passage, bool]]) -> list[Text]:
    return [Text(_prepared(p), p.channel, modelled) for p, modelled in passages]


def _prepared(passage: Passage) -> Prepared:
    prepared = prepare(passage.text, passage.channel)
    glued = passage.glued() if passage.joined else None
    if glued is None:
        return prepared
    more = prepare(glued.text, passage.channel)
    hits = [
        replace(hit, start=glued.moved(hit.start, passage), end=glued.moved(hit.end, passage))
        for hit in more.hits
    ]
    decoded = [
        replace(part, start=glued.moved(part.start, passage), end=glued.moved(part.end, passage))
        for part in more.decoded
        if part.text not in {one.text for one in prepared.decoded}
    ]
    return replace(
        prepared,
        hits=(*prepared.hits, *hits),
        decoded=(*prepared.decoded, *decoded),
        deeper=prepared.deeper or more.deeper,
    )


def _left_out(found: Iterable[Read]) -> Iterable[str]:
    """What `coverage` says of windows that the sieve left out: where, and no more than a few."""
    paths = [p.pieces[0].span.path for p, reading in found if reading.skipped]
    more = len(paths) - MAX_LEFT_OUT
    named = [f"text:early_exit:{path}" for path in paths[:MAX_LEFT_OUT]]
    return [*named, f"text:early_exit:{more}_more"] if more > 0 else named


def _finding(passage: Passage, hit: Hit) -> Finding:
    span, start, end = passage.locate(hit.start, hit.end)
    return Finding(NAME, hit.rule, hit.score, passage.channel, span.path, start=start, end=end)


def _refuse(finding: Finding) -> Refuse:
    return Refuse(
        Code.PROMPT_INJECTION,
        f"the request looks like a prompt injection: rule {finding.rule} in {finding.channel} text",
        param=finding.path,
        should_retry=False,
    )


def _too_long(windows: int) -> Refuse:
    return Refuse(
        Code.REQUEST_TOO_LARGE,
        f"the request holds more text than the classifier's budget of {windows} windows",
        should_retry=False,
    )

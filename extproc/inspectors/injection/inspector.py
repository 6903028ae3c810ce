"""Refuses or flags requests that carry an attack on the model.

All channels but the operator's own (`system`) are read. Assistant turns too:
the client sends them, nothing proves that a model ever said them, and putting
words into the model's mouth is an attack of its own. Tool definitions too:
a poisoned description is read by the model like any order.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from extproc.exchange import Exchange
from extproc.inspectors.injection.memo import Reading, key, shared
from extproc.inspectors.injection.passages import Passage, join
from extproc.inspectors.injection.reader import Prepared, Scan, prepare
from extproc.inspectors.injection.rules import Hit
from extproc.inspectors.injection.settings import Action, ChannelSettings, InjectionSettings
from extproc.llm.view import Channel, Span
from extproc.models.injection import Classifier
from extproc.models.workers import Workers
from extproc.verdict import NOTHING, PASS, Code, Finding, Refuse, Verdict

NAME = "injection"
MAX_FINDINGS = 16
"""The highest scores are kept: findings travel in Envoy's metadata."""

_INLINE = 2048
"""Code points prepared on the event loop: the way to a worker and back costs more."""
_LANES = 2
"""Calls of one request that run side by side, when it is large."""
_LARGE = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a score means in one channel."""

    threshold: float
    flag: float
    action: Action


class Injection:
    """One policy's view on attacks; what texts score is shared by all policies."""

    def __init__(
        self, settings: InjectionSettings, classifier: Classifier, workers: Workers
    ) -> None:
        self._limits = {channel: _limits(settings, channel) for channel in Channel}
        self._skipped = frozenset() if settings.system else frozenset({Channel.SYSTEM})
        self._allow = settings.allow
        self._classifier = classifier
        self._workers = workers
        self._memo = shared(classifier)

    async def inspect(self, exchange: Exchange) -> Verdict:
        """Sets ``exchange.scores["injection"]``.

        Raises what the classifier raises, and `Overloaded` when the queue is full.
        """
        spans = exchange.view.spans if exchange.view is not None else ()
        passages = join(span for span in spans if self._reads(span))
        readings = await self._read(passages)
        exchange.scores[NAME] = max((reading.score for reading in readings), default=0.0)
        pairs = list(zip(passages, readings, strict=True))
        exchange.coverage.extend(
            f"text:nested_encoding:{passage.spans[0].path}"
            for passage, reading in pairs
            if reading.deeper
        )
        return self._verdict(pairs)

    def _reads(self, span: Span) -> bool:
        if span.channel in self._skipped:
            return False
        if not self._allow:
            return True
        raw = span.text.encode("utf-8", "surrogatepass")
        return hashlib.sha256(raw).hexdigest() not in self._allow

    async def _read(self, passages: list[Passage]) -> list[Reading]:
        """One reading per passage, from memory where the same text was read before."""
        keys = [key(p.text, p.channel, self._classifier.version) for p in passages]
        known = {k: reading for k in keys if (reading := self._memo.get(k)) is not None}
        new = {k: p for k, p in zip(keys, passages, strict=True) if k not in known}
        if new:
            for k, reading in zip(new, await self._scan(list(new.values())), strict=True):
                self._memo.put(k, reading)
                known[k] = reading
        return [known[k] for k in keys]

    async def _scan(self, passages: list[Passage]) -> list[Reading]:
        size = sum(len(passage.text) for passage in passages)
        if size <= _INLINE:
            prepared = _prepare(passages)
        else:
            prepared = await self._workers.run(_prepare, passages)
        scan = Scan(self._classifier, prepared)
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

    def _verdict(self, pairs: Iterable[tuple[Passage, Reading]]) -> Verdict:
        findings: list[Finding] = []
        worst: Finding | None = None
        for passage, reading in pairs:
            limits = self._limits[passage.channel]
            for hit in reading.hits:
                if hit.score < min(limits.flag, limits.threshold):
                    continue
                finding = _finding(passage, hit)
                findings.append(finding)
                acted = hit.score >= limits.threshold and limits.action == "block"
                if acted and (worst is None or hit.score > worst.score):
                    worst = finding
        if not findings:
            return NOTHING
        findings.sort(key=lambda finding: (finding is not worst, -finding.score))
        action = PASS if worst is None else _refuse(worst)
        return Verdict(action, tuple(findings[:MAX_FINDINGS]))


def _prepare(passages: list[Passage]) -> list[tuple[Prepared, str]]:
    return [(prepare(passage.text, passage.channel), passage.channel) for passage in passages]


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


def _limits(settings: InjectionSettings, channel: Channel) -> Limits:
    own = settings.channels.get(channel, ChannelSettings())
    return Limits(
        settings.threshold if own.threshold is None else own.threshold,
        settings.flag if own.flag is None else own.flag,
        settings.action if own.action is None else own.action,
    )

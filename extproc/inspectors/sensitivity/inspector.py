"""Scans every text of a request, labels it, and refuses what the policy blocks."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from types import MappingProxyType

from extproc.exchange import Exchange, Sensitivity
from extproc.inspectors.sensitivity.analyzer import PIECE, Analyzer, Entity, pieces, settle
from extproc.inspectors.sensitivity.labelling import Labelled, Labelling, Residences
from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.plain import Plain
from extproc.inspectors.sensitivity.readings import readings
from extproc.inspectors.sensitivity.redact import Redactor
from extproc.inspectors.sensitivity.settings import RedactSettings, SensitivitySettings
from extproc.llm.named import spoken_name
from extproc.llm.view import ChatView, Span
from extproc.models.workers import Workers
from extproc.verdict import (
    NOTHING,
    PASS,
    Action,
    Code,
    Finding,
    Redact,
    Refusal,
    Refuse,
    Verdict,
)

NAME = "sensitivity"
INLINE = 2_048
"""Characters of new text up to which scanning here is cheaper than a hop to a worker."""
_REMEMBERED = 4_096
_LARGEST = 64
"""Texts with more entities than this are not remembered."""


class SensitivityInspector:
    """One per policy. Remembers offsets by a hash of the text, never a text."""

    def __init__(
        self,
        settings: SensitivitySettings,
        analyzer: Analyzer,
        workers: Workers,
        key: bytes | None = None,
        residences: Residences = MappingProxyType({}),
    ) -> None:
        """`key` makes placeholders; without one they are this inspector's own."""
        key = key or secrets.token_bytes(32)
        self._labelling = Labelling(settings, residences)
        self._redactor = (
            Redactor(settings.redact or RedactSettings(), key) if self._labelling.redacts else None
        )
        self._settings = settings
        self._analyzer = analyzer
        self._workers = workers
        self._also = settings.extra
        self._memory: OrderedDict[bytes, tuple[Entity, ...]] = OrderedDict()

    async def inspect(self, exchange: Exchange) -> Verdict:
        """Sets `exchange.sensitivity`. One finding per entity, in document order, then the rules'."""
        view = exchange.view
        hits = await self._hits(view) if view is not None else []
        if not hits and not self._labelling.has_rules:
            return NOTHING
        labelled = self._labelling.of(exchange, _values(hits))
        if not hits and not labelled.rules:
            return NOTHING
        exchange.sensitivity = Sensitivity(
            label=labelled.label,
            entities=tuple(sorted({hit.entity.type for hit in hits})),
            pools=labelled.pools,
        )
        verdict = Verdict(_action(labelled), _findings(hits, labelled))
        if view is None or self._redactor is None or isinstance(verdict.action, Refuse):
            return verdict
        return await self._redact(
            self._redactor, exchange, view, hits, labelled=labelled, verdict=verdict
        )

    async def _hits(self, view: ChatView) -> list[Hit]:
        names = [_name_of(span) for span in view.spans]
        pairs = zip(names, view.spans, strict=True)
        found = await self._scan([f"{name}{span.text}" for name, span in pairs])
        return [
            Hit(index, span, entity)
            for index, (span, name, entities) in enumerate(
                zip(view.spans, names, found, strict=True)
            )
            for entity in _after(len(name), entities)
            if entity.score >= self._settings.threshold_of(entity.type)
        ]

    async def _redact(
        self,
        redactor: Redactor,
        exchange: Exchange,
        view: ChatView,
        hits: Sequence[Hit],
        *,
        labelled: Labelled,
        verdict: Verdict,
    ) -> Verdict:
        found: dict[int, list[Entity]] = {}
        for hit in hits:
            if hit.entity.type in labelled.taken:
                found.setdefault(hit.index, []).append(hit.entity)
        if not found:
            return verdict
        scope = conversation(exchange)
        try:
            if view.text_bytes <= INLINE:
                redaction = redactor.redact(view, found, scope)
            else:
                redaction = await self._workers.run(redactor.redact, view, found, scope)
        except Refusal as refusal:
            return replace(verdict, action=refusal.refuse)
        return Verdict(Redact(redaction.changes), verdict.findings, redaction.restore)

    async def _scan(self, texts: Sequence[str]) -> list[tuple[Entity, ...]]:
        """The entities of each text; what is new and long goes to the workers."""
        keys = [_key(text) for text in texts]
        known = {key: self._memory[key] for key in keys if key in self._memory}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if sum(map(len, new.values())) <= INLINE and not self._also.slow:
            fresh = self._scan_all(new)
        else:
            fresh = await self._in_workers(new)
        known |= fresh
        self._remember(known)
        return [known[key] for key in keys]

    async def _in_workers(self, texts: dict[bytes, str]) -> dict[bytes, tuple[Entity, ...]]:
        """One call after the other, each of bounded length, so that a deadline can stop between."""
        found: dict[bytes, tuple[Entity, ...]] = {}
        batch: dict[bytes, str] = {}
        size = 0
        for key, text in texts.items():
            if len(text) > PIECE:
                found[key] = await self._long(text)
                continue
            if size + len(text) > PIECE:
                found |= await self._workers.run(self._scan_all, batch)
                batch, size = {}, 0
            batch[key] = text
            size += len(text)
        if batch:
            found |= await self._workers.run(self._scan_all, batch)
        return found

    def _scan_all(self, texts: dict[bytes, str]) -> dict[bytes, tuple[Entity, ...]]:
        return {key: self._analyzer.scan(text, self._also) for key, text in texts.items()}

    async def _long(self, text: str) -> tuple[Entity, ...]:
        run = self._workers.run
        found: list[tuple[Plain, list[Match]]] = []
        for body in await run(lambda: tuple(readings(text))):
            matches: list[Match] = []
            for start, end in pieces(body):
                matches += await run(self._analyzer.candidates, body, start, end)
            for step in self._also.steps(body):
                matches += await run(step)
            found.append((body, matches))
        return await run(settle, found)

    def _remember(self, found: dict[bytes, tuple[Entity, ...]]) -> None:
        for key, entities in found.items():
            if len(entities) <= _LARGEST:
                self._memory[key] = entities
                self._memory.move_to_end(key)
        while len(self._memory) > _REMEMBERED:
            self._memory.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity at or over its threshold, and the text it stands in: the view's `index`-th."""

    index: int
    span: Span
    entity: Entity


def _name_of(span: Span) -> str:
    """What is scanned before it; nothing before names of fields, which are no value."""
    is_value = span.editable or not span.text.strip("0123456789.e+-")
    return spoken_name(span.text, span.keys) if is_value else ""


def _after(size: int, entities: Sequence[Entity]) -> Sequence[Entity]:
    """Without the first `size` characters, and what stands in them."""
    if not size:
        return entities
    return [
        one._replace(start=max(0, one.start - size), end=one.end - size)
        for one in entities
        if one.end > size
    ]


def _values(hits: Iterable[Hit]) -> dict[str, set[str]]:
    """Different values by type: they live as long as the label is being decided."""
    values: dict[str, set[str]] = {}
    for hit in hits:
        entity = hit.entity
        value = hit.span.text[entity.start : entity.end].casefold()
        values.setdefault(entity.type, set()).add(value)
    return values


def _action(labelled: Labelled) -> Action:
    if labelled.refused_by is None:
        return PASS
    return Refuse(
        Code.SENSITIVE_DATA,
        f"The request holds {labelled.because} data (rule sensitivity.{labelled.refused_by})",
        should_retry=False,
    )


def _findings(hits: Iterable[Hit], labelled: Labelled) -> tuple[Finding, ...]:
    def code(reason: str) -> Code | None:
        return Code.SENSITIVE_DATA if reason in labelled.blocking else None

    entities = [
        Finding(
            inspector=NAME,
            rule=hit.entity.type,
            score=hit.entity.score,
            channel=hit.span.channel,
            path=hit.span.path,
            code=code(hit.entity.type),
            start=hit.entity.start,
            end=hit.entity.end,
        )
        for hit in hits
    ]
    rules = [Finding(NAME, rule, 1.0, code=code(rule)) for rule in labelled.rules]
    return (*entities, *rules)


def conversation(exchange: Exchange) -> tuple[str, ...]:
    """Within what the same value has the same placeholder; the tenant comes first.

    No request says which conversation it belongs to. What all turns of one
    have in common is who asks: the session where there is one, else the user.
    """
    who, view = exchange.identity, exchange.view
    user = view.user if view is not None else None
    return (who.tenant, who.caller, who.session or user or "")


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()

"""Takes values out of a request, and puts them back into its answer."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from extproc.inspectors.sensitivity import operators
from extproc.inspectors.sensitivity.analyzer import Entity
from extproc.inspectors.sensitivity.note import with_note
from extproc.inspectors.sensitivity.operators import Operator
from extproc.inspectors.sensitivity.pseudonyms import Placeholders, Pseudonyms
from extproc.inspectors.sensitivity.restore import Restore, speaks_json
from extproc.inspectors.sensitivity.settings import RedactSettings
from extproc.llm.view import Channel, ChatView, Span
from extproc.verdict import Change, Code, Keys, Refusal, Refuse

SHORT = 5
"""Shorter values are replaced where they were found, longer ones wherever they stand."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is done to one request."""

    changes: tuple[Change, ...] = field(repr=False)
    restore: Restore | None = field(repr=False)
    """``None`` when nothing is to be put back."""


class Redactor:
    """One per policy. What it learns of a request lives in the `Redaction` alone."""

    def __init__(self, settings: RedactSettings, key: bytes) -> None:
        self._settings = settings
        self._key = key
        self._types = frozenset(settings.entities)

    def takes(self, entity: Entity) -> bool:
        return entity.type in self._types

    def redact(
        self, view: ChatView, found: Mapping[int, Sequence[Entity]], scope: tuple[str, ...]
    ) -> Redaction:
        """`found`: entities that `takes` by the index of their span; `scope` begins with the tenant.

        Raises `Refusal` when a value stands where nothing can be put in its place.
        """
        types = {entity.type for entities in found.values() for entity in entities}
        texts = [span.text for span in view.spans]
        names = Pseudonyms(self._key, scope, types, texts)
        spoken: dict[str, str] = {}
        """What to say for a literal that was found somewhere."""
        for index, entities in found.items():
            for entity in entities:
                raw = texts[index][entity.start : entity.end]
                said = self._replacement(entity.type, _meant(view.spans[index], raw), names, scope)
                spoken.setdefault(raw, said)
        changes = []
        for index, span in enumerate(view.spans):
            cuts = _cuts(span.text, found.get(index, ()), spoken)
            if cuts:
                changes.append(_change(view, span, cuts))
        if self._settings.note:
            changes.extend(with_note(view, changes))
        return Redaction(tuple(changes), self._restore(view, names.placeholders, types))

    def _restore(
        self, view: ChatView, placeholders: Placeholders, types: Iterable[str]
    ) -> Restore | None:
        kept = any(self._operator(type_) in _RESTORED for type_ in types)
        if not (self._settings.restore and kept):
            return None
        return Restore(view.surface, placeholders, is_json=speaks_json(view.document))

    def _operator(self, type_: str) -> Operator:
        return self._settings.operators.get(type_, Operator.PLACEHOLDER)

    def _replacement(
        self, type_: str, value: str, names: Pseudonyms, scope: tuple[str, ...]
    ) -> str:
        match self._operator(type_):
            case Operator.MASK:
                return operators.mask(value)
            case Operator.HASH:
                return operators.keyed_hash(self._key, scope[0], type_, value)
            case Operator.FORMAT_PRESERVING:
                return operators.preserve_format(self._key, scope, type_, value)
            case Operator.DATE_SHIFT:
                shifted = operators.shift_date(self._key, scope, value)
                return shifted if shifted is not None else names.of(type_, value)
            case _:
                return names.of(type_, value)


_RESTORED = frozenset({Operator.PLACEHOLDER, Operator.DATE_SHIFT})
"""A date that cannot be shifted gets a placeholder."""

Cut = tuple[int, int, str]
"""Start, end and what stands there instead."""


def _meant(span: Span, raw: str) -> str:
    """The value that `raw` spells: in the arguments of a call it may hold JSON escapes."""
    if "\\" not in raw or span.channel is not Channel.TOOL_CALL:
        return raw
    try:
        value = json.loads(f'"{raw}"')
    except ValueError:
        return raw
    return value if isinstance(value, str) else raw


def _cuts(text: str, entities: Iterable[Entity], spoken: Mapping[str, str]) -> list[Cut]:
    """What is to be replaced, in order; what was found here goes before what stands here too."""
    cuts = [(e.start, e.end, spoken[text[e.start : e.end]]) for e in entities]
    cuts.sort()
    for literal in sorted(spoken, key=len, reverse=True):
        if len(literal) < SHORT:
            break
        start = text.find(literal)
        while start >= 0:
            end = start + len(literal)
            at = bisect_right(cuts, (start, end, ""))
            free_before = at == 0 or cuts[at - 1][1] <= start
            free_after = at == len(cuts) or cuts[at][0] >= end
            if free_before and free_after:
                cuts.insert(at, (start, end, spoken[literal]))
            start = text.find(literal, end)
    return cuts


def _change(view: ChatView, span: Span, cuts: Sequence[Cut]) -> Change:
    """A number in the caller's own data becomes a text; the name of a field cannot become another."""
    if span.editable or isinstance(_at(view.document, span.keys), int | float):
        return Change(span.keys, _replaced(span.text, cuts))
    raise Refusal(
        Refuse(
            Code.SENSITIVE_DATA,
            "The request holds sensitive data in the name of a field, where it cannot be"
            " redacted (rule sensitivity.redact)",
            should_retry=False,
        )
    )


def _at(node: Any, keys: Keys) -> object:
    for key in keys:
        node = node[key]
    return cast("object", node)


def _replaced(text: str, cuts: Sequence[Cut]) -> str:
    out: list[str] = []
    at = 0
    for start, end, said in cuts:
        out += (text[at:start], said)
        at = end
    return "".join((*out, text[at:]))

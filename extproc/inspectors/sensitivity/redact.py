"""Takes values out of a request, and puts them back into its answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from extproc.inspectors.sensitivity import operators
from extproc.inspectors.sensitivity.analyzer import Entity
from extproc.inspectors.sensitivity.escaped import Token, edited, tokens
from extproc.inspectors.sensitivity.note import with_note
from extproc.inspectors.sensitivity.operators import Operator
from extproc.inspectors.sensitivity.pseudonyms import Placeholders, Pseudonyms
from extproc.inspectors.sensitivity.restore import Restore, speaks_json
from extproc.inspectors.sensitivity.settings import RedactSettings
from extproc.llm.view import Channel, ChatView, Span, Surface
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

    def redact(
        self,
        view: ChatView,
        found: Mapping[int, Sequence[Entity]],
        scope: tuple[str, ...],
    ) -> Redaction:
        """`found`: what is to be taken out, by the index of its span.

        `scope` is the conversation, the tenant first.

        Raises `Refusal` when a value stands where nothing can be put in its place.
        """
        values: dict[str, str] = {}
        """Type by value."""
        for index, span in enumerate(view.spans):
            for text, entity in _read(span, found.get(index, ())):
                values.setdefault(text[entity.start : entity.end], entity.type)
        types = set(values.values())
        names = Pseudonyms(self._key, scope, types, (span.text for span in view.spans))
        spoken = {
            value: self._replacement(type_, value, names, scope) for value, type_ in values.items()
        }
        changes = []
        for index, span in enumerate(view.spans):
            change = self._change(view, span, found.get(index, ()), spoken)
            if change is not None:
                changes.append(change)
        if self._settings.note:
            changes.extend(with_note(view, changes))
        return Redaction(tuple(changes), self._restore(view, names.placeholders, types))

    def _change(
        self,
        view: ChatView,
        span: Span,
        entities: Sequence[Entity],
        spoken: Mapping[str, str],
    ) -> Change | None:
        arguments = _arguments(span)
        if arguments is None:
            cuts = _cuts(span.text, entities, spoken)
            return _change(view, span, cuts) if cuts else None

        def edit(token: Token) -> str:
            return _replaced(token.text, _cuts(token.text, token.within(entities), spoken))

        new = edited(span.text, arguments, edit)
        return None if new == span.text else Change(span.keys, new)

    def _restore(
        self, view: ChatView, placeholders: Placeholders, types: Iterable[str]
    ) -> Restore | None:
        kept = any(self._operator(type_) in _RESTORED for type_ in types)
        if not (self._settings.restore and kept) or view.surface is Surface.EMBEDDINGS:
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


def _arguments(span: Span) -> list[Token] | None:
    """The texts and numbers of a call's arguments, when they are JSON; ``None`` for other spans."""
    if span.channel is not Channel.TOOL_CALL or not span.editable:
        return None
    return tokens(span.text) if span.text.lstrip()[:1] in ("{", "[") else None


def _read(span: Span, entities: Sequence[Entity]) -> Iterable[tuple[str, Entity]]:
    """What was found in a span, each with the text that its offsets are in."""
    arguments = _arguments(span) if entities else None
    if arguments is None:
        yield from ((span.text, entity) for entity in entities)
        return
    for token in arguments:
        yield from ((token.text, entity) for entity in token.within(entities))


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

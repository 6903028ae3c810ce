"""Pydantic's findings in the words of a policy author: what is wrong, what is allowed."""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from extproc.policy.errors import PolicyError
from extproc.policy.marks import Document
from extproc.verdict import Keys

_KINDS = {
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": "text (in quotes if it looks like a number)",
    "tuple_type": "a list",
    "list_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
MAX_SHOWN = 60


def explain(
    error: ValidationError,
    document: Document,
    model: type[BaseModel],
    *,
    show_values: bool = True,
    hidden: frozenset[str] = frozenset(),
) -> list[PolicyError]:
    """One error a place and kind.

    `show_values` is false for documents with secrets. `hidden`: keys that are
    known and not named among the allowed ones.
    """
    found: dict[tuple[Keys, bool], list[str]] = {}
    for item in error.errors(include_url=False):
        if item["type"] == "too_short" and item["input"]:
            continue  # its items are wrong, which is said where they stand
        keys = _known(item["loc"], document.value)
        unknown = item["type"] == "extra_forbidden"
        if item["type"] == "missing":
            keys = (*keys, str(item["loc"][-1]))
        elif item["type"].startswith("union_tag_"):
            keys = (*keys, str(item["ctx"]["discriminator"]).strip("'"))
        messages = found.setdefault((keys, unknown), [])
        message = _message(item, keys, model, show_values=show_values, hidden=hidden)
        if message not in messages:
            messages.append(message)
    return [document.error(keys, "; or ".join(texts)) for (keys, _), texts in found.items()]


def misread_booleans(value: object, model: Any, keys: Keys = ()) -> Iterator[Keys]:
    """Where a true or false would be taken for a number, which pydantic allows and we do not."""
    if isinstance(value, bool):
        kinds = set(_leaves(model, keys))
        if bool not in kinds and kinds & {int, float, Decimal}:
            yield keys
    elif isinstance(value, Mapping | list):
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            yield from misread_booleans(item, model, (*keys, key))


def unknown_key(name: str, allowed: Sequence[str]) -> str:
    """``unknown key 'x'; did you mean 'y'? Allowed: y, z``."""
    near = difflib.get_close_matches(name, allowed, 1, 0.7)
    hint = f" did you mean '{near[0]}'?" if near else ""
    return f"unknown key;{hint} allowed: {', '.join(allowed)}" if allowed else "unknown key"


def not_one_of(value: object, allowed: Sequence[str]) -> str:
    """``'x' is not allowed; did you mean 'y'? allowed: y, z``."""
    near = difflib.get_close_matches(str(value), allowed, 1, 0.7)
    hint = f" did you mean '{near[0]}'?" if near else ""
    return f"{shown(value)} is not allowed;{hint} allowed: {', '.join(allowed)}"


def shown(value: object) -> str:
    """The value as an author would recognise it, short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    cut = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    return repr(cut) if isinstance(value, str) else cut


def _message(
    item: Any, keys: Keys, model: type[BaseModel], *, show_values: bool, hidden: frozenset[str]
) -> str:
    kind: str = item["type"]
    value = item["input"]
    if kind == "missing":
        return "is required and missing"
    if kind == "union_tag_not_found":
        tags = [str(tag) for leaf in _leaves(model, keys) for tag in get_args(leaf)]
        return f"is required and missing; allowed: {', '.join(tags)}"
    if kind == "union_tag_invalid":
        allowed = str(item["ctx"]["expected_tags"]).replace("'", "").split(", ")
        return not_one_of(item["ctx"]["tag"], allowed)
    if kind == "extra_forbidden":
        owners = _models_at(model, keys[:-1])
        names = sorted({name for owner in owners for name in owner.model_fields} - hidden)
        return unknown_key(str(keys[-1]), names)
    if kind in {"value_error", "assertion_error"}:
        return str(item["msg"]).partition(", ")[2] or str(item["msg"])
    if kind == "too_short":
        return "an empty list is not allowed; give at least one item or leave the key out"
    what = shown(value) if show_values else "the value"
    if kind in {"enum", "literal_error"}:
        allowed = str(item["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return not_one_of(value, allowed) if show_values else f"allowed: {', '.join(allowed)}"
    if kind in _KINDS:
        return f"{what} is not allowed; must be {_KINDS[kind]}"
    message = str(item["msg"])
    for start in ("Input should be ", "String should ", "Tuple should ", "List should "):
        message = message.removeprefix(start)
    message = message[:1].lower() + message[1:]
    verb = "must" if message.startswith(("have", "match")) else "must be"
    return f"{what} is not allowed; {verb} {message}"


def _known(loc: tuple[int | str, ...], value: object) -> Keys:
    """The part of a pydantic location that names places of the document, union tags dropped."""
    keys: list[int | str] = []
    for part in loc:
        if isinstance(value, Mapping):
            inside = part in value
        else:
            inside = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if inside:
            value = value[part]  # type: ignore[index]
            keys.append(part)
    return tuple(keys)


def _models_at(model: type[BaseModel], keys: Keys) -> Iterator[type[BaseModel]]:
    """The models that may stand at `keys`, for the names they allow."""
    for leaf in _leaves(model, keys):
        if isinstance(leaf, type) and issubclass(leaf, BaseModel):
            yield leaf


def _leaves(annotation: Any, keys: Keys) -> Iterator[Any]:
    """The types that may stand at `keys` below a type, unions taken apart."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _leaves(arguments[0], keys)
    elif origin in {Union, types.UnionType}:
        for argument in arguments:
            yield from _leaves(argument, keys)
    elif not keys:
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = annotation.model_fields.get(str(keys[0]))
        if field is not None:
            yield from _leaves(field.annotation, keys[1:])
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _leaves(arguments[-1], keys[1:])
    elif origin is not None and arguments:
        yield from _leaves(arguments[0], keys[1:])

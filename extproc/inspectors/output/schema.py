"""JSON Schema, as much of it as structured outputs use. What is not known is an error at load.

https://json-schema.org/draft/2020-12
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

DEPTH = 64
"""Of an answer and of references in a schema."""

_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: _is_number(value),  # noqa: PLW0108 -- it stands below
    "integer": lambda value: _is_number(value) and float(value).is_integer(),
}
_ANNOTATIONS = frozenset(
    {"$schema", "$id", "$comment", "title", "description", "default", "examples", "format"}
)
_SCHEMA_MAPS = frozenset({"properties", "$defs", "definitions"})
_SCHEMA_LISTS = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_SCHEMAS = frozenset({"items", "additionalProperties", "not"})
_SIZES: dict[str, tuple[type | tuple[type, ...], Callable[[Any, Any], bool]]] = {
    "minimum": ((int, float), lambda value, limit: value >= limit),
    "maximum": ((int, float), lambda value, limit: value <= limit),
    "exclusiveMinimum": ((int, float), lambda value, limit: value > limit),
    "exclusiveMaximum": ((int, float), lambda value, limit: value < limit),
    "minLength": (str, lambda value, limit: len(value) >= limit),
    "maxLength": (str, lambda value, limit: len(value) <= limit),
    "minItems": (list, lambda value, limit: len(value) >= limit),
    "maxItems": (list, lambda value, limit: len(value) <= limit),
    "minProperties": (dict, lambda value, limit: len(value) >= limit),
    "maxProperties": (dict, lambda value, limit: len(value) <= limit),
}
_PLAIN = frozenset({"type", "enum", "const", "required", "pattern", "$ref", *_SIZES})


def unsupported(schema: Any) -> str | None:
    """Why this validator cannot apply all of `schema`; ``None`` when it can."""
    return _unsupported(schema, schema, 0)


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether `value` is valid. `schema` must be one that is not `unsupported`."""
    return _fits(schema, value, schema, 0)


def _unsupported(schema: Any, root: Any, depth: int) -> str | None:
    if isinstance(schema, bool):
        return None
    if not isinstance(schema, dict):
        return "a schema must be an object, true or false"
    if depth > DEPTH:
        return f"a schema is nested deeper than {DEPTH}"
    for key, value in schema.items():
        why = _unsupported_keyword(key, value, root, depth)
        if why is not None:
            return why
    return None


def _unsupported_keyword(key: str, value: Any, root: Any, depth: int) -> str | None:
    inner: list[Any] = []
    if key in _SCHEMA_MAPS:
        if not isinstance(value, dict):
            return f"{key} must be an object"
        inner = list(value.values())
    elif key in _SCHEMA_LISTS:
        if not isinstance(value, list) or not value:
            return f"{key} must be a list of schemas"
        inner = value
    elif key in _SCHEMAS:
        inner = [value]
    elif key not in _PLAIN and key not in _ANNOTATIONS:
        known = ", ".join(sorted(_PLAIN | _SCHEMA_MAPS | _SCHEMA_LISTS | _SCHEMAS))
        return f"the keyword '{key}' is not supported; allowed: {known}"
    for one in inner:
        if (why := _unsupported(one, root, depth + 1)) is not None:
            return why
    return _bad_value(key, value, root)


def _bad_value(key: str, value: Any, root: Any) -> str | None:
    if key == "type":
        named = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) and one in _TYPES for one in named):
            return f"type must be of {', '.join(_TYPES)}"
    elif key == "enum" and not isinstance(value, list):
        return "enum must be a list"
    elif key == "required" and not (
        isinstance(value, list) and all(isinstance(one, str) for one in value)
    ):
        return "required must be a list of names"
    elif key in _SIZES and not _is_number(value):
        return f"{key} must be a number"
    elif key == "$ref":
        return None if _resolved(value, root) is not None else "$ref must point into $defs"
    elif key == "pattern":
        try:
            re.compile(value)
        except (TypeError, re.error):
            return "pattern is no regular expression"
    return None


def _fits(schema: Any, value: Any, root: Any, depth: int) -> bool:
    if isinstance(schema, bool):
        return schema
    if depth > DEPTH:
        return False
    return all(_keyword(key, rule, schema, value, root, depth) for key, rule in schema.items())


def _keyword(key: str, rule: Any, schema: Any, value: Any, root: Any, depth: int) -> bool:  # noqa: C901, PLR0917 -- one case a keyword
    def inner(one: Any, of: Any) -> bool:
        return _fits(one, of, root, depth + 1)

    match key:
        case "type":
            return any(_TYPES[one](value) for one in (rule if isinstance(rule, list) else [rule]))
        case "enum":
            return any(_same(one, value) for one in rule)
        case "const":
            return _same(rule, value)
        case "anyOf":
            return any(inner(one, value) for one in rule)
        case "oneOf":
            return sum(inner(one, value) for one in rule) == 1
        case "allOf":
            return all(inner(one, value) for one in rule)
        case "not":
            return not inner(rule, value)
        case "$ref":
            return inner(_resolved(rule, root), value)
        case "pattern":
            return not isinstance(value, str) or re.search(rule, value) is not None
    if key in _SIZES:
        kind, holds = _SIZES[key]
        applies = isinstance(value, kind) and not isinstance(value, bool)
        return not applies or holds(value, rule)
    if isinstance(value, dict):
        return _object_keyword(key, rule, schema, value, inner)
    if isinstance(value, list):
        return _list_keyword(key, rule, schema, value, inner)
    return True


def _object_keyword(
    key: str, rule: Any, schema: Any, value: dict[str, Any], inner: Callable[[Any, Any], bool]
) -> bool:
    if key == "required":
        return all(name in value for name in rule)
    if key == "properties":
        return all(inner(one, value[name]) for name, one in rule.items() if name in value)
    if key == "additionalProperties":
        known = schema.get("properties", {})
        return all(inner(rule, item) for name, item in value.items() if name not in known)
    return True


def _list_keyword(
    key: str, rule: Any, schema: Any, value: list[Any], inner: Callable[[Any, Any], bool]
) -> bool:
    if key == "prefixItems":
        return all(inner(one, item) for one, item in zip(rule, value, strict=False))
    if key == "items":
        return all(inner(rule, item) for item in value[len(schema.get("prefixItems", ())) :])
    return True


def _resolved(ref: Any, root: Any) -> Any:
    """What `ref` points to within the schema; ``None`` when it is nothing."""
    if ref == "#":
        return root
    if not isinstance(ref, str) or not ref.startswith("#/"):
        return None
    node = root
    for part in ref[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, dict) or name not in node:
            return None
        node = node[name]
    return node if isinstance(node, dict | bool) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: ``1`` is ``1.0`` and not ``true``."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)

"""Type checks on request documents: what an upstream would refuse, we refuse first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from extproc.llm.view import json_path
from extproc.verdict import Code, Keys, Refusal, Refuse

Document = Mapping[str, object]


def refuse(rule: str, keys: Keys = ()) -> NoReturn:
    """Raises the 400 of the contract; `rule` is our own wording, never the client's text."""
    param = json_path(keys).removeprefix("$").removeprefix(".") or None
    place = f"`{param}` " if param else ""
    message = f"{place}{rule}."
    raise Refusal(Refuse(Code.INVALID_REQUEST, message, param=param, should_retry=False))


def required_string(document: Document, key: str) -> str:
    value = document.get(key)
    if value is None:
        refuse("is required", (key,))
    if not isinstance(value, str):
        refuse("must be a string", (key,))
    if not value:
        refuse("must not be empty", (key,))
    return value


def optional_string(document: Document, key: str, at: Keys = ()) -> str | None:
    value = document.get(key)
    if value is not None and not isinstance(value, str):
        refuse("must be a string", (*at, key))
    return value


def optional_flag(document: Document, key: str, at: Keys = ()) -> bool:
    value = document.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        refuse("must be a boolean", (*at, key))
    return value


def optional_count(document: Document, key: str) -> int | None:
    """A whole number, not negative. ``128.0`` is one, as JSON has a single kind of number."""
    value = document.get(key)
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        refuse("must be an integer", (key,))
    if value < 0:
        refuse("must not be negative", (key,))
    return value


def optional_object(document: Document, key: str) -> Document:
    value = document.get(key)
    if value is None:
        return {}
    return as_object(value, (key,))


def as_object(value: object, keys: Keys) -> dict[str, object]:
    if not isinstance(value, dict):
        refuse("must be an object", keys)
    return value


def as_list(value: object, keys: Keys) -> list[object]:
    if not isinstance(value, list):
        refuse("must be a list", keys)
    return value

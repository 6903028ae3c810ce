"""One strict parse of a request body, so that nobody downstream reads it differently."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, NoReturn

from extproc.llm.fields import refuse
from extproc.llm.view import json_path
from extproc.verdict import Keys

MAX_DEPTH = 64
"""Objects and lists inside each other, the document itself included."""
MAX_INTEGER_DIGITS = 20
"""As many as an unsigned 64-bit number has. Longer ones lose digits in some parsers."""

_BOM = b"\xef\xbb\xbf"


class _Duplicate(Exception):
    """An object has the same key twice."""


class _Broken(Exception):
    """Raised inside the JSON decoder, where the place is not known."""


def parse(body: bytes) -> dict[str, Any]:
    """The document of `body`, or `Refusal` (400) naming the rule and the place."""
    if not body:
        refuse("The request body is empty")
    if body.startswith(_BOM):
        refuse("The request body starts with a byte order mark")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        refuse(f"The request body is not valid UTF-8 at byte {error.start}")
    document = _loads(text)
    if not isinstance(document, dict):
        refuse("The request body must be a JSON object")
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _deeper_than(document, MAX_DEPTH):
        refuse(f"The request body is nested deeper than {MAX_DEPTH} levels")
    if (b"\\ud" in body or b"\\uD" in body) and _has_lone_surrogates(document):
        refuse("The request body holds half of a surrogate pair")
    return document


def _loads(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        refuse(f"The request body is not valid JSON at line {error.lineno} column {error.colno}")
    except _Duplicate:
        place = json_path(_duplicate_at(_PAIRS.decode(text)) or ())
        refuse(f"The request body holds a duplicate key in {place}")
    except _Broken as error:
        refuse(str(error))
    except RecursionError:
        refuse(f"The request body is nested deeper than {MAX_DEPTH} levels")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise _Duplicate
    return document


def _integer(digits: str) -> int:
    if len(digits) > MAX_INTEGER_DIGITS:
        raise _Broken("The request body holds an integer of more than 64 bits")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Broken("The request body holds a number that is too large")
    return number


def _constant(_name: str) -> NoReturn:
    raise _Broken("The request body holds NaN or Infinity")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_number,
    parse_constant=_constant,
)
_PAIRS = json.JSONDecoder(object_pairs_hook=tuple)


def _duplicate_at(value: object, keys: Keys = ()) -> Keys | None:
    """Where in a `_PAIRS` parse the first object with a duplicate key stands."""
    children: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, tuple):
        if len(dict(value)) != len(value):
            return keys
        children = value
    elif isinstance(value, list):
        children = enumerate(value)
    found = (_duplicate_at(child, (*keys, key)) for key, child in children)
    return next((place for place in found if place is not None), None)


def _deeper_than(document: object, limit: int) -> bool:
    level = [document]
    for _ in range(limit):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else _items(container))
            if isinstance(item, dict | list)
        ]
        if not level:
            return False
    return True


def _items(container: object) -> list[object]:
    return container if isinstance(container, list) else []


def _has_lone_surrogates(document: object) -> bool:
    try:
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False

"""Changes to a request document, and the document as bytes again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from extproc.verdict import Change, Keys


def apply(document: Mapping[str, object], changes: Sequence[Change]) -> bytes:
    """`document` as compact JSON with `changes` made. Raises `ValueError`, see `changed`."""
    return serialise(changed(document, changes))


def changed(document: Mapping[str, object], changes: Sequence[Change]) -> object:
    """`document` with `changes` made in order; `document` itself stays.

    Only what lies on the way to a change is copied. Objects that are missing
    on the way are made. Raises `ValueError` when a change has no place.
    """
    node: object = document
    for change in changes:
        node = _replaced(node, change.keys, change)
    return node


def serialise(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8"
    )


def _replaced(node: object, keys: Keys, change: Change) -> object:
    if not keys and not change.before:
        return change.value
    if not keys and isinstance(node, str):
        return f"{change.value}{node}"
    key, rest = keys[0], keys[1:]
    if isinstance(node, list) and isinstance(key, int) and 0 <= key < len(node):
        return [*node[:key], _replaced(node[key], rest, change), *node[key + 1 :]]
    if isinstance(node, Mapping | None) and isinstance(key, str):
        fields = dict(node or {})
        fields[key] = _replaced(fields.get(key), rest, change)
        return fields
    raise ValueError("a change points to no place in the document")

"""Digests over what a policy means, not over how its file is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

DIGITS = 8


def digest(*values: object) -> str:
    """The first 8 hex digits of the SHA-256 over the canonical JSON of `values`.

    The order of keys counts: labels are listed from the highest to the lowest.
    """
    return fingerprint(*values)[:DIGITS]


def fingerprint(*values: object) -> str:
    """All 64 digits, for what must not be mistaken for another: `digest` is for people to read."""
    text = json.dumps([canonical(value) for value in values], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """JSON values only; the same for equal settings in every process."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return {name: canonical(getattr(value, name)) for name in fields}
    if isinstance(value, Enum):
        return canonical(value.value)
    if isinstance(value, Mapping):
        return {str(canonical(key)): canonical(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((canonical(item) for item in value), key=json.dumps)
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, PurePath | Decimal):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"settings of type {type(value).__name__} have no canonical form")

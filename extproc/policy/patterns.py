"""Patterns in policies: exact values, or globs with ``*``."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field


def _glob(pattern: str) -> str:
    for char in "?[]{}":
        if char in pattern:
            raise ValueError(
                f"'{char}' is not allowed in a pattern; only '*' stands for other characters"
            )
    if not pattern.isprintable() or pattern != pattern.strip():
        raise ValueError("a pattern must be printable text without spaces around it")
    return pattern


def _path(pattern: str) -> str:
    canonical = pattern == pattern.lower() and "//" not in pattern and "%" not in pattern
    ends_well = pattern == "/" or not pattern.endswith("/")
    if not (pattern.startswith(("/", "*")) and canonical and ends_well):
        raise ValueError(
            "must be a canonical path: starts with '/', lower case,"
            " no doubled or trailing slash, no percent-encoding"
        )
    return pattern


Pattern = Annotated[str, Field(min_length=1, max_length=256), AfterValidator(_glob)]
PathPattern = Annotated[Pattern, AfterValidator(_path)]
Patterns = Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=1000)]
"""At least one: leaving the key out is how everything is matched."""
PathPatterns = Annotated[tuple[PathPattern, ...], Field(min_length=1, max_length=1000)]

"""Answers from memory, for the same question of the same people under the same policy."""

from __future__ import annotations

from extproc.inspectors.cache.inspector import Cache
from extproc.inspectors.cache.settings import CacheSettings

__all__ = ["Cache", "CacheSettings"]

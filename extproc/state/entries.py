"""Stored answers, in memory or in Redis, behind one protocol."""

from __future__ import annotations

import time

from extproc.state.entries_memory import MemoryEntries
from extproc.state.entries_protocol import Entries, Entry, Near, Purge, Standing, Vector
from extproc.state.entries_redis import RedisEntries

__all__ = ["Entries", "Entry", "Near", "Purge", "Standing", "Vector", "open_entries"]


def open_entries(url: str, dimension: int) -> Entries:
    """`memory://` or a Redis URL; `dimension` of the vectors. Connects when first used.

    Raises `ValueError` for another scheme.
    """
    if url == "memory://":
        return MemoryEntries(time.time, dimension)
    return RedisEntries(url, time.time, dimension)

"""Counters and budgets, in memory or in Redis, behind one protocol."""

from __future__ import annotations

from extproc.state.memory import MemoryState
from extproc.state.protocol import State, StateUnavailable
from extproc.state.redis import RedisState
from extproc.state.settlement import settle

__all__ = ["State", "StateUnavailable", "open_state", "settle"]


def open_state(url: str) -> State:
    """`memory://` or a Redis URL. Connects when first used. Raises `ValueError`."""
    return MemoryState() if url == "memory://" else RedisState(url)

"""Which pools answer, learned from outcomes.

Envoy already ejects single endpoints; this is for a pool that fails as a
whole, where only another model helps, and that is decided before forwarding.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_S = 30.0
MIN_OUTCOMES = 10
FAILURE_RATIO = 0.5
PROBE_EVERY_S = 10.0
MAX_OUTCOMES = 200
"""Remembered for each pool."""


@dataclass(slots=True)
class _Pool:
    outcomes: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=MAX_OUTCOMES))
    next_probe: float | None = None
    """Set while the pool is taken for dead."""
    probing: bool = False


class Health:
    """`clock` is monotonic seconds.

    A pool is dead once at least half of ten or more outcomes within the window
    failed. Every `PROBE_EVERY_S` one request is let through to it; the next
    outcome after that revives it or keeps it dead. Outcomes of requests that
    were sent before it died do not count.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._pools: dict[str, _Pool] = {}

    def observe(self, pool: str, ok: bool) -> None:
        """An outcome: `ok` unless the pool itself failed (5xx, reset, timeout)."""
        state = self._pools.setdefault(pool, _Pool())
        now = self._clock()
        if state.next_probe is not None:
            if state.probing:
                state.probing = False
                state.next_probe = None if ok else now + PROBE_EVERY_S
            return
        state.outcomes.append((now, ok))
        while state.outcomes[0][0] <= now - WINDOW_S:
            state.outcomes.popleft()
        failed = sum(not ok for _, ok in state.outcomes)
        if len(state.outcomes) >= MIN_OUTCOMES and failed >= FAILURE_RATIO * len(state.outcomes):
            state.next_probe = now + PROBE_EVERY_S
            state.outcomes.clear()

    def usable(self, pool: str) -> bool:
        """Whether to send there. On a dead pool a yes is a probe: ask only to act on it."""
        state = self._pools.get(pool)
        if state is None or state.next_probe is None:
            return True
        now = self._clock()
        if now < state.next_probe:
            return False
        state.probing = True
        state.next_probe = now + PROBE_EVERY_S
        return True

    def dead(self) -> frozenset[str]:
        """For metrics and pages."""
        return frozenset(name for name, s in self._pools.items() if s.next_probe is not None)

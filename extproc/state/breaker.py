"""Remembers that the store is away, so that not every request waits to learn it."""

from __future__ import annotations

from collections.abc import Callable

OPENS_AFTER = 3
"""Failures in a row: one may be a stall of our own process."""
RETRY_S = 0.5


class Breaker:
    """Closed: calls pass. Open: they do not, but for one trial every `retry_s`."""

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        opens_after: int = OPENS_AFTER,
        retry_s: float = RETRY_S,
    ) -> None:
        self._clock = clock
        self._opens_after = opens_after
        self._retry_s = retry_s
        self._failures = 0
        self._next_trial = 0.0

    @property
    def closed(self) -> bool:
        return self._failures < self._opens_after

    def admits(self) -> bool:
        """Whether to try now. Open, it says yes to one caller and makes the others wait on."""
        if self.closed:
            return True
        now = self._clock()
        if now < self._next_trial:
            return False
        self._next_trial = now + self._retry_s
        return True

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._next_trial = self._clock() + self._retry_s

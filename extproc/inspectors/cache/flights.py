"""Identical questions that miss together: one asks the model, the others wait for its answer.

Both classes belong to the process, not to a policy set: a reload in the middle of a flight
changes neither who is asking nor what was asked before. Names hold the policy's digest.
"""

from __future__ import annotations

import asyncio

MAX_WAITING = 256
"""Requests that wait at once, over all policies; more go to the model themselves."""
SIGHTINGS = 100_000
"""Questions remembered as asked once, where the second sighting admits: about 20 MB."""


class Flights:
    """Who is asking the model right now, by the question's name. Use it from one event loop."""

    def __init__(self, *, max_waiting: int = MAX_WAITING) -> None:
        self._leaders: dict[str, tuple[str, asyncio.Event]] = {}
        self._places = max_waiting
        self.waiting = 0
        """Requests that wait at this moment."""

    def __len__(self) -> int:
        return len(self._leaders)

    def lead(self, name: str, request_id: str) -> bool:
        """Whether this request asks. Then `land` must be called, however it ends."""
        if name in self._leaders:
            return False
        self._leaders[name] = (request_id, asyncio.Event())
        return True

    def land(self, name: str, request_id: str) -> None:
        """The leader has its answer, or has none. Nothing happens for anybody else."""
        leader = self._leaders.get(name)
        if leader is not None and leader[0] == request_id:
            del self._leaders[name]
            leader[1].set()

    async def landed(self, name: str, deadline: float) -> bool:
        """Waits until the question's leader has landed; false at `deadline`, the loop's time.

        False at once when too many wait already.
        """
        leader = self._leaders.get(name)
        if leader is None:
            return True
        if self.waiting >= self._places:
            return False
        self.waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                await leader[1].wait()
        except TimeoutError:
            return False
        finally:
            self.waiting -= 1
        return True


class Sightings:
    """Which questions have been asked before; the oldest are forgotten."""

    def __init__(self, *, limit: int = SIGHTINGS) -> None:
        self._seen: dict[str, None] = {}
        self._limit = limit

    def again(self, name: str) -> bool:
        """Whether it has been asked before; from now on it has."""
        if name in self._seen:
            return True
        self._seen[name] = None
        if len(self._seen) > self._limit:
            del self._seen[next(iter(self._seen))]
        return False

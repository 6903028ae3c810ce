"""Bounded concurrency: how many requests may be in inspection at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from extproc.verdict import Code, Refusal, Refuse

MAX_LAG_S = 0.5
"""How far behind the event loop may be. What it has not read yet nobody can shed, so a loop
that is late takes nothing new on until it has caught up."""
OVERLOADED = Refuse(Code.OVERLOADED, "the service is overloaded, retry later", retry_after=1)


class Admission:
    """Sheds on purpose, at the headers where it is cheapest, instead of timing out.

    A place is held only while a request is being decided. A client that sends its
    body slowly holds none; how many may be waiting for a body is a limit of its
    own, far above. `ready` is false when decisions could not be
    recorded; then everything is shed, because an unrecorded decision is none.
    """

    def __init__(
        self,
        limit: int,
        waiting_limit: int = 4096,
        ready: Callable[[], bool] = lambda: True,
        shed: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`shed` is told of each request turned away: ``concurrency``, ``lag`` or ``audit``."""
        self._limit = limit
        self._waiting_limit = waiting_limit
        self._ready = ready
        self._shed = shed
        self._clock = clock
        self._beat = clock()
        self.deciding = 0
        self.waiting = 0

    def beat(self) -> None:
        """The event loop has come round. Called every few hundredths of a second."""
        self._beat = self._clock()

    def check(self) -> None:
        """Raises `Refusal` with ``overloaded`` when there is no room."""
        if self.deciding >= self._limit or self.waiting >= self._waiting_limit:
            self._refuse("concurrency")
        if self._clock() - self._beat > MAX_LAG_S:
            self._refuse("lag")
        if not self._ready():
            self._refuse("audit")

    def _refuse(self, reason: str) -> NoReturn:
        self._shed(reason)
        raise Refusal(OVERLOADED)

    def wait(self) -> None:
        """A request's headers have been accepted and its body is to come."""
        self.waiting += 1

    def waited(self) -> None:
        """Its body has come, or never will."""
        self.waiting -= 1

    @contextmanager
    def place(self) -> Iterator[None]:
        """Holds one place while deciding; raises as `check` does when none is free."""
        self.check()
        self.deciding += 1
        try:
            yield
        finally:
            self.deciding -= 1

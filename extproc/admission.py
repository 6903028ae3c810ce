"""Bounded concurrency: how many requests may be in inspection at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from extproc.verdict import Code, Refusal, Refuse

MAX_WAIT_S = 3.0
"""How old a request may be when we first hear of it. Those that wait unread in gRPC's queue
nobody can shed; so what comes out of it late is turned away at once, and the queue drains."""
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
    ) -> None:
        """`shed` is told of each request turned away: ``concurrency``, ``wait`` or ``audit``."""
        self._limit = limit
        self._waiting_limit = waiting_limit
        self._ready = ready
        self._shed = shed
        self.deciding = 0
        self.waiting = 0

    def check(self, waited_s: float = 0.0) -> None:
        """Raises `Refusal` with ``overloaded`` when there is no room, or after too long a wait."""
        if self.deciding >= self._limit or self.waiting >= self._waiting_limit:
            self._refuse("concurrency")
        if waited_s > MAX_WAIT_S:
            self._refuse("wait")
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

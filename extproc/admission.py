"""Bounded concurrency: how many requests may be in inspection at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from extproc.verdict import Code, Refusal, Refuse


class Admission:
    """Sheds on purpose, at the headers where it is cheapest, instead of timing out.

    A place is held only while a request is being decided: a client that sends
    its body slowly holds none. `ready` is false when decisions could not be
    recorded; then everything is shed, because an unrecorded decision is none.
    """

    def __init__(
        self,
        limit: int,
        ready: Callable[[], bool] = lambda: True,
        shed: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`shed` is told of each request turned away: ``concurrency`` or ``audit``."""
        self._limit = limit
        self._ready = ready
        self._shed = shed
        self.deciding = 0

    def check(self) -> None:
        """Raises `Refusal` with ``overloaded`` when there is no room."""
        full = self.deciding >= self._limit
        if full or not self._ready():
            self._shed("concurrency" if full else "audit")
            raise Refusal(
                Refuse(Code.OVERLOADED, "the service is overloaded, retry later", retry_after=1)
            )

    @contextmanager
    def place(self) -> Iterator[None]:
        """Holds one place; raises as `check` does."""
        self.check()
        self.deciding += 1
        try:
            yield
        finally:
            self.deciding -= 1

"""What all sessions share, and who hears of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from extproc.admission import Admission
from extproc.exchange import Exchange
from extproc.ledger import Ledger
from extproc.models.workers import Workers
from extproc.outcome import Decision
from extproc.rules import Governed, Rules


class Observer(Protocol):
    """Hears of every exchange once it is decided, and of every whole answer that was read."""

    def begin(self, exchange: Exchange) -> None:
        """Fills in the trace context."""
        ...

    def decided(self, exchange: Exchange, decision: Decision) -> None: ...

    def answered(
        self, exchange: Exchange, governed: Governed | None, document: dict[str, Any]
    ) -> None:
        """`governed` is what the exchange was decided by, also after a reload."""
        ...

    def unanswered(self, exchange: Exchange, governed: Governed | None) -> None:
        """It is over, and no whole answer was read."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Fixed at start, except what `rules` returns."""

    rules: Callable[[], Rules]
    ledger: Ledger
    admission: Admission
    workers: Workers
    observer: Observer
    hmac_key: bytes = field(repr=False)
    clock: Callable[[], float]
    """Unix seconds."""

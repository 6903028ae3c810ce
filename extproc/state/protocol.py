"""What limits and budgets ask of shared state, whoever keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class StateUnavailable(Exception):
    """The store is down, slow, full or refuses: nothing is known. The policy decides."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A wish to use `amount` of what may be used `limit` times in any `per_s` seconds."""

    key: str
    amount: int
    limit: int
    per_s: int = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to several demands, which are granted together or not at all."""

    allowed: bool
    retry_after_s: float = 0.0
    """When refused: until the refusing demand would be granted, if nothing else comes."""
    refused: int | None = None
    """Index of the demand that was refused."""
    receipts: tuple[str, ...] = ()
    """When allowed: one for each demand, to `adjust` it by."""


@dataclass(frozen=True, slots=True)
class Spend:
    """A budget's ledger in nano-dollars."""

    spent: int
    reserved: int


class State(Protocol):
    """Counters and budgets shared by everything that uses the same URL.

    Every method but `close` raises `StateUnavailable`, after a bounded time.
    Amounts are integers: requests, tokens, nano-dollars.
    """

    @property
    def healthy(self) -> bool:
        """False while calls fail at once because the store was found unavailable."""
        ...

    async def take(self, demands: Sequence[Demand]) -> Taken:
        """Grants all demands or none. In no `per_s` seconds is more than `limit` granted."""
        ...

    async def adjust(self, receipt: str, delta: int) -> None:
        """Corrects what a demand took, by `delta`.

        Giving back has no effect once the taking has left the window; taking
        more than was granted counts against what comes next.
        """
        ...

    async def reserve(self, key: str, amount: int, limit: int) -> bool:
        """Sets `amount` aside if spent + reserved + amount stays within `limit`.

        What is reserved counts as spent until it is settled, or until the
        key's period ends if it never is. `key` comes from `budget_key`.
        """
        ...

    async def settle(self, key: str, reserved: int, actual: int) -> None:
        """Turns a reservation into what was really spent. Call it once."""
        ...

    async def spend(self, key: str) -> Spend:
        """What a budget stands at."""
        ...

    async def close(self) -> None:
        """Frees connections. Never raises."""
        ...

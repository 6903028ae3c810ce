"""A sliding window over the last seconds, exact in what it promises.

Takings are merged into slots a sixtieth of the window wide; a slot leaves the
window when its latest taking does. So never is more than the limit granted in
any window, and room comes back at most one slot late. The Lua in `scripts`
does the same; one test suite holds both to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

SLOTS = 60


@dataclass(slots=True)
class Slot:
    amount: int
    last: float
    """When something was last taken here."""


@dataclass(slots=True)
class Window:
    """What one key has taken, by slot number. Times are Unix seconds."""

    slots: dict[int, Slot] = field(default_factory=dict)

    def wait(self, amount: int, limit: int, per_s: int, now: float) -> float:
        """Seconds until `amount` fits; 0 when it fits now."""
        self._forget(now - per_s)
        excess = sum(slot.amount for slot in self.slots.values()) + amount - limit
        if excess <= 0:
            return 0.0
        for slot in sorted(self.slots.values(), key=lambda slot: slot.last):
            excess -= slot.amount
            if excess <= 0:
                return slot.last + per_s - now
        return float(per_s)

    def take(self, amount: int, per_s: int, now: float) -> int:
        """Takes without asking; returns the number of the slot."""
        number = math.floor(now * SLOTS / per_s)
        slot = self.slots.setdefault(number, Slot(0, now))
        slot.amount += amount
        slot.last = now
        return number

    def give_back(self, number: int, amount: int) -> None:
        """No effect once the slot has left the window."""
        slot = self.slots.get(number)
        if slot is not None:
            slot.amount = max(0, slot.amount - amount)

    def _forget(self, before: float) -> None:
        for number in [n for n, slot in self.slots.items() if slot.last <= before]:
            del self.slots[number]


def receipt(key: str, per_s: int, slot: int) -> str:
    """Names a taking: ``key@per_s@slot``."""
    return f"{key}@{per_s}@{slot}"


def read_receipt(text: str) -> tuple[str, int, int]:
    """`key`, `per_s`, `slot`. Raises `ValueError` when it is not a receipt."""
    key, per_s, slot = text.rsplit("@", 2)
    return key, int(per_s), int(slot)

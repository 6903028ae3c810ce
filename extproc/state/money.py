"""Money in the store is whole nano-dollars.

One token at 0.15 USD per million costs 150 of them, so nothing real rounds
away, and Redis' Lua, whose numbers are doubles, counts them exactly up to
`MAX_USD`. Floats never enter the store.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

NANO = 1_000_000_000
MAX_USD = 5_000_000
"""Largest budget: spent plus reserved stays below 2**53 nano-dollars."""


def nanos(usd: Decimal | float) -> int:
    """The nearest whole number of nano-dollars, half a one rounded up."""
    return int((_decimal(usd) * NANO).to_integral_value(ROUND_HALF_UP))


def nanos_up(usd: Decimal | float) -> int:
    """Rounded up, for what is set aside."""
    return int((_decimal(usd) * NANO).to_integral_value(ROUND_CEILING))


def _decimal(usd: Decimal | float) -> Decimal:
    # Through the shortest text, so that 0.1 means one tenth.
    return usd if isinstance(usd, Decimal) else Decimal(str(usd))

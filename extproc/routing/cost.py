"""What tokens cost, exactly."""

from __future__ import annotations

from decimal import Decimal

MTOK = 1_000_000


def usd(
    input_usd_per_mtok: float,
    output_usd_per_mtok: float,
    input_tokens: int,
    output_tokens: int,
) -> Decimal:
    """USD for so many tokens at prices per million, without rounding.

    A price means its shortest decimal text: 0.15 is fifteen hundredths.
    """
    total = (
        Decimal(str(input_usd_per_mtok)) * input_tokens
        + Decimal(str(output_usd_per_mtok)) * output_tokens
    )
    return total / MTOK

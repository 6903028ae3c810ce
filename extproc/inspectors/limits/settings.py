"""The `limits` and `budget` sections."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from extproc.policy.section import Section
from extproc.state.money import MAX_USD
from extproc.state.period import Period

By = Literal["tenant", "caller"]
Count = Annotated[int, Field(ge=1, le=1_000_000_000_000)]
AssumedTokens = Annotated[int, Field(ge=0, le=1_000_000)]


class LimitsSettings(Section):
    """How much one tenant or caller may use in any minute, under this policy."""

    requests_per_minute: Count | None = None
    tokens_per_minute: Count | None = None
    """Input and output. Taken by estimate before forwarding, corrected by the outcome."""
    by: By = "tenant"
    assumed_output_tokens: AssumedTokens = 256
    """Taken for the answer when the request sets no limit of its own."""

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.requests_per_minute is None and self.tokens_per_minute is None:
            raise ValueError("set requests_per_minute, tokens_per_minute or both")
        return self


class BudgetSettings(Section):
    """How much money one tenant or caller may spend in a period, under this policy."""

    usd: Annotated[Decimal, Field(gt=0, le=MAX_USD, allow_inf_nan=False)]
    per: Period = Period.MONTH
    """Calendar periods in UTC; weeks begin on Monday."""
    by: By = "tenant"
    assumed_output_tokens: AssumedTokens = 1024
    """Reserved for the answer when the request sets no limit of its own.

    A longer answer is still charged in full: it may take the budget over its
    end, once for each request that was under way.
    """

"""What an inspector is, and what it may be built from."""

from __future__ import annotations

from typing import Protocol

from extproc.exchange import Exchange
from extproc.verdict import Verdict


class RequestInspector(Protocol):
    """Looks at one exchange before it is forwarded.

    Built once per policy from its section's settings; holds no request state.
    May raise: the pipeline turns every exception and a missed deadline into
    the policy's `on_error`. Must be safe to cancel at any await.
    """

    async def inspect(self, exchange: Exchange) -> Verdict: ...

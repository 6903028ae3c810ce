"""Requests and tokens a minute."""

from __future__ import annotations

from math import ceil
from urllib.parse import quote

from extproc.exchange import Exchange, Reservation
from extproc.inspectors.limits.settings import LimitsSettings
from extproc.inspectors.limits.usage import output_tokens, subject
from extproc.state import State
from extproc.state.client import state_key
from extproc.state.protocol import Demand
from extproc.verdict import NOTHING, Code, Finding, Refuse, Verdict


class Limits:
    """Takes a request and its tokens together or not at all: a refused one costs nothing.

    The estimate for tokens is the input and what the answer may hold, cut so
    that a request whose input fits can always be served in an empty window.
    """

    def __init__(self, settings: LimitsSettings, state: State) -> None:
        self._settings = settings
        self._state = state

    async def inspect(self, exchange: Exchange) -> Verdict:
        limit = self._settings.tokens_per_minute
        if limit is not None and exchange.input_tokens > limit:
            message = "the input alone is over tokens_per_minute"
            return _refused("tokens_per_minute", message, retry_after=60, should_retry=False)
        rules, demands = self._demands(exchange)
        if not demands:
            return NOTHING
        taken = await self._state.take(demands)
        if taken.refused is not None:
            rule = rules[taken.refused]
            return _refused(rule, f"over {rule}", retry_after=max(1, ceil(taken.retry_after_s)))
        if rules[-1] == "tokens_per_minute":
            exchange.reservation = Reservation(
                tenant=exchange.identity.tenant,
                budget_key=None,
                usd=0.0,
                tokens_key=taken.receipts[-1],
                tokens=demands[-1].amount,
            )
        return NOTHING

    def _demands(self, exchange: Exchange) -> tuple[list[str], list[Demand]]:
        settings, view = self._settings, exchange.view
        rules: list[str] = []
        demands: list[Demand] = []
        if (limit := settings.requests_per_minute) is not None:
            rules.append("requests_per_minute")
            demands.append(Demand(self._key(exchange, "requests"), 1, limit))
        if (limit := settings.tokens_per_minute) is not None and view is not None:
            tokens = exchange.input_tokens + output_tokens(view, settings.assumed_output_tokens)
            rules.append("tokens_per_minute")
            demands.append(Demand(self._key(exchange, "tokens"), min(tokens, limit), limit))
        return rules, demands

    def _key(self, exchange: Exchange, what: str) -> str:
        by = self._settings.by
        policy = quote(exchange.policy.name, safe="")
        return state_key(subject(by, exchange), "limits", by, policy, what)


def _refused(
    rule: str, message: str, *, retry_after: int, should_retry: bool | None = None
) -> Verdict:
    refuse = Refuse(Code.RATE_LIMITED, message, retry_after=retry_after, should_retry=should_retry)
    return Verdict(refuse, (Finding("limits", rule, 1.0),))

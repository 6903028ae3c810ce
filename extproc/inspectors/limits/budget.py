"""Money: set aside before forwarding, so that concurrent requests cannot overspend."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from math import ceil

from extproc.exchange import Exchange, Reservation
from extproc.inspectors.limits.settings import BudgetSettings
from extproc.inspectors.limits.usage import output_tokens, subject
from extproc.llm.view import ChatView
from extproc.routing.choice import reachable
from extproc.routing.cost import usd
from extproc.routing.registry import Registry
from extproc.routing.settings import RouteSettings
from extproc.state import State
from extproc.state.money import NANO, nanos, nanos_up
from extproc.state.period import budget_key, seconds_left
from extproc.verdict import NOTHING, Code, Finding, Refuse, Verdict


class Budget:
    """Reserves what the dearest model the route could pick would cost at most.

    A request that costs nothing whoever serves it is never refused. `clock`
    gives Unix seconds.
    """

    def __init__(
        self,
        settings: BudgetSettings,
        state: State,
        registry: Registry,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._limit = nanos(settings.usd)
        self._state = state
        self._registry = registry
        self._clock = clock

    async def inspect(self, exchange: Exchange) -> Verdict:
        if exchange.view is None:
            return NOTHING
        amount = nanos_up(self._worst(exchange, exchange.view))
        if amount == 0:
            return NOTHING
        settings, now = self._settings, self._clock()
        who = subject(settings.by, exchange)
        key = budget_key(exchange.policy.name, settings.by, who, settings.per, now)
        if not await self._state.reserve(key, amount, self._limit):
            refuse = Refuse(
                Code.BUDGET_EXCEEDED,
                f"the budget of this {settings.per} is used up",
                retry_after=max(1, ceil(seconds_left(settings.per, now))),
                should_retry=False,
            )
            return Verdict(refuse, (Finding("budget", f"usd_per_{settings.per}", 1.0),))
        before = exchange.reservation or Reservation(exchange.identity.tenant, None, 0.0, None, 0)
        exchange.reservation = replace(before, budget_key=key, usd=amount / NANO)
        return NOTHING

    def _worst(self, exchange: Exchange, view: ChatView) -> Decimal:
        route = exchange.policy.section(RouteSettings) or RouteSettings()
        output = output_tokens(view, self._settings.assumed_output_tokens)
        costs = (
            usd(m.input_usd_per_mtok, m.output_usd_per_mtok, exchange.input_tokens, output)
            for m in reachable(route, self._registry, view.model, view.surface)
        )
        return max(costs, default=Decimal(0))

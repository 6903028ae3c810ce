"""Whether the client of a misfit answer is to ask again: once for each time it asks."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from extproc.exchange import Exchange

COUNT_HEADER = "x-stainless-retry-count"
"""What SDKs made by Stainless (OpenAI's and Anthropic's are) say of themselves."""
REMEMBERED_S = 300.0
"""A request that comes again within this time is the retry that was asked for."""
MAX_REMEMBERED = 10_000


class Retries:
    """One per policy and process. Remembers keyed digests of requests, no text.

    With several processes it is the client's own count that ends it: a header of
    the client can only make fewer retries of it, never lift a check.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[tuple[str, ...], float] = OrderedDict()

    def offer(self, exchange: Exchange) -> Callable[[], bool] | None:
        """To be called when the answer does not fit: whether to ask for a retry.

        ``None`` when this request is a retry already. A request that cannot be told
        from others, for want of a digest, gets none either.
        """
        who = exchange.identity
        if exchange.prompt_hmac is None:
            return None
        key = (who.tenant, who.caller, exchange.request.path, exchange.prompt_hmac)
        asked = self._asked.pop(key, None)
        if asked is not None and self._clock() - asked < REMEMBERED_S:
            return None
        if exchange.request.headers.get(COUNT_HEADER, "0").strip() != "0":
            return None
        return lambda: self._ask(key)

    def _ask(self, key: tuple[str, ...]) -> bool:
        """Of equal requests that are under way at once, one is asked."""
        if key in self._asked:
            return False
        self._asked[key] = self._clock()
        while len(self._asked) > MAX_REMEMBERED:
            self._asked.popitem(last=False)
        return True

"""Has the answer of every request guarded."""

from __future__ import annotations

from extproc.exchange import Exchange
from extproc.inspectors.output.guard import Checks, Guard
from extproc.inspectors.output.retries import Retries
from extproc.inspectors.output.settings import OutputSettings
from extproc.inspectors.output.window import Find
from extproc.llm.view import Surface
from extproc.verdict import NOTHING, Verdict


class Output:
    """One per policy. `find` finds the entities that the policy's labels name."""

    def __init__(self, settings: OutputSettings, find: Find, *, enforces: bool = True) -> None:
        """In monitor mode nothing is refused, so nobody is asked to come again."""
        schema = settings.json_schema
        if isinstance(schema, str):
            raise TypeError("the schema's file has not been read")
        retry = settings.retry is not None and enforces
        self._checks = Checks(
            settings.on_sensitive, settings.content is not None, schema, find, retry=retry
        )
        self._retries = Retries() if retry else None

    async def inspect(self, exchange: Exchange) -> Verdict:
        view = exchange.view
        if not self._checks.reads_text and self._checks.schema is None:
            return NOTHING
        if view is None or view.surface is Surface.EMBEDDINGS:
            return NOTHING
        offer = self._retries.offer(exchange) if self._retries is not None else None
        return Verdict(answer=Guard(view.surface, self._checks, offer))

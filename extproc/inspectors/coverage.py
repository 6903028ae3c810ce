"""What the request holds that no inspector can read, and what the policy says about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from extproc.exchange import Exchange
from extproc.llm.view import Uninspectable
from extproc.verdict import NOTHING, Code, Finding, Refuse, Verdict

MAX_NOTED = 32
"""Places named in one record; the rest are counted."""


class Coverage:
    """Names unreadable content in the record, and refuses what `on_uninspectable` denies."""

    def __init__(self, on_uninspectable: Mapping[Uninspectable, Literal["deny", "allow"]]) -> None:
        self._denied = frozenset(
            kind for kind, choice in on_uninspectable.items() if choice == "deny"
        )

    async def inspect(self, exchange: Exchange) -> Verdict:
        view = exchange.view
        if view is None or not view.unread:
            return NOTHING
        noted = view.unread[:MAX_NOTED]
        exchange.coverage.extend(f"{unread.kind}:{unread.what}:{unread.path}" for unread in noted)
        if len(view.unread) > MAX_NOTED:
            exchange.coverage.append(f"more:{len(view.unread) - MAX_NOTED}")
        denied = next((unread for unread in view.unread if unread.kind in self._denied), None)
        if denied is None:
            return NOTHING
        return Verdict(
            Refuse(
                Code.CONTENT_POLICY,
                f"the policy denies content that cannot be inspected: {denied.what} at {denied.path}",
            ),
            (Finding("coverage", f"uninspectable_{denied.kind}", 1.0, path=denied.path),),
        )

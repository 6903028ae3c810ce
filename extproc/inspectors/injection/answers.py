"""`output.injection`: answers that carry orders to whoever reads them next.

An answer becomes a tool's result, a document or the next agent's prompt, so
the rules weigh here as where nobody speaks to the assistant.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal

from extproc.exchange import Exchange
from extproc.inspectors.injection.memo import Reading
from extproc.inspectors.injection.reader import read
from extproc.inspectors.injection.settings import InjectionSettings, Limits
from extproc.inspectors.injection.watch import Watch
from extproc.llm.answer_text import repeats_request
from extproc.llm.slots import Channel as Text
from extproc.llm.view import Channel, Surface, json_path
from extproc.models.injection import Classifier
from extproc.verdict import NOTHING, Code, Finding, Keys, Refusal, Refuse, Verdict

NAME = "output"
MAX_FINDINGS = 16
HOLD = 400
"""Code points of a stream that are read at once, and held back until they are where the
policy blocks."""
CONTEXT = 240
"""Code points before them that they are read with."""

MAX_WINDOWS = 512
"""Of one text that comes whole, such as 200 KB of prose: some four seconds."""

Reader = Callable[[str], Reading]


class AnswerScan:
    """Has the answer of every request read. `action` is the policy's `output.injection`."""

    def __init__(
        self,
        action: Literal["flag", "block"] | None,
        settings: InjectionSettings,
        classifier: Classifier,
    ) -> None:
        self._action = action
        limits = settings.limits(Channel.ASSISTANT)
        self._limits = Limits(limits.flag, limits.block, action or "flag")
        self._classifier = classifier

    async def inspect(self, exchange: Exchange) -> Verdict:
        view = exchange.view
        if self._action is None or view is None or view.surface is Surface.EMBEDDINGS:
            return NOTHING
        orders = Orders(view.surface, self._read, self._limits)
        return Verdict(answer=Watch(view.surface, orders, slow=True))

    def _read(self, text: str) -> Reading:
        return read(self._classifier, text, Channel.ASSISTANT, indirect=True, budget=MAX_WINDOWS)


class TooLong(Exception):
    """More windows than are read of one answer: the policy's `on_error` decides."""


class Orders:
    """What is to become of the texts of one answer."""

    def __init__(self, surface: Surface, reader: Reader, limits: Limits) -> None:
        self._surface = surface
        self._reader = reader
        self.limits = limits
        self.findings: list[Finding] = []
        self._known: dict[bytes, Reading] = {}

    def whole(self, text: str, keys: Keys, *, is_json: bool) -> str:
        del is_json
        if not repeats_request(self._surface, keys):
            self.judge(text, 0, json_path(keys))
        return text

    def begin(self, channel: Text, *, is_json: bool) -> Pieces:
        del channel, is_json
        return Pieces(self)

    def judge(self, text: str, before: int, path: str | None) -> None:
        """Reads `text`, of which `before` code points were read already.

        Raises `Refusal`, and `TooLong` where nothing was found in what was read.
        """
        key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        reading = self._known.get(key)
        if reading is None:
            # The last events of a stream repeat what the ones before have said.
            reading = self._known[key] = self._reader(text)
        worst: str | None = None
        for hit in sorted(reading.hits, key=lambda hit: -hit.score):
            if hit.score < self.limits.lowest or hit.end <= before:
                continue
            refuses = self.limits.refuses(hit.score)
            self._note(hit.rule, hit.score, path, refuses=refuses)
            worst = worst or (hit.rule if refuses else None)
        if worst is not None:
            message = f"the answer carries an injection: rule {worst} in assistant text"
            raise Refusal(Refuse(Code.PROMPT_INJECTION, message, should_retry=False))
        if not reading.whole:
            raise TooLong

    def _note(self, rule: str, score: float, path: str | None, *, refuses: bool) -> None:
        code = Code.PROMPT_INJECTION if refuses else None
        rule = f"injection.{rule}"
        known = any(one.rule == rule and one.score >= score for one in self.findings)
        if not known and len(self.findings) < MAX_FINDINGS:
            finding = Finding(NAME, rule, score, Channel.ASSISTANT, path, code=code)
            self.findings.append(finding)


class Pieces:
    """One text that comes in pieces, read some sentences at a time."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._context = ""
        self._new = ""

    def feed(self, piece: str) -> str:
        self._new += piece
        return self._pass(piece, due=len(self._new) >= HOLD)

    def end(self) -> str:
        return self._pass("", due=bool(self._new))

    def _pass(self, piece: str, *, due: bool) -> str:
        holds = self._orders.limits.action == "block"
        if not due:
            return "" if holds else piece
        text = self._context + self._new
        self._orders.judge(text, len(self._context), None)
        released = self._new if holds else piece
        self._context, self._new = text[-CONTEXT:], ""
        return released

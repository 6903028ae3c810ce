"""Looks a question up, first by its exact text, then by likeness, and keeps the answers."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from extproc.exchange import BYPASS, CacheResult, Exchange
from extproc.inspectors.cache.admission import client_directives, may_ask
from extproc.inspectors.cache.flights import Flights, Sightings
from extproc.inspectors.cache.key import Question, question
from extproc.inspectors.cache.settings import CacheSettings
from extproc.inspectors.cache.wording import same_wording
from extproc.llm.answer import normal_end
from extproc.llm.replay import replay
from extproc.llm.usage import usage_of
from extproc.llm.view import ChatView, Surface
from extproc.models.embedder import Embedder, Vector
from extproc.models.same_answer.verifier import Asked, Verifier
from extproc.models.workers import Overloaded
from extproc.state.entries import Entries, Entry, Near
from extproc.state.protocol import StateUnavailable
from extproc.verdict import NOTHING, Finding, Serve, Verdict

log = logging.getLogger(__name__)

MAX_ANSWER_BYTES = 1024 * 1024
CANDIDATES = 4
"""Nearest questions whose wording is looked at. Among 1,710 of `models/verifier/groups` the right one was
no hit where it was farther than third."""
COMPARED = 2
"""Of these, how many the verifier's model is asked about: each may have to be embedded."""
LOOKUP_S = 0.25
"""A lookup that takes longer is a miss: the model is waiting."""

_TELL_WHEN_ASKED = frozenset({Surface.CHAT_COMPLETIONS, Surface.COMPLETIONS})
_UNAVAILABLE = Verdict(findings=(Finding("cache", "unavailable", 1.0),))
"""A miss because something behind the cache is away or too busy; it shows in the record."""
_FAILURES = (StateUnavailable, Overloaded, TimeoutError)


class Cache:
    """One policy's cache. Its failures are misses: it never refuses and never raises."""

    def __init__(
        self,
        settings: CacheSettings,
        policy_digest: str,
        embedder: Embedder,
        entries: Entries,
        clock: Callable[[], float] = time.time,
        *,
        verifier: Verifier | None = None,
        flights: Flights | None = None,
        sightings: Sightings | None = None,
        serves: bool = True,
    ) -> None:
        """Without `verifier`, a similar question must differ in its wording only.

        `flights` and `sightings` are the process's, so that a reload forgets neither.
        `serves` is false in monitor mode: then nobody waits for an answer that is not used.
        """
        self._settings = settings
        self._digest = policy_digest
        self._embedder = embedder
        self._entries = entries
        self._clock = clock
        self._verifier = verifier
        self._wait_s = settings.single_flight if serves else 0.0
        self._flights = Flights() if flights is None else flights
        self._sightings = Sightings() if sightings is None else sightings

    async def inspect(self, exchange: Exchange) -> Verdict:
        """Serves a hit. Sets `exchange.cache`; its `key` says that the answer may be kept."""
        exchange.cache = BYPASS
        directives = client_directives(exchange.request.headers)
        asked = None if "no-store" in directives else self._question(exchange)
        if asked is None:
            return NOTHING
        if "no-cache" in directives:
            # To ask anew is no way round the policy's admission.
            exchange.cache = CacheResult(key=asked.name if self._admitted(asked.name) else None)
            return NOTHING
        exchange.cache = CacheResult("miss", key=asked.name)
        try:
            async with asyncio.timeout(LOOKUP_S):
                found = await self._find(asked)
        except _FAILURES:
            return _UNAVAILABLE
        if found is not None and self._renews(found.entry, asked, exchange):
            return NOTHING
        if found is None and not self._admitted(asked.name):
            exchange.cache = CacheResult("miss")
            return NOTHING
        if found is None:
            found = await self._shared(exchange, asked)
        if found is None or exchange.view is None:
            return NOTHING
        return _serve(exchange, exchange.view, found, exact=found.entry.key == asked.key)

    def release(self, exchange: Exchange) -> None:
        """The exchange is over without an answer to keep: who waits for it need not."""
        if exchange.cache.key is not None:
            self._flights.land(exchange.cache.key, exchange.request_id)

    async def store(self, exchange: Exchange, document: Mapping[str, object]) -> bool:
        """Keeps a whole answer that may be shared; returns whether it did.

        `document` is the answer as it would be without streaming, from a 2xx.
        """
        try:
            return await self._store(exchange, document)
        finally:
            self.release(exchange)

    async def _store(self, exchange: Exchange, document: Mapping[str, object]) -> bool:
        view, route, name = exchange.view, exchange.route, exchange.cache.key
        if view is None or route is None or name is None:
            return False
        if not normal_end(view.surface, document, tool_calls=self._settings.tools):
            return False
        if not _all_choices(view, document):
            return False
        counted = _counted(exchange, view, document)
        asked, answer = self._question(exchange), _dump({**document, **counted})
        if asked is None or asked.name != name or len(answer) > MAX_ANSWER_BYTES:
            return False
        fresh_until = self._clock() + self._lifetime(asked)
        try:
            vector = await self._vector(asked)
            await self._entries.put(
                Entry(
                    key=asked.key,
                    partition=asked.partition,
                    group=asked.group,
                    question=asked.text if vector is not None else None,
                    answer=answer,
                    request_id=exchange.request_id,
                    model=f"{route.model}@{route.version}",
                    expires_at=fresh_until + self._settings.stale,
                    tenant=exchange.identity.tenant,
                    fresh_until=fresh_until if self._settings.stale else None,
                    estimated=bool(counted),
                ),
                vector,
                group_limit=self._settings.max_entries,
            )
        except _FAILURES:
            return False
        return True

    def _question(self, exchange: Exchange) -> Question | None:
        if not may_ask(exchange, self._settings):
            return None
        return question(exchange, self._digest, self._embedder.identity, self._settings.partition)

    def _lifetime(self, asked: Question) -> float:
        """Seconds; shorter by up to the jitter, so that what came together does not end together."""
        share = int(asked.key[:8], 16) / 2**32
        return self._settings.ttl * (1 - self._settings.jitter * share)

    def _renews(self, entry: Entry, asked: Question, exchange: Exchange) -> bool:
        """Whether this request asks the model for a newer answer, while others get the old one."""
        stale = entry.fresh_until is not None and entry.fresh_until <= self._clock()
        return stale and self._flights.lead(asked.name, exchange.request_id)

    def _admitted(self, name: str) -> bool:
        """Whether the answer to a question may be kept now that it is seen once more."""
        return self._settings.admit == "first" or self._sightings.again(name)

    async def _shared(self, exchange: Exchange, asked: Question) -> Near | None:
        """The answer that an identical request is waiting for already; ``None`` to ask oneself."""
        if self._wait_s <= 0:
            return None
        deadline = asyncio.get_running_loop().time() + self._wait_s
        while not self._flights.lead(asked.name, exchange.request_id):
            if not await self._flights.landed(asked.name, deadline):
                return None
            try:
                entry = await self._entries.get(asked.partition, asked.key)
            except StateUnavailable:
                return None
            if entry is not None:
                return Near(entry, 1.0)
        return None

    async def _find(self, asked: Question) -> Near | None:
        """The answer to the same text (similarity 1), else to the same question."""
        entry = await self._entries.get(asked.partition, asked.key)
        if entry is not None:
            return Near(entry, 1.0)
        semantic = self._settings.semantic
        if semantic is None or asked.text is None:
            return None
        # History is in the partition's name: most turns of a conversation begin an empty one.
        if not self._entries.holds(asked.partition):
            return None
        vector = await self._vector(asked)
        if vector is None:
            return None
        near = await self._entries.nearest(
            asked.partition, vector, at_least=semantic.cosine, limit=CANDIDATES
        )
        for one in near:
            if one.entry.question is not None and same_wording(asked.text, one.entry.question):
                return one
        return await self._verified(asked.text, near, semantic.score)

    async def _verified(self, text: str, near: Sequence[Near], least: float) -> Near | None:
        """The nearest that has the same answer although it is put in other words."""
        if self._verifier is None:
            return None
        compared = 0
        for one in near:
            question = one.entry.question
            if question is None or self._verifier.conflict(text, question) is not None:
                continue
            both = [Asked(each, await self._embedder.embed(each)) for each in (text, question)]
            if self._verifier.score(*both) >= least:
                return one
            compared += 1
            if compared == COMPARED:
                break
        return None

    async def _vector(self, asked: Question) -> Vector | None:
        """``None`` when this question must be equal to be the same."""
        if self._settings.semantic is None or asked.text is None:
            return None
        embedding = await self._embedder.embed(asked.text)
        return None if embedding.truncated else embedding.vector


def _all_choices(view: ChatView, document: Mapping[str, object]) -> bool:
    """As many choices as were asked for; other surfaces have one answer."""
    choices, wanted = document.get("choices"), view.document.get("n") or 1
    return not isinstance(choices, list) or len(choices) == wanted


def _counted(
    exchange: Exchange, view: ChatView, document: Mapping[str, object]
) -> Mapping[str, object]:
    """The usage that is missing from an answer, as the audit has it.

    OpenAI's streams tell it to those alone who ask, and the next may want JSON, where it is
    always told.
    """
    if view.surface not in _TELL_WHEN_ASKED or exchange.output_tokens is None:
        return {}
    if usage_of(view.surface, document) is not None:
        return {}
    used, made = exchange.input_tokens, exchange.output_tokens
    counts = {"prompt_tokens": used, "completion_tokens": made, "total_tokens": used + made}
    return {"usage": counts}


def _dump(document: Mapping[str, object]) -> bytes:
    try:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # a lone surrogate: valid in JSON, only as an escape
        return json.dumps(document, separators=(",", ":")).encode()


def _serve(exchange: Exchange, view: ChatView, found: Near, *, exact: bool) -> Verdict:
    """The stored answer in the shape the client asked for."""
    entry = found.entry
    try:
        document = cast("dict[str, object]", json.loads(entry.answer))
        usage = usage_of(view.surface, document)
        if view.stream:
            body = replay(view.surface, document, include_usage=view.include_usage)
            serve = Serve(body, "text/event-stream")
        else:
            serve = Serve(entry.answer, "application/json")
    except Exception as error:  # an entry that cannot be replayed is no reason to fail
        # The type alone: an exception's text may quote the answer.
        log.error("cache entry unreadable", extra={"error": type(error).__name__})
        return _UNAVAILABLE
    exchange.cache = CacheResult(
        "hit-exact" if exact else "hit-semantic",
        similarity=1.0 if exact else min(found.similarity, 1.0),
        usage={"input": usage.input or 0, "output": usage.output or 0} if usage else None,
        estimated=entry.estimated,
        origin=entry.request_id,
    )
    return Verdict(serve)

"""What may be shared, with whom, in which shape, and that no failure reaches the client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from extproc.exchange import BYPASS, CacheResult, Exchange, Identity, Request, Route, Sensitivity
from extproc.inspectors.cache import Cache, CacheSettings, inspector, key
from extproc.inspectors.cache.flights import Flights, Sightings
from extproc.llm.answer import assemble
from extproc.llm.request import view
from extproc.llm.sse import SseParser
from extproc.llm.view import Surface
from extproc.models.embedder import Embedding
from extproc.models.same_answer.presets import PRESETS
from extproc.models.workers import Overloaded
from extproc.policy.model import Policy
from extproc.state import StateUnavailable
from extproc.state.entries_memory import MemoryEntries
from extproc.verdict import NOTHING, Serve

CODE = 'def f():\n\treturn "é\U0001f600"  # \\n\n'
CHAT, MESSAGES = Surface.CHAT_COMPLETIONS, Surface.MESSAGES
QUESTION = "How do I reset my password?"
LIKE = "How can I reset my password?"
UNLIKE = "How do I reset your password?"


class Axes:
    """Stands in for the model: similar texts share a vector, as the test says."""

    identity = "axes@1"
    dimension = 4

    def __init__(self) -> None:
        self.similarity: dict[str, float] = {}
        self.truncated: set[str] = set()
        self.seen: list[str] = []
        self.failure: Exception | None = None
        self.slow = False

    async def embed(self, text: str) -> Embedding:
        self.seen.append(text)
        if self.failure is not None:
            raise self.failure
        if self.slow:
            await asyncio.Event().wait()
        cosine = self.similarity.get(text, 1.0)
        vector = np.array([cosine, np.sqrt(1 - cosine**2), 0, 0], dtype=np.float32)
        return Embedding(vector, text in self.truncated)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def axes() -> Axes:
    return Axes()


@pytest.fixture
def entries(clock: Clock) -> MemoryEntries:
    return MemoryEntries(clock, 4)


@pytest.fixture
def cache(axes: Axes, entries: MemoryEntries, clock: Clock) -> Cache:
    return Cache(
        CacheSettings(semantic={"threshold": 0.96}, jitter=0.0, single_flight=0.0),
        "0" * 8,
        axes,
        entries,
        clock,
    )


ROUTE = Route("large", "gpu-a", "large", "2.1.0")


def chat(text: Any = QUESTION, **fields: Any) -> dict[str, Any]:
    return {"model": "large", "messages": [{"role": "user", "content": text}], **fields}


def ask(
    document: dict[str, Any] | None = None,
    surface: Surface = CHAT,
    headers: dict[str, str] | None = None,
    **fields: Any,
) -> Exchange:
    exchange = Exchange(
        request_id="req-1",
        received_at=0.0,
        request=Request("POST", surface, "", headers or {}, {}, {}),
        identity=Identity("bot", "acme", "api_key"),
        policy=Policy("support", "team", "0" * 8),
        view=view(surface, chat() if document is None else document),
        route=ROUTE,
    )
    for name, value in fields.items():
        setattr(exchange, name, value)
    return exchange


def answer(content: str = CODE, **choice: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "large",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", **choice}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
    }


async def served(cache: Cache, exchange: Exchange) -> Serve | None:
    verdict = await cache.inspect(exchange)
    return verdict.action if isinstance(verdict.action, Serve) else None


async def state_after(
    cache: Cache, first: Exchange, second: Exchange, document: dict[str, Any] | None = None
) -> str:
    """What the second is told, after the first was asked and answered."""
    await cache.inspect(first)
    await cache.store(first, document or answer())
    await cache.inspect(second)
    return second.cache.state


# --- hits ---


async def test_an_exact_hit_is_the_stored_answer(cache: Cache, entries: MemoryEntries) -> None:
    first, second = ask(), ask(request_id="req-2")
    assert await cache.inspect(first) is NOTHING
    assert first.cache.state == "miss"
    assert await cache.store(first, answer())
    hit = await served(cache, second)
    assert hit is not None
    assert hit.content_type == "application/json"
    assert json.loads(hit.body) == answer()
    assert second.cache == CacheResult(
        "hit-exact", 1.0, None, {"input": 9, "output": 3}, origin="req-1"
    )
    partition, key = first.cache.key.split(".")
    kept = await entries.get(partition, key)
    assert kept is not None
    assert (kept.request_id, kept.model) == ("req-1", "large@2.1.0")


async def test_a_stream_is_answered_with_a_stream(cache: Cache) -> None:
    first = ask()
    await cache.inspect(first)
    await cache.store(first, answer())
    options = {"stream": True, "stream_options": {"include_usage": True}}
    second = ask(chat(**options))
    hit = await served(cache, second)
    assert hit is not None
    assert hit.content_type == "text/event-stream"
    assembled = assemble(CHAT, SseParser().feed(hit.body))
    assert assembled.complete
    assert assembled.document["choices"][0]["message"]["content"] == CODE
    assert assembled.document["usage"] == answer()["usage"]
    assert second.cache.state == "hit-exact"


async def test_a_similar_question_hits(cache: Cache, axes: Axes) -> None:
    axes.similarity[LIKE] = 0.97
    second = ask(chat(LIKE))
    assert await state_after(cache, ask(), second) == "hit-semantic"
    assert second.cache.similarity == pytest.approx(0.97, abs=1e-5)


@pytest.mark.parametrize(
    ("similarity", "state"), [(0.95, "miss"), (0.9601, "hit-semantic"), (1.0, "hit-semantic")]
)
async def test_the_threshold(cache: Cache, axes: Axes, similarity: float, state: str) -> None:
    axes.similarity[LIKE] = similarity
    assert await state_after(cache, ask(), ask(chat(LIKE))) == state


async def test_the_verifier_has_the_last_word(cache: Cache) -> None:
    assert await state_after(cache, ask(), ask(chat(UNLIKE))) == "miss"


async def test_a_nearer_question_that_is_another_does_not_hide_the_same_one(
    cache: Cache, axes: Axes
) -> None:
    axes.similarity = {QUESTION: 0.98, UNLIKE: 1.0, LIKE: 1.0}
    other = ask(chat(UNLIKE))
    await cache.inspect(other)
    await cache.store(other, answer("other"))
    assert await state_after(cache, ask(), ask(chat(LIKE))) == "hit-semantic"


class Unsure:
    """Stands in for the verifier: no rule minds, and the model is as sure as the test says."""

    def __init__(self, score: float, rule: str | None = None) -> None:
        self.asked = 0
        self._score = score
        self._rule = rule

    def conflict(self, _left: str, _right: str) -> str | None:
        return self._rule

    def score(self, _left: Embedding, _right: Embedding) -> float:
        self.asked += 1
        return self._score


@pytest.mark.parametrize(
    ("score", "state"), [(0.649, "miss"), (0.65, "hit-semantic"), (1.0, "hit-semantic")]
)
async def test_how_sure_the_model_must_be(entries, axes, clock, score, state) -> None:
    settings = CacheSettings(semantic="balanced", single_flight=0)
    cache = Cache(settings, "0" * 8, axes, entries, clock, verifier=Unsure(score))
    assert await state_after(cache, ask(), ask(chat(UNLIKE))) == state


async def test_a_rule_that_minds_is_final(entries, axes, clock) -> None:
    certain = Unsure(1.0, rule="number")
    cache = Cache(CacheSettings(single_flight=0), "0" * 8, axes, entries, clock, verifier=certain)
    assert await state_after(cache, ask(), ask(chat(UNLIKE))) == "miss"
    assert certain.asked == 0


async def test_the_model_is_asked_about_two_questions_at_most(entries, axes, clock) -> None:
    unsure = Unsure(0.5)
    cache = Cache(CacheSettings(single_flight=0), "0" * 8, axes, entries, clock, verifier=unsure)
    for number in range(3):
        asked = ask(chat(f"What is {number}?"), headers={"cache-control": "no-cache"})
        await cache.inspect(asked)
        await cache.store(asked, answer())
    assert len(entries) == 3
    assert await cache.inspect(ask()) is NOTHING
    assert unsure.asked == inspector.COMPARED == 2


async def test_the_vector_is_asked_for_only_when_it_can_help(cache: Cache, axes: Axes) -> None:
    for text in (QUESTION, "print(1)", "x" * 1501):
        first = ask(chat(text))
        await cache.inspect(first)
        await cache.store(first, answer())
        await cache.inspect(ask(chat(text)))
    assert set(axes.seen) == {QUESTION}


async def test_a_question_the_embedder_cut_must_be_equal(cache: Cache, axes: Axes) -> None:
    axes.truncated = {QUESTION, LIKE}
    assert await state_after(cache, ask(), ask(chat(LIKE))) == "miss"
    assert await state_after(cache, ask(), ask()) == "hit-exact"


async def test_semantic_off_leaves_the_exact_tier(entries, axes, clock) -> None:
    cache = Cache(CacheSettings(semantic=False), "0" * 8, axes, entries, clock)
    assert await state_after(cache, ask(), ask(chat(LIKE))) == "miss"
    assert await state_after(cache, ask(), ask()) == "hit-exact"
    assert axes.seen == []


async def test_an_answer_ends_with_its_ttl(cache: Cache, clock: Clock) -> None:
    assert await state_after(cache, ask(), ask()) == "hit-exact"
    clock.now += 3599.9
    assert await served(cache, ask()) is not None
    clock.now += 0.2
    assert await served(cache, ask()) is None


@pytest.mark.parametrize("text", [f" {QUESTION}\n", "Cafe\u0301?"])
async def test_spellings_that_any_reader_takes_for_the_same(cache: Cache, text: str) -> None:
    other = {f" {QUESTION}\n": QUESTION, "Cafe\u0301?": "Caf\u00e9?"}[text]
    assert await state_after(cache, ask(chat(text)), ask(chat(other))) == "hit-exact"


# --- who shares ---

OTHERS: dict[str, Callable[[], Exchange]] = {
    "tenant": lambda: ask(identity=Identity("bot", "globex", "api_key")),
    "model": lambda: ask(route=replace(ROUTE, model="small")),
    "version": lambda: ask(route=replace(ROUTE, version="2.1.1")),
    "pool": lambda: ask(route=replace(ROUTE, pool="onprem")),
    "arm": lambda: ask(route=replace(ROUTE, variant="large-v2")),
    "model asked": lambda: ask(chat() | {"model": "other"}),
    "query": lambda: ask(
        request=Request("POST", CHAT, "api-version=2", {}, {}, {}),
    ),
    "beta header": lambda: ask(headers={"openai-beta": "x"}),
    "beta of the other dialect": lambda: ask(headers={"anthropic-beta": "x"}),
    "version of the other dialect": lambda: ask(headers={"anthropic-version": "2023-06-01"}),
    **{
        name: lambda name=name, value=value: ask(chat(**{name: value}))
        for name, value in {
            "temperature": 0.1,
            "top_p": 0.5,
            "n": 2,
            "seed": 1,
            "stop": ["x"],
            "max_tokens": 5,
            "logprobs": True,
            "logit_bias": {"1": 2},
            "response_format": {"type": "json_object"},
            "reasoning_effort": "low",
            "unknown_field": None,
            "tools": [{"type": "function", "function": {"name": "f"}}],
        }.items()
    },
    "system": lambda: ask(
        {"model": "large", "messages": [{"role": "system", "content": "x"}, *chat()["messages"]]}
    ),
    "history": lambda: ask(
        {
            "model": "large",
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": "b"},
                *chat()["messages"],
            ],
        }
    ),
    "name of the speaker": lambda: ask(
        {"model": "large", "messages": [{**chat()["messages"][0], "name": "x"}]}
    ),
    "form of the content": lambda: ask(chat([{"type": "text", "text": QUESTION}])),
}


@pytest.mark.parametrize("what", OTHERS)
async def test_what_splits_a_partition(cache: Cache, what: str) -> None:
    assert await state_after(cache, ask(), OTHERS[what]()) == "miss"
    whole = answer()
    whole["choices"] *= OTHERS[what]().view.document.get("n", 1)
    assert await state_after(cache, OTHERS[what](), OTHERS[what](), whole) == "hit-exact"


def partition(document: dict[str, Any], sharers: key.Sharers = "tenant", **fields: Any) -> str:
    found = key.question(ask(document, **fields), "0" * 8, "axes@1", sharers)
    assert found is not None
    return found.partition


def test_languages_never_share() -> None:
    german = "Wie kann ich mein Passwort ändern und ist das sicher?"
    assert partition(chat(QUESTION)) == partition(chat(LIKE))
    assert partition(chat(QUESTION)) != partition(chat(german))


def test_a_user_is_no_session_of_that_name() -> None:
    session = Identity("bot", "acme", "api_key", "s1")
    assert partition(chat(user="s1"), "user") != partition(chat(), "session", identity=session)


def test_another_format_of_entries_never_meets_this_one(monkeypatch) -> None:
    before = partition(chat())
    monkeypatch.setattr(key, "_FORMAT", "cache/3")
    assert partition(chat()) != before


def test_the_order_of_fields_does_not_split() -> None:
    document = chat(temperature=0, seed=1)
    assert partition(document) == partition(dict(reversed(document.items())))


@pytest.mark.parametrize(
    "turn",
    [
        {"role": "assistant", "content": QUESTION},
        {"role": "system", "content": QUESTION},
        {"role": "user", "content": [{"type": "text", "text": QUESTION}] * 2},
        {"role": "user", "content": []},
    ],
)
def test_only_one_plain_text_of_a_user_may_be_similar(turn: dict[str, Any]) -> None:
    found = key.question(ask({"model": "large", "messages": [turn]}), "0", "axes@1", "tenant")
    assert found is not None
    assert found.text is None


async def test_a_redacted_question_must_be_equal(entries, axes, clock) -> None:
    cache = Cache(CacheSettings(partition="user"), "0" * 8, axes, entries, clock)
    mine = [ask(chat(text, user="a"), redacted=True) for text in (QUESTION, LIKE, QUESTION)]
    assert await state_after(cache, mine[0], mine[1]) == "miss"
    assert await state_after(cache, mine[1], mine[2]) == "hit-exact"


async def test_the_bound_on_entries_is_each_tenants_and_policys_own(entries, axes, clock) -> None:
    settings = CacheSettings(max_entries=1, single_flight=0)
    one, other = (Cache(settings, digit * 8, axes, entries, clock) for digit in "01")
    globex = Identity("bot", "globex", "api_key")
    await state_after(one, ask(), ask())
    await state_after(one, ask(identity=globex), ask(identity=globex))
    await state_after(other, ask(), ask())
    assert await served(one, ask()) is not None
    assert await served(one, ask(identity=globex)) is not None


async def test_surfaces_never_share(cache: Cache) -> None:
    messages = ask(chat(max_tokens=5), MESSAGES)
    assert await state_after(cache, ask(chat(max_tokens=5)), messages) == "miss"


async def test_another_policy_never_shares(cache: Cache, axes, entries, clock) -> None:
    other = Cache(CacheSettings(), "1" * 8, axes, entries, clock)
    assert await state_after(cache, ask(), ask()) == "hit-exact"
    assert await served(other, ask()) is None


async def test_another_embedder_never_shares(cache: Cache, entries, clock) -> None:
    axes = Axes()
    axes.identity = "axes@2"
    await state_after(cache, ask(), ask())
    assert await served(Cache(CacheSettings(), "0" * 8, axes, entries, clock), ask()) is None


@pytest.mark.parametrize("fields", [{"user": "u2"}, {"stream": True}])
async def test_what_does_not_split_a_partition(cache: Cache, fields: dict[str, Any]) -> None:
    assert await state_after(cache, ask(chat(user="u1")), ask(chat(**fields))) == "hit-exact"


async def test_the_user_of_an_anthropic_request_does_not_split(cache: Cache) -> None:
    one, other = (chat(max_tokens=5, metadata={"user_id": u}) for u in "ab")
    first, second = ask(one, MESSAGES), ask(other, MESSAGES)
    await cache.inspect(first)
    stored = {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": CODE}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 1, "output_tokens": 2},
    }
    assert await cache.store(first, stored)
    hit = await served(cache, second)
    assert hit is not None
    assert json.loads(hit.body) == stored


def jwt(caller: str) -> Identity:
    return Identity(caller, "acme", "jwt")


@pytest.mark.parametrize(
    ("sharers", "first", "second", "state"),
    [
        ("user", ask(chat(user="a")), ask(chat(user="a")), "hit-exact"),
        ("user", ask(chat(user="a")), ask(chat(user="b")), "miss"),
        ("user", ask(), ask(), "bypass"),
        ("user", ask(identity=jwt("ann")), ask(identity=jwt("ann")), "hit-exact"),
        ("user", ask(identity=jwt("ann")), ask(identity=jwt("bob")), "miss"),
        (
            "user",
            ask(chat(user="a"), identity=jwt("ann")),
            ask(chat(user="a"), identity=jwt("bob")),
            "miss",
        ),
        ("session", ask(), ask(), "bypass"),
        (
            "session",
            ask(identity=Identity("bot", "acme", "api_key", "s1")),
            ask(identity=Identity("bot", "acme", "api_key", "s1")),
            "hit-exact",
        ),
        (
            "session",
            ask(identity=Identity("bot", "acme", "api_key", "s1")),
            ask(identity=Identity("bot", "acme", "api_key", "s2")),
            "miss",
        ),
        (
            "session",
            ask(identity=Identity("bot", "acme", "api_key", "s1")),
            ask(identity=Identity("batch", "acme", "api_key", "s1")),
            "miss",
        ),
    ],
)
async def test_partitions_by_policy(entries, axes, clock, sharers, first, second, state) -> None:
    cache = Cache(CacheSettings(partition=sharers), "0" * 8, axes, entries, clock)
    assert await state_after(cache, first, second) == state


# --- what is not asked, and not kept ---

IMAGE = [
    {"type": "text", "text": "What is it?"},
    {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}},
]
TOOL_TURNS = [
    {"role": "user", "content": "x"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
        ],
    },
    {"role": "tool", "tool_call_id": "1", "content": "y"},
]
NEVER: dict[str, Callable[[], Exchange]] = {
    "no document": lambda: ask(view=None),
    "no route": lambda: ask(route=None),
    "no tenant": lambda: ask(identity=Identity("bot", "", "api_key")),
    "confidential": lambda: ask(sensitivity=Sensitivity("confidential")),
    "restricted": lambda: ask(sensitivity=Sensitivity("restricted")),
    "a label of one's own": lambda: ask(sensitivity=Sensitivity("pii")),
    "remote image": lambda: ask(chat(IMAGE)),
    "remote image, shouted": lambda: ask(
        chat([IMAGE[0], {"type": "image_url", "image_url": {"url": "HTTPS://EXAMPLE.COM/C.PNG"}}])
    ),
    "servers of tools": lambda: ask(chat(mcp_servers=[{"url": "x"}], max_tokens=5), MESSAGES),
    "no-store with a value": lambda: ask(headers={"cache-control": "no-store=1"}),
    "server-side history": lambda: ask(
        {"model": "large", "input": "x", "previous_response_id": "r"}, Surface.RESPONSES
    ),
    "tool results": lambda: ask({"model": "large", "messages": TOOL_TURNS}),
    "web search": lambda: ask(chat(web_search_options={})),
    "tools that run upstream": lambda: ask(
        {"model": "large", "input": "x", "tools": [{"type": "web_search"}]}, Surface.RESPONSES
    ),
    "no-store": lambda: ask(headers={"cache-control": "max-age=0, No-Store"}),
}


@pytest.mark.parametrize("what", NEVER)
async def test_requests_that_pass_by(cache: Cache, entries: MemoryEntries, what: str) -> None:
    exchange = NEVER[what]()
    assert await cache.inspect(exchange) is NOTHING
    assert exchange.cache == BYPASS
    assert not await cache.store(exchange, answer())
    assert len(entries) == 0


async def test_an_image_within_the_request_is_part_of_the_key(cache: Cache) -> None:
    def with_image(data: str) -> Exchange:
        url = {"url": f"data:image/png;base64,{data}"}
        return ask(chat([{"type": "text", "text": "x"}, {"type": "image_url", "image_url": url}]))

    assert await state_after(cache, with_image("AAAA"), with_image("AAAA")) == "hit-exact"
    assert await state_after(cache, with_image("AAAA"), with_image("BBBB")) == "miss"


async def test_no_cache_reads_nothing_and_renews(cache: Cache) -> None:
    await state_after(cache, ask(), ask())
    fresh = ask(headers={"cache-control": "no-cache"})
    assert await cache.inspect(fresh) is NOTHING
    assert fresh.cache.state == "bypass"
    assert await cache.store(fresh, answer("newer"))
    hit = await served(cache, ask())
    assert hit is not None
    assert json.loads(hit.body) == answer("newer")


@pytest.mark.parametrize(
    ("limit", "fields", "state"),
    [
        (0.5, {"temperature": 0.5}, "miss"),
        (0.5, {"temperature": 0.51}, "bypass"),
        (0.5, {}, "bypass"),
        (1.0, {}, "miss"),
        (None, {"temperature": 2}, "miss"),
        (0.5, {"temperature": "0.1"}, "bypass"),
    ],
)
async def test_temperature(entries, axes, clock, limit, fields, state) -> None:
    cache = Cache(CacheSettings(max_temperature=limit), "0" * 8, axes, entries, clock)
    exchange = ask(chat(**fields))
    await cache.inspect(exchange)
    assert exchange.cache.state == state


async def test_embeddings_have_no_temperature(entries, axes, clock) -> None:
    cache = Cache(CacheSettings(max_temperature=0), "0" * 8, axes, entries, clock)
    exchange = ask({"model": "large", "input": "x"}, Surface.EMBEDDINGS)
    await cache.inspect(exchange)
    assert exchange.cache.state == "miss"


CALLS = {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "type": "function"}]}
UNFIT = {
    "cut": answer(finish_reason="length"),
    "filtered": answer(finish_reason="content_filter"),
    "unfinished": answer(finish_reason=None),
    "tool calls": answer(finish_reason="tool_calls", message=CALLS),
    "error in a 200": {"error": {"message": "x"}},
    "no choices": {"choices": []},
    "refusal": answer(message={"role": "assistant", "refusal": "no"}),
    "too large": answer("x" * inspector.MAX_ANSWER_BYTES),
}


@pytest.mark.parametrize("what", UNFIT)
async def test_answers_that_are_not_kept(cache: Cache, entries, what: str) -> None:
    exchange = ask()
    await cache.inspect(exchange)
    assert not await cache.store(exchange, UNFIT[what])
    assert len(entries) == 0


async def test_tools_are_kept_where_the_policy_says_so(entries, axes, clock) -> None:
    cache = Cache(CacheSettings(tools=True), "0" * 8, axes, entries, clock)
    first, second = (ask({"model": "large", "messages": TOOL_TURNS}) for _ in range(2))
    await cache.inspect(first)
    assert await cache.store(first, UNFIT["tool calls"])
    assert await served(cache, second) is not None


async def test_a_hit_is_not_stored_again(cache: Cache) -> None:
    second = ask()
    await state_after(cache, ask(), second)
    assert not await cache.store(second, answer())


async def test_an_answer_to_a_changed_request_is_not_kept(cache: Cache) -> None:
    """The exchange was rerouted after it was asked: its key is not the answer's."""
    exchange = ask()
    await cache.inspect(exchange)
    exchange.route = replace(ROUTE, pool="onprem")
    assert not await cache.store(exchange, answer())


async def test_a_lone_surrogate_is_kept_as_an_escape(cache: Cache) -> None:
    exchange = ask()
    await cache.inspect(exchange)
    assert await cache.store(exchange, answer("\ud800"))
    hit = await served(cache, ask())
    assert hit is not None
    assert hit.body.decode().count("\\ud800") == 1


async def test_embeddings_are_shared_by_equal_input_only(cache: Cache, axes: Axes) -> None:
    def asked(text: str) -> Exchange:
        return ask({"model": "embed", "input": text}, Surface.EMBEDDINGS)

    vectors = {"object": "list", "data": [{"index": 0, "embedding": [0.5]}], "model": "embed"}
    first = asked(QUESTION)
    await cache.inspect(first)
    assert await cache.store(first, vectors)
    assert await served(cache, asked(LIKE)) is None
    hit = await served(cache, asked(QUESTION))
    assert hit is not None
    assert json.loads(hit.body) == vectors
    assert axes.seen == []


# --- failures ---


class Away(MemoryEntries):
    """A store that is down."""

    async def get(self, *_: Any) -> None:
        raise StateUnavailable("away")

    async def put(self, *_: Any, **__: Any) -> None:
        raise StateUnavailable("away")


async def test_a_store_that_is_away_is_a_miss_that_shows(axes: Axes, clock: Clock) -> None:
    cache = Cache(CacheSettings(), "0" * 8, axes, Away(clock, 4), clock)
    exchange = ask()
    verdict = await cache.inspect(exchange)
    assert not isinstance(verdict.action, Serve)
    assert [finding.rule for finding in verdict.findings] == ["unavailable"]
    assert exchange.cache.state == "miss"
    assert not await cache.store(exchange, answer())


async def test_an_embedder_that_is_too_busy_is_a_miss_that_shows(cache: Cache, axes: Axes) -> None:
    await state_after(cache, ask(), ask())
    axes.failure = Overloaded("full")
    exchange = ask(chat(LIKE))
    verdict = await cache.inspect(exchange)
    assert [finding.rule for finding in verdict.findings] == ["unavailable"]
    assert exchange.cache.state == "miss"
    assert await served(cache, ask()) is not None


async def test_a_lookup_that_takes_too_long_is_a_miss(cache: Cache, axes, monkeypatch) -> None:
    await state_after(cache, ask(), ask())
    monkeypatch.setattr(inspector, "LOOKUP_S", 0.01)
    axes.slow = True
    exchange = ask(chat(LIKE))
    verdict = await cache.inspect(exchange)
    assert [finding.rule for finding in verdict.findings] == ["unavailable"]
    assert exchange.cache.state == "miss"


async def test_where_nothing_is_kept_no_model_is_asked(cache: Cache, axes: Axes) -> None:
    first = ask()
    await cache.inspect(first)
    assert axes.seen == []
    await cache.store(first, answer())
    assert axes.seen == [QUESTION]
    assert await served(cache, ask(chat(LIKE))) is not None
    assert axes.seen == [QUESTION, LIKE]
    # A turn later its history is another: nothing can be near.
    turns = [*chat()["messages"], {"role": "assistant", "content": "So."}, *chat(LIKE)["messages"]]
    assert await served(cache, ask({"model": "large", "messages": turns})) is None
    assert axes.seen == [QUESTION, LIKE]


@pytest.mark.parametrize(("over", "kept"), [(-1, True), (0, True), (1, False)])
async def test_answers_up_to_a_mebibyte_are_kept(cache: Cache, over: int, kept: bool) -> None:
    frame = len(json.dumps(answer(""), separators=(",", ":")))
    exchange = ask()
    await cache.inspect(exchange)
    whole = answer("x" * (inspector.MAX_ANSWER_BYTES - frame + over))
    assert await cache.store(exchange, whole) is kept


@pytest.mark.parametrize(("over", "similar"), [(-1, True), (0, True), (1, False)])
def test_questions_up_to_a_length_may_be_similar(over: int, similar: bool) -> None:
    text = "x" * (key._MAX_SIMILAR + over)
    found = key.question(ask(chat(text)), "0", "axes@1", "tenant")
    assert found is not None
    assert (found.text is not None) is similar


@pytest.mark.parametrize(("between", "known"), [(1, True), (2, True), (3, False)])
def test_sightings_are_bounded_and_the_oldest_are_forgotten(between: int, known: bool) -> None:
    sightings = Sightings(limit=3)
    assert not sightings.again("first")
    assert not any(sightings.again(f"other-{n}") for n in range(between))
    assert sightings.again("first") is known


@pytest.mark.parametrize("stream", [False, True])
async def test_an_entry_that_cannot_be_read_is_a_miss(cache, entries, stream: bool) -> None:
    exchange = ask()
    await cache.inspect(exchange)
    await cache.store(exchange, answer())
    partition, key = exchange.cache.key.split(".")
    kept = await entries.get(partition, key)
    await entries.put(replace(kept, answer=b"{"), None, group_limit=10)
    again = ask(chat(stream=stream))
    verdict = await cache.inspect(again)
    assert not isinstance(verdict.action, Serve)
    assert again.cache.state == "miss"


# --- settings ---


@pytest.mark.parametrize(
    ("ttl", "seconds"), [("1h", 3600), ("90s", 90), ("1.5m", 90), ("30d", 2_592_000), (5, 5)]
)
def test_durations(ttl: Any, seconds: float) -> None:
    assert CacheSettings(ttl=ttl).ttl == seconds


@pytest.mark.parametrize(
    "settings",
    [
        {"ttl": "1 h"},
        {"ttl": "0s"},
        {"ttl": "31d"},
        {"ttl": True},
        {"semantic": True},
        {"semantic": {"threshold": 0.49}},
        {"semantic": "lenient"},
        {"semantic": {"preset": "lenient"}},
        {"semantic": {"threshold": 1.01}},
        {"semantic": {"treshold": 0.96}},
        {"max_entries": 0},
        {"max_temperature": 2.1},
        {"sensitivity": "restricted"},
        {"partition": "everyone"},
        {"exact": {}},
        {"jitter": 0.51},
        {"jitter": -0.1},
        {"stale": "31d"},
        {"stale": "-1s"},
        {"single_flight": "15.1s"},
        {"single_flight": -1},
        {"admit": "third"},
        {"max_entries": 1_000_001},
        {"on_error": "ignore"},
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CacheSettings.model_validate(settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"jitter": 0.5},
        {"jitter": 0},
        {"stale": "30d"},
        {"ttl": "30d"},
        {"single_flight": "15s"},
        {"single_flight": 0},
        {"max_entries": 1_000_000},
        {"max_entries": 1},
        {"max_temperature": 2},
    ],
)
def test_settings_at_their_limits(settings: dict[str, Any]) -> None:
    CacheSettings.model_validate(settings)


def test_settings_as_the_contract_writes_them() -> None:
    settings = CacheSettings.model_validate({"semantic": {"threshold": 0.96}, "ttl": "1h"})
    assert settings.semantic is not None
    assert (settings.semantic.cosine, settings.semantic.preset) == (0.96, "balanced")
    assert settings.ttl == 3600
    assert CacheSettings.model_validate({"semantic": False}).semantic is None


@pytest.mark.parametrize("preset", ["strict", "balanced", "generous"])
def test_a_preset_sets_both_thresholds(preset: str) -> None:
    by_name = CacheSettings.model_validate({"semantic": preset})
    assert by_name == CacheSettings.model_validate({"semantic": {"preset": preset}})
    assert by_name.semantic is not None
    assert by_name.semantic.cosine == PRESETS[preset].cosine
    assert by_name.semantic.score == PRESETS[preset].score


# --- one asks, the others wait ---


@pytest.fixture
def flying(axes: Axes, entries: MemoryEntries, clock: Clock) -> Cache:
    return Cache(CacheSettings(), "0" * 8, axes, entries, clock)


def named(number: int, document: dict[str, Any] | None = None) -> Exchange:
    return ask(document, request_id=f"req-{number}")


async def turns() -> None:
    """Lets every task run until it waits."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_identical_misses_wait_for_one_answer(flying: Cache) -> None:
    leader, followers = named(0), [named(n) for n in range(1, 5)]
    await flying.inspect(leader)
    waiting = [asyncio.create_task(flying.inspect(each)) for each in followers]
    await turns()
    assert not any(task.done() for task in waiting)
    await flying.store(leader, answer())
    assert all(isinstance(v.action, Serve) for v in await asyncio.gather(*waiting))
    assert {each.cache.state for each in followers} == {"hit-exact"}


async def test_another_question_waits_for_nobody(flying: Cache) -> None:
    await flying.inspect(named(0))
    other = named(1, chat("Something else entirely?"))
    assert await flying.inspect(other) is NOTHING
    assert other.cache.key is not None


async def test_a_leader_without_an_answer_frees_one_follower_at_a_time(flying: Cache) -> None:
    leader, one, two = named(0), named(1), named(2)
    await flying.inspect(leader)
    waiting = {each.request_id: asyncio.create_task(flying.inspect(each)) for each in (one, two)}
    await turns()
    flying.release(leader)
    await turns()
    first = next(each for each in (one, two) if waiting[each.request_id].done())
    second = two if first is one else one
    assert not waiting[second.request_id].done()
    await flying.store(first, answer())
    await waiting[second.request_id]
    assert (first.cache.state, second.cache.state) == ("miss", "hit-exact")


async def test_an_answer_that_is_not_kept_frees_the_followers(flying: Cache) -> None:
    leader, follower = named(0), named(1)
    await flying.inspect(leader)
    waiting = asyncio.create_task(flying.inspect(follower))
    await turns()
    await flying.store(leader, answer(finish_reason="length"))
    assert await waiting is NOTHING
    assert follower.cache.state == "miss"


async def test_a_follower_that_leaves_disturbs_nobody(flying: Cache) -> None:
    leader, gone, stays = named(0), named(1), named(2)
    await flying.inspect(leader)
    leaving = asyncio.create_task(flying.inspect(gone))
    staying = asyncio.create_task(flying.inspect(stays))
    await turns()
    leaving.cancel()
    flying.release(gone)
    await turns()
    assert not staying.done()
    await flying.store(leader, answer())
    await staying
    assert stays.cache.state == "hit-exact"


@pytest.mark.parametrize("how", ["deadline", "monitor", "off"])
async def test_waiting_is_bounded(entries, axes, clock, how: str) -> None:
    seconds = {"off": 0.0, "monitor": 15.0, "deadline": 0.01}[how]
    settings = CacheSettings(single_flight=seconds)
    cache = Cache(settings, "0" * 8, axes, entries, clock, serves=how != "monitor")
    await cache.inspect(named(0))
    late = named(1)
    asked = asyncio.create_task(cache.inspect(late))
    await turns()
    assert how == "deadline" or asked.done(), "it does not wait at all"
    assert await asked is NOTHING
    assert (late.cache.state, late.cache.key is None) == ("miss", False)


# --- which answers are kept, and for how long ---


async def test_on_the_second_sighting(entries, axes, clock) -> None:
    cache = Cache(CacheSettings(admit="second"), "0" * 8, axes, entries, clock)
    first, second, third = named(0), named(1), named(2)
    await cache.inspect(first)
    assert first.cache == CacheResult("miss")
    assert not await cache.store(first, answer())
    await cache.inspect(second)
    assert await cache.store(second, answer())
    await cache.inspect(third)
    assert third.cache.state == "hit-exact"


async def test_to_ask_anew_is_no_way_round_the_second_sighting(entries, axes, clock) -> None:
    cache = Cache(CacheSettings(admit="second"), "0" * 8, axes, entries, clock)
    first, second = (ask(headers={"cache-control": "no-cache"}) for _ in range(2))
    await cache.inspect(first)
    assert not await cache.store(first, answer())
    await cache.inspect(second)
    assert await cache.store(second, answer())


async def test_answers_that_came_together_end_apart(entries, axes, clock) -> None:
    cache = Cache(CacheSettings(ttl=100.0, jitter=0.2), "0" * 8, axes, entries, clock)
    asked = [named(n, chat(f"Question {n}?")) for n in range(40)]
    for each in asked:
        await cache.inspect(each)
        assert await cache.store(each, answer())
    ends = []
    for each in asked:
        partition, _, key = (each.cache.key or "").partition(".")
        entry = await entries.get(partition, key)
        ends.append(entry.expires_at - clock.now)
    assert 80 <= min(ends) < 85
    assert 95 < max(ends) <= 100


@pytest.mark.parametrize(
    ("wanted", "given", "kept"), [(None, 1, 1), (2, 2, 1), (2, 1, 0), (1, 2, 0)]
)
async def test_an_answer_has_all_its_choices(cache: Cache, wanted, given, kept) -> None:
    asked = named(0, chat(**({} if wanted is None else {"n": wanted})))
    await cache.inspect(asked)
    document = answer()
    document["choices"] = [{**document["choices"][0], "index": n} for n in range(given)]
    assert await cache.store(asked, document) is bool(kept)


async def test_one_request_renews_a_stale_answer_and_the_others_get_it(
    entries, axes, clock
) -> None:
    settings = CacheSettings(ttl=100.0, jitter=0.0, stale=50.0)
    cache = Cache(settings, "0" * 8, axes, entries, clock)
    first = named(0)
    await cache.inspect(first)
    await cache.store(first, answer("old"))
    clock.now += 99.9
    assert await served(cache, named(1)) is not None
    clock.now += 0.1
    renewing, others = named(2), [named(3), named(4)]
    assert await cache.inspect(renewing) is NOTHING
    assert renewing.cache.state == "miss"
    for each in others:
        hit = await served(cache, each)
        assert hit is not None
        assert json.loads(hit.body) == answer("old")
    assert await cache.store(renewing, answer("new"))
    hit = await served(cache, named(5))
    assert hit is not None
    assert json.loads(hit.body) == answer("new")


async def test_a_renewal_that_failed_is_tried_by_the_next(entries, axes, clock) -> None:
    cache = Cache(CacheSettings(ttl=100.0, jitter=0.0, stale=50.0), "0" * 8, axes, entries, clock)
    first = named(0)
    await cache.inspect(first)
    await cache.store(first, answer("old"))
    clock.now += 100
    failing, next_ = named(1), named(2)
    await cache.inspect(failing)
    cache.release(failing)
    assert await cache.inspect(next_) is NOTHING
    assert next_.cache.key is not None
    cache.release(next_)
    clock.now += 50
    late = named(3)
    assert await cache.inspect(late) is NOTHING
    assert late.cache.state == "miss"


async def test_a_reload_leaves_flights_and_sightings_as_they_are(entries, axes, clock) -> None:
    """A new set of the same policy has a new cache; who is asking stays known."""
    flights, sightings = Flights(), Sightings()
    before, after = (
        Cache(
            CacheSettings(),
            "0" * 8,
            axes,
            entries,
            clock,
            flights=flights,
            sightings=sightings,
        )
        for _ in range(2)
    )
    leader, old, new = named(0), named(1), named(2)
    await before.inspect(leader)
    waiting = [
        asyncio.create_task(cache.inspect(each)) for cache, each in ((before, old), (after, new))
    ]
    await turns()
    assert not any(task.done() for task in waiting)
    await before.store(leader, answer())
    await asyncio.gather(*waiting)
    assert (old.cache.state, new.cache.state) == ("hit-exact", "hit-exact")
    assert len(flights) == 0


@pytest.mark.parametrize(("waiting", "free"), [(2, 0), (3, 1)])
async def test_places_to_wait_are_bounded(entries, axes, clock, waiting: int, free: int) -> None:
    """Below and at the limit they wait; above it they ask themselves."""
    flights = Flights(max_waiting=2)
    cache = Cache(CacheSettings(), "0" * 8, axes, entries, clock, flights=flights)
    leader = named(0)
    await cache.inspect(leader)
    tasks = [asyncio.create_task(cache.inspect(named(n))) for n in range(1, waiting + 1)]
    await turns()
    assert sum(task.done() for task in tasks) == free
    assert flights.waiting == 2
    await cache.store(leader, answer())
    await asyncio.gather(*tasks)
    assert flights.waiting == 0

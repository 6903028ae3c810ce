"""`tests/cases/cache/*.yaml`: who may share what, and which answers are kept."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from extproc.exchange import Exchange, Identity, Request, Route
from extproc.inspectors.cache import Cache, CacheSettings
from extproc.llm.request import view
from extproc.llm.view import Surface
from extproc.models.embedder import Embedding
from extproc.policy.model import Policy
from extproc.state.entries_memory import MemoryEntries
from extproc.verdict import Serve

CASES = Path(__file__).parents[2] / "cases" / "cache"
SHARING = yaml.safe_load((CASES / "sharing.yaml").read_text())
ANSWERS = yaml.safe_load((CASES / "answers.yaml").read_text())
WHOLE = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "large",
    "choices": [
        {"index": 0, "message": {"role": "assistant", "content": "So."}, "finish_reason": "stop"}
    ],
    "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
}

TEXT = {"type": "output_text", "text": "So.", "annotations": []}
ANSWERED: dict[Surface, dict[str, Any]] = {
    Surface.CHAT_COMPLETIONS: WHOLE,
    Surface.MESSAGES: {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "large",
        "content": [{"type": "text", "text": "So."}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": 3},
    },
    Surface.RESPONSES: {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "error": None,
        "output": [{"type": "message", "id": "m", "role": "assistant", "content": [TEXT]}],
        "usage": {"input_tokens": 9, "output_tokens": 3},
    },
    Surface.COMPLETIONS: {
        "id": "cmpl-1",
        "object": "text_completion",
        "choices": [{"index": 0, "text": "So.", "logprobs": None, "finish_reason": "stop"}],
    },
    Surface.EMBEDDINGS: {
        "object": "list",
        "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}],
    },
}
"""A whole, normal answer on each surface."""


class Alike:
    """Every text has the same vector: what is not shared, the partition alone keeps apart."""

    identity = "alike@1"
    dimension = 4

    async def embed(self, text: str) -> Embedding:
        return Embedding(np.array([1, 0, 0, 0], dtype=np.float32), truncated=False)


def cache(entries: MemoryEntries, digest: str = "0" * 64, **settings: Any) -> Cache:
    given = CacheSettings.model_validate({"single_flight": 0, **settings})
    return Cache(given, digest, Alike(), entries)


def surface_of(case: dict[str, Any], *, base: bool) -> Surface:
    name = case.get("surface", "chat_completions")
    return Surface[(name if base else case.get("asked_on", name)).upper()]


def exchange(case: dict[str, Any], *, base: bool) -> Exchange:
    start = copy.deepcopy(SHARING["base"])
    changes = {} if base else case
    surface = surface_of(case, base=base)
    request = SHARING["surfaces"].get(surface.name.lower(), start["request"])
    document = request | case.get("base_request", {}) | changes.get("request", {})
    made = Exchange(
        request_id="req-1",
        received_at=0.0,
        request=Request("POST", surface, "", changes.get("headers", {}), {}, {}),
        identity=Identity(**(start["identity"] | changes.get("identity", {}))),
        policy=Policy("support", "team", "0" * 8),
        view=view(surface, document),
        route=Route(**(start["route"] | changes.get("route", {}))),
    )
    for name, value in case.get("exchange", {}).items():
        setattr(made, name, value)
    return made


@pytest.fixture
def entries() -> MemoryEntries:
    return MemoryEntries(time.time, Alike.dimension)


@pytest.mark.parametrize("case", SHARING["cases"], ids=lambda case: case["name"])
async def test_who_may_share(entries: MemoryEntries, case: dict[str, Any]) -> None:
    kept = cache(entries, **case.get("policy", {}))
    first = exchange(case, base=True)
    await kept.inspect(first)
    await kept.store(first, ANSWERED[surface_of(case, base=True)])
    if case.get("edited"):
        # Two policies whose short digests, the ones for people, are the same.
        kept = cache(entries, digest="0" * 63 + "1", **case.get("policy", {}))
    verdict = await kept.inspect(exchange(case, base=False))
    assert isinstance(verdict.action, Serve) == case["share"]


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["name"])
async def test_which_answers_are_kept(entries: MemoryEntries, case: dict[str, Any]) -> None:
    kept = cache(entries, tools=case.get("tools", False))
    case = case | {"base_request": case.get("request", {})}
    asked = exchange(case, base=True)
    document = copy.deepcopy(ANSWERED[surface_of(case, base=True)]) | case.get("answer", {})
    if "choice" in case:
        document["choices"][0] |= case["choice"]
    document = case.get("only", document)
    await kept.inspect(asked)
    assert await kept.store(asked, document) == case["kept"]
    assert len(entries) == case["kept"]
    verdict = await kept.inspect(exchange(case, base=True))
    assert isinstance(verdict.action, Serve) == case["kept"]

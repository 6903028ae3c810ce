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


class Alike:
    """Every text has the same vector: what is not shared, the partition alone keeps apart."""

    identity = "alike@1"
    dimension = 4

    async def embed(self, text: str) -> Embedding:
        return Embedding(np.array([1, 0, 0, 0], dtype=np.float32), truncated=False)


def cache(**settings: Any) -> Cache:
    entries = MemoryEntries(time.time, Alike.dimension)
    given = CacheSettings.model_validate({"single_flight": 0, **settings})
    return Cache(given, "0" * 8, Alike(), entries)


def exchange(case: dict[str, Any], *, base: bool) -> Exchange:
    start = copy.deepcopy(SHARING["base"])
    changes = {} if base else case
    document = start["request"] | case.get("base_request", {}) | changes.get("request", {})
    made = Exchange(
        request_id="req-1",
        received_at=0.0,
        request=Request("POST", Surface.CHAT_COMPLETIONS, "", changes.get("headers", {}), {}, {}),
        identity=Identity(**(start["identity"] | changes.get("identity", {}))),
        policy=Policy("support", "team", "0" * 8),
        view=view(Surface.CHAT_COMPLETIONS, document),
        route=Route(**(start["route"] | changes.get("route", {}))),
    )
    for name, value in case.get("exchange", {}).items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("case", SHARING["cases"], ids=lambda case: case["name"])
async def test_who_may_share(case: dict[str, Any]) -> None:
    kept = cache(**case.get("policy", {}))
    first = exchange(case, base=True)
    await kept.inspect(first)
    await kept.store(first, WHOLE)
    verdict = await kept.inspect(exchange(case, base=False))
    assert isinstance(verdict.action, Serve) == case["share"]


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["name"])
async def test_which_answers_are_kept(case: dict[str, Any]) -> None:
    kept = cache(tools=case.get("tools", False))
    asked = exchange({"base_request": case.get("request", {})}, base=True)
    document = copy.deepcopy(WHOLE) | case.get("answer", {})
    if "choice" in case:
        document["choices"][0] |= case["choice"]
    document = case.get("only", document)
    await kept.inspect(asked)
    assert await kept.store(asked, document) == case["kept"]
    again = exchange({"base_request": case.get("request", {})}, base=True)
    verdict = await kept.inspect(again)
    assert isinstance(verdict.action, Serve) == case["kept"]

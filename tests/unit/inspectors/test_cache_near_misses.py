"""`tests/cases/cache/near_misses.yaml`, through the models that ship and the most generous preset."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from extproc.exchange import Exchange, Identity, Request, Route
from extproc.inspectors.cache import Cache, CacheSettings
from extproc.llm.request import view
from extproc.llm.view import Surface
from extproc.models.same_answer.verifier import Asked
from extproc.policy.model import Policy
from extproc.state.entries_memory import MemoryEntries
from tests.desk import services
from tests.upstream import said

SAME = "wording alone"
CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "cache" / "near_misses.yaml").read_text()
)
PAIRS = [(kind, *pair) for kind, pairs in CASES.items() for pair in pairs]


def ask(text: str) -> Exchange:
    document = {"model": "large", "messages": [{"role": "user", "content": text}]}
    return Exchange(
        request_id="req-1",
        received_at=0.0,
        request=Request("POST", Surface.CHAT_COMPLETIONS, "", {}, {}, {}),
        identity=Identity("bot", "acme", "api_key"),
        policy=Policy("support", "team", "0" * 8),
        view=view(Surface.CHAT_COMPLETIONS, document),
        route=Route("large", "gpu-a", "large", "1"),
    )


class Sure:
    """The verifier that ships, its rules as they are; its model says yes where they have no doubt.

    So most of these pairs hold whatever its weights are.
    """

    def __init__(self) -> None:
        self.conflict = services().verifier.conflict

    def score(self, left: Asked, right: Asked) -> float:
        verifier = services().verifier
        return verifier.score(left, right) if any(verifier.doubts(left.text, right.text)) else 1.0


@pytest.mark.parametrize(("kind", "kept", "asked"), PAIRS)
@pytest.mark.parametrize("turned", [False, True])
async def test_near_misses(monkeypatch, kind: str, kept: str, asked: str, turned: bool) -> None:
    # A hit must not depend on how near the two are either: every stored question is looked at.
    settings = CacheSettings(semantic={"preset": "generous", "threshold": 0.5}, single_flight=0)
    embedder = services().embedder
    entries = MemoryEntries(time.time, embedder.dimension)
    monkeypatch.setattr("extproc.inspectors.cache.inspector.LOOKUP_S", 60)
    cache = Cache(settings, "0" * 64, embedder, entries, verifier=Sure())
    first, second = map(ask, (asked, kept) if turned else (kept, asked))
    await cache.inspect(first)
    assert await cache.store(first, said("So."))
    await cache.inspect(second)
    assert second.cache.state == ("hit-semantic" if kind == SAME else "miss")

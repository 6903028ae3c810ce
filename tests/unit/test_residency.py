"""Attacks on residency through the cache: what one pool may have must not come from another."""

from __future__ import annotations

import hashlib

import pytest
import yaml

from extproc.events import Proceed, Respond
from extproc.session import Session
from tests.desk import POLICIES, Told, body, decide, desk, rules

TEXT = "How long may a shipment of ours be late?"
ANSWER = {
    "id": "x",
    "object": "chat.completion",
    "model": "m",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "Two days."},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 3, "completion_tokens": 4},
}


@pytest.fixture
def ask(tmp_path):
    """Two callers of one tenant; what `clinic` sends is confidential whatever it says."""
    for file in POLICIES.glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text())
    keys = yaml.safe_load((POLICIES / "keys.yaml").read_text())
    digest = f"sha256:{hashlib.sha256(b'clinic').hexdigest()}"
    keys["keys"].append({"id": "clinic", "hash": digest, "caller": "clinic", "tenant": "dev"})
    (tmp_path / "keys.yaml").write_text(yaml.safe_dump(keys))
    document = yaml.safe_load((POLICIES / "default.yaml").read_text())
    document["sensitivity"]["rules"] = [{"label": "confidential", "callers": ["clinic"]}]
    document["cache"] |= {"sensitivity": "confidential"}
    (tmp_path / "default.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    told, compiled = Told(), rules(tmp_path)

    async def run(key, text=TEXT):
        """The pool it goes to, or ``cache``; what came back is offered to the cache."""
        session = Session(desk(told, compiled))
        reply = await decide(session, body(text), authorization=f"Bearer {key}")
        seen = told.begun[-1]
        if isinstance(reply, Respond):
            assert seen.cache.state.startswith("hit"), reply
            return "cache"
        assert isinstance(reply, Proceed)
        kept = await compiled.governed["default"].cache.store(seen, ANSWER)
        assert kept, "the attack needs an entry"
        return reply.set_headers["x-ai-pool"]

    return run


async def test_each_pools_answers_are_its_own(ask):
    assert await ask("dev") == "gpu-a"
    assert await ask("dev") == "cache"
    assert await ask("clinic") == "onprem", "not what gpu-a has answered"
    assert await ask("clinic") == "cache", "its own entry"


async def test_what_one_pool_answered_is_not_told_where_another_would_serve(ask):
    assert await ask("clinic", "And the other way round?") == "onprem"
    assert await ask("dev", "And the other way round?") == "gpu-a"

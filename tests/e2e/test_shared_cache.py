"""Two gateways over one Redis: what one has asked the other knows, and Redis may come and go."""

from __future__ import annotations

import contextlib
import uuid

import httpx
import openai
import pytest

from tests.e2e import gateway
from tests.e2e.audit_trail import eventually, exchanges
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    (folder / "redis").mkdir()
    with contextlib.ExitStack() as stack:
        redis = stack.enter_context(RedisServer(folder / "redis"))
        running = []
        for name in ("one", "other"):
            running.append(gateway.start(folder / name, state=redis.patient_url))
            stack.callback(running[-1].kill)
        yield redis, *running
        for each in running:
            assert each.metric("extproc_unclassified_total") == 0
            assert each.stop() == 0, each.stderr.read_text()


pytestmark = pytest.mark.xdist_group("shared-cache")


def ask(up, text: str, tenant: str) -> tuple[str, str]:
    sdk = openai.OpenAI(
        base_url=up.base_url,
        api_key="dev",
        max_retries=0,
        default_headers={"x-ai-tenant": tenant},
    )
    raw = sdk.chat.completions.with_raw_response.create(
        model="small", messages=[{"role": "user", "content": text}]
    )
    return raw.headers["x-ai-cache"], raw.parse().choices[0].message.content


def check(up) -> str:
    return httpx.get(f"{up.admin_url}/readyz").json()["checks"]["cache"]["status"]


VECTORS = "extproc_cache_index_vectors"


def indexed(redis, *ups) -> None:
    """Waits until their indexes hold what Redis holds.

    Whoever asks for a paraphrase before that gets a miss, which is stored, and hits it from then on.
    """

    def all_of_it() -> bool:
        held = len(redis.command("KEYS", "extproc:{*}:entry:*"))
        return all(up.metric(VECTORS) == held for up in ups)

    eventually(all_of_it)


def comes(up, text: str, tenant: str, state: str) -> str:
    """Asks until the answer comes that way; its content."""

    def there():
        came, content = ask(up, text, tenant)
        return content if came == state else None

    return eventually(there)


def test_the_other_gateway_serves_what_the_first_has_asked(pair):
    redis, one, other = pair
    tenant = f"tenant-{uuid.uuid4().hex[:8]}"
    _, said = ask(one, "How do I reset my password?", tenant)
    assert comes(other, "How do I reset my password?", tenant, "hit-exact") == said
    indexed(redis, other)
    assert comes(other, "What are the steps to reset my password?", tenant, "hit-semantic") == said
    assert ask(other, "How do I reset my password?", f"{tenant}-2")[0] == "miss"


def test_redis_goes_and_comes_back_without_a_restart(pair):
    redis, one, other = pair
    tenant, text = f"tenant-{uuid.uuid4().hex[:8]}", f"Describe item {uuid.uuid4()}."
    ask(one, text, tenant)
    comes(other, text, tenant, "hit-exact")
    redis.kill()
    eventually(lambda: ask(one, text, tenant)[0] == "miss" and check(one) == "degraded")
    eventually(lambda: one.metric("extproc_state_degraded") == 1)
    assert httpx.get(f"{one.admin_url}/readyz").status_code == 200
    redis.start()
    eventually(lambda: ask(one, text, tenant)[0] == "hit-exact")
    comes(other, text, tenant, "hit-exact")
    assert check(one) == check(other) == "ok"


def test_a_flush_is_an_empty_cache_and_no_more(pair):
    redis, one, other = pair
    tenant = f"tenant-{uuid.uuid4().hex[:8]}"
    ask(one, "How do I change my address?", tenant)
    comes(other, "How do I change my address?", tenant, "hit-exact")
    indexed(redis, other)
    comes(other, "What are the steps to change my address?", tenant, "hit-semantic")
    redis.command("FLUSHALL")
    eventually(lambda: one.metric(VECTORS) == other.metric(VECTORS) == 0)
    assert ask(other, "How can I change my address?", tenant)[0] == "miss"
    comes(one, "How can I change my address?", tenant, "hit-exact")
    indexed(redis, one)
    comes(one, "What are the steps to change my address?", tenant, "hit-semantic")


def test_a_full_redis_serves_what_it_holds_and_shows(pair):
    redis, one, other = pair
    tenant, text = f"tenant-{uuid.uuid4().hex[:8]}", f"Describe item {uuid.uuid4()}."
    ask(one, text, tenant)
    said = comes(other, text, tenant, "hit-exact")
    redis.command("CONFIG", "SET", "maxmemory", "1")
    try:
        later = f"Describe item {uuid.uuid4()}."

        def shown() -> bool:
            assert ask(one, later, tenant)[0] == "miss", "nothing new is kept"
            return one.metric("extproc_cache_store_full") == 1 and check(one) == "degraded"

        eventually(shown)
        assert comes(one, text, tenant, "hit-exact") == said
        assert httpx.get(f"{one.admin_url}/readyz").status_code == 200
    finally:
        redis.command("CONFIG", "SET", "maxmemory", "0")
    comes(one, later, tenant, "hit-exact")
    eventually(lambda: one.metric("extproc_cache_store_full") == 0 and check(one) == "ok")


def test_a_redis_that_does_not_answer_costs_no_answer(pair):
    """How soon it counts as away is its address's `socket_timeout`, which is long in this test."""
    redis, one, _ = pair
    tenant, text = f"tenant-{uuid.uuid4().hex[:8]}", f"Describe item {uuid.uuid4()}."
    ask(one, text, tenant)
    comes(one, text, tenant, "hit-exact")
    redis.freeze()
    try:
        states = {ask(one, text, tenant)[0] for _ in range(3)}
    finally:
        redis.thaw()
    assert states == {"miss"}

    def told() -> bool:
        mine = [entry for entry in exchanges(one.data_dir) if entry["tenant"] == tenant]
        return any(f["rule"] == "unavailable" for entry in mine for f in entry["findings"])

    eventually(told, why="the record says why it was a miss")
    comes(one, text, tenant, "hit-exact")
    eventually(lambda: check(one) == "ok")

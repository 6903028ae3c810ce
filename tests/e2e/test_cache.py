"""What the cache may never do, and what an operator may do to it, with the real SDK through Envoy."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import openai
import pytest
import yaml

from tests.e2e.audit_trail import eventually, record_of


@pytest.fixture
def tenant(up):
    """A tenant of the test's own: nothing another test does reaches its entries."""
    return f"tenant-{uuid.uuid4().hex[:8]}"


def client(up, tenant: str) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=up.base_url,
        api_key="dev",
        max_retries=0,
        default_headers={"x-ai-tenant": tenant},
    )


def ask(sdk: openai.OpenAI, text: str):
    raw = sdk.chat.completions.with_raw_response.create(
        model="small", messages=[{"role": "user", "content": text}]
    )
    return raw.headers, raw.parse().choices[0].message.content


def until(sdk: openai.OpenAI, text: str, state: str):
    """Asks until the answer comes that way."""

    def there():
        headers, content = ask(sdk, text)
        return (headers, content) if headers["x-ai-cache"] == state else None

    return eventually(there)


def purge(up, *options: str) -> str:
    command = [sys.executable, "-m", "extproc", "cache", "purge", f"--data-dir={up.data_dir}"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_tenants_answer_never_reaches_another(up, tenant):
    text = f"What is the status of shipment {uuid.uuid4()}?"
    mine = client(up, tenant)
    ask(mine, text)
    until(mine, text, "hit-exact")
    headers, _ = ask(client(up, f"{tenant}-other"), text)
    assert headers["x-ai-cache"] == "miss"


def test_the_same_question_in_other_words(up, tenant):
    """And a question that one word makes another is asked of the model."""
    sdk = client(up, tenant)
    _, first = ask(sdk, "How do I reset my password?")
    until(sdk, "How do I reset my password?", "hit-exact")
    headers, content = ask(sdk, "What are the steps to reset my password?")
    assert (headers["x-ai-cache"], content) == ("hit-semantic", first)
    assert headers["x-ai-billed"] == "false"
    record = record_of(up.data_dir, headers["x-ai-request-id"])
    saved = record["cache"]
    assert (record["cost_usd"], record["tokens"]["billed"]) == (0, False)
    assert record["tokens"]["output"] > 0, "the usage of the answer that is given again"
    assert saved["saved_usd"] > 0
    assert saved["similarity"] < 1
    for other in (
        "How do I reset your password?",
        "How do I reset my password in Norway?",
        "How do I reset my password twice?",
        "Why do I reset my password?",
        "How do I not reset my password?",
    ):
        headers, _ = ask(sdk, other)
        assert headers["x-ai-cache"] == "miss", other
    assert up.metric("extproc_cache_saved_usd_total") > 0


def test_purges_by_audit_id_and_by_tenant(up, tenant):
    sdk, texts = client(up, tenant), [f"Describe item {uuid.uuid4()}." for _ in "ab"]
    ids = [ask(sdk, text)[0]["x-ai-request-id"] for text in texts]
    for text in texts:
        until(sdk, text, "hit-exact")
    assert purge(up, f"--request-id={ids[0]}") == "1 answers removed\n"
    assert ask(sdk, texts[0])[0]["x-ai-cache"] == "miss"
    assert ask(sdk, texts[1])[0]["x-ai-cache"] == "hit-exact"
    until(sdk, texts[0], "hit-exact")
    assert purge(up, f"--tenant={tenant}") == "2 answers removed\n"
    assert [ask(sdk, text)[0]["x-ai-cache"] for text in texts] == ["miss", "miss"]


def test_a_purge_while_traffic_runs(up, tenant):
    """Every request is answered while all entries of the tenant go, again and again."""
    done, failures, states = threading.Event(), [], set()
    texts = [f"Describe part {uuid.uuid4()}." for _ in range(5)]

    def traffic() -> None:
        sdk = client(up, tenant)
        while not done.is_set():
            for text in texts:
                try:
                    states.add(ask(sdk, text)[0]["x-ai-cache"])
                except openai.OpenAIError as error:
                    failures.append(error)

    threads = [threading.Thread(target=traffic) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            for text in texts:
                until(client(up, tenant), text, "hit-exact")
            states.clear()
            purge(up, f"--tenant={tenant}")
            eventually(lambda: "miss" in states)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []


def test_an_edit_of_the_policy_makes_old_entries_unreachable(up, tenant):
    file = up.policies / f"{tenant}.yaml"

    def write(ttl: str) -> None:
        write_policy(file, tenant, {"semantic": False, "ttl": ttl})

    sdk, text = client(up, tenant), f"Name the owner of {uuid.uuid4()}."

    def policy() -> str:
        return ask(sdk, f"Probe {uuid.uuid4()}")[0]["x-ai-policy"]

    try:
        write("1h")
        before = eventually(lambda: (now := policy()).startswith(f"{tenant}@") and now)
        ask(sdk, text)
        until(sdk, text, "hit-exact")
        write("2h")
        eventually(lambda: policy() != before)
        headers, _ = ask(sdk, text)
        assert headers["x-ai-cache"] == "miss"
    finally:
        file.unlink()
        eventually(lambda: policy().startswith("default@"))


class Held:
    """Questions whose answers the pool of `small` keeps back until `release`."""

    def __init__(self, up) -> None:
        self._up = up
        self.name = uuid.uuid4().hex
        # Whom an earlier test left waiting would go in the middle of the count.
        self.until_waiting(0)

    def ask(self, sdk: openai.OpenAI, text: str, *, stream: bool = False):
        """Headers and content."""
        raw = sdk.chat.completions.with_raw_response.create(
            model="small",
            messages=[{"role": "user", "content": text}],
            stream=stream,
            extra_headers={"x-sim": f"hold={self.name}"},
        )
        answer = raw.parse()
        if stream:
            said = "".join(c.choices[0].delta.content or "" for c in answer if c.choices)
        else:
            said = answer.choices[0].message.content
        return raw.headers, said

    def until_waiting(self, number: int) -> None:
        """Until that many requests wait in the gateway for another's answer."""
        seen: set[float] = set()

        def reached() -> bool:
            seen.add(waiting := self._up.metric("extproc_cache_waiting"))
            return waiting == number

        try:
            eventually(reached)
        except AssertionError:
            raise AssertionError(f"never {number} waiting, but {sorted(seen)}") from None

    def release(self) -> None:
        page = httpx.get(f"{self._up.envoy_admin_url}/clusters?format=json").json()
        hosts = next(c for c in page["cluster_statuses"] if c["name"] == "gpu-a")["host_statuses"]
        for host in hosts:
            at = host["address"]["socket_address"]
            url = f"http://{at['address']}:{at['port_value']}/sim/release/{self.name}"
            httpx.post(url).raise_for_status()


@pytest.fixture
def patient(up, tenant):
    """The tenant's policy lets requests wait for each other as long as any may."""
    file = up.policies / f"{tenant}.yaml"
    write_policy(file, tenant, {"single_flight": "15s", "semantic": False})

    def policy() -> str:
        return ask(client(up, tenant), f"Probe {uuid.uuid4()}")[0]["x-ai-policy"]

    eventually(lambda: policy().startswith(f"{tenant}@"))
    yield tenant
    file.unlink()
    eventually(lambda: policy().startswith("default@"))


def write_policy(file, tenant: str, cache: dict[str, object]) -> None:
    document = {
        "apiVersion": "extproc/v1",
        "kind": "Policy",
        "metadata": {"name": tenant, "owner": "tests"},
        "match": {"tenants": [tenant]},
        "route": {"default": "small"},
        "cache": cache,
    }
    fresh = file.with_suffix(".tmp")
    fresh.write_text(yaml.safe_dump(document))
    fresh.rename(file)


def test_identical_concurrent_misses_ask_the_model_once(up, patient):
    """One request goes upstream, the others wait for its answer; streams among them."""
    text, clients, held = f"Explain the origin of {uuid.uuid4()}.", 12, Held(up)
    sdks = [client(up, patient) for _ in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        asked = [
            pool.submit(held.ask, sdk, text, stream=number % 3 == 0)
            for number, sdk in enumerate(sdks)
        ]
        try:
            held.until_waiting(clients - 1)
        finally:
            held.release()
        answers = [each.result() for each in asked]
    states = sorted(headers["x-ai-cache"] for headers, _ in answers)
    assert states == ["hit-exact"] * (clients - 1) + ["miss"]
    assert len({said for _, said in answers}) == 1
    records = [record_of(up.data_dir, headers["x-ai-request-id"]) for headers, _ in answers]
    assert sum(record["upstream"] is not None for record in records) == 1
    billed = [record for record in records if record["tokens"]["billed"]]
    assert len(billed) == 1
    assert all(record["cache"]["saved_usd"] > 0 for record in records if record not in billed)


def test_a_reload_in_the_middle_leaves_nobody_waiting(up, patient):
    """Followers of a request that was decided before the edit get its answer."""
    text, held = f"Describe the state of {uuid.uuid4()}.", Held(up)
    file, clients = up.policies / f"{patient}-2.yaml", 4
    sdks = [client(up, patient) for _ in range(clients)]
    reloads = up.metric("extproc_reloads_total")
    try:
        with ThreadPoolExecutor(clients) as pool:
            asked = [pool.submit(held.ask, sdk, text) for sdk in sdks]
            try:
                held.until_waiting(clients - 1)
                write_policy(file, f"{patient}-nobody", {"semantic": False})
                eventually(lambda: up.metric("extproc_reloads_total") > reloads)
                held.until_waiting(clients - 1)
            finally:
                held.release()
            states = sorted(each.result()[0]["x-ai-cache"] for each in asked)
    finally:
        edited = up.metric("extproc_reloads_total")
        file.unlink(missing_ok=True)
        eventually(lambda: up.metric("extproc_reloads_total") > edited)
    assert states == ["hit-exact"] * (clients - 1) + ["miss"]

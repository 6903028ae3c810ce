"""Attacks on residency: the only pool that may have the data is dead, and every other one is alive."""

from __future__ import annotations

import json
import shutil
import socket
import uuid

import anthropic
import httpx
import openai
import pytest

from extproc.routing.health import MIN_OUTCOMES
from tests.e2e import gateway
from tests.e2e.audit_trail import eventually, record_of

OTHERS = ("gpu-a", "gpu-b")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """`extproc up` whose `onprem` is a port that nobody listens on, and may not be taken."""
    folder = tmp_path_factory.mktemp("alone")
    policies = folder / "set"
    shutil.copytree(gateway.ROOT / "policies", policies)
    models = policies / "models.yaml"
    # Whoever asks for `private` names it, and its fallback stands elsewhere.
    text = models.read_text()
    models.write_text(
        text.replace("    pool: onprem\n", "    pool: onprem\n    fallback: [small]\n")
    )
    assert models.read_text() != text
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        dead = f"onprem=127.0.0.1:{taken.getsockname()[1]}"
        running = gateway.start(folder, "--upstream", dead, policies=policies)
        try:
            yield running
            assert running.metric("extproc_residency_violations_total") == 0
            assert running.metric("extproc_unclassified_total") == 0
        finally:
            running.kill()


def stat(up, name):
    text = httpx.get(f"{up.envoy_admin_url}/stats?filter=^{name}$").text
    return int(text.rpartition(": ")[2] or 0)


def asked_of(up, pools=OTHERS):
    """Requests that these pools have had until now."""
    return {pool: stat(up, f"cluster.{pool}.upstream_rq_total") for pool in pools}


def secret():
    return f"Write to jane.{uuid.uuid4().hex[:8]}@example.com that the shipment is late."


def ask(up, model="large", path="/chat/completions", text=None, **headers):
    field = "input" if path in ("/responses", "/embeddings") else "messages"
    said = text or secret()
    value = said if field == "input" else [{"role": "user", "content": said}]
    body = {"model": model, field: value, "max_tokens": 50}
    if path == "/embeddings":
        del body["max_tokens"]
    return httpx.post(
        up.base_url + path, json=body, headers={"authorization": "Bearer dev"} | headers, timeout=60
    )


def nowhere(answer):
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "no_compliant_model")
    return answer


@pytest.mark.parametrize("path", ["/chat/completions", "/messages", "/responses", "/embeddings"])
@pytest.mark.parametrize("model", ["large", "private", "small"])
def test_no_first_try_retry_or_fallback_goes_elsewhere(alone, path, model):
    before = asked_of(alone)
    answer = nowhere(ask(alone, model, path))
    assert answer.headers["x-ai-pool"] in ("onprem", "none")
    entry = record_of(alone.data_dir, answer.headers["x-ai-request-id"])
    assert (entry["code"], entry["sensitivity"]) == ("no_compliant_model", "confidential")
    assert entry["pool"] in ("onprem", None)
    assert entry["cost_usd"] == 0
    assert asked_of(alone) == before


def test_envoys_retries_stay_in_the_pool(alone):
    """Before the pool is known to be dead, Envoy tries it more than once, and nobody else."""
    assert stat(alone, "cluster.onprem.upstream_rq_retry") > 0


def test_the_failover_of_a_dead_pool_does_not_leave_its_residency(alone):
    before = asked_of(alone)

    def known():
        nowhere(ask(alone))
        answer = nowhere(ask(alone))
        entry = record_of(alone.data_dir, answer.headers["x-ai-request-id"])
        return "dead_pool" in {f["rule"] for f in entry["findings"]} and answer

    for _ in range(MIN_OUTCOMES):
        nowhere(ask(alone))
    answer = eventually(known)
    assert int(answer.headers["retry-after"]) > 0
    assert asked_of(alone) == before


@pytest.mark.parametrize("stream", [False, True])
def test_the_sdks_say_what_is_wrong(alone, stream):
    with openai.OpenAI(base_url=alone.base_url, api_key="dev", max_retries=0) as client:
        said = [{"role": "user", "content": secret()}]
        with pytest.raises(openai.InternalServerError) as refused:
            client.chat.completions.create(model="large", messages=said, stream=stream)
        assert refused.value.code == "no_compliant_model"
    base = alone.base_url.removesuffix("/v1")
    with anthropic.Anthropic(base_url=base, api_key="dev", max_retries=0) as client:
        with pytest.raises(anthropic.InternalServerError) as refused:
            client.messages.create(model="large", messages=said, max_tokens=9, stream=stream)
        assert refused.value.body["error"]["code"] == "no_compliant_model"


@pytest.mark.parametrize("header", ["x-ai-pool", "X-AI-Pool", "x-ai-sensitivity"])
def test_a_client_cannot_name_another_pool_or_label(alone, header):
    before = asked_of(alone)
    value = "public" if header == "x-ai-sensitivity" else "gpu-a"
    nowhere(ask(alone, **{header: value}))
    assert asked_of(alone) == before


def test_there_is_no_shadow_copy_and_no_second_cluster(alone):
    dump = httpx.get(f"{alone.envoy_admin_url}/config_dump").text
    assert "request_mirror_policies" not in dump
    assert "weighted_clusters" not in dump
    pools = [
        route["route"]["cluster"]
        for route in _routes(json.loads(dump))
        if route.get("name") == "onprem"
    ]
    assert pools == ["onprem"]


def _routes(node):
    if isinstance(node, dict):
        if "virtual_hosts" in node:
            yield from (r for host in node["virtual_hosts"] for r in host["routes"])
        for value in node.values():
            yield from _routes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _routes(value)


def test_what_is_public_is_served_all_the_while(alone):
    answer = ask(alone, "small", text=f"What is compound {uuid.uuid4()}?")
    assert (answer.status_code, answer.headers["x-ai-pool"]) == (200, "gpu-a")

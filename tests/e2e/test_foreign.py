"""Behind the gateway a server that nobody here wrote: what we assume of upstreams holds there."""

from __future__ import annotations

import asyncio
import sys
import uuid

import anthropic
import openai
import pytest

from extproc.local import children
from tests.e2e import gateway
from tests.e2e.audit_trail import eventually, record_of
from tests.ports import HOST, free_port


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """`extproc up` with every pool pointed at llm-katan, which repeats what it was sent."""
    folder = tmp_path_factory.mktemp("foreign")
    port = free_port()
    command = [sys.executable, "-m", "llm_katan.cli", "--model", "echo", "--backend", "echo"]
    command += ["--host", HOST, "--port", str(port), "--providers", "openai,anthropic"]
    command += ["--stats-file", str(folder / "stats.json")]
    with asyncio.Runner() as runner:
        katan = runner.run(children.start("llm-katan", command, log=folder / "katan.log"))
        running = None
        try:
            eventually(lambda: "startup complete" in (folder / "katan.log").read_text())
            pools = [f"--upstream={pool}={HOST}:{port}" for pool in ("gpu-a", "gpu-b", "onprem")]
            running = gateway.start(folder, *pools)
            yield running
            assert running.metric("extproc_unclassified_total") == 0
            assert running.stop() == 0
        finally:
            if running is not None:
                running.kill()
            katan.kill()
            runner.run(katan.process.wait())


def test_chat_json_stream_and_cache(foreign):
    client = openai.OpenAI(base_url=foreign.base_url, api_key="dev", max_retries=0)
    messages = [{"role": "user", "content": f"Tell me about {uuid.uuid4()}"}]
    raw = client.chat.completions.with_raw_response.create(model="small", messages=messages)
    answer = raw.parse()
    assert messages[0]["content"] in answer.choices[0].message.content
    entry = record_of(foreign.data_dir, raw.headers["x-ai-request-id"])
    assert entry["tokens"]["output"] == answer.usage.completion_tokens

    def hit():
        again = client.chat.completions.with_raw_response.create(
            model="small", messages=messages, stream=True
        )
        text = "".join(c.choices[0].delta.content or "" for c in again.parse() if c.choices)
        return text if again.headers["x-ai-cache"] == "hit-exact" else None

    assert eventually(hit) == answer.choices[0].message.content


def test_confidential_data_is_rewritten_to_the_private_model(foreign):
    client = openai.OpenAI(base_url=foreign.base_url, api_key="dev", max_retries=0)
    raw = client.chat.completions.with_raw_response.create(
        model="large", messages=[{"role": "user", "content": "Mail jane.doe@example.com"}]
    )
    assert raw.headers["x-ai-pool"] == "onprem"
    assert raw.parse().model == "private"


def test_a_streamed_answer_is_complete_and_counted(foreign):
    client = openai.OpenAI(base_url=foreign.base_url, api_key="dev", max_retries=0)
    raw = client.chat.completions.with_raw_response.create(
        model="small",
        messages=[{"role": "user", "content": f"Tell me about {uuid.uuid4()}"}],
        stream=True,
    )
    chunks = list(raw.parse())
    assert any(c.choices and c.choices[0].finish_reason == "stop" for c in chunks)
    entry = record_of(foreign.data_dir, raw.headers["x-ai-request-id"])
    assert entry["tokens"]["output"] > 0


def test_messages(foreign):
    client = anthropic.Anthropic(
        base_url=foreign.base_url.removesuffix("/v1"),
        api_key="dev",
        # The SDK sends `Authorization: Bearer`; this server wants Anthropic's own header.
        default_headers={"x-api-key": "dev"},
        max_retries=0,
    )
    text = f"Hello {uuid.uuid4()}"
    answer = client.messages.create(
        model="small", max_tokens=64, messages=[{"role": "user", "content": text}]
    )
    assert text in answer.content[0].text

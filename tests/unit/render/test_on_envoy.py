"""What the rendered configuration makes real Envoy do, before a service that follows a script."""

from __future__ import annotations

import asyncio
import json

import pytest

from extproc.render.listener import BUFFER_BYTES
from tests.unit.render.scripted import decided, immediate, stand

SECRETS = {"x-ai-pool": "gpu-a", "X-AI-Pool": "dead", "x_ai_pool": "gpu-a"}


@pytest.fixture
async def on(tmp_path):
    async with stand(tmp_path) as made:
        yield made


async def metadata(on):
    return (await on.entry())["common_properties"]["metadata"]["filter_metadata"]


async def test_a_decided_request_reaches_its_pool_and_its_outcome_comes_back(on):
    on.service.answer = lambda _: decided("gpu-a", request_id="id-1", policy="p@1", cache="miss")
    status, headers, body = await on.chat()
    assert status == 200
    assert json.loads(body)["choices"][0]["message"]["content"].startswith("[gpu-a/m]")
    assert {name: headers.get(f"x-ai-{name}") for name in ("request-id", "policy", "cache")} == {
        "request-id": "id-1",
        "policy": "p@1",
        "cache": "miss",
    }
    assert "x-ai-variant" not in headers
    entry = await on.entry()
    found = entry["common_properties"]["metadata"]["filter_metadata"]
    assert found["extproc"]["request_id"] == "id-1"
    assert found["extproc.usage"] == {"input_tokens": 1.0, "output_tokens": 11.0}
    assert entry["common_properties"]["upstream_cluster"] == "gpu-a"
    assert "request_headers" not in entry["request"]


async def test_headers_that_choose_are_kept_from_clients_and_upstreams(on):
    status, _, body = await on.chat(
        headers={**SECRETS, "x-sim": "echo=request", "accept-encoding": "gzip", "x-ai-tenant": "t"}
    )
    assert status == 200
    seen = on.service.headers[0]
    assert "x-ai-pool" not in seen
    assert "x_ai_pool" not in seen
    assert seen["x-ai-tenant"] == "t"
    arrived = json.loads(json.loads(body)["choices"][0]["message"]["content"])["headers"]
    assert "x-ai-pool" not in arrived
    assert "accept-encoding" not in arrived


@pytest.mark.parametrize("at", ["headers", "body"])
async def test_a_stream_that_ends_without_a_verdict_reaches_no_model(on, at):
    if at == "headers":
        on.service.on_headers = lambda _: None
    else:
        on.service.answer = lambda _: None
    status, headers, body = await on.chat(headers=SECRETS)
    assert (status, json.loads(body)["error"]["code"]) == (503, "inspection_unavailable")
    assert headers["content-type"] == "application/json"
    assert await on.served() == 0
    assert (await on.entry())["common_properties"]["route_name"] == "undecided"


async def test_a_pool_that_envoy_does_not_have_is_no_way_around(on):
    on.service.answer = lambda _: decided("elsewhere", request_id="id-1")
    status, _, _ = await on.chat()
    assert status == 503


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages"])
async def test_an_aborted_stream_is_503_in_the_clients_dialect(on, path):
    def fail(_):
        raise RuntimeError

    on.service.answer = fail
    status, _, body = await on.chat(path=path)
    document = json.loads(body)
    assert (status, document["error"]["code"]) == (503, "inspection_unavailable")
    assert (document.get("type") == "error") == (path == "/v1/messages")
    assert await on.served() == 0


async def test_upstream_headers_of_ours_are_replaced(on):
    on.service.answer = lambda _: decided("gpu-a", request_id="id-1", cache="miss")
    _, headers, _ = await on.chat(headers={"x-sim": "forge=1"})
    assert headers.getall("x-ai-request-id") == ["id-1"]
    assert headers.getall("x-ai-cache") == ["miss"]
    assert "x-ai-policy" not in headers
    assert "x-ai-model" not in headers


async def test_envoys_own_errors_carry_our_headers(on):
    on.service.answer = lambda _: decided("dead", request_id="id-2")
    status, headers, body = await on.chat()
    assert status == 503
    assert headers["x-ai-request-id"] == "id-2"
    error = json.loads(body)["error"]
    assert (error["code"], error["request_id"]) == ("upstream_unavailable", "id-2")
    assert (await on.entry())["common_properties"]["upstream_request_attempt_count"] > 1


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages"])
async def test_where_only_some_pools_may_serve_and_none_is_alive_envoy_says_so(on, path):
    on.service.answer = lambda _: decided("dead", request_id="id-2", residency="limited")
    status, _, body = await on.chat(path=path)
    document = json.loads(body)
    assert (status, document["error"]["code"]) == (503, "no_compliant_model")
    assert (document.get("type") == "error") == (path == "/v1/messages")
    assert await on.served() == 0


async def test_our_immediate_answers_are_left_as_they_are(on):
    on.service.answer = lambda _: immediate(403, b'{"x": 1}', "id-3")
    status, headers, body = await on.chat()
    assert (status, headers["x-ai-request-id"], body) == (403, "id-3", b'{"x": 1}')
    assert (await metadata(on))["extproc"]["request_id"] == "id-3"


@pytest.mark.parametrize(
    "path",
    ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages"],
)
async def test_usage_of_json_answers_is_counted(on, path):
    await on.chat(path=path, input="hi", prompt="hi")
    expected = {"input_tokens": 1.0, "output_tokens": 11.0}
    if path == "/v1/embeddings":
        del expected["output_tokens"]
    assert (await metadata(on))["extproc.usage"] == expected


async def test_usage_of_streams_is_counted_however_they_are_framed(on):
    framings = ["plain", "crlf", "cr", "split", "bytes", "joined", "comments", "multiline", "bare"]
    for path in ("/v1/chat/completions", "/v1/responses", "/v1/messages"):
        for framing in framings:
            if (path, framing) == ("/v1/responses", "cr"):
                continue  # Envoy waits for one more byte after the last event; docs say so
            status, _, _ = await on.chat(
                path=path,
                stream=True,
                stream_options={"include_usage": True},
                headers={"x-sim": f"framing={framing}"},
            )
            assert status == 200
            usage = (await metadata(on)).get("extproc.usage")
            assert usage == {"input_tokens": 1.0, "output_tokens": 11.0}, (path, framing)


async def raw(on, request: str) -> str:
    """The answer to bytes that no client library would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", on.port)
    writer.write(request.replace("\n", "\r\n").encode())
    try:
        async with asyncio.timeout(10):
            return (await reader.read(4096)).decode()
    finally:
        writer.close()


async def upgrade(on, headers: str) -> str:
    body = '{"model": "m"}'
    return await raw(
        on,
        f"POST /v1/chat/completions HTTP/1.1\nHost: a\n{headers}\n"
        f"content-length: {len(body)}\n\n{body}",
    )


async def test_a_websocket_upgrade_is_the_services_to_refuse(on):
    on.service.on_headers = lambda _: immediate(404, b"{}", "id-4")
    answer = await upgrade(on, "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Key: x")
    assert answer.startswith("HTTP/1.1 404")
    assert on.service.headers[0]["upgrade"] == "websocket"
    assert await on.served() == 0


async def test_any_other_upgrade_is_refused_by_envoy(on):
    answer = await upgrade(on, "Connection: Upgrade, close\nUpgrade: anything/2")
    assert answer.startswith("HTTP/1.1 403")
    assert await on.served() == 0


async def test_an_offer_of_http2_is_inspected_as_the_plain_request_it_also_is(on):
    offer = "Connection: Upgrade, HTTP2-Settings, close\nUpgrade: h2c\nHTTP2-Settings: AAMAAABk"
    answer = await upgrade(on, offer)
    assert answer.startswith("HTTP/1.1 200")
    assert "upgrade" not in on.service.headers[0]
    assert on.service.events == ["request_headers", "request_body"]


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("/v1//chat/%2e%2e/CHAT%2Fcompletions/?x=1", "/v1/CHAT/completions/?x=1"),
        ("/a\\b/../c", "/a/c"),
        ("http://b/abs", "/abs"),
    ],
)
async def test_paths_come_to_us_as_the_upstream_will_read_them(on, sent, seen):
    await raw(on, f"GET {sent} HTTP/1.1\nHost: a\nConnection: close\n\n")
    assert on.service.headers[0][":path"] == seen


async def test_methods_nobody_knows_are_inspected_too(on):
    await raw(on, "FOO /v1/models HTTP/1.1\nHost: a\nConnection: close\n\n")
    assert on.service.headers[0][":method"] == "FOO"


async def test_no_client_is_internal(on):
    await on.chat(headers={"x-envoy-upstream-rq-timeout-ms": "1", "x-envoy-retry-on": "5xx"})
    assert not [name for name in on.service.headers[0] if name.startswith("x-envoy-upstream")]
    assert "x-envoy-retry-on" not in on.service.headers[0]
    assert "x-envoy-internal" not in on.service.headers[0]


@pytest.mark.parametrize(
    ("size", "expected"), [(BUFFER_BYTES - 1024, 200), (BUFFER_BYTES + 1024, 413)]
)
async def test_bodies_are_buffered_up_to_the_limit(on, size, expected):
    frame = len(json.dumps({"model": "m", "messages": [], "x": ""}))
    status, _, body = await on.chat(messages=[], x="x" * (size - frame))
    assert status == expected
    if expected == 413:
        assert json.loads(body)["error"]["code"] == "request_too_large"
        assert await on.served() == 0


async def test_a_timeout_set_by_the_service_is_honoured(on):
    def answer(_):
        reply = decided("gpu-a", request_id="id-1")
        header = reply.request_body.response.header_mutation.set_headers.add().header
        header.key, header.raw_value = "x-envoy-upstream-rq-timeout-ms", b"50"
        return reply

    on.service.answer = answer
    status, _, body = await on.chat(headers={"x-sim": "delay=5000"})
    assert (status, json.loads(body)["error"]["code"]) == (504, "upstream_timeout")


async def test_an_answer_over_the_buffer_is_an_error_that_says_so(on):
    status, _, body = await on.chat(path="/v1/embeddings", input=["x"] * 16, dimensions=60_000)
    assert (status, json.loads(body)["error"]["code"]) == (500, "response_too_large")

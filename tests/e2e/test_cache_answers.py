"""Answers given again, as real SDKs see them, and those that never are: through Envoy."""

from __future__ import annotations

import contextlib
import http.client
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import anthropic
import httpx
import pytest

from tests.e2e.audit_trail import eventually, record_of
from tests.e2e.test_cache import Held, ask, client, purge, until, write_policy

CODE = 'def f(x):\n\tif x > 1:\r\n\t\treturn "\\n é \U0001f600 <|im_end|>"  # tab\there\n\n'


@pytest.fixture
def tenant():
    return f"tenant-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def governed(up, tenant):
    """Gives the tenant a policy of its own with this section of the cache; returns the tenant."""
    file = up.policies / f"{tenant}.yaml"

    def policy() -> str:
        return ask(client(up, tenant), f"Probe {uuid.uuid4()}")[0]["x-ai-policy"]

    def write(**cache) -> str:
        write_policy(file, tenant, cache)
        eventually(lambda: policy().startswith(f"{tenant}@"))
        return tenant

    yield write
    file.unlink(missing_ok=True)
    eventually(lambda: policy().startswith("default@"))


def chat(up, tenant: str, text: str, stream: bool, **headers: str):
    """State, headers and the whole content."""
    raw = client(up, tenant).chat.completions.with_raw_response.create(
        model="small",
        messages=[{"role": "user", "content": text}],
        stream=stream,
        extra_headers=headers,
    )
    answer = raw.parse()
    if stream:
        return raw.headers, "".join(c.choices[0].delta.content or "" for c in answer if c.choices)
    return raw.headers, answer.choices[0].message.content


def messages(up, tenant: str, text: str, stream: bool, **headers: str):
    sdk = anthropic.Anthropic(
        base_url=up.base_url.removesuffix("/v1"),
        api_key="dev",
        max_retries=0,
        default_headers={"x-ai-tenant": tenant, **headers},
    )
    asked = {"model": "small", "max_tokens": 999, "messages": [{"role": "user", "content": text}]}
    raw = sdk.messages.with_raw_response.create(**asked, stream=stream)
    answer = raw.parse()
    if not stream:
        return raw.headers, answer.content[0].text
    deltas = [e.delta for e in answer if e.type == "content_block_delta"]
    return raw.headers, "".join(delta.text for delta in deltas)


def responses(up, tenant: str, text: str, stream: bool, **headers: str):
    raw = client(up, tenant).responses.with_raw_response.create(
        model="small", input=text, stream=stream, extra_headers=headers
    )
    answer = raw.parse()
    if not stream:
        return raw.headers, answer.output_text
    deltas = [e.delta for e in answer if e.type == "response.output_text.delta"]
    return raw.headers, "".join(deltas)


DIALECTS = {"chat": chat, "messages": messages, "responses": responses}


@pytest.mark.parametrize("first", ["json", "stream"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_content_comes_again_byte_for_byte_streamed_or_not(up, tenant, dialect, first):
    """Whichever form the model was asked in, either form is served from it."""
    say, text = DIALECTS[dialect], f"Repeat {uuid.uuid4()}: {CODE}"
    headers, said = say(up, tenant, text, first == "stream")
    assert headers["x-ai-cache"] == "miss"
    assert CODE.strip() in said, "the model repeats it: tabs, carriage returns and all"
    eventually(lambda: say(up, tenant, text, False)[0]["x-ai-cache"] == "hit-exact")
    origin = headers["x-ai-request-id"]
    for stream in (False, True):
        again, content = say(up, tenant, text, stream)
        assert (again["x-ai-cache"], content) == ("hit-exact", said)
        assert (again["x-ai-billed"], again["x-ai-model"]) == ("false", "small")
        record = record_of(up.data_dir, again["x-ai-request-id"])
        assert record["cache"]["origin"] == origin
        assert (record["tokens"]["billed"], record["cost_usd"]) == (False, 0)
        fresh = record_of(up.data_dir, origin)
        assert record["tokens"]["output"] == fresh["tokens"]["output"] > 0
        assert record["cache"]["saved_usd"] == fresh["cost_usd"] > 0


INCOMPLETE = {
    "an error": (False, "status=500"),
    "an error for a stream": (True, "status=503"),
    "cut by the limit": (False, "finish=length"),
    "cut by the limit, streamed": (True, "finish=length"),
    "filtered": (True, "finish=content_filter"),
    "broken off": (True, "cut=3"),
    "without its end": (True, "unfinished=3"),
    "no connection": (False, "fail=1"),
}
SPOKEN = {"length": "max_tokens", "content_filter": "refusal"}
"""What Anthropic calls the same."""


@pytest.mark.parametrize("what", INCOMPLETE)
@pytest.mark.parametrize("dialect", ["chat", "messages"])
def test_an_answer_that_is_not_whole_is_never_given_again(up, tenant, dialect, what):
    say, text = DIALECTS[dialect], f"Describe {uuid.uuid4()}."
    stream, how = INCOMPLETE[what]
    if dialect == "messages":
        for ours, theirs in SPOKEN.items():
            how = how.replace(f"finish={ours}", f"finish={theirs}")
    raised = True
    with contextlib.suppress(Exception):  # each SDK has its own for a stream that breaks off
        say(up, tenant, text, stream, **{"x-sim": how})
        raised = False
    assert raised or "status" not in how
    # What was kept of another question by now would have been kept of this one too.
    other = f"Describe {uuid.uuid4()}."
    say(up, tenant, other, False)
    eventually(lambda: say(up, tenant, other, False)[0]["x-ai-cache"] == "hit-exact")
    headers, said = say(up, tenant, text, False)
    assert headers["x-ai-cache"] == "miss"
    assert text in said


def test_what_a_client_may_say_and_no_more(up, tenant):
    text = f"Describe {uuid.uuid4()}."
    for control in ("no-store", "max-age=0, No-Store"):
        headers, _ = chat(up, tenant, text, False, **{"cache-control": control})
        assert headers["x-ai-cache"] == "bypass"
    twice = httpx.post(
        f"{up.base_url}/chat/completions",
        json={"model": "small", "messages": [{"role": "user", "content": text}]},
        headers=[
            ("authorization", "Bearer dev"),
            ("x-ai-tenant", tenant),
            ("cache-control", "max-age=0"),
            ("cache-control", "no-store"),
        ],
    )
    assert twice.headers["x-ai-cache"] == "bypass", "the second line counts too"
    headers, _ = chat(up, tenant, text, False)
    assert headers["x-ai-cache"] == "miss", "nothing was stored"
    eventually(lambda: chat(up, tenant, text, False)[0]["x-ai-cache"] == "hit-exact")
    headers, _ = chat(up, tenant, text, False, **{"cache-control": "no-store"})
    assert headers["x-ai-cache"] == "bypass", "nor is anything read"
    headers, _ = chat(up, tenant, text, False, **{"cache-control": "no-cache"})
    assert headers["x-ai-cache"] == "bypass"
    fresh = headers["x-ai-request-id"]

    def renewed():
        again, _ = chat(up, tenant, text, False)
        return record_of(up.data_dir, again["x-ai-request-id"])["cache"]["origin"] == fresh

    eventually(renewed)


def test_a_purge_by_the_id_of_a_hit_and_by_model(up, tenant):
    """Who was told something wrong knows the id of the answer they got, which may be a hit's."""
    sdk, text = client(up, tenant), f"Describe {uuid.uuid4()}."
    origin = ask(sdk, text)[0]["x-ai-request-id"]
    hit = eventually(
        lambda: (h := ask(sdk, text)[0])["x-ai-cache"] == "hit-exact" and h["x-ai-request-id"]
    )
    record_of(up.data_dir, hit)
    told = purge(up, f"--request-id={hit}", f"--tenant={tenant}-other")
    assert told == f"0 answers removed: {hit} was given the answer of {origin}\n"
    told = purge(up, f"--request-id={hit}")
    assert told == f"1 answers removed: {hit} was given the answer of {origin}\n"
    assert ask(sdk, text)[0]["x-ai-cache"] == "miss"
    eventually(lambda: ask(sdk, text)[0]["x-ai-cache"] == "hit-exact")
    for other in ("small@0.0.1", "large"):
        assert purge(up, f"--tenant={tenant}", f"--model={other}") == "0 answers removed\n"
    assert purge(up, f"--tenant={tenant}", "--model=small@1.4.2") == "1 answers removed\n"
    assert ask(sdk, text)[0]["x-ai-cache"] == "miss"
    assert purge(up, "--request-id=req_nobody") == "0 answers removed\n"


def test_the_arms_of_an_experiment_never_share(up, tenant):
    """Each user gets the answer of their own arm, from the model or from memory."""
    sdk, text = client(up, tenant), f"Describe {uuid.uuid4()}."
    said: dict[str, set[str]] = {}
    states = set()

    def ask_as(user: str) -> None:
        raw = sdk.chat.completions.with_raw_response.create(
            model="large", messages=[{"role": "user", "content": text}], user=user
        )
        record = record_of(up.data_dir, raw.headers["x-ai-request-id"])
        states.add((raw.headers["x-ai-variant"], raw.headers["x-ai-cache"]))
        origin = record["cache"]["origin"] or raw.headers["x-ai-request-id"]
        said.setdefault(raw.headers["x-ai-variant"], set()).add(origin)

    wanted = {(arm, state) for arm in ("large", "large-v2") for state in ("miss", "hit-exact")}
    users = iter(range(2000))
    eventually(lambda: ask_as(f"user-{next(users)}") or wanted <= states)
    arms = list(said.values())
    assert len(arms) == 2
    assert not arms[0] & arms[1]


def until_asked(up, number: int) -> None:
    """Until so many requests are with the pool of `small`."""

    eventually(lambda: active(up) == number)


def active(up) -> int:
    page = httpx.get(f"{up.envoy_admin_url}/stats?filter=^cluster.gpu-a.upstream_rq_active$").text
    return int(page.rpartition(": ")[2])


@pytest.mark.parametrize("how", ["fails", "leaves"])
def test_a_leader_that_gets_no_answer_frees_who_waits(up, governed, how):
    """One of them asks in its place, the others get that answer."""
    tenant = governed(single_flight="15s", semantic=False)
    text, held, followers = f"Describe {uuid.uuid4()}.", Held(up), 4
    until_asked(up, 0)
    leader = http.client.HTTPConnection("127.0.0.1", up.ports["--port"], timeout=60)
    leader.request(
        "POST",
        "/v1/chat/completions",
        json.dumps({"model": "small", "messages": [{"role": "user", "content": text}]}),
        {
            "authorization": "Bearer dev",
            "content-type": "application/json",
            "x-ai-tenant": tenant,
            "x-sim": f"hold={held.name} status=500",
        },
    )
    try:
        until_asked(up, 1)
        with ThreadPoolExecutor(followers) as pool:
            asked = [pool.submit(chat, up, tenant, text, n % 2 == 0) for n in range(followers)]
            held.until_waiting(followers)
            if how == "fails":
                held.release()
                assert leader.getresponse().status == 500
            else:
                leader.close()
            states = sorted(each.result()[0]["x-ai-cache"] for each in asked)
    finally:
        held.release()
        leader.close()
    assert states == ["hit-exact"] * (followers - 1) + ["miss"]


def test_a_stale_answer_is_served_while_one_request_asks_anew(up, governed):
    tenant = governed(ttl=1, jitter=0, stale="1h", single_flight=0, semantic=False)
    text, held, sdk = f"Describe {uuid.uuid4()}.", Held(up), client(up, tenant)
    ask(sdk, text)
    until(sdk, text, "hit-exact")
    until_asked(up, 0)
    with ThreadPoolExecutor(1) as pool:

        def renews():
            """Asks until the answer is stale: then the request is with the model, and stays there."""
            asked = pool.submit(held.ask, sdk, text)
            eventually(lambda: asked.done() or active(up) == 1)
            return None if asked.done() else asked

        renewing = eventually(renews)
        try:
            served = [ask(sdk, text)[0] for _ in range(3)]
        finally:
            held.release()
        fresh = renewing.result()[0]
    assert fresh["x-ai-cache"] == "miss"
    assert [each["x-ai-cache"] for each in served] == ["hit-exact"] * 3
    for each in served:
        origin = record_of(up.data_dir, each["x-ai-request-id"])["cache"]["origin"]
        assert origin != fresh["x-ai-request-id"]


def test_nothing_is_kept_before_the_second_sighting_where_the_policy_says_so(up, governed):
    tenant = governed(admit="second", semantic=False)
    sdk, text = client(up, tenant), f"Describe {uuid.uuid4()}."
    first = ask(sdk, text)[0]
    record_of(up.data_dir, first["x-ai-request-id"])
    second = ask(sdk, text)[0]
    assert (first["x-ai-cache"], second["x-ai-cache"]) == ("miss", "miss")
    hit = eventually(lambda: (h := ask(sdk, text)[0])["x-ai-cache"] == "hit-exact" and h)
    origin = record_of(up.data_dir, hit["x-ai-request-id"])["cache"]["origin"]
    assert origin != first["x-ai-request-id"]

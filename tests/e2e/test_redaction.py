"""Values that must not leave, and answers that must not arrive: real SDKs through a real Envoy."""

from __future__ import annotations

import json
import re
import uuid

import anthropic
import httpx
import openai
import pytest

from tests.e2e.audit_trail import eventually, record_of
from tests.e2e.test_operations import extra_policy, policy  # noqa: F401 -- a fixture

EMAIL, PHONE, CARD = "jane.doe@example.com", "+44 20 7946 0958", "4111 1111 1111 1111"
TEXT = f"Write to {EMAIL} or call {PHONE}, and charge my card {CARD}. Again: {EMAIL}."
ENTITIES = ["EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD"]
SCHEMA = {"type": "object", "properties": {"to": {"type": "string"}}, "required": ["to"]}


@pytest.fixture
def tenant(up, extra_policy):  # noqa: F811
    """Adds a policy with these sections for a tenant of its own."""

    def add(**sections) -> str:
        name = f"t{uuid.uuid4().hex[:8]}"
        extra_policy(policy(name, **sections), name)

        def there():
            body = {"model": "small", "messages": [{"role": "user", "content": f"Q {name}"}]}
            headers = {"authorization": "Bearer dev", "x-ai-tenant": name, "x-sim": "tokens=1"}
            answer = httpx.post(f"{up.base_url}/chat/completions", json=body, headers=headers)
            return answer.headers["x-ai-policy"].startswith(name)

        eventually(there)
        return name

    return add


@pytest.fixture
def chat(up):
    with openai.OpenAI(base_url=up.base_url, api_key="dev", max_retries=0) as client:
        yield client


@pytest.fixture
def claude(up):
    base = up.base_url.removesuffix("/v1")
    with anthropic.Anthropic(base_url=base, api_key="dev", max_retries=0) as client:
        yield client


def of(tenant, **sim):
    said = " ".join(f"{key}={value}" for key, value in sim.items())
    return {"x-ai-tenant": tenant} | ({"x-sim": said} if sim else {})


def redacting(restore=True, **more):
    return {"sensitivity": {"redact": {"entities": ENTITIES, "restore": restore, **more}}}


def ask_chat(client, headers, text=TEXT, **more):
    return client.chat.completions.create(
        model="small", messages=[{"role": "user", "content": text}], extra_headers=headers, **more
    )


def text_of(client, surface, headers, text, *, stream):
    """The answer's text, through the SDK of the surface."""
    if surface == "messages":
        asked = {
            "model": "small",
            "max_tokens": 500,
            "messages": [{"role": "user", "content": text}],
        }
        if not stream:
            return client.messages.create(**asked, extra_headers=headers).content[0].text
        with client.messages.stream(**asked, extra_headers=headers) as events:
            return "".join(events.text_stream)
    if surface == "responses":
        if not stream:
            return client.responses.create(
                model="small", input=text, extra_headers=headers
            ).output_text
        events = list(
            client.responses.create(model="small", input=text, stream=True, extra_headers=headers)
        )
        said = "".join(e.delta for e in events if e.type == "response.output_text.delta")
        assert events[-1].type == "response.completed"
        assert events[-1].response.output_text == said
        numbers = [e.sequence_number for e in events]
        assert numbers == sorted(set(numbers))
        return said
    if not stream:
        return ask_chat(client, headers, text).choices[0].message.content
    return "".join(
        c.choices[0].delta.content or "" for c in ask_chat(client, headers, text, stream=True)
    )


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("surface", ["chat", "messages", "responses"])
def test_values_stay_here_and_come_back(up, tenant, chat, claude, surface, stream):
    client = claude if surface == "messages" else chat
    name = tenant(**redacting())
    answer = text_of(client, surface, of(name), TEXT, stream=stream)
    assert answer == f"[gpu-a/small] You said: {TEXT}"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("surface", ["chat", "messages", "responses"])
def test_no_value_reaches_the_model(up, tenant, chat, claude, surface, stream):
    client = claude if surface == "messages" else chat
    name = tenant(**redacting(restore=False, note=True))
    echo = text_of(client, surface, of(name, echo="request"), TEXT, stream=stream)
    assert "Again: <EMAIL_ADDRESS_" in echo
    assert "in angle brackets" in echo
    for value in (EMAIL, PHONE, CARD, "4111", "jane"):
        assert value not in echo


def test_no_value_reaches_the_model_from_anywhere_in_a_request(up, tenant, chat):
    name = tenant(**redacting(restore=False))
    body = {
        "model": "small",
        "user": EMAIL,
        "metadata": {"note": f"card {CARD}"},
        "messages": [
            {"role": "system", "content": f"You help {EMAIL}."},
            {"role": "user", "content": [{"type": "text", "text": TEXT}]},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "c1",
                        "type": "function",
                        "function": {"name": "mail", "arguments": json.dumps({"to": EMAIL})},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "c1", "content": f"sent to {EMAIL}, {PHONE}"},
            {"role": "user", "content": "Thanks"},
        ],
    }
    headers = {"authorization": "Bearer dev", **of(name, echo="request")}
    answer = httpx.post(f"{up.base_url}/chat/completions", json=body, headers=headers, timeout=60)
    echo = answer.json()["choices"][0]["message"]["content"]
    for value in (EMAIL, PHONE, CARD):
        assert value not in answer.text
    arrived = json.loads(echo)["body"]
    arguments = arrived["messages"][2]["tool_calls"][0]["function"]["arguments"]
    placeholder = json.loads(arguments)["to"]
    assert placeholder == arrived["user"]
    assert f"sent to {placeholder}" in arrived["messages"][3]["content"]
    entry = record_of(up.data_dir, answer.headers["x-ai-request-id"])
    assert entry["action"] == "redact"
    assert entry["cache"]["state"] == "bypass"
    assert EMAIL not in json.dumps(entry)


@pytest.mark.parametrize("stream", [False, True])
def test_every_choice_carries_the_values(up, tenant, chat, stream):
    answer = ask_chat(chat, of(tenant(**redacting())), n=2, stream=stream)
    said = ["", ""]
    if stream:
        for choice in (choice for chunk in answer for choice in chunk.choices):
            said[choice.index] += choice.delta.content or ""
    else:
        for choice in answer.choices:
            said[choice.index] = choice.message.content
    assert said == [f"[gpu-a/small] You said: {TEXT}"] * 2


def test_a_conversation_reads_the_same_in_every_turn(up, tenant, chat):
    """The first turn's answer, with its values, comes back as history and gets the same names."""
    name = tenant(**redacting())
    headers = of(name)
    first = ask_chat(chat, headers).choices[0].message.content
    turns = [
        {"role": "user", "content": TEXT},
        {"role": "assistant", "content": first},
        {"role": "user", "content": f"Is {EMAIL} right?"},
    ]
    quiet = tenant(**redacting(restore=False))

    def placeholders(messages):
        echo = chat.chat.completions.create(
            model="small", messages=messages, extra_headers=of(quiet, echo="request")
        )
        arrived = json.loads(echo.choices[0].message.content)["body"]["messages"]
        return re.findall("<EMAIL_ADDRESS_[A-Z0-9]{6}>", json.dumps(arrived))

    assert len(set(placeholders(turns))) == 1
    assert set(placeholders(turns)) == set(placeholders(turns[:1]))


@pytest.mark.parametrize("stream", [False, True])
def test_no_value_stays_behind(up, tenant, chat, stream):
    """Neither in the audit, nor in a log, nor in anything else that is kept on disk."""
    email = f"jane.{uuid.uuid4().hex[:10]}@example.com"
    name = tenant(**redacting())
    raw = httpx.post(
        f"{up.base_url}/chat/completions",
        json={
            "model": "small",
            "stream": stream,
            "messages": [{"role": "user", "content": f"Write to {email}."}],
        },
        headers={"authorization": "Bearer dev", **of(name)},
        timeout=60,
    )
    assert raw.status_code == 200
    record_of(up.data_dir, raw.headers["x-ai-request-id"])
    kept = [up.stderr, *(file for file in up.data_dir.rglob("*") if file.is_file())]
    assert any(file.suffix == ".jsonl" for file in kept)
    for file in kept:
        assert email.encode() not in file.read_bytes(), file
        assert email.split("@")[0].encode() not in file.read_bytes(), file


@pytest.mark.parametrize("framing", ["crlf", "cr", "split", "bytes", "joined", "multiline", "bare"])
def test_values_come_back_however_the_stream_is_cut(up, tenant, chat, framing):
    name = tenant(**redacting())
    headers = of(name, framing=framing)
    answer = text_of(chat, "chat", headers, TEXT, stream=True)
    assert answer == f"[gpu-a/small] You said: {TEXT}"


@pytest.mark.parametrize("stream", [False, True])
def test_calls_of_tools_carry_the_values_openai(up, tenant, chat, stream):
    name = tenant(**redacting())
    tool = {"type": "function", "function": {"name": "mail", "parameters": SCHEMA}}
    asked = {"tools": [tool], "tool_choice": "required", "stream": stream}
    answer = ask_chat(chat, of(name), **asked)
    if stream:
        deltas = [c.choices[0].delta for c in answer if c.choices]
        calls = [call for delta in deltas for call in delta.tool_calls or ()]
        arguments = "".join(call.function.arguments or "" for call in calls)
    else:
        arguments = answer.choices[0].message.tool_calls[0].function.arguments
    assert json.loads(arguments) == {"to": TEXT}


@pytest.mark.parametrize("stream", [False, True])
def test_calls_of_tools_carry_the_values_anthropic(up, tenant, claude, stream):
    name = tenant(**redacting())
    asked = {
        "model": "small",
        "max_tokens": 500,
        "messages": [{"role": "user", "content": TEXT}],
        "tools": [{"name": "mail", "input_schema": SCHEMA}],
        "tool_choice": {"type": "any"},
        "extra_headers": of(name),
    }
    if stream:
        with claude.messages.stream(**asked) as events:
            message = events.get_final_message()
    else:
        message = claude.messages.create(**asked)
    assert next(b for b in message.content if b.type == "tool_use").input == {"to": TEXT}


def guarding(**output):
    # What the simulator repeats has to get to it.
    return {"sensitivity": {"mode": "monitor"}, "injection": {"mode": "off"}, "output": output}


def test_a_blocked_answer_is_403_and_recorded_with_what_the_model_said_it_cost(up, tenant, chat):
    name = tenant(**guarding(sensitive="block"))
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask_chat(chat, of(name))
    assert refused.value.code == "sensitive_data"
    assert CARD not in refused.value.response.text
    assert refused.value.response.headers["x-ai-pool"] == "gpu-a"
    entry = record_of(up.data_dir, refused.value.response.headers["x-ai-request-id"])
    assert (entry["action"], entry["code"]) == ("block", "sensitive_data")
    assert entry["upstream"]["status"] == 200
    assert entry["tokens"]["output"] > 0
    assert entry["cost_usd"] > 0


def test_a_blocked_answer_is_403_in_anthropics_words(up, tenant, claude):
    name = tenant(**guarding(content="block"))
    with pytest.raises(anthropic.PermissionDeniedError) as refused:
        text_of(claude, "messages", of(name), TEXT, stream=False)
    assert refused.value.body["error"]["code"] == "sensitive_data"


@pytest.mark.parametrize("surface", ["chat", "messages", "responses"])
def test_a_block_in_mid_stream_is_an_error_the_sdk_raises(up, tenant, chat, claude, surface):
    client = claude if surface == "messages" else chat
    name = tenant(**guarding(sensitive="block"))
    text = f"{TEXT} {'And so on. ' * 40}"
    error = anthropic.APIStatusError if surface == "messages" else openai.APIError
    with pytest.raises(error) as refused:
        text_of(client, surface, of(name), text, stream=True)
    assert "sensitive" in str(refused.value)


def test_a_block_in_mid_stream_is_a_proper_end_and_one_record(up, tenant):
    name = tenant(**guarding(sensitive="block"))
    body = {"model": "small", "stream": True}
    body["messages"] = [{"role": "user", "content": f"{TEXT} {'And so on. ' * 40}"}]
    headers = {"authorization": "Bearer dev", **of(name, framing="split")}
    answer = httpx.post(f"{up.base_url}/chat/completions", json=body, headers=headers, timeout=60)
    assert answer.status_code == 200
    assert answer.text.startswith("data: ")
    assert answer.text.endswith("data: [DONE]\n\n")
    assert EMAIL not in answer.text
    assert "And so on" not in answer.text
    entry = record_of(up.data_dir, answer.headers["x-ai-request-id"])
    assert (entry["action"], entry["code"]) == ("block", "sensitive_data")
    assert {f["rule"] for f in entry["findings"] if f["inspector"] == "output"} == {"EMAIL_ADDRESS"}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("surface", ["chat", "messages", "responses"])
def test_an_answer_is_redacted(up, tenant, chat, claude, surface, stream):
    client = claude if surface == "messages" else chat
    name = tenant(**guarding(sensitive="redact"))
    answer = text_of(client, surface, of(name), TEXT, stream=stream)
    assert "Again: <EMAIL_ADDRESS>." in answer
    for value in (EMAIL, PHONE, CARD):
        assert value not in answer


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_must_have_the_form_the_policy_demands(up, tenant, chat, stream):
    schemas = up.policies / "schemas"
    schemas.mkdir(exist_ok=True)
    (schemas / "answer.json").write_text(json.dumps(SCHEMA))
    name = tenant(output={"json_schema": "schemas/answer.json"})
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": SCHEMA}}

    def said(**more):
        answer = ask_chat(chat, of(name), "Say it", stream=stream, **more)
        if not stream:
            return answer.choices[0].message.content
        return "".join(c.choices[0].delta.content or "" for c in answer)

    assert json.loads(said(response_format=wanted)) == {"to": "Say it"}
    with pytest.raises(openai.APIError, match="form"):
        said()


RETRYING = {"json_schema": {"type": "object", "required": ["body"]}, "retry": "client"}
"""What `echo=request` gives and a plain answer does not."""


class Learning:
    """Changes what the simulated model does when the SDK comes again, and notes the tries."""

    def __init__(self, tenant, last):
        self._headers, self.ids = of(tenant, **last), []

    def request(self, request):
        if request.headers["x-stainless-retry-count"] != "0":
            request.headers.update(self._headers)

    def response(self, response):
        self.ids.append(response.headers["x-ai-request-id"])


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
@pytest.mark.parametrize("learns", [True, False])
def test_a_misfit_answer_is_asked_for_once_more_by_the_sdk(up, tenant, dialect, stream, learns):
    name = tenant(output=RETRYING, cache={"mode": "off"})
    hook = Learning(name, {"echo": "request"} if learns else {})
    sdk = openai if dialect == "openai" else anthropic
    hooks = {"request": [hook.request], "response": [hook.response]}
    http = sdk.DefaultHttpxClient(event_hooks=hooks)
    if dialect == "openai":
        client, surface = (
            openai.OpenAI(base_url=up.base_url, api_key="dev", http_client=http),
            "chat",
        )
    else:
        base = up.base_url.removesuffix("/v1")
        client, surface = (
            anthropic.Anthropic(base_url=base, api_key="dev", http_client=http),
            "messages",
        )
    question = f"Question {uuid.uuid4()}"
    with client:
        if learns:
            said = text_of(client, surface, of(name), question, stream=stream)
            assert question in json.dumps(json.loads(said)["body"])
        else:
            with pytest.raises(sdk.PermissionDeniedError) as refused:
                text_of(client, surface, of(name), question, stream=stream)
            assert refused.value.response.headers["x-should-retry"] == "false"
    assert len(hook.ids) == 2, "once more, whatever the SDK would do by itself"
    first, second = (record_of(up.data_dir, one) for one in hook.ids)
    rules = [f["rule"] for f in first["findings"] if f["inspector"] == "output"]
    assert rules == ["json_schema", "retry_asked"]
    assert (first["action"], first["code"]) == ("block", "content_policy")
    assert (second["action"] == "block") is not learns
    for entry in (first, second):
        assert entry["upstream"]["status"] == 200
        assert entry["tokens"]["output"] > 0
        assert entry["cost_usd"] > 0


def test_an_answer_that_cannot_be_read_does_not_pass_the_guard(up, tenant, chat):
    name = tenant(**guarding(sensitive="redact"))
    with pytest.raises(openai.InternalServerError) as refused:
        ask_chat(chat, of(name, gzip=1))
    assert refused.value.status_code == 503
    assert refused.value.code == "inspection_unavailable"
    entry = record_of(up.data_dir, refused.value.response.headers["x-ai-request-id"])
    assert entry["code"] == "inspection_unavailable"
    assert entry["upstream"]["status"] == 200


AWKWARD = {
    "note": f'line\n{EMAIL}\t"{EMAIL}" \\ é',
    "card": 4111111111111111,
    "user": {"ssn": "536904399", "password": "Tr0ub4dor&3x"},
}
"""Escapes beside values, a bare number, values that their names alone give away."""
HIDDEN = ("jane", "4111", "536904399", "Tr0ub4dor")
ALL = {"redact": {"entities": [*ENTITIES, "US_SSN", "SECRET"], "restore": False}}


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_no_value_reaches_the_model_in_the_arguments_of_a_call(up, tenant, chat, claude, dialect):
    headers = of(tenant(sensitivity=ALL), echo="request")
    if dialect == "openai":
        function = {"name": "f", "arguments": json.dumps(AWKWARD, ensure_ascii=False)}
        call = {"id": "c1", "type": "function", "function": function}
        turns = [
            {"role": "user", "content": "Go on"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": json.dumps(AWKWARD)},
        ]
        asked = {"model": "small", "messages": turns, "extra_headers": headers}
        echo = chat.chat.completions.create(**asked).choices[0].message.content
        arrived = json.loads(echo)["body"]["messages"]
        arguments = json.loads(arrived[1]["tool_calls"][0]["function"]["arguments"])
    else:
        turns = [
            {"role": "user", "content": "Go on"},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "t1", "name": "f", "input": AWKWARD}],
            },
            {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "t1", "content": json.dumps(AWKWARD)}
                ],
            },
        ]
        asked = {"model": "small", "max_tokens": 5000, "messages": turns, "extra_headers": headers}
        echo = claude.messages.create(**asked).content[0].text
        arrived = json.loads(echo)["body"]["messages"]
        arguments = arrived[1]["content"][0]["input"]
    assert not [value for value in HIDDEN if value in echo]
    email = arguments["note"].split()[1]
    assert re.fullmatch("<EMAIL_ADDRESS_[A-Z0-9]{6}>", email)
    assert arguments["note"] == f'line\n{email}\t"{email}" \\ é', "nothing but the value"
    assert arguments["card"].startswith("<CREDIT_CARD_")
    assert arguments["user"]["ssn"].startswith("<US_SSN_")
    assert arguments["user"]["password"].startswith("<SECRET_")
    assert email in json.dumps(arrived[2]), "one value, one placeholder"

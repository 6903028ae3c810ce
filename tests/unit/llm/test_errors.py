import json

import anthropic
import httpx2
import openai
import pytest

from extproc.llm.errors import dialect_of_path, error_body, error_event
from extproc.llm.view import Dialect, Surface
from extproc.verdict import STATUS, Code, Refuse

REFUSE = Refuse(Code.CONTENT_POLICY, "stopped by rule x", param="messages")


def answering(status: int, body: bytes, content_type: str) -> httpx2.Client:
    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers={"content-type": content_type}, content=body)

    return httpx2.Client(transport=httpx2.MockTransport(answer))


def openai_client(
    status: int, body: bytes, content_type: str = "application/json"
) -> openai.OpenAI:
    http = answering(status, body, content_type)
    return openai.OpenAI(api_key="k", base_url="http://x/v1", max_retries=0, http_client=http)


def anthropic_client(
    status: int, body: bytes, content_type: str = "application/json"
) -> anthropic.Anthropic:
    http = answering(status, body, content_type)
    return anthropic.Anthropic(api_key="k", base_url="http://x", max_retries=0, http_client=http)


def test_openai_shape() -> None:
    assert json.loads(error_body(Dialect.OPENAI, REFUSE, "req_1")) == {
        "error": {
            "message": "stopped by rule x",
            "type": "permission_error",
            "param": "messages",
            "code": "content_policy",
            "request_id": "req_1",
        }
    }


def test_anthropic_shape() -> None:
    assert json.loads(error_body(Dialect.ANTHROPIC, REFUSE, "req_1")) == {
        "type": "error",
        "error": {
            "type": "permission_error",
            "message": "stopped by rule x",
            "code": "content_policy",
        },
        "request_id": "req_1",
    }


@pytest.mark.parametrize(
    ("code", "openai_type", "anthropic_type"),
    [
        (Code.INVALID_REQUEST, "invalid_request_error", "invalid_request_error"),
        (Code.UNAUTHENTICATED, "authentication_error", "authentication_error"),
        (Code.PROMPT_INJECTION, "permission_error", "permission_error"),
        (Code.MODEL_NOT_FOUND, "not_found_error", "not_found_error"),
        (Code.REQUEST_TOO_LARGE, "invalid_request_error", "request_too_large"),
        (Code.UNSUPPORTED_ENCODING, "invalid_request_error", "invalid_request_error"),
        (Code.BUDGET_EXCEEDED, "rate_limit_error", "rate_limit_error"),
        (Code.OVERLOADED, "server_error", "overloaded_error"),
        (Code.NO_COMPLIANT_MODEL, "server_error", "api_error"),
    ],
)
def test_types_follow_the_status(code: Code, openai_type: str, anthropic_type: str) -> None:
    refuse = Refuse(code, "x")
    assert json.loads(error_body(Dialect.OPENAI, refuse, "r"))["error"]["type"] == openai_type
    assert json.loads(error_body(Dialect.ANTHROPIC, refuse, "r"))["error"]["type"] == anthropic_type


@pytest.mark.parametrize("code", Code)
def test_the_sdks_read_every_code(code: Code) -> None:
    refuse = Refuse(code, "named rule")
    with pytest.raises(openai.APIStatusError) as theirs:
        openai_client(STATUS[code], error_body(Dialect.OPENAI, refuse, "r")).models.list()
    assert theirs.value.code == code
    with pytest.raises(anthropic.APIStatusError) as other:
        anthropic_client(STATUS[code], error_body(Dialect.ANTHROPIC, refuse, "r")).models.list()
    assert other.value.body == json.loads(error_body(Dialect.ANTHROPIC, refuse, "r"))


def test_a_chat_stream_ends_with_an_error_the_sdk_raises() -> None:
    body = error_event(Surface.CHAT_COMPLETIONS, REFUSE, "r")
    assert body.endswith(b"data: [DONE]\n\n")
    client = openai_client(200, body, "text/event-stream")
    with pytest.raises(openai.APIError, match="stopped by rule x"):
        list(client.chat.completions.create(model="m", messages=[], stream=True))


def test_a_responses_stream_ends_with_an_error_the_sdk_raises() -> None:
    body = error_event(Surface.RESPONSES, REFUSE, "r", sequence_number=7)
    event = json.loads(body.partition(b"data: ")[2])
    assert (event["type"], event["sequence_number"], event["code"]) == (
        "error",
        7,
        "content_policy",
    )
    client = openai_client(200, body, "text/event-stream")
    with pytest.raises(openai.APIError, match="stopped by rule x"):
        list(client.responses.create(model="m", input="x", stream=True))


def test_a_messages_stream_ends_with_an_error_the_sdk_raises() -> None:
    body = error_event(Surface.MESSAGES, REFUSE, "r")
    assert body.startswith(b"event: error\ndata: ")
    client = anthropic_client(200, body, "text/event-stream")
    with pytest.raises(anthropic.APIStatusError, match="stopped by rule x"):
        list(client.messages.create(model="m", max_tokens=1, messages=[], stream=True))


@pytest.mark.parametrize(
    ("path", "headers", "dialect"),
    [
        ("/v1/messages", {}, Dialect.ANTHROPIC),
        ("/v1/messages/batches?x", {}, Dialect.ANTHROPIC),
        ("//V1/%6dessages/count_tokens", {}, Dialect.ANTHROPIC),
        ("/v1/messages%00", {}, Dialect.OPENAI),
        ("/v1/messagesx", {}, Dialect.OPENAI),
        ("/v1/chat/completions", {"anthropic-version": "2023-06-01"}, Dialect.OPENAI),
        ("/v1/models", {"anthropic-version": "2023-06-01"}, Dialect.ANTHROPIC),
        ("/v1/models", {}, Dialect.OPENAI),
        ("*", None, Dialect.OPENAI),
    ],
)
def test_dialect_of_a_path(path: str, headers: dict[str, str] | None, dialect: Dialect) -> None:
    assert dialect_of_path(path, headers) is dialect

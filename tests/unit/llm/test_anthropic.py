from typing import Any

import pytest

from extproc.llm.request import view
from extproc.llm.view import ChatView, Surface
from extproc.verdict import Refusal

HELLO = {"role": "user", "content": "hello"}


def read(*messages: Any, **fields: Any) -> ChatView:
    document = {"model": "m", "max_tokens": 5, "messages": list(messages) or [HELLO], **fields}
    return view(Surface.MESSAGES, document)


def said(seen: ChatView) -> list[tuple[str, str, str]]:
    return [(span.path, span.channel.value, span.text) for span in seen.spans]


def missed(seen: ChatView) -> list[tuple[str, str, str]]:
    return [(unread.kind.value, unread.what, unread.path) for unread in seen.unread]


def block(value: dict[str, Any]) -> ChatView:
    return read({"role": "user", "content": [value]})


def test_system_as_string_and_blocks() -> None:
    assert said(read(system="a"))[1:] == [("$.system", "system", "a")]
    blocks = [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]
    assert said(read(system=blocks))[1:] == [("$.system[0].text", "system", "a")]


def test_a_tool_call_is_read_with_its_keys() -> None:
    call = {"type": "tool_use", "id": "toolu_1", "name": "a", "input": {"b": {"c": ["d"]}, "e": 5}}
    assert said(read({"role": "assistant", "content": [call]})) == [
        ("$.messages[0].content[0].name", "tool_call", "a"),
        ("$.messages[0].content[0].input", "tool_call", "b\ne"),
        ("$.messages[0].content[0].input.b", "tool_call", "c"),
        ("$.messages[0].content[0].input.b.c[0]", "tool_call", "d"),
    ]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ("a", ["a"]),
        ([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], ["a", "b"]),
        ([{"type": "search_result", "source": "a", "title": "b", "content": []}], ["a", "b"]),
    ],
)
def test_tool_results(content: object, texts: list[str]) -> None:
    seen = block({"type": "tool_result", "tool_use_id": "toolu_1", "content": content})
    assert [span.text for span in seen.spans] == texts
    assert {span.channel.value for span in seen.spans} <= {"tool_result", "document"}


@pytest.mark.parametrize(
    ("value", "channel", "texts"),
    [
        (
            {
                "type": "document",
                "title": "a",
                "context": "b",
                "source": {"type": "text", "media_type": "text/plain", "data": "c"},
            },
            "document",
            ["a", "b", "c"],
        ),
        (
            {
                "type": "document",
                "source": {"type": "content", "content": [{"type": "text", "text": "a"}]},
            },
            "document",
            ["a"],
        ),
        ({"type": "document", "source": {"type": "content", "content": "a"}}, "document", ["a"]),
        (
            {
                "type": "search_result",
                "source": "a",
                "title": "b",
                "content": [{"type": "text", "text": "c"}],
            },
            "document",
            ["a", "b", "c"],
        ),
        ({"type": "thinking", "thinking": "a", "signature": "c2ln"}, "user", ["a"]),
        (
            {
                "type": "text",
                "text": "a",
                "citations": [{"cited_text": "b", "document_title": "c"}],
            },
            "user",
            ["a", "b", "c"],
        ),
        (
            {"type": "bash_code_execution_tool_result", "content": {"stdout": "a", "stderr": "b"}},
            "tool_result",
            ["a", "b"],
        ),
        ({"type": "from_the_future", "x": {"y": ["a"]}}, "user", ["a"]),
    ],
)
def test_blocks(value: dict[str, Any], channel: str, texts: list[str]) -> None:
    seen = block(value)
    assert [(span.channel.value, span.text) for span in seen.spans] == [
        (channel, text) for text in texts
    ]
    assert seen.unread == ()


PDF = "JVBERi0xLjQK"


@pytest.mark.parametrize(
    ("value", "kind", "what"),
    [
        ({"type": "image", "source": {"type": "base64", "data": "iVBORw0K"}}, "media", "image"),
        ({"type": "image", "source": {"type": "url", "url": "https://x.test"}}, "media", "image"),
        (
            {"type": "image", "source": {"type": "file", "file_id": "file_1"}},
            "references",
            "file_id",
        ),
        ({"type": "document", "source": {"type": "base64", "data": PDF}}, "media", "document"),
        (
            {"type": "document", "source": {"type": "url", "url": "https://x.test"}},
            "media",
            "document",
        ),
        (
            {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
            "references",
            "file_id",
        ),
        ({"type": "redacted_thinking", "data": "AAAA"}, "references", "encrypted_content"),
        ({"type": "container_upload", "file_id": "file_1"}, "references", "file_id"),
    ],
)
def test_what_cannot_be_read_is_named(value: dict[str, Any], kind: str, what: str) -> None:
    seen = block(value)
    assert [(k, w) for k, w, _ in missed(seen)] == [(kind, what)]
    assert {span.text for span in seen.spans} <= {"https://x.test"}
    nested = block({"type": "tool_result", "tool_use_id": "t", "content": [value]})
    assert [(k, w) for k, w, _ in missed(nested)] == [(kind, what)]


def test_tools_servers_and_stops() -> None:
    schema = {"type": "object", "properties": {"city": {"description": "c"}}}
    seen = read(
        tools=[{"name": "a", "description": "b", "input_schema": schema}],
        stop_sequences=["d"],
        mcp_servers=[{"type": "url", "url": "https://x.test", "authorization_token": "t0k3n"}],
        container="container_1",
    )
    assert [(channel, text) for _, channel, text in said(seen)[1:]] == [
        ("tool_definition", "a"),
        ("tool_definition", "b"),
        ("tool_definition", "city"),
        ("tool_definition", "c"),
        ("user", "d"),
        ("user", "https://x.test"),
    ]
    assert missed(seen) == [
        ("references", "mcp_server", "$.mcp_servers"),
        ("references", "container", "$.container"),
    ]


def test_the_user_is_in_the_metadata() -> None:
    seen = read(metadata={"user_id": "ann"}, user="not me")
    assert seen.user == "ann"
    assert seen.max_output_tokens == 5
    assert "ann" in [span.text for span in seen.spans]


@pytest.mark.parametrize(
    ("document", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user"}, 5]}, "messages[1]"),
        ({"messages": [{"role": "user", "content": None}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"messages": [{"content": "a"}]}, "messages[0].role"),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "tool_result", "content": 5}]},
                ]
            },
            "messages[0].content[0].content",
        ),
        ({"messages": [HELLO], "system": 5}, "system"),
        ({"messages": [HELLO], "system": [{"type": "text"}]}, "system[0].text"),
        ({"messages": [HELLO], "metadata": "x"}, "metadata"),
        ({"messages": [HELLO], "metadata": {"user_id": 5}}, "metadata.user_id"),
        ({"messages": [HELLO], "max_tokens": 1.5}, "max_tokens"),
    ],
)
def test_wrong_types_are_refused(document: dict[str, Any], param: str) -> None:
    with pytest.raises(Refusal) as caught:
        view(Surface.MESSAGES, {"model": "m", **document})
    assert caught.value.refuse.param == param

from typing import Any

import pytest

from extproc.llm.request import view
from extproc.llm.view import ChatView, Surface
from extproc.verdict import Refusal


def read(**fields: Any) -> ChatView:
    return view(Surface.RESPONSES, {"model": "m", **fields})


def said(seen: ChatView) -> list[tuple[str, str, str]]:
    return [(span.role, span.channel.value, span.text) for span in seen.spans]


def missed(seen: ChatView) -> list[tuple[str, str]]:
    return [(unread.kind.value, unread.what) for unread in seen.unread]


def test_strings() -> None:
    assert said(read(instructions="a", input="b")) == [
        ("system", "system", "a"),
        ("user", "user", "b"),
    ]


@pytest.mark.parametrize(
    ("item", "spans"),
    [
        ({"role": "user", "content": "a"}, [("user", "user", "a")]),
        (
            {
                "type": "message",
                "role": "developer",
                "content": [{"type": "input_text", "text": "a"}],
            },
            [("developer", "system", "a")],
        ),
        (
            {
                "type": "message",
                "role": "assistant",
                "content": [
                    {"type": "output_text", "text": "a", "annotations": [{"title": "b"}]},
                    {"type": "refusal", "refusal": "c"},
                ],
            },
            [("assistant", "assistant", text) for text in "abc"],
        ),
        (
            {"type": "function_call", "call_id": "c", "name": "a", "arguments": "b"},
            [("assistant", "tool_call", "a"), ("assistant", "tool_call", "b")],
        ),
        (
            {"type": "function_call_output", "call_id": "c", "output": "a"},
            [("tool", "tool_result", "a")],
        ),
        (
            {
                "type": "function_call_output",
                "call_id": "c",
                "output": [{"type": "input_text", "text": "a"}],
            },
            [("tool", "tool_result", "a")],
        ),
        (
            {"type": "custom_tool_call_output", "call_id": "c", "output": "a"},
            [("tool", "tool_result", "a")],
        ),
        (
            {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "a"}]},
            [("assistant", "assistant", "a")],
        ),
        (
            {"type": "mcp_call", "name": "a", "arguments": "b", "output": "c"},
            [
                ("assistant", "tool_call", "a"),
                ("assistant", "tool_call", "b"),
                ("assistant", "tool_result", "c"),
            ],
        ),
        (
            {"type": "mcp_list_tools", "tools": [{"name": "a", "description": "b"}]},
            [("assistant", "tool_definition", "a"), ("assistant", "tool_definition", "b")],
        ),
        (
            {"type": "web_search_call", "action": {"query": "a"}},
            [("assistant", "tool_call", "query"), ("assistant", "tool_call", "a")],
        ),
        (
            {"type": "file_search_call", "queries": ["a"], "results": [{"text": "b"}]},
            [("assistant", "tool_call", "a"), ("assistant", "tool_result", "b")],
        ),
        ({"type": "from_the_future", "text": "a"}, [("user", "user", "a")]),
    ],
)
def test_items(item: dict[str, Any], spans: list[tuple[str, str, str]]) -> None:
    assert said(read(input=[item])) == spans


@pytest.mark.parametrize(
    ("fields", "unread"),
    [
        ({"previous_response_id": "resp_1"}, [("references", "previous_response")]),
        ({"conversation": "conv_1"}, [("references", "conversation")]),
        ({"conversation": {"id": "conv_1"}}, [("references", "conversation")]),
        ({"prompt": {"id": "pmpt_1"}}, [("references", "stored_prompt")]),
        ({"input": [{"type": "item_reference", "id": "i"}]}, [("references", "item_reference")]),
        (
            {"input": [{"type": "reasoning", "summary": [], "encrypted_content": "gAAA"}]},
            [("references", "encrypted_content")],
        ),
        (
            {"tools": [{"type": "file_search", "vector_store_ids": ["vs_1"]}]},
            [("references", "vector_store")],
        ),
        ({"tools": [{"type": "mcp", "server_label": "x"}]}, [("references", "mcp_server")]),
        (
            {
                "tools": [
                    {
                        "type": "code_interpreter",
                        "container": {"type": "auto", "file_ids": ["file_1"]},
                    }
                ]
            },
            [("references", "file_id")],
        ),
        ({"tools": [{"type": "web_search"}]}, []),
    ],
)
def test_references(fields: dict[str, Any], unread: list[tuple[str, str]]) -> None:
    assert missed(read(**fields)) == unread


@pytest.mark.parametrize(
    ("part", "unread"),
    [
        ({"type": "input_image", "image_url": "data:image/png;base64,AA=="}, ("media", "image")),
        ({"type": "input_image", "image_url": "https://x.test/a.png"}, ("media", "image")),
        ({"type": "input_image", "file_id": "file_1"}, ("references", "file_id")),
        ({"type": "input_file", "file_data": "AAAA", "filename": "a"}, ("media", "file")),
        ({"type": "input_file", "file_url": "https://x.test/a.pdf"}, ("media", "file")),
        ({"type": "input_audio", "input_audio": {"data": "AAAA"}}, ("media", "audio")),
    ],
)
def test_media(part: dict[str, Any], unread: tuple[str, str]) -> None:
    assert missed(read(input=[{"role": "user", "content": [part]}])) == [unread]


def test_variables_of_a_stored_prompt_are_read() -> None:
    variables = {"city": "Rome", "doc": {"type": "input_text", "text": "a"}}
    texts = [span.text for span in read(prompt={"id": "p", "variables": variables}).spans]
    assert "Rome" in texts
    assert "a" in texts


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"input": 5}, "input"),
        ({"input": {}}, "input"),
        ({"input": ["a"]}, "input[0]"),
        ({"input": [{"content": "a"}]}, "input[0].role"),
        ({"input": [{"role": "user", "content": 1}]}, "input[0].content"),
        ({"input": [{"type": 1}]}, "input[0].type"),
        ({"input": [{"role": "user", "content": [{"type": "input_text"}]}]}, None),
        ({"instructions": 5}, "instructions"),
        ({"prompt": "p"}, "prompt"),
        ({"previous_response_id": 5}, "previous_response_id"),
        ({"max_output_tokens": "1"}, "max_output_tokens"),
    ],
)
def test_wrong_types_are_refused(fields: dict[str, Any], param: str | None) -> None:
    with pytest.raises(Refusal) as caught:
        read(**fields)
    assert caught.value.refuse.param == (param or "input[0].content[0].text")


def test_limit_of_output() -> None:
    assert read(input="a", max_output_tokens=7).max_output_tokens == 7

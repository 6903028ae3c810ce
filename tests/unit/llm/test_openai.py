from typing import Any

import pytest

from extproc.llm.request import view
from extproc.llm.view import Channel, ChatView, Span, Surface, Unread
from extproc.verdict import Refusal


def chat(*messages: Any, **fields: Any) -> ChatView:
    return view(
        Surface.CHAT_COMPLETIONS, {"model": "m", "messages": list(messages) or [HELLO], **fields}
    )


HELLO = {"role": "user", "content": "hello"}


def said(chat_view: ChatView) -> list[tuple[str, str, str]]:
    return [(span.path, span.channel.value, span.text) for span in chat_view.spans]


def missed(chat_view: ChatView) -> list[tuple[str, str, str]]:
    return [(unread.kind.value, unread.what, unread.path) for unread in chat_view.unread]


def param(surface: Surface, document: dict[str, Any]) -> tuple[str | None, str]:
    with pytest.raises(Refusal) as caught:
        view(surface, document)
    assert caught.value.refuse.status == 400
    return caught.value.refuse.param, caught.value.refuse.message


def test_roles_decide_the_channel() -> None:
    roles = ["system", "developer", "user", "assistant", "tool", "function", "narrator"]
    seen = chat(*({"role": role, "content": role} for role in roles))
    assert [(span.role, span.channel) for span in seen.spans if span.text == span.role] == [
        ("system", Channel.SYSTEM),
        ("developer", Channel.SYSTEM),
        ("user", Channel.USER),
        ("assistant", Channel.ASSISTANT),
        ("tool", Channel.TOOL_RESULT),
        ("function", Channel.TOOL_RESULT),
        ("narrator", Channel.USER),
    ]


def test_a_span_says_where_it_stands() -> None:
    assert chat().spans == (Span("hello", "user", Channel.USER, ("messages", 0, "content")),)


def test_all_of_a_message_is_read_in_order() -> None:
    message = {
        "role": "assistant",
        "content": [{"type": "text", "text": "a"}, "b", {"type": "refusal", "refusal": "c"}],
        "reasoning_content": "d",
        "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "e", "arguments": '{"f":1}'}},
            {"type": "custom", "custom": {"name": "g", "input": "h"}},
        ],
        "function_call": {"name": "i", "arguments": "j"},
        "name": "k",
    }
    assert said(chat(message)) == [
        ("$.messages[0].content[0].text", "assistant", "a"),
        ("$.messages[0].content[1]", "assistant", "b"),
        ("$.messages[0].content[2].refusal", "assistant", "c"),
        ("$.messages[0].reasoning_content", "assistant", "d"),
        ("$.messages[0].tool_calls[0].function.name", "tool_call", "e"),
        ("$.messages[0].tool_calls[0].function.arguments", "tool_call", '{"f":1}'),
        ("$.messages[0].tool_calls[1].custom.name", "tool_call", "g"),
        ("$.messages[0].tool_calls[1].custom.input", "tool_call", "h"),
        ("$.messages[0].function_call.name", "tool_call", "i"),
        ("$.messages[0].function_call.arguments", "tool_call", "j"),
        ("$.messages[0].name", "assistant", "k"),
    ]


def test_tools_are_read_with_their_schemas() -> None:
    parameters = {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "b", "enum": ["c"], "default": "d"},
            "list": {"type": ["array", "null"], "items": {"title": "e", "examples": [{"f": "g"}]}},
        },
        "required": ["city", "h"],
    }
    tool = {
        "type": "function",
        "function": {"name": "n", "description": "a", "parameters": parameters},
    }
    spans = chat(tools=[tool]).spans[1:]
    assert {span.channel for span in spans} == {Channel.TOOL_DEFINITION}
    assert [(span.text, span.editable) for span in spans] == [
        ("n", True),
        ("a", True),
        ("city\nlist", False),
        ("b", True),
        ("c", True),
        ("d", True),
        ("e", True),
        ("f", False),
        ("g", True),
        ("h", True),
    ]


@pytest.mark.parametrize(
    ("fields", "channel", "texts"),
    [
        ({"functions": [{"name": "a", "description": "b"}]}, "tool_definition", ["a", "b"]),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"schema": {"title": "a"}}}},
            "tool_definition",
            ["a"],
        ),
        ({"prediction": {"type": "content", "content": "a"}}, "assistant", ["a"]),
        (
            {"prediction": {"type": "content", "content": [{"type": "text", "text": "a"}]}},
            "assistant",
            ["a"],
        ),
        ({"metadata": {"a": "b"}}, "user", ["a", "b"]),
        ({"user": "a", "stop": ["b", "c"]}, "user", ["a", "b", "c"]),
        ({"stop": "a"}, "user", ["a"]),
        ({"documents": [{"title": "a", "text": "b"}]}, "document", ["a", "b"]),
        ({"chat_template": "a"}, "system", ["a"]),
        ({"unheard_of": {"x": [{"y": ["a"]}]}}, "user", ["a"]),
        ({"an odd key": 1}, "user", ["an odd key"]),
        ({"service_tier": "auto", "tool_choice": "auto", "logit_bias": {"50256": -100}}, "", []),
        ({"service_tier": "not a tier at all"}, "user", ["not a tier at all"]),
    ],
)
def test_options_are_read_too(fields: dict[str, Any], channel: str, texts: list[str]) -> None:
    spans = chat(**fields).spans[1:]
    assert [span.text for span in spans] == texts
    assert {span.channel.value for span in spans} <= {channel}


def test_free_objects_are_read_with_keys_and_long_numbers() -> None:
    spans = chat(metadata={"a": 4111111111111111, "b": 7, "c": True}).spans[1:]
    assert [(span.text, span.editable) for span in spans] == [
        ("a\nb\nc", False),
        ("4111111111111111", False),
    ]


PNG = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("part", "what", "texts"),
    [
        ({"type": "image_url", "image_url": {"url": PNG, "detail": "low"}}, "image", []),
        ({"type": "image_url", "image_url": PNG}, "image", []),
        (
            {"type": "image_url", "image_url": {"url": "https://x.test/a b"}},
            "image",
            ["https://x.test/a b"],
        ),
        ({"image_url": {"url": PNG}}, "image", []),
        ({"type": "input_audio", "input_audio": {"data": "UklG", "format": "wav"}}, "audio", []),
        ({"type": "input_audio", "input_audio": {"data": "not audio"}}, "audio", ["not audio"]),
        (
            {"type": "file", "file": {"file_data": PNG, "filename": "my tax.pdf"}},
            "file",
            ["my tax.pdf"],
        ),
        ({"type": "video_url", "video_url": {"url": PNG}}, "video", []),
    ],
)
def test_media_is_named_as_unread(part: dict[str, Any], what: str, texts: list[str]) -> None:
    seen = chat({"role": "user", "content": [part]})
    assert [(kind, name) for kind, name, _ in missed(seen)] == [("media", what)]
    assert [span.text for span in seen.spans] == texts


def test_files_by_id_are_references() -> None:
    part = {"type": "file", "file": {"file_id": "file-1"}}
    assert missed(chat({"role": "user", "content": [part]})) == [
        ("references", "file_id", "$.messages[0].content[0].file.file_id")
    ]


def test_unknown_parts_are_walked() -> None:
    part = {"type": "surprise", "payload": {"deep": ["a", {"er": "b"}]}, "image": PNG}
    seen = chat({"role": "user", "content": [part]})
    assert [span.text for span in seen.spans] == ["a", "b"]
    assert missed(seen) == [("media", "data_url", "$.messages[0].content[0].image")]


def test_text_that_looks_like_data_is_still_text() -> None:
    texts = [PNG, "A" * 1000, "data:text/plain,hello"]
    content = [{"type": "text", "text": text} for text in texts]
    seen = chat({"role": "user", "content": content}, {"role": "tool", "content": "A" * 1000})
    assert [span.text for span in seen.spans] == [*texts, "A" * 1000]
    assert seen.unread == ()


@pytest.mark.parametrize(
    ("prompt", "texts", "unread"),
    [
        ("a", ["a"], []),
        (["a", "b"], ["a", "b"], []),
        ([1, 2, 3], [], [("text", "token_ids", "$.KEY")]),
        ([[1, 2], [3]], [], [("text", "token_ids", "$.KEY")]),
    ],
)
@pytest.mark.parametrize(
    ("surface", "key"), [(Surface.COMPLETIONS, "prompt"), (Surface.EMBEDDINGS, "input")]
)
def test_prompts_and_inputs(
    surface: Surface, key: str, prompt: object, texts: list[str], unread: list[tuple[str, ...]]
) -> None:
    seen = view(surface, {"model": "m", key: prompt})
    assert [span.text for span in seen.spans] == texts
    expected = [(kind, what, path.replace("KEY", key)) for kind, what, path in unread]
    assert missed(seen) == expected


def test_other_prompts_that_are_not_text() -> None:
    seen = view(
        Surface.COMPLETIONS,
        {"model": "m", "prompt_embeds": "gAJ9", "extra": list(range(100)), "suffix": "s"},
    )
    assert missed(seen) == [
        ("text", "prompt_embeds", "$.prompt_embeds"),
        ("text", "token_ids", "$.extra"),
    ]
    assert [span.text for span in seen.spans] == ["s"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"model": None}, ("model", "`model` is required.")),
        ({"model": 1}, ("model", "`model` must be a string.")),
        ({"model": ""}, ("model", "`model` must not be empty.")),
        ({"messages": None}, ("messages", "`messages` must be a list.")),
        ({"messages": {}}, ("messages", "`messages` must be a list.")),
        ({"messages": []}, ("messages", "`messages` must not be empty.")),
        ({"messages": ["hi"]}, ("messages[0]", "`messages[0]` must be an object.")),
        (
            {"messages": [{"content": "x"}]},
            ("messages[0].role", "`messages[0].role` is required."),
        ),
        (
            {"messages": [{"role": 1, "content": "x"}]},
            ("messages[0].role", "`messages[0].role` must be a string."),
        ),
        (
            {"messages": [{"role": "user", "content": 1}]},
            (
                "messages[0].content",
                "`messages[0].content` must be a string or a list of parts.",
            ),
        ),
        (
            {"messages": [{"role": "user", "content": {"text": "x"}}]},
            (
                "messages[0].content",
                "`messages[0].content` must be a string or a list of parts.",
            ),
        ),
        (
            {"messages": [{"role": "user", "content": [1]}]},
            ("messages[0].content[0]", "`messages[0].content[0]` must be an object."),
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "text", "text": {}}]}]},
            ("messages[0].content[0].text", "`messages[0].content[0].text` must be a string."),
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": 1}]}]},
            ("messages[0].content[0].type", "`messages[0].content[0].type` must be a string."),
        ),
        (
            {"messages": [{"role": "assistant", "tool_calls": {}}]},
            ("messages[0].tool_calls", "`messages[0].tool_calls` must be a list."),
        ),
        ({"stream": "true"}, ("stream", "`stream` must be a boolean.")),
        ({"stream": 1}, ("stream", "`stream` must be a boolean.")),
        ({"stream_options": []}, ("stream_options", "`stream_options` must be an object.")),
        (
            {"stream_options": {"include_usage": 1}},
            (
                "stream_options.include_usage",
                "`stream_options.include_usage` must be a boolean.",
            ),
        ),
        ({"user": 7}, ("user", "`user` must be a string.")),
        ({"max_tokens": "5"}, ("max_tokens", "`max_tokens` must be an integer.")),
        ({"max_tokens": True}, ("max_tokens", "`max_tokens` must be an integer.")),
        ({"max_tokens": -1}, ("max_tokens", "`max_tokens` must not be negative.")),
        ({"tools": {}}, ("tools", "`tools` must be a list.")),
        ({"tools": ["x"]}, ("tools[0]", "`tools[0]` must be an object.")),
        ({"Model": "other"}, (None, "holds `model` in a different case.")),
        ({"meſſages": []}, (None, "holds `messages` in a different case.")),
    ],
)
def test_wrong_types_are_refused_with_their_place(
    change: dict[str, Any], expected: tuple[str | None, str]
) -> None:
    document = {"model": "m", "messages": [HELLO], **change}
    assert param(Surface.CHAT_COMPLETIONS, document) == expected


@pytest.mark.parametrize(
    ("surface", "document", "expected"),
    [
        (Surface.COMPLETIONS, {"prompt": 5}, "prompt"),
        (Surface.COMPLETIONS, {"prompt": []}, "prompt"),
        (Surface.COMPLETIONS, {"prompt": ["a", 1]}, "prompt[1]"),
        (Surface.COMPLETIONS, {"prompt": [1, "a"]}, "prompt"),
        (Surface.EMBEDDINGS, {}, "input"),
        (Surface.EMBEDDINGS, {"input": [None]}, "input"),
    ],
)
def test_wrong_prompts_are_refused(
    surface: Surface, document: dict[str, Any], expected: str
) -> None:
    assert param(surface, {"model": "m", **document})[0] == expected


def test_what_else_a_view_tells() -> None:
    seen = chat(
        {"role": "user", "content": "é"},
        stream=True,
        stream_options={"include_usage": True},
        user="ann",
        max_tokens=10,
        max_completion_tokens=20,
        n=3,
    )
    assert (seen.model, seen.stream, seen.include_usage, seen.user) == ("m", True, True, "ann")
    assert seen.max_output_tokens == 60
    assert seen.text_bytes == len("éann".encode())
    plain = chat()
    assert (plain.stream, plain.include_usage, plain.user) == (False, False, None)
    assert plain.max_output_tokens is None


def test_each_prompt_of_a_completion_may_cost_its_own_answer() -> None:
    seen = view(Surface.COMPLETIONS, {"model": "m", "prompt": ["a", "b"], "max_tokens": 5})
    assert seen.max_output_tokens == 10
    tokens = view(Surface.COMPLETIONS, {"model": "m", "prompt": [1, 2, 3], "max_tokens": 5})
    assert tokens.max_output_tokens == 5


def test_unread_is_what_the_record_names() -> None:
    part = {"type": "image_url", "image_url": {"url": PNG}}
    (unread,) = chat({"role": "user", "content": [part]}).unread
    assert isinstance(unread, Unread)
    assert unread.path == "$.messages[0].content[0]"

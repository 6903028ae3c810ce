"""Whatever a model could read is in a span, or named as unread, wherever it stands."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.llm import vocabulary
from extproc.llm.changes import apply
from extproc.llm.parse import parse
from extproc.llm.request import view
from extproc.llm.view import ChatView, Surface, json_path
from extproc.verdict import Change, Keys, Refusal

PROSE = "zebra marker zebra"
TOKEN = "zebra-marker"

TOOL = {
    "type": "function",
    "function": {
        "name": "lookup",
        "description": "Looks things up",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "A city", "enum": ["Rome", "Oslo"]},
                "when": {"anyOf": [{"type": "string", "default": "now"}, {"type": "null"}]},
            },
            "required": ["city"],
            "examples": [{"city": "Rome"}],
        },
    },
}
CHAT = {
    "model": "m",
    "messages": [
        {"role": "developer", "content": "Be brief"},
        {"role": "user", "name": "ann", "content": [{"type": "text", "text": "hello"}]},
        {
            "role": "user",
            "content": [
                {
                    "type": "image_url",
                    "image_url": {"url": "https://x.test/a.png", "detail": "low"},
                },
                {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
                {"type": "file", "file": {"file_id": "file-1"}},
                {"type": "surprise", "deep": [{"er": ["text"]}], "number": 3},
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "refusal": "no",
            "reasoning_content": "hm",
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "sunny"}]},
    ],
    "tools": [TOOL],
    "functions": [{"name": "old", "parameters": {"type": "object", "properties": {}}}],
    "tool_choice": {"type": "function", "function": {"name": "f"}},
    "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"a": "b"}}},
    "prediction": {"type": "content", "content": "text"},
    "metadata": {"k": "v"},
    "stop": ["x"],
    "user": "u",
    "logit_bias": {"1234": 5},
    "new_option": {"nested": ["deep", {"er": "er"}]},
}
MESSAGES = {
    "model": "m",
    "max_tokens": 5,
    "system": [{"type": "text", "text": "sys", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {"role": "user", "content": "hi"},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
                {"type": "redacted_thinking", "data": "c2ln"},
                {"type": "tool_use", "id": "t", "name": "f", "input": {"a": {"b": ["c"]}}},
            ],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "t",
                    "content": [
                        {"type": "text", "text": "r"},
                        {"type": "image", "source": {"type": "base64", "data": "iVBORw0K"}},
                    ],
                },
                {
                    "type": "document",
                    "title": "t",
                    "context": "c",
                    "source": {"type": "text", "media_type": "text/plain", "data": "doc"},
                },
                {"type": "document", "source": {"type": "url", "url": "https://x.test/a.pdf"}},
                {
                    "type": "document",
                    "source": {"type": "content", "content": [{"type": "text", "text": "d"}]},
                },
                {
                    "type": "search_result",
                    "source": "s",
                    "title": "t",
                    "content": [{"type": "text", "text": "x"}],
                },
            ],
        },
    ],
    "tools": [{"name": "f", "description": "d", "input_schema": {"type": "object"}}],
    "metadata": {"user_id": "u"},
    "stop_sequences": ["x"],
    "mcp_servers": [{"type": "url", "url": "https://x.test", "name": "s"}],
}
RESPONSES = {
    "model": "m",
    "instructions": "i",
    "input": [
        {"role": "user", "content": [{"type": "input_text", "text": "hi"}]},
        {"role": "user", "content": [{"type": "input_image", "image_url": "https://x.test/a"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "n"}]},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "sunny"},
        {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "s"}]},
        {"type": "item_reference", "id": "msg_1"},
        {"type": "web_search_call", "id": "w", "action": {"type": "search", "query": "q"}},
        {"type": "mcp_call", "id": "m", "name": "n", "arguments": "{}", "output": "o"},
        {"type": "code_interpreter_call", "id": "c", "code": "1", "outputs": [{"logs": "l"}]},
    ],
    "prompt": {"id": "pmpt_1", "variables": {"city": "Rome", "x": {"type": "input_text"}}},
    "previous_response_id": "resp_1",
    "tools": [
        {"type": "function", "name": "f", "parameters": {"type": "object"}},
        {"type": "file_search", "vector_store_ids": ["vs_1"], "filters": {"key": "k"}},
        {"type": "mcp", "server_label": "l", "server_url": "https://x.test", "headers": {"a": "b"}},
    ],
    "text": {"format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}}},
}
COMPLETION = {"model": "m", "prompt": ["a", "b"], "suffix": "c", "stop": "d", "user": "u"}
EMBEDDINGS = {"model": "m", "input": ["a", "b"], "user": "u"}
DOCUMENTS: list[tuple[Surface, dict[str, Any]]] = [
    (Surface.CHAT_COMPLETIONS, CHAT),
    (Surface.MESSAGES, MESSAGES),
    (Surface.RESPONSES, RESPONSES),
    (Surface.COMPLETIONS, COMPLETION),
    (Surface.EMBEDDINGS, EMBEDDINGS),
]


def containers(node: object, keys: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    if isinstance(node, dict):
        yield keys, node
        for key, child in node.items():
            yield from containers(child, (*keys, key))
    elif isinstance(node, list):
        yield keys, node
        for index, child in enumerate(node):
            yield from containers(child, (*keys, index))


@st.composite
def planted(draw: st.DrawFn, marker: str) -> tuple[Surface, dict[str, Any], Keys]:
    """A document with `marker` in place of a value, or added to a list or object."""
    surface, original = draw(st.sampled_from(DOCUMENTS))
    document = copy.deepcopy(original)
    keys, container = draw(st.sampled_from(list(containers(document))))
    value = draw(st.sampled_from([marker, [marker], {"inner": marker}, [{"x": [marker]}]]))
    if isinstance(container, list):
        at = draw(st.integers(0, len(container)))
        container[at : at + draw(st.integers(0, 1))] = [value]
        return surface, document, (*keys, at)
    key = draw(st.sampled_from([*container, "unheard_of", "text", "Something Odd"]))
    container[key] = value
    return surface, document, (*keys, key)


def seen(chat: ChatView, marker: str, place: Keys) -> bool:
    if any(marker in span.text for span in chat.spans):
        return True
    return any(json_path(place).startswith(unread.path) for unread in chat.unread)


@settings(max_examples=500)
@given(planted(PROSE))
def test_prose_is_read_wherever_it_stands(case: tuple[Surface, dict[str, Any], Keys]) -> None:
    surface, document, place = case
    try:
        chat = view(surface, document)
    except Refusal:
        return
    assert seen(chat, PROSE, place) or place == ("model",)


@settings(max_examples=500)
@given(planted(TOKEN))
def test_one_word_is_read_except_under_the_listed_keys(
    case: tuple[Surface, dict[str, Any], Keys],
) -> None:
    surface, document, place = case
    try:
        chat = view(surface, document)
    except Refusal:
        return
    exempt = {*vocabulary.NOT_TEXT, *vocabulary.REFERENCES}
    assert seen(chat, TOKEN, place) or not exempt.isdisjoint(place)


@settings(max_examples=300)
@given(st.sampled_from(DOCUMENTS), st.data())
def test_keys_that_are_prose_are_read(
    case: tuple[Surface, dict[str, Any]], data: st.DataObject
) -> None:
    surface, document = case[0], copy.deepcopy(case[1])
    objects = [node for _, node in containers(document) if isinstance(node, dict)]
    data.draw(st.sampled_from(objects))[PROSE] = 1
    try:
        chat = view(surface, document)
    except Refusal:
        return
    assert any(PROSE in span.text for span in chat.spans)


@given(st.sampled_from(DOCUMENTS))
def test_every_editable_span_can_be_replaced_where_it_says(
    case: tuple[Surface, dict[str, Any]],
) -> None:
    surface, document = case
    for span in view(surface, document).spans:
        if span.editable:
            changed = parse(apply(document, [Change(span.keys, PROSE)]))
            node: Any = changed
            for key in span.keys:
                node = node[key]
            assert node == PROSE


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "role", "content", "text", "input", "tools", "function", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    ["messages", "prompt", "input", "system", "tools", "stream", "n", "metadata", "max_tokens"]
)


@settings(max_examples=300)
@given(st.sampled_from(Surface), st.dictionaries(FIELDS, JSON))
def test_no_document_makes_it_fail_other_than_by_refusing(
    surface: Surface, fields: dict[str, Any]
) -> None:
    try:
        chat = view(surface, {"model": "m", **fields})
    except Refusal as refusal:
        assert refusal.refuse.status == 400
    else:
        assert chat.text_bytes == sum(len(s.text.encode("utf-8")) for s in chat.spans)

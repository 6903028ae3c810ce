from typing import Any

import pytest

from extproc.llm.usage import MAX_TOKENS, Usage, is_usage_only_chunk, usage_of
from extproc.llm.view import Surface


@pytest.mark.parametrize(
    ("surface", "document", "usage"),
    [
        (
            Surface.CHAT_COMPLETIONS,
            {"usage": {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}},
            Usage(3, 5),
        ),
        (Surface.COMPLETIONS, {"usage": {"prompt_tokens": 3}}, Usage(3, None)),
        (Surface.EMBEDDINGS, {"usage": {"prompt_tokens": 3, "total_tokens": 3}}, Usage(3, 0)),
        (Surface.RESPONSES, {"usage": {"input_tokens": 3, "output_tokens": 5}}, Usage(3, 5)),
        (
            Surface.RESPONSES,
            {"type": "response.completed", "response": {"usage": {"input_tokens": 3}}},
            Usage(3, None),
        ),
        (
            Surface.MESSAGES,
            {
                "usage": {
                    "input_tokens": 3,
                    "cache_creation_input_tokens": 10,
                    "cache_read_input_tokens": 100,
                    "output_tokens": 5,
                }
            },
            Usage(113, 5),
        ),
        (
            Surface.MESSAGES,
            {
                "type": "message_start",
                "message": {"usage": {"input_tokens": 3, "output_tokens": 1}},
            },
            Usage(3, 1),
        ),
        (
            Surface.MESSAGES,
            {"type": "message_delta", "usage": {"output_tokens": 9}},
            Usage(None, 9),
        ),
        (Surface.CHAT_COMPLETIONS, {"usage": None}, None),
        (Surface.CHAT_COMPLETIONS, {}, None),
        (Surface.CHAT_COMPLETIONS, {"usage": {"prompt_tokens": -1}}, None),
        (Surface.CHAT_COMPLETIONS, {"usage": {"prompt_tokens": "3", "x": 1}}, None),
        (Surface.CHAT_COMPLETIONS, {"usage": {"prompt_tokens": True}}, None),
        (Surface.RESPONSES, {"response": {"usage": None}}, None),
        (Surface.MESSAGES, {"message": "x"}, None),
    ],
)
def test_usage(surface: Surface, document: dict[str, Any], usage: Usage | None) -> None:
    assert usage_of(surface, document) == usage


def test_later_numbers_replace_earlier_ones() -> None:
    usage = Usage().then(Usage(3, 1)).then(None).then(Usage(None, 9))
    assert usage == Usage(3, 9)


@pytest.mark.parametrize(
    ("chunk", "only_usage"),
    [
        ({"choices": [], "usage": {"prompt_tokens": 1}}, True),
        ({"choices": [], "usage": None}, False),
        ({"choices": [{"delta": {}}], "usage": {"prompt_tokens": 1}}, False),
        ({"usage": {"prompt_tokens": 1}}, False),
        ({"choices": [], "prompt_filter_results": []}, False),
    ],
)
def test_the_extra_chunk(chunk: dict[str, Any], only_usage: bool) -> None:
    assert is_usage_only_chunk(chunk) is only_usage


@pytest.mark.parametrize(
    ("said", "read"), [(MAX_TOKENS, MAX_TOKENS), (MAX_TOKENS + 1, None), (10**400, None)]
)
def test_more_than_any_model_says_is_not_billed(said, read):
    # A number that no float holds would cost the exchange its record.
    usage = {"prompt_tokens": said, "completion_tokens": 1}
    assert usage_of(Surface.CHAT_COMPLETIONS, {"usage": usage}) == Usage(read, 1)

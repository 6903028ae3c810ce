import pytest

from extproc.llm.request import view
from extproc.llm.tokens import count, count_spans
from extproc.llm.view import Surface


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("hello world", 2),
        ("漢字", 2),
        ("<|endoftext|>", 7),
        ("\x00", 1),
        ("a" * 512 * 1024, 65_536),
        (" " * 512 * 1024, 4_096),
    ],
)
def test_count(text: str, tokens: int) -> None:
    assert count(text) == tokens


def test_every_span_counts_with_its_frame() -> None:
    messages = [{"role": "user", "content": "hello world"}, {"role": "tool", "content": "hello"}]
    seen = view(Surface.CHAT_COMPLETIONS, {"model": "m", "messages": messages})
    assert count_spans(seen) == 2 + 1 + 2 * 4


def test_nothing_said_counts_nothing() -> None:
    assert count_spans(view(Surface.EMBEDDINGS, {"model": "m", "input": [1, 2]})) == 0

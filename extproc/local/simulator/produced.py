"""What the model that is not there says: the same for the same request, always."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extproc.local.simulator.asked import Asked, Json, Tool, count
from extproc.local.simulator.behaviour import Behaviour, Echo

_PIECE = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+")
_FILLER = (
    "The rest of this answer is here to give it the length that was asked for, and it says "
    "nothing that a reader would miss if the stream ended before it did."
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool, its arguments as JSON text."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Produced:
    """The content of an answer, before a dialect dresses it."""

    text: str
    call: Call | None
    truncated: bool
    input_tokens: int
    output_tokens: int

    @property
    def pieces(self) -> list[str]:
        """The text or the arguments, as a model would stream them."""
        source = self.call.arguments if self.call else self.text
        return _PIECE.findall(source) or [source]


def produce(asked: Asked, pool: str, behaviour: Behaviour, arrived: Json) -> Produced:
    """`arrived` is the request as JSON, for the answers that repeat it."""
    if (tool := _tool(asked, behaviour)) is not None:
        arguments = json.dumps(sample(tool.schema, asked.text), ensure_ascii=False)
        digest = hashlib.sha256(f"{tool.name}{arguments}".encode()).hexdigest()[:16]
        call = Call(f"call_{digest}", tool.name, arguments)
        return Produced("", call, False, asked.input_tokens, count(arguments))
    words, truncated = _text(asked, pool, behaviour, arrived), False
    limit = asked.max_tokens
    if limit is not None and count(words) > limit:
        words, truncated = _first(words, limit), True
    return Produced(words, None, truncated, asked.input_tokens, count(words))


def sample(schema: Any, text: str) -> Any:  # noqa: C901, PLR0912 - one case a JSON type
    """A value that fits the JSON Schema, with `text` as every free string."""
    if not isinstance(schema, Mapping):
        return text
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for key in ("anyOf", "oneOf"):
        if schema.get(key):
            return sample(schema[key][0], text)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    match kind:
        case "integer":
            return int(schema.get("minimum", 1))
        case "number":
            return schema.get("minimum", 0.5)
        case "boolean":
            return True
        case "null":
            return None
        case "array":
            return [sample(schema.get("items", {"type": "string"}), text)]
        case "string":
            return text
        case _:
            return {
                name: sample(inner, text)
                for name, inner in (schema.get("properties") or {}).items()
            }


def vector(text: str, dimensions: int) -> list[float]:
    """A unit vector that depends on the text alone."""
    seed = hashlib.shake_256(text.encode("utf-8", "surrogatepass")).digest(dimensions * 2)
    raw = [number / 32768 for number in struct.unpack(f"<{dimensions}h", seed)]
    norm = sum(number * number for number in raw) ** 0.5 or 1.0
    return [number / norm for number in raw]


def packed(numbers: list[float]) -> str:
    """As OpenAI's `encoding_format: base64` has it: little-endian 32-bit floats."""
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def _tool(asked: Asked, behaviour: Behaviour) -> Tool | None:
    if not asked.tools or asked.answered or behaviour.tool == 0:
        return None
    named = {tool.name: tool for tool in asked.tools}
    if asked.forced_tool:
        return named.get(asked.forced_tool)
    if behaviour.tool == 1 or asked.forced_tool == "":
        return asked.tools[0]
    return next((tool for name, tool in named.items() if name in asked.text), None)


def _text(asked: Asked, pool: str, behaviour: Behaviour, arrived: Json) -> str:
    if behaviour.echo is Echo.REQUEST:
        return json.dumps(arrived, ensure_ascii=False)
    if asked.schema is not None:
        return json.dumps(sample(asked.schema, asked.text), ensure_ascii=False)
    said = asked.text if behaviour.echo is Echo.TEXT else "something"
    text = f"[{pool}/{asked.model}] You said: {said}"
    if behaviour.tokens:
        while count(text) < behaviour.tokens:
            text = f"{text} {_FILLER}"
        text = _first(text, behaviour.tokens)
    return text


def _first(text: str, tokens: int) -> str:
    matches = re.finditer(r"\w+|[^\w\s]", text)
    end = 0
    for _, match in zip(range(tokens), matches, strict=False):
        end = match.end()
    return text[:end]

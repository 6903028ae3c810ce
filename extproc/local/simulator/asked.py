"""The request, reduced to what an answer depends on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_CHOICES = 128
"""As OpenAI has it."""
_TOKEN = re.compile(r"\w+|[^\w\s]")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may call."""

    name: str
    schema: Json


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of any of the text surfaces."""

    model: str
    text: str
    """The last user text, or the prompt."""
    input_tokens: int
    stream: bool
    include_usage: bool
    choices: int
    max_tokens: int | None
    tools: tuple[Tool, ...]
    forced_tool: str | None
    """The tool to call; ``""`` for any of them, ``None`` for none."""
    answered: bool
    """The last turn is a tool's result."""
    schema: Json | None
    """The JSON Schema that the answer's text must fit; ``{}`` for any JSON object."""


def count(text: str) -> int:
    """Words and signs: a stand-in for a tokenizer."""
    return len(_TOKEN.findall(text))


def asked(body: Json) -> Asked:
    """Reads leniently: the simulator is no validator."""
    turns = _turns(body)
    last = turns[-1] if turns else {}
    texts = [_text(turn.get("content", turn.get("output"))) for turn in turns]
    users = [
        text for turn, text in zip(turns, texts, strict=True) if turn.get("role", "user") == "user"
    ]
    system = _text(body.get("system")) + _text(body.get("instructions"))
    tools = tuple(_tools(body.get("tools") or ()))
    return Asked(
        model=str(body.get("model", "")),
        text=next((text for text in reversed(users) if text), ""),
        input_tokens=sum(count(text) for text in [system, *texts]),
        stream=bool(body.get("stream")),
        include_usage=bool((body.get("stream_options") or {}).get("include_usage")),
        choices=_choices(body),
        max_tokens=next(
            (
                int(body[key])
                for key in ("max_completion_tokens", "max_output_tokens", "max_tokens")
                if body.get(key)
            ),
            None,
        ),
        tools=tools,
        forced_tool=_forced(body.get("tool_choice")),
        answered=last.get("role") == "tool"
        or last.get("type") == "function_call_output"
        or _has_tool_result(last),
        schema=_schema(body),
    )


def _choices(body: Json) -> int:
    """Raises `ValueError` for more than real servers give: one request must not stop the rest."""
    choices = int(body.get("n") or 1)
    if choices > MAX_CHOICES:
        raise ValueError(f"n is at most {MAX_CHOICES}")
    return choices


def _turns(body: Json) -> list[Json]:
    raw = body.get("messages", body.get("input", body.get("prompt", [])))
    if isinstance(raw, str):
        return [{"role": "user", "content": raw}]
    return [
        turn if isinstance(turn, Mapping) else {"role": "user", "content": str(turn)}
        for turn in raw or ()
    ]


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence):
        return "\n".join(filter(None, map(_text, content)))
    if isinstance(content, Mapping):
        return _text(content.get("text", content.get("content")))
    return ""


def _has_tool_result(turn: Json) -> bool:
    content = turn.get("content")
    return isinstance(content, list) and any(
        isinstance(part, Mapping) and part.get("type") == "tool_result" for part in content
    )


def _tools(raw: Sequence[Any]) -> list[Tool]:
    """Chat nests a function, Responses does not, Anthropic says `input_schema`."""
    out = []
    for tool in raw:
        if not isinstance(tool, Mapping):
            continue
        function = tool.get("function", tool)
        if name := function.get("name"):
            schema = function.get("parameters", function.get("input_schema"))
            out.append(Tool(str(name), schema or {}))
    return out


def _forced(choice: object) -> str | None:
    if isinstance(choice, Mapping):
        if choice.get("type") == "any":
            return ""
        return choice.get("name") or (choice.get("function") or {}).get("name")
    return "" if choice == "required" else None


def _schema(body: Json) -> Json | None:
    wanted = body.get("response_format") or (body.get("text") or {}).get("format") or {}
    if wanted.get("type") == "json_schema":
        return wanted.get("schema") or (wanted.get("json_schema") or {}).get("schema") or {}
    return {} if wanted.get("type") == "json_object" else None

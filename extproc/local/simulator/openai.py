"""Answers in OpenAI's shapes: chat completions, completions, embeddings, responses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extproc.local.simulator.asked import Asked, count
from extproc.local.simulator.events import Document, Event
from extproc.local.simulator.produced import Produced, packed, vector

CREATED = 1_700_000_000
"""A fixed time: answers are the same for the same request."""
DONE = Event(None, "[DONE]")


def error(status: int, message: str, code: str) -> Document:
    """OpenAI's error object."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def models(names: list[str]) -> Document:
    """The list of models."""
    return {
        "object": "list",
        "data": [
            {"id": name, "object": "model", "created": CREATED, "owned_by": "simulator"}
            for name in names
        ],
    }


def embeddings(body: Document) -> Document:
    """One vector an input: strings, lists of strings, token ids and lists of those."""
    raw = body.get("input", "")
    single = isinstance(raw, str) or all(isinstance(item, int) for item in raw)
    texts = [str(item) for item in ([raw] if single else raw)]
    used = sum(map(count, texts))
    vectors = [vector(text, int(body.get("dimensions") or 64)) for text in texts]
    coded = body.get("encoding_format") == "base64"
    return {
        "object": "list",
        "model": body.get("model", ""),
        "data": [
            {"object": "embedding", "index": index, "embedding": packed(each) if coded else each}
            for index, each in enumerate(vectors)
        ],
        "usage": {"prompt_tokens": used, "total_tokens": used},
    }


def _usage(produced: Produced, choices: int) -> Document:
    output = produced.output_tokens * choices
    return {
        "prompt_tokens": produced.input_tokens,
        "completion_tokens": output,
        "total_tokens": produced.input_tokens + output,
    }


def _finish(produced: Produced) -> str:
    if produced.call is not None:
        return "tool_calls"
    return "length" if produced.truncated else "stop"


def chat(identity: str, asked: Asked, produced: Produced) -> Document:
    """A whole chat completion."""
    message: Document = {"role": "assistant", "content": produced.text or None, "refusal": None}
    if (call := produced.call) is not None:
        function = {"name": call.name, "arguments": call.arguments}
        message["tool_calls"] = [{"id": call.id, "type": "function", "function": function}]
    return {
        "id": f"chatcmpl-{identity}",
        "object": "chat.completion",
        "created": CREATED,
        "model": asked.model,
        "choices": [
            {
                "index": index,
                "message": message,
                "logprobs": None,
                "finish_reason": _finish(produced),
            }
            for index in range(asked.choices)
        ],
        "usage": _usage(produced, asked.choices),
        "system_fingerprint": "fp_simulator",
    }


def chat_events(identity: str, asked: Asked, produced: Produced) -> Iterator[Event]:
    """A chat completion as a stream; usage only when the client asked for it."""

    def chunk(choices: list[Document], usage: Document | None = None) -> Event:
        whole: Document = {
            "id": f"chatcmpl-{identity}",
            "object": "chat.completion.chunk",
            "created": CREATED,
            "model": asked.model,
            "choices": choices,
        }
        if asked.include_usage:
            whole["usage"] = usage
        return Event(None, whole, token=usage is None)

    def delta(index: int, content: Document, finish: str | None = None) -> Event:
        return chunk(
            [{"index": index, "delta": content, "logprobs": None, "finish_reason": finish}]
        )

    for index in range(asked.choices):
        yield delta(index, {"role": "assistant", "content": None if produced.call else ""})
        if (call := produced.call) is not None:
            head = {"name": call.name, "arguments": ""}
            first = {"index": 0, "id": call.id, "type": "function", "function": head}
            yield delta(index, {"tool_calls": [first]})
        for piece in produced.pieces:
            if produced.call is not None:
                yield delta(index, {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
            else:
                yield delta(index, {"content": piece})
        yield delta(index, {}, _finish(produced))
    if asked.include_usage:
        yield chunk([], _usage(produced, asked.choices))
    yield DONE


def completion(identity: str, asked: Asked, produced: Produced) -> Document:
    """A whole legacy completion."""
    return {
        "id": f"cmpl-{identity}",
        "object": "text_completion",
        "created": CREATED,
        "model": asked.model,
        "choices": [
            {
                "index": index,
                "text": produced.text,
                "logprobs": None,
                "finish_reason": _finish(produced),
            }
            for index in range(asked.choices)
        ],
        "usage": _usage(produced, asked.choices),
    }


def completion_events(identity: str, asked: Asked, produced: Produced) -> Iterator[Event]:
    """A legacy completion as a stream."""

    def chunk(choices: list[Document], **more: Any) -> Event:
        head = {"id": f"cmpl-{identity}", "object": "text_completion", "created": CREATED}
        return Event(None, {**head, "model": asked.model, "choices": choices, **more}, token=True)

    for index in range(asked.choices):
        for piece in produced.pieces:
            yield chunk([{"index": index, "text": piece, "logprobs": None, "finish_reason": None}])
        end = {"index": index, "text": "", "logprobs": None, "finish_reason": _finish(produced)}
        yield chunk([end])
    if asked.include_usage:
        yield chunk([], usage=_usage(produced, asked.choices))
    yield DONE


def _response_usage(produced: Produced) -> Document:
    return {
        "input_tokens": produced.input_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": produced.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": produced.input_tokens + produced.output_tokens,
    }


def _output_item(identity: str, produced: Produced, status: str) -> Document:
    if (call := produced.call) is not None:
        return {
            "type": "function_call",
            "id": f"fc_{identity}",
            "call_id": call.id,
            "name": call.name,
            "arguments": call.arguments if status == "completed" else "",
            "status": status,
        }
    part = {"type": "output_text", "text": produced.text, "annotations": []}
    return {
        "type": "message",
        "id": f"msg_{identity}",
        "role": "assistant",
        "status": status,
        "content": [part] if status == "completed" else [],
    }


def response(identity: str, asked: Asked, produced: Produced) -> Document:
    """A whole Responses answer."""
    return _response(identity, asked, produced, "incomplete" if produced.truncated else "completed")


def _response(identity: str, asked: Asked, produced: Produced, status: str) -> Document:
    ended = status != "in_progress"
    return {
        "id": f"resp_{identity}",
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
        "instructions": None,
        "metadata": {},
        "model": asked.model,
        "output": [_output_item(identity, produced, "completed")] if ended else [],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": _response_usage(produced) if ended else None,
    }


def response_events(identity: str, asked: Asked, produced: Produced) -> Iterator[Event]:
    """A Responses answer as typed events, numbered in sequence."""
    for number, (kind, content, token) in enumerate(_response_steps(identity, asked, produced)):
        yield Event(kind, {"type": kind, "sequence_number": number, **content}, token=token)


def _response_steps(
    identity: str, asked: Asked, produced: Produced
) -> Iterator[tuple[str, Document, bool]]:
    begun = _response(identity, asked, produced, "in_progress")
    yield "response.created", {"response": begun}, False
    yield "response.in_progress", {"response": begun}, False
    item = _output_item(identity, produced, "in_progress")
    yield "response.output_item.added", {"output_index": 0, "item": item}, False
    place: Document = {"item_id": item["id"], "output_index": 0}
    if (call := produced.call) is not None:
        for piece in produced.pieces:
            yield "response.function_call_arguments.delta", {**place, "delta": piece}, True
        whole = {**place, "name": call.name, "arguments": call.arguments}
        yield "response.function_call_arguments.done", whole, False
    else:
        place["content_index"] = 0
        empty = {"type": "output_text", "text": "", "annotations": []}
        yield "response.content_part.added", {**place, "part": empty}, False
        for piece in produced.pieces:
            yield "response.output_text.delta", {**place, "delta": piece, "logprobs": []}, True
        full = {**place, "text": produced.text, "logprobs": []}
        yield "response.output_text.done", full, False
        part = {**empty, "text": produced.text}
        yield "response.content_part.done", {**place, "part": part}, False
    done = _output_item(identity, produced, "completed")
    yield "response.output_item.done", {"output_index": 0, "item": done}, False
    final = response(identity, asked, produced)
    yield f"response.{final['status']}", {"response": final}, False

"""A stored answer as a stream, for a client that asked for one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from extproc.llm.sse import encode
from extproc.llm.stream import Json, as_object, objects
from extproc.llm.view import Surface

_CARRIED = ("id", "created", "model", "system_fingerprint", "service_tier")
_CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")


def replay(
    surface: Surface, document: Mapping[str, object], *, include_usage: bool = False
) -> bytes:
    """The whole stream for `document`, texts byte for byte as stored.

    `include_usage` adds OpenAI's extra chunk; the other dialects always tell
    usage. Raises `ValueError` for embeddings, which have no stream.
    """
    stored = dict(document)
    if surface is Surface.MESSAGES:
        return b"".join(_named(event) for event in _messages(stored))
    if surface is Surface.RESPONSES:
        numbered = enumerate(_responses(stored))
        return b"".join(_named({**event, "sequence_number": at}) for at, event in numbered)
    if surface is Surface.EMBEDDINGS:
        raise ValueError("embeddings are not streamed")
    chat = surface is Surface.CHAT_COMPLETIONS
    chunks = b"".join(encode(None, _dump(it)) for it in _chunks(stored, chat, include_usage))
    return chunks + encode(None, "[DONE]")


def _chunks(document: Json, chat: bool, include_usage: bool) -> Iterator[Json]:
    name = "chat.completion.chunk" if chat else "text_completion"
    base: Json = {"object": name} | {key: document[key] for key in _CARRIED if key in document}
    if include_usage:
        base["usage"] = None
    for at, choice in enumerate(objects(document.get("choices"))):
        index = choice.get("index", at)
        logprobs = choice.get("logprobs")
        for piece in _deltas(choice) if chat else _texts(choice):
            yield {**base, "choices": [_choice(index, piece, logprobs, None)]}
            logprobs = None
        last: Json = {"delta": {}} if chat else {"text": ""}
        yield {**base, "choices": [_choice(index, last, None, choice.get("finish_reason"))]}
    if include_usage:
        yield {**base, "choices": [], "usage": document.get("usage")}


def _choice(index: int, piece: Json, logprobs: object, finish_reason: object) -> Json:
    return {"index": index, **piece, "logprobs": logprobs, "finish_reason": finish_reason}


def _texts(choice: Json) -> Iterator[Json]:
    yield {"text": choice.get("text", "")}


def _deltas(choice: Json) -> Iterator[Json]:
    """First the role, then everything else that the message holds."""
    message = dict(as_object(choice.get("message")))
    content = message.get("content")
    first = "" if isinstance(content, str) else None
    yield {"delta": {"role": message.pop("role", "assistant"), "content": first}}
    if content in (None, ""):
        message.pop("content", None)
    calls = message.pop("tool_calls", None)
    rest = {key: value for key, value in message.items() if value is not None}
    if rest:
        yield {"delta": rest}
    for at, call in enumerate(objects(calls)):
        yield {"delta": {"tool_calls": [{"index": at, **call}]}}


def _messages(document: Json) -> Iterator[Json]:
    usage = as_object(document.get("usage"))
    start = {
        **document,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**usage, "output_tokens": 0},
    }
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(objects(document.get("content"))):
        empty, deltas = _block(block)
        yield {"type": "content_block_start", "index": index, "content_block": empty}
        for delta in deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ended = {key: document.get(key) for key in ("stop_reason", "stop_sequence")}
    yield {"type": "message_delta", "delta": ended, "usage": usage or {"output_tokens": 0}}
    yield {"type": "message_stop"}


def _block(block: Json) -> tuple[Json, list[Json]]:
    """A block as it starts, and the deltas that fill it; others start whole."""
    kind = block.get("type")
    if kind == "text":
        deltas: list[Json] = [{"type": "text_delta", "text": block.get("text", "")}]
        cited = objects(block.get("citations"))
        deltas += [{"type": "citations_delta", "citation": citation} for citation in cited]
        empty = {**block, "text": ""}
        return ({**empty, "citations": []} if cited else empty), deltas
    if kind == "thinking":
        text = {"type": "thinking_delta", "thinking": block.get("thinking", "")}
        signature = {"type": "signature_delta", "signature": block.get("signature", "")}
        return {**block, "thinking": "", "signature": ""}, [text, signature]
    if kind in _CALLS:
        partial = {"type": "input_json_delta", "partial_json": _dump(block.get("input", {}))}
        return {**block, "input": {}}, [partial]
    return block, []


def _responses(document: Json) -> Iterator[Json]:
    begun = {**document, "status": "in_progress", "output": [], "usage": None}
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    for index, item in enumerate(objects(document.get("output"))):
        place = {"output_index": index, "item_id": item.get("id", "")}
        empty, events = _item(item)
        yield {"type": "response.output_item.added", "output_index": index, "item": empty}
        yield from ({**event, **place} for event in events)
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    status = document.get("status")
    end = status if status in ("incomplete", "failed") else "completed"
    yield {"type": f"response.{end}", "response": document}


def _item(item: Json) -> tuple[Json, list[Json]]:
    """An output item as it starts, and the events that fill it; others start whole."""
    kind = item.get("type")
    if kind == "message":
        events = [
            event
            for index, part in enumerate(objects(item.get("content")))
            for event in _part(index, part)
        ]
        return {**item, "status": "in_progress", "content": []}, events
    if kind == "function_call":
        arguments = item.get("arguments", "")
        done = {"arguments": arguments, "name": item.get("name", "")}
        return {**item, "status": "in_progress", "arguments": ""}, [
            {"type": "response.function_call_arguments.delta", "delta": arguments},
            {"type": "response.function_call_arguments.done", **done},
        ]
    if kind == "reasoning":
        events = [
            event
            for index, part in enumerate(objects(item.get("summary")))
            for event in _summary(index, part)
        ]
        return {**item, "summary": []}, events
    return item, []


def _part(index: int, part: Json) -> list[Json]:
    key, stem = ("refusal",) * 2 if part.get("type") == "refusal" else ("text", "output_text")
    text = part.get(key, "")
    at = {"content_index": index}
    logprobs: Json = {"logprobs": []} if key == "text" else {}
    return [
        {"type": "response.content_part.added", **at, "part": {**part, key: ""}},
        {"type": f"response.{stem}.delta", **at, "delta": text, **logprobs},
        {"type": f"response.{stem}.done", **at, key: text, **logprobs},
        {"type": "response.content_part.done", **at, "part": part},
    ]


def _summary(index: int, part: Json) -> list[Json]:
    text = part.get("text", "")
    at = {"summary_index": index}
    stem = "response.reasoning_summary"
    return [
        {"type": f"{stem}_part.added", **at, "part": {**part, "text": ""}},
        {"type": f"{stem}_text.delta", **at, "delta": text},
        {"type": f"{stem}_text.done", **at, "text": text},
        {"type": f"{stem}_part.done", **at, "part": part},
    ]


def _named(event: Json) -> bytes:
    return encode(str(event["type"]), _dump(event))


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

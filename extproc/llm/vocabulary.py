"""Which words of the two protocols are not text, and which point to content we cannot read.

The rule of the walk is that every string is text. These tables hold the only
exceptions; each is bounded by the shape of the value as well, so that a
sentence is read wherever it stands.
"""

from __future__ import annotations

import re

from extproc.llm.view import Channel

NOT_TEXT = (
    # Names of things.
    "id",
    "call_id",
    "tool_call_id",
    "tool_use_id",
    "approval_request_id",
    "container_id",
    "connector_id",
    "model",
    "models",
    "signature",
    "authorization",
    "authorization_token",
    # Words from a closed list.
    "type",
    "role",
    "object",
    "status",
    "phase",
    "format",
    "detail",
    "effort",
    "reasoning_effort",
    "reasoning_format",
    "verbosity",
    "include",
    "modalities",
    "service_tier",
    "truncation",
    "encoding_format",
    "tool_choice",
    "function_call",
    "execution",
    "media_type",
    "ttl",
    "search_context_size",
    "require_approval",
    "$schema",
    "$ref",
)
"""Keys whose value no model reads, as long as it is one short token or a signature."""

ONE_TOKEN = re.compile(r"[A-Za-z0-9_.:/@#$+=-]{1,128}", re.ASCII)
FIELD_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_.:$-]{0,63}|[0-9]{1,10}", re.ASCII)
"""Digits alone are token ids, in `logit_bias`."""

REFERENCES = {
    "file_id": "file_id",
    "file_ids": "file_id",
    "vector_store_ids": "vector_store",
    "previous_response_id": "previous_response",
    "conversation": "conversation",
    "container": "container",
    "encrypted_content": "encrypted_content",
    "encrypted_index": "encrypted_content",
    "mcp_servers": "mcp_server",
}
"""Keys whose value stands for content on the server's side."""

REFERENCE_TYPES = {
    "item_reference": "item_reference",
    "redacted_thinking": "encrypted_content",
    "mcp": "mcp_server",
    "container_upload": "file_id",
}
"""Values of `type` that stand for content on the server's side.

Web search and file search bring content too, but after this request: their
results are in the next one, where they are read as tool results.
"""

MEDIA_TYPES = {
    "image": "image",
    "image_url": "image",
    "input_image": "image",
    "image_file": "image",
    "image_embeds": "image",
    "computer_screenshot": "image",
    "image_generation_call": "image",
    "input_audio": "audio",
    "audio": "audio",
    "audio_url": "audio",
    "video": "video",
    "video_url": "video",
    "input_video": "video",
    "file": "file",
    "input_file": "file",
    "file_url": "file",
    "document_url": "file",
}
"""Values of `type` of content parts that are not text."""

MEDIA_KEYS = frozenset(
    {"image_url", "input_audio", "video_url", "audio_url", "file", "file_url", "document_url"}
)
"""Keys that hold media, with or without a `type` beside them."""

DATA_URL = re.compile(r"data:[A-Za-z0-9.+/-]{0,80}(?:;[A-Za-z0-9=._-]{1,60})*,", re.ASCII)
BLOB = re.compile(r"[A-Za-z0-9+/_=\r\n-]+", re.ASCII)
SAMPLE = 400
"""Characters."""
BLOB_KEYS = MEDIA_KEYS | {"url", "data", "file_data", "result", "b64_json"}
TEXT_KEYS = frozenset({"text", "content", "output", "arguments", "thinking", "description", "code"})
"""Keys under which nothing but text is expected, whatever it looks like."""
MIN_BLOB = 512
"""Characters of base64 outside a media part from which a string counts as a blob, not as text."""

TOKEN_LISTS = frozenset({"prompt_token_ids", "token_ids", "prompt_embeds"})
"""Extensions of vLLM that hand over a prompt that is not text."""

FREE = frozenset(
    {"metadata", "variables", "arguments", "input", "action", "headers", "caller_data"}
)
"""Keys of objects whose keys and values are the caller's own."""

SCHEMAS = frozenset({"parameters", "input_schema", "output_schema", "schema", "guided_json"})
NAMED_SCHEMAS = frozenset(
    {"properties", "$defs", "definitions", "patternProperties", "dependentSchemas"}
)
EXAMPLES = frozenset({"default", "example", "examples", "const", "enum"})

CHANNEL_OF_KEY = {
    "tools": Channel.TOOL_DEFINITION,
    "functions": Channel.TOOL_DEFINITION,
    "tool_calls": Channel.TOOL_CALL,
    "function_call": Channel.TOOL_CALL,
    "output": Channel.TOOL_RESULT,
    "outputs": Channel.TOOL_RESULT,
    "results": Channel.TOOL_RESULT,
    "documents": Channel.DOCUMENT,
}

_CHANNEL_OF_TYPE = {
    "document": Channel.DOCUMENT,
    "search_result": Channel.DOCUMENT,
    "tool_use": Channel.TOOL_CALL,
    "tool_result": Channel.TOOL_RESULT,
    "mcp_list_tools": Channel.TOOL_DEFINITION,
    "additional_tools": Channel.TOOL_DEFINITION,
    "tool_addition": Channel.TOOL_DEFINITION,
    "reasoning": Channel.ASSISTANT,
    "compaction": Channel.ASSISTANT,
}


def channel_of_type(kind: str) -> Channel | None:
    """The channel that a part or item of type `kind` speaks in, where the type says so."""
    known = _CHANNEL_OF_TYPE.get(kind)
    if known is not None:
        return known
    if kind.endswith(("_tool_result", "_output", "_tool_result_error")):
        return Channel.TOOL_RESULT
    if kind.endswith(("_call", "_tool_use")):
        return Channel.TOOL_CALL
    return None


def is_data_url(text: str) -> bool:
    """Whether `text` begins as a data URL without spaces; a sample decides."""
    return (
        text.startswith("data:")
        and DATA_URL.match(text, 0, SAMPLE) is not None
        and " " not in text[:SAMPLE]
    )


def is_blob(text: str, min_length: int) -> bool:
    """Whether `text` is a data URL or base64.

    A sample decides: the string is named as unread either way, and no decoder
    takes base64 with prose in it.
    """
    if is_data_url(text):
        return True
    return len(text) >= min_length and BLOB.fullmatch(text[:SAMPLE]) is not None

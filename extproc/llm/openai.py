"""Texts of OpenAI's chat completions, completions and embeddings requests."""

from __future__ import annotations

from collections.abc import Mapping

from extproc.llm.fields import Document, as_list, as_object, refuse
from extproc.llm.view import Channel, Uninspectable
from extproc.llm.walk import ASSISTANT, SYSTEM, TOOLS, USER, Voice, Walker
from extproc.verdict import Keys

CHANNEL_OF_ROLE: Mapping[str, Channel] = {
    "system": Channel.SYSTEM,
    "developer": Channel.SYSTEM,
    "assistant": Channel.ASSISTANT,
    "tool": Channel.TOOL_RESULT,
    "function": Channel.TOOL_RESULT,
}
"""Every other role speaks as the user."""

VOICE_OF_KEY: Mapping[str, Voice] = {
    "tools": TOOLS,
    "functions": TOOLS,
    "response_format": TOOLS,
    "text": TOOLS,
    "prediction": ASSISTANT,
    "chat_template": SYSTEM,
    "documents": Voice("user", Channel.DOCUMENT),
}


def read_chat(walker: Walker, document: Document) -> None:
    if not as_list(document.get("messages"), ("messages",)):
        refuse("must not be empty", ("messages",))
    for key, value in document.items():
        if key == "messages":
            for index, message in enumerate(as_list(value, (key,))):
                _message(walker, message, (key, index))
        else:
            option(walker, key, value)


def read_completion(walker: Walker, document: Document) -> None:
    for key, value in document.items():
        if key == "prompt":
            _texts(walker, value, (key,))
        else:
            option(walker, key, value)


def read_embeddings(walker: Walker, document: Document) -> None:
    if document.get("input") is None:
        refuse("is required", ("input",))
    for key, value in document.items():
        if key == "input":
            _texts(walker, value, (key,))
        else:
            option(walker, key, value)


def option(walker: Walker, key: str, value: object) -> None:
    """A top-level key beside the prompt itself, known or not."""
    if key == "model":
        return
    if key in {"tools", "functions"} and value is not None:
        for index, tool in enumerate(as_list(value, (key,))):
            as_object(tool, (key, index))
    walker.odd_keys((key,), USER, (key,))
    walker.field(key, value, VOICE_OF_KEY.get(key, USER), (key,))


def voice_of(message: Document, keys: Keys) -> Voice:
    """Who speaks, by `role`, which must be there."""
    role = message.get("role")
    if role is None:
        refuse("is required", (*keys, "role"))
    if not isinstance(role, str) or not role:
        refuse("must be a string", (*keys, "role"))
    return Voice(role, CHANNEL_OF_ROLE.get(role, Channel.USER))


def _message(walker: Walker, value: object, keys: Keys) -> None:
    message = as_object(value, keys)
    voice = voice_of(message, keys)
    walker.odd_keys(message, voice, keys)
    for key, item in message.items():
        if key == "content":
            walker.content(item, voice, (*keys, key))
            continue
        if key == "tool_calls" and item is not None:
            for at, call in enumerate(as_list(item, (*keys, key))):
                as_object(call, (*keys, key, at))
        if key == "audio" and item is not None:
            walker.miss(Uninspectable.REFERENCES, "audio", (*keys, key))
        walker.field(key, item, voice, (*keys, key))


def _texts(walker: Walker, value: object, keys: Keys) -> None:
    """A string, a list of strings, or token ids as a list or a list of lists."""
    if isinstance(value, str):
        walker.say(value, USER, keys)
        return
    if value is None:
        return
    items = as_list(value, keys)
    if not items:
        refuse("must not be empty", keys)
    if isinstance(items[0], str | dict):
        for index, item in enumerate(items):
            _text(walker, item, (*keys, index))
    elif all(_is_token(item) or _is_token_list(item) for item in items):
        walker.miss(Uninspectable.TEXT, "token_ids", keys)
    else:
        refuse("must be a string, a list of strings or token ids", keys)


def _text(walker: Walker, value: object, keys: Keys) -> None:
    """A string, or an object where an upstream embeds more than text."""
    if isinstance(value, str):
        walker.say(value, USER, keys)
    elif isinstance(value, dict):
        walker.known(value, USER, keys)
    else:
        refuse("must be a string", keys)


def _is_token(value: object) -> bool:
    return type(value) is int


def _is_token_list(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_token, value))

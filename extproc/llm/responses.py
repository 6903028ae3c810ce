"""Texts of OpenAI's Responses requests."""

from __future__ import annotations

from extproc.llm.fields import Document, as_list, as_object, optional_string, refuse
from extproc.llm.openai import option, voice_of
from extproc.llm.view import Uninspectable
from extproc.llm.vocabulary import channel_of_type
from extproc.llm.walk import ASSISTANT, SYSTEM, USER, Voice, Walker
from extproc.verdict import Keys


def read(walker: Walker, document: Document) -> None:
    """`input` may be missing: a stored prompt or conversation can stand for it."""
    optional_string(document, "previous_response_id")
    for key, value in document.items():
        if value is None:
            continue
        if key == "input":
            _input(walker, value, (key,))
        elif key == "instructions":
            _instructions(walker, value, (key,))
        elif key == "prompt":
            walker.miss(Uninspectable.REFERENCES, "stored_prompt", (key,))
            walker.known(as_object(value, (key,)), USER, (key,))
        else:
            option(walker, key, value)


def _instructions(walker: Walker, value: object, keys: Keys) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _item(walker, item, (*keys, index), SYSTEM)
    elif isinstance(value, str):
        walker.say(value, SYSTEM, keys)
    else:
        refuse("must be a string", keys)


def _input(walker: Walker, value: object, keys: Keys) -> None:
    if isinstance(value, str):
        walker.say(value, USER, keys)
        return
    if not isinstance(value, list):
        refuse("must be a string or a list of items", keys)
    for index, item in enumerate(as_list(value, keys)):
        _item(walker, item, (*keys, index), USER)


def _item(walker: Walker, value: object, keys: Keys, voice: Voice) -> None:
    """A message, when it has no type or says so; else whatever its type is."""
    item = as_object(value, keys)
    kind = item.get("type", "message")
    if not isinstance(kind, str):
        refuse("must be a string", (*keys, "type"))
    if kind != "message":
        if kind == "input_text" and not isinstance(item.get("text"), str):
            refuse("must be a string", (*keys, "text"))
        walker.check_content(item.get("content"), (*keys, "content"))
        walker.known(item, _voice_of_type(kind, voice), keys)
        return
    voice = voice_of(item, keys)
    walker.odd_keys(item, voice, keys)
    for key, part in item.items():
        if key == "content":
            walker.content(part, voice, (*keys, key))
        else:
            walker.field(key, part, voice, (*keys, key))


def _voice_of_type(kind: str, otherwise: Voice) -> Voice:
    """Items without a role: calls and reasoning are the model's, results the tool's."""
    channel = channel_of_type(kind)
    if channel is None:
        return otherwise
    result = kind.endswith("_output")
    return Voice("tool" if result else ASSISTANT.role, channel)

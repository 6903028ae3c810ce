"""Texts of Anthropic's Messages requests."""

from __future__ import annotations

from extproc.llm.fields import Document, as_list, as_object, refuse
from extproc.llm.openai import option, voice_of
from extproc.llm.walk import SYSTEM, Walker
from extproc.verdict import Keys


def read(walker: Walker, document: Document) -> None:
    if not as_list(document.get("messages"), ("messages",)):
        refuse("must not be empty", ("messages",))
    for key, value in document.items():
        if key == "messages":
            for index, message in enumerate(as_list(value, (key,))):
                _message(walker, message, (key, index))
        elif key == "system":
            walker.content(value, SYSTEM, (key,))
        else:
            option(walker, key, value)


def _message(walker: Walker, value: object, keys: Keys) -> None:
    message = as_object(value, keys)
    voice = voice_of(message, keys)
    walker.odd_keys(message, voice, keys)
    for key, item in message.items():
        if key == "content":
            if item is None:
                refuse("must be a string or a list of parts", (*keys, key))
            walker.content(item, voice, (*keys, key))
        else:
            walker.field(key, item, voice, (*keys, key))

"""Collects every text of a request document, and names what cannot be read.

Nothing is skipped for being unknown: a key that only some upstream
understands is walked like any other. `vocabulary` holds the exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from extproc.llm import vocabulary as words
from extproc.llm.fields import refuse
from extproc.llm.view import Channel, Span, Uninspectable, Unread, json_path
from extproc.verdict import Keys

LONG_NUMBER = 1_000_000
"""In free objects, numbers from here on are read as text: a card number is one."""
TOKEN_IDS = 16
"""A longer list of integers is taken for a tokenised prompt."""


class Voice(NamedTuple):
    """Who says it."""

    role: str
    channel: Channel


USER = Voice("user", Channel.USER)
SYSTEM = Voice("system", Channel.SYSTEM)
ASSISTANT = Voice("assistant", Channel.ASSISTANT)
TOOLS = Voice("tool", Channel.TOOL_DEFINITION)


class Walker:
    """One walk over one document; `spans` and `unread` are its result, in document order."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.unread: list[Unread] = []
        self._in_media = False

    def say(self, text: str, voice: Voice, keys: Keys, editable: bool = True) -> None:
        if text:
            self.spans.append(Span(text, voice.role, voice.channel, keys, editable))

    def miss(self, kind: Uninspectable, what: str, keys: Keys) -> None:
        self.unread.append(Unread(kind, what, json_path(keys)))

    def free(self, value: object, voice: Voice, keys: Keys) -> None:
        """The caller's own data: keys, strings and long numbers, none excepted."""
        if isinstance(value, str):
            self.say(value, voice, keys)
        elif isinstance(value, dict):
            self.say("\n".join(value), voice, keys, editable=False)
            for key, item in value.items():
                self.free(item, voice, (*keys, key))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                self.free(item, voice, (*keys, index))
        elif isinstance(value, int | float) and abs(value) >= LONG_NUMBER:
            whole = isinstance(value, int) or value.is_integer()
            self.say(str(int(value) if whole else value), voice, keys, editable=False)

    def schema(self, value: object, voice: Voice, keys: Keys) -> None:
        """A JSON Schema: names of properties, descriptions, examples and all other strings."""
        if isinstance(value, list):
            for index, item in enumerate(value):
                self.schema(item, voice, (*keys, index))
        elif not isinstance(value, dict):
            self.free(value, voice, keys)
        else:
            self.odd_keys(value, voice, keys)
            properties = value.get("properties")
            for key, item in value.items():
                self._schema_field(key, item, properties, voice, (*keys, key))

    def _schema_field(
        self, key: str, item: object, properties: object, voice: Voice, keys: Keys
    ) -> None:
        if key in words.NAMED_SCHEMAS and isinstance(item, dict):
            self.say("\n".join(item), voice, keys, editable=False)
            for name, schema in item.items():
                self.schema(schema, voice, (*keys, name))
        elif key == "required" and isinstance(item, list):
            named = properties if isinstance(properties, dict) else {}
            for index, name in enumerate(item):
                if not (isinstance(name, str) and name in named):
                    self.free(name, voice, (*keys, index))
        elif key in words.EXAMPLES:
            self.free(item, voice, keys)
        elif key in words.NOT_TEXT or isinstance(item, str):
            self.field(key, item, voice, keys)
        else:
            self.schema(item, voice, keys)

    def known(self, value: dict[str, object], voice: Voice, keys: Keys) -> None:
        """An object of the protocol: a part, an item, a tool, an option."""
        kind = value.get("type")
        within_media = self._in_media
        if isinstance(kind, str):
            channel = words.channel_of_type(kind)
            if channel is not None:
                voice = Voice(voice.role, channel)
            self._miss_by_type(kind, value, keys)
        self.odd_keys(value, voice, keys)
        for key, item in value.items():
            self.field(key, item, voice, (*keys, key))
        self._in_media = within_media

    def field(self, key: str, value: object, voice: Voice, keys: Keys) -> None:
        """What stands under `key` in an object of the protocol; `keys` ends with it."""
        if value is None or isinstance(value, bool):
            return
        if key in words.REFERENCES:
            if value and not (key == "container" and isinstance(value, dict)):
                self.miss(Uninspectable.REFERENCES, words.REFERENCES[key], keys)
        elif key in words.TOKEN_LISTS:
            self.miss(Uninspectable.TEXT, key, keys)
        channel = words.CHANNEL_OF_KEY.get(key)
        if channel is not None:
            voice = Voice(voice.role, channel)
        if isinstance(value, str):
            self._string(key, value, voice, keys)
        elif isinstance(value, dict):
            self._object(key, value, voice, keys)
        elif isinstance(value, list):
            self._list(key, value, voice, keys)

    def _string(self, key: str, text: str, voice: Voice, keys: Keys) -> None:
        opaque = key in words.NOT_TEXT or key in words.REFERENCES or key in words.TOKEN_LISTS
        if opaque and (words.ONE_TOKEN.fullmatch(text) or words.is_blob(text, 64)):
            return
        if key in words.MEDIA_KEYS and not self._in_media:
            self.miss(Uninspectable.MEDIA, words.MEDIA_TYPES[key], keys)
            if words.is_blob(text, 1):
                return
        elif key in words.BLOB_KEYS and words.is_blob(
            text, 1 if self._in_media else words.MIN_BLOB
        ):
            if not self._in_media:
                self.miss(Uninspectable.MEDIA, "base64", keys)
            return
        elif key not in words.TEXT_KEYS and words.is_data_url(text):
            self.miss(Uninspectable.MEDIA, "data_url", keys)
            return
        self.say(text, voice, keys)

    def _object(self, key: str, value: dict[str, object], voice: Voice, keys: Keys) -> None:
        if key in words.FREE:
            self.free(value, voice, keys)
        elif key in words.SCHEMAS:
            self.schema(value, voice, keys)
        elif not self._in_media and (key in words.MEDIA_KEYS or _is_opaque_source(key, value)):
            if not _by_file_id(value):
                self.miss(Uninspectable.MEDIA, words.MEDIA_TYPES.get(key, "document"), keys)
            self._in_media = True
            self.known(value, voice, keys)
            self._in_media = False
        else:
            self.known(value, voice, keys)

    def _list(self, key: str, value: list[object], voice: Voice, keys: Keys) -> None:
        if len(value) > TOKEN_IDS and all(type(item) is int for item in value):
            self.miss(Uninspectable.TEXT, "token_ids", keys)
            return
        for index, item in enumerate(value):
            if isinstance(item, str):
                self._string(key, item, voice, (*keys, index))
            elif isinstance(item, dict):
                self.known(item, voice, (*keys, index))
            elif isinstance(item, list):
                self._list(key, item, voice, (*keys, index))

    def content(self, value: object, voice: Voice, keys: Keys) -> None:
        """A message's content: a string or a list of parts."""
        if isinstance(value, str):
            self.say(value, voice, keys)
        elif isinstance(value, list):
            for index, part in enumerate(value):
                self.part(part, voice, (*keys, index))
        elif value is not None:
            refuse("must be a string or a list of parts", keys)

    def part(self, part: object, voice: Voice, keys: Keys) -> None:
        """One part of a content list; text parts must hold text."""
        if isinstance(part, str):
            self.say(part, voice, keys)
        elif not isinstance(part, dict):
            refuse("must be an object", keys)
        else:
            kind = part.get("type", "")
            if not isinstance(kind, str):
                refuse("must be a string", (*keys, "type"))
            if kind in _TEXT_PARTS and not isinstance(part.get("text"), str):
                refuse("must be a string", (*keys, "text"))
            if kind == "tool_result":
                self.check_content(part.get("content"), (*keys, "content"))
            self.known(part, voice, keys)

    def check_content(self, value: object, keys: Keys) -> None:
        """Refuses what no upstream takes as content, without reading it."""
        if isinstance(value, list):
            for index, part in enumerate(value):
                if not isinstance(part, dict | str):
                    refuse("must be an object", (*keys, index))
        elif value is not None and not isinstance(value, str):
            refuse("must be a string or a list of parts", keys)

    def _miss_by_type(self, kind: str, value: dict[str, object], keys: Keys) -> None:
        if kind in words.REFERENCE_TYPES:
            if "file_id" not in value:
                self.miss(Uninspectable.REFERENCES, words.REFERENCE_TYPES[kind], keys)
            # What an opaque part carries as `data` is named already.
            self._in_media = self._in_media or "data" in value
        elif kind in words.MEDIA_TYPES:
            if not _by_file_id(value):
                self.miss(Uninspectable.MEDIA, words.MEDIA_TYPES[kind], keys)
            self._in_media = True

    def odd_keys(self, names: Iterable[str], voice: Voice, keys: Keys) -> None:
        """Keys that are no field's name are text that somebody put there."""
        odd = [name for name in names if words.FIELD_NAME.fullmatch(name) is None]
        if odd:
            self.say("\n".join(odd), voice, keys, editable=False)


_TEXT_PARTS = frozenset({"text", "input_text", "output_text", "summary_text", "reasoning_text"})


def _by_file_id(value: dict[str, object]) -> bool:
    inner = (value, value.get("file"), value.get("source"), value.get("image_file"))
    return any(isinstance(item, dict) and item.get("file_id") for item in inner)


def _is_opaque_source(key: str, value: dict[str, object]) -> bool:
    """The source of an Anthropic document that is not text."""
    return key == "source" and value.get("type") in ("base64", "url")


def text_size(spans: list[Span]) -> int:
    """UTF-8 bytes of all spans."""
    return sum(
        len(span.text) if span.text.isascii() else len(span.text.encode("utf-8")) for span in spans
    )

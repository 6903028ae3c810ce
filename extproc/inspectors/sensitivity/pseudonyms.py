"""Typed placeholders for values, and the values for placeholders, within one exchange.

A placeholder is ``<TYPE_XXXXXX>``: the entity's type, then a digit and five
letters or digits that are a keyed digest of the value. Types hold letters only
and every code begins with a digit, so none is a prefix of another.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import regex  # type: ignore[import-untyped]

DIGITS = "23456789"
CODE = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Nothing that a reader or a model takes for something else."""
LENGTH = 6

_LETTERS = re.compile(r"[^A-Z]+")
_SEPARATOR = r"(?:\\{0,3}[_ -])"
_WRAPPED = (("<", ">"), (r"\\<", r"\\>"), ("&lt;", "&gt;"), (r"\\u003c", r"\\u003e"))
"""How the brackets come back: as they went, escaped for Markdown, HTML or JSON."""

Key = tuple[str, str]
"""The letters of the type and the code, in upper case."""


class Pseudonyms:
    """Gives placeholders out. The same value has the same one wherever `key` and `scope` agree."""

    def __init__(
        self, key: bytes, scope: Iterable[str], types: Iterable[str], texts: Iterable[str]
    ) -> None:
        """`texts`: all that is sent; no placeholder is given out that stands there already."""
        self._key = key
        self._scope = tuple(scope)
        self._given: dict[tuple[str, str], str] = {}
        self._values: dict[Key, str] = {}
        self._names = {type_: _name(type_) for type_ in types}
        self._taken = set(_spoken(_pattern(self._names.values()), texts))

    def of(self, type_: str, value: str) -> str:
        """`type_` must be one of the types that were named."""
        given = self._given.get((type_, value))
        if given is None:
            given = self._given[type_, value] = self._new(type_, value)
        return given

    @property
    def placeholders(self) -> Placeholders:
        """Those that were given out until now."""
        return Placeholders(self._names.values(), self._values)

    def _new(self, type_: str, value: str) -> str:
        name, attempt = self._names[type_], 0
        while True:
            code = self._code(type_, value, attempt)
            key = (_LETTERS.sub("", name), code)
            if key not in self._values and key not in self._taken:
                self._values[key] = value
                return f"<{name}_{code}>"
            attempt += 1

    def _code(self, type_: str, value: str, attempt: int) -> str:
        parts = json.dumps([*self._scope, type_, value, attempt]).encode()
        number = int.from_bytes(hmac.digest(self._key, parts, "sha256")[:8])
        number, first = divmod(number, len(DIGITS))
        code = DIGITS[first]
        for _ in range(LENGTH - 1):
            number, at = divmod(number, len(CODE))
            code += CODE[at]
        return code


class Placeholders:
    """The placeholders of one exchange, however a model spells them, and their values."""

    def __init__(self, names: Iterable[str], values: Mapping[Key, str]) -> None:
        names = tuple(names)
        self._pattern = _pattern(names)
        self._values = values
        self._longest = max((4 * len(name) for name in names), default=0) + 40
        """More than the characters of any spelling."""
        self._initials = frozenset("<\\&" + "".join(name[0] + name[0].lower() for name in names))

    def restore(self, text: str, *, is_json: bool, final: bool = True) -> tuple[str, str]:
        """`text` with the values back in, and what must wait for more text.

        That is empty when `final`, else the end of `text` that could still
        become a placeholder. `is_json`: `text` is JSON, values are escaped for it.
        """
        out: list[str] = []
        passed = begin = 0
        while True:
            found = self._pattern.search(text, begin)
            wait = len(text) if final else self._begun(text, begin)
            if found is None or wait < found.start():
                return "".join((*out, text[passed:wait])), text[wait:]
            value = self._values.get(_key(found))
            if value is None:
                begin = found.start() + 1
                continue
            if is_json:
                value = json.dumps(value, ensure_ascii=False)[1:-1]
            out += (text[passed : found.start()], value)
            passed = begin = found.end()

    def _begun(self, text: str, begin: int) -> int:
        """Where the first placeholder begins that `text` ends in the middle of; else its length."""
        for at in range(max(begin, len(text) - self._longest), len(text)):
            if text[at] in self._initials:
                found = self._pattern.fullmatch(text, at, partial=True)
                if found is not None and found.partial:
                    return at
        return len(text)


class Restorer:
    """One text that comes in pieces. Holds back only what could still become a placeholder."""

    def __init__(self, placeholders: Placeholders, *, is_json: bool) -> None:
        self._placeholders = placeholders
        self._is_json = is_json
        self._rest = ""

    def feed(self, piece: str) -> str:
        out, self._rest = self._placeholders.restore(
            self._rest + piece, is_json=self._is_json, final=False
        )
        return out

    def end(self) -> str:
        rest, self._rest = self._rest, ""
        return self._placeholders.restore(rest, is_json=self._is_json)[0]


def _name(type_: str) -> str:
    return re.sub(r"[^A-Z_]", "", type_).strip("_") or "VALUE"


def _pattern(names: Iterable[str]) -> Any:
    """Matches a placeholder of these types, whatever its code; groups: name and code."""
    spelled = sorted({_SEPARATOR.join(re.split("_+", name)) for name in names}, reverse=True)
    core = rf"(?P<name>{'|'.join(spelled)}){_SEPARATOR}(?P<code>[0-9][A-Z0-9]{{{LENGTH - 1}}})"
    forms = [f"{opening}{core}{closing}" for opening, closing in _WRAPPED]
    return regex.compile("|".join((*forms, core)), regex.IGNORECASE | regex.ASCII)


def _key(found: Any) -> Key:
    return _LETTERS.sub("", found["name"].upper()), found["code"].upper()


def _spoken(pattern: Any, texts: Iterable[str]) -> Iterable[Key]:
    for text in texts:
        for found in pattern.finditer(text, overlapped=True):
            yield _key(found)

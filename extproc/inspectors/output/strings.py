"""Where a text that is JSON is within a string: what replaces a bare number must be one."""

from __future__ import annotations

import copy
import json
import re

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_MARK = re.compile(r'["\\]')


class Strings:
    """Follows one text from its beginning, in pieces cut anywhere."""

    def __init__(self) -> None:
        self._is_json: bool | None = None
        self._inside = False
        self._escaped = False

    @property
    def bare(self) -> bool:
        """In JSON, and not in a string of it."""
        return bool(self._is_json) and not self._inside

    def feed(self, piece: str) -> None:
        if self._is_json is None:
            begun = piece.lstrip()
            if not begun:
                return
            self._is_json = begun[0] in "{["
        if not self._is_json or not piece:
            return
        at = 1 if self._escaped else 0
        self._escaped = False
        while (mark := _MARK.search(piece, at)) is not None:
            at = mark.end()
            if mark[0] == '"':
                self._inside = not self._inside
            elif at == len(piece):
                self._escaped = True
            else:
                at += 1

    def fitting(self, said: str, value: str, before: str) -> str:
        """`said` as it may stand for `value`, with `before` between here and there."""
        if self._is_json is False or _NUMBER.fullmatch(value) is None:
            return said
        there = copy.copy(self)
        there.feed(before)
        return json.dumps(said) if there.bare else said

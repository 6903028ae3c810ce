"""A text that streams by, judged piece by piece as it would be judged whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from extproc.inspectors.output.strings import Strings

LOOK = 96
"""Characters that must follow a digit before it goes on: numbers go on, and words say what they are."""
CONTEXT = 256
"""Characters before, which count as context and are not looked at again."""
LONGEST = 20_000
"""What is held back at most, in characters."""

_FIGURE = re.compile(r"[0-9]")
_LONGEST_WORD = 4_096
_NUMBERS = 200
_FIGURES_BEFORE = re.compile(r"(?:[0-9()+./-]{1,24}\s){1,8}\Z")
_OPEN = re.compile(
    r"<[A-Za-z!/][^<>]{0,600}\Z"
    r"|!\[[^\]\n]{0,200}(?:\](?:\([^)\s]{0,2000})?)?\Z"
    r"|-----BEGIN(?:(?!-----END [A-Z ]{0,40}-----)[\s\S])*\Z"
)
"""Markup and keys that have begun and not ended."""


class Found(Protocol):
    """One thing in a text; offsets are code points."""

    @property
    def type(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def score(self) -> float: ...


Find = Callable[[str], Sequence[Found]]
Judge = Callable[[Found], str]
"""What stands in the place of something found; raises `Refusal` where nothing may."""


class Window:
    """Holds back the last word, and what stands near a figure or in markup that is still open."""

    def __init__(self, find: Find, judge: Judge) -> None:
        self._find = find
        self._judge = judge
        self._context = ""
        self._held = ""
        self._strings = Strings()

    def feed(self, piece: str) -> str:
        self._held += piece
        return self._release(_settled(self._held))

    def end(self) -> str:
        return self._release(len(self._held))

    def _release(self, upto: int) -> str:
        """Lets go what stands before `upto`, or before something that reaches across it."""
        if not upto:
            return ""
        before = len(self._context)
        text = self._context + self._held
        found = [one for one in self._find(text) if one.end > before]
        if upto < len(self._held):
            across = [one.start - before for one in found if one.end - before > upto]
            upto = max(0, min([upto, *across]))
        released = replaced(
            text[: before + upto],
            [f for f in found if f.end <= before + upto],
            self._judge,
            before,
            self._strings,
        )
        self._strings.feed(self._held[:upto])
        self._context = text[max(0, before + upto - CONTEXT) : before + upto]
        self._held = text[before + upto :]
        return released


def replaced(
    text: str,
    found: Sequence[Found],
    judge: Judge,
    begin: int = 0,
    strings: Strings | None = None,
) -> str:
    """`text` from `begin` on, with what was found judged and replaced.

    `strings` has followed the text up to `begin`; what is JSON stays JSON.
    """
    strings = strings or Strings()
    out: list[str] = []
    at = begin
    for one in sorted(found, key=lambda one: one.start):
        said = judge(one)
        if one.end <= at:
            continue
        start = max(at, one.start)
        fitting = strings.fitting(said, text[start : one.end], text[begin:start])
        if fitting != said and start > at and text[start - 1] == "-":
            start -= 1  # the sign of the number
        out += (text[at:start], fitting)
        at = one.end
    return "".join((*out, text[at:]))


def _settled(held: str) -> int:
    """How much of `held` cannot become part of something else any more."""
    size = len(held)
    if size > LONGEST:
        return size - LONGEST // 2
    upto = _word_begin(held, size)
    figure = _FIGURE.search(held, max(0, size - LOOK))
    if figure is not None:
        upto = min(upto, _word_begin(held, figure.start()))
        numbers = _FIGURES_BEFORE.search(held, max(0, upto - _NUMBERS), upto)
        upto = upto if numbers is None else numbers.start()
    opened = _OPEN.search(held)
    return upto if opened is None else min(upto, opened.start())


def _word_begin(held: str, end: int) -> int:
    at, floor = end, max(0, end - _LONGEST_WORD)
    while at > floor and not held[at - 1].isspace():
        at -= 1
    return at

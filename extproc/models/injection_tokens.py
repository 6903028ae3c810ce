"""Text → overlapping windows of WordPiece tokens, for MiniLM's vocabulary.

Nothing is left out: no truncation, no unknown long words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

WINDOW = 128
"""Tokens read at once, the two marks around them included. The model takes 256, but its
score is a mean over tokens, so a short order drowns in a long window; with `OVERLAP`
the cost per text is the same."""
OVERLAP = 24
"""Tokens that neighbouring windows share: an order of one sentence fits."""

_CONTENT = WINDOW - 2
CLS, SEP, UNK = 101, 102, 100
_PIECE = 8192
"""Code points tokenised at once: bounds memory and how long one call holds on."""
_LONG_WORD = re.compile(r"[^\s!-/:-@\[-`{-~]{100,}")
_WORD = 96
"""WordPiece turns a word over 100 characters into one unknown token: a way to
hide text by leaving out the spaces. Longer words are read in parts."""


Token = tuple[int, int, int]
"""Vocabulary id, and start and end as code points."""

_RUN = re.compile(r"[!-~]{100,}")
_LEGIBLE = 2.2
"""Characters a token must stand for on average, in a stretch without spaces."""


@dataclass(frozen=True, slots=True)
class Window:
    """A run of tokens; `start` and `end` are code points of the text it came from."""

    start: int
    end: int
    ids: tuple[int, ...]
    """Without the marks at both ends; at most `WINDOW` - 2."""
    channel: str


class Tokens:
    """The tokenizer in the file `path`. Calls may come from several threads at once."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        # "[SEP]" in a prompt is six characters, not a mark of ours.
        self._tokenizer.encode_special_tokens = True

    def windows(self, text: str, channel: str) -> Iterator[Window]:
        """Windows that together cover all of `text`, made as they are asked for."""
        return windows(self._tokens(text), len(text), channel)

    def ids(self, text: str) -> list[int]:
        """Of a text as a whole; unknown words are `UNK`. Keeps the interpreter's lock: for short texts."""
        encoding: Any = self._tokenizer.encode(text, add_special_tokens=False)
        return list(encoding.ids)

    def word(self, word: str) -> int:
        """The id of a word of the vocabulary. Raises `KeyError` when it is none."""
        found: int | None = self._tokenizer.token_to_id(word)
        if found is None:
            raise KeyError(word)
        return found

    def _tokens(self, text: str) -> Iterator[Token]:
        for at, piece in pieces(text):
            for token, start, end in legible(piece, self._encode(piece)):
                yield token, at + start, at + end

    def _encode(self, piece: str) -> list[Token]:
        spaced, breaks = broken(piece)
        # `encode` keeps the interpreter lock for its whole run; a batch of one does not.
        encoding: Any = self._tokenizer.encode_batch([spaced], add_special_tokens=False)[0]
        # Every break before a place has moved it by one. Unknown tokens are left out: emoji
        # and scripts outside the vocabulary the model scores at random, and between words
        # they would only water an attack down.
        return [
            (token, start - bisect_left(breaks, start), end - bisect_left(breaks, end))
            for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
            if token != UNK
        ]


def legible(piece: str, tokens: list[Token]) -> list[Token]:
    """`tokens` without those of binary data and rows of signs: no spaces, no words.

    In words without spaces a token has three letters and more, in random
    characters fewer than two. The model has no opinion on those, only noise.
    """
    parts = [
        (start, min(start + _WORD, run.end()))
        for run in _RUN.finditer(piece)
        for start in range(run.start(), run.end(), _WORD)
    ]
    if not parts:
        return tokens
    starts = [start for _, start, _ in tokens]
    kept: list[Token] = []
    done = 0
    for start, end in parts:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        kept += tokens[done:first]
        if (last - first) * _LEGIBLE <= end - start:
            kept += tokens[first:last]
        done = last
    return kept + tokens[done:]


def windows(tokens: Iterator[Token], length: int, channel: str) -> Iterator[Window]:
    """Overlapping windows over `tokens` that leave out no code point of ``range(length)``."""
    held: list[Token] = []
    start = 0
    for token in tokens:
        if len(held) == _CONTENT:
            end = max(held[-1][2], start)
            yield Window(start, end, tuple(t[0] for t in held), channel)
            held = held[-OVERLAP:]
            start = min(held[0][1], end)
        held.append(token)
    yield Window(start, length, tuple(t[0] for t in held), channel)


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Consecutive parts of `text` and where they start, cut at white space where there is some."""
    at = 0
    while at < len(text):
        end = min(at + _PIECE, len(text))
        if end < len(text):
            end = max(text.rfind(" ", at, end), text.rfind("\n", at, end)) + 1 or end
        yield at, text[at:end]
        at = end


def broken(text: str) -> tuple[str, list[int]]:
    """Long words broken by spaces, and where in the result the spaces stand."""
    if _LONG_WORD.search(text) is None:
        return text, []
    parts: list[str] = []
    breaks: list[int] = []
    at = 0
    for word in _LONG_WORD.finditer(text):
        for cut in range(word.start() + _WORD, word.end(), _WORD):
            parts.append(text[at:cut])
            breaks.append(cut + len(breaks))
            at = cut
    parts.append(text[at:])
    return " ".join(parts), breaks

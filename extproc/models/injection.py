"""The injection classifier: text → windows of tokens → scores in [0, 1].

The weights are those of `stackone-defender` (int8 MiniLM), run
through onnxruntime directly: the package cuts text at 10,000 characters and
runs on every core. Windows run one at a time and unpadded. Measured on one
thread that is as fast as batching (8.1 ms a row of 128 tokens, alone or in a
batch of 8), and since the model quantises activations over the whole batch, it
is also what makes a window's score depend on nothing but the window.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import as_file, files
from typing import Any, Protocol

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

WINDOW = 128
"""Tokens read at once, the two marks around them included. The model takes 256, but its
score is a mean over tokens, so a short order drowns in a long window; with `OVERLAP`
the cost per text is the same."""
OVERLAP = 24
"""Tokens that neighbouring windows share: an order of one sentence fits."""

_CONTENT = WINDOW - 2
_CLS, _SEP, _UNK = 101, 102, 100
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


class ClassifierError(Exception):
    """The model gave no usable score."""


@dataclass(frozen=True, slots=True)
class Window:
    """A run of tokens; `start` and `end` are code points of the text it came from."""

    start: int
    end: int
    ids: tuple[int, ...]
    """Without the marks at both ends; at most `WINDOW` - 2."""
    channel: str


class Classifier(Protocol):
    """Calls may come from several threads at once."""

    @property
    def version(self) -> str:
        """Changes whenever a score could: part of every key a score is kept under."""

    def windows(self, text: str, channel: str) -> Iterator[Window]:
        """Windows that together cover all of `text`, made as they are asked for."""

    def score(self, windows: Sequence[Window]) -> list[float]:
        """One score in [0, 1] per window. Raises `ClassifierError` for NaN."""


class StackOne:
    """`stackone-defender`'s MiniLM on `threads` threads per call."""

    def __init__(self, threads: int = 1) -> None:
        folder = files("stackone_defender") / "models" / "minilm-multihead-v5"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        with as_file(folder) as path:
            self._session = onnxruntime.InferenceSession(
                str(path / "model_quantized.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        # "[SEP]" in a prompt is six characters, not a mark of ours.
        self._tokenizer.encode_special_tokens = True
        self._version = f"stackone-{version('stackone-defender')}-c{CALIBRATION}"

    @property
    def version(self) -> str:
        return self._version

    def windows(self, text: str, channel: str) -> Iterator[Window]:
        return windows(self._tokens(text), len(text), channel)

    def score(self, windows: Sequence[Window]) -> list[float]:
        return [
            calibrate(self.logit(window.ids), window.channel) if window.ids else 0.0
            for window in windows
        ]

    def logit(self, ids: Sequence[int]) -> float:
        """The main head's raw answer. Raises `ClassifierError` when it is not finite."""
        if degenerate(ids):
            return -math.inf
        row = np.array([[_CLS, *ids, _SEP]], dtype=np.int64)
        inputs = {"input_ids": row, "attention_mask": np.ones_like(row)}
        logit = float(self._session.run(None, inputs)[0][0][0])
        if not math.isfinite(logit):
            raise ClassifierError("the classifier's score is not a number")
        return logit

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
            if token != _UNK
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


def degenerate(ids: Sequence[int]) -> bool:
    """Rows of rules and boxes: one token over and over, which the model never learnt.

    The package's own guard, kept so that scores agree. At most four
    different tokens: an attack does not fit beside the padding.
    """
    if len(ids) < 3:
        return False
    counts = Counter(ids)
    return len(counts) <= 4 and max(counts.values()) / len(ids) >= 2 / 3


CALIBRATION = 1
"""Raised when the mapping below changes, so that remembered scores are dropped."""
_SLOPE = 0.495
_OFFSET = -1.98
"""0.8 stands at logit 6.8, 0.5 at 4.0: on public benign text (role-play prompts,
questions, documents; pooled) at most 2 % and 5 % of texts lie above. The package's
own calibration would leave 5.5 % above its 0.8."""
_OFFSETS = dict.fromkeys(("assistant", "tool_call", "tool_definition"), -3.22)
"""0.8 stands at logit 9.3: the model never saw these channels. Descriptions of tools
are orders ("call this before"): of 1,051 recorded harmless requests 13 lie above 6.8 in
these channels, none above 9.3."""


def calibrate(logit: float, channel: str) -> float:
    """Raw logit → score, strictly monotone in each channel."""
    if logit == -math.inf:
        return 0.0
    return 1.0 / (1.0 + math.exp(-(_SLOPE * logit + _OFFSETS.get(channel, _OFFSET))))

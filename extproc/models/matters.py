"""Whether a few sentences tell a private matter of a certain person or company, and of what kind.

Made by `models/matters/train.py`. A linear model over words, the words that sentences begin with,
and pairs of classes ("disease" with "family"): no text costs more than a look-up or two for each
of its words, and only sentences near a word of the matters are read at all.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import re2
from numpy.typing import NDArray

from extproc.models.artefact import digests

FILE = "matters.npz"
WINDOW = 3
"""Sentences that are read together."""
LONGEST = 320
"""Characters after which a sentence is cut, at white space where there is some."""
_AROUND = 16
"""Characters beside a stretch that no pattern looks beyond."""


class MattersError(Exception):
    """The model cannot be loaded."""


class Story(NamedTuple):
    """Sentences that tell a matter, in offsets of the text that was read."""

    kind: str
    start: int
    end: int
    score: float
    """In (0, 1): how often such sentences are stories, among those of the recipe that were held out."""


def _bare(code: int) -> int:
    """The small letter without its accent."""
    bare = ord(unicodedata.normalize("NFD", chr(code).lower())[0])
    return bare if bare < 256 else code


FOLD = bytes(map(_bare, range(256)))
"""From Latin-1 to small letters without accents, one byte each."""
_TOKEN = re.compile(rb"[a-z]+(?:['-][a-z]+)*|[0-9][0-9.,:]*k?|[%?:\"]")
_END = re.compile(rb"[.!?][\"')\]]{0,2}[ \t]{1,4}(?=[^a-z\s])|\n\s*")
_ABBREVIATED = re.compile(
    rb"(?:^|[^A-Za-z])(?:[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|Hr|Fr|Mme|St|Sr|Sra|vs|No|pt)$"
)
_NAMED = (
    rb"\b[A-Z]\.? ?[A-Z][a-z]|[a-z,;:(] ?[A-Z][a-z]+,? [A-Z][A-Za-z.]|(?m:^)[A-Z][a-z]+, ?[A-Z]"
)
"""What looks like a name: initials, two capitals in the middle of a sentence, a line of a list."""
_YEAR = re.compile(rb"(?:1[5-9]|20)[0-9]{2}")
_NUMBER, _IS_YEAR, _MONEY, _PERCENT, _QUESTION, _CAPITAL, _INITIAL, _COLON, _QUOTE = range(9)
"""Classes of what is no word of the lexicon; they come behind its own."""
_LAST_SIGN = ord("?")
_SIGNS = {b"%": _PERCENT, b"?": _QUESTION, b":": _COLON, b'"': _QUOTE}
_PREFIXES = (3, 12)
_SUFFIXES = (3, 10)
"""Letters of the shortest and of the longest that count."""
_LEAST = 0.3
"""Lower scores are not told."""
_TRIMMED = 0.85
"""A sentence at an end stays where the others would lose so much of the score without it."""
_LONG = 8
"""Letters that a word has at least to be known by its end."""
_FIRST = 1 << 16
"""Added to the number of a word, or of a class, that a sentence begins with."""
PAIRS = 1 << 20
_MOST_CLASSES = 64


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words stand for: the number of their class, below 64."""

    words: dict[bytes, int]
    prefixes: dict[bytes, int]
    suffixes: dict[bytes, int]
    size: int
    """How many classes there are."""
    heads: frozenset[bytes]
    tails: frozenset[bytes]
    """What `prefixes` begin with, and `suffixes` end with: most words are done with at once."""

    @classmethod
    def of(cls, entries: Iterable[bytes], size: int) -> Lexicon:
        """`entries` are ``number word``, ``number begin*`` and ``number *end``; the first counts."""
        words: dict[bytes, int] = {}
        prefixes: dict[bytes, int] = {}
        suffixes: dict[bytes, int] = {}
        for entry in entries:
            number, _, word = entry.partition(b" ")
            if word.endswith(b"*"):
                prefixes.setdefault(word[:-1], int(number))
            elif word.startswith(b"*"):
                suffixes.setdefault(word[1:], int(number))
            else:
                words.setdefault(word, int(number))
        heads = frozenset(begin[: _PREFIXES[0]] for begin in prefixes)
        tails = frozenset(end[-_SUFFIXES[0] :] for end in suffixes)
        return cls(words, prefixes, suffixes, size, heads, tails)

    def of_word(self, word: bytes) -> int:
        """The class, or -1."""
        found = self.words.get(word)
        if found is not None:
            return found
        if word[: _PREFIXES[0]] in self.heads:
            for length in range(min(len(word), _PREFIXES[1]), _PREFIXES[0] - 1, -1):
                found = self.prefixes.get(word[:length])
                if found is not None:
                    return found
        if len(word) >= _LONG and word[-_SUFFIXES[0] :] in self.tails:
            for length in range(_SUFFIXES[1], _SUFFIXES[0] - 1, -1):
                found = self.suffixes.get(word[-length:])
                if found is not None:
                    return found
        return -1


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the model sees of one sentence."""

    words: frozenset[int]
    """Numbers of the words that the model knows, and of what it begins with."""
    classes: int
    """A bit for each class that stands in it."""


class Eyes:
    """Reads sentences: the same for training and for use."""

    def __init__(self, lexicon: Lexicon, known: Mapping[bytes, int]) -> None:
        """`known` numbers, from 1, the words that training has seen often enough."""
        self._lexicon = lexicon
        self._shapes = lexicon.size
        self._told = {
            word: known.get(word, 0) << 8 | (lexicon.of_word(word) + 1)
            for word in {*known, *lexicon.words}
        }
        """Of a word its number, and its class from 1 on."""

    def read(self, body: bytes, folded: bytes, start: int, end: int) -> Sentence:
        """`folded` is `body` translated by `FOLD`."""
        seen: set[int] = set()
        classes = 0
        first = True
        for match in _TOKEN.finditer(folded, start, end):
            token = match[0]
            if token[0] > _LAST_SIGN:
                told = self._told.get(token)
                if told is None:
                    told = self._lexicon.of_word(token) + 1
                number, kind = told >> 8, (told & 255) - 1
                if kind < 0 and not first and body[match.start()] != token[0]:
                    kind = self._shapes + (_INITIAL if len(token) == 1 else _CAPITAL)
                if number:
                    seen.add(number)
            else:
                number, kind = 0, self._sign(token, folded, match.start())
            if kind >= 0:
                classes |= 1 << kind
            if first:
                seen.add(_FIRST | (kind if kind >= 0 else _MOST_CLASSES))
                if number:
                    seen.add(_FIRST | (_MOST_CLASSES + number))
                first = False
        return Sentence(frozenset(seen), classes)

    def _sign(self, token: bytes, folded: bytes, at: int) -> int:
        """The class of a number or a mark; -1 for the sign of the euro, which Latin-1 has not."""
        sign = _SIGNS.get(token)
        if sign is None:
            return self._shapes + _shape(token, folded[at - 1 : at] if at else b"")
        if sign == _QUESTION and folded[at + 1 : at + 2].isdigit():
            return -1
        return self._shapes + sign


def _shape(token: bytes, sign: bytes) -> int:
    if sign in {b"$", b"\xa3", b"?"} or token.endswith(b"k"):
        return _MONEY
    if _YEAR.fullmatch(token.rstrip(b".,:")):
        return _IS_YEAR
    return _MONEY if b"," in token[1:-1] else _NUMBER


def together(window: Iterable[Sentence]) -> Sentence:
    """What sentences say that are read together."""
    words: set[int] = set()
    classes = 0
    for sentence in window:
        words |= sentence.words
        classes |= sentence.classes
    return Sentence(frozenset(words), classes)


def bits(classes: int) -> list[int]:
    return [bit for bit in range(classes.bit_length()) if classes >> bit & 1]


def pairs(window: Sentence) -> Iterator[int]:
    """Numbers of the pairs of classes that stand in it, above those of words."""
    held = bits(window.classes)
    for at, one in enumerate(held):
        for other in held[at:]:
            yield PAIRS | one * _MOST_CLASSES | other


def weight_of(size: int) -> float:
    """What each of `size` features counts: long windows have more of them, not more to say."""
    return 6 / math.sqrt(size + 20)


def sentences(body: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Sentences and lines of ``body[start:end]``, in order, without the white space between."""
    end = len(body) if end is None else end
    at = start
    for match in _END.finditer(body, start, end):
        mark = match[0].rstrip()
        if mark == b"." and _ABBREVIATED.search(body, max(0, match.start() - 5), match.start()):
            continue
        yield from _short(body, at, match.start() + len(mark))
        at = match.end()
    yield from _short(body, at, end)


def _short(body: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        cut = body.rfind(b" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, cut
        start = cut
    if body[start:end].strip():
        yield start, end


class Matters:
    """The model in `folder`. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Raises `MattersError` when a file is missing or is not the one that was shipped."""
        digests(folder, (FILE,), "model of private matters", MattersError)
        with np.load(folder / FILE, allow_pickle=False) as file:
            held = {name: file[name] for name in file.files}
        classes = [name.decode() for name in held["classes"].tolist()]
        self.kinds: tuple[str, ...] = tuple(name.decode() for name in held["kinds"].tolist())
        self.eyes = Eyes(
            Lexicon.of(held["lexicon"].tolist(), len(classes)),
            {word: number for number, word in enumerate(held["known"].tolist(), 1)},
        )
        self._words, self._pairs = _weights(held["keys"], held["weights"].astype(np.float64))
        rows = held["kind_weights"].astype(np.float32)
        self._kinds = dict(zip(held["kind_keys"].tolist(), rows, strict=True))
        self._kind_bias = held["kind_bias"].astype(np.float32)
        self._bias, self._slope, self._shift = held["curve"].tolist()
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.log_errors = False
        self._gate: Any = re2.compile(held["gate"].tobytes(), options)
        self._someone: Any = re2.compile(held["someone"].tobytes(), options)
        self._named: Any = re2.compile(_NAMED, options)

    def read(self, body: bytes, start: int = 0, end: int | None = None) -> list[Story]:
        """Stories in ``body[start:end]``, which is Latin-1, in order and apart."""
        end = len(body) if end is None else end
        # Only what is read is folded, or a long text in stretches would be folded again for each.
        before = max(0, start - _AROUND)
        body, start, end = body[before : end + _AROUND], start - before, end - before
        folded = body.translate(FOLD)
        hits = [match.start() for match in self._gate.finditer(folded, start, end)]
        if not hits:
            return []
        spans = list(sentences(body, start, end))
        page = _Page(self, body, folded, spans)
        told = []
        for first in self._windows(page, hits):
            last = min(first + WINDOW, len(spans))
            score = self.score(page.look(first, last))
            if score >= _LEAST:
                told.append((score, first, last))
        told.sort(key=lambda one: (-one[0], one[1]))
        taken: set[int] = set()
        stories = []
        for score, first, last in told:
            if taken.isdisjoint(range(first, last)):
                begin, stop = page.trimmed(score, first, last)
                taken.update(range(begin, stop))
                kind = self.kind(page.look(begin, stop))
                place = before + spans[begin][0], before + spans[stop - 1][1]
                stories.append(Story(kind, *place, score))
        return sorted(stories, key=lambda story: story.start)

    def score(self, window: Sentence) -> float:
        held = bits(window.classes)
        total: float = sum(map(self._words.get, window.words, repeat(0.0)))
        for at, one in enumerate(held):
            row = self._pairs[one]
            total += sum([row[other] for other in held[at:]])
        size = len(window.words) + len(held) * (len(held) + 1) // 2
        logit = self._slope * (total * weight_of(size) + self._bias) + self._shift
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, logit))))

    def kind(self, window: Sentence) -> str:
        """The likeliest of `kinds`."""
        found = [*window.words, *pairs(window)]
        rows = [row for one in found if (row := self._kinds.get(one)) is not None]
        total = self._kind_bias + weight_of(len(found)) * np.sum(rows, axis=0)
        return self.kinds[int(np.argmax(total))]

    def _windows(self, page: _Page, hits: Iterable[int]) -> list[int]:
        """The first sentences of windows with a word of the matters, and somebody whose they are."""
        windows = page.windows(hits)
        if not windows:
            return []
        begin = page.spans[windows[0]][0]
        stop = page.spans[min(windows[-1] + WINDOW, len(page.spans)) - 1][1]
        named = (match.end() - 1 for match in self._named.finditer(page.body, begin, stop))
        somebody = (match.start() for match in self._someone.finditer(page.folded, begin, stop))
        return sorted({*windows} & {*page.windows([*named, *somebody])})


class _Page:
    """A text in its sentences, each of which is read once."""

    def __init__(
        self, model: Matters, body: bytes, folded: bytes, spans: Sequence[tuple[int, int]]
    ) -> None:
        self.body, self.folded, self.spans = body, folded, spans
        self._model = model
        self._starts = [start for start, _ in spans]
        self._read: dict[int, Sentence] = {}

    def look(self, first: int, last: int) -> Sentence:
        """Sentences `first` to `last`, the last not included."""
        for at in range(first, last):
            if at not in self._read:
                self._read[at] = self._model.eyes.read(self.body, self.folded, *self.spans[at])
        return together(self._read[at] for at in range(first, last))

    def trimmed(self, score: float, first: int, last: int) -> tuple[int, int]:
        """Without sentences at the ends that add little."""
        enough = _TRIMMED * score
        while last - first > 1 and self._model.score(self.look(first, last - 1)) >= enough:
            last -= 1
        while last - first > 1 and self._model.score(self.look(first + 1, last)) >= enough:
            first += 1
        return first, last

    def windows(self, hits: Iterable[int]) -> list[int]:
        """The first sentences of the windows that hold one of `hits`, in order."""
        final = max(0, len(self.spans) - WINDOW)
        held = {bisect_right(self._starts, hit) - 1 for hit in hits}
        firsts = {at for one in held for at in range(max(0, one - WINDOW + 1), one + 1)}
        return sorted({min(at, final) for at in firsts})


def _weights(
    keys: NDArray[np.int32], weights: NDArray[np.float64]
) -> tuple[dict[int, float], list[list[float]]]:
    """Those of words, and those of pairs by the lower class and the higher one."""
    table = [[0.0] * _MOST_CLASSES for _ in range(_MOST_CLASSES)]
    words = {}
    for key, weight in zip(keys.tolist(), weights.tolist(), strict=True):
        if key >= PAIRS:
            one, other = divmod(key - PAIRS, _MOST_CLASSES)
            table[one][other] = weight
        else:
            words[key] = weight
    return words, table

"""What was found in texts that come again: clients resend the whole conversation every turn."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from extproc.inspectors.injection.rules import Hit
from extproc.models.injection import Classifier

SIZE = 16_384
"""Texts remembered: about 8 MB when full."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All there is to say about one text in one channel, under any policy."""

    score: float
    """The highest of `hits`, or the classifier's; in [0, 1]."""
    hits: tuple[Hit, ...]
    """The rules that matched and the classifier's highest window; offsets in the text."""
    deeper: bool
    """More layers of encoding were left than we take off."""
    whole: bool = True
    """The classifier has read all of it, but for what the sieve left out."""
    skipped: int = 0
    """Windows that the sieve left out."""


class Memo:
    """Least recently used first out. Holds digests, never text. One event loop."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._readings: OrderedDict[bytes, Reading] = OrderedDict()

    def get(self, key: bytes) -> Reading | None:
        if (reading := self._readings.get(key)) is not None:
            self._readings.move_to_end(key)
        return reading

    def put(self, key: bytes, reading: Reading) -> None:
        self._readings[key] = reading
        self._readings.move_to_end(key)
        if len(self._readings) > self._size:
            self._readings.popitem(last=False)

    def __contains__(self, key: bytes) -> bool:
        return key in self._readings

    def __len__(self) -> int:
        return len(self._readings)


def key(text: str, channel: str, version: str, starts: Sequence[int] = ()) -> bytes:
    """16 bytes that stand for a text, who speaks it and how it is read.

    `version`: of the model and the reading; `starts`: where its pieces begin.
    """
    how = f"{channel}\0{version}\0{','.join(map(str, starts))}\0".encode()
    digest = hashlib.blake2b(b"%d:" % len(how) + how, digest_size=16)
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()


_MEMOS: WeakKeyDictionary[Classifier, Memo] = WeakKeyDictionary()


def shared(classifier: Classifier) -> Memo:
    """The memo of a classifier: it outlives policies, which come and go with each reload."""
    return _MEMOS.setdefault(classifier, Memo())

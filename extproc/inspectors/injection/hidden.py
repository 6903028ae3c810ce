"""Signs that something in a text is not meant for human eyes.

That something is hidden is a feature of its own: it is reported as
`hidden_text`, and whatever the classifier says of the place weighs more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trace:
    """Something hidden between two places, code points of the original text."""

    kind: str
    weight: float
    """In [0, 1]: how far it alone goes towards an attack."""
    start: int
    end: int


_ESCAPE = (
    r"\\u00[2-7][0-9a-fA-F]|\\u\{0{0,4}[2-7][0-9a-fA-F]\}|\\x[2-7][0-9a-fA-F]"
    r"|%[2-7][0-9a-fA-F]|&#0{0,4}(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6]);|&#[xX]0{0,4}[2-7][0-9a-fA-F];"
)
_ALIKE = "[\u0370-\u03ff\u0400-\u052f\u0531-\u0586\u13a0-\u13f5\u1d00-\u1d22\u0250-\u02af]"

_KINDS: tuple[tuple[str, float, int, re.Pattern[str]], ...] = (
    # name, weight, how many there must be, what one looks like
    ("tags", 0.9, 1, re.compile("[\U000e0020-\U000e007e]{8,}")),
    ("selectors", 0.9, 1, re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}")),
    ("zero_width", 0.6, 1, re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]{16,}")),
    (
        "zero_width",
        0.5,
        5,
        re.compile("(?<=[A-Za-z])[\u200b-\u200d\u2060-\u2064\ufeff]{1,15}(?=[A-Za-z ])"),
    ),
    ("bidi", 0.5, 1, re.compile("[\u202d\u202e][^\u202c\n]*[A-Za-z]")),
    ("escapes", 0.3, 1, re.compile(rf"(?:{_ESCAPE}){{12,}}")),
    ("lookalikes", 0.4, 3, re.compile(rf"(?<=[A-Za-z]){_ALIKE}|{_ALIKE}(?=[A-Za-z])")),
)
_ANY = re.compile(
    r"[\\%&]|[\u0250-\u02af\u0370-\u0586\u13a0-\u13f5\u1d00-\u1d22\u200b-\u200d\u202d\u202e"
    "\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0020-\U000e01ef]"
)


def traces(text: str) -> Iterator[Trace]:
    """At most one of a kind, from the first sign to the last. `text` is the original."""
    if _ANY.search(text) is None:
        return
    for kind, weight, least, pattern in _KINDS:
        first = last = None
        count = 0
        for last in pattern.finditer(text):
            first = first or last
            count += 1
        if first is not None and last is not None and count >= least:
            yield Trace(kind, weight, first.start(), last.end())


WEIGHTS = {
    "base64": 0.1,
    "base32": 0.2,
    "hex": 0.1,
    "binary": 0.3,
    "rot13": 0.3,
    "reversed": 0.3,
    "leet": 0.2,
    "spaced": 0.2,
    "markup": 0.2,
    "selectors": 0.6,
    "zero_width": 0.6,
    "html_comment": 0.1,
    "html_hidden": 0.3,
    "markdown_comment": 0.3,
}
"""How far an encoding goes towards an attack, by the name that `decode` gives it."""


def weight(encoding: str) -> float:
    """Of nested encodings the heaviest counts, and each layer more adds a tenth."""
    layers = encoding.split("+")
    return min(0.9, max(WEIGHTS.get(layer, 0.1) for layer in layers) + 0.1 * (len(layers) - 1))


def weighed(score: float, weight: float) -> float:
    """A classifier's score where something is hidden: never lower, and below 1 only if both are."""
    return 1 - (1 - score) * (1 - weight)

"""The same attack in other clothes: what an attacker tries once the plain words are caught."""

from __future__ import annotations

import base64
import codecs
import html
import random
from collections.abc import Callable, Mapping
from pydoc_data.topics import topics
from urllib.parse import quote

_PROSE = " ".join(" ".join(topics[name].split()) for name in sorted(topics))
_WORDS = ["thanks", "so", "much", "for", "your", "help", "with", "this", "today", "dear", "friend"]
_LOOKALIKES = str.maketrans("aeopcxy", "аеорсху")
_LEET = str.maketrans("aeiost", "431057")

Change = Callable[[str, random.Random], str]


def _prose(size: int, rng: random.Random) -> str:
    at = rng.randrange(len(_PROSE) - size)
    return _PROSE[at : at + size]


def _suffix(words: int) -> Change:
    return lambda text, _: f"{text} {' '.join(_WORDS[:words])}"


def _inside(size: int, before: float) -> Change:
    def change(text: str, rng: random.Random) -> str:
        prose, at = _prose(size, rng), int(size * before)
        return f"{prose[:at]}\n{text}\n{prose[at:]}".strip()

    return change


SLICES: Mapping[str, Change] = {
    "base64": lambda t, _: base64.b64encode(t.encode()).decode(),
    "hex": lambda t, _: t.encode().hex(),
    "rot13": lambda t, _: codecs.encode(t, "rot13"),
    "URL-encoded": lambda t, _: quote(t),
    "HTML entities": lambda t, _: "".join(f"&#{ord(c)};" for c in t),
    "unicode escapes": lambda t, _: "".join(f"\\u{ord(c):04x}" if ord(c) < 65_536 else c for c in t),
    "base64 in URL-encoding": lambda t, _: quote(base64.b64encode(t.encode()).decode()),
    "HTML comment": lambda t, _: f"<p>Hello</p><!-- {html.escape(t)} -->",
    "zero-width between letters": lambda t, _: "\u200b".join(t),
    "tag characters": lambda t, _: "Hi " + "".join(chr(0xE0000 + ord(c)) if 31 < ord(c) < 127 else c for c in t),
    "full-width": lambda t, _: "".join(chr(ord(c) + 0xFEE0) if 32 < ord(c) < 127 else c for c in t),
    "look-alike letters": lambda t, _: t.translate(_LOOKALIKES),
    "leet": lambda t, _: t.translate(_LEET),
    "spaced letters": lambda t, _: "  ".join(" ".join(word) for word in t.split()),
    "upper case": lambda t, _: t.upper(),
    **{f"{n} harmless words behind": _suffix(n) for n in (1, 3, 6, 9)},
    **{
        f"in {size:,} characters of prose, {place}": _inside(size, before)
        for size in (3_500, 18_000)
        for place, before in (("start", 0.0), ("middle", 0.5), ("end", 1.0))
    },
}  # fmt: skip
"""Name → change of a text."""

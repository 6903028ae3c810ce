"""Long harmless texts of many kinds: what early exit is to save work on.

From Python's own library, so that they are there wherever the recipe runs, and from the texts
and the grammar of this folder. Those held out share no file, topic or row with the others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from pydoc_data.topics import topics
from typing import TypeVar

from compose import Composer
from functions import library
from written import SLOT, choose, load

T = TypeVar("T")
SIZE = 6_000
"""Code points of one text, about."""
_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)


def ordinary(*, held_out: bool) -> Iterator[tuple[str, str]]:
    """Texts with their kind: code, docstrings, manual, composed, carriers, users."""
    rng = random.Random(50 + held_out)
    files = _part(library((".", "email", "http", "json")), held_out=held_out)
    rng.shuffle(files)
    sources = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    yield from (("code", source[: 2 * SIZE]) for source in sources[:60])
    strings = [found for source in sources for found in _DOCSTRING.findall(source)]
    rng.shuffle(strings)
    yield from _long("docstrings", [one for one in strings if len(one) > 150], 60)
    yield from _long("manual", [topics[name] for name in _part(sorted(topics), held_out=held_out)])
    composer = Composer(33 if held_out else 32)
    yield from _long("composed", [composer.clean().text for _ in range(400 if held_out else 5_000)])
    rows = load(held_out=held_out)
    rounds = 1 if held_out else 4
    carriers = [row["carrier"].replace(SLOT, "") for row in rows if "carrier" in row] * rounds
    yield from _long("carriers", [choose(text, rng) for text in carriers])
    users = [
        choose(row["text"], rng)
        for row in rows
        if "carrier" not in row and row["label"] != "attack" and row["source"] != "written:hardneg"
    ]
    rng.shuffle(users)
    yield from _long("users", users)


def _part(items: list[T], *, held_out: bool) -> list[T]:
    """Every third is held out."""
    return [item for at, item in enumerate(items) if (at % 3 == 0) == held_out]


def _long(kind: str, parts: Iterable[str], most: int = 1_000) -> Iterator[tuple[str, str]]:
    held = ""
    for part in parts:
        held += part + "\n\n"
        if len(held) >= SIZE and most:
            yield kind, held
            held = ""
            most -= 1
    if held and most:
        yield kind, held

"""Real documents with an order of ours in them, with a decoy, or with nothing.

READMEs of the packages that are installed, and functions of Python's own library: what
agents read all day, in words that no writer of training texts would choose.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import distributions

from functions import functions
from sources import Row
from written import Written, choose

_FREE = re.compile(r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Unlicense)\b")
_OF_ATTACKS = frozenset({"stackone-defender"})
"""Their READMEs quote some."""
_WORDS = (40, 260)
"""Of a passage."""
_BREAK = re.compile(r"\n\s*\n|(?<=[.!?:])\s+(?=[A-Z`*\-])|\n")
_MARKS = ("", "", "", "", "> ", "- ", "**Note:** ", "Note: ", "<!-- {} -->", "[//]: # ({})")
_CODE = 0.3
"""Share of functions."""


def planted(rows: Sequence[Written], seed: int, size: int) -> Iterator[Row]:
    """About a third of `size` each; orders and decoys are those of the carriers among `rows`."""
    rng = random.Random(seed)
    carriers = [row for row in rows if "carrier" in row and row["channel"] != "user"]
    for _ in range(size):
        carrier, kind = rng.choice(carriers), rng.choice(("orders", "decoys", ""))
        inside = choose(rng.choice(carrier[kind]), rng) if kind else ""
        channel = rng.choice(("document", "tool_result"))
        text, place = _in_code(inside, rng) if rng.random() < _CODE else _in_prose(inside, rng)
        attack = kind == "orders"
        yield Row(text, attack, channel, "planted", kind or "clean", place if attack else None)


def _in_prose(inside: str, rng: random.Random) -> tuple[str, tuple[int, int]]:
    passage = _passage(rng)
    breaks = [found.end() for found in _BREAK.finditer(passage)]
    at = rng.choice([0, len(passage), *breaks])
    mark = rng.choice(_MARKS)
    if inside:
        inside = mark.format(inside) if "{}" in mark else mark + inside
    end = "\n" if "\n" in passage else " "
    head = passage[:at] if not at or passage[at - 1].isspace() else passage[:at] + end
    return head + inside + end + passage[at:], (len(head), len(head) + len(inside))


def _in_code(inside: str, rng: random.Random) -> tuple[str, tuple[int, int]]:
    """As a comment between two lines."""
    lines = rng.choice(functions())[1].splitlines(keepends=True)[:60]
    at = rng.randrange(len(lines)) + 1
    line = lines[min(at, len(lines) - 1)]
    indent = line[: len(line) - len(line.lstrip())]
    head = "".join(lines[:at])
    comment = "".join(f"{indent}# {part}\n" for part in inside.splitlines())
    return head + comment + "".join(lines[at:]), (len(head), len(head) + len(comment))


def _passage(rng: random.Random) -> str:
    document = rng.choice(_readmes())
    words = [found.start() for found in re.finditer(r"\S+", document)]
    length = rng.randint(*_WORDS)
    first = rng.randrange(max(1, len(words) - length))
    begin = document.rfind("\n", 0, words[first]) + 1
    last = first + length
    return document[begin : words[last] if last < len(words) else len(document)].rstrip()


@cache
def _readmes() -> list[str]:
    """Of packages whose licence lets everybody use them."""
    found = {}
    for one in distributions():
        meta = one.metadata
        licence = " ".join((*meta.get_all("Classifier", []), meta.get("License-Expression") or "",
                            (meta.get("License") or "")[:100]))  # fmt: skip
        text = meta.get_payload() if not meta.get("Description") else meta["Description"]
        if meta["Name"] not in _OF_ATTACKS and _FREE.search(licence) and len(text or "") > 600:
            found[meta["Name"].lower()] = str(text)
    return [found[name] for name in sorted(found)]

"""Groups of questions written by hand: a question, other wordings of it, and near misses.

`groups/*.txt`, one file a subject, groups divided by an empty line. The first line is the
question, ``= …`` another wording of it, ``kind: …`` a question with another answer and what
was changed. A pair is any two wordings, or a wording and a near miss. Of every four groups
about one is held out, by the digest of its first line: no pair of it is trained on, and a new group
moves no old one from side to side. A group that was looked at to change a rule is moved to
`tuned.txt`, where none is held out; of `reworded_*.txt` only those that are trained on were.
`seventh_hand/` and `eighth_hand/` have groups of authors who knew neither rules nor weights, each scored
once before anything was changed by it; no pair of theirs is trained on. What is written next that way
goes to `unseen/`, and from there to a folder of its own when it has been looked at. Of hands before them
(`other_*.txt`, `third_*.txt` to `sixth_*.txt`) three quarters are trained on now, as of all groups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pairs import Pair

FOLDER = Path(__file__).parent / "groups"
HELD_OUT = 64
"""Of 256 values of the digest's first byte."""


@dataclass(frozen=True, slots=True)
class Group:
    """Wordings of one question, and questions near it: (kind of change, text)."""

    subject: str
    wordings: tuple[str, ...]
    near: tuple[tuple[str, str], ...]

    @property
    def held_out(self) -> bool:
        if self.subject == "tuned":
            return False
        return hashlib.sha256(self.wordings[0].encode()).digest()[0] < HELD_OUT

    def pairs(self) -> Iterator[Pair]:
        for a, b in combinations(self.wordings, 2):
            yield Pair(a, b, same=True, change="paraphrase", domain=self.subject)
        for kind, text in self.near:
            for wording in self.wordings:
                yield Pair(wording, text, same=False, change=kind, domain=self.subject)

    def first_pairs(self) -> Iterator[Pair]:
        """Only those with the question itself: each text once."""
        return (pair for pair in self.pairs() if self.wordings[0] in (pair.left, pair.right))


def read(folder: Path = FOLDER) -> list[Group]:
    """All groups of a folder. Raises `ValueError` with the file and line that is wrong."""
    found: list[Group] = []
    for path in sorted(folder.glob("*.txt")):
        at = 1
        for block in path.read_text().rstrip("\n").split("\n\n"):
            found.append(_group(path.stem, block.split("\n"), f"{path.name}:{at}"))
            at += block.count("\n") + 2
    return found


def _group(subject: str, lines: list[str], where: str) -> Group:
    wordings, near = [lines[0]], []
    for line in lines[1:]:
        kind, colon, text = line.partition(": ")
        if line.startswith("= "):
            wordings.append(line[2:])
        elif colon and kind.isalpha():
            near.append((kind, text))
        else:
            raise ValueError(f"{where}: {line!r} is neither '= wording' nor 'kind: near miss'")
    if (
        len(wordings) < 2
        or not near
        or len({*wordings, *dict.fromkeys(t for _, t in near)}) != len(wordings) + len(near)
    ):
        raise ValueError(f"{where}: a group needs two wordings and a near miss, each text once")
    return Group(subject, tuple(wordings), tuple(near))

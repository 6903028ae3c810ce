"""How well entities are found, by type, beside Presidio's defaults on the same rows.

    python models/sensitivity/evaluate.py DATA [--part tune|held_out] [--errors N]
    python models/sensitivity/evaluate.py --own
    python models/sensitivity/evaluate.py --unseen [--hand first|second|third|fourth] [--seed N]

DATA holds ``dev.jsonl.gz`` (rows with ``text``, ``template``, ``source`` and ``spans`` of ``type``,
``start``, ``end``) and ``secrets_dev.jsonl.gz`` (rows with ``text`` and ``label``: secret or none).
Templates are parted before anything is looked at: rules are tuned on ``tune`` alone, and
``held_out`` is scored. ``--own`` scores the rows of ``own.py``, and counts what fires on a thousand
look-alikes. ``--unseen`` scores the rows of ``unseen.py``: entities, secrets and documents.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import own
import unseen
from baseline import Spans, presidio

from extproc.inspectors.sensitivity import Analyzer
from extproc.inspectors.sensitivity.extra import NOTHING_MORE, Extra
from extproc.inspectors.sensitivity.names import Names
from extproc.inspectors.sensitivity.settings import SensitivitySettings
from extproc.inspectors.sensitivity.stories import TYPES as STORIES

STRUCTURED = (
    "CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER", "US_DRIVER_LICENSE",
    "US_SSN",
)  # fmt: skip
"""Types that both sides know, with a form of their own."""
NAMED = ("PERSON", "LOCATION", "ORGANIZATION", "NRP")
SAME = {"ADDRESS": "STREET_ADDRESS"}
"""What the rows call differently."""
THRESHOLD = 0.5
Scan = Callable[[str], Spans]


@dataclass
class Tally:
    """Counts of one entity type."""

    gold: int = 0
    found: int = 0
    exact: int = 0
    met: int = 0
    """Gold spans that something of the type overlaps."""
    right: int = 0
    """Found spans that overlap a gold span of the type."""
    errors: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for name in ("gold", "found", "exact", "met", "right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def row(self, name: str) -> str:
        def share(part: int, whole: int) -> str:
            return f"{part / whole:6.3f}" if whole else "     -"

        return (
            f"{name:22} {self.gold:5} {self.found:5}  {share(self.met, self.gold)} "
            f"{share(self.right, self.found)}  {share(self.exact, self.gold)} "
            f"{share(self.exact, self.found)}"
        )


HEAD = f"{'':22} {'gold':>5} {'found':>5}  {'recall':>6} {'prec.':>6}  {'exact':>6} {'exact':>6}"


def part_of(row: dict) -> str:
    """Which part a row's template belongs to."""
    key = f"{row['source']}/{row['template']}".encode()
    return "tune" if blake2b(key, digest_size=1).digest()[0] % 2 else "held_out"


def read(path: Path) -> list[dict]:
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def score(
    rows: Iterable[dict], scan: Scan, types: Iterable[str] | None
) -> tuple[dict[str, Tally], list[tuple[bool, bool, str]]]:
    """Tallies by type, and for each document whether it is sensitive and was called so.

    Without `types` every type of the rows and of the scan counts, but for stories. A document is sensitive when
    the rows say so, or when it holds a type that counts.
    """
    wanted = set(types) if types is not None else None
    tallies: dict[str, Tally] = defaultdict(Tally)
    documents = []
    for row in rows:
        text = row["text"]
        gold = [(SAME.get(s["type"], s["type"]), s["start"], s["end"]) for s in row["spans"]]
        found = scan(text)
        values = [one for one in found if one[0] not in STORIES]
        counted = any(wanted is None or one[0] in wanted for one in gold)
        documents.append((row.get("sensitive", counted), bool(found), text))
        for name in {one[0] for one in gold + values}:
            if wanted is not None and name not in wanted:
                continue
            tally = tallies[name]
            theirs = [one[1:] for one in gold if one[0] == name]
            ours = [one[1:] for one in values if one[0] == name]
            tally.gold += len(theirs)
            tally.found += len(ours)
            tally.exact += len(set(theirs) & set(ours))
            for span in theirs:
                hit = any(overlap(span, other) for other in ours)
                tally.met += hit
                if not hit:
                    tally.errors.append(f"missed {text[slice(*span)]!r} in {text!r}")
            for span in ours:
                hit = any(overlap(span, other) for other in theirs)
                tally.right += hit
                if not hit:
                    tally.errors.append(f"wrong {text[slice(*span)]!r} in {text!r}")
    return tallies, documents


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def show(title: str, tallies: dict[str, Tally], errors: int) -> None:
    print(f"\n{title}\n{HEAD}")
    total = Tally()
    for name in sorted(tallies):
        total.add(tallies[name])
        print(tallies[name].row(name))
    print(total.row("all"))
    for name in sorted(tallies):
        for line in tallies[name].errors[:errors]:
            print(f"  {name}: {line[:400]}")


def balanced(documents: list[tuple[bool, bool, str]], errors: int = 0) -> str:
    yes = [called for truth, called, _ in documents if truth]
    no = [called for truth, called, _ in documents if not truth]
    if errors:
        for truth, called, text in [d for d in documents if d[0] != d[1]][:errors]:
            print(f"  document {truth=} {called=}: {text[:400]!r}")
    if not yes or not no:
        return "documents: only of one kind"
    hit, quiet = sum(yes) / len(yes), 1 - sum(no) / len(no)
    return (
        f"documents: {hit:.3f} of {len(yes)} sensitive found, {quiet:.3f} of {len(no)} others "
        f"left alone, balanced accuracy {(hit + quiet) / 2:.3f}"
    )


def secrets(rows: list[dict], scan: Scan, errors: int) -> str:
    called = [(row["label"] == "secret", any(one[0] == "SECRET" for one in scan(row["text"])), row)
              for row in rows]  # fmt: skip
    for truth, said, row in [one for one in called if one[0] != one[1]][:errors]:
        print(f"  secret {truth=} {said=} {row.get('category')}: {row['text'][:300]!r}")
    yes = [said for truth, said, _ in called if truth]
    no = [said for truth, said, _ in called if not truth]
    return (
        f"secrets: recall {sum(yes) / len(yes):.3f} of {len(yes)}, false alarms "
        f"{sum(no) / len(no):.3f} of {len(no)}"
    )


def ours(extra: Extra = NOTHING_MORE) -> Scan:
    analyzer = Analyzer()

    def scan(text: str) -> Spans:
        return [
            (one.type, one.start, one.end)
            for one in analyzer.scan(text, extra)
            if one.score >= THRESHOLD
        ]

    return scan


def on_unseen(scan: Scan, seed: int, errors: int, hand: str) -> None:
    """Entities by type, secrets, and documents by what makes them sensitive."""
    rows = list(unseen.entities(seed, hand=hand))
    tallies, _ = score(rows, scan, None)
    show(f"{len(rows)} unseen rows", tallies, errors)
    print(secrets(list(unseen.secrets(seed, hand)), scan, errors))
    documents = list(unseen.documents(seed, hand))
    for kind in dict.fromkeys(row["kind"] for row in documents):
        called = [bool(scan(row["text"])) for row in documents if row["kind"] == kind]
        print(f"  {kind}: {sum(called)} of {len(called)} called sensitive")
    print(balanced([(row["sensitive"], bool(scan(row["text"])), row["text"]) for row in documents],
                   errors))  # fmt: skip


def names(arguments: argparse.Namespace) -> None:
    """Persons and places, by the NER stage, strict and not."""
    rows = [row for row in read(arguments.data / "dev.jsonl.gz") if part_of(row) == arguments.part]
    for row in rows:
        for span in row["spans"]:
            span["type"] = {"GPE": "LOCATION"}.get(span["type"], span["type"])
    for strict in (True, False):
        tallies, _ = score(rows, ours(Extra(names=Names(strict))), NAMED)
        show(
            f"NER stage, {strict=}, {len(rows)} rows ({arguments.part})", tallies, arguments.errors
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?", help="folder of the labelled rows")
    parser.add_argument("--part", choices=("tune", "held_out"), default="held_out")
    parser.add_argument("--own", action="store_true", help="the rows of own.py, over all types")
    parser.add_argument("--unseen", action="store_true", help="the rows of unseen.py")
    parser.add_argument("--seed", type=int, default=0, help="of the values in the unseen rows")
    parser.add_argument(
        "--hand", choices=tuple(unseen.HANDS), default="fourth", help="who wrote the unseen rows"
    )
    parser.add_argument("--errors", type=int, default=0, help="how many to show of each type")
    parser.add_argument("--ner", action="store_true", help="the NER stage, strict and not")
    parser.add_argument("--alone", action="store_true", help="without Presidio beside it")
    arguments = parser.parse_args()
    sides = {"extproc": ours(SensitivitySettings().extra)} | (
        {} if arguments.alone else {"Presidio's defaults": presidio()}
    )

    if arguments.unseen:
        for name, scan in sides.items():
            print(f"\n{name}")
            errors = arguments.errors if name == "extproc" else 0
            on_unseen(scan, arguments.seed, errors, arguments.hand)
        return
    if arguments.own:
        rows = list(own.rows(0))
        for name, scan in sides.items():
            tallies, documents = score(rows, scan, None)
            errors = arguments.errors if name == "extproc" else 0
            show(f"{name}, {len(rows)} rows of our own", tallies, errors)
            print(balanced(documents, errors))
            fired = [text for text in own.look_alikes(0) if scan(text)]
            print(f"look-alikes: {len(fired)} of 1000", *fired[:errors], sep="\n  ")
        return
    if arguments.data is None:
        parser.error("a data folder, or --own")
    if arguments.ner:
        names(arguments)
        return
    rows = [row for row in read(arguments.data / "dev.jsonl.gz") if part_of(row) == arguments.part]
    kept = {row["template"] for row in rows}
    for name, scan in sides.items():
        tallies, documents = score(rows, scan, STRUCTURED)
        errors = arguments.errors if name == "extproc" else 0
        show(
            f"{name}, {len(rows)} rows of {len(kept)} templates ({arguments.part})", tallies, errors
        )
        print(balanced(documents))
    print(
        secrets(read(arguments.data / "secrets_dev.jsonl.gz"), sides["extproc"], arguments.errors)
    )


if __name__ == "__main__":
    main()

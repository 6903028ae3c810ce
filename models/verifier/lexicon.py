"""Makes `words.lst`, `irregular.lst` and `antonyms.lst` from WordNet 3.0's own files.

apt-get download wordnet-base && dpkg -x wordnet-base_*.deb /tmp/wordnet
python models/verifier/lexicon.py /tmp/wordnet/usr/share/wordnet
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
NOTICE = "# From WordNet 3.0, Copyright 2006 by Princeton University; licence in CARD.md."
KINDS = ("noun", "verb", "adj", "adv")


def synsets(folder: Path, kind: str) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Offset, words and pointers of each."""
    for line in (folder / f"data.{kind}").read_text().splitlines():
        if line.startswith("  "):
            continue
        fields = line.split("|")[0].split()
        count = int(fields[3], 16)
        words = [re.sub(r"\(.*\)", "", fields[4 + 2 * n]) for n in range(count)]
        at = 4 + 2 * count
        pointers = [fields[at + 1 + 4 * n : at + 5 + 4 * n] for n in range(int(fields[at]))]
        yield fields[0], words, pointers


def main() -> None:
    folder = Path(sys.argv[1])
    words: set[str] = set()
    antonyms: set[tuple[str, str]] = set()
    for kind in KINDS:
        read = {offset: (own, pointers) for offset, own, pointers in synsets(folder, kind)}
        for own, pointers in read.values():
            named = any(pointer[0] == "@i" for pointer in pointers)
            for word in own:
                if not named and word.islower():
                    words.update(part for part in word.split("_") if part.isalpha())
            for pointer in pointers:
                source, target = int(pointer[3][:2], 16), int(pointer[3][2:], 16)  # noqa: FURB166 - two hex digits each
                if pointer[0] == "!" and source and pointer[1] in read:
                    pair = own[source - 1].lower(), read[pointer[1]][0][target - 1].lower()
                    if all(word.isalpha() for word in pair):
                        antonyms.add((min(pair), max(pair)))
    irregular = {}
    for kind in KINDS:
        for line in (folder / f"{kind}.exc").read_text().splitlines():
            form, lemma, *_ = line.split()
            if form.isalpha() and lemma.isalpha() and form != lemma:
                irregular.setdefault(form, lemma)
    _write("words.lst", sorted(words))
    _write("irregular.lst", [f"{form} {lemma}" for form, lemma in sorted(irregular.items())])
    _write("antonyms.lst", [f"{left} {right}" for left, right in sorted(antonyms)])


def _write(name: str, lines: list[str]) -> None:
    (HERE / name).write_text("\n".join([NOTICE, *lines]) + "\n")


if __name__ == "__main__":
    main()

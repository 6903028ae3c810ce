"""What the verifier lets through, by source and by kind of change, beside plain cosines.

    python models/verifier/evaluate.py [--comparer FILE] [--pairs FILE.jsonl] [--generated DOMAIN,…]

Sources: the hand-written pairs of `held_out.py` and `unseen.py`; the groups of `groups.py` that
are held out, and those of other hands (`seventh_hand`, `eighth_hand`, and `unseen` where there is one), each of
their texts against the group's question; generated pairs of domains that the
model was trained without; and any file of pairs (`text`, `text_b`, `label` same or different, `source`),
whose questions also get one change each (`mutate.py`). Prints Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from encoded import Text, TokenEncoder
from groups import FOLDER, read
from held_out import NEAR_MISSES, PARAPHRASES
from mutate import Mutator
from pairs import KINDS, Maker, Pair
from unseen import NEAR_MISSES as UNSEEN_NEAR_MISSES
from unseen import PARAPHRASES as UNSEEN_PARAPHRASES

from extproc.inspectors.cache.wording import same_wording
from extproc.models.same_answer.comparer import Comparer
from extproc.models.same_answer.lexicon import Lexicon
from extproc.models.same_answer.presets import PRESETS
from extproc.models.same_answer.rules import conflict, doubts
from extproc.models.same_answer.words import take_apart

ROOT = Path(__file__).parents[2]
NAMED = ("number", "place", "name")
REWORDED = ("reworded", "farther", "third", "fifth", "sixth", "denial", "stories")
"""Beginnings of the files whose wordings share few words with the question."""
FEW = 8
"""Pairs: kinds of change of which a source has fewer share a row."""
EACH = 400
"""Near misses of a kind made from a file's questions."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair with all that any method needs to decide on it."""

    pair: Pair
    source: str
    cosine: float
    conflict: str | None
    score: float


def judge(pairs: Sequence[tuple[str, Pair]], comparer: Comparer) -> list[Judged]:
    lexicon = Lexicon.load(ROOT / "models" / "verifier")
    encoder = TokenEncoder()
    seen: dict[str, Text] = {}

    def encoded(text: str) -> Text:
        if text not in seen:
            seen[text] = encoder.run(text)
        return seen[text]

    out = []
    for source, pair in pairs:
        (one, one_ids, v), (other, other_ids, w) = encoded(pair.left), encoded(pair.right)
        cosine = float(v @ w)
        left, right = take_apart(pair.left, lexicon), take_apart(pair.right, lexicon)
        why = conflict(left, right, lexicon)
        score = comparer.same(
            (one.astype(np.float32), one_ids), (other.astype(np.float32), other_ids), cosine,
            doubts(left, right, lexicon),
        )  # fmt: skip
        if same_wording(pair.left, pair.right):  # as in the cache, before the verifier
            why, score = None, 1.0
        out.append(Judged(pair, source, cosine, why, score))
    return out


def written(
    source: str,
    same: Sequence[tuple[str, str]],
    near: Mapping[str, Sequence[tuple[str, str]]],
) -> list[tuple[str, Pair]]:
    """Pairs of a file of this recipe."""
    kinds = [(True, "paraphrase", same), *((False, kind, some) for kind, some in near.items())]
    return [
        (source, Pair(a, b, same=agree, change=kind, domain=""))
        for agree, kind, some in kinds
        for a, b in some
    ]


def read_file(path: Path, limit: int) -> list[tuple[str, Pair]]:
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    rows = [json.loads(line) for line in text.splitlines()]
    random.Random(5).shuffle(rows)
    lexicon = Lexicon.load(ROOT / "models" / "verifier")
    found: list[tuple[str, Pair]] = []
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        key = row["source"], row["label"]
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= limit:
            same = row["label"] == "same"
            kind = "paraphrase" if same else "other question"
            found.append((row["source"], Pair(row["text"], row["text_b"], same, kind, "")))
    for source in {row["source"] for row in rows}:
        texts = [row["text"] for row in rows if row["source"] == source]
        for kind, change in Mutator(6, lexicon).kinds().items():
            made = ((t, change(t)) for t in texts)
            some = [(t, c) for t, c in made if c is not None and c != t][:EACH]
            found += [
                (f"{source}, changed", Pair(t, c, same=False, change=kind, domain=""))
                for t, c in some
            ]
    return found


def methods(judged: Sequence[Judged]) -> dict[str, Callable[[Judged], bool]]:
    out: dict[str, Callable[[Judged], bool]] = {
        name: (
            lambda j, preset=preset: (
                j.conflict is None and j.cosine >= preset.cosine and j.score >= preset.score
            )
        )
        for name, preset in PRESETS.items()
    }
    out["cosine 0.96"] = lambda j: j.cosine >= 0.96
    best = _best_threshold(judged)
    out[f"best cosine {best:.2f}"] = lambda j: j.cosine >= best
    out.update(_gptcache())
    return out


def _best_threshold(judged: Sequence[Judged]) -> float:
    """The one with the most hits among those with at most 2 % false hits; of two, the lower."""
    wrong = np.array([j.cosine for j in judged if not j.pair.same])
    return next(t for t in np.arange(0.5, 1.01, 0.01) if (wrong >= t).mean() <= 0.02)


def _gptcache() -> dict[str, Callable[[Judged], bool]]:
    """GPTCache's default evaluation and threshold, on the same vectors; nothing if not installed."""
    try:
        from gptcache.config import Config  # noqa: PLC0415
        from gptcache.similarity_evaluation.distance import (  # noqa: PLC0415
            SearchDistanceEvaluation,
        )
    except ImportError:
        return {}
    evaluation, threshold = SearchDistanceEvaluation(), Config().similarity_threshold
    low, high = evaluation.range()
    least = low + (high - low) * threshold

    def hit(j: Judged) -> bool:
        distance = 2 - 2 * j.cosine  # FAISS's squared L2, of unit vectors
        rank = evaluation.evaluation({}, {"search_result": (distance, 0)})
        return bool(rank >= least)

    return {"GPTCache default": hit}


def report(judged: Sequence[Judged]) -> str:
    deciders = methods(judged)
    rows = ["| source | change | pairs | " + " | ".join(deciders) + " |"]
    rows.append("|---|---|---|" + "---|" * len(deciders))

    def row(source: str, change: str, some: Sequence[Judged]) -> None:
        if some:
            rates = (sum(map(hit, some)) / len(some) for hit in deciders.values())
            cells = " | ".join(f"{100 * rate:.1f} %" for rate in rates)
            rows.append(f"| {source} | {change} | {len(some)} | {cells} |")

    for source in sorted({j.source for j in judged}):
        own = [j for j in judged if j.source == source]
        counts = Counter(j.pair.change for j in own)
        for change in sorted(name for name, count in counts.items() if count >= FEW):
            row(source, change, [j for j in own if j.pair.change == change])
        row(source, "other changes", [j for j in own if counts[j.pair.change] < FEW])
        wrong = [j for j in own if not j.pair.same]
        row(source, "**all near misses**", wrong)
    near = [j for j in judged if not j.pair.same]
    row("all", "number, place, name", [j for j in near if j.pair.change in NAMED])
    row("all", "all near misses", near)
    row("all", "paraphrases", [j for j in judged if j.pair.same])
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comparer", type=Path, default=Path(__file__).parent / "comparer.npz")
    parser.add_argument("--pairs", type=Path)
    parser.add_argument("--limit", type=int, default=1500)
    parser.add_argument("--generated", default="")
    parser.add_argument("--show", type=int, default=0, help="false hits to print")
    parser.add_argument("--sweep", action="store_true", help="rates by least score")
    arguments = parser.parse_args()
    pairs = written("by hand", PARAPHRASES, NEAR_MISSES)
    pairs += written("by hand, unseen", UNSEEN_PARAPHRASES, UNSEEN_NEAR_MISSES)
    pairs += [
        (f"groups held out{', reworded' * group.subject.startswith(REWORDED)}", pair)
        for group in read()
        if group.held_out
        for pair in group.first_pairs()
    ]
    pairs += [
        (source, pair)
        for source, folder in (
            ("groups of a seventh hand", FOLDER / "seventh_hand"),
            ("groups of an eighth hand", FOLDER / "eighth_hand"),
            ("groups of another hand, unseen", FOLDER / "unseen"),
        )
        for group in read(folder)
        for pair in group.first_pairs()
    ]
    if arguments.generated:
        domains = set(arguments.generated.split(","))
        made = Maker(99, lambda d: d in domains).pairs(3000, KINDS)
        pairs += [("generated, domains left out", p) for p in made if p.domain in domains]
    if arguments.pairs:
        pairs += read_file(arguments.pairs, arguments.limit)
    judged = judge(pairs, Comparer(arguments.comparer))
    print(report(judged))
    if arguments.sweep:
        print(sweep(judged))
    wrong = [j for j in judged if not j.pair.same and methods(judged)["balanced"](j)]
    for j in wrong[: arguments.show]:
        print(
            f"{j.source} {j.pair.change} {j.score:.3f} {j.cosine:.2f} {j.pair.left} | {j.pair.right}"
        )
    missed = [j for j in judged if j.pair.same and not methods(judged)["balanced"](j)]
    for j in missed[: arguments.show]:
        print(f"MISS {j.conflict} {j.score:.3f} {j.cosine:.2f} {j.pair.left} | {j.pair.right}")


def sweep(judged: Sequence[Judged]) -> str:
    lines = []
    sources = sorted({j.source for j in judged})
    for least in (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99):
        hit = lambda j: j.conflict is None and j.score >= least  # noqa: B023, E731
        parts = []
        for source in sources:
            own = [j for j in judged if j.source == source]
            for same in (True, False):
                some = [j for j in own if j.pair.same is same]
                if some:
                    rate = 100 * sum(map(hit, some)) / len(some)
                    parts.append(f"{source[:14]} {'hit' if same else 'false'} {rate:.1f}")
        lines.append(f"{least}: " + "; ".join(parts))
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""What a scan costs, beside Presidio's defaults on a blank pipeline, in the same run.

    python perf/sensitivity.py [--rounds N]

Median of N rounds, milliseconds of this thread's CPU time, which other work on the machine hardly
changes; nothing remembered between scans.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from extproc.inspectors.sensitivity import Analyzer, SensitivitySettings

sys.path.insert(0, str(Path(__file__).parents[1] / "models" / "sensitivity"))

from baseline import presidio
from prompts import prompt

SIZES = (144, 2_048, 8_192, 65_536)
SLOW = 8_192
"""Presidio is not run on longer texts."""
PROSE = (
    "Please summarise the quarterly report for the board and keep the tone factual. Mention that "
    "revenue grew by 12 percent in 2023, that the key risks are supply and staffing, and that "
    "the next review is on 14 March. "
)
FOREIGN = "Résumé für die Vorstände: Umsatz wächst, 収益は増加しました, выручка растёт. "
RECORDS = '{"id": "550e8400-e29b-41d4-a716-446655440000", "ts": 1700000000000, "v": "1.2.3"}, '
NUMBERS = "12, 4521, 98213.22; 3311 0021 9, 2024-01-03 12:33:01, 10.5 "
DENSE = (
    "Call Jane on 415-867-5309 or jane.doe@corp.com, SSN 536-90-4399, card 4111 1111 1111 1111, "
    "IBAN GB82WEST12345698765432, ip 10.2.3.4, password: Hunter2!x, dob 12/03/1980. "
)
STORY = (
    "Mr Aldous, 62, was admitted on Friday with a fever; the biopsy shows a tumour. His wife has not "
    "been told. Sandra earns 84,000 a year and gets a written warning on Monday, nobody knows yet. "
)
TEXTS = {
    "prose": PROSE,
    "foreign": FOREIGN,
    "json": RECORDS,
    "numbers": NUMBERS,
    "dense": DENSE,
    "stories": STORY,
    "asked": " ".join(prompt(number, 0) for number in range(800)),
}
"""The last: questions and requests of people, no two alike (`prompts.py`)."""


def median_ms(scan: Callable[[str], int], text: str, rounds: int) -> tuple[float, int]:
    found = scan(text)
    times = []
    for _ in range(rounds):
        start = time.thread_time()
        scan(text)
        times.append(time.thread_time() - start)
    return statistics.median(times) * 1e3, found


def rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds

    before, start = rss_mb(), time.perf_counter()
    analyzer = Analyzer()
    print(f"extproc:  built in {time.perf_counter() - start:.3f} s, {rss_mb() - before:.0f} MB")
    before, start = rss_mb(), time.perf_counter()
    theirs = presidio()
    print(
        f"presidio: imported and built in {time.perf_counter() - start:.2f} s, {rss_mb() - before:.0f} MB\n"
    )

    def ours(text: str) -> int:
        return len(analyzer.scan(text))

    labelled = SensitivitySettings().extra

    def with_stories(text: str) -> int:
        return len(analyzer.scan(text, labelled))

    def others_found(text: str) -> int:
        return len(theirs(text))

    print(
        f"{'text':8} {'chars':>6} {'extproc ms':>11} {'found':>6} {'+ stories':>10} {'found':>6} {'presidio ms':>12} {'found':>6}"
    )
    for name, unit in TEXTS.items():
        for size in SIZES:
            text = (unit * (size // len(unit) + 1))[:size]
            mine, found = median_ms(ours, text, rounds)
            told, stories = median_ms(with_stories, text, rounds)
            row = f"{name:8} {size:6} {mine:11.3f} {found:6} {told:10.3f} {stories:6}"
            if size <= SLOW:
                other, others = median_ms(others_found, text, max(1, rounds // 10))
                row += f" {other:12.1f} {others:6}"
            print(row)
            sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Many recorded requests: in this process or in several, always in the order of the input."""

from __future__ import annotations

import json
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from extproc.cli.evaluate import Evaluator

CHUNK = 32
"""Lines handed to a process at once."""
AHEAD = 4
"""Chunks in flight for each process: bounds memory and keeps all of them busy."""


def evaluated(directory: Path, lines: Iterable[str], jobs: int) -> Iterator[str]:
    """One line of JSON for each line of the input, without line ends.

    Raises `PolicyErrors`; nothing that stands in a line raises.
    """
    if jobs <= 1:
        evaluator = Evaluator(directory)
        try:
            for line in lines:
                yield json.dumps(evaluator.row(line))
        finally:
            evaluator.close()
        return
    # Spawned, not forked: models run threads, which a fork would lose.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _open, (directory,))
    try:
        yield from _spread(pool, lines, jobs * AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)


def _spread(pool: ProcessPoolExecutor, lines: Iterable[str], ahead: int) -> Iterator[str]:
    rest = iter(lines)
    waiting: deque[Future[list[str]]] = deque()
    while chunk := list(islice(rest, CHUNK)):
        waiting.append(pool.submit(_rows, chunk))
        if len(waiting) >= ahead:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


_process: list[Evaluator] = []
"""The evaluator of a worker process: opened once by `_open`."""


def _open(directory: Path) -> None:
    # Ctrl-C reaches the whole group; the parent decides what happens then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _process.append(Evaluator(directory))


def _rows(lines: list[str]) -> list[str]:
    return [json.dumps(_process[0].row(line)) for line in lines]

"""Reads records, oldest first, without judging them: that is `verify`'s work."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from extproc.audit.files import log_files

Record = dict[str, Any]

POLL_S = 0.2


def read(directory: Path, files: list[Path] | None = None) -> Iterator[Record]:
    """Every whole line that is a JSON object; others are for `verify` to name."""
    for path in log_files(directory) if files is None else files:
        with path.open("rb") as file:
            for line in file:
                if (record := parse(line)) is not None:
                    yield record


def last(directory: Path, count: int) -> list[Record]:
    """The newest `count` records, oldest first; opens no more files than it needs."""
    found: list[Record] = []
    for path in reversed(log_files(directory)):
        missing = count - len(found)
        if missing <= 0:
            break
        found = [*deque(read(directory, [path]), maxlen=missing), *found]
    return found


def follow_new(directory: Path) -> Iterator[Record | None]:
    """Records written from now on, across rotation; `None` whenever it has waited for more."""
    files = log_files(directory)
    path = files[-1] if files else None
    offset = path.stat().st_size if path is not None else 0
    while True:
        newer = [later for later in log_files(directory) if path is None or later > path]
        if path is not None:
            records, offset = _from(path, offset)
            yield from records
        if newer:
            path, offset = newer[0], 0
        else:
            yield None
            time.sleep(POLL_S)


def parse(line: bytes) -> Record | None:
    """`None` for a torn line and for what is not a JSON object."""
    if not line.endswith(b"\n"):
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _from(path: Path, offset: int) -> tuple[list[Record], int]:
    records = []
    with path.open("rb") as file:
        file.seek(offset)
        for line in file:
            if not line.endswith(b"\n"):
                break
            offset += len(line)
            if (record := parse(line)) is not None:
                records.append(record)
    return records, offset

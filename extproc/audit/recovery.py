"""Where a writer goes on after the last one ended, however that ended.

The signed head says where the chain stood. What follows it on disk and
continues the chain was written just before a crash, and is kept. What does not
(a line torn by kill -9, a block of zeros after a power cut) is moved to a side
file, and a `torn` record says so. When the disk holds less than the head
vouches for, the chain goes on from the head: the gap stays visible for ever.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extproc.audit.chain import Broken, Link, follow
from extproc.audit.files import log_files, sync_directory
from extproc.audit.head import BadHead, Head, read_head
from extproc.audit.signing import Verifier, write_private

Record = dict[str, Any]


@dataclass(slots=True)
class Resume:
    """The end of the chain, and what must be recorded before anything else."""

    link: Link
    file: Path | None = None
    """To append to; ``None`` begins a new one."""
    size: int = 0
    notices: list[Record] = field(default_factory=list)
    """Records without `ts`."""


def resume(directory: Path, verifier: Verifier) -> Resume:
    """Reads where the chain ended and sets aside what is torn. Raises `OSError`."""
    try:
        head = read_head(directory, verifier)
    except BadHead as problem:
        return _without_head(directory, str(problem))
    if head is None:
        if not log_files(directory):
            return Resume(Link())
        return _without_head(directory, "the head is missing")
    return _from_head(directory, head)


def _from_head(directory: Path, head: Head) -> Resume:
    files = log_files(directory)
    if head.file is not None:
        current = directory / head.file
        if not current.is_file() or current.stat().st_size < head.offset:
            reason = "records that the signed head vouches for are missing"
            return Resume(head.link, notices=[_recovery(reason, head.link.seq)])
        files = [path for path in files if path.name >= head.file]
    state = Resume(head.link)
    offset = head.offset
    for index, path in enumerate(files):
        end = _advance(state, path, offset)
        offset = 0
        state.file, state.size = path, end
        if end < path.stat().st_size:
            state.notices.append(_set_aside(directory, path, end, state.link.seq))
            state.notices.extend(
                _set_aside(directory, later, 0, state.link.seq) for later in files[index + 1 :]
            )
            break
    return state


def _advance(state: Resume, path: Path, offset: int) -> int:
    """Follows the chain through `path` from `offset`; returns the byte where it ends."""
    with path.open("rb") as file:
        file.seek(offset)
        for line in file:
            try:
                _, state.link = follow(state.link, line)
            except Broken:
                break
            offset += len(line)
    return offset


def _without_head(directory: Path, reason: str) -> Resume:
    """Goes on after the last whole record; `verify` will name the place."""
    link, notices = Link(), []
    for path in log_files(directory):
        end = 0
        for line in _lines(path):
            with suppress(Broken):
                _, link = follow(None, line)
            end += len(line) if line.endswith(b"\n") else 0
        if end < path.stat().st_size:
            notices.append(_set_aside(directory, path, end, link.seq))
    return Resume(link, notices=[_recovery(reason, link.seq), *notices])


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def _recovery(reason: str, seq: int) -> Record:
    return {"type": "recovery", "reason": reason, "after_seq": seq}


def _set_aside(directory: Path, path: Path, start: int, seq: int) -> Record:
    """Moves the bytes from `start` on to a side file, on disk before they leave the log."""
    with path.open("rb") as file:
        file.seek(start)
        torn = file.read()
    digest = hashlib.sha256(torn).hexdigest()
    side = directory / f"torn-{seq:012d}-{digest[:8]}.bin"
    write_private(side, torn)
    sync_directory(directory)
    os.truncate(path, start)
    return {
        "type": "torn",
        "bytes": len(torn),
        "file": path.name,
        "offset": start,
        "side_file": side.name,
        "sha256": digest,
    }

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extproc.audit.chain import Link
from extproc.audit.signing import PUBLIC_NAME, load_or_create, load_verifier
from extproc.audit.verify import Verification, verify
from extproc.audit.writer import Writer


class Log:
    """An audit log on disk, written by the real writer."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.dir = data / "audit"

    def write(self, count: int, *, flush_each: bool = False, **options: Any) -> None:
        writer = self.writer(**options)
        for index in range(count):
            writer.add({"request_id": f"r{index}", "action": "allow"})
            if flush_each:
                writer.flush()
        writer.close()

    def writer(self, **options: Any) -> Writer:
        return Writer(self.dir, load_or_create(self.data / "keys"), sync=False, **options)

    @property
    def files(self) -> list[Path]:
        return sorted(self.dir.glob("*.jsonl"))

    @property
    def lines(self) -> list[bytes]:
        return [line for file in self.files for line in file.read_bytes().splitlines(keepends=True)]

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]

    def rewrite(self, change: Callable[[list[bytes]], list[bytes]], file: int = 0) -> None:
        path = self.files[file]
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    def verify(self, anchor: Link | None = None, *, pruned: bool = False) -> Verification:
        verifier = load_verifier(self.data / "keys" / PUBLIC_NAME)
        return verify(self.dir, verifier, anchor=anchor, pruned=pruned)

    def side_files(self) -> list[Path]:
        return sorted(self.dir.glob("torn-*.bin"))


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "data")

"""Reading the audit of a running gateway, waiting for what must come."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE_S = 60.0


def eventually(what: Callable[[], T | None], *, why: str = "") -> T:
    """Polls until `what` gives something true; fails with `why` after `PATIENCE_S`."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < deadline, why or "did not come true in time"
        time.sleep(0.02)


def records(data_dir: Path) -> list[dict[str, Any]]:
    """All whole records on disk, oldest first."""
    return [
        json.loads(line)
        for file in sorted((data_dir / "audit").glob("*.jsonl"))
        for line in file.read_bytes().split(b"\n")[:-1]
    ]


def exchanges(data_dir: Path) -> list[dict[str, Any]]:
    return [entry for entry in records(data_dir) if "request_id" in entry and "action" in entry]


def record_of(data_dir: Path, request_id: str) -> dict[str, Any]:
    """The one record of an exchange, waiting for it to be written."""

    def find() -> dict[str, Any] | None:
        found = [e for e in exchanges(data_dir) if e["request_id"] == request_id]
        assert len(found) <= 1, f"{len(found)} records for {request_id}"
        return found[0] if found else None

    return eventually(find, why=f"no audit record for {request_id}")

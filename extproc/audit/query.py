"""Which records of the log answer a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from extproc.audit.files import log_files, opened_at
from extproc.audit.read import read
from extproc.audit.record import timestamp

Record = dict[str, Any]

_AGO = re.compile(r"(\d+)\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Query:
    """All that are set must match. Times are RFC 3339 as in the records."""

    since: str | None = None
    """Included."""
    until: str | None = None
    """Excluded."""
    tenant: str | None = None
    policy: str | None = None
    """``name`` or ``name@digest8``."""
    code: str | None = None
    action: str | None = None
    request_id: str | None = None

    def matches(self, record: Record) -> bool:
        ts = str(record.get("ts", ""))
        if (self.since and ts < self.since) or (self.until and ts >= self.until):
            return False
        if self.policy and not _is_policy(record.get("policy"), self.policy):
            return False
        return all(
            wanted is None or record.get(name) == wanted
            for name, wanted in (
                ("tenant", self.tenant),
                ("code", self.code),
                ("action", self.action),
                ("request_id", self.request_id),
            )
        )


def query(directory: Path, wanted: Query) -> Iterator[Record]:
    """Matching records of every type, oldest first."""
    files = _since(log_files(directory), wanted.since)
    return (record for record in read(directory, files) if wanted.matches(record))


def moment(text: str, now: datetime | None = None) -> str:
    """``2026-01-31``, ``2026-01-31T12:00``, with or without offset (UTC), or ``90m`` ago.

    Returns what `timestamp` writes. Raises `ValueError` that says what is allowed.
    """
    if match := _AGO.fullmatch(text.strip()):
        ago = timedelta(**{_UNITS[match[2]]: int(match[1])})
        return timestamp(((now or datetime.now(UTC)) - ago).timestamp())
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"not a time: {text!r}; use 2026-01-31, 2026-01-31T12:00:00Z or 90m, 24h, 7d (ago)"
        ) from None
    return timestamp((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())


def _is_policy(value: object, wanted: str) -> bool:
    return isinstance(value, str) and (value == wanted or value.split("@")[0] == wanted)


def _since(files: list[Path], since: str | None) -> list[Path]:
    """Without the files that were finished before `since`."""
    if since is None:
        return files
    first = 0
    for index, path in enumerate(files[1:], 1):
        begun = opened_at(path)
        if begun is None or begun >= since:
            break
        first = index
    return files[first:]

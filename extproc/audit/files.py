"""The files of an audit log: names, lock, modes.

``audit-<first seq, 12 digits>-<UTC time>.jsonl``: name order is the order of
the chain, also when the clock was set back.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

AUDIT_DIR = "audit"
KEYS_DIR = "keys"
LOCK_NAME = ".lock"


class Locked(RuntimeError):
    """Another process writes this audit log."""


def new_name(first_seq: int, now: float) -> str:
    moment = datetime.fromtimestamp(now, UTC)
    return f"audit-{first_seq:012d}-{moment:%Y%m%dT%H%M%SZ}.jsonl"


def opened_at(path: Path) -> str | None:
    """When the file was begun, as `timestamp` writes it; ``None`` for foreign names."""
    try:
        moment = datetime.strptime(path.stem.rsplit("-", 1)[-1], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 the format says UTC
    except ValueError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def log_files(directory: Path) -> list[Path]:
    """Oldest first."""
    return sorted(directory.glob("*.jsonl"))


def open_log(path: Path) -> int:
    """A descriptor for appending. Raises `OSError`."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def sync_directory(directory: Path) -> None:
    """Makes new names in it survive a power cut."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def lock(directory: Path, wait: float = 1.0) -> int:
    """The descriptor that holds the lock until closed, or until the process ends.

    Waits `wait` seconds, because `is_live` takes the lock for an instant.
    Raises `Locked`.
    """
    handle = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(handle)
                message = f"{directory}: another process writes this audit log"
                raise Locked(message) from None
            time.sleep(0.05)
        else:
            return handle


def is_live(directory: Path) -> bool:
    """Whether a process writes here now."""
    try:
        with _shared(directory / LOCK_NAME):
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False


@contextmanager
def _shared(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)

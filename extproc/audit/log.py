"""The audit log as the service uses it: a bounded queue and one writer thread.

Overflow policy: nothing is dropped to make room. Past half its capacity the
queue reports `healthy == False` and the service sheds new requests; the other
half is for the exchanges already in flight. Only what comes after that is
lost, and it is counted, here and by a `dropped` record in the chain.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extproc.audit.files import AUDIT_DIR, KEYS_DIR
from extproc.audit.record import timestamp
from extproc.audit.signing import load_or_create
from extproc.audit.writer import CHECKPOINT_EVERY, ROTATE_BYTES, Writer

Record = dict[str, Any]

CAPACITY = 50_000
LINGER_S = 0.1
BATCH = 2_000
RETRY_S = 0.25

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AuditStats:
    """For metrics and readiness."""

    queued: int
    """Accepted and not yet on disk."""
    written: int
    dropped: int
    failing: str | None
    """Name of the error that writing meets now, such as ``ENOSPC``."""
    seq: int
    """Of the last record sealed."""
    hash: str
    """Its hash: written down elsewhere, it anchors the chain up to here."""


class AuditLog:
    """Appends records to ``DATA_DIR/audit``, off the request path.

    `append` never blocks and never raises. A record is on disk within
    `LINGER_S` plus one flush; `sync=False` leaves the flush to the kernel,
    which survives kill -9 and not a power cut.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        capacity: int = CAPACITY,
        rotate_bytes: int = ROTATE_BYTES,
        checkpoint_every: int = CHECKPOINT_EVERY,
        sync: bool = True,
    ) -> None:
        self._data_dir = data_dir
        self._capacity = capacity
        self._rotate_bytes = rotate_bytes
        self._checkpoint_every = checkpoint_every
        self._sync = sync
        self._queue: deque[Record] = deque()
        self._mutex = threading.Lock()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._deadline = float("inf")
        self._thread: threading.Thread | None = None
        self._writer: Writer | None = None
        self._accepted = self._written = self._dropped = self._reported = 0
        self._failing: str | None = None

    async def start(self) -> None:
        """Recovers and opens the log. Raises `Locked`, `KeyProblem` or `OSError`."""
        await asyncio.to_thread(self.open)

    async def close(self, timeout: float = 10.0) -> int:  # noqa: ASYNC109 a bound on retries
        """Writes what is queued. Returns how many records could not be written (0 is good)."""
        return await asyncio.to_thread(self.shut, timeout)

    def open(self) -> None:
        """`start` for callers without an event loop."""
        signer = load_or_create(self._data_dir / KEYS_DIR)
        self._writer = Writer(
            self._data_dir / AUDIT_DIR,
            signer,
            rotate_bytes=self._rotate_bytes,
            checkpoint_every=self._checkpoint_every,
            sync=self._sync,
        )
        for notice in self._writer.notices:
            _log.error("audit log damaged at start", extra={"reason": notice["type"]})
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def shut(self, timeout: float = 10.0) -> int:
        """`close` for callers without an event loop."""
        if self._thread is not None:
            self._deadline = time.monotonic() + timeout
            self._closing.set()
            self._wake.set()
            self._thread.join()
            self._thread = None
        return self._accepted - self._written

    def append(self, record: Record) -> bool:
        """Queues `record`, which must not be changed afterwards; `False` when it was dropped."""
        with self._mutex:
            if len(self._queue) >= self._capacity or self._closing.is_set():
                self._dropped += 1
                return False
            self._queue.append(record)
            self._accepted += 1
        if not self._wake.is_set():
            self._wake.set()
        return True

    def append_policy_change(
        self, *, by: str, old: str | None, new: str | None, diff: object, subject: str = "policies"
    ) -> bool:
        """A change of policy, weights or registry: who or what did it, digests, and the diff.

        `diff` is anything JSON carries; it holds policy text and no prompt.
        """
        return self.append(
            {
                "type": "policy_change",
                "ts": timestamp(time.time()),
                "subject": subject,
                "by": by,
                "old": old,
                "new": new,
                "diff": json.loads(json.dumps(diff, default=str)),
            }
        )

    @property
    def healthy(self) -> bool:
        """Whether a new exchange may begin: its record will find room."""
        thread = self._thread
        return (
            thread is not None
            and thread.is_alive()
            and not self._closing.is_set()
            and len(self._queue) < max(1, self._capacity // 2)
        )

    @property
    def stats(self) -> AuditStats:
        link = None if self._writer is None else self._writer.link
        return AuditStats(
            queued=self._accepted - self._written,
            written=self._written,
            dropped=self._dropped,
            failing=self._failing,
            seq=0 if link is None else link.seq,
            hash="" if link is None else link.hash,
        )

    def _run(self) -> None:
        writer = self._writer
        assert writer is not None
        while self._wait():
            batch = self._take()
            for record in batch:
                self._add(writer, record)
            self._report_dropped(writer)
            if not self._flush(writer):
                break
            self._written += len(batch)
        self._end(writer)

    def _wait(self) -> bool:
        """Until there is something to write; `False` when closing and all is written."""
        if not self._queue:
            if self._closing.is_set():
                return False
            self._wake.wait()
        if len(self._queue) < BATCH:
            self._closing.wait(LINGER_S)
        self._wake.clear()
        return bool(self._queue) or not self._closing.is_set()

    def _take(self) -> list[Record]:
        with self._mutex:
            return [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]

    def _add(self, writer: Writer, record: Record) -> None:
        """A record that is not JSON leaves a record of its own: its place stays visible."""
        try:
            writer.add(record)
        except Exception as error:
            request_id = record.get("request_id") if isinstance(record, dict) else None
            writer.add(
                {
                    "type": "unwritable",
                    "ts": timestamp(time.time()),
                    "request_id": request_id if isinstance(request_id, str) else None,
                    "error": type(error).__name__,
                }
            )

    def _report_dropped(self, writer: Writer) -> None:
        missing = self._dropped - self._reported
        if missing:
            writer.add({"type": "dropped", "ts": timestamp(time.time()), "count": missing})
            self._reported += missing

    def _flush(self, writer: Writer) -> bool:
        """Tries until it is written; gives up only past the deadline of `close`."""
        while True:
            try:
                writer.flush()
            except Exception as error:
                self._note(error)
                if time.monotonic() >= self._deadline:
                    return False
                time.sleep(RETRY_S)
            else:
                if self._failing is not None:
                    _log.warning("audit log: writing again")
                    self._failing = None
                return True

    def _note(self, error: Exception) -> None:
        name = _name(error)
        if name != self._failing:
            _log.error("audit log: cannot write, retrying")
            self._failing = name

    def _end(self, writer: Writer) -> None:
        try:
            writer.close()
        except Exception as error:
            self._note(error)


def _name(error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    return errno.errorcode.get(number, "OSError") if number is not None else type(error).__name__

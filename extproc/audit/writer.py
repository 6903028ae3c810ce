"""Writes the chain to disk: one thread's work, synchronous, safe to call again.

A record is sealed once, when it is added. Its bytes wait in memory until the
file system has taken all of them, so a full disk costs time and no record.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from extproc.audit.chain import Link, seal
from extproc.audit.files import lock, new_name, open_log, sync_directory
from extproc.audit.head import Head, write_head
from extproc.audit.record import timestamp
from extproc.audit.recovery import resume
from extproc.audit.signing import Signer

Record = dict[str, Any]

ROTATE_BYTES = 64 * 1024 * 1024
CHECKPOINT_EVERY = 1000


class Writer:
    """Owns the directory (mode 0700), its lock and its current file.

    Raises `Locked` when another process writes there, `OSError` when it cannot
    be used. With `sync` each flush is on disk before it returns.
    """

    def __init__(
        self,
        directory: Path,
        signer: Signer,
        *,
        rotate_bytes: int = ROTATE_BYTES,
        checkpoint_every: int = CHECKPOINT_EVERY,
        sync: bool = True,
    ) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self._signer = signer
        self._rotate_bytes = rotate_bytes
        self._checkpoint_every = checkpoint_every
        self._sync = sync
        self._lock = lock(directory)
        self._handle: int | None = None
        self._pending = bytearray()
        self._unsigned = 0
        try:
            self._begin()
        except BaseException:
            os.close(self._lock)
            raise

    def _begin(self) -> None:
        state = resume(self._directory, self._signer)
        self._link = state.link
        self._file = state.file
        self._size = state.size
        self._head = Link(-1)
        if state.file is not None:
            self._handle = open_log(state.file)
        self.notices = tuple(state.notices)
        """What was found amiss at start; each is also a record of the chain."""
        for notice in state.notices:
            self.add({"ts": timestamp(time.time()), **notice})
        self.flush()

    @property
    def link(self) -> Link:
        """The last record sealed, written or not."""
        return self._link

    def add(self, record: Record) -> None:
        """Seals `record`, whose keys are strings throughout.

        Raises `TypeError` or `ValueError`, and changes nothing, if it is not JSON.
        """
        line, self._link = seal(self._link, record)
        self._pending += line
        self._unsigned += 1
        if self._unsigned >= self._checkpoint_every:
            self._checkpoint()

    def flush(self) -> None:
        """Writes what was added, then the head. After `OSError` call it again: nothing is lost."""
        if self._pending:
            self._write()
        if self._size >= self._rotate_bytes:
            self._rotate()
        if self._head != self._link:
            self._write_head()

    def close(self) -> None:
        """A last checkpoint and the lock given back, also when writing fails with `OSError`."""
        try:
            if self._unsigned:
                self._checkpoint()
            self.flush()
        finally:
            self._close_file()
            os.close(self._lock)

    def _checkpoint(self) -> None:
        members = {
            "type": "checkpoint",
            "ts": timestamp(time.time()),
            "seq": self._link.seq + 1,
            "prev": self._link.hash,
        }
        line, self._link = seal(self._link, self._signer.sign(members))
        self._pending += line
        self._unsigned = 0

    def _write(self) -> None:
        handle = self._current()
        while self._pending:
            written = os.write(handle, self._pending)
            self._size += written
            del self._pending[:written]
        if self._sync:
            os.fsync(handle)

    def _current(self) -> int:
        """The open file; a new one when it was removed or changed behind our back."""
        if self._handle is not None:
            status = os.fstat(self._handle)
            if status.st_nlink == 0 or status.st_size != self._size:
                self._close_file()
        if self._handle is None:
            first = self._link.seq - self._pending.count(b"\n") + 1
            self._file = self._directory / new_name(first, time.time())
            self._handle = open_log(self._file)
            self._size = os.fstat(self._handle).st_size
            if self._sync:
                sync_directory(self._directory)
        return self._handle

    def _rotate(self) -> None:
        if self._unsigned:
            self._checkpoint()
            self._write()
        self._write_head()
        self._close_file()

    def _write_head(self) -> None:
        name = None if self._file is None else self._file.name
        write_head(
            self._directory, Head(self._link, name, self._size), self._signer, sync=self._sync
        )
        self._head = self._link

    def _close_file(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
            self._size = 0

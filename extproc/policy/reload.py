"""Keeps a policy set current: load all, check all, then swap; else keep the last good one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from watchfiles import awatch

from extproc.policy.changes import Change, between
from extproc.policy.errors import PolicyErrors
from extproc.policy.files import Fingerprint, fingerprint
from extproc.policy.load import load
from extproc.policy.model import PolicySet
from extproc.policy.section import Section

log = logging.getLogger(__name__)

CHECK_EVERY_S = 5.0
"""Files are compared this often too: events get lost on network file systems."""

Apply = Callable[[Change], None]
"""Takes a changed set into use, on the event loop. When it raises, the old one stays."""

__all__ = ["Apply", "Change", "ReloadStatus", "Reloader"]


@dataclass(frozen=True, slots=True)
class ReloadStatus:
    """The last attempt, and the set in use."""

    ok: bool
    """The files as they are now are in use."""
    error: str | None
    """All that is wrong with them, one a line."""
    loaded_at: float | None
    """Unix seconds at which the set in use was taken into use."""
    digest: str | None
    """Of the set in use."""


class Reloader:
    """Owns which set is current. One reload at a time; readers take `current` and keep it."""

    def __init__(
        self,
        directory: Path,
        sections: Mapping[str, type[Section]],
        apply: Apply,
        *,
        attempted: Callable[[ReloadStatus], None] = lambda _: None,
        poll: bool = False,
        check_every_s: float = CHECK_EVERY_S,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`attempted` hears of every reload, for metrics. `poll`: do not rely on file events."""
        self._directory = directory
        self._sections = sections
        self._apply = apply
        self._attempted = attempted
        self._poll = poll
        self._check_every_s = check_every_s
        self._clock = clock
        self._lock = asyncio.Lock()
        self._seen: Fingerprint | None = None
        self.current: PolicySet | None = None
        self.status = ReloadStatus(ok=False, error="not loaded yet", loaded_at=None, digest=None)

    def load(self) -> PolicySet:
        """The first load, before anything runs; calls nobody. Raises `PolicyErrors`."""
        self._seen = self._fingerprint()
        try:
            loaded = load(self._directory, self._sections)
        except PolicyErrors as error:
            self._failed(str(error))
            raise
        self._use(loaded)
        return loaded

    async def reload(self, by: str = "files") -> ReloadStatus:
        """Loads now, whether or not files have changed. `by` says who asked. Never raises."""
        async with self._lock:
            # Before reading: what changes from here on shows as a change again.
            self._seen = self._fingerprint()
            try:
                # Files on a slow mount must not hold the event loop up.
                loaded = await asyncio.to_thread(load, self._directory, self._sections)
                self._swap(loaded, by)
            except PolicyErrors as error:
                self._failed(str(error))
            except Exception as error:  # whatever it is, the last good set stays in use
                self._failed(f"{self._directory}: {type(error).__name__}: {error}")
            self._attempted(self.status)
            return self.status

    async def watch(self) -> None:
        """Reloads on change until cancelled."""
        async for _ in self._looks():
            # A refused set may wait for a file that we do not watch: a key file, a model.
            if self._fingerprint() != self._seen or not self.status.ok:
                await self.reload()

    def _swap(self, loaded: PolicySet, by: str) -> None:
        old = self.current
        if old is not None and old.digest == loaded.digest and old.watched == loaded.watched:
            # Comments and spacing: the same rules, so every pipeline and cache stays.
            self._succeeded(old, self.status.loaded_at)
            return
        if old is not None:
            self._apply(between(old, loaded, by))
        self._use(loaded)

    def _use(self, loaded: PolicySet) -> None:
        self.current = loaded
        self._succeeded(loaded, self._clock())
        log.info("policies loaded", extra={"digest": loaded.digest})
        for warning in loaded.warnings:
            log.warning("policies are unwise", extra={"reason": warning})

    def _succeeded(self, loaded: PolicySet, loaded_at: float | None) -> None:
        self.status = ReloadStatus(ok=True, error=None, loaded_at=loaded_at, digest=loaded.digest)

    def _failed(self, error: str) -> None:
        old = self.status
        if old.error != error:
            log.error("policies refused, the last good set stays", extra={"errors": error})
        self.status = ReloadStatus(
            ok=False, error=error, loaded_at=old.loaded_at, digest=old.digest
        )

    def _fingerprint(self) -> Fingerprint:
        outside = self.current.watched if self.current is not None else ()
        return fingerprint(self._directory, outside)

    async def _looks(self) -> AsyncIterator[None]:
        """A look at each event, and at least every `check_every_s` seconds."""
        while True:
            yield None
            if self._poll or not self._directory.is_dir():
                await asyncio.sleep(self._check_every_s)
                continue
            watched = self.current.watched if self.current is not None else ()
            places = {self._directory, *(path.parent for path in watched if path.parent.is_dir())}
            try:
                async for _ in awatch(
                    *places,
                    watch_filter=None,
                    recursive=False,
                    debounce=200,
                    step=20,
                    rust_timeout=int(self._check_every_s * 1000),
                    yield_on_timeout=True,
                ):
                    yield None
                    now = self.current.watched if self.current is not None else ()
                    if now != watched:
                        break
            except (OSError, RuntimeError) as error:
                # No inotify instance left, say: looking now and then does the same.
                log.warning("file events are not available", extra={"error": type(error).__name__})
                self._poll = True

"""Child processes that never outlive us: own groups, killed by the kernel when we die."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# gRPC would start its threads again in a child that only becomes another program: one of them
# now and then brings it down first. Read when gRPC's core starts, not when it is imported.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")

_PR_SET_PDEATHSIG = 1
_TAIL_BYTES = 4000
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Child:
    """A running child process and the file that takes its output."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    def last_words(self) -> str:
        """The last lines of its output."""
        try:
            text = self.log.read_bytes()[-_TAIL_BYTES:].decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-12:])

    async def stop(self, grace: float) -> None:
        """SIGTERM, then SIGKILL to its whole group after `grace` seconds."""
        self._signal(signal.SIGTERM)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.wait(), grace)
        finally:
            self.kill()
        await self.process.wait()

    def kill(self) -> None:
        """SIGKILL to what is left of its group, at once."""
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


async def start(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    pipe: bool = False,
) -> Child:
    """Starts `command` with its output in `log`; with `pipe`, its stdout comes to us.

    Call it from the main thread: the kernel ties the child's life to the thread
    that started it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE if pipe else output,
            stderr=output,
            env=None if environment is None else {**os.environ, **environment},
            start_new_session=True,
            preexec_fn=_tied_to(os.getpid()),
        )
    return Child(name, process, log)


def _tied_to(parent: int) -> Callable[[], None]:
    """What the child does before it becomes the command."""

    def before_exec() -> None:
        # A shell may have started us with SIGINT ignored, and ignoring is inherited.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # we died before the line above
                os._exit(1)

    return before_exec

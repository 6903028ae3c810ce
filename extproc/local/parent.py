"""`make up`, interrupted by a SIGINT to make alone: make waits for its recipe and tells it nothing.

A terminal's Ctrl-C reaches both, and make passes SIGTERM on. Only a SIGINT that is sent to make's own
process stays with it: then it sits in its handler, in which the kernel blocks that signal.
"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

POLL_S = 0.25
_MAKES = {"make", "gmake"}


async def interrupted() -> None:
    """Returns when the make that started us has been interrupted; never without one."""
    parent = os.getppid()
    if not _is_make(parent):
        await asyncio.Event().wait()
    before = False
    # For an instant make blocks signals in the ordinary course too.
    while not (before and _blocks_sigint(parent)):
        before = _blocks_sigint(parent)
        await asyncio.sleep(POLL_S)


def _is_make(pid: int) -> bool:
    return _status(pid).get("Name", "") in _MAKES


def _blocks_sigint(pid: int) -> bool:
    mask = int(_status(pid).get("SigBlk", "0"), 16)
    return bool(mask >> (signal.SIGINT - 1) & 1)


def _status(pid: int) -> dict[str, str]:
    """Empty where there is no `/proc`, or no such process any more."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return {}
    return {
        name: value.strip()
        for name, _, value in (line.partition(":") for line in text.splitlines())
    }

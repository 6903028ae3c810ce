"""Simulator processes, one for each set of pools that is started together."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from extproc.local import children
from extproc.local.settings import UpError
from extproc.render.upstreams import Endpoint

START_S = 30.0


async def start(
    pools: Mapping[str, tuple[str, ...]], log: Path
) -> tuple[children.Child, dict[str, Endpoint]]:
    """Simulates `pools` (models by pool) on free ports. Raises `UpError`."""
    command: list[str | Path] = [sys.executable, "-m", "extproc.local.simulator"]
    for name, models in pools.items():
        command += ["--pool", f"{name}|0|{','.join(models)}"]
    child = await children.start("the simulator", command, log=log, pipe=True)
    assert child.process.stdout is not None
    found: dict[str, Endpoint] = {}
    try:
        async with asyncio.timeout(START_S):
            while len(found) < len(pools):
                line = await child.process.stdout.readline()
                if not line:
                    raise UpError(f"the simulator ended at once:\n{child.last_words()}")
                name, _, where = line.decode().strip().partition(" ")
                found[name] = Endpoint.parse(where)
    except TimeoutError:
        raise UpError(f"the simulator did not start within {START_S:.0f} s") from None
    finally:
        if len(found) < len(pools):
            await child.stop(0)
    return child, found

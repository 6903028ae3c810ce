"""Serves one or more simulated pools until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys

from aiohttp import web

from extproc.local.simulator.app import Pool, app
from extproc.local.simulator.behaviour import ENVIRONMENT, Behaviour


def main() -> None:
    """Prints one line ``NAME HOST:PORT`` a pool once all of them listen."""
    parser = argparse.ArgumentParser(prog="python -m extproc.local.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--pool",
        action="append",
        default=[],
        metavar="NAME|PORT[|MODEL,...]",
        help="a pool, its port (0 takes a free one) and its models (none serves all); repeatable",
    )
    parser.add_argument("--name", default="sim", help="the pool of --port")
    parser.add_argument("--port", type=int, help="serve one pool here")
    parser.add_argument("--models", default="", help="models of the pool of --port")
    given = parser.parse_args()
    wanted = [_pool(text) for text in given.pool]
    if given.port is not None:
        wanted.append(_pool(f"{given.name}|{given.port}|{given.models}"))
    try:
        behaviour = Behaviour().with_pairs(os.environ.get(ENVIRONMENT, ""))
    except ValueError as error:
        sys.exit(str(error))
    asyncio.run(_serve(given.host, wanted, behaviour))


def _pool(text: str) -> tuple[Pool, int]:
    name, _, rest = text.partition("|")  # names of models may hold colons
    port, _, models = rest.partition("|")
    return Pool(name, tuple(filter(None, models.split(",")))), int(port or 0)


async def _serve(host: str, pools: list[tuple[Pool, int]], behaviour: Behaviour) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    runners = []
    for pool, port in pools:
        runner = web.AppRunner(app(pool, behaviour), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, host, port, backlog=4096).start()
        runners.append(runner)
        bound = runner.addresses[0]
        print(f"{pool.name} {bound[0]}:{bound[1]}", flush=True)  # noqa: T201 - the caller reads it
    await stopping.wait()
    for runner in runners:
        await runner.cleanup()


main()

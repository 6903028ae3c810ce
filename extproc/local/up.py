"""`extproc up`: real Envoy, the service and simulated pools, from first start to last stop."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import aiohttp

from extproc.inspectors import SECTIONS
from extproc.local import children, simulators
from extproc.local.children import Child
from extproc.local.parent import interrupted
from extproc.local.pools import simulated, upstreams
from extproc.local.proxy import Proxy
from extproc.local.settings import HOST, Settings, UpError
from extproc.policy.errors import PolicyErrors
from extproc.policy.model import PolicySet
from extproc.policy.reload import Change, Reloader, ReloadStatus
from extproc.render.pools import buffer_bytes
from extproc.render.upstreams import Endpoint

READY_S = 120.0
"""Models are loaded and warmed up first, on a machine that may be busy."""
DRAIN_S = 5.0
"""For answers in flight after a signal. A second signal ends everything at once."""


def run(settings: Settings, out: TextIO) -> None:
    """Runs until a signal. Raises `UpError` when it cannot start or a part of it ends."""
    # What the policies say about themselves is in the service's log.
    logging.getLogger("extproc").addHandler(logging.NullHandler())
    _raise_file_limit()
    with _locked(settings.data_dir):
        asyncio.run(Up(settings, out).run())


class Up:
    """Owns the processes. Whatever happens, none is left when `run` returns."""

    def __init__(self, settings: Settings, out: TextIO) -> None:
        self._settings = settings
        self._out = out
        self._children: list[Child] = []
        self._simulators: dict[str, tuple[tuple[str, ...], Endpoint]] = {}
        """By pool: the models it was started with, and where it is."""
        self._stop = asyncio.Event()
        self._proxy: Proxy
        self._log = settings.data_dir / "log"

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._signalled)
        stopping = asyncio.create_task(self._stop.wait())
        parent = asyncio.create_task(interrupted())
        serving = asyncio.create_task(self._serve())
        try:
            await asyncio.wait((stopping, parent, serving), return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        finally:
            for task in (serving, stopping, parent):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError, UpError, PolicyErrors):
                await serving
            await self._end()

    def _signalled(self) -> None:
        if self._stop.is_set():
            for child in self._children:
                child.kill()
        self._stop.set()

    async def _serve(self) -> None:
        """Starts everything, says so, and returns only by raising."""
        # The service loads its models while we load the policies.
        service = await self._start_service()
        reloader = Reloader(
            self._settings.policies, SECTIONS, self._changed, attempted=_say_refused
        )
        policies = reloader.load()
        self._proxy = Proxy(
            self._settings.data_dir / "envoy",
            self._settings.ports,
            buffer_bytes=buffer_bytes(policies),
        )
        await self._write_pools(policies)
        envoy = await self._proxy.start()
        self._children.append(envoy)
        ended = asyncio.create_task(self._first_end())
        ready = asyncio.create_task(self._until_ready())
        watching: asyncio.Task[None] | None = None
        try:
            await asyncio.wait((ended, ready), return_when=asyncio.FIRST_COMPLETED)
            if not ended.done():
                ready.result()
                self._say_ready()
                watching = asyncio.create_task(reloader.watch())
            await ended
        finally:
            for task in (ended, ready, watching):
                if task is not None:
                    task.cancel()
        assert service in self._children

    def _say_ready(self) -> None:
        print(f"ready http://{HOST}:{self._settings.ports.listener}/v1", file=self._out, flush=True)

    async def _start_service(self) -> Child:
        settings, ports = self._settings, self._settings.ports
        child = await children.start(
            "the service",
            [
                *(sys.executable, "-m", "extproc", "serve"),
                *("--policies", settings.policies),
                *("--listen", f"{HOST}:{ports.extproc}"),
                *("--admin-listen", f"{HOST}:{ports.admin}"),
                *("--data-dir", settings.data_dir),
                *("--state", settings.state),
                *("--drain-seconds", str(DRAIN_S)),
                "--development-identity",
            ],
            log=self._log / "service.log",
        )
        self._children.append(child)
        return child

    # Pools

    async def _write_pools(self, policies: PolicySet) -> None:
        """Simulates what is new or serves other models than before; then tells Envoy."""
        given = self._settings.upstreams
        wanted = simulated(policies.registry, given)
        missing = {
            pool: models
            for pool, models in wanted.items()
            if pool not in self._simulators or self._simulators[pool][0] != models
        }
        if missing:
            child, found = await simulators.start(missing, self._log / "simulator.log")
            self._children.append(child)
            for pool, where in found.items():
                self._simulators[pool] = (missing[pool], where)
        places = {pool: where for pool, (_, where) in self._simulators.items()}
        self._proxy.write(upstreams(policies.registry, given, places))

    def _changed(self, change: Change) -> None:
        """The policy files were edited, and are valid."""
        if change.old is None or change.old.registry.digest != change.new.registry.digest:
            self._writing = asyncio.create_task(self._write_pools(change.new))

    # Life and death

    async def _until_ready(self) -> None:
        """The service has its models, Envoy its pools, and the listener takes connections."""
        ports = self._settings.ports
        try:
            async with asyncio.timeout(READY_S), aiohttp.ClientSession() as session:
                await _answers(session, f"http://{HOST}:{ports.admin}/readyz", 200)
                await _answers(session, f"http://{HOST}:{ports.envoy_admin}/ready", 200)
                # Through all of it. Whatever the answer is, it is one.
                await _answers(session, f"http://{HOST}:{ports.listener}/health", None)
        except TimeoutError:
            raise UpError(
                f"not ready after {READY_S:.0f} s; see {self._log} and the service's "
                f"http://{HOST}:{ports.admin}/readyz"
            ) from None

    async def _first_end(self) -> None:
        """Raises `UpError` when a child has ended."""
        while True:
            waits = {asyncio.create_task(child.process.wait()): child for child in self._children}
            try:
                # New children join on the next round.
                done, _ = await asyncio.wait(
                    waits, timeout=1.0, return_when=asyncio.FIRST_COMPLETED
                )
            finally:
                for wait in waits:
                    wait.cancel()
            for wait in done:
                raise UpError(_obituary(waits[wait]))

    async def _end(self) -> None:
        """New connections stop, the service finishes what is in flight, then all the rest ends."""
        service = [child for child in self._children if child.name == "the service"]
        others = [child for child in self._children if child.name != "the service"]
        try:
            if all(child.running for child in self._children):
                await self._close_listeners()
                # Envoy stays until the service has heard how the last exchanges ended.
                for child in service:
                    await child.stop(DRAIN_S + 5.0)
            await asyncio.gather(*(child.stop(2.0) for child in [*service, *others]))
        finally:
            for child in self._children:
                child.kill()

    async def _close_listeners(self) -> None:
        address = f"http://{HOST}:{self._settings.ports.envoy_admin}/drain_listeners"
        timeout = aiohttp.ClientTimeout(total=1.0)
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with aiohttp.ClientSession(timeout=timeout) as session, session.post(address):
                pass


def _say_refused(status: ReloadStatus) -> None:
    """The service goes on with what it has; the person who edits should know."""
    if not status.ok:
        sys.stderr.write(f"extproc up: the edit is refused, nothing changes:\n{status.error}\n")


async def _answers(session: aiohttp.ClientSession, address: str, wanted: int | None) -> None:
    """Returns when a GET of `address` gets this status, or any where none is given."""
    while True:
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(address, timeout=aiohttp.ClientTimeout(total=5.0)) as answer:
                if wanted is None or answer.status == wanted:
                    return
        await asyncio.sleep(0.05)


def _obituary(child: Child) -> str:
    code = child.process.returncode
    how = f"was killed by {signal.Signals(-code).name}" if code and code < 0 else f"ended ({code})"
    words = child.last_words()
    return f"{child.name} {how}; its last words, from {child.log}:\n{words or '(none)'}"


@contextlib.contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    """One at a time may write there."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpError(f"{data_dir} is in use by another `extproc up` (--data-dir)") from None
        yield


def _raise_file_limit() -> None:
    """Every request in flight needs two sockets in Envoy; children inherit the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

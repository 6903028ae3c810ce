"""`extproc up` as a user runs it: a process of its own, on free ports."""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
READY_S = 150.0
STOP_S = 90.0
MARK = "EXTPROC_TEST_MARK"
"""In the environment of everything that a gateway starts, so that what is left can be found."""


@dataclass
class Gateway:
    """A running `extproc up`."""

    process: subprocess.Popen[str]
    mark: str
    policies: Path
    """A copy: edit it at will."""
    data_dir: Path
    ports: Mapping[str, int]
    """By option, such as ``--port``."""
    state: str
    stderr: Path

    @property
    def base_url(self) -> str:
        """With ``/v1``, as the OpenAI SDK wants it."""
        return f"http://127.0.0.1:{self.ports['--port']}/v1"

    @property
    def admin_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['--admin-port']}"

    @property
    def envoy_admin_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['--envoy-admin-port']}"

    def metric(self, name: str) -> float:
        """The sum over all label values."""
        with urllib.request.urlopen(f"{self.admin_url}/metrics", timeout=30) as answer:
            text = answer.read().decode()
        samples = re.findall(rf"^{name}(?:\{{.*\}})? ([-+.\deE]+)$", text, re.MULTILINE)
        assert samples, f"no metric {name}"
        return sum(map(float, samples))

    def pids(self) -> dict[int, str]:
        """Everything it started that is alive, itself included: command line by process id."""
        return alive(self.mark)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signals `up` alone, waits until it has ended and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOP_S)

    def kill(self) -> None:
        """Whatever is left of it."""
        self.process.kill()
        self.process.wait(STOP_S)
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)


def alive(mark: str) -> dict[int, str]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            # An ended process that nobody has waited for yet has no command line.
            if words := (folder / "cmdline").read_bytes().replace(b"\0", b" "):
                found[int(folder.name)] = words.decode(errors="replace")
        except OSError:  # it has ended meanwhile
            continue
    return found


def ports_of_options() -> dict[str, int]:
    options = ("--port", "--admin-port", "--extproc-port", "--envoy-admin-port")
    return {option: free_port() for option in options}


def launch(
    folder: Path,
    *options: str,
    ports: Mapping[str, int] | None = None,
    policies: Path | None = None,
    state: str = "memory://",
    environment: Mapping[str, str] | None = None,
    ignore_sigint: bool = False,
    make: bool = False,
) -> Gateway:
    """Starts it and does not wait. `policies` is copied first; the default set without it.

    `make`: as the recipe of a Makefile, in the words of ours; the process is make's then.
    """
    ports = ports or ports_of_options()
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "policies"
    if not copy.exists():
        shutil.copytree(policies or ROOT / "policies", copy)
    mark = uuid.uuid4().hex
    command = [sys.executable, "-m", "extproc", "up"]
    command += [f"--policies={copy}", f"--data-dir={folder / 'data'}", f"--state={state}"]
    command += [f"{option}={port}" for option, port in ports.items()]
    command += options
    if make:
        recipe = shlex.join(command).replace("$", "$$")
        (folder / "Makefile").write_text(f"up:\n\t@exec {recipe}\n")
        command = ["make", "--no-print-directory", "-f", str(folder / "Makefile"), "up"]
    stderr = folder / "stderr"
    with stderr.open("w") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **(environment or {}), MARK: mark},
            # Ignored as for `extproc up &` in a script; else not, however the tests were started.
            preexec_fn=lambda: signal.signal(  # noqa: PLW1509
                signal.SIGINT, signal.SIG_IGN if ignore_sigint else signal.SIG_DFL
            ),
        )
    return Gateway(process, mark, copy, folder / "data", ports, state, stderr)


def await_ready(gateway: Gateway) -> str:
    """Its first line of output. Fails with what it said when it ends or takes too long."""
    assert gateway.process.stdout is not None
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if select.select([gateway.process.stdout], [], [], 0.1)[0]:
            line = gateway.process.stdout.readline()
            if line:
                return line
            break
    status = gateway.process.poll()
    raise AssertionError(f"not ready (exit status {status}):\n{gateway.stderr.read_text()}")


def start(folder: Path, *options: str, **kwargs: object) -> Gateway:
    """Starts it and returns when it is ready. Takes other ports if these were taken meanwhile."""
    for attempt in range(3):
        gateway = launch(folder, *options, **kwargs)  # type: ignore[arg-type]
        try:
            await_ready(gateway)
        except AssertionError:
            gateway.kill()
            if attempt == 2 or "is taken" not in gateway.stderr.read_text():
                raise
        else:
            return gateway
    raise AssertionError("unreachable")

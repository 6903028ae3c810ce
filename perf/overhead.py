"""What extproc adds to plain Envoy: `python perf/overhead.py [--quick]`.

One run starts simulated pools, a plain Envoy in front of them, and one `extproc up` for each
set of inspectors, all on this machine, and measures each cell side by side: 1 and 32 clients, on
prompts of 30 tokens, 500 tokens and 8 KB (`perf/prompts.py`): English sentences, each sent once; in
the row `all, hit` one prompt again and again. CPU is that of the service's process for each
request, RSS at the end. An answer that is not a 200 costs less than one that is, so a run with any
such ("odd") exits with 1: its figures do not count.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import load
import yaml
from prompts import prompt
from rich.console import Console
from rich.table import Table

from extproc.local.binary import envoy
from extproc.render.bootstrap import static_bootstrap
from extproc.render.upstreams import Endpoint, Service, Upstream

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
SECTIONS = ("injection", "sensitivity", "cache")
SIZES = {"30 tokens": 0, "500 tokens": 2_350, "8 KB": 8_192}
"""Characters; a single sentence has about 30 tokens."""
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def policies(folder: Path, on: tuple[str, ...]) -> Path:
    """The default set with only the sections `on`; no others, no experiment's split changes that.

    Injection flags and refuses nothing: of these long mixes of requests it would refuse 6 of
    2,150, and what is refused costs less.
    """
    shutil.copytree(ROOT / "policies", folder, ignore=shutil.ignore_patterns("tests", "examples"))
    file = folder / "default.yaml"
    document = yaml.safe_load(file.read_text())
    for section in SECTIONS:
        if section not in on:
            document[section] = {"mode": "off"}
    if "injection" in on:
        document["injection"] = {**document["injection"], "action": "flag"}
    file.write_text(yaml.safe_dump(document))
    return folder


def plain_envoy(pool: int, port: int, admin: int) -> dict:
    """The same listener, routes and clusters without ext_proc and what belongs to it."""
    config = static_bootstrap(
        [Upstream("gpu-a", [Endpoint(HOST, pool)])],
        service=Service(Endpoint(HOST, 1)),
        listen=Endpoint(HOST, port),
        admin=Endpoint(HOST, admin),
    )
    listener = config["static_resources"]["listeners"][0]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    manager["http_filters"] = [f for f in manager["http_filters"] if "router" in f["name"]]
    manager.pop("access_log", None)
    route = manager["route_config"]["virtual_hosts"][0]["routes"][-1]
    route.pop("direct_response")
    route["route"] = {"cluster": "gpu-a"}
    return config


@contextlib.contextmanager
def child(command: list, **kwargs: Any) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([str(part) for part in command], **kwargs)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@contextlib.contextmanager
def gateway(folder: Path, on: tuple[str, ...], pool: int) -> Iterator[tuple[int, int]]:
    """`extproc up` with those sections; its port and the process id of the service."""
    ports = {
        name: free_port() for name in ("port", "admin-port", "extproc-port", "envoy-admin-port")
    }
    command = [sys.executable, "-m", "extproc", "up", "--data-dir", folder / "data"]
    command += ["--policies", policies(folder / "policies", on)]
    command += ["--upstream", f"gpu-a={HOST}:{pool}"]
    for name, port in ports.items():
        command += [f"--{name}", port]
    with child(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line.startswith("ready"):
            sys.exit("extproc up did not start")
        service = subprocess.run(
            ["pgrep", "-f", f"extproc serve.*{ports['extproc-port']}"],
            capture_output=True,
            text=True,
            check=True,
        )
        yield ports["port"], int(service.stdout.split()[0])


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"nothing listens on {port}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the requests")
    parser.add_argument("--only", help="one configuration, such as 'all'")
    options = parser.parse_args()
    share = 0.2 if options.quick else 1.0
    table = Table(title="Added to plain Envoy, milliseconds at p50; whole request at p99")
    for column in (
        "inspectors",
        "prompt",
        "clients",
        "p50",
        "added",
        "p99",
        "rps",
        "odd",
        "CPU ms",
        "RSS MB",
    ):
        table.add_column(column, justify="left" if column in {"inspectors", "prompt"} else "right")
    configurations = {
        "none": ((), "miss"),
        **{section: ((section,), "miss") for section in SECTIONS},
        "all": (SECTIONS, "miss"),
        "all, hit": (SECTIONS, "hit"),
    }
    if options.only:
        configurations = {options.only: configurations[options.only]}
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pool, port, admin = free_port(), free_port(), free_port()
        simulator = [
            sys.executable,
            "-m",
            "extproc.local.simulator",
            "--name",
            "gpu-a",
            "--port",
            pool,
        ]
        stack.enter_context(child(simulator, stdout=subprocess.DEVNULL))
        wait_for(pool)
        bootstrap = scratch / "plain.json"
        bootstrap.write_text(json.dumps(plain_envoy(pool, port, admin)))
        stack.enter_context(
            child(
                [
                    envoy(),
                    "-c",
                    bootstrap,
                    "--disable-hot-restart",
                    "-l",
                    "off",
                    "--concurrency",
                    "2",
                ]
            )
        )
        wait_for(port)
        odd = 0
        for name, (on, kind) in configurations.items():
            fresh = count()
            with gateway(scratch / name.replace(", ", "-"), on, pool) as (governed, pid):
                for size, characters in SIZES.items():
                    for clients, asked in ((1, 400), (32, 1600)):
                        heavy = (
                            0.15 if size == "8 KB" and "injection" in on and kind == "miss" else 1.0
                        )
                        requests = max(40, int(asked * share * heavy))
                        # Made before the clock runs; new in every cell, or the next would be hits.
                        sent = requests + load.warming(clients, requests)
                        numbers = (
                            [0] * sent if kind == "hit" else [next(fresh) for _ in range(sent)]
                        )
                        messages = [load.chat(prompt(number, characters)) for number in numbers]
                        base = asyncio.run(load.run(port, clients, requests, messages.__getitem__))
                        before = cpu_seconds(pid)
                        result = asyncio.run(
                            load.run(governed, clients, requests, messages.__getitem__)
                        )
                        used = (cpu_seconds(pid) - before) / sent * 1e3
                        odd += base.odd + result.odd
                        table.add_row(
                            name,
                            size,
                            str(clients),
                            f"{result.p50:.2f}",
                            f"{result.p50 - base.p50:+.2f}",
                            f"{result.p99:.1f}",
                            f"{result.rps:.0f}",
                            str(result.odd),
                            f"{used:.2f}",
                            f"{rss_mb(pid):.0f}",
                        )
                table.add_section()
    Console(width=120).print(table)
    if odd:
        sys.exit(f"{odd} answers were not 200: these figures do not count")


if __name__ == "__main__":
    main()

"""What attaching costs traffic that has nothing to do with models: `python perf/attach.py`.

Two Envoys, both with the istio-proxy configuration of the tests: one as Istio has it before any
EnvoyFilter of ours, one with ours applied. The same requests go to a service of the mesh through
each, in turns, and to a second of the first kind: what that differs by is noise. The filter is there and disabled on that host: no stream to the service is opened.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from pathlib import Path
from statistics import median
from types import ModuleType

import load
from rich.console import Console
from rich.table import Table

# Ours is a folder without an `__init__`, and some packages install a `tests` of their own.
sys.modules["tests"] = ModuleType("tests")
sys.modules["tests"].__path__ = [str(Path(__file__).parents[1] / "tests")]

from tests.istio import running  # noqa: E402
from tests.istio.attached import Attached, beside_an_application  # noqa: E402
from tests.istio.configured import OTHER  # noqa: E402
from tests.istio.running import eventually  # noqa: E402
from tests.ports import free_port  # noqa: E402

ROUNDS = 15
REQUESTS = 600
CASES = {"GET": (b"", 1), "GET, 32 clients": (b"", 32), "POST of 64 KiB": (b"x" * 65536, 1)}
STREAMS = "http.outbound_0.0.0.0_80;.ext_proc.extproc.streams_started"


def message(body: bytes) -> bytes:
    """For a path that the simulated service answers, whatever it is sent."""
    method = "POST" if body else "GET"
    head = f"{method} /v1/models HTTP/1.1\r\nhost: {OTHER}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def before(attached: Attached, folder: Path, stack: contextlib.ExitStack) -> int:
    """The port of a proxy that nothing of ours was applied to."""
    port = free_port()
    process = running.proxy_process(
        attached.plain, folder, ports={80: port}, admin=free_port(), service=attached.socket
    ).start()
    stack.callback(process.kill)
    eventually(lambda: running.listens(port), process)
    return port


def main() -> None:
    table = Table(title=f"Traffic without models, median of {ROUNDS} rounds of {REQUESTS} requests")
    for column in ("request", "p50 before, ms", "attached", "p99", "before, again"):
        table.add_column(column, justify="left" if column == "request" else "right")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "attached").mkdir()
        attached = stack.enter_context(beside_an_application(folder / "attached"))
        plain, again = (before(attached, folder / name, stack) for name in ("plain", "again"))
        ports = [plain, int(attached.url.rpartition(":")[2]), again]
        for name, (body, clients) in CASES.items():
            sent = message(body)
            found: dict[int, list[load.Result]] = {port: [] for port in ports}
            for number in range(ROUNDS):
                turn = number % len(ports)  # nobody is always first
                for port in ports[turn:] + ports[:turn]:
                    result = asyncio.run(load.run(port, clients, REQUESTS, lambda _, m=sent: m))
                    found[port].append(result)
            p50 = [median(each.p50 for each in found[port]) for port in ports]
            p99 = [median(each.p99 for each in found[port]) for port in ports]
            table.add_row(
                name, f"{p50[0]:.3f}", f"x {p50[1] / p50[0]:.2f}", f"x {p99[1] / p99[0]:.2f}",
                f"x {p50[2] / p50[0]:.2f}",
            )  # fmt: skip
        opened = attached.stat(STREAMS)
    Console(width=100).print(table)
    print(f"streams opened to the service: {opened}")


if __name__ == "__main__":
    main()

"""A patched proxy configuration in real Envoy, with the real service and simulated models."""

from __future__ import annotations

import copy
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extproc.local.binary import envoy
from tests.istio.patching import MANAGER, Proxy
from tests.ports import HOST, free_port

GRPC_PORT = 50051
SOCKET = "/run/extproc/extproc.sock"
CREDENTIALS = "/etc/extproc/credentials"
ONLY_ISTIO = {"istio.alpn", "istio.stats"}
"""Filters of istio-proxy's own build: they count and annotate, and decide nothing."""
PATIENCE_S = 60.0


@dataclass
class Process:
    """A child with its output in a file; `stop` ends it politely, `kill` at once."""

    command: list[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: int | None = None
    """Runs as this user and group, without any other right."""
    child: subprocess.Popen[str] | None = None

    def start(self) -> Process:
        with self.log.open("a") as log:
            self.child = subprocess.Popen(
                self.command,
                stdout=log,
                stderr=log,
                text=True,
                env={**os.environ, **self.environment},
                **self._as_user(),
            )
        return self

    def _as_user(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.user, "extra_groups": [], "cwd": "/"}

    @property
    def running(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.child is not None
        if self.running:
            self.child.send_signal(number)
        try:
            return self.child.wait(30)
        except subprocess.TimeoutExpired:
            self.child.kill()
            raise

    def kill(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.wait(30)

    def words(self) -> str:
        return self.log.read_text()[-3000:]


def eventually(what, process: Process | None = None, *, why: str = ""):
    """Polls until `what` is true; whatever it raises counts as not yet."""
    deadline = time.monotonic() + PATIENCE_S
    last: object = None
    while time.monotonic() < deadline:
        try:
            if found := what():
                return found
        except OSError as error:
            last = error
        assert process is None or process.running, process.words()
        time.sleep(0.05)
    raise AssertionError(f"{why or 'not in time'}: {last} {process.words() if process else ''}")


def listens(port: int) -> bool:
    with socket.create_connection((HOST, port), timeout=1):
        return True


def proxy_process(
    proxy: Proxy,
    folder: Path,
    *,
    ports: Mapping[int, int],
    admin: int,
    service: int | Path,
    credentials: Path | None = None,
) -> Process:
    """Envoy with the configuration. `ports`: the port that each listener takes here.

    What differs from a pod: listeners bind ports of this machine, routes come from files instead
    of a control plane, and the service has another port or socket, and secrets another folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    proxy = copy.deepcopy(proxy)
    for routes in proxy.routes:
        response = {
            "version_info": "1",
            "resources": [
                {"@type": "type.googleapis.com/envoy.config.route.v3.RouteConfiguration", **routes}
            ],
        }
        (folder / _file_of(routes["name"])).write_text(json.dumps(response))
    for listener in proxy.listeners:
        address = listener["address"]["socket_address"]
        address.update(address=HOST, port_value=ports[address["port_value"]])
        listener.pop("bind_to_port")
        for chain in listener["filter_chains"]:
            for each in chain["filters"]:
                if each["name"] == MANAGER:
                    _here(each["typed_config"], folder)
    for cluster in proxy.clusters:
        if cluster["name"] == "extproc":
            (endpoint,) = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
            found = endpoint["endpoint"]["address"]
            if isinstance(service, Path):
                assert found == {"pipe": {"path": SOCKET}}
                found["pipe"]["path"] = str(service)
            else:
                assert found == {"socket_address": {"address": HOST, "port_value": GRPC_PORT}}
                found["socket_address"]["port_value"] = service
    bootstrap = {
        "node": {"id": "sidecar~10.0.0.1~app.ai-apps~ai-apps.svc.cluster.local", "cluster": "app"},
        "static_resources": {"listeners": proxy.listeners, "clusters": proxy.clusters},
        "admin": {"address": {"socket_address": {"address": HOST, "port_value": admin}}},
    }
    config = folder / "envoy.json"
    text = json.dumps(bootstrap, indent=1)
    config.write_text(text.replace(CREDENTIALS, str(credentials)) if credentials else text)
    return Process(
        [str(envoy()), "--config-path", str(config), "--disable-hot-restart", "--concurrency", "1",
         "--log-level", "warning"],
        folder / "envoy.log",
        {"POD_NAMESPACE": "ai-apps", "SERVICE_ACCOUNT": "assistant"},
    )  # fmt: skip


def _here(manager: dict[str, Any], folder: Path) -> None:
    kept = [f for f in manager["http_filters"] if f["name"] not in ONLY_ISTIO]
    manager["http_filters"] = kept
    file = folder / _file_of(manager["rds"]["route_config_name"])
    manager["rds"]["config_source"] = {
        "path_config_source": {"path": str(file), "watched_directory": {"path": str(folder)}},
        "resource_api_version": "V3",
    }
    for log in manager["access_log"]:
        if log["name"] == "envoy.access_loggers.file":
            log["typed_config"]["path"] = str(folder / "access.log")


def _file_of(routes: str) -> str:
    return f"routes-{re.sub('[^A-Za-z0-9]', '-', routes)}.json"


def service_process(
    policies: Path,
    data: Path,
    *,
    listen: str,
    admin: int,
    python: Path = Path(sys.executable),
    user: int | None = None,
) -> Process:
    """`extproc serve`, as the container runs it."""
    data.mkdir(parents=True, exist_ok=True)
    environment = {}
    if user is not None:
        os.chown(data, user, user)
        # A copied interpreter finds its own library, not another that the machine may have.
        library = python.resolve().parents[1] / "lib"
        environment = {
            "HOME": "/nonexistent",
            "TMPDIR": "/nonexistent",
            "PYTHONPATH": "",
            "LD_LIBRARY_PATH": str(library),
        }
    return Process(
        [str(python), "-m", "extproc", "serve", f"--policies={policies}", f"--listen={listen}",
         f"--admin-listen={HOST}:{admin}", f"--data-dir={data}", "--drain-seconds=2"],
        data.parent / f"{data.name}.log",
        environment,
        user,
    )  # fmt: skip


def ready(admin: int) -> bool:
    with urllib.request.urlopen(f"http://{HOST}:{admin}/readyz", timeout=2) as answer:
        return answer.status == 200


def simulator(folder: Path, pools: Mapping[str, tuple[str, ...]]) -> tuple[Process, dict[str, int]]:
    """Simulated model pools (models by pool), and their ports."""
    ports = {name: free_port() for name in pools}
    command = [sys.executable, "-m", "extproc.local.simulator"]
    for name, models in pools.items():
        command += ["--pool", f"{name}|{ports[name]}|{','.join(models)}"]
    process = Process(command, folder / "simulator.log").start()
    for port in ports.values():
        eventually(lambda port=port: listens(port), process)
    return process, ports

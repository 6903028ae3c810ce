"""One attachment, running: our manifests, Istio's rules, real Envoy, the real service."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml
from typer.testing import CliRunner

from extproc.cli.main import app
from tests.istio import running
from tests.istio.configured import sidecar
from tests.istio.manifests import build, of_kind
from tests.istio.patching import Proxy, patched
from tests.istio.running import HOST, Process, eventually, free_port

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy" / "istio" / "policies"
MODELS = {"gpu-a": ("small",), "onprem": ("private",), "provider": ("large",)}
APPLICATION = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "app", "labels": {"ai-attach": "sidecar"}},
    "spec": {
        "selector": {"matchLabels": {"app": "app"}},
        "template": {
            "metadata": {"labels": {"app": "app"}},
            "spec": {"containers": [{"name": "app", "image": "app"}]},
        },
    },
}
AI_HOST = "ai.ai-apps"


def policies(folder: Path, ports: dict[str, int]) -> Path:
    """The shipped set with its pools on this machine."""
    copy = folder / "policies"
    shutil.copytree(SHIPPED, copy)
    models = yaml.safe_load((copy / "models.yaml").read_text())
    for name, pool in models["pools"].items():
        pool["endpoints"] = [f"{HOST}:{ports[name]}"]
        pool["tls"] = False
    (copy / "models.yaml").write_text(yaml.safe_dump(models))
    return copy


def rendered(policies_: Path, out: Path) -> Path:
    result = CliRunner().invoke(app, ["render", "istio", f"--policies={policies_}", f"--out={out}"])
    assert result.exit_code == 0, result.output
    return out


def manifests(tree: Path, overlay: str) -> list[dict[str, Any]]:
    more = [APPLICATION] if overlay == "sidecar" else []
    return build(tree / "overlays" / overlay, *more)


@dataclass
class Attached:
    """What a test may look at and do."""

    folder: Path
    policies: Path
    url: str
    """Of the sidecar's listener for port 80."""
    envoy: Process
    envoy_admin: int
    service: Process
    service_port: int
    service_admin: int
    plain: Proxy
    """As Istio has it before any EnvoyFilter."""
    proxy: Proxy
    documents: list[dict[str, Any]]
    """The EnvoyFilters that made it so."""

    def at(self, url: str, envoy_admin: int) -> Attached:
        """The same service behind another proxy."""
        self.url, self.envoy_admin = url, envoy_admin
        return self

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def request(
        self, method: str = "POST", path: str = "/v1/chat/completions", *, host=AI_HOST, **kwargs
    ) -> httpx.Response:
        headers = {"host": host, **kwargs.pop("headers", {})}
        return httpx.request(method, self.url + path, headers=headers, timeout=60, **kwargs)

    def ask(self, text: str = "Say hello", model: str = "small", **kwargs) -> httpx.Response:
        body = {"model": model, "messages": [{"role": "user", "content": text}]}
        return self.request(json=body | kwargs.pop("more", {}), **kwargs)

    def served(self) -> dict[str, int]:
        """Requests that Envoy has sent to each cluster."""
        page = httpx.get(f"http://{HOST}:{self.envoy_admin}/stats?usedonly").text
        found = {}
        for line in page.splitlines():
            name, _, value = line.partition(": ")
            if name.startswith("cluster.") and name.endswith(".upstream_rq_total"):
                found[name.removeprefix("cluster.").removesuffix(".upstream_rq_total")] = int(value)
        return found

    def stat(self, name: str) -> int:
        """One of Envoy's own counters."""
        page = httpx.get(f"http://{HOST}:{self.envoy_admin}/stats").text
        values = dict(line.partition(": ")[::2] for line in page.splitlines())
        return int(values[name])

    def metric(self, name: str) -> float:
        page = httpx.get(f"http://{HOST}:{self.service_admin}/metrics").text
        values = [
            float(line.rpartition(" ")[2])
            for line in page.splitlines()
            if line.partition("{")[0].partition(" ")[0] == name
        ]
        assert values, name
        return sum(values)


@contextlib.contextmanager
def beside_an_application(
    folder: Path, *, python: Path = Path(sys.executable), user: int | None = None
) -> Iterator[Attached]:
    """Attach.SIDECAR. Everything is gone at the end. `python` and `user` run the service."""
    with contextlib.ExitStack() as stack:
        simulated, ports = running.simulator(folder, MODELS | {"orders": ()})
        stack.callback(simulated.kill)
        set_ = policies(folder, ports)
        documents = manifests(rendered(set_, folder / "deploy"), "sidecar")
        service_port, service_admin = free_port(), free_port()
        service = running.service_process(
            set_, folder / "data", port=service_port, admin=service_admin, python=python, user=user
        ).start()
        stack.callback(service.kill)
        plain = sidecar(documents, other=(HOST, ports["orders"]))
        proxy = patched(plain, *of_kind(documents, "EnvoyFilter"))
        port, admin = free_port(), free_port()
        envoy = running.proxy_process(
            proxy, folder / "envoy", ports={80: port}, admin=admin, service=service_port
        ).start()
        stack.callback(envoy.kill)
        eventually(lambda: running.listens(port), envoy)
        eventually(lambda: running.ready(service_admin), service)
        yield Attached(
            folder, set_, f"http://{HOST}:{port}", envoy, admin, service, service_port,
            service_admin, plain, proxy, of_kind(documents, "EnvoyFilter"),
        )  # fmt: skip

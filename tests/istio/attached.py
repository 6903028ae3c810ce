"""One attachment, running: our manifests, Istio's rules, real Envoy, the real service."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml
from typer.testing import CliRunner

from extproc.cli.main import app
from tests.istio import peers, running
from tests.istio.certificates import Authority
from tests.istio.configured import sidecar
from tests.istio.manifests import build, of_kind
from tests.istio.mounted import mount
from tests.istio.patching import Proxy, patched
from tests.istio.running import Process, eventually
from tests.ports import HOST, free_port

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


SECRET = "provider-key"


def policies(folder: Path, ports: dict[str, int], *, tls: int | None = None) -> Path:
    """The shipped set with its pools on this machine. `tls`: where the provider speaks it."""
    copy = folder / "policies"
    shutil.copytree(SHIPPED, copy)
    models = yaml.safe_load((copy / "models.yaml").read_text())
    for name, pool in models["pools"].items():
        pool["endpoints"] = [f"{HOST}:{ports[name]}"]
        pool["tls"] = False
        if name == "provider" and tls is not None:
            pool.update(endpoints=[f"localhost:{tls}"], tls=True)
        else:
            pool.pop("credential", None)
    (copy / "models.yaml").write_text(yaml.safe_dump(models))
    return copy


def rendered(policies_: Path, out: Path) -> Path:
    result = CliRunner().invoke(app, ["render", "istio", f"--policies={policies_}", f"--out={out}"])
    assert result.exit_code == 0, result.output
    return out


def manifests(tree: Path, overlay: str) -> list[dict[str, Any]]:
    """Of an overlay, with an application's Deployment that asks to be attached."""
    if overlay == "gateway":
        return build(tree / "overlays" / overlay)
    application = copy.deepcopy(APPLICATION)
    application["metadata"]["labels"]["ai-attach"] = overlay
    if overlay == "sidecar":
        return build(tree / "overlays" / overlay, application)
    folder = tree / "overlays" / overlay
    return [*build(folder / "server"), *build(folder / "applications", application)]


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
    socket: Path
    """Where the service listens."""
    service_admin: int
    plain: Proxy
    """As Istio has it before any EnvoyFilter."""
    proxy: Proxy
    documents: list[dict[str, Any]]
    """The EnvoyFilters that made it so."""
    credentials: Path
    """The proxy's mount of the providers' keys."""
    key: str = ""

    def give(self, key: str) -> None:
        """Writes a Secret with this key, as the kubelet would."""
        self.key = key
        where = json.loads((self.folder / "secrets.json").read_text())
        mount(self.credentials, {**where, SECRET: key})

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
        authority = Authority(folder / "pki")
        ended, tls = peers.provider(
            folder / "provider", ports["provider"], authority.server("localhost")
        )
        stack.callback(ended.kill)
        set_ = policies(folder, ports, tls=tls)
        documents = manifests(rendered(set_, folder / "deploy"), "sidecar")
        socket, service_admin = _socket(folder, user), free_port()
        service = running.service_process(
            set_, folder / "data", listen=f"unix:{socket}", admin=service_admin, python=python,
            user=user,
        ).start()  # fmt: skip
        stack.callback(service.kill)
        eventually(lambda: running.ready(service_admin), service)
        plain = sidecar(documents, other=(HOST, ports["orders"]), roots=authority.root)
        proxy = patched(plain, *of_kind(documents, "EnvoyFilter"))
        port, admin, credentials = free_port(), free_port(), folder / "credentials"
        made = Attached(
            folder, set_, f"http://{HOST}:{port}",
            running.proxy_process(
                proxy, folder / "envoy", ports={80: port}, admin=admin, service=socket,
                credentials=credentials,
            ),
            admin, service, socket, service_admin, plain, proxy,
            of_kind(documents, "EnvoyFilter"), credentials,
        )  # fmt: skip
        (found,) = (d for d in of_kind(documents, "ConfigMap") if SECRET in str(d["data"].keys()))
        where = {
            name: text.replace(running.CREDENTIALS, str(credentials))
            for name, text in found["data"].items()
        }
        (folder / "secrets.json").write_text(json.dumps(where))
        made.give(f"Bearer sk-{uuid.uuid4().hex}")
        made.envoy.start()
        stack.callback(made.envoy.kill)
        eventually(lambda: running.listens(port), made.envoy)
        yield made


def _socket(folder: Path, user: int | None) -> Path:
    """In a folder that only the service and the proxy have."""
    shared = folder / "run"
    shared.mkdir()
    if user is not None:
        os.chown(shared, user, user)
    return shared / "extproc.sock"

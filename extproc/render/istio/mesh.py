"""What the manifests are told of the mesh, and the names that Istio derives from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from extproc.policy.model import PolicySet
from extproc.render.credentials import distinct
from extproc.render.pools import CREDENTIALS, buffer_bytes, injected, upstream
from extproc.render.upstreams import Injected, Upstream
from extproc.routing.names import pool_host

GRPC_PORT = 50051
ADMIN_PORT = 9464
AI_PORT = 80
"""Where applications call the AI host, in clear: their sidecar adds mTLS or TLS."""
GATEWAY_PORT = 8443
GOVERNED = "ai-governed"
"""The label of pods whose AI traffic is governed. Everything of ours selects by it."""
STATUS_PORT = 15021
SOCKET_FOLDER = "/run/extproc"
"""Shared by the service and the proxy alone: no other container of the pod has it."""

PLACEHOLDER_IMAGE = "registry.example/extproc@sha256:" + "0" * 64
"""Images are named by digest; this one does not exist, so that nobody runs it by mistake."""


class Attach(StrEnum):
    """Where the filter stands, and where the service runs."""

    SIDECAR = "sidecar"
    GATEWAY = "gateway"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Mesh:
    """One attachment."""

    attach: Attach
    policies: PolicySet
    namespace: str
    """Of the governed applications; of the gateway where that is what is governed."""
    system_namespace: str = "extproc-system"
    """Of the shared Deployment, in `Attach.SERVICE`."""
    clients: Sequence[str] = ("ai-apps",)
    """Namespaces that may call the gateway."""
    host: str = "ai"
    """Kubernetes Service that applications call: ``http://ai/v1``."""
    extra_hosts: Sequence[str] = ()
    """Other names under which applications may call models in clear, such as a provider's."""
    trust_domain: str = "cluster.local"
    image: str = PLACEHOLDER_IMAGE
    plain_pools: Sequence[str] = ()
    """Pools of the cluster whose pods have no sidecar: they are reached in clear."""
    state_port: int = 6379
    telemetry_port: int = 4317

    def __post_init__(self) -> None:
        """Raises `ValueError` for a plain pool that there is not."""
        if unknown := set(self.plain_pools) - self.policies.registry.pools.keys():
            known = ", ".join(self.policies.registry.pools)
            raise ValueError(f"{min(unknown)}: no such pool; pools are: {known}")

    @property
    def upstreams(self) -> list[Upstream]:
        return [
            upstream(pool, credential=injected(pool, CREDENTIALS, discovered=True))
            for pool in self.policies.registry.pools.values()
        ]

    @property
    def longest_answer(self) -> timedelta:
        """Of any pool. Pods drain longer than this before they end."""
        return max(each.timeout for each in self.upstreams)

    def in_mesh(self, pool: Upstream) -> bool:
        """Whether the pool's pods have sidecars, which speak mutual TLS and know who calls."""
        inside = all(e.host.endswith(".svc.cluster.local") for e in pool.endpoints)
        return inside and not pool.tls and pool.name not in self.plain_pools

    @property
    def buffer_bytes(self) -> int:
        return buffer_bytes(self.policies)

    @property
    def ai_host(self) -> str:
        """Its full name, as Istio writes it."""
        return f"{self.host}.{self.namespace}.svc.cluster.local"

    @property
    def service_host(self) -> str:
        """Of the shared Deployment."""
        return f"extproc.{self.system_namespace}.svc.cluster.local"

    @property
    def gated(self) -> bool:
        return self.attach is Attach.GATEWAY

    @property
    def hosts(self) -> list[str]:
        """Every name under which a proxy of ours could reach a model.

        Pools are among them: a client that asks for one by name is governed like any other.
        """
        pools = [] if self.gated else [pool_host(each.name) for each in self.upstreams]
        return [self.ai_host, *self.extra_hosts, *pools]

    @property
    def port(self) -> int:
        """Of the listener that is governed."""
        return GATEWAY_PORT if self.gated else AI_PORT

    @property
    def virtual_hosts(self) -> list[str]:
        """As Istio names them in its route configurations."""
        return [f"{host}:{self.port}" for host in self.hosts]

    @property
    def cluster(self) -> str:
        """The Envoy cluster of the service: beside the proxy, or Istio's own of the Deployment."""
        if self.attach is Attach.SERVICE:
            return f"outbound|{GRPC_PORT}||{self.service_host}"
        return "extproc"

    @property
    def listen(self) -> str:
        """Where the service listens. Beside an application, whose network it shares, a socket."""
        match self.attach:
            case Attach.SIDECAR:
                return f"unix:{SOCKET_FOLDER}/extproc.sock"
            case Attach.GATEWAY:
                return f"127.0.0.1:{GRPC_PORT}"
            case Attach.SERVICE:
                return f"0.0.0.0:{GRPC_PORT}"

    @property
    def credentials(self) -> list[Injected]:
        """What proxies say to providers, each secret once."""
        return distinct(self.upstreams)

    @property
    def context(self) -> str:
        return "GATEWAY" if self.gated else "SIDECAR_OUTBOUND"

    @property
    def selector(self) -> dict[str, str]:
        return {GOVERNED: "true"}

"""Who may speak to whom: mutual TLS everywhere, and each way opened by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from extproc.render.istio.mesh import (
    ADMIN_PORT,
    GATEWAY_PORT,
    GRPC_PORT,
    STATUS_PORT,
    Attach,
    Mesh,
)
from extproc.render.istio.traffic import hosts_of

SECURITY = "security.istio.io/v1"
MONITORING = "monitoring"
"""Namespace of Prometheus, the only caller of the admin port."""
_NAMESPACE = "kubernetes.io/metadata.name"
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")


def peer_authentication(name: str, selector: dict[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": SECURITY,
        "kind": "PeerAuthentication",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": selector}, "mtls": {"mode": "STRICT"}},
    }


def gateway_authorization(mesh: Mesh) -> dict[str, Any]:
    """Namespaces that may call the gateway at all; what they may ask is the policies' matter."""
    return _allow(
        "extproc",
        mesh.selector,
        [_rule(GATEWAY_PORT, namespaces=mesh.clients), _rule(ADMIN_PORT, namespaces=[MONITORING])],
    )


def service_authorization(mesh: Mesh) -> dict[str, Any]:
    """Sidecars of governed namespaces ask for decisions; Prometheus reads metrics; no one else."""
    return _allow(
        "extproc",
        {"app": "extproc"},
        [
            _rule(GRPC_PORT, namespaces=[mesh.namespace]),
            _rule(ADMIN_PORT, namespaces=[MONITORING]),
        ],
    )


POOL_LABEL = "ai-pool"
"""On pods that serve a pool, with its name. What protects them selects by it."""


def pool_protection(mesh: Mesh) -> list[dict[str, Any]]:
    """Of pools in the cluster: only proxies that carry the filter may call them, over mutual TLS."""
    documents: list[dict[str, Any]] = []
    for pool in mesh.upstreams:
        if not mesh.in_mesh(pool):
            continue
        selector = {POOL_LABEL: pool.name}
        name = f"ai-pool-{pool.name}"
        for namespace in sorted({e.host.split(".")[1] for e in pool.endpoints}):
            found = [
                peer_authentication(name, selector),
                _allow_pods(name, selector, mesh),
                _callers(name, selector, mesh),
            ]
            for each in found:
                each["metadata"]["namespace"] = namespace
            documents += found
    return documents


def _allow_pods(name: str, selector: dict[str, str], mesh: Mesh) -> dict[str, Any]:
    source = {"source": {"namespaces": [mesh.namespace]}}
    return _allow(name, selector, [{"from": [source]}])


def _callers(name: str, selector: dict[str, str], mesh: Mesh) -> dict[str, Any]:
    peer = {
        "namespaceSelector": {"matchLabels": {_NAMESPACE: mesh.namespace}},
        "podSelector": {"matchLabels": mesh.selector},
    }
    return _network_policy(
        name,
        {
            "podSelector": {"matchLabels": selector},
            "policyTypes": ["Ingress"],
            # No port: a service's may differ from its pods'.
            "ingress": [{"from": [peer]}, _from_probes()],
        },
    )


def _from_probes() -> dict[str, Any]:
    return {"ports": [_tcp(STATUS_PORT)]}


def admin_authorization(mesh: Mesh) -> dict[str, Any]:
    """Beside an application only our port is closed: its own are its own matter."""
    return {
        "apiVersion": SECURITY,
        "kind": "AuthorizationPolicy",
        "metadata": {"name": "extproc-admin"},
        "spec": {
            "selector": {"matchLabels": mesh.selector},
            "action": "DENY",
            "rules": [
                {
                    "from": [{"source": {"notNamespaces": [MONITORING]}}],
                    "to": [{"operation": {"ports": [str(ADMIN_PORT)]}}],
                }
            ],
        },
    }


def _allow(name: str, selector: dict[str, str], rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "apiVersion": SECURITY,
        "kind": "AuthorizationPolicy",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": selector}, "action": "ALLOW", "rules": rules},
    }


def _rule(port: int, *, namespaces: Iterable[str]) -> dict[str, Any]:
    return {
        "from": [{"source": {"namespaces": list(namespaces)}}],
        "to": [{"operation": {"ports": [str(port)]}}],
    }


# Networks, below Istio: what holds even for a process that gets around its sidecar.


def network_policy(mesh: Mesh) -> dict[str, Any]:
    """What governed pods may reach. Kubernetes knows no names: see the Cilium policy for those."""
    spec: dict[str, Any] = {
        "podSelector": {"matchLabels": mesh.selector},
        "policyTypes": ["Egress"],
        "egress": [*_infrastructure(mesh), *_models(mesh)],
    }
    if mesh.gated:
        spec["policyTypes"] = ["Ingress", "Egress"]
        spec["ingress"] = [
            _from(mesh.clients, GATEWAY_PORT),
            _from([MONITORING], ADMIN_PORT),
            {"ports": [_tcp(STATUS_PORT)]},
        ]
    return _network_policy("extproc", spec)


def service_network_policy(mesh: Mesh) -> dict[str, Any]:
    """The shared Deployment decides and keeps state: it needs no way to any model."""
    return _network_policy(
        "extproc",
        {
            "podSelector": {"matchLabels": {"app": "extproc"}},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [
                _from([mesh.namespace], GRPC_PORT),
                _from([MONITORING], ADMIN_PORT),
                {"ports": [_tcp(STATUS_PORT)]},
            ],
            "egress": _infrastructure(mesh),
        },
    )


def client_network_policy(mesh: Mesh, clients: Mapping[str, str]) -> dict[str, Any]:
    """Callers of a gateway reach it and their mesh; every other way they need is theirs to open."""
    return _network_policy(
        "extproc",
        {
            "podSelector": {"matchLabels": dict(clients)},
            "policyTypes": ["Egress"],
            "egress": [_dns(), _to("istio-system", 15012), _to(mesh.namespace, GATEWAY_PORT)],
        },
    )


def cilium_policy(mesh: Mesh) -> dict[str, Any]:
    """The same ways out with the names of the model hosts, which Cilium learns from DNS."""
    egress: list[dict[str, Any]] = [
        {
            "toEndpoints": [
                {
                    "matchLabels": {
                        "k8s:io.kubernetes.pod.namespace": "kube-system",
                        "k8s-app": "kube-dns",
                    }
                }
            ],
            "toPorts": [
                {
                    "ports": [{"port": "53", "protocol": "ANY"}],
                    "rules": {"dns": [{"matchPattern": "*"}]},
                }
            ],
        },
        _cilium_namespace("istio-system", 15012),
    ]
    if mesh.attach is Attach.SERVICE:
        egress.append(_cilium_namespace(mesh.system_namespace, GRPC_PORT))
    else:
        egress += [_cilium_service("state", mesh.state_port)]
        egress += [_cilium_service("telemetry", mesh.telemetry_port)]
    egress += _cilium_models(mesh)
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {"name": "extproc"},
        "spec": {"endpointSelector": {"matchLabels": mesh.selector}, "egress": egress},
    }


def _cilium_namespace(namespace: str, port: int) -> dict[str, Any]:
    return {
        "toEndpoints": [{"matchLabels": {"k8s:io.kubernetes.pod.namespace": namespace}}],
        "toPorts": [{"ports": [{"port": str(port), "protocol": "TCP"}]}],
    }


def _cilium_service(role: str, port: int) -> dict[str, Any]:
    return {
        "toEndpoints": [{"matchLabels": {"ai-role": role}}],
        "toPorts": [{"ports": [{"port": str(port), "protocol": "TCP"}]}],
    }


def _cilium_models(mesh: Mesh) -> list[dict[str, Any]]:
    outside = hosts_of(mesh.upstreams)
    found: list[dict[str, Any]] = []
    for name in outside:
        ports = {e.port for pool in mesh.upstreams for e in pool.endpoints if e.host == name}
        found.append(
            {
                "toFQDNs": [{"matchName": name}],
                "toPorts": [
                    {"ports": [{"port": str(port), "protocol": "TCP"} for port in sorted(ports)]}
                ],
            }
        )
    for namespace, port in _inside(mesh):
        found.append(_cilium_namespace(namespace, port))
    for address, port in _addresses(mesh):
        found.append(
            {
                "toCIDR": [f"{address}/{128 if ':' in address else 32}"],
                "toPorts": [{"ports": [{"port": str(port), "protocol": "TCP"}]}],
            }
        )
    return found


def _network_policy(name: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name},
        "spec": spec,
    }


def _infrastructure(mesh: Mesh) -> list[dict[str, Any]]:
    """DNS, Istio's control plane, and where our own service keeps state and sends traces."""
    found = [_dns(), _to("istio-system", 15012)]
    if mesh.attach is Attach.SERVICE:
        found.append(_to(mesh.system_namespace, GRPC_PORT))
    for role, port in (("state", mesh.state_port), ("telemetry", mesh.telemetry_port)):
        found.append(
            {
                "to": [{"podSelector": {"matchLabels": {"ai-role": role}}}],
                "ports": [_tcp(port)],
            }
        )
    return found


def _dns() -> dict[str, Any]:
    return {
        "to": [{"namespaceSelector": {"matchLabels": {_NAMESPACE: "kube-system"}}}],
        "ports": [{"protocol": "UDP", "port": 53}, _tcp(53)],
    }


def _models(mesh: Mesh) -> list[dict[str, Any]]:
    found = [_to(namespace, port) for namespace, port in _inside(mesh)]
    found += [
        {
            "to": [{"ipBlock": {"cidr": f"{address}/{128 if ':' in address else 32}"}}],
            "ports": [_tcp(port)],
        }
        for address, port in _addresses(mesh)
    ]
    outside = set(hosts_of(mesh.upstreams))
    ports = {e.port for pool in mesh.upstreams for e in pool.endpoints if e.host in outside}
    if ports:
        found.append(
            {
                "to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": list(_PRIVATE)}}],
                "ports": [_tcp(port) for port in sorted(ports)],
            }
        )
    return found


def _inside(mesh: Mesh) -> list[tuple[str, int]]:
    """Namespaces of pools in the cluster, with their ports."""
    found = set()
    for pool in mesh.upstreams:
        for endpoint in pool.endpoints:
            if endpoint.host.endswith(".svc.cluster.local"):
                found.add((endpoint.host.split(".")[1], endpoint.port))
    return sorted(found)


def _addresses(mesh: Mesh) -> list[tuple[str, int]]:
    return sorted({(e.host, e.port) for pool in mesh.upstreams for e in pool.endpoints if e.is_ip})


def _to(namespace: str, port: int) -> dict[str, Any]:
    return {
        "to": [{"namespaceSelector": {"matchLabels": {_NAMESPACE: namespace}}}],
        "ports": [_tcp(port)],
    }


def _from(namespaces: Iterable[str], port: int) -> dict[str, Any]:
    return {
        "from": [{"namespaceSelector": {"matchLabels": {_NAMESPACE: n}}} for n in namespaces],
        "ports": [_tcp(port)],
    }


def _tcp(port: int) -> dict[str, Any]:
    return {"protocol": "TCP", "port": port}

"""Where AI traffic goes: pools, routes by our decision, and nothing beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from extproc.render.clusters import STREAMS
from extproc.render.istio.mesh import AI_PORT, GATEWAY_PORT, GRPC_PORT, Mesh
from extproc.render.routes import NO_DECISION, POOL_HEADER, kept_back
from extproc.render.upstreams import Upstream
from extproc.routing.names import pool_host

NETWORKING = "networking.istio.io/v1"
_RETRY_ON = "connect-failure,refused-stream,reset-before-request"
"""Only where no model has begun to work; always within the pool that was decided."""


def ai_service(mesh: Mesh) -> dict[str, Any]:
    """What applications call. Beside a sidecar it has no endpoints: the sidecar routes by its name."""
    spec: dict[str, Any] = {
        "ports": [{"name": "http", "port": AI_PORT, "targetPort": mesh.port, "appProtocol": "http"}]
    }
    if mesh.gated:
        spec["selector"] = mesh.selector
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": mesh.host, "labels": {"app": mesh.host}},
        "spec": spec,
    }


def pools(mesh: Mesh) -> list[dict[str, Any]]:
    """A ServiceEntry and a DestinationRule for each; visible in their namespace alone."""
    documents: list[dict[str, Any]] = []
    for each in mesh.upstreams:
        documents += [_service_entry(each), _destination_rule(each, _tls(each, mesh))]
    return documents


def _service_entry(pool: Upstream) -> dict[str, Any]:
    return {
        "apiVersion": NETWORKING,
        "kind": "ServiceEntry",
        "metadata": {"name": _name(pool)},
        "spec": {
            "hosts": [pool_host(pool.name)],
            "exportTo": ["."],
            "location": "MESH_EXTERNAL",
            "resolution": "STATIC" if all(e.is_ip for e in pool.endpoints) else "DNS",
            "ports": [{"number": AI_PORT, "name": "http", "protocol": "HTTP"}],
            "endpoints": [
                {"address": endpoint.host, "ports": {"http": endpoint.port}}
                for endpoint in pool.endpoints
            ],
        },
    }


def _destination_rule(pool: Upstream, tls: dict[str, Any]) -> dict[str, Any]:
    policy: dict[str, Any] = {
        "loadBalancer": {
            "simple": "LEAST_REQUEST",
            # Which pool serves is decided by residency: nearness must not send data elsewhere.
            "localityLbSetting": {"enabled": False},
        },
        "connectionPool": {
            "tcp": {"connectTimeout": "5s", "maxConnections": STREAMS},
            "http": {
                "http1MaxPendingRequests": STREAMS,
                "http2MaxRequests": STREAMS,
                "maxRetries": 100,
            },
        },
        # Only gateway errors count: a prompt that makes a model answer 500 must not eject it.
        "outlierDetection": {
            "consecutive5xxErrors": 0,
            "consecutiveGatewayErrors": 5,
            "splitExternalLocalOriginErrors": True,
            "consecutiveLocalOriginFailures": 5,
            "interval": "5s",
            "baseEjectionTime": "10s",
            "maxEjectionPercent": 50,
        },
        "tls": tls,
    }
    return {
        "apiVersion": NETWORKING,
        "kind": "DestinationRule",
        "metadata": {"name": _name(pool)},
        "spec": {"host": pool_host(pool.name), "exportTo": ["."], "trafficPolicy": policy},
    }


def _tls(pool: Upstream, mesh: Mesh) -> dict[str, Any]:
    """The proxy originates TLS and checks the name: applications speak clear text to it alone."""
    if mesh.in_mesh(pool):
        return {"mode": "ISTIO_MUTUAL"}
    if not pool.tls:
        return {"mode": "DISABLE"}
    host = server_name(pool)
    return {"mode": "SIMPLE", "sni": host, "subjectAltNames": [host]}


def server_name(pool: Upstream) -> str:
    """The one name that a TLS pool's servers answer for. Raises `ValueError` where there are two."""
    names = {endpoint.host for endpoint in pool.endpoints}
    if len(names) != 1:
        raise ValueError(
            f"pool {pool.name}: its servers have several names, so no certificate fits "
            f"all of them; make each a pool: {', '.join(sorted(names))}"
        )
    return names.pop()


def virtual_service(mesh: Mesh) -> dict[str, Any]:
    """One route a pool, chosen by our header; 503 for what carries no decision, whatever the host."""
    spec: dict[str, Any] = {
        "hosts": mesh.hosts,
        "exportTo": ["."],
        "http": [*(_route(pool) for pool in mesh.upstreams), _undecided()],
    }
    if mesh.gated:
        spec["gateways"] = [mesh.host]
    return {
        "apiVersion": NETWORKING,
        "kind": "VirtualService",
        "metadata": {"name": mesh.host},
        "spec": spec,
    }


def _route(pool: Upstream) -> dict[str, Any]:
    route: dict[str, Any] = {
        "name": pool.name,
        "match": [{"headers": {POOL_HEADER: {"exact": pool.name}}}],
        "route": [
            {"destination": {"host": pool_host(pool.name), "port": {"number": AI_PORT}}},
        ],
        "headers": {"request": {"remove": kept_back(pool)}},
        "timeout": _seconds(pool.timeout),
        "retries": {"attempts": 2, "retryOn": _RETRY_ON, "retryRemoteLocalities": False},
    }
    if pool.tls:
        route["rewrite"] = {"authority": server_name(pool)}
    return route


def _undecided() -> dict[str, Any]:
    """Never 404 and never on to a model: without the service there is no way."""
    return {
        "name": "undecided",
        "directResponse": {"status": 503, "body": {"string": json.dumps(NO_DECISION)}},
        "headers": {"response": {"set": {"content-type": "application/json"}}},
    }


def sidecar(mesh: Mesh, *also: str) -> dict[str, Any]:
    """Governed pods reach what is named, and hosts that nobody registered not at all.

    So an application that would speak TLS to a model by itself gets nowhere.
    `also`: ``namespace/host`` beside their own namespace.
    """
    return {
        "apiVersion": NETWORKING,
        "kind": "Sidecar",
        "metadata": {"name": "extproc"},
        "spec": {
            "workloadSelector": {"labels": mesh.selector},
            "egress": [{"hosts": ["./*", "istio-system/*", *also]}],
            "outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"},
        },
    }


def gateway(mesh: Mesh) -> list[dict[str, Any]]:
    """Callers prove who they are: their certificate is the identity that policies see."""
    return [
        {
            "apiVersion": NETWORKING,
            "kind": "Gateway",
            "metadata": {"name": mesh.host},
            "spec": {
                "selector": mesh.selector,
                "servers": [
                    {
                        "port": {"number": GATEWAY_PORT, "name": "https-ai", "protocol": "HTTPS"},
                        "tls": {"mode": "ISTIO_MUTUAL"},
                        "hosts": mesh.hosts,
                    }
                ],
            },
        },
        {
            "apiVersion": NETWORKING,
            "kind": "DestinationRule",
            "metadata": {"name": mesh.host},
            "spec": {
                "host": mesh.ai_host,
                "trafficPolicy": {
                    "tls": {"mode": "ISTIO_MUTUAL", "sni": mesh.ai_host},
                    **_for_streams(),
                },
            },
        },
    ]


def service_rule(mesh: Mesh) -> dict[str, Any]:
    """How sidecars reach the shared Deployment: mutual TLS, as many streams as there are answers."""
    return {
        "apiVersion": NETWORKING,
        "kind": "DestinationRule",
        "metadata": {"name": "extproc"},
        "spec": {
            "host": mesh.service_host,
            "trafficPolicy": {
                "tls": {"mode": "ISTIO_MUTUAL"},
                **_for_streams(),
                "outlierDetection": {
                    "consecutive5xxErrors": 0,
                    "consecutiveGatewayErrors": 5,
                    "interval": "2s",
                    "baseEjectionTime": "5s",
                    "maxEjectionPercent": 50,
                },
            },
        },
    }


def grpc_service() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "extproc", "labels": {"app": "extproc"}},
        "spec": {
            "selector": {"app": "extproc"},
            "ports": [
                {
                    "name": "grpc",
                    "port": GRPC_PORT,
                    "targetPort": GRPC_PORT,
                    "appProtocol": "grpc",
                }
            ],
        },
    }


def _for_streams() -> dict[str, Any]:
    """A stream lives as long as an answer, and a burst comes in one instant."""
    return {
        "loadBalancer": {"simple": "LEAST_REQUEST", "localityLbSetting": {"enabled": False}},
        "connectionPool": {
            "tcp": {"connectTimeout": "2s", "maxConnections": STREAMS},
            "http": {"http1MaxPendingRequests": STREAMS, "http2MaxRequests": STREAMS},
        },
    }


def hosts_of(pools: Iterable[Upstream]) -> list[str]:
    """Names outside the cluster that pools are reached by, without addresses."""
    names = {e.host for pool in pools for e in pool.endpoints if not e.is_ip}
    return sorted(name for name in names if not name.endswith(".svc.cluster.local"))


def _name(pool: Upstream) -> str:
    return f"pool-{pool_host(pool.name).partition('.')[0]}"


def _seconds(duration: timedelta) -> str:
    return f"{duration.total_seconds():g}s"

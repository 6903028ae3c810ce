"""The Envoys at the other end: a caller's sidecar, and the sidecar of the shared service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from extproc.local.binary import envoy
from tests.istio.patching import MANAGER
from tests.istio.running import Process, eventually, listens
from tests.ports import HOST, free_port

Node = dict[str, Any]
T = "type.googleapis.com/"
HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
TLS = "envoy.extensions.transport_sockets.tls.v3"


def caller(folder: Path, gateway: int, tls: Node | None, sni: str) -> tuple[Process, int]:
    """A sidecar that carries what its application says, in the clear or in mutual TLS.

    It passes on a forged `x-forwarded-client-cert`, as a hostile one would.
    """
    cluster = _cluster("gateway", gateway)
    if tls is not None:
        cluster["transport_socket"] = {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": f"{T}{TLS}.UpstreamTlsContext",
                "common_tls_context": tls,
                "sni": sni,
            },
        }
    manager = {"forward_client_cert_details": "ALWAYS_FORWARD_ONLY"}
    return _run(folder, manager, [cluster], "gateway", None)


def pod_sidecar(
    folder: Path, server: int, tls: Node, namespaces: list[str], *, http2: bool = False
) -> tuple[Process, int]:
    """Ends the mutual TLS of a pod's server, for callers of these namespaces."""
    cluster = _cluster("service", server)
    options = {
        "@type": f"{T}{HTTP_OPTIONS}",
        "explicit_http_config": {"http2_protocol_options": {}},
    }
    if http2:
        cluster["typed_extension_protocol_options"] = {HTTP_OPTIONS: options}
    allowed = {
        "name": "envoy.filters.http.rbac",
        "typed_config": {
            "@type": f"{T}envoy.extensions.filters.http.rbac.v3.RBAC",
            "rules": {
                "action": "ALLOW",
                "policies": {
                    "clients": {
                        "permissions": [{"any": True}],
                        "principals": [
                            {
                                "authenticated": {
                                    "principal_name": {"safe_regex": {"regex": f".*/ns/{each}/.*"}}
                                }
                            }
                            for each in namespaces
                        ],
                    }
                },
            },
        },
    }
    downstream = {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{T}{TLS}.DownstreamTlsContext",
            "common_tls_context": {**tls, "alpn_protocols": ["h2"] if http2 else []},
            "require_client_certificate": True,
        },
    }
    manager = {"http_filters": [allowed], "codec_type": "HTTP2" if http2 else "AUTO"}
    return _run(folder, manager, [cluster], "service", downstream)


def provider(folder: Path, server: int, tls: Node) -> tuple[Process, int]:
    """Ends TLS before a model server, as a provider outside the mesh does."""
    downstream = {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{T}{TLS}.DownstreamTlsContext",
            "common_tls_context": {"tls_certificates": tls["tls_certificates"]},
        },
    }
    return _run(folder, {}, [_cluster("provider", server)], "provider", downstream)


def _cluster(name: str, port: int) -> Node:
    where = {"address": {"socket_address": {"address": HOST, "port_value": port}}}
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "2s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": where}]}],
        },
    }


def _run(
    folder: Path, manager: Node, clusters: list[Node], target: str, tls: Node | None
) -> tuple[Process, int]:
    folder.mkdir(parents=True)
    port = free_port()
    filters = manager.pop("http_filters", [])
    chain: Node = {
        "filters": [
            {
                "name": MANAGER,
                "typed_config": {
                    "@type": f"{T}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                    "stat_prefix": "peer",
                    "route_config": {
                        "virtual_hosts": [
                            {
                                "name": "all",
                                "domains": ["*"],
                                "routes": [
                                    {
                                        "match": {"prefix": "/"},
                                        "route": {"cluster": target, "timeout": "0s"},
                                    }
                                ],
                            }
                        ]
                    },
                    "http_filters": [
                        *filters,
                        {
                            "name": "envoy.filters.http.router",
                            "typed_config": {
                                "@type": f"{T}envoy.extensions.filters.http.router.v3.Router"
                            },
                        },
                    ],
                    **manager,
                },
            }
        ]
    }
    if tls is not None:
        chain["transport_socket"] = tls
    address = {"socket_address": {"address": HOST, "port_value": port}}
    config = folder / "envoy.json"
    config.write_text(
        json.dumps(
            {
                "static_resources": {
                    "listeners": [{"name": "peer", "address": address, "filter_chains": [chain]}],
                    "clusters": clusters,
                }
            }
        )
    )
    process = Process(
        [str(envoy()), "--config-path", str(config), "--disable-hot-restart", "--concurrency", "1",
         "--log-level", "warning"],
        folder / "envoy.log",
    ).start()  # fmt: skip
    eventually(lambda: listens(port), process)
    return process, port

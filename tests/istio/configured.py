"""What istiod gives an istio-proxy for our manifests: listeners, routes and clusters by its names.

Only what the manifests use is translated; anything else fails. Other services of
the mesh stand beside ours, so that it shows what happens to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.istio.manifests import of_kind
from tests.istio.patching import MANAGER, Proxy

Node = dict[str, Any]
T = "type.googleapis.com/"
HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
OTHER = "orders.shop.svc.cluster.local"
"""A service of the mesh that has nothing to do with models."""
TRUST_DOMAIN = "cluster.local"


ROOTS = "/etc/ssl/certs/ca-certificates.crt"


def sidecar(
    documents: list[Node],
    *,
    other: tuple[str, int],
    version: str = "1.32.0",
    roots: Path = Path(ROOTS),
    inside: Mapping[str, tuple[str, int]] | None = None,
    tls: Node | None = None,
) -> Proxy:
    """Of a governed application: HTTP on port 80, and `other` at its address.

    `roots`: whom the proxy trusts to vouch for servers outside the mesh. `inside`: where servers of
    the mesh are, whose names nobody resolves here; to them it speaks mutual TLS with `tls`.
    """
    (service,) = [s for s in of_kind(documents, "Service") if "selector" not in s["spec"]]
    (rules,) = of_kind(documents, "VirtualService")
    (scope,) = of_kind(documents, "Sidecar")
    assert scope["spec"]["outboundTrafficPolicy"]["mode"] == "REGISTRY_ONLY"
    routed = _routes(rules)
    hosts = [_virtual_host(host, 80, routed) for host in rules["spec"]["hosts"]]
    assert _full_name(service) in rules["spec"]["hosts"]
    hosts.append(_virtual_host(OTHER, 80, [_route_to(f"outbound|80||{OTHER}")]))
    hosts.append(_block_all())
    pools = _pools(documents, inside or {}, tls)
    for pool in pools:
        if (socket := pool.get("transport_socket")) and "sni" in socket["typed_config"]:
            common = socket["typed_config"]["common_tls_context"]
            common["validation_context"]["trusted_ca"]["filename"] = str(roots)
    return Proxy(
        "SIDECAR_OUTBOUND",
        version,
        dict(scope["spec"]["workloadSelector"]["labels"]),
        [listener_of("0.0.0.0_80", 80, "80", [])],
        [*pools, _cluster(f"outbound|80||{OTHER}", [other])],
        [{"name": "80", "virtual_hosts": hosts, "validate_clusters": False}],
    )


def gateway(documents: list[Node], certificates: Node, *, version: str = "1.32.0") -> Proxy:
    """Of the gateway: mutual TLS on its port, with authentication before the router."""
    (server,) = of_kind(documents, "Gateway")[0]["spec"]["servers"]
    assert server["tls"]["mode"] == "ISTIO_MUTUAL"
    (rules,) = of_kind(documents, "VirtualService")
    port = server["port"]["number"]
    metadata = rules["metadata"]
    name = f"https.{port}.{server['port']['name']}.{metadata['name']}.{metadata['namespace']}"
    routed = _routes(rules)
    listener = listener_of(f"0.0.0.0_{port}", port, name, [_rbac(documents, port)])
    listener["filter_chains"][0]["transport_socket"] = {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{T}envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
            "common_tls_context": certificates,
            "require_client_certificate": True,
        },
    }
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    manager["forward_client_cert_details"] = "SANITIZE_SET"
    manager["set_current_client_cert_details"] = {"subject": True, "uri": True, "dns": True}
    return Proxy(
        "GATEWAY",
        version,
        dict(of_kind(documents, "Gateway")[0]["spec"]["selector"]),
        [listener],
        _pools(documents),
        [
            {
                "name": name,
                "virtual_hosts": [_virtual_host(h, port, routed) for h in rules["spec"]["hosts"]],
                "validate_clusters": False,
            }
        ],
    )


def shared(documents: list[Node], where: tuple[str, int], tls: Node) -> Node:
    """Istio's cluster of the shared Deployment: mutual TLS, and who must answer."""
    (rule,) = [
        r for r in of_kind(documents, "DestinationRule") if r["metadata"]["name"] == "extproc"
    ]
    assert rule["spec"]["trafficPolicy"]["tls"] == {"mode": "ISTIO_MUTUAL"}
    cluster = _cluster(f"outbound|50051||{rule['spec']['host']}", [where], rule)
    cluster["transport_socket"] = {
        "name": "envoy.transport_sockets.tls",
        "typed_config": {
            "@type": f"{T}envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
            "common_tls_context": {**tls, "alpn_protocols": ["istio", "h2"]},
            "sni": f"outbound_.50051_._.{rule['spec']['host']}",
        },
    }
    options = {
        "@type": f"{T}{HTTP_OPTIONS}",
        "explicit_http_config": {"http2_protocol_options": {}},
    }
    cluster["typed_extension_protocol_options"] = {HTTP_OPTIONS: options}
    return cluster


def _full_name(service: Node) -> str:
    metadata = service["metadata"]
    return f"{metadata['name']}.{metadata['namespace']}.svc.cluster.local"


def listener_of(name: str, port: int, routes: str, before: list[Node]) -> Node:
    """As istiod writes it, but for the filters that only istio-proxy's own build has."""
    manager = {
        "@type": f"{T}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": f"outbound_{name};",
        "rds": {
            "config_source": {"ads": {}, "resource_api_version": "V3"},
            "route_config_name": routes,
        },
        "http_filters": [
            *before,
            _filter(
                "envoy.filters.http.grpc_stats",
                "grpc_stats.v3.FilterConfig",
                emit_filter_state=True,
            ),
            {
                "name": "istio.alpn",
                "typed_config": {
                    "@type": f"{T}istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig"
                },
            },
            _filter("envoy.filters.http.fault", "fault.v3.HTTPFault"),
            _filter("envoy.filters.http.cors", "cors.v3.Cors"),
            {"name": "istio.stats", "typed_config": {"@type": f"{T}stats.PluginConfig"}},
            _filter("envoy.filters.http.router", "router.v3.Router"),
        ],
        "tracing": {"client_sampling": {"value": 100}, "overall_sampling": {"value": 100}},
        "access_log": [
            {
                "name": "envoy.access_loggers.file",
                "typed_config": {
                    "@type": f"{T}envoy.extensions.access_loggers.file.v3.FileAccessLog",
                    "path": "/dev/stdout",
                },
            }
        ],
        "use_remote_address": False,
        "upgrade_configs": [{"upgrade_type": "websocket"}],
        "stream_idle_timeout": "0s",
        "normalize_path": True,
        "path_with_escaped_slashes_action": "KEEP_UNCHANGED",
        "request_id_extension": {
            "typed_config": {
                "@type": f"{T}envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig",
                "use_request_id_for_trace_sampling": True,
            }
        },
    }
    return {
        "name": name,
        "address": {"socket_address": {"address": "0.0.0.0", "port_value": port}},
        "filter_chains": [{"filters": [{"name": MANAGER, "typed_config": manager}]}],
        "traffic_direction": "OUTBOUND",
        "bind_to_port": False,
    }


def _filter(name: str, kind: str, **fields: Any) -> Node:
    return {
        "name": name,
        "typed_config": {"@type": f"{T}envoy.extensions.filters.http.{kind}", **fields},
    }


def _rbac(documents: list[Node], port: int) -> Node:
    """The AuthorizationPolicy for the port: whose namespaces may come in."""
    policies = {}
    for document in of_kind(documents, "AuthorizationPolicy"):
        assert document["spec"]["action"] == "ALLOW"
        for number, rule in enumerate(document["spec"]["rules"]):
            namespaces = [n for f in rule["from"] for n in f["source"]["namespaces"]]
            ports = [int(p) for t in rule["to"] for p in t["operation"]["ports"]]
            policies[f"{document['metadata']['name']}-{number}"] = {
                "permissions": [
                    {"destination_port": 0} if port in ports else {"not_rule": {"any": True}}
                ],
                "principals": [
                    {
                        "authenticated": {
                            "principal_name": {"safe_regex": {"regex": f".*/ns/{name}/.*"}}
                        }
                    }
                    for name in namespaces
                ],
            }
    for policy in policies.values():
        if "destination_port" in policy["permissions"][0]:
            policy["permissions"] = [{"any": True}]
    return _filter(
        "envoy.filters.http.rbac", "rbac.v3.RBAC", rules={"action": "ALLOW", "policies": policies}
    )


def _virtual_host(host: str, port: int, routes: list[Node]) -> Node:
    domains = [host, f"{host}:{port}"]
    if host.endswith(".svc.cluster.local"):
        name, namespace = host.split(".")[:2]
        domains += [
            f"{name}.{namespace}.svc",
            f"{name}.{namespace}",
            name if namespace != "shop" else f"{name}.x",
        ]
    return {
        "name": f"{host}:{port}",
        "domains": domains,
        "routes": routes,
        "include_request_attempt_count": True,
    }


def _block_all() -> Node:
    """REGISTRY_ONLY."""
    return {
        "name": "block_all",
        "domains": ["*"],
        "routes": [
            {"name": "block_all", "match": {"prefix": "/"}, "direct_response": {"status": 502}}
        ],
        "include_request_attempt_count": True,
    }


def _routes(rules: Node) -> list[Node]:
    return [_route(each, rules["metadata"]) for each in rules["spec"]["http"]]


def _route(rule: Node, metadata: Node) -> Node:
    known = {"name", "match", "route", "headers", "timeout", "retries", "rewrite", "directResponse"}
    assert rule.keys() <= known, rule.keys() - known
    route: Node = {
        "name": rule["name"],
        "match": {"prefix": "/"},
        "metadata": {
            "filter_metadata": {
                "istio": {
                    "config": f"/apis/networking.istio.io/v1/namespaces/{metadata['namespace']}"
                    f"/virtual-service/{metadata['name']}"
                }
            }
        },
    }
    for match in rule.get("match", ()):
        ((name, value),) = match["headers"].items()
        route["match"] = {
            "prefix": "/",
            "case_sensitive": True,
            "headers": [{"name": name, "string_match": {"exact": value["exact"]}}],
        }
    headers = rule.get("headers", {})
    if remove := headers.get("request", {}).get("remove"):
        route["request_headers_to_remove"] = remove
    if added := headers.get("response", {}).get("set"):
        route["response_headers_to_add"] = [
            {"header": {"key": k, "value": v}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
            for k, v in added.items()
        ]
    if "directResponse" in rule:
        answer = rule["directResponse"]
        route["direct_response"] = {
            "status": answer["status"],
            "body": {"inline_string": answer["body"]["string"]},
        }
        return route
    (target,) = rule["route"]
    destination = target["destination"]
    route["route"] = {
        "cluster": f"outbound|{destination['port']['number']}||{destination['host']}",
        "timeout": rule["timeout"],
        "max_stream_duration": {"max_stream_duration": rule["timeout"]},
        "retry_policy": {
            "retry_on": rule["retries"]["retryOn"],
            "num_retries": rule["retries"]["attempts"],
            "retry_host_predicate": [
                {
                    "name": "envoy.retry_host_predicates.previous_hosts",
                    "typed_config": {
                        "@type": f"{T}envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
                    },
                }
            ],
            "host_selection_retry_max_attempts": "5",
        },
    }
    if rewrite := rule.get("rewrite"):
        route["route"]["host_rewrite_literal"] = rewrite["authority"]
    return route


def _route_to(cluster: str) -> Node:
    return {
        "name": "default",
        "match": {"prefix": "/"},
        "route": {"cluster": cluster, "timeout": "0s"},
    }


def _pools(
    documents: list[Node],
    inside: Mapping[str, tuple[str, int]] | None = None,
    tls: Node | None = None,
) -> list[Node]:
    rules = {rule["spec"]["host"]: rule for rule in of_kind(documents, "DestinationRule")}
    clusters = []
    for entry in of_kind(documents, "ServiceEntry"):
        spec = entry["spec"]
        (host,), (port,) = spec["hosts"], spec["ports"]
        assert spec["exportTo"] == ["."]
        where = [
            (inside or {}).get(e["address"], (e["address"], e["ports"][port["name"]]))
            for e in spec["endpoints"]
        ]
        clusters.append(
            _cluster(
                f"outbound|{port['number']}||{host}",
                where,
                rules[host],
                dns=spec["resolution"] == "DNS",
            )
        )
        if rules[host]["spec"]["trafficPolicy"]["tls"]["mode"] == "ISTIO_MUTUAL":
            assert tls is not None
            clusters[-1]["transport_socket"] = {
                "name": "envoy.transport_sockets.tls",
                "typed_config": {
                    "@type": f"{T}envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                    "common_tls_context": tls,
                },
            }
    return clusters


def _cluster(
    name: str, where: list[tuple[str, int]], rule: Node | None = None, *, dns: bool = False
) -> Node:
    endpoints = [
        {"endpoint": {"address": {"socket_address": {"address": host, "port_value": port}}}}
        for host, port in where
    ]
    cluster: Node = {
        "name": name,
        "type": "STRICT_DNS" if dns else "STATIC",
        "dns_lookup_family": "V4_ONLY",
        "connect_timeout": "10s",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": endpoints}]},
        "common_lb_config": {"locality_weighted_lb_config": {}},
    }
    if rule is None:
        return cluster
    policy = rule["spec"]["trafficPolicy"]
    tcp, http = policy["connectionPool"]["tcp"], policy["connectionPool"]["http"]
    cluster["connect_timeout"] = tcp["connectTimeout"]
    cluster["lb_policy"] = policy["loadBalancer"]["simple"]
    cluster["circuit_breakers"] = {
        "thresholds": [
            {
                "max_connections": tcp["maxConnections"],
                "max_pending_requests": http["http1MaxPendingRequests"],
                "max_requests": http["http2MaxRequests"],
                "max_retries": http.get("maxRetries", 4294967295),
                "track_remaining": True,
            }
        ]
    }
    if not policy["loadBalancer"]["localityLbSetting"]["enabled"]:
        cluster["common_lb_config"] = {}
    if policy["tls"]["mode"] == "SIMPLE":
        cluster["transport_socket"] = {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": f"{T}envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                "sni": policy["tls"]["sni"],
                "common_tls_context": {
                    "validation_context": {
                        "trusted_ca": {"filename": ROOTS},
                        "match_typed_subject_alt_names": [
                            {"san_type": "DNS", "matcher": {"exact": each}}
                            for each in policy["tls"]["subjectAltNames"]
                        ],
                    }
                },
            },
        }
    return cluster

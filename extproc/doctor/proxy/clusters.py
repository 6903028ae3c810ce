"""A cluster: where it leads, how it is protected, how much it lets through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extproc.doctor.model import Cluster, Limits, ServerTls
from extproc.doctor.node import Node, Place

KINDS = ("STATIC", "STRICT_DNS", "LOGICAL_DNS", "EDS", "ORIGINAL_DST")
_LIMIT = 1024
"""Envoy's default for connections, waiting and active requests."""
_PINS = ("verify_certificate_hash", "verify_certificate_spki")
_ROOTS = (
    "trusted_ca",
    "ca_certificate_provider_instance",
    "system_root_certs",
    "custom_validator_config",
    *_PINS,
)
_NAMES = ("match_typed_subject_alt_names", "match_subject_alt_names", *_PINS)


def cluster(node: Node, assignments: dict[str, Node]) -> Cluster:
    """`assignments` are endpoints that discovery delivered, by the name they are asked for."""
    name = node.get("name").text()
    custom = node.get("cluster_type")
    service = node.at("eds_cluster_config", "service_name").text() or name
    endpoints = assignments.get(service) or node.get("load_assignment")
    options = _http_options(node)
    sockets = list(_sockets(node.get("transport_socket")))
    return Cluster(
        name=name,
        place=node.place,
        kind=_custom_kind(custom) if custom.present else node.get("type").enum(KINDS),
        hosts=tuple(dict.fromkeys(_hosts(name, endpoints))),
        tls=next((tls(s, options) for s in sockets if s.type_name() in _TLS), None),
        mesh_tls=_mesh_tls(node, sockets),
        http2=_http2(node, options),
        limits=_limits(node),
        members=custom.at("typed_config", "clusters").texts(),
        failover=_failover(endpoints),
        connect_timeout=node.get("connect_timeout").seconds(5.0) or 0,
    )


_TLS = {"UpstreamTlsContext", "QuicUpstreamTransport"}


def _custom_kind(custom: Node) -> str:
    """``envoy.clusters.aggregate`` → ``AGGREGATE``."""
    return custom.get("name").text().rpartition(".")[2].upper()


def _hosts(name: str, endpoints: Node) -> Iterator[str]:
    # Istio names clusters `direction|port|subset|host`.
    if name.count("|") == 3 and (host := name.rpartition("|")[2]):
        yield host.lower()
    for endpoint in _endpoints(endpoints):
        where = endpoint.get("address")
        for text in (
            endpoint.get("hostname").text(),
            where.at("socket_address", "address").text(),
            where.at("pipe", "path").text(),
        ):
            if text:
                yield text.lower()


def _endpoints(assignment: Node) -> Iterator[Node]:
    for locality in assignment.get("endpoints").items():
        for each in locality.get("lb_endpoints").items():
            yield each.get("endpoint")


def _sockets(socket: Node) -> Iterator[Node]:
    """The transport socket and those that it wraps, outermost first."""
    while socket.present:
        config = socket.get("typed_config")
        yield config
        socket = config.get("transport_socket")


def _mesh_tls(node: Node, sockets: Iterable[Node]) -> bool:
    if any(each.type_name() == "InternalUpstreamTransport" for each in sockets):
        return True  # ambient: through the node's tunnel
    return any(
        inner.type_name() in _TLS
        for match in node.get("transport_socket_matches").items()
        if match.get("match").members()
        for inner in _sockets(match.get("transport_socket"))
    )


def tls(context: Node, options: Node) -> ServerTls:
    """Without roots Envoy takes any certificate, and without names any name."""
    if context.has("upstream_tls_context"):
        context = context.get("upstream_tls_context")
    common = context.get("common_tls_context")
    combined = common.get("combined_validation_context")
    own = common.get("validation_context")
    if not own.present:
        own = combined.get("default_validation_context")
    delivered = combined.has("validation_context_sds_secret_config") or common.has(
        "validation_context_sds_secret_config"
    )
    http = options.get("upstream_http_protocol_options")
    return ServerTls(
        place=context.place,
        verified=(delivered or any(_filled(own.get(name)) for name in _ROOTS))
        and own.get("trust_chain_verification").enum(("VERIFY_TRUST_CHAIN", "ACCEPT_UNTRUSTED"))
        != "ACCEPT_UNTRUSTED",
        names_checked=any(_filled(own.get(name)) for name in _NAMES)
        or context.get("auto_sni_san_validation").flag()
        or http.get("auto_san_validation").flag()
        or (delivered and not combined.present),
        sni=context.get("sni").text().lower(),
    )


def _filled(node: Node) -> bool:
    """Written and not an empty list; an empty message counts."""
    return node.present and not (isinstance(node.value, list) and not node.value)


def _http_options(node: Node) -> Node:
    options = node.get("typed_extension_protocol_options").members()
    for each in options.values():
        if each.type_name() == "HttpProtocolOptions":
            return each
    return Node(None, node.place, present=False)


def _http2(node: Node, options: Node) -> bool:
    return (
        options.at("explicit_http_config", "http2_protocol_options").present
        or options.has("use_downstream_protocol_config")
        or options.has("auto_config")
        or node.has("http2_protocol_options")
    )


def _limits(node: Node) -> Limits:
    for each in node.at("circuit_breakers", "thresholds").items():
        if each.get("priority").enum(("DEFAULT", "HIGH")) == "DEFAULT":
            return Limits(
                place=each.place,
                connections=each.get("max_connections").number(_LIMIT),
                pending=each.get("max_pending_requests").number(_LIMIT),
                requests=each.get("max_requests").number(_LIMIT),
            )
    return Limits(node.place, _LIMIT, _LIMIT, _LIMIT)


def _failover(assignment: Node) -> Place | None:
    """Regions of one cloud begin with the jurisdiction: ``eu-west-1``, ``us-central1``."""
    first = ""
    for locality in assignment.get("endpoints").items():
        region = locality.at("locality", "region").text().partition("-")[0]
        if region and first and region != first:
            return locality.place
        first = first or region
    return None

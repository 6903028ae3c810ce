"""Services, rules and routes of a mesh as the clusters and virtual hosts that Istio makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from extproc.doctor.node import Node, made

_UNLIMITED = 4294967295
_TLS_URL = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"
_OPTIONS = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
_HTTP = {"HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY"}
_PASSED = {"HTTPS", "TLS", "TCP"}


@dataclass(slots=True)
class Traffic:
    """What Istio would send to a proxy."""

    clusters: list[Node] = field(default_factory=list)
    hosts: dict[str, Node] = field(default_factory=dict)
    """Virtual hosts for sidecars, by host."""
    gateway_hosts: dict[str, Node] = field(default_factory=dict)
    chains: list[Node] = field(default_factory=list)
    """Filter chains that pass bytes."""


def traffic(nodes: Iterable[Node]) -> Traffic:
    found, listed = Traffic(), list(nodes)
    rules = [n for n in listed if n.get("kind").text() == "DestinationRule"]
    for node in listed:
        kind = node.get("kind").text()
        if kind == "ServiceEntry":
            _entry(node, rules, found)
        elif kind == "Service":
            _service(node, rules, found)
    for node in listed:
        if node.get("kind").text() == "VirtualService":
            _virtual_service(node, found)
    return found


def _entry(node: Node, rules: list[Node], found: Traffic) -> None:
    spec = node.get("spec")
    inside = spec.get("location").text() == "MESH_INTERNAL"
    servers = spec.get("endpoints").items()
    for host in (h.lower() for h in spec.get("hosts").texts()):
        for port in spec.get("ports").items():
            number = int(port.get("number").number())
            name = f"outbound|{number}||{host}"
            found.clusters += _clusters(
                node, rules, host, number, servers or [_server(node, host)], inside=inside
            )
            protocol = port.get("protocol").text("TCP").upper()
            if protocol in _HTTP:
                found.hosts.setdefault(host, _plain_host(node, host, name))
            elif protocol in _PASSED:
                found.chains.append(_tcp_chain(port, [host], name))


def _service(node: Node, rules: list[Node], found: Traffic) -> None:
    """In the mesh, which speaks its own mutual TLS unless a rule says otherwise."""
    name = node.at("metadata", "name").text()
    namespace = node.at("metadata", "namespace").text("default")
    host = f"{name}.{namespace}.svc.cluster.local"
    for port in node.at("spec", "ports").items():
        number = int(port.get("port").number())
        found.clusters += _clusters(node, rules, host, number, [_server(node, host)], inside=True)


def _clusters(
    node: Node,
    rules: list[Node],
    host: str,
    port: int,
    servers: Sequence[Node],
    *,
    inside: bool,
) -> Iterator[Node]:
    rule = next((r for r in rules if _covers(r.at("spec", "host").text().lower(), host)), None)
    policy = _policy(rule.get("spec"), port) if rule is not None else {}
    yield _cluster(node, f"outbound|{port}||{host}", servers, policy, inside)
    for subset in rule.at("spec", "subsets").items() if rule is not None else ():
        own = policy | _policy(subset, port)
        name = f"outbound|{port}|{subset.get('name').text()}|{host}"
        yield _cluster(node, name, servers, own, inside)


def _covers(pattern: str, host: str) -> bool:
    if pattern.startswith("*"):
        return host.endswith(pattern[1:])
    return pattern == host or host.startswith((f"{pattern}.svc.", f"{pattern}."))


def _policy(holder: Node, port: int) -> dict[str, Node]:
    """The parts of a traffic policy; those of the port replace the general ones."""
    policy = holder.get("trafficPolicy")
    found = dict(policy.members())
    for level in policy.get("portLevelSettings").items():
        if level.at("port", "number").number() == port:
            found |= dict(level.members())
    return found


def _cluster(
    node: Node, name: str, servers: Sequence[Node], policy: dict[str, Node], inside: bool
) -> Node:
    place = node.place
    absent = Node(None, place, present=False)
    pool = policy.get("connectionPool", absent)
    balancing = policy.get("loadBalancer", absent).get("localityLbSetting")
    tls = policy.get("tls", absent)
    members: dict[str, Any] = {
        "name": name,
        "type": "STRICT_DNS",
        "connect_timeout": pool.at("tcp", "connectTimeout").text("10s"),
        "load_assignment": {"endpoints": _endpoints(servers, balancing)},
        "circuit_breakers": {"thresholds": [_limits(pool, node)]},
        "typed_extension_protocol_options": {
            "http": {"@type": _OPTIONS, "use_downstream_protocol_config": {}}
        },
    }
    mode = tls.get("mode").text("" if inside else "DISABLE")
    if mode in {"SIMPLE", "MUTUAL", "ISTIO_MUTUAL"}:
        members["transport_socket"] = {"typed_config": _tls(tls, mode)}
    elif mode == "":
        context = {"typed_config": {"@type": _TLS_URL}}
        members["transport_socket_matches"] = [
            {"match": {"tlsMode": "istio"}, "transport_socket": context}
        ]
    return made(members, place)


def _limits(pool: Node, node: Node) -> Node:
    """Istio's default is no limit, where Envoy's is 1024."""
    http = pool.get("http")

    def limit(holder: Node, name: str) -> float:
        return holder.get(name).number(_UNLIMITED) or _UNLIMITED

    place = pool.place if pool.present else node.place
    return made(
        {
            "max_connections": limit(pool.get("tcp"), "maxConnections"),
            "max_pending_requests": limit(http, "http1MaxPendingRequests"),
            "max_requests": limit(http, "http2MaxRequests"),
        },
        place,
    )


def _server(node: Node, host: str) -> Node:
    """The one that a host without endpoints of its own stands for."""
    return made({"address": host}, node.place)


def _endpoints(servers: Sequence[Node], balancing: Node) -> list[Any]:
    """With the localities of servers, and one for each side of a failover or distribution."""
    places: list[Any] = [_endpoint(each) for each in servers]
    if balancing.get("enabled").flag(default=True):
        places += _regions(balancing)
    return places


def _endpoint(server: Node) -> Node:
    address = {"socket_address": {"address": server.get("address").text()}}
    members: dict[str, Any] = {"lb_endpoints": [{"endpoint": {"address": address}}]}
    if region := server.get("locality").text().partition("/")[0]:
        members["locality"] = {"region": region}
    return made(members, server.place)


def _regions(balancing: Node) -> Iterator[Node]:
    for rule in balancing.get("failover").items():
        for side in ("from", "to"):
            yield made({"locality": {"region": rule.get(side)}}, rule.place)
    for rule in balancing.get("distribute").items():
        for where in (rule.get("from").text(), *rule.get("to").members()):
            yield made({"locality": {"region": where.partition("/")[0]}}, rule.place)


def _tls(tls: Node, mode: str) -> Node:
    """Istio verifies against the system's roots, and names against the host."""
    skipped = tls.get("insecureSkipVerify").flag()
    context: dict[str, Any] = {} if skipped else {"trusted_ca": {"filename": "system"}}
    return made(
        {
            "@type": _TLS_URL,
            "sni": tls.get("sni").text(),
            "auto_sni_san_validation": mode == "ISTIO_MUTUAL" or not skipped,
            "common_tls_context": {"validation_context": context},
        },
        tls.place,
    )


def _plain_host(node: Node, host: str, cluster: str) -> Node:
    route = {"match": {"prefix": "/"}, "route": {"cluster": cluster, "timeout": "0s"}}
    return made({"name": host, "domains": [host], "routes": [route]}, node.place)


def _tcp_chain(node: Node, names: list[str], cluster: str) -> Node:
    proxy = {"name": "envoy.filters.network.tcp_proxy", "cluster": cluster}
    return made(
        {"filter_chain_match": {"server_names": names}, "filters": [proxy]},
        node.place,
    )


def _virtual_service(node: Node, found: Traffic) -> None:
    spec = node.get("spec")
    gateways = spec.get("gateways").texts()
    routes = [_route(each) for each in spec.get("http").items()]
    for host in (h.lower() for h in spec.get("hosts").texts()):
        if routes:
            one = made({"name": host, "domains": [host], "routes": routes}, node.place)
            if not gateways or "mesh" in gateways:
                found.hosts[host] = one
            if gateways != ("mesh",):
                found.gateway_hosts[host] = one
    for each in spec.get("tls").items():
        names = [n for m in each.get("match").items() for n in m.get("sniHosts").texts()]
        for target in each.get("route").items():
            found.chains.append(_tcp_chain(each, names, _destination(target.get("destination"))))


def _destination(node: Node) -> str:
    port = int(node.at("port", "number").number(80))
    return f"outbound|{port}|{node.get('subset').text()}|{node.get('host').text().lower()}"


def _route(node: Node) -> Node:
    matches = node.get("match").items()
    match = _match(matches[0]) if matches else made({"prefix": "/"}, node.place)
    members: dict[str, Any] = {"name": node.get("name").text(), "match": match}
    if node.has("directResponse"):
        members["direct_response"] = {"status": node.at("directResponse", "status").number()}
    elif node.has("redirect"):
        members["redirect"] = {}
    else:
        members["route"] = _action(node)
    return made(members, node.place)


def _match(node: Node) -> Node:
    members: dict[str, Any] = {}
    for kind, name in (("exact", "path"), ("prefix", "prefix"), ("regex", "safe_regex")):
        if node.get("uri").has(kind):
            members[name] = node.get("uri").get(kind).text()
    members.setdefault("prefix", "/") if not members else None
    headers: list[Any] = [
        {"name": name, "string_match": how} for name, how in node.get("headers").members().items()
    ]
    headers += [{"name": f":{k}"} for k in ("method", "authority", "scheme") if node.has(k)]
    headers += [{"name": k} for k in node.get("queryParams").members()]
    if headers:
        members["headers"] = headers
    return made(members, node.place)


def _action(node: Node) -> Node:
    targets = node.get("route").items()
    clusters = [
        made(
            {
                "name": _destination(each.get("destination")),
                **({"weight": each.get("weight")} if each.has("weight") else {}),
            },
            each.place,
        )
        for each in targets
    ]
    retries = node.get("retries")
    mirrors = [n for n in (node.get("mirror"),) if n.present]
    mirrors += [m.get("destination") for m in node.get("mirrors").items()]
    share = node.at("mirrorPercentage", "value")
    off = share.present and share.number() == 0
    members: dict[str, Any] = {
        # Istio's default is no timeout, where Envoy's is 15 s.
        "timeout": node.get("timeout") if node.has("timeout") else "0s",
        "request_mirror_policies": []
        if off
        else [made({"cluster": _destination(m)}, m.place) for m in mirrors],
    }
    if retries.has("perTryTimeout"):
        members["retry_policy"] = made(
            {"per_try_timeout": retries.get("perTryTimeout")}, retries.place
        )
    if len(clusters) == 1:
        members["cluster"] = clusters[0].get("name")
    else:
        members["weighted_clusters"] = {"clusters": clusters}
    return made(members, node.place)

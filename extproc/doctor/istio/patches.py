"""EnvoyFilter patches, applied to what Istio would send to a proxy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from extproc.doctor.istio.merge import merged
from extproc.doctor.node import Node, made

CONTEXTS = ("SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "GATEWAY")
_MANAGER_URL = (
    "type.googleapis.com/envoy.extensions.filters.network."
    "http_connection_manager.v3.HttpConnectionManager"
)


@dataclass(slots=True)
class Draft:
    """A proxy of one context, before and after patches."""

    context: str
    hosts: dict[str, Node]
    """Virtual hosts, by host."""
    clusters: list[Node]
    filters: list[Node] = field(default_factory=list)
    listener: list[Node] = field(default_factory=list)
    manager: list[Node] = field(default_factory=list)
    table: list[Node] = field(default_factory=list)
    extensions: dict[str, Node] = field(default_factory=dict)


def patches(filters: Iterable[Node]) -> Iterator[Node]:
    """The patches of all EnvoyFilters in the order in which Istio applies them."""
    for each in sorted(filters, key=lambda node: node.at("spec", "priority").number()):
        yield from each.at("spec", "configPatches").items()


def contexts(patch: Node) -> tuple[str, ...]:
    named = patch.at("match", "context").text("ANY")
    return (named,) if named in CONTEXTS else CONTEXTS


def base_filters(context: str, node: Node) -> list[Node]:
    """What Istio puts in a chain, as far as order matters."""
    names = ["envoy.filters.http.router"]
    if context != "SIDECAR_OUTBOUND":
        names = ["envoy.filters.http.jwt_authn", "envoy.filters.http.rbac", *names]
    return [made({"name": name}, node.place) for name in names]


def apply(patch: Node, draft: Draft) -> None:
    """One patch; kinds and operations that do not bear on any rule are passed over."""
    kind = patch.get("applyTo").text()
    operation = patch.at("patch", "operation").text("MERGE")
    value = patch.at("patch", "value")
    match = patch.get("match")
    if kind == "HTTP_FILTER":
        _http_filter(match, operation, value, draft)
    elif kind == "NETWORK_FILTER" and operation == "MERGE":
        draft.manager.append(value.get("typed_config"))
    elif kind == "LISTENER" and operation == "MERGE":
        draft.listener.append(value)
    elif kind == "ROUTE_CONFIGURATION":
        draft.table.append(value)
    elif kind == "VIRTUAL_HOST":
        _virtual_host(match, operation, value, draft)
    elif kind == "HTTP_ROUTE":
        _route(match, operation, value, draft)
    elif kind == "CLUSTER":
        _cluster(match, operation, value, draft)
    elif kind == "EXTENSION_CONFIG":
        draft.extensions[value.get("name").text()] = value.get("typed_config")


def _http_filter(match: Node, operation: str, value: Node, draft: Draft) -> None:
    wanted = match.at("listener", "filterChain", "filter", "subFilter", "name").text()
    names = [each.get("name").text() for each in draft.filters]
    where = names.index(wanted) if wanted in names else None
    if wanted and where is None:
        return
    if operation == "REMOVE" and where is not None:
        del draft.filters[where]
    elif operation in {"MERGE", "REPLACE"} and where is not None:
        old = draft.filters[where]
        draft.filters[where] = merged(old, value) if operation == "MERGE" else value
    elif operation == "INSERT_BEFORE":
        draft.filters.insert(where or 0, value)
    elif operation == "INSERT_AFTER":
        draft.filters.insert(len(names) if where is None else where + 1, value)
    elif operation == "INSERT_FIRST":
        draft.filters.insert(0, value)
    elif operation == "ADD":
        draft.filters.append(value)


def _virtual_host(match: Node, operation: str, value: Node, draft: Draft) -> None:
    named = match.at("routeConfiguration", "vhost", "name").text().lower()
    host = named.rpartition(":")[0] or named
    if operation == "ADD":
        draft.hosts[value.get("name").text()] = value
    elif operation == "REMOVE":
        draft.hosts.pop(host, None)
    elif operation == "MERGE":
        if named and host not in draft.hosts:
            draft.hosts[host] = _presumed(host, match)
        for each in [host] if named else list(draft.hosts):
            old = draft.hosts[each]
            name = {"name": made(named, old.place)} if named else {}
            draft.hosts[each] = merged(Node({**old.members(), **name}, old.place), value)


def _presumed(host: str, match: Node) -> Node:
    """A virtual host that a patch names and whose service is not among these manifests."""
    route = {"cluster": f"outbound|80||{host}", "timeout": "0s"}
    routes = [{"match": {"prefix": "/"}, "route": route}]
    return made({"name": host, "domains": [host], "routes": routes}, match.place)


def _route(match: Node, operation: str, value: Node, draft: Draft) -> None:
    vhost = match.at("routeConfiguration", "vhost")
    named = vhost.get("name").text().lower()
    route = vhost.at("route", "name").text()
    if named and (named.rpartition(":")[0] or named) not in draft.hosts:
        draft.hosts[named.rpartition(":")[0] or named] = _presumed(
            named.rpartition(":")[0] or named, match
        )
    for host, node in list(draft.hosts.items()):
        if named and host != (named.rpartition(":")[0] or named):
            continue
        routes = list(node.get("routes").items())
        if operation == "MERGE":
            routes = [
                merged(each, value) if not route or each.get("name").text() == route else each
                for each in routes
            ]
        elif operation in {"INSERT_FIRST", "INSERT_BEFORE"}:
            routes.insert(0, value)
        elif operation in {"ADD", "INSERT_AFTER"}:
            routes.append(value)
        elif operation == "REMOVE":
            routes = [each for each in routes if route and each.get("name").text() != route]
        draft.hosts[host] = Node({**node.members(), "routes": Node(routes, node.place)}, node.place)


def _cluster(match: Node, operation: str, value: Node, draft: Draft) -> None:
    if operation == "ADD":
        draft.clusters.append(value)
        return
    name = match.at("cluster", "name").text()
    service = match.at("cluster", "service").text()
    for index, each in enumerate(draft.clusters):
        own = each.get("name").text()
        if (name and own != name) or (service and not own.endswith(f"|{service}")):
            continue
        if operation == "MERGE":
            draft.clusters[index] = merged(each, value)


def listener(draft: Draft, chains: list[Node], node: Node) -> Node:
    """The listener of the finished proxy."""
    table = made(
        {"name": draft.context.lower(), "virtual_hosts": list(draft.hosts.values())}, node.place
    )
    for each in draft.table:
        table = merged(table, each)
    manager = made(
        {"@type": _MANAGER_URL, "http_filters": draft.filters, "route_config": table}, node.place
    )
    for each in draft.manager:
        manager = merged(manager, each)
    http: dict[str, Any] = {"filters": [{"typed_config": manager}]}
    if draft.context == "SIDECAR_INBOUND":
        http["transport_socket"] = {
            "typed_config": {"@type": "x/DownstreamTlsContext", "require_client_certificate": True}
        }
    whole = made(
        {
            "name": f"{draft.context.lower().replace('_', ' ')}",
            "filter_chains": [http, *chains],
            **_direction(draft.context),
        },
        node.place,
    )
    for each in draft.listener:
        whole = merged(whole, each)
    return whole


def _direction(context: str) -> dict[str, str]:
    names = {"SIDECAR_INBOUND": "INBOUND", "SIDECAR_OUTBOUND": "OUTBOUND"}
    return {"traffic_direction": names[context]} if context in names else {}

"""What Istio does with an EnvoyFilter, on configurations as plain data.

The rules are those of Istio's reference (EnvoyFilter: `applyTo`, `match`, `patch`)
for the objects and operations that our manifests use. A patch that asks for
anything else is an error here rather than a guess.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Node = dict[str, Any]

MAPS = {
    "typed_per_filter_config",
    "typed_extension_protocol_options",
    "filter_metadata",
    "typed_filter_metadata",
}
"""Fields that are maps in the proto files: an entry is replaced, never merged into."""
ONE_OF = (
    {"route", "redirect", "direct_response", "filter_action", "non_forwarding_action"},
    {"route_config", "rds", "scoped_routes"},
    {"cluster", "cluster_header", "weighted_clusters"},
)
MANAGER = "envoy.filters.network.http_connection_manager"
RELATIVE = ("INSERT_BEFORE", "INSERT_AFTER", "INSERT_FIRST")


@dataclass
class Proxy:
    """What one proxy has been given."""

    context: str
    """``SIDECAR_OUTBOUND``, ``SIDECAR_INBOUND`` or ``GATEWAY``."""
    version: str = "1.32.0"
    labels: dict[str, str] = field(default_factory=dict)
    listeners: list[Node] = field(default_factory=list)
    clusters: list[Node] = field(default_factory=list)
    routes: list[Node] = field(default_factory=list)


def patched(proxy: Proxy, *filters: Node) -> Proxy:
    """A new proxy with every EnvoyFilter applied that selects it."""
    out = copy.deepcopy(proxy)
    patches = [
        each
        for document in filters
        if _selects(document, proxy.labels)
        for each in copy.deepcopy(document["spec"]["configPatches"])
        if _common(proxy, each)
    ]
    for each in patches:
        _check(each)
    out.clusters = _clusters(out.clusters, [p for p in patches if p["applyTo"] == "CLUSTER"])
    for listener in out.listeners:
        _listener(listener, patches)
    for routes in out.routes:
        _routes(routes, patches)
    return out


def merged(target: Node, source: Node) -> Node:
    """Protobuf's merge: messages deeply, lists appended, maps by entry, scalars replaced.

    A scalar at its default is not there for protobuf, so it overrides nothing: such a
    patch would be a trap, and is refused.
    """
    for key, value in source.items():
        if key == "@type":
            continue
        if value is False or value == 0 or value == "":
            raise ValueError(f"{key}: a default value overrides nothing in a MERGE")
        for group in ONE_OF:
            if key in group:
                for other in group - {key}:
                    target.pop(other, None)
        if isinstance(value, list):
            target[key] = [*target.get(key, []), *copy.deepcopy(value)]
        elif key in MAPS:
            target[key] = {**target.get(key, {}), **copy.deepcopy(value)}
        elif isinstance(value, dict):
            target[key] = merged(dict(target.get(key) or {}), value)
        else:
            target[key] = value
    return target


# Which patches, and where


def _selects(document: Node, labels: dict[str, str]) -> bool:
    wanted = document["spec"].get("workloadSelector", {}).get("labels", {})
    return wanted.items() <= labels.items()


def _common(proxy: Proxy, patch: Node) -> bool:
    match = patch.get("match", {})
    version = match.get("proxy", {}).get("proxyVersion")
    return match.get("context", "ANY") in {"ANY", proxy.context} and (
        version is None or re.search(version, proxy.version) is not None
    )


def _check(patch: Node) -> None:
    allowed = {
        "LISTENER": {"MERGE"},
        "NETWORK_FILTER": {"MERGE"},
        "HTTP_FILTER": {"INSERT_BEFORE", "INSERT_AFTER", "INSERT_FIRST", "ADD", "REMOVE"},
        "CLUSTER": {"ADD", "MERGE", "REMOVE"},
        "ROUTE_CONFIGURATION": {"MERGE"},
        "VIRTUAL_HOST": {"ADD", "MERGE", "REMOVE", "REPLACE"},
        "HTTP_ROUTE": {"ADD", "MERGE", "REMOVE", *RELATIVE},
    }
    kind, operation = patch["applyTo"], patch["patch"]["operation"]
    if operation not in allowed.get(kind, set()):
        raise ValueError(f"{operation} of {kind} is not modelled")


def _of(patches: Iterable[Node], kind: str) -> list[Node]:
    return [patch for patch in patches if patch["applyTo"] == kind]


def _operation(patch: Node) -> str:
    return str(patch["patch"]["operation"])


def _value(patch: Node) -> Node:
    return copy.deepcopy(patch["patch"]["value"])


def _at(patch: Node, *path: str) -> Any:
    node: Any = patch.get("match", {})
    for key in path:
        node = (node or {}).get(key)
    return node


# Clusters


def _clusters(clusters: list[Node], patches: list[Node]) -> list[Node]:
    kept = []
    for cluster in clusters:
        removed = False
        for patch in patches:
            if not _cluster_matches(cluster, patch):
                continue
            if _operation(patch) == "REMOVE":
                removed = True
                break
            if _operation(patch) == "MERGE":
                _merge_cluster(cluster, _value(patch))
        if not removed:
            kept.append(cluster)
    return kept + [_value(patch) for patch in patches if _operation(patch) == "ADD"]


def _merge_cluster(cluster: Node, value: Node) -> None:
    """A transport socket of the same name is merged into, one of another replaces it."""
    socket = value.get("transport_socket")
    if socket is None:
        merged(cluster, value)
        return
    matches = [m["transport_socket"] for m in cluster.get("transport_socket_matches", ())]
    own = [cluster["transport_socket"]] if "transport_socket" in cluster else []
    same = [each for each in (matches or own) if each["name"] == socket["name"]]
    if same:
        merged(same[0]["typed_config"], socket["typed_config"])
    elif not matches:
        cluster["transport_socket"] = socket


def _cluster_matches(cluster: Node, patch: Node) -> bool:
    match = _at(patch, "cluster")
    if not match:
        return True
    if match.get("name"):
        return bool(match["name"] == cluster["name"])
    parts = cluster["name"].split("|")
    direction, port, subset, host = parts if len(parts) == 4 else ("", "0", "", "")
    assert direction != "inbound", "inbound clusters are not modelled"
    return (
        match.get("subset", "") in {"", subset}
        and match.get("service", "") in {"", host}
        and match.get("portNumber", 0) in {0, int(port)}
    )


# Listeners


def _listener(listener: Node, patches: list[Node]) -> None:
    for patch in _of(patches, "LISTENER"):
        if _listener_matches(listener, patch):
            merged(listener, _value(patch))
    for chain in listener.get("filter_chains", ()):
        for network_filter in chain["filters"]:
            _network_filter(listener, chain, network_filter, patches)


def _listener_matches(listener: Node, patch: Node) -> bool:
    match = _at(patch, "listener") or {}
    if match.get("name") and match["name"] != listener["name"]:
        return False
    port = match.get("portNumber")
    return not port or listener["address"]["socket_address"]["port_value"] == port


def _network_filter(listener: Node, chain: Node, found: Node, patches: list[Node]) -> None:
    for patch in _of(patches, "NETWORK_FILTER"):
        if _filter_matches(listener, found, patch):
            value = _value(patch)
            merged(found["typed_config"], value.get("typed_config", {}))
            found["name"] = value.get("name") or found["name"]
    if found["name"] != MANAGER:
        return
    manager = found["typed_config"]
    for patch in _of(patches, "HTTP_FILTER"):
        if _filter_matches(listener, found, patch):
            name = _at(patch, "listener", "filterChain", "filter", "subFilter", "name")
            manager["http_filters"] = _in_order(
                manager["http_filters"], patch, lambda f, name=name: f["name"] == name, bool(name)
            )


def _filter_matches(listener: Node, found: Node, patch: Node) -> bool:
    chain = _at(patch, "listener", "filterChain") or {}
    assert chain.keys() <= {"filter"}, "only filters of chains are matched"
    name = (chain.get("filter") or {}).get("name")
    return _listener_matches(listener, patch) and name in {None, found["name"]}


def _in_order(
    items: list[Node], patch: Node, matches: Callable[[Node], bool], has_match: bool
) -> list[Node]:
    operation = _operation(patch)
    if operation == "REMOVE":
        return [each for each in items if not (has_match and matches(each))]
    value = _value(patch)
    if operation == "ADD":
        return [*items, value]
    if not has_match:
        return [*items, value] if operation == "INSERT_AFTER" else [value, *items]
    at = next((i for i, each in enumerate(items) if matches(each)), None)
    if at is None:
        return (
            [value, *items]
            if operation == "INSERT_FIRST" and patch["applyTo"] == "HTTP_FILTER"
            else items
        )
    where = {"INSERT_FIRST": 0, "INSERT_BEFORE": at, "INSERT_AFTER": at + 1}[operation]
    return [*items[:where], value, *items[where:]]


# Routes


def _routes(routes: Node, patches: list[Node]) -> None:
    mine = [patch for patch in patches if _routes_match(routes, patch)]
    for patch in _of(mine, "ROUTE_CONFIGURATION"):
        merged(routes, _value(patch))
    hosts = []
    for original in routes.get("virtual_hosts", ()):
        host = _virtual_host(original, mine)
        if host is not None:
            hosts.append(host)
    hosts += [_value(p) for p in _of(mine, "VIRTUAL_HOST") if _operation(p) == "ADD"]
    routes["virtual_hosts"] = hosts


def _virtual_host(host: Node, patches: list[Node]) -> Node | None:
    for patch in _of(patches, "VIRTUAL_HOST"):
        if not _host_matches(host, patch):
            continue
        match _operation(patch):
            case "REMOVE":
                return None
            case "REPLACE":
                host = _value(patch)
            case "MERGE":
                merged(host, _value(patch))
    _http_routes(host, [p for p in _of(patches, "HTTP_ROUTE") if _host_matches(host, p)])
    return host


def _http_routes(host: Node, patches: list[Node]) -> None:
    kept = []
    for route in host.get("routes", ()):
        found = [patch for patch in patches if _route_matches(route, patch)]
        if any(_operation(patch) == "REMOVE" for patch in found):
            continue
        for patch in found:
            if _operation(patch) == "MERGE":
                merged(route, _value(patch))
        kept.append(route)
    for patch in patches:
        if _operation(patch) in {"ADD", *RELATIVE}:
            has_match = _at(patch, "routeConfiguration", "vhost", "route") is not None
            kept = _in_order(kept, patch, lambda r, p=patch: _route_matches(r, p), has_match)
    if kept or "routes" in host:
        host["routes"] = kept


def _routes_match(routes: Node, patch: Node) -> bool:
    match = _at(patch, "routeConfiguration") or {}
    if match.get("name", routes["name"]) != routes["name"]:
        return False
    port = match.get("portNumber")
    if not port:
        return True
    # A sidecar's are named by port; a gateway's by protocol and port.
    numbers = [part for part in routes["name"].split(".") if part.isdigit()]
    return numbers[:1] == [str(port)]


def _host_matches(host: Node, patch: Node) -> bool:
    name = _at(patch, "routeConfiguration", "vhost", "name")
    return name in {None, "", host["name"]}


def _route_matches(route: Node, patch: Node) -> bool:
    match = _at(patch, "routeConfiguration", "vhost", "route") or {}
    if match.get("name") and match["name"] != route.get("name"):
        return False
    action = match.get("action", "ANY")
    return action == "ANY" or action.lower() in route

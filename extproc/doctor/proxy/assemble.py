"""Raw resources to a `Proxy`."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.doctor.model import (
    Chain,
    ClientTls,
    Direction,
    HttpFilter,
    HttpManager,
    Inspection,
    Listener,
    Proxy,
    State,
    Target,
    Upgrade,
)
from extproc.doctor.node import Node, Place
from extproc.doctor.proxy.clusters import cluster
from extproc.doctor.proxy.filters import http_filters, mark_ours
from extproc.doctor.proxy.managers import manager
from extproc.doctor.proxy.resources import Resources

_BUFFER_BYTES = 1024 * 1024
"""Envoy's default for a listener."""
_MANAGER = "HttpConnectionManager"
_NETWORK_KINDS = {
    "envoy.filters.network.http_connection_manager": _MANAGER,
    "envoy.filters.network.tcp_proxy": "TcpProxy",
}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A connection manager whose filters are read but not yet known to be ours."""

    node: Node
    filters: list[HttpFilter]
    upgrades: list[tuple[Node, list[HttpFilter] | None]]


def assemble(found: Resources, *, from_manifests: bool = False, name: str = "") -> Proxy:
    """Resolves names and defaults. Never raises for odd input."""
    drafts = [_drafts(node, found) for node in found.listeners]
    chains = [draft.filters for each in drafts for draft in each.values()]
    chains += [
        own for each in drafts for d in each.values() for _, own in d.upgrades if own is not None
    ]
    marked = iter(mark_ours(chains))
    for each in drafts:
        for key, draft in each.items():
            each[key] = _Draft(draft.node, next(marked), draft.upgrades)
    for each in drafts:
        for key, draft in each.items():
            upgrades = [
                (node, None if own is None else next(marked)) for node, own in draft.upgrades
            ]
            each[key] = _Draft(draft.node, draft.filters, upgrades)
    tables = {node.get("name").text(): node for node in found.tables}
    assignments = {node.get("cluster_name").text(): node for node in found.endpoints}
    clusters = [cluster(node, assignments) for node in found.clusters]
    return Proxy(
        name=name or found.named,
        place=_place(found),
        listeners=tuple(
            _listener(node, own, tables) for node, own in zip(found.listeners, drafts, strict=True)
        ),
        clusters={each.name: each for each in clusters},
        all_clusters=found.all_clusters,
        version=found.version,
        from_manifests=from_manifests,
    )


def _place(found: Resources) -> Place:
    for nodes in (found.listeners, found.tables, found.clusters, list(found.filters.values())):
        if nodes:
            return Place(nodes[0].place.file)
    return Place("")


def _chains(listener: Node) -> list[Node]:
    chains = list(listener.get("filter_chains").items())
    if listener.has("default_filter_chain"):
        chains.append(listener.get("default_filter_chain"))
    return chains


def _network(chain: Node) -> Iterator[tuple[str, Node]]:
    """The network filters of a chain: kind and configuration."""
    for each in chain.get("filters").items():
        config = each.get("typed_config")
        kind = config.type_name() or _NETWORK_KINDS.get(each.get("name").text(), "")
        yield kind, config.unpacked() if config.present else each


def _drafts(listener: Node, found: Resources) -> dict[int, _Draft]:
    """By the index of the chain; an `api_listener` has -1."""
    drafts: dict[int, _Draft] = {}
    for index, chain in enumerate(_chains(listener)):
        for kind, config in _network(chain):
            if kind == _MANAGER:
                drafts[index] = _draft(config, found)
    api = listener.at("api_listener", "api_listener")
    if api.type_name() == _MANAGER:
        drafts[-1] = _draft(api, found)
    return drafts


def _draft(config: Node, found: Resources) -> _Draft:
    return _Draft(
        node=config,
        filters=http_filters(config.get("http_filters").items(), found.filters),
        upgrades=[
            (
                each,
                http_filters(each.get("filters").items(), found.filters)
                if each.get("filters").items()
                else None,
            )
            for each in config.get("upgrade_configs").items()
            if each.get("enabled").flag(default=True)
        ],
    )


def _listener(node: Node, drafts: dict[int, _Draft], tables: dict[str, Node]) -> Listener:
    direction = _direction(node)
    managers = {key: _manager(draft, direction, tables) for key, draft in drafts.items()}
    buffer = node.get("per_connection_buffer_limit_bytes")
    chains = [_chain(chain, managers.get(index)) for index, chain in enumerate(_chains(node))]
    if -1 in managers:
        place = node.get("api_listener").place
        chains.append(Chain(place, (), None, managers[-1], (), raw=True))
    return Listener(
        name=node.get("name").text(),
        place=node.place,
        direction=direction,
        buffer=buffer.number(_BUFFER_BYTES),
        buffer_place=buffer.place,
        loopback=_loopback(node.at("address", "socket_address", "address").text())
        or node.at("address", "pipe").present,
        chains=tuple(chains),
    )


def _direction(node: Node) -> Direction:
    written = node.get("traffic_direction").enum(("UNSPECIFIED", "INBOUND", "OUTBOUND"))
    try:
        return Direction(written.lower())
    except ValueError:
        return Direction.UNKNOWN


def _manager(draft: _Draft, direction: Direction, tables: dict[str, Node]) -> HttpManager:
    upgrades = [
        Upgrade(node.get("upgrade_type").text(), node.place, None if own is None else tuple(own))
        for node, own in draft.upgrades
    ]
    return manager(draft.node, direction, draft.filters, upgrades, tables)


def _chain(node: Node, http: HttpManager | None) -> Chain:
    match = node.get("filter_chain_match")
    socket = node.get("transport_socket").get("typed_config")
    transport = match.get("transport_protocol").text()
    return Chain(
        place=node.place,
        server_names=tuple(name.lower() for name in match.get("server_names").texts()),
        tls=ClientTls(socket.place, socket.get("require_client_certificate").flag())
        if socket.type_name() in {"DownstreamTlsContext", "QuicDownstreamTransport"}
        else None,
        http=http,
        tcp=tuple(_tcp(node)),
        raw=transport in {"", "raw_buffer"},
    )


def _tcp(chain: Node) -> Iterator[Target]:
    for kind, config in _network(chain):
        if kind != "TcpProxy":
            continue
        names = [config.get("cluster")] if config.has("cluster") else []
        names += [one.get("name") for one in config.at("weighted_clusters", "clusters").items()]
        for name in names:
            absent = Inspection(State.ABSENT, config.place)
            yield Target(name.text(), name.place, (absent,))


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"

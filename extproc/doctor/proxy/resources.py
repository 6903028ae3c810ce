"""Listeners, route tables, clusters and filters, out of a dump, a bootstrap or discovery files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extproc.doctor.model import Version
from extproc.doctor.node import Node

_ISTIO_AHEAD = 8
"""Istio 1.N ships Envoy 1.(N+8)."""
_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})")


@dataclass(slots=True)
class Resources:
    """Raw resources. `all_clusters` says that no others exist."""

    listeners: list[Node] = field(default_factory=list)
    tables: list[Node] = field(default_factory=list)
    clusters: list[Node] = field(default_factory=list)
    endpoints: list[Node] = field(default_factory=list)
    filters: dict[str, Node] = field(default_factory=dict)
    """Filters that are delivered by themselves (ECDS), by name."""
    all_clusters: bool = False
    version: Version | None = None
    named: str = ""

    def __bool__(self) -> bool:
        return bool(self.listeners or self.tables or self.clusters or self.filters)


def collect(roots: Sequence[Node]) -> Resources:
    """Everything that the documents of one proxy hold. Unknown parts are passed over."""
    found = Resources()
    for root in roots:
        _take(root, found)
    return found


def _take(root: Node, found: Resources) -> None:
    if root.items():
        for item in root.items():
            _take_item(item, found)
        return
    if root.has("configs"):
        for config in root.get("configs").items():
            _section(config, found)
    if root.has("config_dump"):
        _take(root.get("config_dump"), found)
    _bootstrap(root, found)
    for item in root.get("resources").items():  # a discovery response: a watched file
        _take_item(item, found)
    for name in ("listeners", "routes", "clusters"):
        for item in root.get(name).items():
            _take_item(item, found)
    _take_item(root, found)


def _take_item(item: Node, found: Resources) -> None:
    """One resource of any of the forms in which tools list them."""
    kind = item.type_name()
    if kind.endswith("ConfigDump"):
        _section(item, found)
    elif kind == "RouteConfiguration" or item.has("virtual_hosts"):
        found.tables.append(item)
    elif kind == "Listener" or item.has("filter_chains") or item.has("default_filter_chain"):
        found.listeners.append(item)
    elif kind == "Cluster" or any(
        item.has(n) for n in ("connect_timeout", "load_assignment", "eds_cluster_config")
    ):
        found.clusters.append(item)
    elif item.has("active_state") or item.has("warming_state"):
        _dynamic_listener(item, found)
    elif item.has("route_config"):
        found.tables.append(item.get("route_config"))
    elif item.has("cluster"):
        _take_item(item.get("cluster"), found)


def _section(config: Node, found: Resources) -> None:
    """One part of Envoy's `/config_dump`."""
    kind = config.type_name()
    if config.has("bootstrap"):
        _bootstrap(config.get("bootstrap"), found)
    if kind == "ClustersConfigDump":
        found.all_clusters = True
    found.listeners += [i.get("listener") for i in config.get("static_listeners").items()]
    for item in config.get("dynamic_listeners").items():
        _dynamic_listener(item, found)
    for kind_of, member, into in (
        ("static_clusters", "cluster", found.clusters),
        ("dynamic_active_clusters", "cluster", found.clusters),
        ("dynamic_warming_clusters", "cluster", found.clusters),
        ("static_route_configs", "route_config", found.tables),
        ("dynamic_route_configs", "route_config", found.tables),
        ("static_endpoint_configs", "endpoint_config", found.endpoints),
        ("dynamic_endpoint_configs", "endpoint_config", found.endpoints),
    ):
        into += [item.get(member) for item in config.get(kind_of).items()]
    for item in config.get("ecds_filters").items():
        one = item.get("ecds_filter")
        found.filters[one.get("name").text()] = one.get("typed_config")


def _dynamic_listener(item: Node, found: Resources) -> None:
    """The state in use, else the one that is about to be."""
    for state in ("active_state", "warming_state"):
        if item.has(state):
            found.listeners.append(item.get(state).get("listener"))
            return


def _bootstrap(root: Node, found: Resources) -> None:
    static = root.get("static_resources")
    # In a dump the same resources stand in their own sections.
    in_dump = root.place.key == "bootstrap"
    if static.present and not in_dump:
        found.listeners.extend(static.get("listeners").items())
        found.clusters.extend(static.get("clusters").items())
        dynamic = root.get("dynamic_resources")
        found.all_clusters = not (dynamic.has("cds_config") or dynamic.has("ads_config"))
    if root.has("node"):
        found.version = version(root.get("node")) or found.version
        found.named = root.at("node", "id").text() or found.named


def version(node: Node) -> Version | None:
    """Of the proxy, from what Envoy says of itself, else from Istio's metadata."""
    build = node.get("user_agent_build_version").get("version")
    if build.present and build.has("minor_number"):
        return _version(
            int(build.get("major_number").number(1)),
            int(build.get("minor_number").number()),
            "Envoy",
            build,
        )
    istio = node.get("metadata").get("ISTIO_VERSION")
    if match := _VERSION.search(istio.text()):
        return Version(
            int(match[1]), int(match[2]) + _ISTIO_AHEAD, f"Istio {match[0]}", istio.place
        )
    written = node.get("user_agent_version")
    if match := _VERSION.search(written.text()):
        return _version(int(match[1]), int(match[2]), "Envoy", written)
    return None


def _version(major: int, minor: int, what: str, node: Node) -> Version:
    return Version(major, minor, f"{what} {major}.{minor}", node.place)

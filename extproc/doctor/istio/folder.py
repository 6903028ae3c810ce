"""Manifests to proxies: for each context that patches name, what Istio would send to Envoy.

A folder is known only in part, so what it does not hold is presumed to exist. A patch may hold
for some versions of the proxy; each set of patches that a version gets is a proxy of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from extproc.doctor.istio.patches import (
    Draft,
    apply,
    base_filters,
    contexts,
    listener,
    patches,
)
from extproc.doctor.istio.security import remarks, workloads
from extproc.doctor.istio.traffic import Traffic, traffic
from extproc.doctor.istio.units import Manifests, units
from extproc.doctor.model import Proxy, Remark, Subject, Workload
from extproc.doctor.node import Node, made
from extproc.doctor.proxy.assemble import assemble
from extproc.doctor.proxy.resources import Resources

_OLDEST, _NEWEST = 18, 40
"""Minor versions of Istio that a `proxyVersion` is tried on."""
_ISTIO_AHEAD = 8

Group = tuple[str, ...]


def proxies(manifests: Manifests, path: Path) -> Subject:
    """Everything that the manifests at `path` would make."""
    found: list[Proxy] = []
    told: list[Remark] = []
    pods: list[Workload] = []
    for name, nodes in units(manifests, path).items():
        filters = [node for node in nodes if node.get("kind").text() == "EnvoyFilter"]
        named = {c for patch in patches(filters) for c in contexts(patch)}
        mesh = traffic(nodes)
        if not named and (mesh.hosts or mesh.chains):
            named = {"SIDECAR_OUTBOUND"}
        for group in _groups(filters):
            for context in sorted(named):
                found += _proxies(name, context, group, mesh)
        told += remarks(nodes, named, filters[0] if filters else None)
        pods += workloads(nodes)
    return Subject(tuple(found), tuple(pods), tuple(told))


def _groups(filters: Sequence[Node]) -> list[list[Node]]:
    """EnvoyFilters of the same pods, together with those of all pods."""
    selected: dict[Group, list[Node]] = {}
    for each in filters:
        selected.setdefault(_selector(each), []).append(each)
    everywhere = selected.pop((), [])
    return [everywhere + own for own in selected.values()] or [everywhere]


def _selector(node: Node) -> Group:
    labels = node.at("spec", "workloadSelector", "labels").members()
    targets = node.at("spec", "targetRefs").items()
    return (
        *(f"{name}={value.text()}" for name, value in sorted(labels.items())),
        *(target.get("name").text() for target in targets),
    )


def _proxies(name: str, context: str, filters: list[Node], mesh: Traffic) -> Iterator[Proxy]:
    mine = [patch for patch in patches(filters) if context in contexts(patch)]
    if filters and not mine:
        return
    for oldest, chosen in _by_version(mine):
        yield _proxy(name, context, oldest, chosen, mesh)


def _by_version(mine: list[Node]) -> Iterator[tuple[int, list[Node]]]:
    """Each different set of patches, with the oldest version of Envoy that gets it."""
    seen: set[tuple[bool, ...]] = set()
    for minor in range(_OLDEST, _NEWEST + 1):
        takes = tuple(_takes(patch.at("match", "proxy", "proxyVersion"), minor) for patch in mine)
        if takes not in seen:
            seen.add(takes)
            yield minor + _ISTIO_AHEAD, [p for p, t in zip(mine, takes, strict=True) if t]


def _takes(condition: Node, minor: int) -> bool:
    if not condition.text():
        return True
    try:
        return re.search(condition.text(), f"1.{minor}.0") is not None
    except (re.error, RecursionError, OverflowError):
        return True


def _proxy(name: str, context: str, oldest: int, chosen: list[Node], mesh: Traffic) -> Proxy:
    place = chosen[0] if chosen else next(iter([*mesh.hosts.values(), *mesh.chains]))
    gateway = context == "GATEWAY"
    hosts = dict(mesh.gateway_hosts or mesh.hosts) if gateway else dict(mesh.hosts)
    if context == "SIDECAR_INBOUND":
        hosts = {"inbound": _inbound(place)}
    draft = Draft(context, hosts, list(mesh.clusters), base_filters(context, place))
    for patch in chosen:
        apply(patch, draft)
    chains = mesh.chains if context == "SIDECAR_OUTBOUND" else []
    found = Resources(
        listeners=[listener(draft, chains, place)],
        clusters=draft.clusters,
        filters=draft.extensions,
    )
    return replace(assemble(found, from_manifests=True, name=name), oldest=oldest)


def _inbound(place: Node) -> Node:
    route = {"cluster": "inbound|8080||", "timeout": "0s"}
    return made(
        {
            "name": "inbound|http|8080",
            "domains": ["*"],
            "routes": [{"match": {"prefix": "/"}, "route": route}],
        },
        place.place,
    )

"""What several rules ask of a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extproc.doctor.finding import Options
from extproc.doctor.hosts import ModelHosts
from extproc.doctor.model import (
    Chain,
    Cluster,
    ExtProc,
    HttpManager,
    Inspection,
    Listener,
    Proxy,
    Route,
    State,
    Subject,
    Target,
    VirtualHost,
)
from extproc.doctor.proxy.extproc_filter import resolve

PASS_THROUGH = {"ORIGINAL_DST", "DYNAMIC_FORWARD_PROXY"}
_PASS_THROUGH_NAMES = {"PassthroughCluster"}


@dataclass(frozen=True, slots=True)
class Way:
    """A way of a request: a target and all that stands above it."""

    proxy: Proxy
    listener: Listener
    chain: Chain
    manager: HttpManager
    host: VirtualHost
    route: Route
    target: Target


def ways(subject: Subject) -> Iterator[Way]:
    for proxy in subject.proxies:
        for listener, chain, manager in proxy.managers():
            for host, route in manager.routes():
                for target in route.targets:
                    yield Way(proxy, listener, chain, manager, host, route, target)


def inspected(subject: Subject) -> Iterator[Way]:
    """Ways that the service sees."""
    return (way for way in ways(subject) if way.target.inspected)


def managers(subject: Subject) -> Iterator[tuple[Proxy, Listener, HttpManager]]:
    """Connection managers in which our filter acts."""
    for proxy in subject.proxies:
        for listener, _, manager in proxy.managers():
            if manager.governed():
                yield proxy, listener, manager


def filters(subject: Subject) -> Iterator[tuple[Proxy, ExtProc]]:
    """Our filters as they act: on their own, and with each route's overrides."""
    for proxy in subject.proxies:
        for _, _, manager in proxy.managers():
            for one in manager.ours:
                yield proxy, resolve(one.config)
            for _, route in manager.routes():
                for target in route.targets:
                    for inspection in target.inspections:
                        if _overridden(inspection) and inspection.ext is not None:
                            yield proxy, inspection.ext


def _overridden(inspection: Inspection) -> bool:
    return (
        inspection.state in {State.INSPECTED, State.PARTIAL}
        and inspection.ext is not None
        and bool(inspection.ext.overrides)
    )


def service_clusters(proxy: Proxy) -> set[str]:
    """Names of the clusters that our filters ask."""
    found = set()
    for _, ext in filters(Subject((proxy,))):
        found.add(ext.cluster or ext.target)
    return found - {""}


def model_clusters(proxy: Proxy, options: Options) -> set[str]:
    """Clusters that lead to models: by their hosts, or because inspected requests go there."""
    found = {c.name for c in proxy.clusters.values() if serves_models(c, options.models)}
    found |= {way.target.cluster for way in inspected(Subject((proxy,)))}
    return found - pass_through(proxy)


def serves_models(cluster: Cluster, models: ModelHosts) -> bool:
    names = (*cluster.hosts, cluster.tls.sni if cluster.tls else "")
    return any(name and models.match(name) for name in names) or model_name(cluster.name, models)


def model_name(cluster: str, models: ModelHosts) -> bool:
    """Istio's name for a cluster ends in its host, which is known without the cluster."""
    return models.match(cluster.rpartition("|")[2])


def pass_through(proxy: Proxy) -> set[str]:
    """Clusters that go wherever the client says."""
    return _PASS_THROUGH_NAMES | {
        c.name for c in proxy.clusters.values() if c.kind in PASS_THROUGH
    } - {"InboundPassthroughCluster", "InboundPassthroughClusterIpv4"}


def model_domain(host: VirtualHost, options: Options) -> str:
    return next((name for name in host.domains if options.models.match(name)), "")

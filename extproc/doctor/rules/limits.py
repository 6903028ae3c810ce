"""Buffers and circuit breakers that are too small."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.model import Cluster, Subject
from extproc.doctor.rules.facts import inspected, service_clusters


def buffers(subject: Subject, options: Options) -> Iterator[Hit]:
    for way in inspected(subject):
        size, where = way.route.buffered(way.listener)
        if size < options.body_limit:
            yield Hit(
                where,
                f"listener {way.listener.name or '?'} buffers {size:.0f} bytes of a request; "
                f"policies allow {options.body_limit}",
            )
        for one in way.manager.filters:
            if one.kind != "Buffer" or one.disabled:
                continue
            most = one.config.get("max_request_bytes")
            if most.number(options.body_limit) < options.body_limit:
                yield Hit(most.place, f"{one.name} refuses bodies over {most.number():.0f} bytes")


def circuit_breakers(subject: Subject, options: Options) -> Iterator[Hit]:
    for proxy in subject.proxies:
        ours = service_clusters(proxy)
        reached = {way.target.cluster for way in inspected(Subject((proxy,)))}
        for cluster in proxy.clusters.values():
            if cluster.name in ours:
                yield from _low(cluster, options, None)
            elif cluster.name in reached:
                yield from _low(cluster, options, Severity.WARNING)


def _low(cluster: Cluster, options: Options, severity: Severity | None) -> Iterator[Hit]:
    limits = cluster.limits
    found = {"max_requests": limits.requests, "max_pending_requests": limits.pending}
    if not cluster.http2:
        found["max_connections"] = limits.connections
    low = ", ".join(f"{k} {v:.0f}" for k, v in found.items() if v < options.streams)
    if low:
        yield Hit(
            limits.place,
            f"cluster {cluster.name}: {low}; {options.streams} exchanges may be in flight",
            severity,
        )


def http2(subject: Subject, _: Options) -> Iterator[Hit]:
    for proxy in subject.proxies:
        for name in service_clusters(proxy):
            cluster = proxy.clusters.get(name)
            if cluster is not None and not cluster.http2:
                yield Hit(cluster.place, f"cluster {name} does not speak HTTP/2, which gRPC needs")

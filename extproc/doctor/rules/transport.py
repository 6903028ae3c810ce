"""Traffic in the open: upstreams without TLS, peers without certificates."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.hosts import is_local, is_outside
from extproc.doctor.model import Cluster, Direction, Subject
from extproc.doctor.rules.facts import managers, model_clusters, service_clusters


def plaintext(subject: Subject, options: Options) -> Iterator[Hit]:
    for proxy in subject.proxies:
        for name in sorted(model_clusters(proxy, options)):
            cluster = proxy.clusters.get(name)
            if cluster is None or cluster.tls is not None:
                continue
            outside = [host for host in cluster.hosts if is_outside(host)]
            if outside:
                yield Hit(
                    cluster.place, f"cluster {name} sends prompts to {outside[0]} without TLS"
                )


def plaintext_service(subject: Subject, _: Options) -> Iterator[Hit]:
    for proxy in subject.proxies:
        for name in sorted(service_clusters(proxy)):
            cluster = proxy.clusters.get(name)
            if cluster is None or cluster.tls is not None or cluster.mesh_tls:
                continue
            away = [host for host in cluster.hosts if not is_local(host)]
            if away:
                yield Hit(
                    cluster.place,
                    f"cluster {name} sends every prompt to {away[0]} without TLS",
                )


def unverified(subject: Subject, options: Options) -> Iterator[Hit]:
    for proxy in subject.proxies:
        for name in sorted(model_clusters(proxy, options) | service_clusters(proxy)):
            cluster = proxy.clusters.get(name)
            if cluster is not None and any(not is_local(host) for host in cluster.hosts):
                yield from _unverified(cluster)


def _unverified(cluster: Cluster) -> Iterator[Hit]:
    if cluster.tls is None:
        return
    if not cluster.tls.verified:
        yield Hit(cluster.tls.place, f"cluster {cluster.name} takes any certificate")
    elif not cluster.tls.names_checked:
        yield Hit(
            cluster.tls.place,
            f"cluster {cluster.name} takes a certificate of any name",
            Severity.WARNING,
        )


def permissive(subject: Subject, _: Options) -> Iterator[Hit]:
    """Inbound listeners with our filter that take peers without a certificate."""
    ours = {id(manager) for _, _, manager in managers(subject)}
    for proxy in subject.proxies:
        for listener in proxy.listeners:
            chains = [c for c in listener.chains if c.http is not None and id(c.http) in ours]
            mutual = any(c.tls is not None and c.tls.requires_certificate for c in chains)
            if listener.direction is not Direction.INBOUND and not mutual:
                continue
            for chain in chains:
                if chain.tls is None:
                    yield Hit(
                        chain.place, f"listener {listener.name or '?'} takes plain connections"
                    )
                elif not chain.tls.requires_certificate:
                    yield Hit(
                        chain.tls.place,
                        f"listener {listener.name or '?'} takes peers without a certificate",
                    )
    for remark in subject.remarks:
        if remark.topic == "mtls":
            yield Hit(remark.place, remark.message)
        elif remark.topic == "mtls-unknown":
            yield Hit(remark.place, remark.message, Severity.WARNING)


def forged_identity(subject: Subject, _: Options) -> Iterator[Hit]:
    """Client certificates that a client may claim in a header."""
    names = ("SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY")
    for _proxy, listener, manager in managers(subject):
        how = manager.node.get("forward_client_cert_details")
        if how.enum(names) == "ALWAYS_FORWARD_ONLY":
            yield Hit(
                how.place,
                f"listener {listener.name or '?'} keeps a client's own x-forwarded-client-cert",
            )

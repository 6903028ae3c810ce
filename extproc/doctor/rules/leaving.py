"""Requests that reach another place than the one that was decided."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options
from extproc.doctor.hosts import is_ip, is_local
from extproc.doctor.model import Cluster, Subject
from extproc.doctor.rules.facts import Way, inspected
from extproc.routing.names import pool_of


def _place_of(name: str) -> str:
    """What stands for the residency of a cluster: its host in Istio's names, else its name."""
    return name.rpartition("|")[2] if name.count("|") == 3 else name


def _same(one: str, other: str, options: Options) -> bool:
    """Whether `other` lies in every residency that `one` lies in."""
    a, b = _place_of(one), _place_of(other)
    if a == b:
        return True
    here, there = options.residency.get(a), options.residency.get(b)
    return here is not None and there is not None and here <= there


def _decided(way: Way, options: Options) -> str:
    """What the decision named: a target, or a pool that is known; else the first target."""
    targets = [each.cluster for each in way.route.targets]
    named = next((each for each in targets if pool_of(each) == way.route.pool), "")
    return named or (way.route.pool if way.route.pool in options.residency else targets[0])


def weights(subject: Subject, options: Options) -> Iterator[Hit]:
    for way in inspected(subject):
        if len(way.route.targets) < 2:
            continue
        decided = _decided(way, options)
        if not _same(decided, way.target.cluster, options):
            yield Hit(
                way.target.place,
                f"route {way.route.name or '?'}: weights send a request that was decided for "
                f"{decided} to {way.target.cluster}",
            )


def mirrors(subject: Subject, options: Options) -> Iterator[Hit]:
    for way in inspected(subject):
        for name, place in way.route.mirrors:
            if not _same(way.target.cluster, name, options):
                yield Hit(
                    place,
                    f"route {way.route.name or '?'} copies requests for {way.target.cluster} "
                    f"to {name}",
                )


def failover(subject: Subject, options: Options) -> Iterator[Hit]:
    for way in inspected(subject):
        cluster = way.proxy.clusters.get(way.target.cluster)
        if cluster is not None:
            yield from _failover(cluster, options)


def _failover(cluster: Cluster, options: Options) -> Iterator[Hit]:
    if cluster.failover is not None:
        yield Hit(cluster.failover, f"cluster {cluster.name} has endpoints in other regions")
    yield from _outside(cluster, options)
    for member in cluster.members:
        first = cluster.members[0]
        if not _same(first, member, options):
            yield Hit(cluster.place, f"cluster {cluster.name} falls over from {first} to {member}")


def _outside(cluster: Cluster, options: Options) -> Iterator[Hit]:
    """Servers of a known pool that lie elsewhere than it does, or that no pool names."""
    own = options.residency.get(_place_of(cluster.name))
    if own is None:
        return
    for server in cluster.hosts:
        there = options.residency.get(server)
        if is_local(server) or (there is None and is_ip(server)):
            continue  # in the pod itself, or an address that a name was resolved to
        if there is None or not own <= there:
            where = ", ".join(sorted(own)) or "any residency of the models"
            yield Hit(
                cluster.place,
                f"cluster {cluster.name} leads to {server}, which is not known to lie in {where}",
            )


def redirects(subject: Subject, _: Options) -> Iterator[Hit]:
    for way in inspected(subject):
        followed = way.route.internal_redirect
        if followed.present:
            yield Hit(
                followed.place,
                f"route {way.route.name or '?'} follows redirects of {way.target.cluster} itself",
            )

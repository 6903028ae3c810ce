"""Ways to a model that the service does not see."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.finding import Hit, Options, Severity
from extproc.doctor.model import Listener, Proxy, State, Subject, VirtualHost
from extproc.doctor.rules.facts import (
    Way,
    managers,
    model_clusters,
    model_domain,
    model_name,
    pass_through,
    ways,
)


def _leads_to_model(way: Way, options: Options, known: dict[int, set[str]]) -> str:
    """The host or cluster of a model that is reached; "" if none is."""
    if domain := model_domain(way.host, options):
        return domain
    if way.route.own_headers:
        return way.target.cluster
    clusters = known.setdefault(id(way.proxy), model_clusters(way.proxy, options))
    if way.target.cluster in clusters or model_name(way.target.cluster, options.models):
        return way.target.cluster
    return ""


def without_filter(subject: Subject, options: Options) -> Iterator[Hit]:
    """Listeners that lead to models and have no ext_proc filter of ours."""
    known: dict[int, set[str]] = {}
    for way in ways(subject):
        if way.target.first.state is State.ABSENT and (
            model := _leads_to_model(way, options, known)
        ):
            yield Hit(
                way.route.place,
                f"listener {way.listener.name or '?'} leads to {model} "
                "and has no ext_proc filter of extproc",
            )


def disabled(subject: Subject, options: Options) -> Iterator[Hit]:
    """Routes to models where the filter is there and switched off, or behind a matcher."""
    known: dict[int, set[str]] = {}
    for way in ways(subject):
        state = way.target.first.state
        if state not in {State.DISABLED, State.PARTIAL}:
            continue
        if model := _leads_to_model(way, options, known):
            how = "is disabled" if state is State.DISABLED else "may be skipped by its matcher"
            name = way.route.name or way.host.name or "?"
            yield Hit(
                way.target.first.place if _own(way) else way.route.place,
                f"route {name} leads to {model}, and ext_proc {how} there",
            )
    for proxy in subject.proxies:
        yield from _nowhere(proxy)


def _own(way: Way) -> bool:
    """Whether the entry that decides stands in the route or its virtual host."""
    place = way.target.first.place
    return place.line >= way.host.place.line > 0 and place.file == way.host.place.file


def _nowhere(proxy: Proxy) -> Iterator[Hit]:
    """A filter that is there, off, and switched on by no route at all."""
    every = [manager for _, _, manager in proxy.managers()]
    ours = [one for manager in every for one in manager.ours]
    if not ours or any(manager.unresolved or manager.governed() for manager in every):
        return
    yield Hit(ours[0].place, "ext_proc is disabled, and no virtual host enables it")


def per_path(subject: Subject, _: Options) -> Iterator[Hit]:
    """Virtual hosts that are inspected for some of their routes only."""
    for _proxy, _listener, manager in managers(subject):
        for table in manager.tables:
            for host in table.hosts:
                yield from _mixed(host)


def _mixed(host: VirtualHost) -> Iterator[Hit]:
    seen = [t for route in host.routes for t in route.targets if t.inspected]
    unseen = [r for r in host.routes if any(not t.inspected for t in r.targets)]
    if not seen:
        return
    for route in unseen:
        yield Hit(
            route.place,
            f"virtual host {host.name or '?'} is inspected on some routes and not on "
            f"{route.name or 'this one'}",
        )


def tcp(subject: Subject, options: Options) -> Iterator[Hit]:
    """Chains that pass bytes to models: TLS that the application itself began."""
    for proxy in subject.proxies:
        clusters = model_clusters(proxy, options)
        for listener in proxy.listeners:
            for chain in listener.chains:
                named = next((n for n in chain.server_names if options.models.match(n)), "")
                for target in chain.tcp:
                    leads = target.cluster in clusters or model_name(target.cluster, options.models)
                    if (named or leads) and target.cluster != "BlackHoleCluster":
                        yield Hit(
                            target.place,
                            f"listener {listener.name or '?'} passes bytes to "
                            f"{named or target.cluster} without reading HTTP",
                        )


def upgrades(subject: Subject, _: Options) -> Iterator[Hit]:
    """Upgrades with a filter chain of their own that leaves us out."""
    for _proxy, _listener, manager in managers(subject):
        for each in manager.upgrades:
            if each.filters is not None and not any(f.ours for f in each.filters):
                yield Hit(each.place, f"upgrade {each.kind!r} has filters of its own without ours")


def anywhere(subject: Subject, _: Options) -> Iterator[Hit]:
    """Outbound traffic that may go to any host."""
    for proxy in subject.proxies:
        free = pass_through(proxy)
        for listener in proxy.listeners:
            yield from _anywhere(proxy, listener, free)
    for remark in subject.remarks:
        if remark.topic == "outbound":
            yield Hit(remark.place, remark.message)
        elif remark.topic == "outbound-unknown":
            yield Hit(remark.place, remark.message, Severity.WARNING)


def _anywhere(proxy: Proxy, listener: Listener, free: set[str]) -> Iterator[Hit]:
    for chain in listener.chains:
        for target in chain.tcp:
            if target.cluster in free:
                yield Hit(target.place, _open(proxy, listener, target.cluster))
        if chain.http is None:
            continue
        for _, route in chain.http.routes():
            for target in route.targets:
                if target.cluster in free and not target.inspected:
                    yield Hit(route.place, _open(proxy, listener, target.cluster))


def _open(proxy: Proxy, listener: Listener, cluster: str) -> str:
    return (
        f"listener {listener.name or '?'} of {proxy.name or 'the proxy'} sends what it does not "
        f"know to {cluster}, which goes to any host"
    )


def no_default(subject: Subject, _: Options) -> Iterator[Hit]:
    """Virtual hosts whose routes need a decision, and that do not say 503 where there is none."""
    for _proxy, _listener, manager in managers(subject):
        for table in manager.tables:
            for host in table.hosts:
                if not any(route.own_headers for route in host.routes):
                    continue
                last = next((route for route in host.routes if route.any_path), None)
                if last is None:
                    yield Hit(
                        host.place,
                        f"virtual host {host.name or '?'} answers 404 to a request without a "
                        "decision",
                    )
                elif last.forwards or last.answers < 500:
                    yield Hit(
                        last.place,
                        f"virtual host {host.name or '?'} lets a request without a decision "
                        f"{'pass' if last.forwards else f'end with {last.answers}'}",
                    )


def unresolved(subject: Subject, _: Options) -> Iterator[Hit]:
    """Parts of the configuration that are not in the input."""
    for proxy, listener, manager in managers(subject):
        if manager.unresolved and not proxy.from_manifests:
            yield Hit(
                manager.place,
                f"listener {listener.name or '?'}: {manager.unresolved}; they are not judged",
            )
    for remark in subject.remarks:
        if remark.topic == "unresolved":
            yield Hit(remark.place, remark.message)

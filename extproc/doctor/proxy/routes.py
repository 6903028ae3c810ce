"""Route tables, with the overrides of each filter of ours resolved down to the target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extproc.doctor.model import (
    OWN_PREFIX,
    POOL_HEADER,
    HttpFilter,
    Inspection,
    Route,
    RouteTable,
    State,
    Target,
    VirtualHost,
)
from extproc.doctor.node import Node, Place
from extproc.doctor.proxy.extproc_filter import resolve

_TIMEOUT_S = 15.0
"""Envoy's default for a route."""
_LEVELS = ("typed_per_filter_config", "per_filter_config")

Levels = tuple[Node, ...]
"""What may override a filter, the most specific first."""


def route_table(node: Node, ours: Sequence[HttpFilter]) -> RouteTable:
    """`ours` are our filters in the chain that uses this table."""
    return RouteTable(
        name=node.get("name").text(),
        place=node.place,
        hosts=tuple(_virtual_host(host, node, ours) for host in node.get("virtual_hosts").items()),
    )


def _virtual_host(node: Node, table: Node, ours: Sequence[HttpFilter]) -> VirtualHost:
    return VirtualHost(
        name=node.get("name").text(),
        domains=tuple(domain.lower() for domain in node.get("domains").texts()),
        place=node.place,
        routes=tuple(_route(route, (node, table), ours) for route in _routes(node)),
        enables=frozenset(
            name
            for key in _LEVELS
            for name, entry in node.get(key).members().items()
            if not entry.unpacked().get("disabled").flag()
        ),
    )


def _routes(host: Node) -> Iterator[Node]:
    yield from host.get("routes").items()
    # A generic matcher instead of a list: its leaves are routes.
    for node in host.get("matcher").walk():
        if node.type_name() == "Route":
            yield node
        elif node.type_name() == "RouteList":
            yield from node.get("routes").items()


def _route(node: Node, above: Levels, ours: Sequence[HttpFilter]) -> Route:
    action = node.get("route")
    match = node.get("match")
    own = [h for h in match.get("headers").items() if _own(h.get("name").text())]
    chosen_by = action.get("cluster_header").text()
    idle = action.get("idle_timeout")
    duration = action.at("max_stream_duration", "max_stream_duration")
    retry = next(
        (n.get("retry_policy") for n in (action, *above) if n.has("retry_policy")),
        action.get("retry_policy"),
    )
    buffer = next(
        (
            n.get("request_body_buffer_limit")
            for n in (node, *above)
            if n.has("request_body_buffer_limit")
        ),
        node.get("request_body_buffer_limit"),
    )
    cap = next(
        (
            n.get("per_request_buffer_limit_bytes")
            for n in (node, *above)
            if n.has("per_request_buffer_limit_bytes")
        ),
        node.get("per_request_buffer_limit_bytes"),
    )
    return Route(
        name=node.get("name").text(),
        place=node.place,
        match=match,
        targets=tuple(_targets(action, (node, *above), ours)),
        mirrors=tuple(_mirrors(action, above)),
        pool=next((_exact(h) for h in own if h.get("name").text().lower() == POOL_HEADER), ""),
        own_headers=tuple(
            {h.get("name").text().lower(): None for h in own}
            | ({chosen_by.lower(): None} if _own(chosen_by) else {})
        ),
        answers=int(node.at("direct_response", "status").number()),
        redirects=node.has("redirect"),
        timeout=_timeout(action),
        timeout_place=action.get("timeout").place,
        idle_timeout=idle.seconds(),
        idle_place=idle.place,
        max_duration=duration.seconds(),
        duration_place=duration.place,
        per_try_timeout=retry.get("per_try_timeout").seconds(0) or 0,
        retry=retry,
        internal_redirect=_internal_redirect(action),
        buffer=buffer.number() if buffer.present else None,
        buffer_cap=cap.number() if cap.present else None,
        buffer_place=buffer.place if buffer.present else cap.place,
    )


def _own(header: str) -> bool:
    return header.lower().startswith(OWN_PREFIX)


def _timeout(action: Node) -> float:
    found = action.get("timeout").seconds()
    return _TIMEOUT_S if found is None else found


def _internal_redirect(action: Node) -> Node:
    if action.has("internal_redirect_policy"):
        return action.get("internal_redirect_policy")
    old = action.get("internal_redirect_action")
    wanted = old.enum(("PASS_THROUGH_INTERNAL_REDIRECT", "HANDLE_INTERNAL_REDIRECT"))
    if wanted == "HANDLE_INTERNAL_REDIRECT":
        return old
    return Node(None, action.place, present=False)


def _exact(header: Node) -> str:
    if header.get("invert_match").flag():
        return ""
    return header.at("string_match", "exact").text() or header.get("exact_match").text()


def _targets(action: Node, levels: Levels, ours: Sequence[HttpFilter]) -> Iterator[Target]:
    for one in action.at("weighted_clusters", "clusters").items():
        weight = one.get("weight")
        if weight.present and weight.number() == 0:
            continue
        name = one.get("name").text() or "{" + one.get("cluster_header").text() + "}"
        yield Target(name, one.place, inspections((one, *levels), ours, one))
    if action.has("cluster"):
        named = action.get("cluster")
        yield Target(named.text(), named.place, inspections(levels, ours, action))
    for how in ("cluster_header", "cluster_specifier_plugin", "inline_cluster_specifier_plugin"):
        if action.has(how):
            named = action.get(how)
            text = "{" + (named.text() or how) + "}"
            yield Target(text, named.place, inspections(levels, ours, action))


def _mirrors(action: Node, above: Levels) -> Iterator[tuple[str, Place]]:
    policies = [*action.get("request_mirror_policies").items(), action.get("request_mirror_policy")]
    if not any(policy.present for policy in policies):
        for level in above:
            if policies := list(level.get("request_mirror_policies").items()):
                break
    for policy in policies:
        if policy.present and not _off(policy.get("runtime_fraction")):
            name = policy.get("cluster").text() or "{" + policy.get("cluster_header").text() + "}"
            yield name, policy.place


def _off(fraction: Node) -> bool:
    share = fraction.get("default_value")
    return share.present and share.get("numerator").number() == 0


def inspections(
    levels: Levels, ours: Sequence[HttpFilter], otherwise: Node
) -> tuple[Inspection, ...]:
    """What each of our filters does there."""
    if not ours:
        return (Inspection(State.ABSENT, otherwise.place),)
    return tuple(_inspection(one, levels) for one in ours)


def _inspection(one: HttpFilter, levels: Levels) -> Inspection:
    """Most specific first: the first entry switches on or off, all that follow may override."""
    entries = [entry for level in levels if (entry := _entry(level, one.name)) is not None]
    state, place = (State.DISABLED if one.disabled else State.INSPECTED), one.place
    if one.disabled:
        place = one.config.place if not one.place.line else one.place
    overrides: list[Node] = []
    for index, entry in enumerate(entries):
        config = entry
        if entry.type_name() == "FilterConfig":
            config = entry.get("config").unpacked()
            off = entry.get("disabled").flag()
        else:
            config, off = entry.unpacked(), False
        off = off or config.get("disabled").flag()
        if index == 0:
            state, place = (State.DISABLED if off else State.INSPECTED), entry.place
        if not off and config.has("overrides"):
            overrides.append(config.get("overrides"))
    if state is State.INSPECTED and one.guarded:
        state, place = State.PARTIAL, one.place
    return Inspection(state, place, resolve(one.config, overrides))


def _entry(level: Node, name: str) -> Node | None:
    for key in _LEVELS:
        found = level.get(key).members().get(name)
        if found is not None and found.value is not None:
            return found
    return None

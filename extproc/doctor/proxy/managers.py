"""An HTTP connection manager: its filters, its routes, its clocks, its logs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from extproc.doctor.model import (
    OWN_PREFIX,
    AccessLog,
    Direction,
    HttpFilter,
    HttpManager,
    Upgrade,
)
from extproc.doctor.node import Node
from extproc.doctor.proxy.routes import route_table

_STREAM_IDLE_S = 300.0
_LUA_REMOVE = re.compile(r""":remove\(\s*["']([\w-]+)["']""")


def manager(
    node: Node,
    direction: Direction,
    filters: Sequence[HttpFilter],
    upgrades: Sequence[Upgrade],
    tables: Mapping[str, Node],
) -> HttpManager:
    """`tables` are all that were delivered, by name."""
    ours = [each for each in filters if each.ours]
    found, unresolved = _tables(node, tables)
    idle = node.get("stream_idle_timeout")
    duration = node.at("common_http_protocol_options", "max_stream_duration")
    seconds = idle.seconds()
    return HttpManager(
        place=node.place,
        node=node,
        direction=direction,
        filters=tuple(filters),
        upgrades=tuple(upgrades),
        tables=tuple(route_table(table, ours) for table in found),
        unresolved=unresolved,
        stream_idle_timeout=_STREAM_IDLE_S if seconds is None else seconds,
        idle_place=idle.place,
        max_stream_duration=duration.seconds(0) or 0,
        duration_place=duration.place,
        removed=tuple(_removed(node, filters)),
        logs=tuple(_logs(node)),
    )


def _tables(node: Node, tables: Mapping[str, Node]) -> tuple[list[Node], str]:
    if node.has("route_config"):
        return [node.get("route_config")], ""
    names = [node.at("rds", "route_config_name").text()]
    scoped = node.get("scoped_routes")
    if scoped.present:
        scopes = scoped.at("scoped_route_configurations_list", "scoped_route_configurations")
        names = [each.get("route_configuration_name").text() for each in scopes.items()]
        if not names:
            return [], "its scoped routes are not in the input"
    missing = [name for name in names if name not in tables]
    why = f"its routes ({', '.join(missing)}) are not in the input" if missing else ""
    return [tables[name] for name in names if name in tables], why


def _removed(node: Node, filters: Sequence[HttpFilter]) -> Iterator[str]:
    """Headers that cannot reach our filter or the choice of a route."""
    for extension in node.get("early_header_mutation_extensions").items():
        yield from _mutations(extension.get("typed_config").unpacked().get("mutations"))
    for each in filters:
        if each.ours:
            return
        if each.disabled or each.guarded:
            continue
        if each.kind == "HeaderMutation":
            yield from _mutations(each.config.at("mutations", "request_mutations"))
        elif each.kind == "Lua":
            yield from _lua(each.config)


def _mutations(mutations: Node) -> Iterator[str]:
    for mutation in mutations.items():
        if name := mutation.get("remove").text():
            yield name.lower()
        matcher = mutation.at("remove_on_match", "key_matcher")
        if exact := matcher.get("exact").text():
            yield exact.lower()
        if matcher.has("prefix"):
            yield matcher.get("prefix").text().lower() + "*"


def _lua(config: Node) -> Iterator[str]:
    """Headers named in a call of `remove`, or ours as a prefix in a script that removes."""
    code = config.at("default_source_code", "inline_string").text()
    code = code or config.get("inline_code").text()
    for match in _LUA_REMOVE.finditer(code):
        yield match[1].lower()
    if ":remove(" in code and re.search(r"""["']\^?x%?-ai%?-["']""", code, re.IGNORECASE):
        yield f"{OWN_PREFIX}*"


def _logs(node: Node) -> Iterator[AccessLog]:
    for log in node.get("access_log").items():
        config = log.get("typed_config")
        if config.type_name() == "HttpGrpcAccessLogConfig":
            service = config.unpacked().at("common_config", "grpc_service")
            yield AccessLog(
                cluster=service.at("envoy_grpc", "cluster_name").text()
                or service.at("google_grpc", "target_uri").text(),
                place=log.place,
                condition=" ".join(n.text() for n in log.get("filter").walk()),
            )

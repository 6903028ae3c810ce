"""The HTTP filters of a connection manager, unwrapped, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from extproc.doctor.model import NAMESPACE, HttpFilter
from extproc.doctor.node import Node

EXT_PROC = "ExternalProcessor"
ROUTER = "Router"
_KINDS = {
    # Where a chain names a filter without configuration, as manifests may.
    "envoy.filters.http.ext_proc": EXT_PROC,
    "envoy.filters.http.router": ROUTER,
    "envoy.filters.http.jwt_authn": "JwtAuthentication",
    "envoy.filters.http.ext_authz": "ExtAuthz",
    "envoy.filters.http.rbac": "RBAC",
    "envoy.filters.http.oauth2": "OAuth2",
    "envoy.filters.http.basic_auth": "BasicAuth",
    "envoy.filters.http.api_key_auth": "ApiKeyAuth",
    "envoy.filters.http.json_to_metadata": "JsonToMetadata",
    "envoy.filters.http.sse_to_metadata": "SseToMetadata",
    "istio_authn": "FilterConfig",
}


def http_filters(nodes: Iterable[Node], delivered: Mapping[str, Node]) -> list[HttpFilter]:
    """`delivered` are configurations that arrive by themselves, by filter name."""
    return [_filter(node, delivered) for node in nodes]


def _filter(node: Node, delivered: Mapping[str, Node]) -> HttpFilter:
    name = node.get("name").text()
    config = node.get("typed_config")
    if not config.present:
        discovery = node.get("config_discovery")
        config = delivered.get(name) or discovery.get("default_config")
    guarded = False
    while config.type_name() == "ExtensionWithMatcher":
        guarded = True
        config = config.get("extension_config").get("typed_config")
    kind = config.type_name() if config.present else ""
    return HttpFilter(
        name=name,
        kind=kind or _KINDS.get(name, ""),
        place=node.place,
        config=config.unpacked() if config.present else Node({}, node.place),
        disabled=node.get("disabled").flag(),
        optional=node.get("is_optional").flag(),
        guarded=guarded,
    )


def mark_ours(chains: list[list[HttpFilter]]) -> list[list[HttpFilter]]:
    """Sets `ours`. Of several ext_proc filters those that name us; if none does, all of them."""
    every = [each for chain in chains for each in chain if each.kind == EXT_PROC]
    named = {id(each) for each in every if _names_us(each)} or {id(each) for each in every}
    return [
        [replace(each, ours=True) if id(each) in named else each for each in chain]
        for chain in chains
    ]


def _names_us(one: HttpFilter) -> bool:
    service = one.config.get("grpc_service")
    where = (
        service.at("envoy_grpc", "cluster_name").text(),
        service.at("google_grpc", "target_uri").text(),
        one.config.get("stat_prefix").text(),
        one.name,
    )
    receiving = one.config.at("metadata_options", "receiving_namespaces", "untyped").texts()
    return NAMESPACE in receiving or any("extproc" in text.lower() for text in where)

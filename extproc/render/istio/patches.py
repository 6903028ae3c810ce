"""The EnvoyFilter: what is laid over the configuration that Istio gives a proxy.

The filters are present but disabled, and enabled on whole virtual hosts: other
traffic pays nothing, and no spelling of a path gets around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import betterproto2
from envoy_data_plane.envoy.config.accesslog.v3 import AccessLog, AccessLogFilter, MetadataFilter
from envoy_data_plane.envoy.config.cluster.v3 import Cluster
from envoy_data_plane.envoy.config.common.mutation_rules.v3 import HeaderMutation
from envoy_data_plane.envoy.config.core.v3 import (
    ApiVersion,
    DataSource,
    GrpcService,
    GrpcServiceEnvoyGrpc,
    HealthCheck,
    HealthCheckGrpcHealthCheck,
    SubstitutionFormatString,
    TypedExtensionConfig,
)
from envoy_data_plane.envoy.config.listener.v3 import Filter, Listener
from envoy_data_plane.envoy.config.route.v3 import FilterConfig, VirtualHost
from envoy_data_plane.envoy.extensions.access_loggers.grpc.v3 import (
    CommonGrpcAccessLogConfig,
    HttpGrpcAccessLogConfig,
)
from envoy_data_plane.envoy.extensions.filters.common.set_filter_state.v3 import FilterStateValue
from envoy_data_plane.envoy.extensions.filters.http.ext_proc.v3 import (
    ExternalProcessor,
    ExtProcOverrides,
    ExtProcPerRoute,
)
from envoy_data_plane.envoy.extensions.filters.http.set_filter_state.v3 import (
    Config as SetFilterState,
)
from envoy_data_plane.envoy.extensions.filters.http.set_metadata.v3 import (
    Config as SetMetadata,
)
from envoy_data_plane.envoy.extensions.filters.http.set_metadata.v3 import Metadata
from envoy_data_plane.envoy.extensions.filters.network.http_connection_manager.v3 import (
    HttpConnectionManager,
    HttpFilter,
)
from envoy_data_plane.envoy.extensions.http.early_header_mutation.header_mutation.v3 import (
    HeaderMutation as EarlyHeaderMutation,
)
from envoy_data_plane.envoy.type.matcher.v3 import (
    MetadataMatcher,
    MetadataMatcherPathSegment,
    ValueMatcher,
)
from envoy_data_plane.google import protobuf
from envoy_data_plane.google.protobuf import Struct

from extproc.render.clusters import HTTP_OPTIONS, pool_options, service_cluster
from extproc.render.filters import (
    NAMESPACE,
    REQUEST_ATTRIBUTES,
    external_processor,
    json_usage,
    sse_usage,
)
from extproc.render.istio.mesh import AI_PORT, GRPC_PORT, Attach, Mesh
from extproc.render.listener import LOG_FLUSH
from extproc.render.local_replies import inspection_replies
from extproc.render.routes import ANSWER_HEADERS
from extproc.render.typed import as_json, overwrite, packed
from extproc.render.upstreams import Service, Upstream
from extproc.routing.names import pool_host

CONNECTION_MANAGER = "envoy.filters.network.http_connection_manager"
ROUTER = "envoy.filters.http.router"
EXT_PROC = "envoy.filters.http.ext_proc"
MARKING = "envoy.filters.http.set_metadata.extproc"
IDENTITY = "envoy.filters.http.set_filter_state.extproc"
JSON_USAGE = "envoy.filters.http.json_to_metadata"
SSE_USAGE = "envoy.filters.http.sse_to_metadata"

MARK = "extproc.governed"
"""Dynamic metadata that only requests on our virtual hosts have."""
_MARKED = "governed"

WORKLOAD_STATE = "extproc.workload"
WORKLOAD_ATTRIBUTE = f"filter_state['{WORKLOAD_STATE}']"
"""Request attribute with the sidecar's own SPIFFE id, for identities of type `workload`."""

COUNTING_PROXIES = r"^1\.(3[2-9]|[4-9][0-9]).*"
"""Istio proxies with the filters that count tokens in streams, on the Envoy they are tested with.
Older ones leave the count to the service (`usage: exact`) or to an estimate."""

INJECTING_PROXIES = r"^1\.(2[7-9]|[3-9][0-9]).*"
"""Istio proxies that add a pool's credential; providers answer 401 to older ones."""

OWN_REQUEST_HEADERS = ("x-ai-pool", "x-ai-sensitivity")
"""Only the service says these. A policy may trust others, such as `x-ai-tenant`, from sidecars."""
EDGE_HEADERS = (*OWN_REQUEST_HEADERS, *(h for h in ANSWER_HEADERS if h not in OWN_REQUEST_HEADERS))


def envoy_filter(mesh: Mesh) -> dict[str, Any]:
    """The whole document."""
    return {
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "metadata": {"name": "extproc"},
        "spec": {
            "workloadSelector": {"labels": mesh.selector},
            "configPatches": list(_patches(mesh)),
        },
    }


def _patches(mesh: Mesh) -> Iterator[dict[str, Any]]:
    yield _service(mesh)
    for pool in mesh.upstreams:  # in statistics, pools go by their names in the registry
        where = {"cluster": {"service": pool_host(pool.name), "portNumber": AI_PORT}}
        yield _patch(mesh, "CLUSTER", where, "MERGE", Cluster(alt_stat_name=pool.name))
        if pool.credential is not None:
            yield _patch(
                mesh, "CLUSTER", where, "MERGE", _authorized(pool), proxies=INJECTING_PROXIES
            )
    yield _patch(mesh, "LISTENER", _on_listener(mesh), "MERGE", _listener(mesh))
    yield _patch(mesh, "NETWORK_FILTER", _on_manager(mesh), "MERGE", _manager(mesh))
    # Each is put right before the router, so they stand in this order, and after
    # whatever authenticates.
    yield _http_filter(mesh, MARKING, _mark())
    if not mesh.gated:
        yield _http_filter(mesh, IDENTITY, _own_identity(mesh))
    yield _http_filter(mesh, EXT_PROC, _processor(mesh))
    yield _http_filter(mesh, JSON_USAGE, json_usage(), COUNTING_PROXIES)
    yield _http_filter(mesh, SSE_USAGE, sse_usage(), COUNTING_PROXIES)
    for name in mesh.virtual_hosts:
        where = {"routeConfiguration": {"vhost": {"name": name}}}
        yield _patch(mesh, "VIRTUAL_HOST", where, "MERGE", _governed(mesh))
        yield _patch(mesh, "VIRTUAL_HOST", where, "MERGE", _counted(), proxies=COUNTING_PROXIES)


def _patch(
    mesh: Mesh,
    apply_to: str,
    where: Mapping[str, Any],
    operation: str,
    value: betterproto2.Message,
    *,
    proxies: str | None = None,
) -> dict[str, Any]:
    match = {"context": mesh.context, **where}
    if proxies is not None:
        match["proxy"] = {"proxyVersion": proxies}
    return {
        "applyTo": apply_to,
        "match": match,
        "patch": {"operation": operation, "value": _plain(as_json(value))},
    }


def _plain(node: Any) -> Any:
    """An empty `Any` is written ``{}``: Istio's reader refuses an empty ``@type``."""
    if isinstance(node, dict):
        return {} if node == {"@type": ""} else {key: _plain(each) for key, each in node.items()}
    return [_plain(each) for each in node] if isinstance(node, list) else node


# Where


def _on_listener(mesh: Mesh) -> dict[str, Any]:
    return {"listener": {"portNumber": mesh.port}}


def _on_manager(mesh: Mesh, http_filter: str | None = None) -> dict[str, Any]:
    chosen: dict[str, Any] = {"name": CONNECTION_MANAGER}
    if http_filter is not None:
        chosen["subFilter"] = {"name": http_filter}
    return {"listener": {"portNumber": mesh.port, "filterChain": {"filter": chosen}}}


def _http_filter(
    mesh: Mesh, name: str, config: betterproto2.Message, proxies: str | None = None
) -> dict[str, Any]:
    value = HttpFilter(name=name, typed_config=packed(config), disabled=True)
    where = _on_manager(mesh, ROUTER)
    return _patch(mesh, "HTTP_FILTER", where, "INSERT_BEFORE", value, proxies=proxies)


# What


def _service(mesh: Mesh) -> dict[str, Any]:
    """The cluster: a new one beside the proxy, or checks for Istio's own of the Deployment."""
    checks = [_health_check(mesh.service_host if mesh.attach is Attach.SERVICE else "extproc")]
    if mesh.attach is Attach.SERVICE:
        where = {"cluster": {"service": mesh.service_host, "portNumber": GRPC_PORT}}
        return _patch(mesh, "CLUSTER", where, "MERGE", Cluster(health_checks=checks))
    cluster = service_cluster(Service.parse(mesh.listen))
    cluster.health_checks = checks
    return _patch(mesh, "CLUSTER", {}, "ADD", cluster)


def _authorized(pool: Upstream) -> Cluster:
    """The whole entry: a map's entries are replaced, never merged into."""
    return Cluster(typed_extension_protocol_options={HTTP_OPTIONS: packed(pool_options(pool))})


def _health_check(authority: str) -> HealthCheck:
    """A service that comes back is used again within a second or two, traffic or none."""
    return HealthCheck(
        timeout=timedelta(seconds=1),
        interval=timedelta(seconds=2),
        no_traffic_interval=timedelta(seconds=2),
        unhealthy_threshold=3,
        healthy_threshold=1,
        grpc_health_check=HealthCheckGrpcHealthCheck(authority=authority),
    )


def _listener(mesh: Mesh) -> Listener:
    """A limit, not a cost: memory is taken only for bodies that some filter buffers."""
    return Listener(per_connection_buffer_limit_bytes=mesh.buffer_bytes)


def _manager(mesh: Mesh) -> Filter:
    dropped = EDGE_HEADERS if mesh.gated else OWN_REQUEST_HEADERS
    manager = HttpConnectionManager(
        # Before routes are chosen: nobody but the service may choose a pool.
        early_header_mutation_extensions=[
            TypedExtensionConfig(
                name="envoy.http.early_header_mutation.header_mutation",
                typed_config=packed(
                    EarlyHeaderMutation(mutations=[HeaderMutation(remove=h) for h in dropped])
                ),
            )
        ],
        local_reply_config=inspection_replies(),
        access_log=[_access_log(mesh)],
    )
    return Filter(name=CONNECTION_MANAGER, typed_config=packed(manager))


def _access_log(mesh: Mesh) -> AccessLog:
    """Every end of an exchange on our virtual hosts, decided or not; of no other.

    By a mark rather than an expression over the host's name: that would be evaluated for every
    request of the listener, and is all that attaching would cost the others.
    """
    marked = MetadataMatcher(
        filter=MARK,
        path=[MetadataMatcherPathSegment(key=_MARKED)],
        value=ValueMatcher(bool_match=True),
    )
    return AccessLog(
        name="envoy.access_loggers.http_grpc",
        filter=AccessLogFilter(
            metadata_filter=MetadataFilter(matcher=marked, match_if_key_not_found=False)
        ),
        typed_config=packed(
            HttpGrpcAccessLogConfig(
                common_config=CommonGrpcAccessLogConfig(
                    log_name="extproc",
                    grpc_service=_grpc(mesh),
                    transport_api_version=ApiVersion.V3,
                    buffer_flush_interval=LOG_FLUSH,
                )
            )
        ),
    )


def _mark() -> SetMetadata:
    """Says of a request that it is ours to hear of, whatever becomes of it further on."""
    value: Struct = Struct.from_dict({_MARKED: True})
    return SetMetadata(metadata=[Metadata(metadata_namespace=MARK, value=value)])


def _processor(mesh: Mesh) -> ExternalProcessor:
    processor = external_processor()
    processor.grpc_service = _grpc(mesh)
    if not mesh.gated:
        processor.request_attributes = [*REQUEST_ATTRIBUTES, WORKLOAD_ATTRIBUTE]
    return processor


def _grpc(mesh: Mesh) -> GrpcService:
    """The name of Istio's cluster holds a bar, which no `:authority` may: the peer would hang up."""
    authority = mesh.service_host if mesh.attach is Attach.SERVICE else ""
    return GrpcService(
        envoy_grpc=GrpcServiceEnvoyGrpc(cluster_name=mesh.cluster, authority=authority)
    )


def _own_identity(mesh: Mesh) -> SetFilterState:
    """Outbound there is no peer certificate: the sidecar says whose it is, from its own pod."""
    spiffe = f"spiffe://{mesh.trust_domain}/ns/%ENVIRONMENT(POD_NAMESPACE)%/sa/%ENVIRONMENT(SERVICE_ACCOUNT)%"
    return SetFilterState(
        on_request_headers=[
            FilterStateValue(
                object_key=WORKLOAD_STATE,
                factory_key="envoy.string",
                format_string=SubstitutionFormatString(
                    text_format_source=DataSource(inline_string=spiffe)
                ),
            )
        ]
    )


def _governed(mesh: Mesh) -> VirtualHost:
    """Enables the filters, and puts what was decided on every answer, Envoy's own included."""
    enabled = {
        MARKING: _enabled(),
        EXT_PROC: packed(ExtProcPerRoute(overrides=ExtProcOverrides())),
    }
    if not mesh.gated:
        enabled[IDENTITY] = _enabled()
    return VirtualHost(
        typed_per_filter_config=enabled,
        response_headers_to_remove=[*ANSWER_HEADERS, "x-ai-billed"],
        response_headers_to_add=[
            overwrite(name, f"%DYNAMIC_METADATA({NAMESPACE}:{key})%")
            for name, key in ANSWER_HEADERS.items()
        ],
    )


def _counted() -> VirtualHost:
    return VirtualHost(typed_per_filter_config={JSON_USAGE: _enabled(), SSE_USAGE: _enabled()})


def _enabled() -> protobuf.Any:
    """With its own settings: a disabled filter is enabled by an empty configuration."""
    return packed(FilterConfig(config=protobuf.Any()))

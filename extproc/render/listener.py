"""The listener: paths made unambiguous, client headers that are ours dropped, every end logged."""

from __future__ import annotations

from datetime import timedelta

from envoy_data_plane.envoy.config.accesslog.v3 import AccessLog
from envoy_data_plane.envoy.config.common.mutation_rules.v3 import HeaderMutation
from envoy_data_plane.envoy.config.core.v3 import (
    ApiVersion,
    CidrRange,
    ConfigSource,
    Http1ProtocolOptions,
    Http2ProtocolOptions,
    HttpProtocolOptions,
    HttpProtocolOptionsHeadersWithUnderscoresAction,
    PathConfigSource,
    TypedExtensionConfig,
    WatchedDirectory,
)
from envoy_data_plane.envoy.config.listener.v3 import Filter, FilterChain, Listener
from envoy_data_plane.envoy.config.route.v3 import RouteConfiguration
from envoy_data_plane.envoy.extensions.access_loggers.grpc.v3 import (
    CommonGrpcAccessLogConfig,
    HttpGrpcAccessLogConfig,
)
from envoy_data_plane.envoy.extensions.filters.network.http_connection_manager.v3 import (
    HttpConnectionManager,
    HttpConnectionManagerInternalAddressConfig,
    HttpConnectionManagerPathWithEscapedSlashesAction,
    HttpConnectionManagerUpgradeConfig,
    Rds,
)
from envoy_data_plane.envoy.extensions.http.early_header_mutation.header_mutation.v3 import (
    HeaderMutation as EarlyHeaderMutation,
)
from envoy_data_plane.envoy.type.matcher.v3 import StringMatcher

from extproc.render.filters import grpc_service, http_filters
from extproc.render.local_replies import local_replies
from extproc.render.routes import POOL_HEADER, ROUTES
from extproc.render.typed import address, packed
from extproc.render.upstreams import Endpoint

BUFFER_BYTES = 16 * 1024 * 1024
"""Above the default body limit of 10 MiB, so that our own 413 decides."""
LOG_FLUSH = timedelta(milliseconds=100)
"""Audit records are complete within a second of an exchange's end."""

Routes = RouteConfiguration | str
"""Inline, or the path of a file that Envoy watches."""


def listener(where: Endpoint, routes: Routes, *, buffer_bytes: int = BUFFER_BYTES) -> Listener:
    """One plain-text HTTP/1.1 and HTTP/2 listener."""
    return Listener(
        name=ROUTES,
        address=address(where),
        per_connection_buffer_limit_bytes=buffer_bytes,
        filter_chains=[
            FilterChain(
                filters=[
                    Filter(
                        name="envoy.filters.network.http_connection_manager",
                        typed_config=packed(connection_manager(routes)),
                    )
                ]
            )
        ],
    )


def connection_manager(routes: Routes) -> HttpConnectionManager:
    """Everything is treated as untrusted: no client is internal, no client header is kept as ours."""
    return HttpConnectionManager(
        stat_prefix=ROUTES,
        route_config=routes if isinstance(routes, RouteConfiguration) else None,
        rds=Rds(route_config_name=ROUTES, config_source=watched(routes))
        if isinstance(routes, str)
        else None,
        http_filters=http_filters(),
        use_remote_address=True,
        # No address is internal, loopback included: an empty list would mean the defaults.
        internal_address_config=HttpConnectionManagerInternalAddressConfig(
            cidr_ranges=[CidrRange(address_prefix="255.255.255.255", prefix_len=32)]
        ),
        early_header_mutation_extensions=[_drop_own_headers()],
        normalize_path=True,
        merge_slashes=True,
        path_with_escaped_slashes_action=(
            HttpConnectionManagerPathWithEscapedSlashesAction.UNESCAPE_AND_FORWARD
        ),
        strip_any_host_port=True,
        common_http_protocol_options=HttpProtocolOptions(
            idle_timeout=timedelta(hours=1),
            headers_with_underscores_action=(
                HttpProtocolOptionsHeadersWithUnderscoresAction.DROP_HEADER
            ),
        ),
        http_protocol_options=Http1ProtocolOptions(
            # Governed like any other request, rather than cut off without an answer.
            allow_custom_methods=True,
            # Clients that offer HTTP/2 in clear mean the plain request that it also is.
            ignore_http_11_upgrade=[StringMatcher(exact="h2c", ignore_case=True)],
        ),
        # Not to be served, but to be seen: the service refuses it as an unknown endpoint at the
        # headers. Envoy itself refuses every other upgrade with a bare 403.
        upgrade_configs=[HttpConnectionManagerUpgradeConfig(upgrade_type="websocket")],
        http2_protocol_options=Http2ProtocolOptions(
            max_concurrent_streams=1024,
            initial_stream_window_size=1024 * 1024,
            initial_connection_window_size=16 * 1024 * 1024,
        ),
        request_headers_timeout=timedelta(seconds=30),
        request_timeout=timedelta(minutes=2),
        stream_idle_timeout=timedelta(minutes=5),
        local_reply_config=local_replies(),
        access_log=[access_log()],
    )


def access_log() -> AccessLog:
    """One record an exchange to our service, with no header of the client in it."""
    return AccessLog(
        name="envoy.access_loggers.http_grpc",
        typed_config=packed(
            HttpGrpcAccessLogConfig(
                common_config=CommonGrpcAccessLogConfig(
                    log_name="extproc",
                    grpc_service=grpc_service(),
                    transport_api_version=ApiVersion.V3,
                    buffer_flush_interval=LOG_FLUSH,
                )
            )
        ),
    )


def watched(path: str) -> ConfigSource:
    """A file in the xDS response format, read again when it is replaced."""
    directory = path.rpartition("/")[0]
    return ConfigSource(
        path_config_source=PathConfigSource(
            path=path, watched_directory=WatchedDirectory(path=directory)
        ),
        resource_api_version=ApiVersion.V3,
    )


def _drop_own_headers() -> TypedExtensionConfig:
    """Before any filter: only the service may choose a pool."""
    return TypedExtensionConfig(
        name="envoy.http.early_header_mutation.header_mutation",
        typed_config=packed(EarlyHeaderMutation(mutations=[HeaderMutation(remove=POOL_HEADER)])),
    )

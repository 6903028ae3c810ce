"""Clusters: the model pools, and our own gRPC service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from envoy_data_plane.envoy.config.cluster.v3 import (
    CircuitBreakers,
    CircuitBreakersThresholds,
    CircuitBreakersThresholdsRetryBudget,
    Cluster,
    ClusterDiscoveryType,
    ClusterDnsLookupFamily,
    ClusterLbPolicy,
    OutlierDetection,
)
from envoy_data_plane.envoy.config.core.v3 import (
    DataSource,
    Http1ProtocolOptions,
    Http2ProtocolOptions,
    TransportSocket,
)
from envoy_data_plane.envoy.config.endpoint.v3 import (
    ClusterLoadAssignment,
    LbEndpoint,
    LocalityLbEndpoints,
)
from envoy_data_plane.envoy.config.endpoint.v3 import Endpoint as EndpointProto
from envoy_data_plane.envoy.extensions.transport_sockets.tls.v3 import (
    CertificateValidationContext,
    CommonTlsContext,
    UpstreamTlsContext,
)
from envoy_data_plane.envoy.extensions.upstreams.http.v3 import (
    HttpProtocolOptions,
    HttpProtocolOptionsAutoHttpConfig,
    HttpProtocolOptionsExplicitHttpConfig,
)
from envoy_data_plane.envoy.type.v3 import Percent
from envoy_data_plane.google import protobuf

from extproc.render.credentials import upstream_filters
from extproc.render.filters import SERVICE_CLUSTER
from extproc.render.typed import address, packed
from extproc.render.upstreams import Endpoint, Service, Upstream

STREAMS = 200_000
"""Requests in flight. Answers take minutes and a burst comes in one instant: Envoy's
default of 1,024 would refuse what the service is there to shed with a reason."""

HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def service_cluster(service: Service) -> Cluster:
    """Our gRPC services over HTTP/2."""
    return Cluster(
        name=SERVICE_CLUSTER,
        type=ClusterDiscoveryType.STATIC
        if isinstance(service.address, str) or service.address.is_ip
        else ClusterDiscoveryType.STRICT_DNS,
        connect_timeout=timedelta(seconds=2),
        load_assignment=_assignment(SERVICE_CLUSTER, [service.address]),
        circuit_breakers=_limits(),
        typed_extension_protocol_options={HTTP_OPTIONS: _http2()},
    )


def pool_cluster(upstream: Upstream) -> Cluster:
    """A model pool. Ejects endpoints that fail as gateways, never all of them.

    Raises `ValueError` for the name of our own cluster.
    """
    if upstream.name == SERVICE_CLUSTER:
        raise ValueError(f"a pool cannot be called {SERVICE_CLUSTER}: that is our own cluster")
    static = all(endpoint.is_ip for endpoint in upstream.endpoints)
    return Cluster(
        name=upstream.name,
        type=ClusterDiscoveryType.STATIC if static else ClusterDiscoveryType.STRICT_DNS,
        dns_lookup_family=ClusterDnsLookupFamily.AUTO if static else ClusterDnsLookupFamily.ALL,
        lb_policy=ClusterLbPolicy.LEAST_REQUEST,
        connect_timeout=timedelta(seconds=5),
        load_assignment=_assignment(upstream.name, upstream.endpoints),
        circuit_breakers=_limits(),
        outlier_detection=_outliers(),
        transport_socket=_tls(upstream.ca_file) if upstream.tls else None,
        typed_extension_protocol_options={HTTP_OPTIONS: packed(pool_options(upstream))},
    )


def _assignment(name: str, endpoints: Iterable[Endpoint | str]) -> ClusterLoadAssignment:
    return ClusterLoadAssignment(
        cluster_name=name,
        endpoints=[
            LocalityLbEndpoints(
                lb_endpoints=[
                    LbEndpoint(
                        endpoint=EndpointProto(
                            address=address(where),
                            hostname="" if isinstance(where, str) else where.host,
                        )
                    )
                    for where in endpoints
                ]
            )
        ],
    )


def _limits() -> CircuitBreakers:
    return CircuitBreakers(
        thresholds=[
            CircuitBreakersThresholds(
                max_connections=STREAMS,
                max_pending_requests=STREAMS,
                max_requests=STREAMS,
                retry_budget=CircuitBreakersThresholdsRetryBudget(
                    budget_percent=Percent(value=20.0), min_retry_concurrency=3
                ),
            )
        ]
    )


def _outliers() -> OutlierDetection:
    """Only gateway errors count: a prompt that makes a model answer 500 must not eject it."""
    return OutlierDetection(
        enforcing_consecutive_5xx=0,
        enforcing_success_rate=0,
        consecutive_gateway_failure=5,
        enforcing_consecutive_gateway_failure=100,
        split_external_local_origin_errors=True,
        consecutive_local_origin_failure=5,
        enforcing_local_origin_success_rate=0,
        interval=timedelta(seconds=5),
        base_ejection_time=timedelta(seconds=10),
        max_ejection_percent=50,
    )


def _tls(ca_file: str) -> TransportSocket:
    """Verified against the roots in `ca_file` and the endpoint's own name."""
    return TransportSocket(
        name="envoy.transport_sockets.tls",
        typed_config=packed(
            UpstreamTlsContext(
                auto_host_sni=True,
                auto_sni_san_validation=True,
                common_tls_context=CommonTlsContext(
                    validation_context=CertificateValidationContext(
                        trusted_ca=DataSource(filename=ca_file)
                    )
                ),
            )
        ),
    )


def pool_options(upstream: Upstream) -> HttpProtocolOptions:
    """HTTP/1.1 in clear, what TLS agrees on otherwise; HTTP/1.1 too where a credential is added."""
    options = HttpProtocolOptions()
    if upstream.tls and upstream.credential is None:
        options.auto_config = HttpProtocolOptionsAutoHttpConfig()
    else:
        options.explicit_http_config = HttpProtocolOptionsExplicitHttpConfig(
            http_protocol_options=Http1ProtocolOptions()
        )
    if upstream.credential is not None:
        options.http_filters = upstream_filters(upstream.credential)
    return options


def _http2() -> protobuf.Any:
    return packed(
        HttpProtocolOptions(
            explicit_http_config=HttpProtocolOptionsExplicitHttpConfig(
                http2_protocol_options=Http2ProtocolOptions(
                    max_concurrent_streams=STREAMS,
                    initial_stream_window_size=1024 * 1024,
                    initial_connection_window_size=16 * 1024 * 1024,
                )
            )
        )
    )

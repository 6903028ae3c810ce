"""The Envoy bootstrap: one listener, the pools, our service; whole, or fed from watched files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from envoy_data_plane.envoy.config.bootstrap.v3 import (
    Admin,
    Bootstrap,
    BootstrapDynamicResources,
    BootstrapStaticResources,
)
from envoy_data_plane.envoy.config.core.v3 import Node
from envoy_data_plane.envoy.config.overload.v3 import OverloadManager, ResourceMonitor
from envoy_data_plane.envoy.extensions.resource_monitors.downstream_connections.v3 import (
    DownstreamConnectionsConfig,
)
from envoy_data_plane.envoy.service.discovery.v3 import DiscoveryResponse

from extproc.render.clusters import STREAMS, pool_cluster, service_cluster
from extproc.render.credentials import distinct, secret
from extproc.render.listener import BUFFER_BYTES, Routes, listener, watched
from extproc.render.routes import route_configuration
from extproc.render.typed import address, as_json, packed
from extproc.render.upstreams import Endpoint, Service, Upstream


def static_bootstrap(
    upstreams: Sequence[Upstream],
    *,
    service: Service,
    listen: Endpoint,
    admin: Endpoint,
    buffer_bytes: int = BUFFER_BYTES,
) -> dict[str, Any]:
    """Everything in one document, in proto3 JSON."""
    bootstrap = _bootstrap(service, listen, admin, route_configuration(upstreams), buffer_bytes)
    assert bootstrap.static_resources is not None
    bootstrap.static_resources.clusters.extend(pool_cluster(each) for each in upstreams)
    bootstrap.static_resources.secrets.extend(secret(each) for each in distinct(upstreams))
    return as_json(bootstrap)


def watching_bootstrap(
    *,
    service: Service,
    listen: Endpoint,
    admin: Endpoint,
    clusters: str,
    routes: str,
    buffer_bytes: int = BUFFER_BYTES,
) -> dict[str, Any]:
    """Pools and routes come from two files, which Envoy reads again when they are replaced."""
    bootstrap = _bootstrap(service, listen, admin, routes, buffer_bytes)
    bootstrap.dynamic_resources = BootstrapDynamicResources(cds_config=watched(clusters))
    return as_json(bootstrap)


def cluster_file(upstreams: Sequence[Upstream], version: str) -> dict[str, Any]:
    """The content of `clusters`."""
    return as_json(
        DiscoveryResponse(
            version_info=version, resources=[packed(pool_cluster(each)) for each in upstreams]
        )
    )


def route_file(upstreams: Sequence[Upstream], version: str) -> dict[str, Any]:
    """The content of `routes`."""
    return as_json(
        DiscoveryResponse(version_info=version, resources=[packed(route_configuration(upstreams))])
    )


def _bootstrap(
    service: Service, listen: Endpoint, admin: Endpoint, routes: Routes, buffer_bytes: int
) -> Bootstrap:
    return Bootstrap(
        node=Node(id="extproc", cluster="extproc"),
        static_resources=BootstrapStaticResources(
            listeners=[listener(listen, routes, buffer_bytes=buffer_bytes)],
            clusters=[service_cluster(service)],
        ),
        admin=Admin(address=address(admin)),
        overload_manager=OverloadManager(
            resource_monitors=[
                ResourceMonitor(
                    name="envoy.resource_monitors.global_downstream_max_connections",
                    typed_config=packed(
                        DownstreamConnectionsConfig(max_active_downstream_connections=STREAMS)
                    ),
                )
            ]
        ),
    )

"""What Envoy says to a provider in the caller's place: a header from a secret, set on the way out.

The filter stands in the pool's cluster, behind every other, so a key is sent nowhere but to its
pool, and a request that was cached, refused or routed elsewhere never held it. Without its secret
a pool answers 401 and is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from envoy_data_plane.envoy.config.core.v3 import (
    ApiVersion,
    ConfigSource,
    DataSource,
    PathConfigSource,
    TypedExtensionConfig,
    WatchedDirectory,
)
from envoy_data_plane.envoy.extensions.filters.http.credential_injector.v3 import (
    CredentialInjector,
)
from envoy_data_plane.envoy.extensions.filters.http.upstream_codec.v3 import UpstreamCodec
from envoy_data_plane.envoy.extensions.filters.network.http_connection_manager.v3 import HttpFilter
from envoy_data_plane.envoy.extensions.http.injected_credentials.generic.v3 import Generic
from envoy_data_plane.envoy.extensions.transport_sockets.tls.v3 import (
    GenericSecret,
    SdsSecretConfig,
    Secret,
)
from envoy_data_plane.envoy.service.discovery.v3 import DiscoveryResponse

from extproc.render.typed import packed
from extproc.render.upstreams import Injected, Upstream

CLIENT_CREDENTIALS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")
"""A caller's own, which are for us: where the proxy has a credential they are not sent on."""


def upstream_filters(credential: Injected) -> list[HttpFilter]:
    """The HTTP filters of the pool's cluster."""
    injector = CredentialInjector(
        overwrite=True,
        allow_request_without_credential=False,
        credential=TypedExtensionConfig(
            name="envoy.http.injected_credentials.generic",
            typed_config=packed(
                Generic(
                    header=credential.header,
                    credential=SdsSecretConfig(
                        name=credential.secret, sds_config=_source(credential.discovery)
                    ),
                )
            ),
        ),
    )
    return [
        HttpFilter(
            name="envoy.filters.http.credential_injector",
            typed_config=packed(injector),
        ),
        HttpFilter(
            name="envoy.filters.http.upstream_codec",
            typed_config=packed(UpstreamCodec()),
        ),
    ]


def _source(discovery: str) -> ConfigSource | None:
    if not discovery:
        return None
    return ConfigSource(
        path_config_source=PathConfigSource(
            path=discovery,
            # Kubernetes swaps a link beside the file, and never the file.
            watched_directory=WatchedDirectory(path=str(Path(discovery).parent)),
        ),
        resource_api_version=ApiVersion.V3,
    )


def secret(credential: Injected) -> Secret:
    """Where the header's value is; there is nothing secret in it."""
    return Secret(
        name=credential.secret,
        generic_secret=GenericSecret(secret=DataSource(filename=credential.file)),
    )


def discovered(credential: Injected) -> DiscoveryResponse:
    """The content of its `discovery` file."""
    return DiscoveryResponse(version_info="1", resources=[packed(secret(credential))])


def distinct(upstreams: Iterable[Upstream]) -> list[Injected]:
    """Each secret once: several pools may share one. By its name."""
    found = {each.credential.secret: each.credential for each in upstreams if each.credential}
    return [found[name] for name in sorted(found)]

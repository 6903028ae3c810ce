"""Routes: the decision names a pool; a request without a decision goes nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta

from envoy_data_plane.envoy.config.core.v3 import DataSource
from envoy_data_plane.envoy.config.route.v3 import (
    DirectResponseAction,
    HeaderMatcher,
    RetryPolicy,
    RetryPolicyRetryBackOff,
    RetryPolicyRetryHostPredicate,
    Route,
    RouteAction,
    RouteConfiguration,
    RouteMatch,
    VirtualHost,
)
from envoy_data_plane.envoy.extensions.retry.host.previous_hosts.v3 import PreviousHostsPredicate
from envoy_data_plane.envoy.type.matcher.v3 import StringMatcher

from extproc.render.credentials import CLIENT_CREDENTIALS
from extproc.render.filters import NAMESPACE
from extproc.render.typed import overwrite, packed
from extproc.render.upstreams import Upstream

ROUTES = "ai"
POOL_HEADER = "x-ai-pool"
"""Set by the service, removed from clients at entry and from requests on their way out."""

ANSWER_HEADERS = {
    "x-ai-request-id": "request_id",
    "x-ai-policy": "policy",
    "x-ai-cache": "cache",
    "x-ai-model": "model",
    "x-ai-pool": "pool",
    "x-ai-variant": "variant",
}
"""Header on every answer: key in our dynamic metadata."""

NO_DECISION = {
    "error": {
        "message": "the request was not inspected, so it was not forwarded",
        "type": "server_error",
        "param": None,
        "code": "inspection_unavailable",
    }
}


def route_configuration(upstreams: Iterable[Upstream]) -> RouteConfiguration:
    """One route a pool, chosen by our header, and 503 for what carries no decision."""
    return RouteConfiguration(
        name=ROUTES,
        virtual_hosts=[
            VirtualHost(
                name=ROUTES,
                domains=["*"],
                routes=[*(_pool_route(upstream) for upstream in upstreams), _undecided()],
            )
        ],
        response_headers_to_remove=[*ANSWER_HEADERS, "x-ai-billed", "x-ai-sensitivity"],
        response_headers_to_add=[
            overwrite(name, f"%DYNAMIC_METADATA({NAMESPACE}:{key})%")
            for name, key in ANSWER_HEADERS.items()
        ],
        # Clusters are delivered beside the routes; either may arrive first.
        validate_clusters=False,
    )


def _pool_route(upstream: Upstream) -> Route:
    return Route(
        name=upstream.name,
        match=RouteMatch(
            prefix="/",
            headers=[
                HeaderMatcher(name=POOL_HEADER, string_match=StringMatcher(exact=upstream.name))
            ],
        ),
        route=RouteAction(
            cluster=upstream.name,
            timeout=upstream.timeout,
            idle_timeout=upstream.idle_timeout,
            # A provider answers for its own name, not for the one the client used.
            auto_host_rewrite=True if upstream.tls else None,
            retry_policy=_retries(),
        ),
        request_headers_to_remove=kept_back(upstream),
    )


def kept_back(upstream: Upstream) -> list[str]:
    """Headers that a pool does not get. Answers come uncompressed: they are counted, maybe read."""
    own = CLIENT_CREDENTIALS if upstream.credential is not None else ()
    return [POOL_HEADER, "accept-encoding", *own]


def _retries() -> RetryPolicy:
    """Only where no model has begun to work; always within the pool that was decided."""
    return RetryPolicy(
        retry_on="connect-failure,refused-stream,reset-before-request",
        num_retries=2,
        retry_back_off=RetryPolicyRetryBackOff(
            base_interval=timedelta(milliseconds=50), max_interval=timedelta(milliseconds=500)
        ),
        retry_host_predicate=[
            RetryPolicyRetryHostPredicate(
                name="envoy.retry_host_predicates.previous_hosts",
                typed_config=packed(PreviousHostsPredicate()),
            )
        ],
        host_selection_retry_max_attempts=3,
    )


def _undecided() -> Route:
    """Even a service that ends its stream without a verdict opens no way to a model."""
    return Route(
        name="undecided",
        match=RouteMatch(prefix="/"),
        direct_response=DirectResponseAction(
            status=503, body=DataSource(inline_string=json.dumps(NO_DECISION))
        ),
        response_headers_to_add=[overwrite("content-type", "application/json")],
    )

"""The HTTP filters that attach extproc to a proxy, in their order.

Filters see an answer in the reverse of this order: the usage filters stand
after ext_proc so that they count what the model sent, before we change it.
"""

from __future__ import annotations

from datetime import timedelta

from envoy_data_plane.envoy.config.common.mutation_rules.v3 import HeaderMutationRules
from envoy_data_plane.envoy.config.core.v3 import (
    GrpcService,
    GrpcServiceEnvoyGrpc,
    TypedExtensionConfig,
)
from envoy_data_plane.envoy.extensions.content_parsers.json.v3 import (
    JsonContentParser,
    JsonContentParserRuleConfig,
)
from envoy_data_plane.envoy.extensions.filters.http.ext_proc.v3 import (
    ExternalProcessor,
    MetadataOptions,
    MetadataOptionsMetadataNamespaces,
    ProcessingMode,
    ProcessingModeBodySendMode,
    ProcessingModeHeaderSendMode,
)
from envoy_data_plane.envoy.extensions.filters.http.json_to_metadata.v3 import (
    JsonToMetadata,
    JsonToMetadataKeyValuePair,
    JsonToMetadataMatchRules,
    JsonToMetadataRule,
    JsonToMetadataSelector,
    JsonToMetadataValueType,
)
from envoy_data_plane.envoy.extensions.filters.http.router.v3 import Router
from envoy_data_plane.envoy.extensions.filters.http.sse_to_metadata.v3 import (
    SseToMetadata,
    SseToMetadataProcessingRules,
)
from envoy_data_plane.envoy.extensions.filters.network.http_connection_manager.v3 import HttpFilter
from envoy_data_plane.envoy.type.matcher.v3 import RegexMatcher
from envoy_data_plane.envoy.type.v3 import HttpStatus, StatusCode

from extproc.render.typed import packed

SERVICE_CLUSTER = "extproc"
"""The cluster of our gRPC services: ext_proc and the access log."""
NAMESPACE = "extproc"
"""Dynamic metadata that we write."""
USAGE_NAMESPACE = "extproc.usage"
"""Dynamic metadata in which Envoy counts tokens: ``input_tokens``, ``output_tokens``."""

MESSAGE_TIMEOUT = timedelta(seconds=25)
"""Above every internal deadline: a missed deadline is ours to answer, not Envoy's."""
MAX_EVENT_BYTES = 1024 * 1024
"""The last event of a Responses stream repeats the whole answer."""

REQUEST_ATTRIBUTES = ("connection.uri_san_peer_certificate", "request.time")
"""Who calls, and since when: a request that has waited for seconds is shed, not decided late."""
FORWARDED_NAMESPACES = ("envoy.filters.http.jwt_authn",)

USAGE_PATHS: dict[str, tuple[tuple[str, ...], ...]] = {
    "input_tokens": (("usage", "prompt_tokens"), ("usage", "input_tokens")),
    "output_tokens": (("usage", "completion_tokens"), ("usage", "output_tokens")),
}
"""Where JSON answers say what they used: chat, completions, embeddings; responses, messages."""

STREAM_USAGE_PATHS: dict[str, tuple[tuple[str, ...], ...]] = {
    "input_tokens": (
        *USAGE_PATHS["input_tokens"],
        ("response", "usage", "input_tokens"),
        ("message", "usage", "input_tokens"),
    ),
    "output_tokens": (
        ("message", "usage", "output_tokens"),
        *USAGE_PATHS["output_tokens"],
        ("response", "usage", "output_tokens"),
    ),
}
"""In streams also Responses' final event and Anthropic's first one, which later events correct."""


def http_filters() -> list[HttpFilter]:
    """All of them, the router last."""
    return [
        HttpFilter(name="envoy.filters.http.ext_proc", typed_config=packed(external_processor())),
        HttpFilter(name="envoy.filters.http.json_to_metadata", typed_config=packed(json_usage())),
        HttpFilter(name="envoy.filters.http.sse_to_metadata", typed_config=packed(sse_usage())),
        HttpFilter(name="envoy.filters.http.router", typed_config=packed(Router())),
    ]


def external_processor() -> ExternalProcessor:
    """Fails closed with 503 and buffers the request.

    The service asks for answers exchange by exchange, and ends the stream with its final verdict
    where it needs none.
    """
    send, skip = ProcessingModeHeaderSendMode.SEND, ProcessingModeHeaderSendMode.SKIP
    return ExternalProcessor(
        grpc_service=grpc_service(),
        failure_mode_allow=False,
        status_on_error=HttpStatus(code=StatusCode.ServiceUnavailable),
        processing_mode=ProcessingMode(
            request_header_mode=send,
            request_body_mode=ProcessingModeBodySendMode.BUFFERED,
            # The service turns it on for each exchange that it reads, in its reply to the headers.
            response_header_mode=skip,
            response_body_mode=ProcessingModeBodySendMode.NONE,
            request_trailer_mode=skip,
            response_trailer_mode=skip,
        ),
        allow_mode_override=True,
        message_timeout=MESSAGE_TIMEOUT,
        request_attributes=list(REQUEST_ATTRIBUTES),
        # `x-envoy-upstream-rq-timeout-ms` is how the service sets a timeout per request.
        # A change that Envoy would not apply is an error, not a silent difference.
        mutation_rules=HeaderMutationRules(allow_envoy=True, disallow_is_error=True),
        metadata_options=MetadataOptions(
            forwarding_namespaces=MetadataOptionsMetadataNamespaces(
                untyped=list(FORWARDED_NAMESPACES)
            ),
            receiving_namespaces=MetadataOptionsMetadataNamespaces(untyped=[NAMESPACE]),
        ),
        stat_prefix="extproc",
    )


def grpc_service() -> GrpcService:
    """Our service, through Envoy's own gRPC client."""
    return GrpcService(envoy_grpc=GrpcServiceEnvoyGrpc(cluster_name=SERVICE_CLUSTER))


def json_usage() -> JsonToMetadata:
    """Token counts of JSON answers."""
    return JsonToMetadata(
        response_rules=JsonToMetadataMatchRules(
            rules=_rules(USAGE_PATHS),
            # The plain list of content types matches only without parameters.
            allow_content_types_regex=RegexMatcher(regex=r"(?i)application/json\s*(;.*)?"),
        )
    )


def sse_usage() -> SseToMetadata:
    """Token counts of streams, without Python seeing a chunk."""
    parser = JsonContentParser(
        rules=[JsonContentParserRuleConfig(rule=rule) for rule in _rules(STREAM_USAGE_PATHS)]
    )
    return SseToMetadata(
        response_rules=SseToMetadataProcessingRules(
            content_parser=TypedExtensionConfig(
                name="envoy.content_parsers.json", typed_config=packed(parser)
            ),
            max_event_size=MAX_EVENT_BYTES,
        )
    )


def _rules(paths: dict[str, tuple[tuple[str, ...], ...]]) -> list[JsonToMetadataRule]:
    return [
        JsonToMetadataRule(
            selectors=[JsonToMetadataSelector(key=part) for part in path],
            on_present=JsonToMetadataKeyValuePair(
                metadata_namespace=USAGE_NAMESPACE, key=key, type=JsonToMetadataValueType.NUMBER
            ),
        )
        for key, alternatives in paths.items()
        for path in alternatives
    ]

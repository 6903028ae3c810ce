"""Envoy's own errors in the shape that clients of models expect.

The service's immediate answers are local replies too, and must keep their
bodies: so each mapper names the reason Envoy itself gives, which those do not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from envoy_data_plane.envoy.config.accesslog.v3 import (
    AccessLogFilter,
    AndFilter,
    ExtensionFilter,
    HeaderFilter,
    MetadataFilter,
)
from envoy_data_plane.envoy.config.core.v3 import SubstitutionFormatString
from envoy_data_plane.envoy.config.route.v3 import HeaderMatcher
from envoy_data_plane.envoy.extensions.access_loggers.filters.cel.v3 import ExpressionFilter
from envoy_data_plane.envoy.extensions.filters.network.http_connection_manager.v3 import (
    LocalReplyConfig,
    ResponseMapper,
)
from envoy_data_plane.envoy.type.matcher.v3 import (
    MetadataMatcher,
    MetadataMatcherPathSegment,
    RegexMatcher,
    StringMatcher,
    ValueMatcher,
)
from envoy_data_plane.google.protobuf import Struct

from extproc.render.typed import packed

_REQUEST_ID = "%DYNAMIC_METADATA(extproc:request_id)%"
_ANTHROPIC = "(?i)/+v1/+messages/*([?].*)?"


@dataclass(frozen=True, slots=True)
class _Reason:
    """One kind of error: the details Envoy gives it, and what the client reads."""

    details: tuple[str, ...]
    """What Envoy's response code details begin with."""
    code: str
    message: str
    openai: str = "server_error"
    anthropic: str = "api_error"
    limited: bool = False
    """Only for requests whose label limits the pools."""


REASONS = (
    _Reason(
        ("request_payload_too_large",),
        "request_too_large",
        "the request body is larger than the gateway accepts",
        "invalid_request_error",
        "request_too_large",
    ),
    _Reason(
        ("ext_proc_", "spurious_message"),
        "inspection_unavailable",
        "the request could not be inspected, so it was not forwarded",
    ),
    _Reason(
        (
            "response_timeout",
            "upstream_per_try_",
            "stream_idle_timeout",
            "upstream_max_stream_duration",
        ),
        "upstream_timeout",
        "the model did not answer in time",
    ),
    _Reason(
        (
            "no_healthy_upstream",
            "cluster_not_found",
            "upstream_reset_before_response_started{remote_connection_failure",
            "upstream_reset_before_response_started{local_connection_failure",
            "upstream_reset_before_response_started{connection_timeout",
        ),
        "no_compliant_model",
        "no pool that may have data of this sensitivity is alive",
        limited=True,
    ),
    _Reason(
        ("upstream_reset", "no_healthy_upstream", "cluster_not_found", "overload"),
        "upstream_unavailable",
        "no server of the model's pool could be reached",
    ),
    _Reason(
        ("response_payload_too_large",),
        "response_too_large",
        "the model's answer is larger than the gateway can read",
    ),
)


def local_replies() -> LocalReplyConfig:
    """A mapper for each reason and dialect; what matches none is left as Envoy writes it."""
    return _replies(REASONS)


def inspection_replies() -> LocalReplyConfig:
    """Of these only what the filter itself causes: for listeners that others use too."""
    return _replies(reason for reason in REASONS if reason.code == "inspection_unavailable")


def _replies(reasons: Iterable[_Reason]) -> LocalReplyConfig:
    return LocalReplyConfig(
        mappers=[
            _mapper(reason, anthropic=anthropic)
            for reason in reasons
            for anthropic in (True, False)
        ]
    )


def _mapper(reason: _Reason, *, anthropic: bool) -> ResponseMapper:
    because = AccessLogFilter(
        extension_filter=ExtensionFilter(
            name="envoy.access_loggers.extension_filters.cel",
            typed_config=packed(ExpressionFilter(expression=_begins(reason.details))),
        )
    )
    filters = [because]
    if anthropic:
        filters.append(_messages_path())
    if reason.limited:
        filters.append(_limited())
    return ResponseMapper(
        filter=because
        if len(filters) == 1
        else AccessLogFilter(and_filter=AndFilter(filters=filters)),
        body_format_override=SubstitutionFormatString(
            json_format=_anthropic(reason) if anthropic else _openai(reason)
        ),
    )


def _begins(details: Iterable[str]) -> str:
    """In CEL. Not as one regular expression: Envoy allows only short ones there."""
    return " || ".join(f"response.code_details.startsWith('{one}')" for one in details)


def _messages_path() -> AccessLogFilter:
    return AccessLogFilter(
        header_filter=HeaderFilter(
            header=HeaderMatcher(
                name=":path",
                string_match=StringMatcher(safe_regex=RegexMatcher(regex=_ANTHROPIC)),
            )
        )
    )


def _limited() -> AccessLogFilter:
    """What the service says of a request that only some pools may have."""
    return AccessLogFilter(
        metadata_filter=MetadataFilter(
            matcher=MetadataMatcher(
                filter="extproc",
                path=[MetadataMatcherPathSegment(key="residency")],
                value=ValueMatcher(string_match=StringMatcher(exact="limited")),
            ),
            match_if_key_not_found=False,
        )
    )


def _openai(reason: _Reason) -> Struct:
    shape: Struct = Struct.from_dict(
        {
            "error": {
                "message": reason.message,
                "type": reason.openai,
                "param": None,
                "code": reason.code,
                "request_id": _REQUEST_ID,
            }
        }
    )
    return shape


def _anthropic(reason: _Reason) -> Struct:
    shape: Struct = Struct.from_dict(
        {
            "type": "error",
            "error": {
                "type": reason.anthropic,
                "message": reason.message,
                "code": reason.code,
            },
            "request_id": _REQUEST_ID,
        }
    )
    return shape

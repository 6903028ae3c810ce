"""Protobuf on one side, events and replies on the other. Envoy's ext_proc v3 API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from envoy.config.core.v3.base_pb2 import HeaderValue, HeaderValueOption
from envoy.extensions.filters.http.ext_proc.v3.processing_mode_pb2 import ProcessingMode
from envoy.service.ext_proc.v3.external_processor_pb2 import (
    BodyMutation,
    BodyResponse,
    CommonResponse,
    HeaderMutation,
    HeadersResponse,
    HttpHeaders,
    ImmediateResponse,
    ProcessingRequest,
    ProcessingResponse,
    TrailersResponse,
)
from envoy.type.v3.http_status_pb2 import HttpStatus
from google.protobuf.json_format import MessageToDict

from extproc.events import (
    BodyMode,
    Event,
    Headers,
    Proceed,
    Reply,
    RequestBody,
    RequestHeaders,
    Respond,
    ResponseBody,
    ResponseHeaders,
    Trailers,
)

NAMESPACE = "extproc"
"""Our own namespace of dynamic metadata."""

_OVERWRITE = HeaderValueOption.OVERWRITE_IF_EXISTS_OR_ADD
_MODES = {
    BodyMode.NONE: ProcessingMode(response_header_mode="SEND", response_body_mode="NONE"),
    BodyMode.BUFFERED: ProcessingMode(response_header_mode="SEND", response_body_mode="BUFFERED"),
    BodyMode.STREAMED: ProcessingMode(response_header_mode="SEND", response_body_mode="STREAMED"),
}
_BODY_TO_COME = ProcessingMode(response_header_mode="SEND", request_body_mode="BUFFERED")
"""Only an exchange that we have begun to read asks about its answer. The filter itself skips
answers: it would hold those that Envoy gives before it has asked us anything, and Envoy closes
such a connection before they are sent."""


class ProtocolError(Exception):
    """Envoy sent something that does not belong here: the stream must be aborted."""


def decode(message: ProcessingRequest) -> Event:
    """One message of the ext_proc stream as an event."""
    kind = message.WhichOneof("request")
    match kind:
        case "request_headers":
            part = message.request_headers
            return RequestHeaders(
                _headers(part),
                part.end_of_stream,
                _attributes(message),
                _metadata(message),
            )
        case "request_body":
            return RequestBody(message.request_body.body, message.request_body.end_of_stream)
        case "response_headers":
            part = message.response_headers
            return ResponseHeaders(_headers(part), part.end_of_stream)
        case "response_body":
            return ResponseBody(message.response_body.body, message.response_body.end_of_stream)
        case "request_trailers":
            return Trailers(of_response=False)
        case "response_trailers":
            return Trailers(of_response=True)
        case _:
            raise ProtocolError(f"unknown ext_proc message {kind!r}")


def encode(event: Event, reply: Reply) -> ProcessingResponse:
    """The reply to `event`, in the form Envoy expects for that event."""
    if isinstance(reply, Respond):
        return ProcessingResponse(
            immediate_response=ImmediateResponse(
                status=HttpStatus(code=reply.status),
                headers=_mutation(reply.headers, ()),
                body=reply.body,
                details="extproc",
            )
        )
    response = _proceed(event, reply)
    if reply.metadata:
        response.dynamic_metadata.update({NAMESPACE: dict(reply.metadata)})
    if isinstance(event, RequestHeaders) and not reply.final:
        response.mode_override.CopyFrom(_BODY_TO_COME)
    if reply.response_body_mode is not None:
        response.mode_override.CopyFrom(_MODES[reply.response_body_mode])
    return response


def _proceed(event: Event, reply: Proceed) -> ProcessingResponse:
    match event:
        case RequestHeaders():
            return ProcessingResponse(request_headers=HeadersResponse(response=_common(reply)))
        case RequestBody():
            return ProcessingResponse(request_body=BodyResponse(response=_common(reply)))
        case ResponseHeaders():
            return ProcessingResponse(response_headers=HeadersResponse(response=_common(reply)))
        case ResponseBody():
            return ProcessingResponse(response_body=BodyResponse(response=_common(reply)))
        case Trailers(of_response=True):
            return ProcessingResponse(response_trailers=TrailersResponse())
        case Trailers():
            return ProcessingResponse(request_trailers=TrailersResponse())
        case _:
            assert_never(event)


def _common(reply: Proceed) -> CommonResponse:
    common = CommonResponse(clear_route_cache=reply.clear_route_cache)
    if reply.set_headers or reply.remove_headers:
        common.header_mutation.CopyFrom(_mutation(reply.set_headers, reply.remove_headers))
    if reply.body is not None:
        # An empty replacement must be said as `clear_body`: an empty `body` keeps the old one.
        mutation = BodyMutation(body=reply.body) if reply.body else BodyMutation(clear_body=True)
        common.body_mutation.CopyFrom(mutation)
    return common


def _mutation(set_headers: Headers, remove: tuple[str, ...]) -> HeaderMutation:
    return HeaderMutation(
        set_headers=[
            HeaderValueOption(
                header=HeaderValue(key=name, raw_value=value.encode()), append_action=_OVERWRITE
            )
            for name, value in set_headers.items()
        ],
        remove_headers=remove,
    )


def _headers(part: HttpHeaders) -> Headers:
    headers: dict[str, str] = {}
    for header in part.headers.headers:
        # latin-1 keeps every byte, so that nothing odd is lost or raises.
        value = header.raw_value.decode("latin-1") if header.raw_value else header.value
        name = header.key
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _attributes(message: ProcessingRequest) -> Mapping[str, str]:
    return {
        name: value.string_value
        for group in message.attributes.values()
        for name, value in group.fields.items()
    }


def _metadata(message: ProcessingRequest) -> Mapping[str, Mapping[str, object]]:
    if not message.metadata_context.filter_metadata:
        return {}
    filters: dict[str, Any] = {
        name: MessageToDict(struct)
        for name, struct in message.metadata_context.filter_metadata.items()
    }
    return filters

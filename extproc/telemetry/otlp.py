"""Sends finished spans over OTLP/gRPC. The only module of telemetry that imports grpc.

The official exporter cannot be used: its generated modules are overwritten by
those of `xds-protos`, an older version of the same files.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import grpc
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from extproc._protos.otlp.v1 import trace_pb2 as otlp

METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
TIMEOUT_S = 10.0

_log = logging.getLogger(__name__)


class OtlpExporter(SpanExporter):
    """Called by a batching thread, one batch at a time; loses a batch that fails in `timeout` seconds.

    `endpoint` is ``http://host:port`` (plain text), ``https://host:port``
    (TLS), or ``host:port`` (TLS, as the specification has it). `headers` are
    sent as gRPC metadata.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        headers: Sequence[tuple[str, str]] = (),
        root_certificates: bytes | None = None,
        timeout: float = TIMEOUT_S,
    ) -> None:
        scheme, _, address = endpoint.rpartition("://")
        target = address.split("/", 1)[0]
        if scheme not in {"", "http", "https"} or not target:
            raise ValueError(f"not an OTLP endpoint: {endpoint!r}; use http[s]://host:port")
        self._channel = (
            grpc.insecure_channel(target)
            if scheme == "http"
            else grpc.secure_channel(target, grpc.ssl_channel_credentials(root_certificates))
        )
        self._call = self._channel.unary_unary(
            METHOD,
            request_serializer=otlp.ExportTraceServiceRequest.SerializeToString,
            response_deserializer=otlp.ExportTraceServiceResponse.FromString,
        )
        self._headers = tuple(headers)
        self._timeout = timeout
        self._failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            self._call(
                encode(spans),
                timeout=self._timeout,
                metadata=self._headers,
                # A collector that stays away must not hold up the end of the process.
                wait_for_ready=not self._failing,
            )
        except grpc.RpcError as error:
            if not self._failing:
                _log.warning("traces cannot be exported", extra={"error": error.code().name})
            self._failing = True
            return SpanExportResult.FAILURE
        self._failing = False
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        self._channel.close()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 nothing is held back
        return True


def from_environment(endpoint: str, environ: Mapping[str, str] | None = None) -> OtlpExporter:
    """With the standard variables for headers, certificate and timeout (seconds)."""
    environ = os.environ if environ is None else environ

    def standard(name: str) -> str | None:
        specific = environ.get(f"OTEL_EXPORTER_OTLP_TRACES_{name}")
        return specific or environ.get(f"OTEL_EXPORTER_OTLP_{name}") or None

    certificate = standard("CERTIFICATE")
    return OtlpExporter(
        endpoint,
        headers=_headers(standard("HEADERS") or ""),
        root_certificates=Path(certificate).read_bytes() if certificate else None,
        timeout=float(standard("TIMEOUT") or TIMEOUT_S),
    )


def encode(spans: Sequence[ReadableSpan]) -> Any:
    """One request; all our spans share one resource and one scope."""
    request = otlp.ExportTraceServiceRequest()
    if not spans:
        return request
    group = request.resource_spans.add()
    _attributes(group.resource.attributes, spans[0].resource.attributes)
    scope = group.scope_spans.add()
    if spans[0].instrumentation_scope is not None:
        scope.scope.name = spans[0].instrumentation_scope.name
    for span in spans:
        _span(scope.spans.add(), span)
    return request


def _span(out: Any, span: ReadableSpan) -> None:
    context = span.get_span_context()
    assert context is not None
    out.trace_id = context.trace_id.to_bytes(16, "big")
    out.span_id = context.span_id.to_bytes(8, "big")
    out.flags = int(context.trace_flags)
    if span.parent is not None:
        out.parent_span_id = span.parent.span_id.to_bytes(8, "big")
        out.flags |= 0x300 if span.parent.is_remote else 0x100
    out.name = span.name
    out.kind = span.kind.value + 1
    out.start_time_unix_nano = span.start_time or 0
    out.end_time_unix_nano = span.end_time or 0
    out.status.code = span.status.status_code.value
    _attributes(out.attributes, span.attributes or {})


def _attributes(out: Any, attributes: Mapping[str, Any]) -> None:
    for key, value in attributes.items():
        pair = out.add(key=key)
        if isinstance(value, bool):
            pair.value.bool_value = value
        elif isinstance(value, int):
            pair.value.int_value = value
        elif isinstance(value, float):
            pair.value.double_value = value
        else:
            pair.value.string_value = str(value)


def _headers(text: str) -> list[tuple[str, str]]:
    """``a=b,c=d`` with percent-encoded values. Names are lower case, as gRPC wants them."""
    pairs = (item.partition("=") for item in text.split(",") if "=" in item)
    return [(name.strip().lower(), unquote(value.strip())) for name, _, value in pairs]

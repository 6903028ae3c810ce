"""One OpenTelemetry span an exchange, with a child for each inspector.

Spans are built after the fact from what the exchange knows anyway, and
exported in batches by a thread of their own. Nothing of a prompt or an answer
is in them. Without an endpoint there is no exporter, no thread and no span,
and the caller's `traceparent` goes upstream as it came.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from extproc.exchange import Timing
from extproc.outcome import Decision
from extproc.telemetry.traceparent import Traceparent, fresh, parse

ENDPOINT_VARIABLES = (
    "EXTPROC_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
)

_SCOPE = InstrumentationScope("extproc")
_MAX_VALUE = 128
_OPERATIONS = {
    "/v1/chat/completions": "chat",
    "/v1/responses": "chat",
    "/v1/messages": "chat",
    "/v1/completions": "text_completion",
    "/v1/embeddings": "embeddings",
}


class Processor(Protocol):
    """Takes finished spans without blocking."""

    def on_end(self, span: ReadableSpan) -> None: ...

    def shutdown(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Trace:
    """The exchange's own span: `str()` goes into `Decision.trace` and comes back."""

    own: Traceparent
    parent: str | None = None
    """Span id of the caller."""

    def __str__(self) -> str:
        return str(self.own) if self.parent is None else f"{self.own} {self.parent}"

    @classmethod
    def from_text(cls, text: str | None) -> Trace | None:
        """`None` for what `str()` did not write."""
        first, _, parent = (text or "").partition(" ")
        own = parse(first)
        return None if own is None else cls(own, parent or None)


class Tracer:
    """Begins, and after the fact reports, the span of an exchange."""

    def __init__(
        self, processor: Processor | None = None, resource: Resource | None = None
    ) -> None:
        self._processor = processor
        self._resource = resource or Resource.create({SERVICE_NAME: _service_name()})

    @property
    def on(self) -> bool:
        return self._processor is not None

    def begin(self, header: str | None) -> tuple[str | None, Trace | None]:
        """`traceparent` to hand upstream (`None`: send none), and the span to remember.

        `header` is the caller's. A valid one is continued, and its sampled
        flag decides; an invalid or missing one starts a new, sampled trace.
        When it was invalid, drop `tracestate` as well.
        """
        caller = parse(header)
        if self._processor is None or (caller is not None and not caller.sampled):
            return (None if caller is None else header), None
        if caller is None:
            own = fresh(sampled=True)
            return str(own), Trace(own)
        own = caller.child()
        return str(own), Trace(own, caller.span_id)

    def decided(self, trace: Trace | None, timings: Iterable[Timing]) -> None:
        """The children: one span for each inspector that ran."""
        if self._processor is None or trace is None:
            return
        to_wall = time.time_ns() - time.monotonic_ns()
        for timing in timings:
            self._end(
                f"inspect {timing.inspector}",
                trace.own.child(),
                trace.own.span_id,
                {"extproc.inspector": timing.inspector},
                (timing.start_ns + to_wall, timing.end_ns + to_wall),
            )

    def completed(self, decision: Decision, record: Mapping[str, Any]) -> None:
        """The exchange's own span, when its audit record is written."""
        if self._processor is None or (trace := Trace.from_text(decision.trace)) is None:
            return
        operation = _OPERATIONS.get(decision.path, "other")
        model = _short(decision.model_requested)
        upstream = record.get("upstream") or {}
        start = int(decision.ts * 1e9)
        end = start + int(upstream["latency_ms"] * 1e6) if upstream else time.time_ns()
        self._end(
            f"{operation} {model}" if model else operation,
            trace.own,
            trace.parent,
            _attributes(decision, record, operation),
            (start, max(start, end)),
            kind=SpanKind.CLIENT,
            error=record.get("code") is not None or _failed(upstream),
        )

    def close(self) -> None:
        """Exports what waits. Blocks up to the exporter's timeout."""
        if self._processor is not None:
            self._processor.shutdown()

    def _end(
        self,
        name: str,
        own: Traceparent,
        parent: str | None,
        attributes: Mapping[str, Any],
        times: tuple[int, int],
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        error: bool = False,
    ) -> None:
        assert self._processor is not None
        self._processor.on_end(
            ReadableSpan(
                name=name,
                context=_context(own.trace_id, own.span_id, remote=False),
                parent=None if parent is None else _context(own.trace_id, parent, remote=True),
                resource=self._resource,
                attributes={key: value for key, value in attributes.items() if value is not None},
                kind=kind,
                instrumentation_scope=_SCOPE,
                status=Status(StatusCode.ERROR if error else StatusCode.UNSET),
                start_time=times[0],
                end_time=times[1],
            )
        )


def from_environment(environ: Mapping[str, str] | None = None) -> Tracer:
    """A tracer that exports over OTLP/gRPC where an endpoint is configured, else an idle one.

    ``EXTPROC_OTLP_ENDPOINT`` wins over the standard variables; those for
    headers, certificate, timeout and batching apply. Raises `ValueError` for an
    endpoint that is none.
    """
    environ = os.environ if environ is None else environ
    endpoint = next((environ[name] for name in ENDPOINT_VARIABLES if environ.get(name)), None)
    if endpoint is None or environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return Tracer()
    return Tracer(BatchSpanProcessor(_exporter(endpoint, environ)))


def _exporter(endpoint: str, environ: Mapping[str, str]) -> SpanExporter:
    from extproc.telemetry import otlp  # noqa: PLC0415 only who exports pays for grpc

    return otlp.from_environment(endpoint, environ)


def _service_name() -> str:
    return os.environ.get("OTEL_SERVICE_NAME") or "extproc"


def _context(trace_id: str, span_id: str, *, remote: bool) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(int(trace_id, 16), int(span_id, 16), remote, flags)


def _attributes(
    decision: Decision, record: Mapping[str, Any], operation: str
) -> dict[str, str | int | bool | None]:
    upstream, tokens = record.get("upstream") or {}, record["tokens"]
    provider = "anthropic" if decision.path == "/v1/messages" else "openai"
    status = upstream.get("status", decision.status)
    return {
        "gen_ai.operation.name": operation,
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": _short(decision.model_requested),
        "gen_ai.request.stream": decision.stream,
        "gen_ai.response.model": _short(decision.model_served),
        "gen_ai.usage.input_tokens": tokens["input"],
        "gen_ai.usage.output_tokens": tokens["output"],
        "http.response.status_code": status,
        "error.type": record.get("code") or (str(status) if _failed(upstream) else None),
        "extproc.request_id": decision.request_id,
        "extproc.policy": decision.policy,
        "extproc.tenant": _short(decision.tenant),
        "extproc.action": record["action"],
        "extproc.cache": decision.cache.state,
        "extproc.pool": decision.pool,
        "extproc.variant": decision.variant,
        "extproc.sensitivity": decision.sensitivity,
        "extproc.tokens_estimated": tokens["estimated"],
        "extproc.tokens_billed": tokens["billed"],
    }


def _failed(upstream: Mapping[str, Any]) -> bool:
    return bool(upstream) and not 100 <= upstream["status"] < 400


def _short(value: str | None) -> str | None:
    """Names a client chose are cut: a span is no place for a kilobyte."""
    return None if value is None else value[:_MAX_VALUE]

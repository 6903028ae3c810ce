"""Spans are decoded with the published schema (whichever version is installed), not with ours."""

from __future__ import annotations

from concurrent import futures

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as published

from extproc.exchange import Timing
from extproc.outcome import Decision
from extproc.telemetry.otlp import METHOD, OtlpExporter, _headers
from extproc.telemetry.traces import Tracer, from_environment

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
RECORD = {
    "action": "allow",
    "code": None,
    "tokens": {"input": 120, "output": 40, "estimated": False, "billed": True},
    "upstream": {"status": 200, "latency_ms": 1500.0, "ttft_ms": 95.0, "flags": []},
}


class Collector(grpc.GenericRpcHandler):
    """A gRPC server that keeps the bytes it is sent."""

    def __init__(self):
        self.requests, self.metadata, self.code = [], [], None

    def service(self, details):
        if details.method != METHOD:
            return None
        self.metadata.append(dict(details.invocation_metadata))
        return grpc.unary_unary_rpc_method_handler(self.take)

    def take(self, request, context):
        if self.code is not None:
            context.abort(self.code, "no")
        self.requests.append(request)
        return b""


@pytest.fixture
def collector():
    handler = Collector()
    server = grpc.server(futures.ThreadPoolExecutor(1), handlers=(handler,))
    handler.port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield handler
    server.stop(None).wait()


def send(tracer: Tracer) -> None:
    _, trace = tracer.begin(f"00-{TRACE}-{CALLER}-01")
    tracer.decided(trace, [Timing("access", 0, 1)])
    decision = Decision(
        "req_1", 1_700_000_000.0, "acme", "c", "p@1", "/v1/messages", "allow", trace=str(trace)
    )
    tracer.completed(decision, RECORD)
    tracer.close()


def spans_of(request: bytes):
    [group] = published.ExportTraceServiceRequest.FromString(request).resource_spans
    # The older schema, which xds-protos brings, calls the same field by its older name.
    [scope] = getattr(group, "scope_spans", None) or group.instrumentation_library_spans
    return group.resource, list(scope.spans)


@pytest.mark.parametrize(
    "variable",
    ["EXTPROC_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"],
)
def test_spans_arrive_at_a_collector(collector, variable):
    send(from_environment({variable: f"http://127.0.0.1:{collector.port}"}))
    resource, [child, root] = spans_of(b"".join(collector.requests))
    assert ("service.name", "extproc") in {
        (pair.key, pair.value.string_value) for pair in resource.attributes
    }
    assert (child.name, root.name) == ("inspect access", "chat")
    assert root.trace_id.hex() == child.trace_id.hex() == TRACE
    assert root.parent_span_id.hex() == CALLER
    assert child.parent_span_id == root.span_id
    assert (child.kind, root.kind) == (1, 3)
    assert root.start_time_unix_nano == 1_700_000_000_000_000_000
    assert root.end_time_unix_nano - root.start_time_unix_nano == 1_500_000_000
    assert root.status.code == 0
    attributes = {pair.key: pair.value for pair in root.attributes}
    assert attributes["gen_ai.provider.name"].string_value == "anthropic"
    assert attributes["gen_ai.usage.input_tokens"].int_value == 120
    assert attributes["gen_ai.request.stream"].WhichOneof("value") == "bool_value"


def test_the_specific_endpoint_wins(collector):
    send(
        from_environment(
            {
                "EXTPROC_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}",
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
            }
        )
    )
    assert len(collector.requests) == 1


def test_headers_are_sent(collector):
    environ = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}",
        "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20abc, x-org = 7",
    }
    send(from_environment(environ))
    assert collector.metadata[0]["authorization"] == "Bearer abc"
    assert collector.metadata[0]["x-org"] == "7"


def test_a_collector_that_refuses_costs_only_the_batch(collector, caplog):
    collector.code = grpc.StatusCode.PERMISSION_DENIED
    send(from_environment({"EXTPROC_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}"}))
    assert collector.requests == []
    assert "traces cannot be exported" in caplog.text


@pytest.mark.parametrize("endpoint", ["ftp://host:1", "http://", "unix:///x"])
def test_what_is_not_an_endpoint_is_refused(endpoint):
    with pytest.raises(ValueError, match="use http"):
        OtlpExporter(endpoint)


def test_headers_parse():
    assert _headers("") == []
    assert _headers("a=b=c,,junk,D=%2C") == [("a", "b=c"), ("d", ",")]

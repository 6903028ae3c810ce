from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from extproc.audit.record import record
from extproc.exchange import Timing
from extproc.outcome import Decision, Outcome
from extproc.telemetry.traceparent import parse
from extproc.telemetry.traces import Trace, Tracer, from_environment
from extproc.verdict import Code, Finding

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEADER = f"00-{TRACE}-{CALLER}-01"
DECISION = Decision(
    request_id="req_1",
    ts=1_700_000_000.0,
    tenant="acme",
    caller="key:dev",
    policy="support@01234567",
    path="/v1/chat/completions",
    action="allow",
    stream=True,
    model_requested="large",
    model_served="large-v2",
    pool="gpu-b",
    variant="large-v2",
    prompt_hmac="ab",
    findings=(Finding("injection", "override", 0.9, path="$.messages[0].content"),),
)
OUTCOME = Outcome(200, 1500.0, 95.0, (), "gpu-b", 120, 40)


@pytest.fixture
def exporter():
    return InMemorySpanExporter()


@pytest.fixture
def tracer(exporter):
    return Tracer(SimpleSpanProcessor(exporter))


def complete(tracer, decision, outcome=OUTCOME):
    tracer.completed(decision, record(decision, outcome, None))


def test_an_exchange_is_a_span_with_a_child_for_each_inspector(tracer, exporter):
    upstream, trace = tracer.begin(HEADER)
    started = time.monotonic_ns()
    tracer.decided(trace, [Timing("access", started, started + 10), Timing("injection", 20, 30)])
    complete(tracer, replace(DECISION, trace=str(trace)))
    *children, root = exporter.get_finished_spans()
    assert [child.name for child in children] == ["inspect access", "inspect injection"]
    assert all(child.parent.span_id == root.context.span_id for child in children)
    assert f"{root.context.trace_id:032x}" == TRACE
    assert f"{root.parent.span_id:016x}" == CALLER
    assert root.parent.is_remote
    assert parse(upstream).span_id == f"{root.context.span_id:016x}", "models hang below our span"
    assert len({span.context.span_id for span in (*children, root)}) == 3
    assert children[0].end_time - children[0].start_time == 10
    assert abs(children[0].start_time - time.time_ns()) < 60e9, "wall clock, not monotonic"


def test_the_root_span_follows_the_genai_conventions(tracer, exporter):
    _, trace = tracer.begin(HEADER)
    complete(tracer, replace(DECISION, trace=str(trace)))
    [root] = exporter.get_finished_spans()
    assert root.name == "chat large"
    assert root.kind is SpanKind.CLIENT
    assert root.end_time - root.start_time == 1_500_000_000
    assert dict(root.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "large",
        "gen_ai.request.stream": True,
        "gen_ai.response.model": "large-v2",
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.output_tokens": 40,
        "http.response.status_code": 200,
        "extproc.request_id": "req_1",
        "extproc.policy": "support@01234567",
        "extproc.tenant": "acme",
        "extproc.action": "allow",
        "extproc.cache": "bypass",
        "extproc.pool": "gpu-b",
        "extproc.variant": "large-v2",
        "extproc.tokens_estimated": False,
        "extproc.tokens_billed": True,
    }
    assert root.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize(
    ("decision", "outcome", "error", "status"),
    [
        (
            replace(DECISION, action="block", code=Code.PROMPT_INJECTION, status=403),
            None,
            "prompt_injection",
            403,
        ),
        (DECISION, replace(OUTCOME, status=503), "503", 503),
        (DECISION, replace(OUTCOME, status=0, flags=("DC",)), "0", 0),
    ],
)
def test_failures_are_errors(tracer, exporter, decision, outcome, error, status):
    _, trace = tracer.begin(None)
    complete(tracer, replace(decision, trace=str(trace)), outcome)
    [root] = exporter.get_finished_spans()
    assert root.status.status_code is StatusCode.ERROR
    assert root.attributes["error.type"] == error
    assert root.attributes["http.response.status_code"] == status
    assert root.end_time >= root.start_time


@pytest.mark.parametrize("header", [None, "junk", HEADER + ", " + HEADER])
def test_without_a_valid_parent_a_sampled_trace_begins(tracer, exporter, header):
    upstream, trace = tracer.begin(header)
    assert parse(upstream).sampled
    assert parse(upstream).trace_id != TRACE
    complete(tracer, replace(DECISION, trace=str(trace)))
    [root] = exporter.get_finished_spans()
    assert root.parent is None


def test_an_unsampled_trace_passes_untouched_and_makes_no_span(tracer, exporter):
    header = HEADER[:-2] + "00"
    assert tracer.begin(header) == (header, None)
    tracer.decided(None, [Timing("access", 0, 1)])
    complete(tracer, DECISION)
    assert exporter.get_finished_spans() == ()


def test_names_a_client_chose_are_cut(tracer, exporter):
    _, trace = tracer.begin(None)
    complete(tracer, replace(DECISION, model_requested="m" * 5000, trace=str(trace)))
    [root] = exporter.get_finished_spans()
    assert len(root.name) < 200
    assert len(root.attributes["gen_ai.request.model"]) == 128


@pytest.mark.parametrize("header", [None, "junk", HEADER])
def test_off_it_hands_on_what_is_valid_and_does_nothing(header):
    tracer = Tracer()
    assert not tracer.on
    assert tracer.begin(header) == (HEADER if header == HEADER else None, None)
    complete(tracer, replace(DECISION, trace=HEADER))
    tracer.close()


@pytest.mark.parametrize("text", [None, "", "junk", " ", "a b c"])
def test_what_is_not_a_trace_is_none(text):
    assert Trace.from_text(text) is None


def test_a_trace_survives_its_text(tracer):
    for header in (None, HEADER):
        _, trace = tracer.begin(header)
        assert Trace.from_text(str(trace)) == trace


@pytest.mark.parametrize("environ", [{}, {"EXTPROC_OTLP_ENDPOINT": ""}])
def test_it_is_off_without_an_endpoint(environ):
    assert not from_environment(environ).on


def test_it_is_off_when_the_sdk_is_disabled():
    environ = {"EXTPROC_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}
    assert not from_environment(environ).on


def test_off_loads_no_exporter():
    program = (
        "import sys; from extproc.telemetry.traces import from_environment as f; f({});"
        "sys.exit('grpc' in sys.modules)"
    )
    root = str(Path(__file__).parents[3])
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert done.returncode == 0

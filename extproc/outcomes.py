"""The access-log service: Envoy tells what came of each exchange."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any

import grpc
from envoy.data.accesslog.v3.accesslog_pb2 import HTTPAccessLogEntry, ResponseFlags
from envoy.service.accesslog.v3.als_pb2 import StreamAccessLogsResponse
from envoy.service.accesslog.v3.als_pb2_grpc import AccessLogServiceServicer
from google.protobuf.duration_pb2 import Duration

from extproc.llm.usage import MAX_TOKENS
from extproc.outcome import Outcome
from extproc.routing.names import pool_of
from extproc.telemetry.logs import event
from extproc.wire import NAMESPACE

USAGE_NAMESPACE = "extproc.usage"
"""Where `json_to_metadata` and `sse_to_metadata` put token counts."""

_FLAGS = {
    "failed_local_healthcheck": "LH",
    "no_healthy_upstream": "UH",
    "upstream_request_timeout": "UT",
    "local_reset": "LR",
    "upstream_remote_reset": "UR",
    "upstream_connection_failure": "UF",
    "upstream_connection_termination": "UC",
    "upstream_overflow": "UO",
    "no_route_found": "NR",
    "rate_limited": "RL",
    "downstream_connection_termination": "DC",
    "upstream_retry_limit_exceeded": "URX",
    "stream_idle_timeout": "SI",
    "invalid_envoy_request_headers": "IH",
    "downstream_protocol_error": "DPE",
    "upstream_max_stream_duration_reached": "UMSDR",
    "response_from_cache_filter": "RFCF",
    "no_cluster_found": "NC",
    "duration_timeout": "DT",
    "upstream_protocol_error": "UPE",
    "overload_manager": "OM",
    "dns_resolution_failure": "DF",
    "downstream_remote_reset": "DR",
}
"""Envoy's own short names, as in its text access logs."""

log = logging.getLogger(__name__)

_Context = Any
"""`grpc.aio.ServicerContext`; the package ships no types."""


class AccessLog(AccessLogServiceServicer):
    """Hands every HTTP entry on as an `Outcome`."""

    def __init__(self, complete: Callable[[Outcome], None]) -> None:
        self._complete = complete

    async def StreamAccessLogs(  # noqa: N802 - gRPC's name
        self, _: object, context: _Context
    ) -> StreamAccessLogsResponse:
        while (message := await context.read()) is not grpc.aio.EOF:
            for entry in message.http_logs.log_entry:
                try:
                    self._complete(outcome(entry))
                except Exception as error:  # one entry must not cost the others of its batch
                    event(log, logging.ERROR, "access-log entry failed", error=type(error).__name__)
        return StreamAccessLogsResponse()


def outcome(entry: HTTPAccessLogEntry) -> Outcome:
    """One entry, reduced. Entries of requests that never met us have no decision."""
    common = entry.common_properties
    filters = common.metadata.filter_metadata
    ours = filters[NAMESPACE].fields if NAMESPACE in filters else {}
    usage = filters[USAGE_NAMESPACE].fields if USAGE_NAMESPACE in filters else {}
    sent = _ms(common.time_to_first_upstream_tx_byte) or 0.0
    first = _ms(common.time_to_first_upstream_rx_byte)
    last = _ms(common.time_to_last_upstream_rx_byte) or _ms(common.duration) or sent
    return Outcome(
        status=entry.response.response_code.value,
        # The model's own time: what we and Envoy took before is not in it.
        latency_ms=round(last - sent, 3),
        ttft_ms=None if first is None else round(first - sent, 3),
        flags=_flags(common.response_flags),
        # The address tells that a host was chosen; the cluster alone may stand on a local answer.
        cluster=pool_of(common.upstream_cluster) or None
        if common.HasField("upstream_remote_address")
        else None,
        input_tokens=_count(usage, "input_tokens"),
        output_tokens=_count(usage, "output_tokens"),
        response_bytes=entry.response.response_body_bytes,
        request_id=_text(ours, "request_id"),
        decision=_text(ours, "decision"),
    )


def _ms(duration: Duration) -> float | None:
    ms = duration.seconds * 1000 + duration.nanos / 1e6
    return ms or None


def _flags(flags: ResponseFlags) -> tuple[str, ...]:
    return tuple(_FLAGS.get(field.name, field.name) for field, _ in flags.ListFields())


def _text(fields: Any, name: str) -> str | None:
    return fields[name].string_value or None if name in fields else None


def _count(fields: Any, name: str) -> int | None:
    """Tokens, as the upstream says; ``None`` for nonsense such as "inf" or less than nothing."""
    if name not in fields:
        return None
    value = fields[name]
    try:
        number = float(value.number_value or value.string_value or 0)
    except ValueError:
        return None
    return int(number) if math.isfinite(number) and 0 <= number <= MAX_TOKENS else None

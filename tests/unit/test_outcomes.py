"""Access-log entries as Envoy sends them, also when an upstream said nonsense."""

from __future__ import annotations

import math

import grpc
import pytest
from envoy.data.accesslog.v3.accesslog_pb2 import HTTPAccessLogEntry
from envoy.service.accesslog.v3.als_pb2 import StreamAccessLogsMessage, StreamAccessLogsResponse

from extproc.llm.usage import MAX_TOKENS
from extproc.outcomes import USAGE_NAMESPACE, AccessLog, outcome
from extproc.wire import NAMESPACE


def entry(request_id: str = "req_1", **usage: object) -> HTTPAccessLogEntry:
    made = HTTPAccessLogEntry()
    filters = made.common_properties.metadata.filter_metadata
    filters[NAMESPACE]["request_id"] = request_id
    for name, value in usage.items():
        filters[USAGE_NAMESPACE][name] = value
    return made


class Stream:
    """What Envoy sends on one stream."""

    def __init__(self, *entries: HTTPAccessLogEntry) -> None:
        message = StreamAccessLogsMessage()
        message.http_logs.log_entry.extend(entries)
        self._left = [grpc.aio.EOF, message]

    async def read(self) -> object:
        return self._left.pop()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (12.0, 12),
        ("12", 12),
        (0.0, 0),
        (MAX_TOKENS - 1, MAX_TOKENS - 1),
        (MAX_TOKENS, MAX_TOKENS),
        (MAX_TOKENS + 1, None),
        (math.inf, None),
        (math.nan, None),
        (-5.0, None),
        ("inf", None),
        ("many", None),
    ],
)
def test_only_a_plausible_number_is_a_count(said, read):
    assert outcome(entry(input_tokens=said)).input_tokens == read


async def test_an_entry_that_fails_does_not_cost_the_others(caplog):
    completed = []

    def complete(heard):
        if heard.request_id == "req_1":
            raise ValueError("the text of a request")
        completed.append(heard.request_id)

    answer = await AccessLog(complete).StreamAccessLogs(
        None, Stream(entry("req_1"), entry("req_2"))
    )
    assert completed == ["req_2"]
    assert answer == StreamAccessLogsResponse()
    assert "the text of a request" not in caplog.text

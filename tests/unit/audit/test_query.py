from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extproc.audit import files
from extproc.audit.query import Query, moment, query
from extproc.audit.read import follow_new, last, read

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
RECORD = {
    "ts": "2026-01-31T12:00:00.000Z",
    "tenant": "acme",
    "policy": "support@01234567",
    "code": "prompt_injection",
    "action": "block",
    "request_id": "req_1",
}


@pytest.mark.parametrize(
    "wanted",
    [
        Query(),
        Query(since="2026-01-31T12:00:00.000Z"),
        Query(until="2026-01-31T12:00:00.001Z"),
        Query(tenant="acme"),
        Query(policy="support"),
        Query(policy="support@01234567"),
        Query(code="prompt_injection", action="block", request_id="req_1"),
    ],
)
def test_matches(wanted):
    assert wanted.matches(RECORD)


@pytest.mark.parametrize(
    "wanted",
    [
        Query(since="2026-01-31T12:00:00.001Z"),
        Query(until="2026-01-31T12:00:00.000Z"),
        Query(tenant="acm"),
        Query(policy="sup"),
        Query(policy="support@0123"),
        Query(code="prompt_injection", action="allow"),
        Query(request_id="req_2"),
    ],
)
def test_does_not_match(wanted):
    assert not wanted.matches(RECORD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", "2026-01-31T00:00:00.000Z"),
        ("2026-01-31T12:00", "2026-01-31T12:00:00.000Z"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00.000Z"),
        ("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.500Z"),
        ("90m", "2026-01-31T10:30:00.000Z"),
        ("7d", "2026-01-24T12:00:00.000Z"),
    ],
)
def test_moments(text, expected):
    assert moment(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "5y", "-1h", "2026-13-01"])
def test_what_is_not_a_moment_says_what_is(text):
    with pytest.raises(ValueError, match="use 2026-01-31"):
        moment(text, NOW)


def test_files_finished_before_the_time_asked_for_are_not_opened(log, monkeypatch):
    hours = iter(range(9))

    def name(first, _now):
        return files_name(first, datetime(2026, 1, 31, next(hours), tzinfo=UTC).timestamp())

    files_name = files.new_name
    monkeypatch.setattr("extproc.audit.writer.new_name", name)
    writer = log.writer(rotate_bytes=1)
    for hour in range(4):
        writer.add({"ts": f"2026-01-31T{hour:02d}:30:00.000Z", "request_id": hour})
        writer.flush()
    writer.close()
    assert len(log.files) == 4
    log.files[0].write_text("{}\n")
    wanted = Query(since="2026-01-31T02:10:00.000Z")
    assert [found["request_id"] for found in query(log.dir, wanted) if "type" not in found] == [
        2,
        3,
    ]


def test_read_skips_what_is_torn_or_not_json(log):
    log.write(2)
    log.rewrite(lambda lines: [lines[0], b"junk\n", *lines[1:], b'{"torn":'])
    assert [record["seq"] for record in read(log.dir)] == [1, 2, 3]


@pytest.mark.parametrize("count", [0, 1, 5, 100])
def test_last(log, count):
    log.write(20, rotate_bytes=1000, flush_each=True)
    assert len(log.files) > 2
    seqs = [record["seq"] for record in log.records]
    assert [record["seq"] for record in last(log.dir, count)] == (seqs[-count:] if count else [])


def test_following_sees_each_new_record_once_across_rotation(log):
    log.write(3)
    new = follow_new(log.dir)
    assert next(new) is None, "what was there before is not new"
    writer = log.writer(rotate_bytes=1)
    for index in range(3):
        writer.add({"request_id": f"new{index}"})
        writer.flush()
    writer.close()
    found = []
    while (record := next(new)) is not None:
        found.append(record)
    assert [record["request_id"] for record in found if "request_id" in record] == [
        "new0",
        "new1",
        "new2",
    ]
    assert len({record["seq"] for record in found}) == len(found)
    with log.files[-1].open("ab") as file:
        file.write(b'{"seq":')
    assert next(new) is None, "half a line is not a record yet"

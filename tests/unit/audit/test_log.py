from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from extproc.audit import log as module
from extproc.audit.files import Locked
from extproc.audit.log import AuditLog


async def until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        await asyncio.sleep(0.01)


async def test_records_reach_the_disk_without_close(log):
    audit = AuditLog(log.data)
    await audit.start()
    assert audit.append({"request_id": "a"})
    await until(lambda: audit.stats.written == 1)
    assert log.records[0]["request_id"] == "a"
    assert audit.stats.queued == 0
    assert log.verify().ok, "also while the writer lives"
    assert await audit.close() == 0


async def test_order_is_kept_and_close_flushes(log):
    audit = AuditLog(log.data, sync=False)
    await audit.start()
    for index in range(5000):
        audit.append({"request_id": index})
    assert await audit.close() == 0
    ids = [record["request_id"] for record in log.records if "request_id" in record]
    assert ids == list(range(5000))
    assert log.verify().ok


async def test_close_twice_and_append_after_close(log):
    audit = AuditLog(log.data)
    await audit.start()
    await audit.close()
    assert await audit.close() == 0
    assert not audit.append({"request_id": "late"})
    assert audit.stats.dropped == 1
    assert not audit.healthy


async def test_it_is_not_healthy_before_start(log):
    assert not AuditLog(log.data).healthy


async def test_a_second_log_on_the_same_directory_is_refused(log):
    audit = AuditLog(log.data)
    await audit.start()
    with pytest.raises(Locked):
        await AuditLog(log.data).start()
    await audit.close()


async def test_a_second_process_is_refused(log):
    audit = AuditLog(log.data)
    await audit.start()
    program = """
        import sys
        from pathlib import Path
        from extproc.audit.files import Locked
        from extproc.audit.log import AuditLog
        try:
            AuditLog(Path(sys.argv[1])).open()
        except Locked:
            sys.exit(7)
    """
    done = await asyncio.to_thread(_python, program, log.data)
    assert done.returncode == 7, done.stderr
    await audit.close()


class Gate:
    """Stops the writer thread at its next flush, as a stalled disk does."""

    def __init__(self, monkeypatch) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        real = module.Writer.flush

        def flush(writer):
            if threading.current_thread().name == "audit":
                self.entered.set()
                self.open.wait()
            real(writer)

        monkeypatch.setattr(module.Writer, "flush", flush)


@pytest.fixture
def gate(monkeypatch):
    gate = Gate(monkeypatch)
    yield gate
    gate.open.set()


async def _stalled(log, gate, capacity):
    audit = AuditLog(log.data, capacity=capacity)
    await audit.start()
    audit.append({"request_id": "first"})
    await until(gate.entered.is_set)
    return audit


async def test_half_full_is_unhealthy_and_full_drops_and_counts(log, gate):
    audit = await _stalled(log, gate, capacity=10)
    for index in range(4):
        assert audit.append({"request_id": index})
    assert audit.healthy
    assert audit.append({"request_id": 4})
    assert not audit.healthy, "half the queue is kept for exchanges in flight"
    assert all(audit.append({"request_id": index}) for index in range(5, 10))
    assert audit.stats.dropped == 0
    assert not audit.append({"request_id": 10})
    assert not audit.append({"request_id": 11})
    assert audit.stats.dropped == 2
    assert audit.stats.queued == 11
    gate.open.set()
    await until(lambda: audit.healthy)
    assert await audit.close() == 0
    assert sum("request_id" in record for record in log.records) == 11
    [dropped] = [record for record in log.records if record.get("type") == "dropped"]
    assert dropped["count"] == 2
    assert log.verify().notices == {"dropped": 1}


async def test_a_record_that_is_not_json_leaves_its_place(log):
    audit = AuditLog(log.data)
    await audit.start()
    audit.append({"request_id": "odd", "secret": object()})
    audit.append({"request_id": "next"})
    await audit.close()
    first, second, *_ = log.records
    assert first["type"] == "unwritable"
    assert (first["request_id"], first["error"]) == ("odd", "TypeError")
    assert second["request_id"] == "next"
    assert log.verify().ok


async def test_policy_changes_are_records_of_the_chain(log):
    audit = AuditLog(log.data)
    await audit.start()
    audit.append_policy_change(by="file watch", old="aaaa", new="bbbb", diff={"x": [1, 2]})
    await audit.close()
    record = log.records[0]
    assert record["type"] == "policy_change"
    assert (record["by"], record["old"], record["new"]) == ("file watch", "aaaa", "bbbb")
    assert record["diff"] == {"x": [1, 2]}


FULL = """
    import resource, signal, sys, time
    from pathlib import Path
    from extproc.audit.log import AuditLog

    def until(condition):
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    audit = AuditLog(Path(sys.argv[1]), capacity=100)
    audit.open()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    audit.append({"request_id": 0, "pad": "x" * 2000})
    until(lambda: audit.stats.failing == "EFBIG")
    assert audit.healthy, "the queue still holds"
    for index in range(1, 51):
        audit.append({"request_id": index})
    assert not audit.healthy
    if sys.argv[2] == "recovers":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        until(lambda: audit.stats.failing is None and audit.stats.queued == 0)
        assert audit.healthy
        assert audit.shut() == 0
    else:
        assert audit.shut(timeout=0.5) == 51
"""


def test_a_full_disk_is_visible_and_loses_nothing_when_it_recovers(log):
    done = _python(FULL, log.data, "recovers")
    assert done.returncode == 0, done.stderr
    found = log.verify()
    assert found.ok, found.problem
    ids = [record["request_id"] for record in log.records if "request_id" in record]
    assert ids == list(range(51))


def test_closing_on_a_full_disk_ends_and_tells_how_many_were_not_written(log):
    done = _python(FULL, log.data, "stays full")
    assert done.returncode == 0, done.stderr
    log.write(1)
    found = log.verify()
    assert found.ok
    assert found.notices == {"torn": 1}


KILLED = """
    import sys
    from pathlib import Path
    from extproc.audit.log import AuditLog

    audit = AuditLog(Path(sys.argv[1]), sync=False, rotate_bytes=20_000)
    audit.open()
    index = 0
    while True:
        audit.append({"request_id": f"r{index}"})
        index += 1
        if index % 500 == 0:
            print(audit.stats.written, flush=True)
        while audit.stats.queued > 2000:
            pass
"""


def test_killed_at_any_moment_the_log_goes_on(log):
    for round_number in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), str(log.data)],
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(),
        ) as process:
            written = 0
            while written < 2000 * (round_number + 1):
                written = int(process.stdout.readline())
            process.kill()
            process.wait()
        log.write(1)
        assert log.verify().ok, log.verify().problem


def _environment():
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def _python(program, *args):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, args)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=_environment(),
    )

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from extproc.audit.files import Locked


def test_files_are_private(log):
    log.write(3)
    assert log.dir.stat().st_mode & 0o777 == 0o700
    assert (log.data / "keys").stat().st_mode & 0o777 == 0o700
    for path in (*log.dir.iterdir(), *(log.data / "keys").iterdir()):
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_a_second_writer_is_refused(log):
    writer = log.writer()
    with pytest.raises(Locked, match="another process writes this audit log"):
        log.writer()
    writer.close()
    log.write(1)
    assert log.verify().ok


@pytest.mark.parametrize(("size", "files"), [(999, 1), (1000, 2), (1001, 2)])
def test_rotation_at_below_and_above_the_limit(log, size, files):
    writer = log.writer(rotate_bytes=1000)
    overhead = len(_line(log, writer, ""))
    writer.add({"pad": "x" * (size - 2 * overhead)})
    writer.flush()
    assert log.files[0].stat().st_size == size + (_checkpoint_size(log) if files == 2 else 0)
    writer.add({"pad": ""})
    writer.close()
    assert len(log.files) == files
    assert log.verify().ok


def test_names_sort_by_age(log):
    log.write(30, rotate_bytes=1500, flush_each=True)
    seqs = [record["seq"] for record in log.records]
    assert seqs == sorted(seqs)
    assert len(log.files) > 3


def test_a_rotated_file_ends_with_a_checkpoint(log):
    log.write(30, rotate_bytes=1500, flush_each=True)
    for path in log.files:
        assert b'"type":"checkpoint"' in path.read_bytes().splitlines()[-1]


@pytest.mark.parametrize(("count", "checkpoints"), [(9, 0), (10, 1), (11, 1), (20, 2)])
def test_a_checkpoint_every_n_records(log, count, checkpoints):
    writer = log.writer(checkpoint_every=10)
    for _ in range(count):
        writer.add({"x": 1})
    writer.flush()
    assert sum(record.get("type") == "checkpoint" for record in log.records) == checkpoints
    writer.close()


@pytest.mark.parametrize(
    "bad", [{"x": float("nan")}, {"x": object()}, {"x": {1: 2, "a": 3}}, {b"x": 1}]
)
def test_what_is_not_json_changes_nothing(log, bad):
    writer = log.writer()
    before = writer.link
    with pytest.raises((TypeError, ValueError)):
        writer.add(bad)
    assert writer.link == before
    writer.close()


def test_a_record_cannot_choose_its_place(log):
    writer = log.writer()
    writer.add({"seq": 99, "prev": "x", "hash": "y"})
    writer.close()
    assert log.verify().ok
    assert log.records[0]["seq"] == 1


def test_a_file_removed_under_the_writer_leaves_a_gap_and_a_new_file(log):
    writer = log.writer()
    writer.add({"request_id": "gone"})
    writer.flush()
    log.files[0].unlink()
    writer.add({"request_id": "kept"})
    writer.close()
    assert next(record.get("request_id") for record in log.records) == "kept"
    assert log.verify().problem.kind == "seq"


def test_a_file_truncated_under_the_writer_leaves_a_gap(log):
    writer = log.writer()
    for name in ("a", "b", "c"):
        writer.add({"request_id": name})
        writer.flush()
    log.rewrite(lambda lines: lines[:1])
    writer.add({"request_id": "d"})
    writer.close()
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("seq", 4)


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from extproc.audit.signing import load_or_create
    from extproc.audit import writer as module

    data = Path(sys.argv[1])
    log = module.Writer(data / "audit", load_or_create(data / "keys"))
    for index in range(5):
        log.add({"request_id": f"r{index}"})
    log.flush()
    real = os.write
    def torn(handle, data):
        real(handle, bytes(data)[: len(data) // 2 + 7])
        os.kill(os.getpid(), signal.SIGKILL)
    module.os.write = torn
    for index in range(5, 9):
        log.add({"request_id": f"r{index}"})
    log.flush()
"""


def test_kill_9_in_mid_write_loses_only_the_torn_line_and_says_so(log):
    done = _python(KILLED, log.data)
    assert done.returncode == -signal.SIGKILL
    assert not log.files[0].read_bytes().endswith(b"\n")
    assert log.verify().problem.kind == "torn"
    log.write(1)
    found = log.verify()
    assert found.ok
    assert found.notices == {"torn": 1}
    assert b'"request_id":"r6"' in log.files[0].read_bytes()
    [side] = log.side_files()
    assert side.stat().st_size == next(
        record["bytes"] for record in log.records if record.get("type") == "torn"
    )


FULL = """
    import resource, signal, sys
    from pathlib import Path
    from extproc.audit.signing import load_or_create
    from extproc.audit.writer import Writer

    data = Path(sys.argv[1])
    log = Writer(data / "audit", load_or_create(data / "keys"))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
    for index in range(40):
        log.add({"request_id": f"r{index}", "pad": "x" * 50})
    failures = 0
    for _ in range(3):
        try:
            log.flush()
        except OSError:
            failures += 1
    assert failures == 3, failures
    assert sum(path.stat().st_size for path in (data / "audit").glob("*.jsonl")) == 2000
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    log.close()
"""


def test_a_full_disk_loses_nothing_and_tears_nothing(log):
    done = _python(FULL, log.data)
    assert done.returncode == 0, done.stderr
    found = log.verify()
    assert found.ok, found.problem
    ids = [record["request_id"] for record in log.records if "request_id" in record]
    assert ids == [f"r{index}" for index in range(40)]


def _checkpoint_size(log):
    return sum(len(line) for line in log.lines if b'"type":"checkpoint"' in line)


def _line(log, writer, pad):
    writer.add({"pad": pad})
    writer.flush()
    return log.lines[-1]


def _python(program: str, *args: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, args)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )

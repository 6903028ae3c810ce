from __future__ import annotations

import hashlib

from extproc.audit.signing import PRIVATE_NAME, PUBLIC_NAME


def test_a_new_log_begins_at_one(log):
    log.write(1)
    assert log.records[0]["seq"] == 1
    assert log.records[0]["prev"] == "0" * 64


def test_a_second_run_goes_on_in_the_same_file(log):
    log.write(3)
    log.write(3)
    assert len(log.files) == 1
    assert [record["seq"] for record in log.records] == list(range(1, 9))
    assert log.verify().ok


def test_a_torn_line_is_set_aside_reported_and_continued_after(log):
    log.write(3)
    torn = b'{"action":"allow","request_id":"r'
    log.rewrite(lambda lines: [*lines, torn])
    log.write(3)
    found = log.verify()
    assert found.ok
    assert found.notices == {"torn": 1}
    [side] = log.side_files()
    assert side.read_bytes() == torn
    assert side.stat().st_mode & 0o777 == 0o600
    [notice] = [record for record in log.records if record.get("type") == "torn"]
    assert notice["bytes"] == len(torn)
    assert notice["side_file"] == side.name
    assert notice["sha256"] == hashlib.sha256(torn).hexdigest()
    assert notice["seq"] == 5


def test_a_line_that_lacks_only_its_newline_is_torn(log):
    log.write(3)
    head = (log.dir / "head.json").read_bytes()
    log.write(1)
    (log.dir / "head.json").write_bytes(head)
    log.rewrite(lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")])
    last = log.lines[-1]
    log.write(1)
    assert log.verify().ok
    assert [path.read_bytes() for path in log.side_files()] == [last]


def test_whole_records_after_the_head_are_kept(log):
    log.write(3)
    head = (log.dir / "head.json").read_bytes()
    log.write(3)
    (log.dir / "head.json").write_bytes(head)
    log.rewrite(lambda lines: [*lines, b"torn"])
    log.write(1)
    found = log.verify()
    assert found.ok
    assert found.notices == {"torn": 1}
    assert sum("request_id" in record for record in log.records) == 7


def test_zeros_after_a_power_cut_are_set_aside(log):
    log.write(3)
    log.rewrite(lambda lines: [*lines, b"\x00" * 4096 + b"\n", b"\x00" * 10])
    log.write(1)
    assert log.verify().ok
    assert [path.stat().st_size for path in log.side_files()] == [4107]


def test_records_forged_after_the_head_do_not_become_part_of_the_chain(log):
    log.write(3)
    log.rewrite(lambda lines: [*lines, lines[0]])
    log.write(1)
    assert log.verify().ok
    assert len(log.side_files()) == 1


def test_a_shortened_tail_stays_visible_after_a_restart(log):
    log.write(10)
    log.rewrite(lambda lines: lines[:-4])
    log.write(5)
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("seq", 12)
    assert "4 missing" in problem.message
    assert any(record.get("type") == "recovery" for record in log.records)


def test_removed_files_stay_visible_after_a_restart(log):
    log.write(10)
    log.files[0].unlink()
    log.write(5)
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("seq", 12)


def test_a_removed_head_stays_visible_after_a_restart(log):
    log.write(10)
    (log.dir / "head.json").unlink()
    log.rewrite(lambda lines: lines[:-4])
    log.write(5)
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("recovery", 8)


def test_a_lost_key_stays_visible(log):
    log.write(10)
    (log.data / "keys" / PRIVATE_NAME).unlink()
    (log.data / "keys" / PUBLIC_NAME).unlink()
    log.write(5)
    assert log.verify().problem.kind == "signature"

"""Each test does to a finished log what an intruder, or an accident, would do."""

from __future__ import annotations

import json
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from extproc.audit.chain import GENESIS, Link, seal
from extproc.audit.head import Head, write_head
from extproc.audit.signing import Signer


def test_an_untouched_log_verifies(log):
    log.write(25, checkpoint_every=10)
    found = log.verify()
    assert found.ok
    assert found.records == 25 + found.checkpoints
    assert found.checkpoints == 3
    assert found.signed_seq == found.link.seq == found.records
    assert found.first_seq == 1


def test_a_log_without_records_verifies(log):
    log.write(0)
    assert log.verify().ok


def test_a_directory_without_a_log_does_not(log):
    log.write(0)
    (log.dir / "head.json").unlink()
    assert log.verify().problem.kind == "empty"


def test_a_changed_record_is_named(log):
    log.write(20)
    log.rewrite(lambda lines: [line.replace(b'"r4"', b'"rX"') for line in lines])
    problem = log.verify().problem
    assert (problem.kind, problem.seq, problem.line) == ("hash", 5, 5)
    assert problem.file == log.files[0].name
    assert str(problem).startswith(f"{log.files[0].name}:5: record 5: ")


def test_a_record_with_a_new_hash_breaks_the_next_link(log):
    log.write(20)

    def forge(lines):
        link = Link(4, json.loads(lines[3])["hash"])
        forged, _ = seal(link, {"request_id": "forged", "action": "allow"})
        return [*lines[:4], forged, *lines[5:]]

    log.rewrite(forge)
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("prev", 6)


def test_a_chain_built_anew_fails_at_the_checkpoint(log):
    log.write(20, checkpoint_every=10)
    log.rewrite(lambda lines: _rechain(lines, 3))
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("signature", 11)


def test_a_chain_built_anew_without_checkpoints_fails_at_the_head(log):
    log.write(20, checkpoint_every=10)

    def strip(lines):
        plain = [line for line in lines if b'"type":"checkpoint"' not in line]
        filler = [plain[-1]] * (len(lines) - len(plain))
        return _rechain([*plain, *filler], 0)

    log.rewrite(strip)
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("head", 22)


def test_a_signature_by_another_key_fails(log):
    log.write(20, checkpoint_every=10)
    stranger = Signer(Ed25519PrivateKey.generate())
    log.rewrite(lambda lines: _rechain(lines, 3, stranger))
    last = log.records[-1]
    head = Head(Link(last["seq"], last["hash"]), log.files[0].name, log.files[0].stat().st_size)
    write_head(log.dir, head, stranger)
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("signature", 11)


def test_a_head_signed_by_another_key_fails(log):
    log.write(5)
    last = log.records[-1]
    head = Head(Link(last["seq"], last["hash"]), log.files[0].name, 0)
    write_head(log.dir, head, Signer(Ed25519PrivateKey.generate()))
    assert log.verify().problem.kind == "head"


def test_a_removed_record_is_a_gap(log):
    log.write(20)
    log.rewrite(lambda lines: [*lines[:7], *lines[8:]])
    problem = log.verify().problem
    assert (problem.kind, problem.seq, problem.line) == ("seq", 9, 8)
    assert "1 missing" in problem.message


def test_swapped_records_are_named(log):
    log.write(20)
    log.rewrite(lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]])
    problem = log.verify().problem
    assert (problem.kind, problem.seq, problem.line) == ("seq", 5, 4)


def test_a_repeated_record_is_named(log):
    log.write(20)
    log.rewrite(lambda lines: [*lines[:3], lines[2], *lines[3:]])
    problem = log.verify().problem
    assert (problem.kind, problem.seq, problem.line) == ("seq", 3, 4)


@pytest.mark.parametrize("cut", [1, 2, 15])
def test_removed_last_records_show(log, cut):
    log.write(20)
    log.rewrite(lambda lines: lines[:-cut])
    problem = log.verify().problem
    assert (problem.kind, problem.seq) == ("tail", 22 - cut)
    assert f"{cut} records" in problem.message


def test_a_removed_head_shows(log):
    log.write(20)
    (log.dir / "head.json").unlink()
    assert log.verify().problem.kind == "head"


@pytest.mark.parametrize("victim", [0, 1, 2])
def test_a_removed_file_shows(log, victim):
    log.write(30, rotate_bytes=1000, flush_each=True)
    assert len(log.files) > 3
    log.files[victim].unlink()
    assert log.verify().problem.kind == "seq"


def test_the_last_file_removed_shows(log):
    log.write(30, rotate_bytes=1000, flush_each=True)
    log.files[-1].unlink()
    assert log.verify().problem.kind == "tail"


def test_archived_files_are_accepted_when_said_so(log):
    log.write(30, rotate_bytes=1000, flush_each=True)
    log.files[0].unlink()
    assert not log.verify().ok
    found = log.verify(pruned=True)
    assert found.ok
    assert found.first_seq > 1


def test_pruning_does_not_excuse_a_gap_later(log):
    log.write(30, rotate_bytes=1000, flush_each=True)
    log.files[1].unlink()
    assert log.verify(pruned=True).problem.kind == "seq"


@pytest.mark.parametrize(
    "spelling",
    [
        lambda line: line.replace(b'{"action"', b'{ "action"'),
        lambda line: line.replace(b'"r3"', b'"\\u00723"'),
        lambda line: line.replace(b'{"action":"allow"', b'{"action":"block","action":"allow"'),
        lambda line: b" " + line,
    ],
)
def test_another_spelling_of_the_same_record_is_named(log, spelling):
    """Readers of the raw file must see what the verifier sees."""
    log.write(6)
    log.rewrite(lambda lines: [*lines[:3], spelling(lines[3]), *lines[4:]])
    problem = log.verify().problem
    assert (problem.kind, problem.line) == ("form", 4)


@pytest.mark.parametrize(
    "junk",
    [b"\n", b"junk\n", b"[]\n", b"{}\n", b"\x00" * 40 + b"\n", b'{"seq":true}\n', b"[" * 99999],
)
def test_junk_lines_are_named(log, junk):
    log.write(6)
    log.rewrite(lambda lines: [*lines[:3], junk.rstrip(b"\n") + b"\n", *lines[3:]])
    problem = log.verify().problem
    assert (problem.kind, problem.line, problem.seq) == ("json", 4, 4)


def test_a_torn_line_of_a_dead_writer_is_named(log):
    log.write(6)
    log.rewrite(lambda lines: [*lines, b'{"action":"al'])
    problem = log.verify().problem
    assert (problem.kind, problem.line, problem.seq) == ("torn", 8, 8)


def test_a_torn_line_of_a_live_writer_is_not_an_error(log):
    writer = log.writer()
    writer.add({"request_id": "r"})
    writer.flush()
    with log.files[0].open("ab") as file:
        file.write(b'{"action":"al')
    assert log.verify().ok
    writer.close()


def test_records_after_the_head_are_followed(log):
    log.write(6)
    before = (log.dir / "head.json").read_bytes()
    log.write(6)
    (log.dir / "head.json").write_bytes(before)
    found = log.verify()
    assert found.ok
    assert found.link.seq == 14


def test_an_anchor_shows_a_whole_log_replaced_by_an_older_copy(log):
    log.write(6)
    old = {path: path.read_bytes() for path in (log.files[0], log.dir / "head.json")}
    log.write(6)
    anchor = log.verify().link
    assert log.verify(anchor).ok
    for path, content in old.items():
        path.write_bytes(content)
    assert log.verify().ok
    assert log.verify(anchor).problem.kind == "anchor"


def test_an_anchor_that_names_another_hash_fails(log):
    log.write(6)
    problem = log.verify(Link(3, GENESIS)).problem
    assert (problem.kind, problem.seq) == ("anchor", 3)


def test_problems_never_quote_a_record(log):
    log.write(6)
    log.rewrite(lambda lines: [line.replace(b'"r4"', b'"very secret"') for line in lines])
    assert not re.search("secret", str(log.verify().problem))


def _rechain(lines, start, signer=None):
    """What someone who can write the file and knows the format would do."""
    link = Link() if start == 0 else Link(start, json.loads(lines[start - 1])["hash"])
    out = lines[:start]
    for line in lines[start:]:
        record = json.loads(line)
        if signer is None:
            record["request_id"] = "forged" if "request_id" in record else None
        elif record.get("type") == "checkpoint":
            members = {
                "type": "checkpoint",
                "ts": record["ts"],
                "seq": link.seq + 1,
                "prev": link.hash,
            }
            record = signer.sign(members)
        else:
            record["request_id"] = "forged"
        new, link = seal(link, record)
        out.append(new)
    return out

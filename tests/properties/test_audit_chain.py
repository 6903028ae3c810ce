from __future__ import annotations

import json
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extproc.audit.chain import Broken, Link, follow, seal
from extproc.audit.head import HEAD_NAME
from extproc.audit.signing import PUBLIC_NAME, load_or_create, load_verifier
from extproc.audit.verify import verify
from extproc.audit.writer import Writer

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.dictionaries(st.text(max_size=8).filter(lambda key: key != "type"), VALUES, max_size=4)
OWN = {"seq", "prev", "hash"}


@given(st.lists(RECORDS, max_size=6))
def test_what_is_sealed_is_followed_and_read_back(records):
    written = read = Link()
    for record in records:
        line, written = seal(written, record)
        assert line.count(b"\n") == 1
        assert line.isascii()
        back, read = follow(read, line)
        kept = {key: value for key, value in record.items() if key not in OWN}
        assert {key: value for key, value in back.items() if key not in OWN} == json.loads(
            json.dumps(kept)
        )
        assert read == written


@given(RECORDS, st.data())
def test_no_changed_byte_is_accepted(record, data):
    line, link = seal(Link(), record)
    at = data.draw(st.integers(0, len(line) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != line[at]))
    changed = line[:at] + bytes([byte]) + line[at + 1 :]
    try:
        follow(Link(), changed)
    except Broken:
        return
    raise AssertionError(f"accepted a change at byte {at} of {link.seq}")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
def test_a_number_that_no_record_can_have_breaks_the_chain(number):
    line, _ = seal(Link(), {"cost_usd": 1.5})
    with pytest.raises(Broken, match="a number that JSON cannot carry"):
        follow(Link(), line.replace(b"1.5", number.encode()))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_broken(line):
    try:
        follow(Link(), line)
    except Broken as broken:
        assert broken.kind in {"json", "form", "hash", "seq", "prev"}
    else:
        raise AssertionError("accepted random bytes")


@contextmanager
def _log(count: int):
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        writer = _writer(data)
        for index in range(count):
            writer.add({"request_id": f"r{index}"})
            writer.flush()
        writer.close()
        yield data


def _writer(data: Path) -> Writer:
    signer = load_or_create(data / "keys")
    return Writer(data / "audit", signer, sync=False, rotate_bytes=900, checkpoint_every=4)


def _kill(writer: Writer) -> None:
    """Gives back what the kernel takes back when a process dies, and does nothing else."""
    os.close(writer._lock)
    if writer._handle is not None:
        os.close(writer._handle)


def _verify(data: Path):
    return verify(data / "audit", load_verifier(data / "keys" / PUBLIC_NAME))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 12), st.data())
def test_any_edit_of_the_lines_is_found(count, data):
    with _log(count) as directory:
        assert _verify(directory).ok
        files = sorted((directory / "audit").glob("*.jsonl"))
        lines = [line for file in files for line in file.read_bytes().splitlines(keepends=True)]
        if not lines:
            return
        keep = data.draw(st.lists(st.sampled_from(range(len(lines))), max_size=len(lines) + 2))
        edited = [lines[index] for index in keep]
        for file in files[1:]:
            file.unlink()
        files[0].write_bytes(b"".join(edited))
        assert _verify(directory).ok == (edited == lines)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 8), st.integers(0, 8), st.data())
def test_a_crash_at_any_byte_after_the_head_loses_no_earlier_record(before, after, data):
    """Kill -9 leaves a prefix of what was written, and an older head."""
    with _log(before) as directory:
        audit = directory / "audit"
        head = (audit / HEAD_NAME).read_bytes()
        writer = _writer(directory)
        for index in range(after):
            writer.add({"request_id": f"later{index}"})
        # No flush of ours: the kernel took only some of the bytes.
        cut = data.draw(st.integers(0, len(writer._pending)))
        files = sorted(audit.glob("*.jsonl"))
        path = files[-1] if files else audit / "audit-000000000001-20260101T000000Z.jsonl"
        with path.open("ab") as file:
            file.write(writer._pending[:cut])
        whole = bytes(writer._pending[:cut]).count(b"\n")
        torn = cut - (bytes(writer._pending[:cut]).rfind(b"\n") + 1)
        _kill(writer)
        (audit / HEAD_NAME).write_bytes(head)
        _writer(directory).close()
        found = _verify(directory)
        assert found.ok, found.problem
        assert found.notices == ({"torn": 1} if torn else {})
        text = b"".join(file.read_bytes() for file in sorted(audit.glob("*.jsonl")))
        assert text.count(b'"request_id":"later') + text.count(b'"type":"checkpoint"') >= whole

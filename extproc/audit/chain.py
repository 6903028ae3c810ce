"""The hash chain: how records become lines, and how a line is checked.

A line is one record as canonical JSON (ASCII, sorted keys, no white space)
with `hash` as its last member. `hash` is the SHA-256 of the canonical record
without it; `prev` is the hash of the record before, `GENESIS` for the first;
`seq` counts from 1 without gaps over all files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """The end of the chain so far."""

    seq: int = 0
    hash: str = GENESIS


class Broken(Exception):
    """A line that does not continue the chain."""

    def __init__(self, kind: str, message: str, seq: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        """``json``, ``form``, ``hash``, ``seq``, ``prev`` or ``signature``."""
        self.seq = seq


def canonical(record: Mapping[str, Any]) -> bytes:
    """Raises `TypeError` or `ValueError` for what JSON cannot carry, NaN included."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def seal(link: Link, record: Mapping[str, Any]) -> tuple[bytes, Link]:
    """The next line, newline included, and the new end of the chain."""
    body = {**record, "seq": link.seq + 1, "prev": link.hash}
    body.pop("hash", None)
    data = canonical(body)
    digest = hashlib.sha256(data).hexdigest()
    return _with_hash(data, digest), Link(link.seq + 1, digest)


def follow(link: Link | None, line: bytes) -> tuple[Record, Link]:
    """Checks that `line` (with its newline) is the record after `link`.

    Without a link any place in a chain will do: only the record's own hash is
    checked. Raises `Broken`.
    """
    record = _parse(line)
    seq, digest = record.get("seq"), record.pop("hash", None)
    if type(seq) is not int or not isinstance(digest, str):
        raise Broken("json", "not an audit record: seq or hash is missing")
    try:
        data = canonical(record)
    except ValueError:  # 1e999, NaN: Python reads them, no record has them
        raise Broken("json", "not an audit record: a number that JSON cannot carry", seq) from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise Broken("hash", "the record was changed: its hash does not match", seq)
    if line != _with_hash(data, digest):
        raise Broken("form", "not in canonical form: the line was rewritten", seq)
    if link is not None:
        _check_place(link, record, seq)
    record["hash"] = digest
    return record, Link(seq, digest)


def _check_place(link: Link, record: Record, seq: int) -> None:
    if seq > link.seq + 1:
        missing = seq - link.seq - 1
        raise Broken("seq", f"{missing} missing before it: it follows {link.seq}", seq)
    if seq <= link.seq:
        raise Broken("seq", f"out of order: it follows {link.seq}", seq)
    if record.get("prev") != link.hash:
        raise Broken("prev", "prev is not the hash of the record before: one was changed", seq)


def _parse(line: bytes) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise Broken("json", "not a line of JSON") from None
    if not isinstance(record, dict):
        raise Broken("json", "not a JSON object")
    return record


def _with_hash(data: bytes, digest: str) -> bytes:
    return b'%b,"hash":"%b"}\n' % (data[:-1], digest.encode("ascii", "replace"))

"""Checks an audit log from its first record to its signed head, in one pass.

Every record must hash to its `hash`, follow the one before, and every
checkpoint and the head must be signed. Works on a log that is being written:
the head is read first, so all it vouches for must be found after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extproc.audit.chain import Broken, Link, follow
from extproc.audit.files import is_live, log_files
from extproc.audit.head import BadHead, Head, read_head
from extproc.audit.signing import Verifier

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """The first thing wrong, and where."""

    kind: str
    """``json``, ``form``, ``hash``, ``seq``, ``prev``, ``signature``, ``torn``, ``tail``,
    ``head``, ``recovery``, ``anchor`` or ``empty``."""
    message: str
    file: str | None = None
    line: int | None = None
    """From 1."""
    seq: int | None = None

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            place = self.file if self.line is None else f"{self.file}:{self.line}"
            place += ": "
        name = "" if self.seq is None else f"record {self.seq}: "
        return f"{place}{name}{self.message}"


@dataclass(slots=True)
class Verification:
    """What was found. The log is sound when `problem` is `None`."""

    fingerprints: tuple[str, ...]
    files: int = 0
    records: int = 0
    """Records that were checked and found good."""
    first_seq: int | None = None
    link: Link = field(default_factory=Link)
    """The last good record."""
    checkpoints: int = 0
    signed_seq: int = 0
    """The last record that a signature covers."""
    notices: dict[str, int] = field(default_factory=dict)
    """How many records of the chain tell of trouble, by type: ``torn``, ``dropped`` …"""
    problem: Problem | None = None

    @property
    def ok(self) -> bool:
        return self.problem is None


NOTICES = ("torn", "dropped", "unwritable", "recovery")


class _Stop(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def verify(
    directory: Path,
    verifier: Verifier,
    *,
    anchor: Link | None = None,
    pruned: bool = False,
) -> Verification:
    """Checks the log in `directory`.

    `anchor` is a record noted down elsewhere that the chain must contain.
    `pruned` accepts that the oldest files were archived: the chain then starts
    at the first record found.
    """
    result = Verification(verifier.fingerprints)
    try:
        _verify(directory, verifier, anchor, pruned, result)
    except _Stop as stop:
        result.problem = stop.problem
    return result


def _verify(
    directory: Path,
    verifier: Verifier,
    anchor: Link | None,
    pruned: bool,
    result: Verification,
) -> None:
    head_problem: str | None = None
    head: Head | None = None
    live = is_live(directory)
    try:
        head = read_head(directory, verifier)
    except BadHead as problem:
        head_problem = str(problem)
    wanted = [link for link in (anchor, None if head is None else head.link) if link is not None]
    for place, line in _lines(directory, live, result):
        link = _check(place, line, verifier, pruned, result)
        for mark in wanted:
            if mark.seq == link.seq and mark.hash != link.hash:
                raise _Stop(_rewritten(place, link, mark, anchor))
    _check_end(head, head_problem, anchor, result)


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    line: int


def _lines(directory: Path, live: bool, result: Verification) -> Iterator[tuple[_Place, bytes]]:
    files = log_files(directory)
    for path in files:
        result.files += 1
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n"):
                    yield _Place(path.name, number), line
                elif not (live and path == files[-1]):
                    message = f"torn line: {len(line)} bytes without an end"
                    seq = result.link.seq + 1
                    raise _Stop(Problem("torn", message, path.name, number, seq))


def _check(
    place: _Place, line: bytes, verifier: Verifier, pruned: bool, result: Verification
) -> Link:
    anywhere = pruned and result.first_seq is None
    try:
        record, link = follow(None if anywhere else result.link, line)
        _check_kind(record, link, verifier, result)
    except Broken as broken:
        seq = broken.seq if broken.seq is not None else result.link.seq + 1
        raise _Stop(Problem(broken.kind, str(broken), place.file, place.line, seq)) from None
    if result.first_seq is None:
        result.first_seq = link.seq
    result.link = link
    result.records += 1
    return link


def _check_kind(record: Record, link: Link, verifier: Verifier, result: Verification) -> None:
    kind = record.get("type")
    if kind == "checkpoint":
        if not verifier.accepts(record):
            since = f"it or a record after {result.signed_seq} was rewritten"
            raise Broken("signature", f"the checkpoint's signature fails: {since}", link.seq)
        result.checkpoints += 1
        result.signed_seq = link.seq
    elif kind in NOTICES:
        result.notices[kind] = result.notices.get(kind, 0) + 1
        if kind == "recovery":
            message = f"the chain was taken up again unproven: {record.get('reason')}"
            raise Broken("recovery", message, link.seq)


def _rewritten(place: _Place, link: Link, mark: Link, anchor: Link | None) -> Problem:
    who = "anchor" if mark is anchor else "signed head"
    message = f"not the record that the {who} names: it or one before it was rewritten"
    kind = "anchor" if mark is anchor else "head"
    return Problem(kind, message, place.file, place.line, link.seq)


def _check_end(
    head: Head | None, head_problem: str | None, anchor: Link | None, result: Verification
) -> None:
    last = result.link.seq
    if head_problem is not None:
        raise _Stop(Problem("head", head_problem, "head.json"))
    if head is None:
        if result.records == 0:
            raise _Stop(Problem("empty", "no audit log there"))
        raise _Stop(Problem("head", "the signed head is missing", "head.json"))
    if head.link.seq > last:
        missing = head.link.seq - last
        message = f"shortened tail: {missing} records after {last} are missing"
        raise _Stop(Problem("tail", message, head.file, None, last + 1))
    result.signed_seq = max(result.signed_seq, head.link.seq)
    if anchor is not None and not (result.first_seq or 0) <= anchor.seq <= last:
        raise _Stop(Problem("anchor", "the anchored record is missing", None, None, anchor.seq))

"""The signed head: where the chain ended when it was last written.

A log cut at its end is still a valid chain; only a signed word on where it
ended shows the cut. The head is replaced after every flush, never before the
records it covers are on disk.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from extproc.audit.chain import Link, canonical
from extproc.audit.record import timestamp
from extproc.audit.signing import Signer, Verifier, write_private

HEAD_NAME = "head.json"


@dataclass(frozen=True, slots=True)
class Head:
    """The last record covered, and the byte after it."""

    link: Link
    file: str | None
    """Name of the file that holds it; ``None`` for an empty chain."""
    offset: int


class BadHead(Exception):
    """The head is there but cannot be believed."""


def write_head(directory: Path, head: Head, signer: Signer, *, sync: bool = True) -> None:
    """Raises `OSError`."""
    members = {
        "type": "head",
        "seq": head.link.seq,
        "at": head.link.hash,
        "file": head.file,
        "offset": head.offset,
        "ts": timestamp(time.time()),
    }
    content = canonical(signer.sign(members)) + b"\n"
    write_private(directory / HEAD_NAME, content, sync=sync)


def read_head(directory: Path, verifier: Verifier) -> Head | None:
    """`None` when there is none. Raises `BadHead`."""
    try:
        raw = json.loads((directory / HEAD_NAME).read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise BadHead("the head is not JSON") from error
    if not isinstance(raw, dict) or raw.get("type") != "head" or not verifier.accepts(raw):
        raise BadHead("the head's signature does not verify")
    return Head(Link(raw["seq"], raw["at"]), raw["file"], raw["offset"])

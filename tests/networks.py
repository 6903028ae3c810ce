"""The shipped networks, opened once for all tests of a process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from extproc import resources
from extproc.models.encoder import Encoder
from extproc.models.injection import MiniLM


@cache
def encoder() -> Encoder:
    return Encoder(resources.path("models/encoder"))


@cache
def classifier() -> MiniLM:
    return MiniLM(resources.path("models/injection"), encoder())


def sign(folder: Path, names: Iterable[str]) -> None:
    """Writes `SHA256SUMS` for what stands in `folder`."""
    sums = ((hashlib.sha256((folder / name).read_bytes()).hexdigest(), name) for name in names)
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in sums))

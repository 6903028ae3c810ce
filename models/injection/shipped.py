"""What is shipped of this folder, and the classifier that it belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from extproc.models.encoder import Encoder
from extproc.models.injection import MiniLM

HERE = Path(__file__).parent
SHIPPED = ("calibration.json", "sieve.npz")


def classifier() -> MiniLM:
    """The shipped encoder, calibrated as the files here say."""
    return MiniLM(HERE, Encoder(HERE.parent / "encoder"))


def digests(folder: Path = HERE, names: Sequence[str] = SHIPPED) -> None:
    """Writes `SHA256SUMS` of those of `names` that are there."""
    found = [name for name in names if (folder / name).exists()]
    sums = ((hashlib.sha256((folder / name).read_bytes()).hexdigest(), name) for name in found)
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for digest, name in sums))

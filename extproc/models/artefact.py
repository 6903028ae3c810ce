"""Files of a model as they were shipped: each is held against `SHA256SUMS` before it is used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path


def digests(
    folder: Path, names: Iterable[str], what: str, error: type[Exception]
) -> Mapping[str, str]:
    """All of `SHA256SUMS` by file name, once `names` have been compared with their files.

    Raises `error` when one of `names` differs, or cannot be read: then it begins with `what`.
    """
    try:
        lines = (folder / "SHA256SUMS").read_text().splitlines()
        named = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
        for name in names:
            with (folder / name).open("rb") as file:
                actual = hashlib.file_digest(file, "sha256").hexdigest()
            if named.get(name) != actual:
                raise error(f"{folder / name} is not the file that SHA256SUMS names")
    except OSError as failed:
        raise error(f"{what} in {folder}: {failed.strerror}") from failed
    return named

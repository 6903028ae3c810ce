"""A volume of a Secret or ConfigMap, as the kubelet writes and swaps it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

_COUNT = itertools.count()


def mount(folder: Path, files: Mapping[str, str]) -> Path:
    """Files are links into a folder that a link names; only that link is ever replaced."""
    own = folder / f"..{next(_COUNT)}"
    own.mkdir(parents=True)
    for name, text in files.items():
        (own / name).write_text(text)
        (own / name).chmod(0o440)
    new = folder / "..data_tmp"
    new.symlink_to(own.name)
    new.replace(folder / "..data")
    for name in files:
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(f"..data/{name}")
    return folder

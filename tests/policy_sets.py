"""Policy directories for tests."""

from __future__ import annotations

import shutil
from pathlib import Path

from extproc.inspectors import SECTIONS
from extproc.policy.load import load
from extproc.policy.model import PolicySet

ROOT = Path(__file__).parents[1]
HEAD = "apiVersion: extproc/v1\nkind: Policy\n"
PLAIN = f"{HEAD}metadata: {{name: plain, owner: me}}\n"


def write(directory: Path, **files: str) -> Path:
    """A directory with the default registry and `files`, each named without its suffix."""
    directory.mkdir(exist_ok=True)
    if "models" not in files:
        shutil.copy(ROOT / "policies" / "models.yaml", directory)
    for name, text in files.items():
        (directory / f"{name}.yaml").write_text(text)
    return directory


def loaded(directory: Path, **files: str) -> PolicySet:
    return load(write(directory, **files), SECTIONS)


class ConfigMap:
    """A directory as the kubelet mounts a ConfigMap: links through a link that is swapped."""

    def __init__(self, mount: Path) -> None:
        self.mount = mount
        self._version = 0
        mount.mkdir()

    def publish(self, **files: str) -> None:
        self._version += 1
        target = self.mount / f"..2026_{self._version}"
        write(target, **files)
        link = self.mount / "..data_tmp"
        link.symlink_to(target.name)
        link.rename(self.mount / "..data")
        for file in target.iterdir():
            entry = self.mount / file.name
            if not entry.is_symlink():
                entry.symlink_to(f"..data/{file.name}")

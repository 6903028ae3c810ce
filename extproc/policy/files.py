"""The files of a policy directory, read as of one moment."""

from __future__ import annotations

import stat
from pathlib import Path

CONFIG_MAP_LINK = "..data"
"""What Kubernetes swaps when a mounted ConfigMap or Secret changes."""

Fingerprint = tuple[tuple[str, int, int, int], ...]


class Files:
    """A directory of policies and the files they name elsewhere.

    A mounted ConfigMap is read through the target its link has now, so that a
    swap in mid-read cannot mix two versions.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        link = directory / CONFIG_MAP_LINK
        self._base = link.resolve() if link.is_symlink() else directory
        self._beside: dict[str, Path] = {}
        self._named: set[str] = set()

    def names(self) -> list[str]:
        """Names as errors show them, sorted. Raises `OSError`."""
        return [
            str(self.directory / path.name)
            for path in sorted(self.directory.iterdir())
            if path.suffix in {".yaml", ".yml"}
            and not path.name.startswith(".")
            and self._current(path).is_file()
        ]

    def read(self, name: str) -> bytes:
        """Raises `OSError`."""
        return self._current(Path(name)).read_bytes()

    def read_beside(self, file: str) -> tuple[str, bytes]:
        """A file of secrets that a document names, relative to the directory. Raises `OSError`."""
        path = self._path(file)
        self._beside[file] = path
        return str(self.directory / file), path.read_bytes()

    def read_named(self, file: str) -> bytes:
        """Any other file that a document names. Raises `OSError`."""
        self._named.add(file)
        return self._path(file).read_bytes()

    def writable_by_others(self, file: str) -> bool:
        return bool(self._path(file).stat().st_mode & stat.S_IWOTH)

    def outside(self) -> tuple[Path, ...]:
        """Files read that are not in the directory itself."""
        return tuple(
            sorted(
                path
                for file in (*self._beside, *self._named)
                if (path := self.directory / file).parent != self.directory
            )
        )

    def warnings(self) -> tuple[str, ...]:
        """What is unwise and allowed."""
        return tuple(
            f"{self.directory / file}: holds key hashes and can be read by everyone; use mode 0640"
            for file, path in sorted(self._beside.items())
            if path.stat().st_mode & stat.S_IROTH
        )

    def _path(self, file: str) -> Path:
        return self._current(self.directory / file)

    def _current(self, path: Path) -> Path:
        current = self._base / path.name
        return current if path.parent == self.directory and current.exists() else path


def fingerprint(directory: Path, outside: tuple[Path, ...] = ()) -> Fingerprint:
    """Changes when a file does: names, sizes, times and inodes. Files that are gone are left out."""
    try:
        paths = sorted(directory.iterdir())
    except OSError:
        paths = []
    found: list[tuple[str, int, int, int]] = []
    for path in (*paths, *outside):
        try:
            status = path.stat()
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode) or path.name == CONFIG_MAP_LINK:
            found.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)

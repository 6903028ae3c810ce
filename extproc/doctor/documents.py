"""Which form the input has, and its one model."""

from __future__ import annotations

from pathlib import Path

from extproc.doctor.istio.folder import proxies as from_manifests
from extproc.doctor.model import Subject
from extproc.doctor.node import Node
from extproc.doctor.proxy.assemble import assemble
from extproc.doctor.proxy.resources import collect
from extproc.doctor.read import UnreadableError, files_below, read_file

EXPECTED = (
    "an Envoy /config_dump or bootstrap, `istioctl proxy-config all -o json`, "
    "or a folder of manifests"
)


def subject(path: Path) -> Subject:
    """Raises `UnreadableError` where there is nothing that can be judged."""
    if not path.exists():
        raise UnreadableError(f"{path}: no such file or folder")
    if path.is_dir():
        files = files_below(path)
        if not files:
            raise UnreadableError(f"{path}: no YAML or JSON files; expected {EXPECTED}")
    else:
        files = [path]
    roots = {file: [d.root for d in read_file(file, _name(file, path))] for file in files}
    found = from_roots(roots, path)
    if not found.proxies and not found.workloads and not found.remarks:
        raise UnreadableError(f"{path}: holds no configuration of a proxy; expected {EXPECTED}")
    return found


def _name(file: Path, path: Path) -> str:
    return str(file) if file == path else str(path / file.relative_to(path))


def from_roots(roots: dict[Path, list[Node]], path: Path) -> Subject:
    """Manifests are known by `apiVersion` and `kind`; what else there is, is Envoy's."""
    manifests = {
        file: [r for r in _unlisted(found) if is_manifest(r)] for file, found in roots.items()
    }
    others = [r for found in roots.values() for r in found if not r.get("kind").text()]
    resources = collect(others)
    mine = Subject((assemble(resources),)) if resources else Subject(())
    if not any(manifests.values()):
        return mine
    theirs = from_manifests(manifests, path)
    return Subject(mine.proxies + theirs.proxies, theirs.workloads, theirs.remarks)


def is_manifest(root: Node) -> bool:
    return bool(root.get("apiVersion").text() and root.get("kind").text())


def _unlisted(roots: list[Node]) -> list[Node]:
    """`kubectl get -o yaml` wraps manifests in a list."""
    found: list[Node] = []
    for root in roots:
        if root.get("kind").text().endswith("List") and root.has("items"):
            found.extend(root.get("items").items())
        else:
            found.append(root)
    return found

"""Which manifests are applied together: a kustomization with all it draws in, else the folder."""

from __future__ import annotations

from pathlib import Path

from extproc.doctor.node import Node
from extproc.doctor.read import UnreadableError, read_file

KUSTOMIZATION = ("kustomization.yaml", "kustomization.yml", "Kustomization")
Manifests = dict[Path, list[Node]]


def units(manifests: Manifests, path: Path) -> dict[str, list[Node]]:
    """By name. Kustomizations that others draw in are no units of their own."""
    kustomizations = {
        file.resolve(): nodes[0]
        for file, nodes in manifests.items()
        if file.name in KUSTOMIZATION and nodes
    }
    if not kustomizations or not path.is_dir():
        return {"": [node for nodes in manifests.values() for node in nodes]}
    known = {file.resolve(): nodes for file, nodes in manifests.items()}
    drawn = {
        target / name
        for file, node in kustomizations.items()
        for target in _resources(file, node)
        for name in KUSTOMIZATION
    }
    tops = [
        file
        for file, node in kustomizations.items()
        if file not in drawn and node.get("kind").text() != "Component"
    ]
    return {str(file.parent.name): _draw(file, known, set()) for file in tops}


def _resources(file: Path, node: Node) -> list[Path]:
    return [(file.parent / each).resolve() for each in node.get("resources").texts()]


def _draw(file: Path, known: Manifests, seen: set[Path]) -> list[Node]:
    """Everything that a kustomization applies; patches and remote resources are left out."""
    if file in seen:
        return []
    seen.add(file)
    nodes: list[Node] = []
    for root in _read(file, known)[:1]:
        for target in _resources(file, root):
            if target.is_dir():
                for name in KUSTOMIZATION:
                    if (target / name).is_file():
                        nodes += _draw(target / name, known, seen)
            elif target.is_file() and target not in seen:
                seen.add(target)
                nodes += _read(target, known)
    return nodes


def _read(file: Path, known: Manifests) -> list[Node]:
    if file not in known:
        try:
            known[file] = [d.root for d in read_file(file, str(file))]
        except UnreadableError:
            known[file] = []
    return known[file]

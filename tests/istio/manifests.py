"""Our manifests as `kubectl apply -k` would send them, for the fields of kustomize that they use."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

Node = dict[str, Any]
CLUSTER_WIDE = {"Namespace"}
FIELDS = {"apiVersion", "kind", "namespace", "resources", "components", "patches"}


def build(folder: Path, *more: Node) -> list[Node]:
    """Every document that a kustomization makes, with `more` among its resources."""
    folder = folder.resolve()
    (document,) = _documents(folder / "kustomization.yaml")
    assert document.keys() <= FIELDS, f"{folder}: {document.keys() - FIELDS} is not modelled"
    found = list(copy.deepcopy(more))
    for name in document.get("resources", ()):
        path = folder / name
        found += build(path) if path.is_dir() else _documents(path)
    for name in document.get("components", ()):
        _component(folder / name, found)
    if namespace := document.get("namespace"):
        for each in found:
            if each["kind"] not in CLUSTER_WIDE:
                each["metadata"]["namespace"] = namespace
    seen = [(e["kind"], e["metadata"].get("namespace"), e["metadata"]["name"]) for e in found]
    assert len(seen) == len(set(seen)), (
        f"{folder}: kustomize refuses a resource that is there twice"
    )
    return found


def of_kind(documents: list[Node], *kinds: str) -> list[Node]:
    return [each for each in documents if each["kind"] in kinds]


def _component(folder: Path, found: list[Node]) -> None:
    (document,) = _documents(folder / "kustomization.yaml")
    assert document["kind"] == "Component"
    for patch in document["patches"]:
        (value,) = _documents(folder / patch["path"])
        key, _, wanted = patch["target"]["labelSelector"].partition("=")
        for each in found:
            labels = each["metadata"].get("labels", {})
            if each["kind"] == patch["target"]["kind"] and labels.get(key) == wanted:
                _strategic(each["spec"], value["spec"])


def _strategic(target: Node, source: Node) -> None:
    """Maps deeply, lists of named things by their names."""
    for key, value in source.items():
        if isinstance(value, dict):
            _strategic(target.setdefault(key, {}), value)
        elif isinstance(value, list):
            named = {each["name"]: each for each in target.get(key, [])}
            named.update({each["name"]: each for each in value})
            target[key] = list(named.values())
        else:
            target[key] = value


def _documents(file: Path) -> list[Node]:
    return [each for each in yaml.safe_load_all(file.read_text()) if each is not None]

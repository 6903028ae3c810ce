"""What manifests say of peers, of outbound traffic and of the pods that run the service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extproc.doctor.model import Remark, Workload
from extproc.doctor.node import Node
from extproc.doctor.read import UnreadableError, parse

_GRACE_S = 30.0
"""Kubernetes' default."""
_WORKLOADS = {"Deployment", "StatefulSet", "DaemonSet", "Pod"}


def remarks(nodes: Sequence[Node], contexts: set[str], place: Node | None) -> Iterator[Remark]:
    """`contexts` are those that patches name; `place` is where one of them stands."""
    yield from _peers(nodes, contexts, place)
    if "SIDECAR_OUTBOUND" in contexts:
        yield from _outbound(nodes, place)


def _of(nodes: Sequence[Node], kind: str) -> list[Node]:
    return [node for node in nodes if node.get("kind").text() == kind]


def _peers(nodes: Sequence[Node], contexts: set[str], place: Node | None) -> Iterator[Remark]:
    found = _of(nodes, "PeerAuthentication")
    strict = any(
        each.at("spec", "mtls", "mode").text() == "STRICT"
        and not each.at("spec", "selector").present
        for each in found
    )
    for each in found:
        mode = each.at("spec", "mtls", "mode")
        written = mode.text("UNSET")
        name = each.at("metadata", "name").text("?")
        if written in {"PERMISSIVE", "DISABLE"} or (written == "UNSET" and not strict):
            how = "PERMISSIVE, which is the default" if written == "UNSET" else written
            yield Remark("mtls", mode.place, f"PeerAuthentication {name} is {how}")
        for port, level in each.at("spec", "portLevelMtls").members().items():
            if level.get("mode").text("UNSET") in {"PERMISSIVE", "DISABLE"}:
                yield Remark(
                    "mtls",
                    level.place,
                    f"PeerAuthentication {name} is {level.get('mode').text()} on port {port}",
                )
    if not found and place is not None and contexts & {"SIDECAR_INBOUND"}:
        yield Remark(
            "mtls-unknown",
            place.place,
            "no PeerAuthentication among these manifests; Istio's default is PERMISSIVE",
        )


def _outbound(nodes: Sequence[Node], place: Node | None) -> Iterator[Remark]:
    strict = False
    for each in _of(nodes, "Sidecar"):
        policy = each.at("spec", "outboundTrafficPolicy")
        name = each.at("metadata", "name").text("?")
        if policy.get("mode").text() == "ALLOW_ANY":
            yield Remark("outbound", policy.place, f"Sidecar {name} says ALLOW_ANY")
            strict = True
        strict = strict or policy.present
    if strict:
        return
    meshes = list(_meshes(nodes))
    for mesh in meshes:
        mode = mesh.at("outboundTrafficPolicy", "mode")
        if mode.text("ALLOW_ANY") == "ALLOW_ANY":
            how = "says ALLOW_ANY" if mode.present else "leaves the default, ALLOW_ANY"
            yield Remark("outbound", mode.place, f"the mesh configuration {how}")
    if not meshes and place is not None:
        yield Remark(
            "outbound-unknown",
            place.place,
            "nothing among these manifests sets REGISTRY_ONLY; Istio's default is ALLOW_ANY",
        )


def _meshes(nodes: Sequence[Node]) -> Iterator[Node]:
    for each in _of(nodes, "IstioOperator"):
        if each.at("spec", "meshConfig").present:
            yield each.at("spec", "meshConfig")
    for each in _of(nodes, "ConfigMap"):
        text = each.at("data", "mesh").text()
        if text:
            try:
                for document in parse(text, each.place.file):
                    # Lines of the text inside are not lines of the file.
                    yield Node(document.root.value, each.place)
            except UnreadableError:
                continue


def workloads(nodes: Sequence[Node]) -> Iterator[Workload]:
    """Pods with a container of the service."""
    for node in nodes:
        kind = node.get("kind").text()
        if kind not in _WORKLOADS:
            continue
        spec = node.get("spec") if kind == "Pod" else node.at("spec", "template", "spec")
        mine = next((c for c in _containers(spec) if _runs_service(c)), None)
        if mine is None:
            continue
        grace = spec.get("terminationGracePeriodSeconds")
        yield Workload(
            name=f"{kind} {node.at('metadata', 'name').text('?')}",
            place=mine.place,
            grace=grace.number(_GRACE_S),
            grace_place=grace.place,
            pre_stop=mine.at("lifecycle", "preStop").present,
        )


def _containers(spec: Node) -> Iterator[Node]:
    for name in ("containers", "initContainers"):
        yield from spec.get(name).items()


def _runs_service(container: Node) -> bool:
    words = (*container.get("command").texts(), *container.get("args").texts())
    image = container.get("image").text().rpartition("/")[2].partition(":")[0]
    return container.get("name").text() == "extproc" or image == "extproc" or "extproc" in words

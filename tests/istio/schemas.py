"""The schemas of Kubernetes, Istio and Cilium, cut down to the kinds that our manifests use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[1] / "schemas"
GROUPS = {
    "networking.istio.io/v1": ("VirtualService", "DestinationRule", "ServiceEntry", "Gateway", "Sidecar"),
    "networking.istio.io/v1alpha3": ("EnvoyFilter",),
    "security.istio.io/v1": ("PeerAuthentication", "AuthorizationPolicy"),
    "monitoring.coreos.com/v1": ("PodMonitor",),
    "cilium.io/v2": ("CiliumNetworkPolicy",),
}  # fmt: skip
"""Of custom resources the files hold the spec; their groups and versions stand here."""


def problems(document: dict[str, Any]) -> list[str]:
    """What the schema of its kind has against a manifest; unknown kinds and fields are problems."""
    kind = document["kind"]
    kubernetes = _read("kubernetes.json")
    if kind in kubernetes["kinds"]:
        schema = {**kubernetes["kinds"][kind], "definitions": kubernetes["definitions"]}
        return _errors(schema, document)
    found = {**_read("istio.json")["kinds"], **_read("cilium.json")["kinds"]}
    if kind not in found:
        return [f"no schema for {kind}"]
    wrong = [] if kind in GROUPS.get(document["apiVersion"], ()) else [document["apiVersion"]]
    if extra := document.keys() - {"apiVersion", "kind", "metadata", "spec"}:
        wrong.append(f"{extra}")
    schema = {**found[kind]["spec"], "$defs": found[kind]["$defs"]}
    return wrong + _errors(schema, document["spec"])


def _errors(schema: dict[str, Any], value: Any) -> list[str]:
    return [
        f"{e.json_path}: {e.message[:300]}" for e in Draft202012Validator(schema).iter_errors(value)
    ]


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return loaded

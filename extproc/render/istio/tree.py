"""The files of `deploy/istio`: a base, and an overlay for each way to attach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from extproc.render.istio import patches, security, traffic, workload
from extproc.render.istio.mesh import Attach, Mesh

HEADER = "# Written by `extproc render istio`; edit the policy set or the options, not this file.\n"
_KUSTOMIZE = "kustomize.config.k8s.io/v1beta1"
_COMPONENT = "kustomize.config.k8s.io/v1alpha1"

Documents = list[dict[str, Any]]


def files(mesh: Mesh, policies: Path) -> dict[str, str]:
    """Path below the target directory: content. `mesh.attach` is ignored: all three are written.

    Raises `ValueError` where a pool cannot be expressed.
    """
    written: dict[str, str] = {}
    for folder, (documents, fields) in _folders(mesh, _policy_files(policies)).items():
        for name, content in documents.items():
            written[f"{folder}/{name}"] = _yaml(content)
        if "kustomization.yaml" not in documents:
            written[f"{folder}/kustomization.yaml"] = _yaml([_kustomization(documents, fields)])
    return written


def _folders(
    mesh: Mesh, policies: Mapping[str, str]
) -> dict[str, tuple[dict[str, Documents], dict[str, Any]]]:
    beside = replace(mesh, attach=Attach.SIDECAR)
    gate = replace(mesh, attach=Attach.GATEWAY, namespace="ai-gateway", clients=(mesh.namespace,))
    shared = replace(mesh, attach=Attach.SERVICE)
    base = {
        "policies.yaml": [workload.policies(policies)],
        "pools.yaml": traffic.pools(mesh),
        "account.yaml": [workload.service_account()],
        **_credentials(mesh),
    }
    return {
        "base": (base, {}),
        **_component_of_keys(shared),
        **_pools(beside),
        **_pools(gate),
        **_pools(shared),
        "overlays/sidecar": (
            {**_applications(beside), "admin.yaml": [security.admin_authorization(beside)]},
            {
                "namespace": beside.namespace,
                "resources": ["../../base"],
                "components": ["../../components/container"],
            },
        ),
        "components/container": (_component(beside), {}),
        "overlays/gateway": ({"kustomization.yaml": [_both("gateway", "applications")]}, {}),
        "overlays/gateway/gateway": (
            _gateway(gate),
            {"namespace": gate.namespace, "resources": ["../../../base"]},
        ),
        "overlays/gateway/applications": (_clients(gate), {"namespace": mesh.namespace}),
        "overlays/service": ({"kustomization.yaml": [_both("server", "applications")]}, {}),
        "overlays/service/server": (
            _server(shared, policies),
            {"namespace": shared.system_namespace},
        ),
        "overlays/service/applications": (
            {
                **_applications(shared),
                "pools.yaml": traffic.pools(shared),
                **_credentials(shared),
            },
            {"namespace": shared.namespace}
            | ({"components": ["../../../components/credentials"]} if mesh.credentials else {}),
        ),
    }


def _applications(mesh: Mesh) -> dict[str, Documents]:
    """For the namespace of applications whose sidecars carry the filter."""
    return {
        "envoyfilter.yaml": [patches.envoy_filter(mesh)],
        "traffic.yaml": [
            traffic.ai_service(mesh),
            traffic.virtual_service(mesh),
            traffic.sidecar(mesh, *_visible(mesh)),
        ],
        "security.yaml": [
            security.peer_authentication("extproc", mesh.selector),
            security.network_policy(mesh),
        ],
        "cilium.yaml": [security.cilium_policy(mesh)],
        **(
            {"monitoring.yaml": [workload.pod_monitor(mesh.selector)]}
            if mesh.attach is Attach.SIDECAR
            else {}
        ),
    }


def _visible(mesh: Mesh) -> list[str]:
    shared = mesh.attach is Attach.SERVICE
    return [f"{mesh.system_namespace}/{mesh.service_host}"] if shared else []


def _clients(mesh: Mesh) -> dict[str, Documents]:
    """For the namespace of applications that call a gateway: no other way to a model."""
    return {
        "traffic.yaml": [traffic.sidecar(mesh, f"{mesh.namespace}/{mesh.ai_host}")],
        "security.yaml": [security.client_network_policy(mesh, mesh.selector)],
    }


def _both(*folders: str) -> dict[str, Any]:
    return {"apiVersion": _KUSTOMIZE, "kind": "Kustomization", "resources": list(folders)}


def _pools(mesh: Mesh) -> dict[str, tuple[dict[str, Documents], dict[str, Any]]]:
    """For the namespaces of pools in the cluster, which are others' to apply."""
    if not (documents := security.pool_protection(mesh)):
        return {}
    return {f"overlays/{mesh.attach}/pools": ({"security.yaml": documents}, {})}


def _credentials(mesh: Mesh) -> dict[str, Documents]:
    """Nothing where no pool declares a credential."""
    found = workload.credential_map(mesh)
    return {"credentials.yaml": found} if found else {}


def _component(mesh: Mesh) -> dict[str, Documents]:
    return _patching("sidecar", workload.sidecar_patch(mesh))


def _component_of_keys(mesh: Mesh) -> dict[str, tuple[dict[str, Documents], dict[str, Any]]]:
    if not mesh.credentials:
        return {}
    documents = _patching("service", workload.credentials_patch(mesh))
    return {"components/credentials": (documents, {})}


def _patching(attach: str, patch: dict[str, Any]) -> dict[str, Documents]:
    selector = f"{workload.ATTACH_LABEL}={attach}"
    return {
        "pod.yaml": [patch],
        "kustomization.yaml": [
            {
                "apiVersion": _COMPONENT,
                "kind": "Component",
                "patches": [
                    {
                        "path": "pod.yaml",
                        "target": {"kind": "Deployment", "labelSelector": selector},
                    }
                ],
            }
        ],
    }


def _gateway(mesh: Mesh) -> dict[str, Documents]:
    labels = {"app": mesh.host, **mesh.selector}
    return {
        "namespace.yaml": [workload.namespace(mesh.namespace)],
        "envoyfilter.yaml": [patches.envoy_filter(mesh)],
        "traffic.yaml": [
            traffic.ai_service(mesh),
            *traffic.gateway(mesh),
            traffic.virtual_service(mesh),
        ],
        "security.yaml": [
            security.peer_authentication("extproc", mesh.selector),
            security.gateway_authorization(mesh),
            security.network_policy(mesh),
        ],
        "cilium.yaml": [security.cilium_policy(mesh)],
        "workload.yaml": [
            workload.gateway_deployment(mesh),
            workload.disruption_budget(mesh.host, labels),
            workload.autoscaler(mesh.host),
        ],
        "monitoring.yaml": [workload.pod_monitor(mesh.selector)],
    }


def _server(mesh: Mesh, policies: Mapping[str, str]) -> dict[str, Documents]:
    labels = {"app": "extproc"}
    return {
        "namespace.yaml": [workload.namespace(mesh.system_namespace)],
        "policies.yaml": [workload.policies(policies)],
        "account.yaml": [workload.service_account()],
        "traffic.yaml": [traffic.grpc_service(), traffic.service_rule(mesh)],
        "security.yaml": [
            security.peer_authentication("extproc", labels),
            security.service_authorization(mesh),
            security.service_network_policy(mesh),
        ],
        "workload.yaml": [
            workload.service_deployment(mesh),
            workload.disruption_budget("extproc", labels),
            workload.autoscaler("extproc"),
        ],
        "monitoring.yaml": [workload.pod_monitor(labels)],
    }


def _kustomization(documents: Iterable[str], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Resources of the folder after those it builds on."""
    resources = [*fields.get("resources", ()), *sorted(documents)]
    rest = {key: value for key, value in fields.items() if key != "resources"}
    return {"apiVersion": _KUSTOMIZE, "kind": "Kustomization", "resources": resources, **rest}


def _policy_files(directory: Path) -> dict[str, str]:
    """As the loader reads them: of the directory itself, not of those below it."""
    found = [*directory.glob("*.yaml"), *directory.glob("*.yml")]
    return {path.name: path.read_text() for path in sorted(found)}


def _yaml(documents: Documents) -> str:
    dumped = yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, width=100)
    return HEADER + dumped


class _Dumper(yaml.SafeDumper):
    """Text of several lines as it stands, and no anchors: `kubectl` users read these files."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base class's signature
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)

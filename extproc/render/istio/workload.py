"""The service as pods run it: unprivileged, on a read-only file system, drained before it ends."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from extproc.render.credentials import discovered
from extproc.render.istio.mesh import (
    ADMIN_PORT,
    GATEWAY_PORT,
    GOVERNED,
    GRPC_PORT,
    SOCKET_FOLDER,
    STATUS_PORT,
    Attach,
    Mesh,
)
from extproc.render.pools import CREDENTIALS
from extproc.render.typed import as_json

USER = 10001
DATA = "/var/lib/extproc"
POLICIES = "/etc/extproc/policies"
KEYS = "/etc/extproc/keys"
SOCKET = "extproc-socket"
ATTACH_LABEL = "ai-attach"
"""On a Deployment: with ``sidecar`` it gets the container, with ``service`` the providers' keys."""
CREDENTIALS_NAME = "extproc-credentials"
_DRAIN_MARGIN_S = 15
_END_MARGIN_S = 30

Pod = dict[str, Any]


def container(mesh: Mesh) -> dict[str, Any]:
    """The container, the same wherever it runs. It has one process, which takes the signals."""
    drain_s = _drain_s(mesh)
    beside = mesh.attach is Attach.SIDECAR
    return {
        "name": "extproc",
        "image": mesh.image,
        "args": ["serve"],
        "env": [
            {"name": "EXTPROC_POLICIES", "value": POLICIES},
            {"name": "EXTPROC_LISTEN", "value": mesh.listen},
            {"name": "EXTPROC_ADMIN_LISTEN", "value": f"0.0.0.0:{ADMIN_PORT}"},
            {"name": "EXTPROC_DATA_DIR", "value": DATA},
            {"name": "EXTPROC_DRAIN_SECONDS", "value": str(drain_s)},
            {
                # Without the Secret limits, budgets and cache are this pod's alone.
                "name": "EXTPROC_STATE",
                "valueFrom": {
                    "secretKeyRef": {"name": "extproc-state", "key": "url", "optional": True}
                },
            },
        ],
        "ports": [
            *([] if beside else [{"name": "grpc", "containerPort": GRPC_PORT}]),
            {"name": "admin", "containerPort": ADMIN_PORT},
        ],
        "startupProbe": {**_probe("/readyz"), "periodSeconds": 2, "failureThreshold": 60},
        "readinessProbe": {**_probe("/readyz"), "periodSeconds": 5, "failureThreshold": 2},
        "livenessProbe": {**_probe("/healthz"), "periodSeconds": 10, "failureThreshold": 6},
        "lifecycle": {
            "preStop": {
                "exec": {
                    "command": [
                        "extproc",
                        "drain",
                        f"--data-dir={DATA}",
                        f"--seconds={drain_s}",
                    ]
                }
            }
        },
        "resources": {
            "requests": {"cpu": "500m", "memory": "512Mi"},
            "limits": {"memory": "1Gi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "privileged": False,
            "readOnlyRootFilesystem": True,
            "runAsGroup": USER,
            "runAsNonRoot": True,
            "runAsUser": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumeMounts": [
            {"name": "extproc-policies", "mountPath": POLICIES, "readOnly": True},
            {"name": "extproc-keys", "mountPath": KEYS, "readOnly": True},
            {"name": "extproc-data", "mountPath": DATA},
            *([{"name": SOCKET, "mountPath": SOCKET_FOLDER}] if beside else []),
        ],
    }


def _probe(path: str) -> dict[str, Any]:
    return {"httpGet": {"path": path, "port": ADMIN_PORT}, "timeoutSeconds": 2}


def volumes() -> list[dict[str, Any]]:
    """Policies are mounted whole: a file mounted by `subPath` would never change."""
    return [
        {"name": "extproc-policies", "configMap": {"name": "extproc-policies"}},
        {"name": "extproc-keys", "secret": {"secretName": "extproc-keys", "optional": True}},
        {"name": "extproc-data", "emptyDir": {"sizeLimit": "2Gi"}},
    ]


def credential_volumes(mesh: Mesh) -> list[dict[str, Any]]:
    """The providers' keys, and beside each where it is. Read by the pod's group, never by all.

    The Secrets must be there: Envoy hears of a key that changes, not of a first one that comes late.
    """
    keys = [
        {
            "secret": {
                "name": each.secret,
                "items": [{"key": "value", "path": Path(each.file).name}],
            }
        }
        for each in mesh.credentials
    ]
    if not keys:
        return []
    sources = [{"configMap": {"name": CREDENTIALS_NAME}}, *keys]
    return [{"name": CREDENTIALS_NAME, "projected": {"defaultMode": 0o440, "sources": sources}}]


def credential_mounts(mesh: Mesh) -> list[dict[str, Any]]:
    """For the proxy's container and no other."""
    if not mesh.credentials:
        return []
    return [{"name": CREDENTIALS_NAME, "mountPath": CREDENTIALS, "readOnly": True}]


def credential_map(mesh: Mesh) -> list[dict[str, Any]]:
    """Tells Envoy which file holds which secret; it reads both again when they change."""
    if not mesh.credentials:
        return []
    files = {
        Path(each.discovery).name: json.dumps(as_json(discovered(each)))
        for each in mesh.credentials
    }
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": CREDENTIALS_NAME},
            "data": files,
        }
    ]


def sidecar_patch(mesh: Mesh) -> dict[str, Any]:
    """Laid over Deployments that ask for it.

    Kubernetes starts the container before the application's and ends it after them. The group
    lets the proxy, which has a user of its own, reach the socket and read the keys.
    """
    mounts = [{"name": SOCKET, "mountPath": SOCKET_FOLDER}, *credential_mounts(mesh)]
    socket = {"name": SOCKET, "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}}
    return _pod_patch(
        mounts,
        {
            "terminationGracePeriodSeconds": _grace_s(mesh),
            "securityContext": {"fsGroup": USER},
            "initContainers": [{**container(mesh), "restartPolicy": "Always"}],
            "volumes": [*volumes(), socket, *credential_volumes(mesh)],
        },
    )


def credentials_patch(mesh: Mesh) -> dict[str, Any]:
    """Laid over Deployments whose sidecar asks a shared service: it has the keys itself."""
    return _pod_patch(
        credential_mounts(mesh),
        {"securityContext": {"fsGroup": USER}, "volumes": credential_volumes(mesh)},
    )


def _pod_patch(mounts: list[dict[str, Any]], spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "any"},
        "spec": {
            "template": {
                "metadata": {
                    "labels": {GOVERNED: "true"},
                    # What the proxy's container gets, whose own lines Istio writes.
                    "annotations": {"sidecar.istio.io/userVolumeMount": json.dumps(mounts)},
                },
                "spec": spec,
            }
        },
    }


def gateway_deployment(mesh: Mesh) -> dict[str, Any]:
    """An Istio gateway, whose proxy the mesh injects, with the service beside it."""
    proxy = {
        "name": "istio-proxy",
        "image": "auto",
        "ports": [{"name": "https-ai", "containerPort": GATEWAY_PORT}],
        "volumeMounts": credential_mounts(mesh),
        "resources": {
            "requests": {"cpu": "500m", "memory": "256Mi"},
            "limits": {"memory": "2Gi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    labels = {"app": mesh.host, **mesh.selector}
    spec = _pod_spec(mesh, [proxy, container(mesh)], labels)
    spec["volumes"] += credential_volumes(mesh)
    # Probes and the service's metrics are this pod's own; the gateway's own port checks Envoy.
    proxy["readinessProbe"] = {"httpGet": {"path": "/healthz/ready", "port": STATUS_PORT}}
    annotations = {"inject.istio.io/templates": "gateway"}
    return _deployment(mesh.host, labels, spec, annotations, {"sidecar.istio.io/inject": "true"})


def service_deployment(mesh: Mesh) -> dict[str, Any]:
    """The shared service, in the mesh: its sidecar ends the mutual TLS."""
    labels = {"app": "extproc"}
    spec = _pod_spec(mesh, [container(mesh)], labels)
    return _deployment("extproc", labels, spec, {}, {"sidecar.istio.io/inject": "true"})


def _pod_spec(
    mesh: Mesh, containers: list[dict[str, Any]], labels: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "serviceAccountName": "extproc",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": _grace_s(mesh),
        "securityContext": {
            "runAsNonRoot": True,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": key,
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": dict(labels)},
            }
            for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
        ],
        "containers": containers,
        "volumes": volumes(),
    }


def _deployment(
    name: str,
    labels: Mapping[str, str],
    spec: dict[str, Any],
    annotations: Mapping[str, str],
    more_labels: Mapping[str, str],
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"labels": {**labels, **more_labels}}
    # Envoy ends after what it carries, not five seconds after the signal.
    metadata["annotations"] = {
        **annotations,
        "proxy.istio.io/config": (
            f"terminationDrainDuration: {spec['terminationGracePeriodSeconds'] - 10}s\n"
        ),
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": dict(labels)},
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {"metadata": metadata, "spec": spec},
        },
    }


def _drain_s(mesh: Mesh) -> int:
    """Longer than the longest answer, which begins at the last moment."""
    return math.ceil(mesh.longest_answer.total_seconds()) + _DRAIN_MARGIN_S


def _grace_s(mesh: Mesh) -> int:
    """`preStop` may drain all that time, and then the process has to end."""
    return _drain_s(mesh) + _END_MARGIN_S


def service_account() -> dict[str, Any]:
    """No token and no role: the service asks nothing of the Kubernetes API."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "extproc"},
        "automountServiceAccountToken": False,
    }


def policies(files: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "extproc-policies"},
        "data": dict(files),
    }


def namespace(name: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": name,
            "labels": {
                "istio-injection": "enabled",
                "pod-security.kubernetes.io/enforce": "restricted",
                "pod-security.kubernetes.io/enforce-version": "latest",
            },
        },
    }


def disruption_budget(name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": name},
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": dict(labels)}},
    }


def autoscaler(name: str) -> dict[str, Any]:
    """On exchanges being decided (through a metrics adapter) and on CPU, whichever asks for more.

    It gives pods up slowly: each has to drain.
    """
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "minReplicas": 2,
            "maxReplicas": 20,
            "metrics": [
                {
                    "type": "Pods",
                    "pods": {
                        "metric": {"name": "extproc_exchanges_in_flight"},
                        "target": {"type": "AverageValue", "averageValue": "32"},
                    },
                },
                {
                    "type": "ContainerResource",
                    "containerResource": {
                        "name": "cpu",
                        "container": "extproc",
                        "target": {"type": "Utilization", "averageUtilization": 70},
                    },
                },
            ],
            "behavior": {
                "scaleUp": {"stabilizationWindowSeconds": 0},
                "scaleDown": {
                    "stabilizationWindowSeconds": 600,
                    "policies": [{"type": "Pods", "value": 1, "periodSeconds": 120}],
                },
            },
        },
    }


def pod_monitor(labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PodMonitor",
        "metadata": {"name": "extproc"},
        "spec": {
            "selector": {"matchLabels": dict(labels)},
            "podMetricsEndpoints": [{"port": "admin", "path": "/metrics", "interval": "15s"}],
        },
    }

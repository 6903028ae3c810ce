"""The service as pods run it: unprivileged, on a read-only file system, drained before it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from extproc.render.istio.mesh import (
    ADMIN_PORT,
    GATEWAY_PORT,
    GOVERNED,
    GRPC_PORT,
    STATUS_PORT,
    Mesh,
)

USER = 10001
DATA = "/var/lib/extproc"
POLICIES = "/etc/extproc/policies"
KEYS = "/etc/extproc/keys"
ATTACH_LABEL = "ai-attach"
"""``ai-attach: sidecar`` on a Deployment: it gets the container."""
_DRAIN_MARGIN_S = 30

Pod = dict[str, Any]


def container(mesh: Mesh, *, listen: str) -> dict[str, Any]:
    """The container, the same wherever it runs. It has one process, which takes the signals."""
    drain_s = mesh.longest_answer.total_seconds()
    return {
        "name": "extproc",
        "image": mesh.image,
        "args": ["serve"],
        "env": [
            {"name": "EXTPROC_POLICIES", "value": POLICIES},
            {"name": "EXTPROC_LISTEN", "value": f"{listen}:{GRPC_PORT}"},
            {"name": "EXTPROC_ADMIN_LISTEN", "value": f"0.0.0.0:{ADMIN_PORT}"},
            {"name": "EXTPROC_DATA_DIR", "value": DATA},
            {"name": "EXTPROC_DRAIN_SECONDS", "value": f"{drain_s:g}"},
            {
                # Without the Secret limits, budgets and cache are this pod's alone.
                "name": "EXTPROC_STATE",
                "valueFrom": {
                    "secretKeyRef": {"name": "extproc-state", "key": "url", "optional": True}
                },
            },
        ],
        "ports": [
            {"name": "grpc", "containerPort": GRPC_PORT},
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
                        f"--seconds={drain_s:g}",
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


def sidecar_patch(mesh: Mesh) -> dict[str, Any]:
    """Laid over Deployments that ask for it.

    Kubernetes starts the container before the application's and ends it after them.
    """
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "any"},
        "spec": {
            "template": {
                "metadata": {"labels": {GOVERNED: "true"}},
                "spec": {
                    "terminationGracePeriodSeconds": _grace_s(mesh),
                    "initContainers": [
                        {**container(mesh, listen="127.0.0.1"), "restartPolicy": "Always"}
                    ],
                    "volumes": volumes(),
                },
            }
        },
    }


def gateway_deployment(mesh: Mesh) -> dict[str, Any]:
    """An Istio gateway, whose proxy the mesh injects, with the service beside it."""
    proxy = {
        "name": "istio-proxy",
        "image": "auto",
        "ports": [{"name": "https-ai", "containerPort": GATEWAY_PORT}],
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
    spec = _pod_spec(mesh, [proxy, container(mesh, listen="127.0.0.1")], labels)
    # Probes and the service's metrics are this pod's own; the gateway's own port checks Envoy.
    proxy["readinessProbe"] = {"httpGet": {"path": "/healthz/ready", "port": STATUS_PORT}}
    annotations = {"inject.istio.io/templates": "gateway"}
    return _deployment(mesh.host, labels, spec, annotations, {"sidecar.istio.io/inject": "true"})


def service_deployment(mesh: Mesh) -> dict[str, Any]:
    """The shared service, in the mesh: its sidecar ends the mutual TLS."""
    labels = {"app": "extproc"}
    spec = _pod_spec(mesh, [container(mesh, listen="0.0.0.0")], labels)  # noqa: S104
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


def _grace_s(mesh: Mesh) -> int:
    """`preStop` may drain for the longest answer, and then the process has to end."""
    return int(mesh.longest_answer.total_seconds()) + _DRAIN_MARGIN_S


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

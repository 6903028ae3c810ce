"""Manifests, judged as what Istio makes of them: ours are clean, and each change is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from extproc.doctor.examine import examine

ROOT = Path(__file__).parents[3] / "deploy/istio"
OVERLAYS = sorted(each.name for each in (ROOT / "overlays").iterdir())


def found(path: Path) -> dict[str, str]:
    return {each.rule.id: str(each.severity) for each in examine(path).findings}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_our_own_are_clean(overlay):
    report = examine(ROOT / "overlays" / overlay)
    assert report.findings == ()
    assert report.proxies > 0


def test_our_own_are_clean_together():
    assert examine(ROOT).findings == ()


CHANGES = [
    ("envoyfilter.yaml", "failure_mode_allow: false", "failure_mode_allow: true", "fail-open"),
    ("envoyfilter.yaml", "request_body_mode: BUFFERED", "request_body_mode: NONE", "body-mode"),
    ("envoyfilter.yaml", "            request_body_mode: BUFFERED\n", "", "body-mode"),
    ("envoyfilter.yaml", "message_timeout: 25s", "message_timeout: 5s", "message-timeout"),
    ("envoyfilter.yaml", "          message_timeout: 25s\n", "", "message-timeout"),
    (
        "envoyfilter.yaml",
        "allow_mode_override: true",
        "allow_mode_override: false",
        "mode-override",
    ),
    ("envoyfilter.yaml", "              - remove: x-ai-pool\n", "", "header-stripping"),
    ("envoyfilter.yaml", "16777216\n  - applyTo", "65536\n  - applyTo", "buffer"),
    ("envoyfilter.yaml", "max_requests: 200000", "max_requests: 1024", "circuit-breaker"),
    (
        "envoyfilter.yaml",
        "ExtProcPerRoute\n            overrides: {}",
        "ExtProcPerRoute\n            disabled: true",
        "filter-disabled",
    ),
    (
        "envoyfilter.yaml",
        "        name: extproc\n        type",
        "        name: other\n        type",
        "missing-cluster",
    ),
    ("envoyfilter.yaml", r"^1\.(3[2-9]|[4-9][0-9]).*", r"^1\..*", "proxy-version"),
    (
        "envoyfilter.yaml",
        "pipe:\n                    path: /run/extproc/extproc.sock",
        "socket_address: {address: extproc.ai.svc, port_value: 50051}",
        "plaintext-service",
    ),
    ("envoyfilter.yaml", "HttpGrpcAccessLogConfig", "Other", "no-access-log"),
    ("envoyfilter.yaml", "filter: extproc.governed", "filter: other", "no-access-log"),
    (
        "envoyfilter.yaml",
        "metadata_namespace: extproc.governed",
        "metadata_namespace: x",
        "no-access-log",
    ),
    (
        "envoyfilter.yaml",
        "          envoy.filters.http.set_metadata.extproc:\n",
        "          another:\n",
        "no-access-log",
    ),
    ("security.yaml", "mode: STRICT", "mode: PERMISSIVE", "permissive-mtls"),
    ("security.yaml", "  mtls:\n    mode: STRICT\n", "", "permissive-mtls"),
    ("traffic.yaml", "mode: REGISTRY_ONLY", "mode: ALLOW_ANY", "allow-any"),
    ("traffic.yaml", "timeout: 600s", "timeout: 10s", "route-timeout"),
    ("traffic.yaml", "      status: 503", "      status: 404", "no-default-503"),
    (
        "traffic.yaml",
        "    timeout: 600s\n",
        "    timeout: 600s\n    mirror: {host: elsewhere.example.com}\n",
        "mirror-leaves",
    ),
    ("pools.yaml", "mode: SIMPLE", "mode: DISABLE", "plaintext-upstream"),
    (
        "pools.yaml",
        "mode: SIMPLE\n",
        "mode: SIMPLE\n      insecureSkipVerify: true\n",
        "unverified-tls",
    ),
    ("pools.yaml", "protocol: HTTP\n", "protocol: HTTPS\n", "application-tls"),
    (
        "pools.yaml",
        "        enabled: false\n",
        "        failover: [{from: eu-west-1, to: us-east-1}]\n",
        "failover-leaves",
    ),
    (
        "pools.yaml",
        "  endpoints:\n",
        "  endpoints:\n  - {address: a, locality: eu-west-1/a}\n  - {address: b, locality: us-east-1}\n",
        "failover-leaves",
    ),
]


@pytest.fixture
def sidecar(tmp_path):
    shutil.copytree(ROOT, tmp_path / "istio")
    return tmp_path / "istio"


@pytest.mark.parametrize(("file", "old", "new", "rule"), CHANGES)
def test_a_change_is_found(sidecar, file, old, new, rule):
    overlay = sidecar / "overlays/sidecar"
    target = overlay / file if (overlay / file).exists() else sidecar / "base" / file
    text = target.read_text()
    assert old in text
    target.write_text(text.replace(old, new))
    assert rule in found(overlay)


def test_the_place_is_a_line_of_the_file(sidecar):
    target = sidecar / "overlays/sidecar/envoyfilter.yaml"
    text = target.read_text()
    target.write_text(text.replace("failure_mode_allow: false", "failure_mode_allow: true"))
    (finding,) = examine(sidecar / "overlays/sidecar").findings
    assert finding.place.file == str(target)
    line = target.read_text().splitlines()[finding.place.line - 1]
    assert line.strip() == "failure_mode_allow: true"


SERVICE_ENTRY = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: openai}
spec:
  hosts: [api.openai.com]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{number: %d, name: x, protocol: %s}]
"""
INBOUND_FIRST = """
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: early}
spec:
  configPatches:
  - applyTo: HTTP_FILTER
    match: {context: SIDECAR_INBOUND}
    patch:
      operation: INSERT_FIRST
      value:
        name: envoy.filters.http.ext_proc
        typed_config:
          '@type': type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
          grpc_service: {envoy_grpc: {cluster_name: extproc}}
"""


def test_a_provider_without_any_filter(tmp_path):
    (tmp_path / "a.yaml").write_text(SERVICE_ENTRY % (80, "HTTP"))
    assert {"no-filter", "plaintext-upstream"} <= found(tmp_path).keys()


def test_a_provider_over_tls_of_the_application(tmp_path):
    (tmp_path / "a.yaml").write_text(SERVICE_ENTRY % (443, "TLS"))
    assert "application-tls" in found(tmp_path)


def test_the_first_filter_inbound_stands_before_authentication(tmp_path):
    (tmp_path / "a.yaml").write_text(INBOUND_FIRST)
    rules = found(tmp_path)
    assert {"before-authentication", "missing-cluster", "body-mode"} <= rules.keys()
    assert rules["permissive-mtls"] == "warning"  # it may be set elsewhere in the mesh


def test_the_default_of_the_mesh_is_any_host(tmp_path):
    (tmp_path / "a.yaml").write_text(INBOUND_FIRST.replace("INBOUND", "OUTBOUND"))
    assert found(tmp_path)["allow-any"] == "warning"
    (tmp_path / "mesh.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\n"
        "data: {mesh: 'accessLogFile: /dev/stdout'}\n"
    )
    assert found(tmp_path)["allow-any"] == "unsafe"
    (tmp_path / "mesh.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\n"
        "data: {mesh: 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}'}\n"
    )
    assert "allow-any" not in found(tmp_path)


POD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: extproc}
spec:
  template:
    spec:
      %s
      containers: [{name: extproc, image: extproc, lifecycle: {preStop: {sleep: {seconds: 5}}}}]
"""


@pytest.mark.parametrize(
    ("grace", "expected"),
    [
        ("terminationGracePeriodSeconds: 630", set()),
        ("terminationGracePeriodSeconds: 600", set()),
        ("terminationGracePeriodSeconds: 599", {"drain"}),
        ("", {"drain"}),
    ],
)
def test_pods_end_after_their_streams(sidecar, grace, expected):
    overlay = sidecar / "overlays/sidecar"
    (overlay / "admin.yaml").write_text(POD % grace)
    assert found(overlay).keys() == expected

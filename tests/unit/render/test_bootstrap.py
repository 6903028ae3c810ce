import json
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest

from extproc.local.binary import envoy
from extproc.render.bootstrap import (
    cluster_file,
    route_file,
    static_bootstrap,
    watching_bootstrap,
)
from extproc.render.upstreams import Endpoint, Injected, Service, Upstream
from tests.istio.certificates import Authority

WHERE = {
    "listen": Endpoint("127.0.0.1", 10000),
    "admin": Endpoint("127.0.0.1", 9901),
}
UPSTREAMS = [
    Upstream("gpu-a", (Endpoint("127.0.0.1", 9101), Endpoint("::1", 9101))),
    Upstream("named", (Endpoint("models.example.com", 80),), timeout=timedelta(seconds=30)),
]


def cloud(tmp_path):
    roots = tmp_path / "roots.pem"
    roots.write_text("")
    return Upstream("cloud", (Endpoint("api.example.com", 443),), tls=True, ca_file=str(roots))


def validate(tmp_path, document):
    file = tmp_path / "envoy.json"
    file.write_text(json.dumps(document))
    command = [envoy(), "--mode", "validate", "--log-level", "error", "-c", file]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("service", ["127.0.0.1:50051", "unix:/tmp/s.sock", "extproc.ai.svc:50051"])
def test_envoy_accepts_the_static_bootstrap(tmp_path, service):
    document = static_bootstrap(UPSTREAMS, service=Service.parse(service), **WHERE)
    result = validate(tmp_path, document)
    assert result.returncode == 0, result.stderr


def test_envoy_accepts_the_watching_bootstrap(tmp_path):
    clusters, routes = tmp_path / "clusters.json", tmp_path / "routes.json"
    clusters.write_text(json.dumps(cluster_file(UPSTREAMS, "1")))
    routes.write_text(json.dumps(route_file(UPSTREAMS, "1")))
    document = watching_bootstrap(
        service=Service.parse("127.0.0.1:50051"),
        clusters=str(clusters),
        routes=str(routes),
        **WHERE,
    )
    result = validate(tmp_path, document)
    assert result.returncode == 0, result.stderr


def test_envoy_accepts_a_credential_and_reads_it_from_its_file(tmp_path):
    key = tmp_path / "provider-key"
    key.write_text("Bearer sk-1")
    roots = Authority(tmp_path / "pki").root
    keyed = replace(
        cloud(tmp_path),
        ca_file=str(roots),
        credential=Injected("provider-key", "authorization", str(key)),
    )
    document = static_bootstrap([keyed], service=Service.parse("127.0.0.1:1"), **WHERE)
    assert "sk-1" not in json.dumps(document)
    ((route, _),) = find(document, "routes")
    assert {"authorization", "x-api-key"} <= set(route["request_headers_to_remove"])
    result = validate(tmp_path, document)
    assert result.returncode == 0, result.stderr


def find(node, wanted):
    """All objects of a type, or under a key."""
    if isinstance(node, dict):
        if str(node.get("@type", "")).endswith(wanted):
            yield node
        for key, value in node.items():
            if key == wanted:
                yield value
            yield from find(value, wanted)
    elif isinstance(node, list):
        for value in node:
            yield from find(value, wanted)


@pytest.fixture
def document(tmp_path):
    return static_bootstrap(
        [*UPSTREAMS, cloud(tmp_path)], service=Service.parse("127.0.0.1:50051"), **WHERE
    )


def test_it_says_that_it_fails_closed(document):
    (processor,) = find(document, ".ext_proc.v3.ExternalProcessor")
    assert processor["failure_mode_allow"] is False
    assert processor["status_on_error"] == {"code": "ServiceUnavailable"}
    assert processor["metadata_options"]["receiving_namespaces"] == {"untyped": ["extproc"]}


def test_ext_proc_comes_first_and_the_router_last(document):
    (filters,) = find(document, "http_filters")
    assert [each["name"].rpartition(".")[2] for each in filters] == [
        "ext_proc",
        "json_to_metadata",
        "sse_to_metadata",
        "router",
    ]


def test_every_pool_has_a_cluster_and_a_route_of_its_name_and_the_rest_is_refused(document):
    clusters = [each["name"] for each in document["static_resources"]["clusters"]]
    assert clusters == ["extproc", "gpu-a", "named", "cloud"]
    (routes,) = find(document, "routes")
    assert [route["name"] for route in routes] == ["gpu-a", "named", "cloud", "undecided"]
    assert [route["route"]["cluster"] for route in routes[:-1]] == ["gpu-a", "named", "cloud"]
    assert routes[-1]["direct_response"]["status"] == 503
    assert routes[1]["route"]["timeout"] == "30s"


def test_tls_verifies_the_name(document, tmp_path):
    (tls,) = find(document, ".tls.v3.UpstreamTlsContext")
    assert tls["auto_host_sni"] is tls["auto_sni_san_validation"] is True
    context = tls["common_tls_context"]["validation_context"]
    assert context["trusted_ca"] == {"filename": str(tmp_path / "roots.pem")}


def test_a_pool_cannot_take_the_name_of_our_own_cluster():
    taken = [Upstream("extproc", (Endpoint("127.0.0.1", 1),))]
    with pytest.raises(ValueError, match="pool cannot be called extproc"):
        static_bootstrap(taken, service=Service.parse("127.0.0.1:1"), **WHERE)


@pytest.mark.parametrize("text", ["", "a", "a:", ":1", "a:x", "a:0", "a:65536", "a:²"])
def test_addresses_that_are_none(text):
    with pytest.raises(ValueError, match=r"HOST:PORT|65535"):
        Endpoint.parse(text)


@pytest.mark.parametrize("text", ["a:1", "127.0.0.1:65535", "[::1]:80"])
def test_addresses_survive(text):
    assert str(Endpoint.parse(text)) == text
    assert str(Service.parse(text)) == text

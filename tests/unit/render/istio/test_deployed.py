"""The manifests in `deploy/istio`: up to date, valid, and safe in every document."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from extproc.cli.main import app
from tests.istio.attached import ROOT, SHIPPED, manifests, rendered
from tests.istio.manifests import build, of_kind
from tests.istio.schemas import problems

TREE = ROOT / "deploy" / "istio"
OVERLAYS = ("sidecar", "gateway", "service")
HAND_WRITTEN = {"README.md"}


@pytest.fixture(scope="module")
def documents():
    return {overlay: manifests(TREE, overlay) for overlay in OVERLAYS}


@pytest.fixture(params=OVERLAYS)
def overlay(request, documents):
    return documents[request.param]


def test_the_committed_files_are_what_the_command_writes(tmp_path):
    rendered(SHIPPED, tmp_path)
    fresh = {path.relative_to(tmp_path): path.read_text() for path in tmp_path.rglob("*.yaml")}
    committed = {
        path.relative_to(TREE): path.read_text()
        for path in TREE.rglob("*")
        if path.is_file() and path.name not in HAND_WRITTEN and not path.is_relative_to(SHIPPED)
    }
    assert committed == fresh, (
        "run: extproc render istio --policies deploy/istio/policies --out deploy/istio"
    )


def test_every_document_is_valid(overlay):
    found = {f"{d['kind']}/{d['metadata']['name']}": problems(d) for d in overlay}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("Deployment", ("spec", "replica"), 3),
        ("Deployment", ("spec", "template", "spec", "terminationGracePeriodSeconds"), "10m"),
        ("EnvoyFilter", ("spec", "workloadSelectors"), {}),
        ("EnvoyFilter", ("spec", "configPatches", 0, "patch", "operation"), "UPSERT"),
        ("VirtualService", ("spec", "http", 0, "retry"), {}),
        ("DestinationRule", ("spec", "trafficPolicy", "tls", "mode"), "MUTUALLY"),
        ("CiliumNetworkPolicy", ("spec", "egress", 0, "toPort"), []),
    ],
)
def test_the_schemas_find_what_is_wrong(documents, kind, path, value):
    for found in documents.values():
        for document in of_kind(found, kind):
            harmed = copy.deepcopy(document)
            node = harmed
            for key in path[:-1]:
                node = node[key]
            node[path[-1]] = value
            assert problems(harmed)


# What must be true of all of them


def patches(overlay, kind):
    (document,) = of_kind(overlay, "EnvoyFilter")
    return [p for p in document["spec"]["configPatches"] if p["applyTo"] == kind]


def processors(overlay):
    found = [p["patch"]["value"] for p in patches(overlay, "HTTP_FILTER")]
    return [v for v in found if v["name"] == "envoy.filters.http.ext_proc"]


def test_the_filter_fails_closed_and_is_off_by_default(overlay):
    (value,) = processors(overlay)
    config = value["typed_config"]
    assert value["disabled"] is True
    assert config["failure_mode_allow"] is False
    assert config["allow_mode_override"] is True
    assert config["message_timeout"] == "25s"
    assert config["metadata_options"]["receiving_namespaces"] == {"untyped": ["extproc"]}
    assert config["metadata_options"]["forwarding_namespaces"] == {
        "untyped": ["envoy.filters.http.jwt_authn"]
    }
    assert config["mutation_rules"] == {"allow_envoy": True, "disallow_is_error": True}


def test_every_inserted_filter_is_off_and_right_before_the_router(overlay):
    for patch in patches(overlay, "HTTP_FILTER"):
        assert patch["patch"]["operation"] == "INSERT_BEFORE"
        assert patch["patch"]["value"]["disabled"] is True
        where = patch["match"]["listener"]["filterChain"]["filter"]
        assert where["subFilter"]["name"] == "envoy.filters.http.router"


def test_the_filter_is_enabled_on_every_host_and_on_no_path(overlay):
    (rules,) = of_kind(overlay, "VirtualService")
    enabled = [
        p["match"]["routeConfiguration"]["vhost"]["name"]
        for p in patches(overlay, "VIRTUAL_HOST")
        if "envoy.filters.http.ext_proc" in p["patch"]["value"]["typed_per_filter_config"]
    ]
    assert [name.rpartition(":")[0] for name in enabled] == rules["spec"]["hosts"]
    assert not patches(overlay, "HTTP_ROUTE")


def test_every_route_to_a_model_needs_our_decision_and_the_last_is_503(overlay):
    (rules,) = of_kind(overlay, "VirtualService")
    *routes, last = rules["spec"]["http"]
    for route in routes:
        (match,) = route["match"]
        assert match == {"headers": {"x-ai-pool": {"exact": route["name"]}}}
        assert "x-ai-pool" in route["headers"]["request"]["remove"]
        assert len(route["route"]) == 1, "weights are the policy's, or residency is not"
        assert "mirror" not in route
    assert last["directResponse"]["status"] == 503
    assert "match" not in last
    assert "route" not in last


def test_clients_cannot_choose_a_pool(overlay):
    (manager,) = patches(overlay, "NETWORK_FILTER")
    (early,) = manager["patch"]["value"]["typed_config"]["early_header_mutation_extensions"]
    removed = [m["remove"] for m in early["typed_config"]["mutations"]]
    assert {"x-ai-pool", "x-ai-sensitivity"} <= set(removed)


def test_containers_are_restricted(overlay):
    for deployment in of_kind(overlay, "Deployment"):
        pod = deployment["spec"]["template"]["spec"]
        found = [*pod.get("initContainers", ()), *pod["containers"]]
        ours = [c for c in found if c["name"] in {"extproc", "istio-proxy"}]
        # Beside a shared service an application's pod has none: its proxy is Istio's own.
        assert ours or deployment["metadata"]["labels"].get("ai-attach") == "service"
        for container in ours:
            context = container["securityContext"]
            assert context["runAsNonRoot"] is True
            assert context["readOnlyRootFilesystem"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert context["seccompProfile"] == {"type": "RuntimeDefault"}
            assert "memory" in container["resources"]["limits"]
        assert not ours or pod["terminationGracePeriodSeconds"] > 600


def test_the_container_is_added_to_deployments_that_ask_and_keeps_theirs(documents):
    (deployment,) = of_kind(documents["sidecar"], "Deployment")
    spec = deployment["spec"]["template"]["spec"]
    assert [c["name"] for c in spec["containers"]] == ["app"]
    (beside,) = spec["initContainers"]
    assert beside["restartPolicy"] == "Always"
    assert deployment["spec"]["template"]["metadata"]["labels"] == {
        "app": "app",
        "ai-governed": "true",
    }
    assert {"name": "EXTPROC_LISTEN", "value": "unix:/run/extproc/extproc.sock"} in beside["env"]
    assert "grpc" not in [port["name"] for port in beside["ports"]]


def volumes_of(container):
    return {each["name"]: each["mountPath"] for each in container.get("volumeMounts", ())}


def proxys_own(template):
    """What Istio mounts into the proxy that it injects."""
    text = template["metadata"]["annotations"]["sidecar.istio.io/userVolumeMount"]
    return {each["name"]: each["mountPath"] for each in json.loads(text)}


def test_the_socket_and_the_keys_are_for_the_proxy_and_not_for_the_application(documents):
    (deployment,) = of_kind(documents["sidecar"], "Deployment")
    template = deployment["spec"]["template"]
    (beside,), (application,) = template["spec"]["initContainers"], template["spec"]["containers"]
    assert volumes_of(application) == {}
    assert volumes_of(beside)["extproc-socket"] == "/run/extproc"
    assert "extproc-credentials" not in volumes_of(beside)
    assert proxys_own(template) == {
        "extproc-socket": "/run/extproc",
        "extproc-credentials": "/etc/extproc/credentials",
    }
    (document,) = of_kind(documents["sidecar"], "EnvoyFilter")
    (added,) = [
        p["patch"]["value"]
        for p in document["spec"]["configPatches"]
        if p["patch"]["operation"] == "ADD"
    ]
    (endpoint,) = added["load_assignment"]["endpoints"][0]["lb_endpoints"]
    assert endpoint["endpoint"]["address"] == {"pipe": {"path": "/run/extproc/extproc.sock"}}


def test_keys_come_from_secrets_that_only_the_pods_group_reads(documents):
    found = 0
    for overlay in documents.values():
        for deployment in of_kind(overlay, "Deployment"):
            spec = deployment["spec"]["template"]["spec"]
            for volume in spec["volumes"]:
                if volume["name"] != "extproc-credentials":
                    continue
                found += 1
                assert volume["projected"]["defaultMode"] == 0o440
                assert spec["securityContext"]["fsGroup"] == 10001
                (secret,) = [s["secret"] for s in volume["projected"]["sources"] if "secret" in s]
                assert secret["name"] == "provider-key"
                # No container but the proxy's has it, and none has it in its environment.
                for each in [*spec.get("initContainers", ()), *spec["containers"]]:
                    mounted = "extproc-credentials" in volumes_of(each)
                    assert mounted is (each["name"] == "istio-proxy")
                    assert "provider-key" not in str(each.get("env"))
        assert not of_kind(overlay, "Secret")
    assert found == 3


def test_a_provider_gets_its_key_and_the_callers_stay_here(overlay):
    (rules,) = of_kind(overlay, "VirtualService")
    removed = {r["name"]: r["headers"]["request"]["remove"] for r in rules["spec"]["http"][:-1]}
    assert {"authorization", "x-api-key", "api-key"} <= set(removed["provider"])
    assert "authorization" not in removed["onprem"]
    keyed = [p for p in patches(overlay, "CLUSTER") if "http_filters" in str(p["patch"]["value"])]
    assert {p["match"]["cluster"]["service"] for p in keyed} == {"provider.pools.extproc.internal"}
    assert all("proxyVersion" in p["match"]["proxy"] for p in keyed)


def test_a_set_without_keys_has_none_of_it(tmp_path):
    copy_ = tmp_path / "policies"
    shutil.copytree(SHIPPED, copy_)
    models = yaml.safe_load((copy_ / "models.yaml").read_text())
    del models["pools"]["provider"]["credential"]
    (copy_ / "models.yaml").write_text(yaml.safe_dump(models))
    rendered(copy_, tmp_path / "out")
    assert "credential" not in "".join(
        p.read_text() for p in (tmp_path / "out").rglob("*.yaml") if p.name != "policies.yaml"
    )


def test_mutual_tls_is_demanded_wherever_ours_is(overlay):
    assert of_kind(overlay, "PeerAuthentication")
    for document in of_kind(overlay, "PeerAuthentication"):
        assert document["spec"]["mtls"] == {"mode": "STRICT"}
        assert document["spec"]["selector"]["matchLabels"]


def test_everything_of_ours_selects_its_pods(overlay):
    """Nothing applies to a whole namespace: other workloads are left alone."""
    for document in of_kind(overlay, "EnvoyFilter", "Sidecar"):
        assert document["spec"]["workloadSelector"]["labels"]
    for document in of_kind(overlay, "NetworkPolicy"):
        assert document["spec"]["podSelector"]["matchLabels"]
    for document in of_kind(overlay, "CiliumNetworkPolicy"):
        assert document["spec"]["endpointSelector"]["matchLabels"]


def test_the_policies_in_the_configmap_are_the_files(overlay):
    (found,) = [
        each
        for each in of_kind(overlay, "ConfigMap")
        if each["metadata"]["name"] == "extproc-policies"
    ]
    assert found["data"] == {p.name: p.read_text() for p in SHIPPED.glob("*.yaml")}


# Pools that cannot be expressed


def test_a_tls_pool_of_several_names_is_refused(tmp_path):
    for file in SHIPPED.glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text())
    models = yaml.safe_load((SHIPPED / "models.yaml").read_text())
    models["pools"]["onprem"]["endpoints"] = ["a.example:443", "b.example:443"]
    (tmp_path / "models.yaml").write_text(yaml.safe_dump(models))
    result = CliRunner().invoke(
        app, ["render", "istio", f"--policies={tmp_path}", f"--out={tmp_path / 'out'}"]
    )
    assert result.exit_code == 2
    assert "several names" in result.output
    assert not Path(tmp_path / "out").exists()


def test_the_image_drains_longer_than_the_longest_answer(tmp_path):
    copy_ = tmp_path / "policies"
    shutil.copytree(SHIPPED, copy_)
    models = yaml.safe_load((copy_ / "models.yaml").read_text())
    models["pools"]["onprem"]["timeout"] = "40m"
    (copy_ / "models.yaml").write_text(yaml.safe_dump(models))
    for overlay in OVERLAYS:
        for deployment in of_kind(
            manifests(rendered(copy_, tmp_path / "out"), overlay), "Deployment"
        ):
            spec = deployment["spec"]["template"]["spec"]
            every = [*spec.get("initContainers", ()), *spec["containers"]]
            for container in (c for c in every if c["name"] == "extproc"):
                command = container["lifecycle"]["preStop"]["exec"]["command"]
                seconds = int(command[-1].removeprefix("--seconds="))
                assert 40 * 60 < seconds < spec["terminationGracePeriodSeconds"]


@pytest.mark.parametrize("attach", OVERLAYS)
def test_pools_in_the_mesh_are_called_by_governed_proxies_alone(attach):
    """Their namespaces are others': so these are applied apart."""
    found = build(TREE / "overlays" / attach / "pools")
    assert [problems(d) for d in found] == [[]] * 3
    assert {d["metadata"]["namespace"] for d in found} == {"models"}
    (peers,) = of_kind(found, "PeerAuthentication")
    (callers,) = of_kind(found, "AuthorizationPolicy")
    caller = "ai-gateway" if attach == "gateway" else "ai-apps"
    assert peers["spec"]["mtls"] == {"mode": "STRICT"}
    assert callers["spec"]["action"] == "ALLOW"
    assert callers["spec"]["rules"] == [{"from": [{"source": {"namespaces": [caller]}}]}]
    for document in (peers, callers):
        assert document["spec"]["selector"] == {"matchLabels": {"ai-pool": "gpu-a"}}


def test_pools_in_the_mesh_are_called_over_mutual_tls_unless_they_have_no_sidecar(
    overlay, tmp_path
):
    modes = {
        rule["spec"]["host"]: rule["spec"]["trafficPolicy"]["tls"]["mode"]
        for rule in of_kind(overlay, "DestinationRule")
    }
    assert modes["gpu-a.pools.extproc.internal"] == "ISTIO_MUTUAL"
    assert modes["provider.pools.extproc.internal"] == "SIMPLE"
    options = ["render", "istio", f"--policies={SHIPPED}", f"--out={tmp_path}"]
    assert CliRunner().invoke(app, [*options, "--plain-pool=gpu-a"]).exit_code == 0
    assert "mode: DISABLE" in (tmp_path / "base/pools.yaml").read_text()
    assert not (tmp_path / "overlays/service/pools").exists()


def test_a_plain_pool_that_does_not_exist_is_refused(tmp_path):
    options = ["render", "istio", f"--policies={SHIPPED}", f"--out={tmp_path}"]
    result = CliRunner().invoke(app, [*options, "--plain-pool=nowhere"])
    assert result.exit_code == 2
    assert "nowhere: no such pool; pools are: gpu-a" in result.output

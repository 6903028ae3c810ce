"""Exit codes, formats, and plain words for what cannot be read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from extproc.cli.main import app
from extproc.doctor.rules import RULES
from tests.unit.doctor.forms import as_yaml, ext_proc, rendered

run = CliRunner()
ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy/istio"
SARIF = Draft202012Validator(json.loads((ROOT / "tests/schemas/sarif.json").read_text()))


@pytest.fixture
def unsafe(tmp_path):
    document = rendered()
    ext_proc(document)["failure_mode_allow"] = True
    file = tmp_path / "envoy.yaml"
    file.write_text(as_yaml(document))
    return file


@pytest.fixture
def safe(tmp_path):
    file = tmp_path / "safe.json"
    file.write_text(json.dumps(rendered()))
    return file


def doctor(*arguments):
    result = run.invoke(app, ["doctor", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_nothing_unsafe_is_0(safe):
    result = doctor(safe)
    assert (result.exit_code, result.stdout) == (0, f"{safe}: nothing found\n")


def test_something_unsafe_is_1_and_says_where_why_and_how(unsafe):
    result = doctor(unsafe)
    assert result.exit_code == 1
    assert "UNSAFE fail-open: failure_mode_allow is true" in result.stdout
    assert f"where: {unsafe}:" in result.stdout
    assert "why:   When the service is down" in result.stdout
    assert "fix:   Set failure_mode_allow: false" in result.stdout
    assert result.stdout.endswith(f"{unsafe}: 1 unsafe\n")


def test_warnings_alone_are_0(safe):
    document = rendered()
    ext_proc(document)["message_timeout"] = "200s"
    safe.write_text(json.dumps(document))
    result = doctor(safe)
    assert result.exit_code == 0
    assert result.stdout.startswith("WARNING message-timeout")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no configuration of a proxy"),
        ("{}", "holds no configuration of a proxy"),
        ("hello", "holds no configuration of a proxy"),
        ('{"a": [1, 2', "not JSON"),
        ("a: [b", "x.yaml: line "),
        ("apiVersion: v1\nkind: Secret\n", "holds no configuration of a proxy"),
        ("[" * 5000, "nested too deeply"),
        ("a: &a [*a]\n", "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_2(tmp_path, content, said):
    file = tmp_path / "x.yaml"
    file.write_text(content)
    result = doctor(file)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_nothing_there_is_2(tmp_path):
    assert "no such file or folder" in doctor(tmp_path / "no").stderr
    assert "no YAML or JSON files" in doctor(tmp_path).stderr
    assert doctor(tmp_path / "no").exit_code == doctor(tmp_path).exit_code == 2


def test_bytes_that_are_no_text_are_2(tmp_path):
    file = tmp_path / "x.json"
    file.write_bytes(b"{\xff}")
    assert doctor(file).exit_code == 2


def test_json(unsafe):
    document = json.loads(doctor(unsafe, "--format", "json").stdout)
    assert document["unsafe"] is True
    assert document["counts"] == {"unsafe": 1, "warning": 0, "note": 0}
    (finding,) = document["findings"]
    assert finding["rule"] == "fail-open"
    assert finding["where"]["file"] == str(unsafe)
    assert finding["where"]["line"] > 1
    assert finding["where"]["path"].endswith("failure_mode_allow")


def sarif(path):
    """The report, which is valid by the schema of SARIF 2.1.0."""
    document = json.loads(doctor(path, "--format", "sarif").stdout)
    assert [f"{e.json_path}: {e.message}" for e in SARIF.iter_errors(document)] == []
    return document


def test_the_schema_of_sarif_finds_what_is_wrong(unsafe):
    document = sarif(unsafe)
    document["runs"][0]["results"][0]["level"] = "unsafe"
    document["runs"][0]["results"][0]["place"] = {}
    assert len(list(SARIF.iter_errors(document))) == 2


def test_sarif(unsafe):
    """References that hold."""
    document = sarif(unsafe)
    assert document["version"] == "2.1.0"
    (only,) = document["runs"]
    declared = only["tool"]["driver"]["rules"]
    assert only["tool"]["driver"]["name"] == "extproc doctor"
    assert [rule["id"] for rule in declared] == [rule.id for rule in RULES]
    (finding,) = only["results"]
    assert declared[finding["ruleIndex"]]["id"] == finding["ruleId"] == "fail-open"
    assert finding["level"] == "error"
    assert finding["message"]["text"]
    place = finding["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == unsafe.as_uri()
    assert place["region"]["startLine"] > 1


def test_sarif_of_nothing(safe):
    assert sarif(safe)["runs"][0]["results"] == []


def test_sarif_of_manifests_with_every_severity(tmp_path):
    """Names that no URI holds as they are, and findings without a line."""
    folder = tmp_path / "a b#c%é"
    shutil.copytree(DEPLOY, folder)
    for file in folder.rglob("*.yaml"):
        text = (
            file.read_text()
            .replace("STRICT", "PERMISSIVE")
            .replace("timeout: 25s", "timeout: 300s")
        )
        file.write_text(text.replace("response_header_mode: SKIP", "response_header_mode: SEND"))
    levels = {each["level"] for each in sarif(folder)["runs"][0]["results"]}
    assert levels == {"error", "warning", "note"}


MIRROR = """    mirror: {host: %s, port: {number: 80}}
    timeout: 600s
"""
WEIGHT = """    - destination: {host: %s, port: {number: 80}}
      weight: 10
"""


@pytest.mark.parametrize(
    ("file", "after", "added", "host", "rule"),
    [
        ("traffic.yaml", "    timeout: 600s\n", MIRROR, "onprem.pools.extproc.internal", None),
        ("traffic.yaml", "    timeout: 600s\n", MIRROR, "llm.onprem.example", None),
        (
            "traffic.yaml",
            "    timeout: 600s\n",
            MIRROR,
            "provider.pools.extproc.internal",
            "mirror-leaves",
        ),
        ("traffic.yaml", "    timeout: 600s\n", MIRROR, "api.provider.example", "mirror-leaves"),
        ("traffic.yaml", "    timeout: 600s\n", MIRROR, "unknown.example", "mirror-leaves"),
        (
            "traffic.yaml",
            "    route:\n",
            WEIGHT,
            "provider.pools.extproc.internal",
            "weights-leave",
        ),
        ("traffic.yaml", "    route:\n", WEIGHT, "onprem.pools.extproc.internal", None),
        (
            "pools.yaml",
            "  endpoints:\n",
            "  - {address: %s, ports: {http: 443}}\n",
            "api.provider.example",
            "failover-leaves",
        ),
        (
            "pools.yaml",
            "  endpoints:\n",
            "  - {address: %s, ports: {http: 443}}\n",
            "unknown.example",
            "failover-leaves",
        ),
    ],
)
def test_a_residency_is_that_of_the_models_whatever_host_names_them(
    tmp_path, file, after, added, host, rule
):
    """Of the pool gpu-a, which lies in the EU; the file's first of each."""
    shutil.copytree(DEPLOY, tmp_path / "istio")
    overlay = tmp_path / "istio/overlays/sidecar"
    target = overlay / file if file == "traffic.yaml" else tmp_path / "istio/base" / file
    text = target.read_text()
    assert after in text
    new = added % host if "timeout" in added else after + added % host
    target.write_text(text.replace(after, new, 1))
    result = doctor(overlay, "--policies", DEPLOY / "policies", "--format", "json")
    found = {each["rule"] for each in json.loads(result.stdout)["findings"]}
    # A server outside the mesh that the pool does not speak TLS to is a finding of its own.
    assert found - {"plaintext-upstream"} == ({rule} if rule else set())
    assert result.exit_code == (1 if rule else 0)

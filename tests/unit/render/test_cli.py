import json
import subprocess

from typer.testing import CliRunner

from extproc.cli.main import app
from extproc.local.binary import envoy
from tests.e2e.gateway import ROOT


def render(*arguments):
    return CliRunner().invoke(app, ["render", "envoy", *map(str, arguments)])


def test_the_rendered_bootstrap_is_valid_and_the_committed_one_is_current(tmp_path):
    result = render("--policies", ROOT / "policies", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    file = tmp_path / "envoy.json"
    assert result.output.split() == [str(file)]
    subprocess.run(
        [envoy(), "--mode", "validate", "-l", "error", "-c", file], check=True, timeout=60
    )
    assert file.read_text() == (ROOT / "envoy" / "envoy.json").read_text(), "run `make docs`"


def test_it_prints_without_a_folder_and_takes_addresses():
    result = render(
        "--policies", ROOT / "policies", "--service", "unix:/run/e.sock", "--listen", "0.0.0.0:80"
    )
    document = json.loads(result.output)
    cluster = document["static_resources"]["clusters"][0]
    (endpoint,) = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
    assert endpoint["endpoint"]["address"] == {"pipe": {"path": "/run/e.sock"}}
    listener = document["static_resources"]["listeners"][0]["address"]["socket_address"]
    assert listener == {"address": "0.0.0.0", "port_value": 80}


def test_mistakes_are_explained(tmp_path):
    assert render("--policies", ROOT / "policies", "--listen", "nowhere").exit_code == 2
    (tmp_path / "x.yaml").write_text("kind: Nothing\n")
    result = render("--policies", tmp_path)
    assert result.exit_code == 1
    assert "x.yaml:1: " in result.output

"""The doctor on what a running Envoy says of itself."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from extproc.doctor.examine import examine


def test_the_dump_of_a_running_envoy_is_clean(up, tmp_path: Path):
    file = tmp_path / "dump.json"
    with urllib.request.urlopen(f"{up.envoy_admin_url}/config_dump?include_eds") as answer:
        file.write_bytes(answer.read())
    report = examine(file)
    assert report.findings == ()
    assert report.proxies == 1


def test_a_dump_that_fails_open_is_not(up, tmp_path: Path):
    file = tmp_path / "dump.json"
    with urllib.request.urlopen(f"{up.envoy_admin_url}/config_dump") as answer:
        text = answer.read().decode()
    file.write_text(
        text.replace('"allow_mode_override"', '"failure_mode_allow": true, "allow_mode_override"')
    )
    json.loads(file.read_text())
    report = examine(file)
    assert {each.rule.id for each in report.findings} == {"fail-open"}
    assert report.unsafe

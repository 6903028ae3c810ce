"""The CLI's live verbs against a running service, over its socket."""

from __future__ import annotations

import stat
import subprocess
import sys

import httpx
import pytest

from tests.e2e import gateway


@pytest.fixture
def running(tmp_path):
    started = gateway.start(tmp_path)
    yield started
    started.kill()


def extproc(*words):
    return subprocess.run(
        [sys.executable, "-m", "extproc", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_status_reload_and_drain(running):
    socket = running.data_dir / "control.sock"
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600

    shown = extproc("status", "--data-dir", running.data_dir)
    assert shown.returncode == 0
    assert "ready" in shown.stdout

    (running.policies / "bad.yaml").write_text("apiVersion: extproc/v1\nkind: Nonsense\n")
    refused = extproc("reload", "--data-dir", running.data_dir)
    assert refused.returncode == 1
    assert "bad.yaml:2" in refused.stdout
    (running.policies / "bad.yaml").unlink()
    assert extproc("reload", "--data-dir", running.data_dir).returncode == 0

    drained = extproc("drain", "--data-dir", running.data_dir, "--seconds", "5")
    assert (drained.returncode, drained.stdout) == (0, "0 exchanges in flight\n")
    ready = httpx.get(f"{running.admin_url}/readyz")
    assert (ready.status_code, ready.json()["checks"]["draining"]["status"]) == (503, "failed")
    assert extproc("status", "--data-dir", running.data_dir).returncode == 1
    assert running.stop() == 0


def test_no_service_is_said_plainly(tmp_path):
    answer = extproc("status", "--data-dir", tmp_path)
    assert answer.returncode == 2
    assert "no service answers" in answer.stderr
    assert "Traceback" not in answer.stderr

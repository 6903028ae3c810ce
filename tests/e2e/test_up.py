"""`extproc up` as a process: how it starts, how it refuses to, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.e2e import gateway
from tests.e2e.audit_trail import eventually

CHAT = json.dumps({"model": "small", "messages": [{"role": "user", "content": "Hello"}]}).encode()


def ask(running, *, body=CHAT, path="/chat/completions", **headers):
    request = urllib.request.Request(
        running.base_url + path,
        data=body,
        headers={"authorization": "Bearer dev", "content-type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


@pytest.fixture
def launched(tmp_path):
    """A launcher whose gateways do not outlive the test."""
    made = []

    def launch(*options, **kwargs):
        made.append(gateway.launch(tmp_path / str(len(made)), *options, **kwargs))
        return made[-1]

    yield launch
    for each in made:
        each.kill()


@pytest.fixture
def started(tmp_path):
    made = []

    def start(*options, **kwargs):
        made.append(gateway.start(tmp_path / str(len(made)), *options, **kwargs))
        return made[-1]

    yield start
    for each in made:
        each.kill()


def refusal(running) -> str:
    """What it says when it does not start. It says nothing on stdout and leaves nothing."""
    status = running.process.wait(gateway.READY_S)
    assert status == 1
    assert running.process.stdout.read() == ""
    assert running.pids() == {}
    return running.stderr.read_text()


def test_ready_is_one_line_with_the_base_url(launched):
    running = launched()
    assert gateway.await_ready(running) == f"ready {running.base_url}\n"
    status, headers, _ = ask(running)
    assert status == 200
    assert headers["x-ai-pool"] == "gpu-a"
    assert running.stop() == 0
    assert running.process.stdout.read() == ""
    assert running.pids() == {}


def test_a_taken_port_is_named(launched):
    ports = gateway.ports_of_options()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", ports["--port"]))
        taken.listen()
        said = refusal(launched(ports=ports))
    assert said == f"extproc up: port {ports['--port']} is taken (--port): Address already in use\n"


def test_an_invalid_policy_is_explained(launched, tmp_path):
    folder = tmp_path / "0" / "policies"
    folder.mkdir(parents=True)
    for file in (gateway.ROOT / "policies").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text())
    (folder / "broken.yaml").write_text(
        "apiVersion: extproc/v1\nkind: Policy\nmetadata: {name: x, owner: y}\nmoed: enforce\n"
    )
    said = refusal(launched())
    assert "broken.yaml:4: moed: " in said
    assert "Traceback" not in said


def test_an_upstream_for_no_pool_is_explained(launched):
    said = refusal(launched("--upstream=nowhere=127.0.0.1:1"))
    assert "no such pool; pools are: gpu-a, gpu-b, onprem" in said


def test_a_data_directory_in_use_is_named(started, tmp_path):
    first = started()
    second = gateway.launch(tmp_path / "0")
    try:
        assert f"{first.data_dir} is in use by another" in refusal(second)
    finally:
        second.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_all_of_it_even_where_the_shell_ignores_sigint(started, number):
    running = started(ignore_sigint=True)
    assert len(running.pids()) == 4  # up, the service, Envoy, the simulator
    assert running.stop(number) == 0
    assert running.pids() == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_make_alone_ends_all_of_it(started, number):
    """It passes SIGTERM on to its recipe, and keeps a SIGINT to itself."""
    running = started(make=True)
    assert len(running.pids()) == 5
    running.stop(number)
    eventually(lambda: not running.pids(), why=f"left behind: {running.pids()}")


def test_an_answer_in_flight_at_the_signal_is_finished(started):
    running = started(environment={"EXTPROC_SIM": "rate=20 tokens=30"})
    body = json.dumps(
        {"model": "small", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    ).encode()
    request = urllib.request.Request(
        f"{running.base_url}/chat/completions",
        data=body,
        headers={"authorization": "Bearer dev", "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        first = answer.read1(10)
        running.process.send_signal(signal.SIGINT)
        rest = answer.read()
    assert (first + rest).rstrip().endswith(b"data: [DONE]")
    assert running.stop() == 0
    assert running.pids() == {}


@pytest.mark.parametrize("victim", ["_bin/envoy", "extproc serve", "extproc.local.simulator"])
def test_the_end_of_a_part_is_the_end_of_all(started, victim):
    running = started()
    (pid,) = [pid for pid, words in running.pids().items() if victim in words]
    os.kill(pid, signal.SIGKILL)
    assert running.process.wait(gateway.STOP_S) == 1
    assert "was killed by SIGKILL" in running.stderr.read_text()
    assert running.pids() == {}


def test_nothing_outlives_a_killed_up(started):
    running = started()
    running.process.kill()
    running.process.wait()
    eventually(lambda: not running.pids(), why=f"left behind: {running.pids()}")


def test_two_run_beside_each_other(started):
    first, second = started(), started()
    assert ask(first)[0] == ask(second)[0] == 200


def test_an_upstream_replaces_the_simulator(started, tmp_path):
    command = [sys.executable, "-m", "extproc.local.simulator", "--port=0", "--name=foreign"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as foreign:
        try:
            where = foreign.stdout.readline().split()[1]
            running = started(environment={"EXTPROC_UPSTREAM": f"gpu-a={where}"})
            assert b"[foreign/small]" in ask(running)[2]
        finally:
            foreign.terminate()


def test_a_new_pool_in_the_registry_is_served_without_a_restart(started):
    running = started()
    models = running.policies / "models.yaml"
    models.write_text(
        models.read_text()
        .replace("pools:\n", 'pools:\n  gpu-c: {endpoints: ["127.0.0.1:9109"], residency: [eu]}\n')
        .replace("    pool: gpu-a\n    version: 1.4.2", "    pool: gpu-c\n    version: 1.5.0")
    )

    def served_by_the_new_pool():
        status, headers, body = ask(running, **{"cache-control": "no-store"})
        assert status in {200, 503}, body
        return status == 200 and headers["x-ai-pool"] == "gpu-c"

    eventually(served_by_the_new_pool)
    assert running.process.poll() is None

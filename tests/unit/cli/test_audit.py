from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from extproc.audit.log import AuditLog
from extproc.audit.record import record
from extproc.cli.audit import app
from extproc.outcome import Decision, Outcome
from extproc.verdict import Code


@pytest.fixture
def data(tmp_path):
    log = AuditLog(tmp_path / "data", sync=False)
    log.open()
    for index in range(6):
        blocked = index % 3 == 0
        decision = Decision(
            request_id=f"req_{index}",
            ts=1_700_000_000 + 3600 * index,
            tenant="acme" if index < 4 else "zeta",
            caller="key:dev",
            policy="support@01234567",
            path="/v1/chat/completions",
            action="block" if blocked else "allow",
            code=Code.PROMPT_INJECTION if blocked else None,
            status=403 if blocked else None,
            input_usd_per_mtok=1.0,
        )
        outcome = None if blocked else Outcome(200, 1.0, 1.0, (), "gpu-a", 10, 5)
        log.append(record(decision, outcome, None))
    log.append_policy_change(by="file watch", old="aa", new="bb", diff="x")
    log.shut()
    return tmp_path / "data"


def run(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def ids(result):
    return [json.loads(line).get("request_id") for line in result.stdout.splitlines()]


def test_verify_tells_what_it_checked(data):
    result = run("verify", "--data-dir", data)
    assert result.exit_code == 0
    assert "ok: 8 records in 1 files, 1 checkpoints, signed up to 8" in result.stdout


def test_verify_names_the_first_bad_record_and_exits_1(data):
    [path] = (data / "audit").glob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"req_3"', b'"req_X"'))
    result = run("verify", "--data-dir", data)
    assert result.exit_code == 1
    assert f"{path.name}:4: record 4: " in result.stdout


def test_verify_takes_its_own_anchor(data):
    anchor = run("verify", "--data-dir", data).stdout.splitlines()[-1].removeprefix("anchor ")
    assert run("verify", "--data-dir", data, "--anchor", anchor).exit_code == 0
    other = anchor.replace(anchor[-1], "0" if anchor[-1] != "0" else "1")
    assert run("verify", "--data-dir", data, "--anchor", other).exit_code == 1
    assert run("verify", "--data-dir", data, "--anchor", "nonsense").exit_code == 2


def test_verify_trusts_the_key_it_is_given(data, tmp_path):
    own = data / "keys" / "audit.pub.pem"
    kept = tmp_path / "kept.pem"
    kept.write_bytes(own.read_bytes())
    own.unlink()
    result = run("verify", "--data-dir", data)
    assert result.exit_code == 1
    assert "no public key" in result.stderr
    assert run("verify", "--data-dir", data, "--public-key", kept).exit_code == 0


def test_without_a_log(tmp_path):
    for verb in ("verify", "tail", "query", "report"):
        result = run(verb, "--data-dir", tmp_path)
        assert result.exit_code == 2
        assert "no audit log" in result.stderr


def test_tail(data):
    result = run("tail", "--data-dir", data, "-n", 3)
    assert [json.loads(line)["seq"] for line in result.stdout.splitlines()] == [6, 7, 8]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("--request-id", "req_4"), ["req_4"]),
        (("--tenant", "zeta"), ["req_4", "req_5"]),
        (("--code", "prompt_injection"), ["req_0", "req_3"]),
        (("--action", "allow", "--tenant", "acme"), ["req_1", "req_2"]),
        (("--policy", "support", "--since", "2023-11-15T02:00Z"), ["req_4", "req_5"]),
        (("--until", "2023-11-14T22:30Z"), ["req_0"]),
        (("--tenant", "nobody"), []),
    ],
)
def test_query(data, args, expected):
    result = run("query", "--data-dir", data, *args)
    assert result.exit_code == 0
    assert ids(result) == expected


def test_query_says_what_a_time_is(data):
    result = run("query", "--data-dir", data, "--since", "soon")
    assert result.exit_code == 2
    assert "2026-01-31" in result.stderr


def test_report_in_markdown_selects_and_verifies(data):
    text = run("report", "--data-dir", data, "--tenant", "zeta").stdout
    assert "2 exchanges" in text
    assert "tenant zeta" in text
    assert "The chain verifies: 8 records" in text
    assert "policies: aa → bb by file watch" in text, "policy changes matter to every tenant"


def test_report_in_html_to_a_file(data, tmp_path):
    out = tmp_path / "report.html"
    result = run("report", "--data-dir", data, "--format", "html", "--out", out)
    assert result.exit_code == 0
    assert out.read_text().startswith("<!doctype html>")


def test_report_on_a_broken_chain_says_so(data):
    [path] = (data / "audit").glob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"req_3"', b'"req_X"'))
    result = run("report", "--data-dir", data)
    assert "does NOT verify" in result.stdout
    assert "record 4" in result.stderr


@pytest.mark.parametrize("verb", ["verify", "tail", "query", "report"])
def test_every_flag_has_help(verb):
    import typer

    command = typer.main.get_command(app).commands[verb]
    assert all(getattr(option, "help", None) for option in command.params if option.name != "help")

"""What reading a stream adds for its client: time to the first text, and per token, through real Envoy.

    python perf/redaction_stream.py [--rounds N]

One `extproc up` with a policy for each row, whose tenants take turns within a round. The simulated
model repeats the request's text, some 400 words. `first` is from the request's last byte to the
first text, with a model that sends 100 tokens a second; `token` is the whole stream by its events
with a model that sends as fast as it can, so that what lies between is all there is. Medians.
The guard holds the last word until the next one comes: at 100 tokens a second that is 10 ms.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import yaml
from overhead import HOST, ROOT, child, free_port

OFF: dict[str, Any] = {
    "sensitivity": {"mode": "off"},
    "injection": {"mode": "off"},
    "cache": {"mode": "off"},
}
REDACT = {"redact": {"entities": ["EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD"], "restore": True}}
ROWS: dict[str, dict[str, Any]] = {
    "unread": OFF,
    "restore": {**OFF, "sensitivity": REDACT},
    "guard": {**OFF, "output": {"sensitive": "redact", "content": "block"}},
    "both": {**OFF, "sensitivity": REDACT, "output": {"sensitive": "redact", "content": "block"}},
}
PROSE = "Please summarise the quarterly report for the board and keep the tone factual, thank you. "
DENSE = "Write to jane.doe@corp.com, card 4111 1111 1111 1111, call +44 20 7946 0958 for more now. "
TEXTS = {"prose": PROSE, "dense": f"{DENSE}{PROSE}"}
WORDS = 400


def policies(folder: Path) -> Path:
    shutil.copytree(ROOT / "policies", folder, ignore=shutil.ignore_patterns("tests", "examples"))
    for name, sections in ROWS.items():
        document = {
            "apiVersion": "extproc/v1",
            "kind": "Policy",
            "metadata": {"name": name, "owner": "perf"},
            "match": {"tenants": [name]},
            "route": {"default": "small"},
            **sections,
        }
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(document))
    return folder


def stream(client: httpx.Client, tenant: str, text: str, rate: int) -> tuple[float, float, int]:
    """Milliseconds to the first text and to the end, and how many pieces the text came in."""
    body = {"model": "small", "stream": True, "messages": [{"role": "user", "content": text}]}
    headers = {"x-ai-tenant": tenant, "x-sim": f"rate={rate}", "authorization": "Bearer dev"}
    start, first, said, pieces = time.perf_counter(), None, "", 0
    with client.stream("POST", "/v1/chat/completions", json=body, headers=headers) as answer:
        answer.raise_for_status()
        for line in answer.iter_lines():
            if not line.startswith("data: {"):
                continue
            choices = json.loads(line[6:])["choices"]
            piece = choices[0]["delta"].get("content") if choices else None
            if piece:
                first = first or time.perf_counter()
                said += piece
                pieces += 1
            if rate and len(said) > 200:
                break  # the first text has been timed
    if not rate and not said.endswith(text[-20:]):
        sys.exit(f"{tenant}: the stream did not come whole")
    end = time.perf_counter()
    return ((first or end) - start) * 1e3, (end - start) * 1e3, pieces


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        names = ("port", "admin-port", "extproc-port", "envoy-admin-port")
        ports = {name: free_port() for name in names}
        command: list[Any] = [sys.executable, "-m", "extproc", "up"]
        command += ["--policies", policies(Path(folder) / "policies")]
        command += ["--data-dir", Path(folder) / "data"]
        for name, port in ports.items():
            command += [f"--{name}", port]
        with child(command, stdout=-1, stderr=-3, text=True) as process:
            if not process.stdout.readline().startswith("ready"):
                sys.exit("extproc up did not start")
            with httpx.Client(base_url=f"http://{HOST}:{ports['port']}", timeout=60) as client:
                measure(client, rounds)


def measure(client: httpx.Client, rounds: int) -> None:
    print(f"{'':<16}{'first, ms':>12}{'added':>9}{'token, µs':>12}{'added':>9}")
    for kind, piece in TEXTS.items():
        text = piece * (WORDS // len(piece.split()))
        firsts: dict[str, list[float]] = {name: [] for name in ROWS}
        tokens: dict[str, list[float]] = {name: [] for name in ROWS}
        sent = 1
        for number in range(rounds + 1):
            for name in ROWS:
                first, _, _ = stream(client, name, f"{number} {text}", 100)
                _, whole, pieces = stream(client, name, f"{number} {text}", 0)
                if name == "unread":
                    sent = pieces  # the model's own: what is read comes in fewer
                if number:  # the first round opens connections and fills memories
                    firsts[name].append(first)
                    tokens[name].append(whole / sent * 1e3)
        base = statistics.median(firsts["unread"]), statistics.median(tokens["unread"])
        for name in ROWS:
            first, token = statistics.median(firsts[name]), statistics.median(tokens[name])
            print(
                f"{kind + ' ' + name:<16}{first:>12.2f}{first - base[0]:>9.2f}"
                f"{token:>12.1f}{token - base[1]:>9.1f}"
            )


if __name__ == "__main__":
    main()

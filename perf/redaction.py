"""What redaction, restoration and the output guard cost, and how long they hold a stream back.

    python perf/redaction.py [--rounds N]

Median of N rounds of processor time, one thread. A stream is 400 chat chunks of about four characters each, as
Envoy hands them over: one chunk a message. `waits` is the longest row of chunks for which the
client got no text.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import time
from collections.abc import Callable

from extproc.answers import AnswerFilter, Filtered, Placed
from extproc.inspectors.output.guard import Checks, Guard
from extproc.inspectors.sensitivity import Analyzer, SensitivitySettings
from extproc.inspectors.sensitivity.labelled import labelled
from extproc.inspectors.sensitivity.redact import Redaction, Redactor
from extproc.inspectors.sensitivity.settings import RedactSettings
from extproc.llm.request import view
from extproc.llm.view import Surface
from extproc.policy.section import OnError
from extproc.relay import Relay
from extproc.verdict import Mode

ANALYZER = Analyzer()
TYPES = ("EMAIL_ADDRESS", "PHONE_NUMBER", "US_SSN", "CREDIT_CARD")
PROSE = "Please summarise the quarterly report for the board and keep the tone factual, thank you. "
DENSE = (
    "Write to jane.doe@corp.com, card 4111 1111 1111 1111, SSN 536-90-4399, call 415-867-5309 now. "
)
REDACTOR = Redactor(RedactSettings(entities=TYPES, restore=True), b"k" * 32)
SURFACE = Surface.CHAT_COMPLETIONS


def redact(text: str) -> Redaction:
    seen = view(SURFACE, {"model": "m", "messages": [{"role": "user", "content": text}]})
    found = {0: [e for e in ANALYZER.scan(text) if e.type in TYPES]}
    return REDACTOR.redact(seen, found, ("acme", "bot", ""))


def chunks(text: str) -> list[bytes]:
    pieces = re.findall(r".{1,4}", text, re.DOTALL)[:400]
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    choice = {"index": 0, "finish_reason": None}
    return [
        f"data: {json.dumps({**head, 'choices': [{**choice, 'delta': {'content': p}}]})}\n\n".encode()
        for p in pieces
    ]


def stream(frames: list[bytes], make: Callable[[], AnswerFilter] | None) -> tuple[float, int]:
    """Microseconds a chunk, and the longest row of chunks without text."""
    kept = [make()] if make else []
    scans = [Filtered(Placed(f, "x", Mode.ENFORCE, OnError.DENY), SURFACE, "r") for f in kept]
    relay, row, waits = Relay(scans), 0, 0
    spent = 0
    for frame in frames:
        start = time.process_time_ns()
        out = relay.feed(frame, end=False)
        spent += time.process_time_ns() - start
        row = 0 if _text(out) else row + 1
        waits = max(waits, row)
    return spent / 1e3 / len(frames), waits


def _text(frames: bytes) -> int:
    return sum(
        len(json.loads(line[6:])["choices"][0]["delta"]["content"])
        for line in frames.decode().splitlines()
        if line.startswith("data: {")
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    find = labelled(SensitivitySettings(), ANALYZER)
    print(f"{'redact a request':<34}{'ms':>9}")
    for name, text in (("prose", PROSE), ("dense", DENSE)):
        for size in (2_048, 8_192, 65_536):
            whole = (text * (size // len(text) + 1))[:size]
            times = []
            for _ in range(rounds):
                start = time.process_time()
                redact(whole)
                times.append((time.process_time() - start) * 1e3)
            print(f"  {name + ', scan included':<24}{size:>8}{statistics.median(times):>9.2f}")
    print(f"{'a stream':<34}{'µs/chunk':>9}{'waits':>7}")
    for name, text in (("prose", PROSE), ("dense", DENSE)):
        redaction = redact(text * 20)
        sent = redaction.changes[0].value if redaction.changes else text * 20
        guard = Checks("redact", True, None, find)
        for what, frames, make in (
            ("nothing", chunks(text * 20), None),
            ("restore", chunks(sent), lambda: redact(DENSE).restore),
            ("guard", chunks(text * 20), lambda guard=guard: Guard(SURFACE, guard)),
        ):
            runs = [stream(frames, make) for _ in range(rounds)]
            cost = statistics.median(run[0] for run in runs)
            print(f"  {name:<10}{what:<22}{cost:>9.1f}{runs[0][1]:>7}")


if __name__ == "__main__":
    main()

"""What checking for injection costs, beside the package's own API on the same text.

    .venv/bin/python perf/injection.py [--quick]

Latency is that of `Injection.inspect`, one request at a time, two workers, new text each time;
CPU is that of this process, which on a busy machine says more. "again" is the same request once
more, "exit" a new one under `early_exit`, with the share of the windows that are
read then. Of the package, `classify` reads 256 tokens and `classify_by_chunks` 10,000 characters,
on every core; we read everything, whatever its size. The last lines measure the models alone, on
one thread: windows one by one and as a batch, how far a window's score depends on its company in
the batch, and the memory of each part. Through Envoy: `perf/overhead.py --only all`.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count

import numpy as np
from rich.console import Console
from rich.table import Table
from stackone_defender.classifiers.tier2_classifier import Tier2Classifier

from extproc import resources
from extproc.exchange import Exchange, Identity, Request
from extproc.inspectors.injection import Injection, InjectionSettings
from extproc.inspectors.injection.reader import LONG
from extproc.llm.view import Channel, ChatView, Span, Surface
from extproc.models.encoder import Encoder, Rows
from extproc.models.injection import MiniLM
from extproc.models.injection_sieve import Sketch
from extproc.models.workers import Workers
from extproc.policy.model import Policy

MODEL, ENCODER = resources.path("models/injection"), resources.path("models/encoder")
"""The classifier that `extproc/inspectors/services.py` opens."""
SENTENCES = (
    "The customer asked on Tuesday whether order {n} could go to the office instead. ",
    "Our records show a payment of {n} euros, and the parcel left in the evening. ",
    "Please check the address again, since number {n} does not exist in that street. ",
)
SIZES = {"30 tokens": 120, "500 tokens": 2_100, "8 KB": 8_192, "64 KB": 65_536, "512 KiB": 524_288}
ROUNDS = {"30 tokens": 200, "500 tokens": 40, "8 KB": 12, "64 KB": 3, "512 KiB": 1}
CLIENTS = 32

fresh = count(1_000)


def prose(size: int) -> str:
    """English that was never seen before, `size` characters."""
    parts = [SENTENCES[i % 3].format(n=next(fresh)) for i in range(size // 75 + 1)]
    return "".join(parts)[:size]


def exchange(*texts: str) -> Exchange:
    channels = (Channel.USER, Channel.ASSISTANT)
    spans = tuple(
        Span(text, channels[i % 2].value, channels[i % 2], ("messages", i, "content"))
        for i, text in enumerate(texts)
    )
    size = sum(map(len, texts))
    view = ChatView(
        Surface.CHAT_COMPLETIONS, {}, "large", False, False, spans, (), None, None, size
    )
    request = Request("POST", Surface.CHAT_COMPLETIONS, "", {}, {}, {})
    return Exchange(
        "r", 0.0, request, Identity("c", "t", "api_key"), Policy("p", "o", "0" * 8), view
    )


async def ours(inspector: Injection, texts: list[list[str]]) -> tuple[list[float], float]:
    """Milliseconds for each request, one after the other, and the mean of their CPU."""
    times = []
    before = time.process_time()
    for parts in texts:
        ex = exchange(*parts)
        start = time.perf_counter()
        await inspector.inspect(ex)
        times.append((time.perf_counter() - start) * 1e3)
    return times, (time.process_time() - before) / len(texts) * 1e3


def theirs(call: Callable[[str], object], texts: list[list[str]]) -> list[float]:
    times = []
    for (text,) in texts:
        start = time.perf_counter()
        call(text)
        times.append((time.perf_counter() - start) * 1e3)
    return times


async def throughput(inspector: Injection, seconds: float) -> float:
    """Requests a second of 30 new tokens, `CLIENTS` at once."""
    end = time.perf_counter() + seconds

    async def client() -> int:
        done = 0
        while time.perf_counter() < end:
            await inspector.inspect(exchange(prose(SIZES["30 tokens"])))
            done += 1
        return done

    start = time.perf_counter()
    total = sum(await asyncio.gather(*(client() for _ in range(CLIENTS))))
    return total / (time.perf_counter() - start)


def row(times: list[float]) -> tuple[str, str]:
    ordered = sorted(times)
    return f"{statistics.median(ordered):.2f}", f"{ordered[int(len(ordered) * 0.99)]:.2f}"


def batching(encoder: Encoder) -> list[str]:
    """Eight windows one by one and in one call: time, and what it does to their scores."""
    windows = [next(encoder.tokens.windows(prose(2_000), Channel.USER)) for _ in range(8)]
    table = Rows(encoder.tokens)
    rows = [np.array([table.row(w.ids[:124], Channel.USER)], dtype=np.int64) for w in windows]
    batch = np.concatenate(rows)

    def run(ids: np.ndarray) -> np.ndarray:
        # The encoder offers no batch of its own: this is why.
        return np.asarray(encoder._session.run(None, {"input_ids": ids})[0])  # noqa: SLF001

    def timed(call: Callable[[], object]) -> float:
        times = []
        for _ in range(15):
            start = time.perf_counter()
            call()
            times.append((time.perf_counter() - start) * 1e3)
        return statistics.median(times) / 8

    single = np.concatenate([run(row) for row in rows])
    together = run(batch)
    one, eight = timed(lambda: [run(row) for row in rows]), timed(lambda: run(batch))
    return [
        f"a window of 128 tokens: {one:.2f} ms by itself, {eight:.2f} ms in a batch of 8",
        (
            f"logits differ by up to {np.abs(single - together).max():.3f} with the company they have"
            f" (the same windows twice: {np.abs(single - np.concatenate([run(r) for r in rows])).max():.3f})"
        ),
    ]


MEMORY = """
import os, sys
from pathlib import Path
from extproc.models.encoder import Encoder
from extproc.models.injection_sieve import Sketch

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

held, said = [], []
for name, opened in {
    "encoder and tokenizer": lambda: Encoder(Path(sys.argv[1])),
    "sieve": lambda: Sketch(Path(sys.argv[2])),
}.items():
    before = resident()
    held.append(opened())
    said.append(f"{name} {resident() - before:.0f}")
print("resident memory, MB:", ", ".join(said))
"""
"""What each part adds to a process of its own: here other imports would blur it."""


def memory() -> str:
    command = [sys.executable, "-c", MEMORY, str(ENCODER), str(MODEL)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def share_read(model: MiniLM, sketch: Sketch, texts: list[list[str]]) -> str:
    windows = [w for (text,) in texts for w in model.windows(text, Channel.USER)]
    long = len(texts[0][0]) >= LONG
    return f"{sum(not long or sketch.passes(w) for w in windows) / len(windows):.0%}"


async def main(quick: bool) -> None:
    console = Console(width=140)
    console.print(memory())
    workers = Workers(2)
    encoder = Encoder(ENCODER)
    model, sketch = MiniLM(MODEL, encoder), Sketch(MODEL)
    inspector = Injection(InjectionSettings(), model, workers, sieve=sketch)
    early = Injection(InjectionSettings(early_exit=True), model, workers, sieve=sketch)
    await ours(inspector, [[prose(2_000)]])
    package = Tier2Classifier()
    package.classify(prose(100))

    names = ("text", "p50 ms", "p99 ms", "CPU ms", "again", "exit", "exit CPU", "read",
             "classify", "by_chunks", "they read")  # fmt: skip
    table = Table(*names)
    for name, size in SIZES.items():
        if quick and size > 10_000:
            continue
        texts = [[prose(size)] for _ in range(ROUNDS[name])]
        mine, cpu = await ours(inspector, texts)
        again, _ = await ours(inspector, texts)
        sifted = [[prose(size)] for _ in range(ROUNDS[name])]
        exits, exit_cpu = await ours(early, sifted)
        read = share_read(model, sketch, sifted)
        theirs_read = f"{min(1, 10_000 / size):.0%}"
        package_times = [
            row(theirs(call, texts))[0] for call in (package.classify, package.classify_by_chunks)
        ]
        table.add_row(name, *row(mine), f"{cpu:.2f}", row(again)[0], row(exits)[0],
                      f"{exit_cpu:.2f}", read, *package_times, theirs_read)  # fmt: skip
    turns = [prose(700) for _ in range(40)]
    await ours(inspector, [turns])
    times, used = [], 0.0
    for _ in range(40):
        # The turn is new, the answer before it too, as in a conversation that goes on.
        turns += [prose(120), prose(400)]
        await ours(inspector, [turns[:-2]])
        one, cpu = await ours(inspector, [turns[:-1]])
        times += one
        used += cpu / 40
    table.add_row("next turn after 40 and more", *row(times), f"{used:.2f}")
    brief = [[f"item {next(fresh)}" for _ in range(200 if quick else 10_000)] for _ in range(2)]
    times, used = await ours(inspector, brief)
    table.add_row(f"{len(brief[0]):,} spans of two words", *row(times), f"{used:.2f}")
    console.print(table)
    before = time.process_time()
    seconds = 2 if quick else 5
    rps = await throughput(inspector, seconds)
    busy = (time.process_time() - before) / seconds
    console.print(
        f"{CLIENTS} clients, 30 new tokens each: {rps:.0f} requests/s on {busy:.1f} cores"
    )
    for line in batching(encoder):
        console.print(line)
    workers.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes seconds")
    asyncio.run(main(parser.parse_args().quick))

"""What checking for injection costs, beside the package's own API on the same text.

    .venv/bin/python perf/injection.py [--quick]

Latency is that of `Injection.inspect`, one request at a time, two workers, new
text each time; "again" is the same request once more, "exit" a new one under
`early_exit`. Of the package, `classify` reads 256 tokens and `classify_by_chunks`
10,000 characters, on every core; we read everything, whatever its size. The last
lines measure the model alone, on one thread: windows one by one and as a batch,
and how far a window's score depends on its company in the batch.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
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
from extproc.llm.view import Channel, ChatView, Span, Surface
from extproc.models.injection import MiniLM
from extproc.models.injection_tokens import CLS, SEP
from extproc.models.workers import Workers
from extproc.policy.model import Policy

MODEL = resources.path("models/injection")
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


async def ours(inspector: Injection, texts: list[list[str]]) -> list[float]:
    """Milliseconds for each request, one after the other."""
    times = []
    for parts in texts:
        ex = exchange(*parts)
        start = time.perf_counter()
        await inspector.inspect(ex)
        times.append((time.perf_counter() - start) * 1e3)
    return times


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


def batching(model: MiniLM) -> list[str]:
    """Eight windows one by one and in one call: time, and what it does to their scores."""
    windows = [next(model.windows(prose(2_000), Channel.USER)) for _ in range(8)]
    rows = [np.array([[CLS, *w.ids[:126], SEP]], dtype=np.int64) for w in windows]
    batch = np.concatenate(rows)

    def run(ids: np.ndarray) -> np.ndarray:
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        # The classifier offers no batch of its own: this is why.
        return np.asarray(model._session.run(None, inputs)[0]).reshape(len(ids), -1)[:, 0]  # noqa: SLF001

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


async def main(quick: bool) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workers = Workers(2)
    model = MiniLM(MODEL)
    inspector = Injection(InjectionSettings(), model, workers)
    early = Injection(InjectionSettings(early_exit=True), model, workers)
    await ours(inspector, [[prose(2_000)]])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    package = Tier2Classifier()
    package.classify(prose(100))

    names = ("text", "p50 ms", "p99 ms", "again", "exit", "classify", "by_chunks", "they read")
    table = Table(*names)
    for name, size in SIZES.items():
        if quick and size > 10_000:
            continue
        texts = [[prose(size)] for _ in range(ROUNDS[name])]
        mine = await ours(inspector, texts)
        again = await ours(inspector, texts)
        exits = await ours(early, [[prose(size)] for _ in range(ROUNDS[name])])
        read = f"{min(1, 10_000 / size):.0%}"
        package_times = [
            row(theirs(call, texts))[0] for call in (package.classify, package.classify_by_chunks)
        ]
        table.add_row(name, *row(mine), row(again)[0], row(exits)[0], *package_times, read)
    turns = [prose(700) for _ in range(40)]
    await ours(inspector, [turns])
    times = []
    for _ in range(40):
        # The turn is new, the answer before it too, as in a conversation that goes on.
        turns += [prose(120), prose(400)]
        await ours(inspector, [turns[:-2]])
        times += await ours(inspector, [turns[:-1]])
    table.add_row("next turn after 40 and more", *row(times))
    brief = [[f"item {next(fresh)}" for _ in range(200 if quick else 10_000)] for _ in range(2)]
    table.add_row(f"{len(brief[0]):,} spans of two words", *row(await ours(inspector, brief)))
    console = Console(width=120)
    console.print(table)
    rps = await throughput(inspector, 2 if quick else 5)
    console.print(f"{CLIENTS} clients, 30 new tokens each: {rps:.0f} requests/s")
    for line in batching(model):
        console.print(line)
    console.print(f"resident memory of model and tokenizer: {grown:.0f} MB")
    workers.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes seconds")
    asyncio.run(main(parser.parse_args().quick))

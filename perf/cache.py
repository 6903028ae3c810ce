"""What the cache costs in the inspector, on one core: `python perf/cache.py [--redis URL]`.

Each row is `Cache.inspect` (or `store`) alone, with the shipped embedder. Every question
is asked once, so a miss and a semantic hit include the embedding; a store does
not, since the miss before it has computed the vector.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import numpy as np
from rich.console import Console
from rich.table import Table

from extproc.exchange import Exchange, Identity, Request, Route
from extproc.inspectors.cache import Cache, CacheSettings
from extproc.llm.request import view
from extproc.llm.view import Surface
from extproc.models.embedder import open_embedder
from extproc.models.workers import Workers
from extproc.policy.model import Policy
from extproc.state.entries import Entries, Entry, open_entries

ROUNDS = 300
WORDS = (  # noqa: SIM905  # reads better than a list
    "river harbour lantern orchard granite meadow saddle copper violin marble canyon ember falcon"
    " thicket willow anchor basket candle desert engine forest garden hammer island jacket kettle"
).split()


def text(number: int, words: int, start: str) -> str:
    """About `words` tokens, another text for each number."""
    random = np.random.default_rng(number)
    return f"{start} {number} " + " ".join(random.choice(WORDS, words))


def exchange(content: str) -> Exchange:
    document = {"model": "large", "messages": [{"role": "user", "content": content}]}
    return Exchange(
        request_id="r",
        received_at=0.0,
        request=Request("POST", "/v1/chat/completions", "", {}, {}, {}),
        identity=Identity("perf", "perf", "api_key"),
        policy=Policy("perf", "perf", "0" * 8),
        view=view(Surface.CHAT_COMPLETIONS, document),
        route=Route("large", "gpu-a", "large", "1"),
    )


ANSWER = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "large",
    "choices": [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "word " * 200},
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 30, "completion_tokens": 200, "total_tokens": 230},
}


async def timed(calls: Sequence[Callable[[], Awaitable[object]]]) -> tuple[str, ...]:
    """CPU milliseconds a call, which other work on the machine does not change; then p50, p99."""
    times, cpu = [], time.process_time()
    for call in calls:
        start = time.perf_counter()
        await call()
        times.append((time.perf_counter() - start) * 1e3)
    mean = (time.process_time() - cpu) * 1e3 / len(calls)
    figures = (mean, np.percentile(times, 50), np.percentile(times, 99))
    return tuple(f"{figure:.2f}" for figure in figures)


async def fill(entries: Entries, partition: str, number: int) -> None:
    """Random vectors: near nothing, and each lookup has to look at all of them."""
    random = np.random.default_rng(1)
    for at in range(number):
        vector = random.normal(size=384).astype(np.float32)
        entry = Entry(
            key=f"{at:032x}",
            partition=partition,
            group="perf",
            question="filler",
            answer=b"{}",
            request_id="r",
            model="large@1",
            expires_at=time.time() + 3600,
        )
        await entries.put(entry, vector / np.linalg.norm(vector), group_limit=10**6)


async def inspectors(table: Table, url: str, size: int, workers: Workers) -> None:
    """All rows for one store that holds `size` entries in one partition."""
    embedder = open_embedder("onnx", workers)
    entries = open_entries(url, embedder.dimension)
    cache = Cache(CacheSettings(max_entries=10**6), f"{size:08x}", embedder, entries)
    probe = exchange("probe")
    await cache.inspect(probe)
    await fill(entries, (probe.cache.key or "").partition(".")[0], size)
    label = f"{size:,} entries, {url.partition(':')[0]}"

    stored = range(size * 10_000, size * 10_000 + ROUNDS)
    misses = [exchange(text(number, 20, "How do I find")) for number in stored]
    figures = await timed([partial(cache.inspect, each) for each in misses])
    table.add_row("miss", label, *figures)
    figures = await timed([partial(cache.store, each, ANSWER) for each in misses])
    table.add_row("store", label, *figures)
    for name, start in (("hit-exact", "How do I find"), ("hit-semantic", "How can I find")):
        hits = [exchange(text(number, 20, start)) for number in stored]
        figures = await timed([partial(cache.inspect, each) for each in hits])
        assert all(each.cache.state == name for each in hits)
        table.add_row(name, label, *figures)
    await entries.close()


async def embeddings(table: Table, workers: Workers) -> None:
    embedder = open_embedder("onnx", workers)
    for tokens in (30, 64, 128, 254):
        texts = [text(n, tokens - 8, "tell") for n in range(ROUNDS)]
        figures = await timed([partial(embedder.embed, each) for each in texts])
        table.add_row("embedding", f"about {tokens} tokens", *figures)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redis", metavar="URL", help="measure this server too; use an empty one")
    arguments = parser.parse_args()
    table = Table("what", "where", "CPU ms", "p50 ms", "p99 ms")
    workers = Workers(1)
    await embeddings(table, workers)
    for size in (100, 10_000):
        await inspectors(table, "memory://", size, workers)
    if arguments.redis:
        await inspectors(table, arguments.redis, 100, workers)
    workers.close()
    Console(width=100).print(table)


if __name__ == "__main__":
    asyncio.run(main())

"""What the cache costs in the inspector, on one core: `python perf/cache.py [--large] [--redis URL]`.

Each row is `Cache.inspect` (or `store`) alone, with the shipped embedder and verifier. Every
question is asked once, so a miss and a semantic hit include the embedding; a store does not,
since the miss before it has computed the vector. Beside it, in the same run and with the same
embedder, GPTCache 0.1.44 as it comes (SQLite, FAISS): its rows are `get` and `put`, which embed.
It is no dependency of ours: ``pip install --no-deps gptcache cachetools sqlalchemy greenlet
faiss-cpu``, best into a folder of its own that is named in `PYTHONPATH`.

Set ``OPENBLAS_NUM_THREADS=1``, as the service does for itself before numpy is loaded.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from extproc import resources
from extproc.exchange import Exchange, Identity, Request, Route
from extproc.inspectors.cache import Cache, CacheSettings
from extproc.llm.request import view
from extproc.llm.view import Surface
from extproc.models.embedder import OnnxEmbedder
from extproc.models.encoder import Encoder
from extproc.models.same_answer.verifier import Verifier
from extproc.models.workers import Workers
from extproc.policy.model import Policy
from extproc.state.entries import Entries, Entry, open_entries
from extproc.state.entries_memory import MemoryEntries

ROUNDS = 300
PAGE = 4096
DIMENSION = 384
WORDS = (  # noqa: SIM905  # reads better than a list
    "river harbour lantern orchard granite meadow saddle copper violin marble canyon ember falcon"
    " thicket willow anchor basket candle desert engine forest garden hammer island jacket kettle"
).split()
FIRST, SAME_WORDS, OTHER_WORDS = "How do I find", "How can I find", "What are the steps to find"


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


def fresh_embedder(workers: Workers) -> OnnxEmbedder:
    """One that has read nothing yet."""
    return OnnxEmbedder(Encoder(resources.path("models/encoder")), workers)


async def timed(calls: Sequence[Callable[[], Awaitable[object]]]) -> tuple[str, ...]:
    """CPU milliseconds a call, which other work on the machine does not change; then p50, p99."""
    times, cpu = [], time.process_time()
    for call in calls:
        start = time.perf_counter()
        await call()
        times.append((time.perf_counter() - start) * 1e3)
    mean = (time.process_time() - cpu) * 1e3 / len(calls)
    figures = (mean, np.percentile(times, 50), np.percentile(times, 99))
    return tuple(f"{figure:.3f}" for figure in figures)


def filler(seed: int, number: int) -> np.ndarray:
    """Random vectors: near nothing, and each lookup has to look at all of them."""
    made = np.random.default_rng(seed).normal(size=(number, DIMENSION)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def entry(at: int, partition: str, answer: bytes = b"{}") -> Entry:
    return Entry(
        key=f"{at:032x}",
        partition=partition,
        group="perf",
        question=f"A question of some sixty characters that has the number {at:,}",
        answer=answer,
        request_id=f"req_{at:024x}",
        model="large@1",
        expires_at=time.time() + 3600,
        tenant="perf",
    )


async def fill(entries: Entries, partition: str, number: int, start: int = 0) -> None:
    for block in range(0, number, 1000):
        vectors = filler(start + block, min(1000, number - block))
        for at, vector in enumerate(vectors, start + block):
            await entries.put(entry(at, partition), vector, group_limit=10**7)


async def inspectors(
    table: Table, entries: Entries, where: str, size: int, rounds: int, w: Workers
) -> None:
    """All rows for one store that gets `size` entries in the partition that is asked."""
    embedder = fresh_embedder(w)
    verifier = Verifier(resources.path("models/verifier"))
    settings = CacheSettings(max_entries=10**6)
    cache = Cache(settings, f"{size:08x}", embedder, entries, verifier=verifier)
    probe = exchange("probe")
    await cache.inspect(probe)
    cache.release(probe)
    await fill(entries, (probe.cache.key or "").partition(".")[0], size)

    stored = range(size * 10_000, size * 10_000 + rounds)
    misses = [exchange(text(number, 20, FIRST)) for number in stored]
    figures = await timed([partial(cache.inspect, each) for each in misses])
    table.add_row("miss", where, *figures)
    figures = await timed([partial(cache.store, each, ANSWER) for each in misses])
    table.add_row("store", where, *figures)
    for name, start in (
        ("hit-exact", FIRST),
        ("hit-semantic, by rule", SAME_WORDS),
        ("hit-semantic, by model", OTHER_WORDS),
    ):
        hits = [exchange(text(number, 20, start)) for number in stored]
        figures = await timed([partial(cache.inspect, each) for each in hits])
        share = sum(each.cache.state.startswith("hit-") for each in hits) / len(hits)
        note = "" if share == 1 else f" ({share:.0%} hit)"
        table.add_row(name + note, where, *figures)


def resident() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


async def growth(table: Table, partitions: int, each: int) -> None:
    """Memory an entry, and what a store costs while the index grows: no step may stand out."""
    total = partitions * each
    entries = MemoryEntries(
        time.time, DIMENSION, max_entries=total + 1000, max_bytes=10**6 * (total // 100 + 1)
    )
    vectors, before = filler(1, 1000), resident()
    times = np.zeros(total, dtype=np.float32)
    for at in range(total):
        made = entry(at, f"{at % partitions:032x}", answer=b"")
        start = time.perf_counter()
        await entries.put(made, vectors[at % 1000], group_limit=10**7)
        times[at] = (time.perf_counter() - start) * 1e3
    used = (resident() - before) / total
    where = f"{total:,} in {partitions:,} partitions"
    worst = f"{np.percentile(times, 99):.3f}"
    table.add_row("put alone", where, f"{times.mean():.3f}", f"{np.median(times):.3f}", worst)
    table.add_row(f"memory {used:,.0f} bytes an entry", where, "", "", "")
    queries = filler(2, ROUNDS)
    calls = [
        partial(entries.nearest, f"{n % partitions:032x}", queries[n], at_least=0.75, limit=8)
        for n in range(ROUNDS)
    ]
    table.add_row("nearest alone", where, *(await timed(calls)))


async def gptcache(table: Table, size: int, rounds: int, workers: Workers) -> None:
    """The same questions and the same embedder through GPTCache's own `get` and `put`."""
    try:
        from gptcache import Cache as Theirs  # noqa: PLC0415
        from gptcache.adapter import api  # noqa: PLC0415
        from gptcache.manager import CacheBase, VectorBase, get_data_manager  # noqa: PLC0415
        from gptcache.processor.pre import get_prompt  # noqa: PLC0415
        from gptcache.similarity_evaluation.distance import (  # noqa: PLC0415
            SearchDistanceEvaluation,
        )
    except ImportError as error:
        sys.stderr.write(
            f"GPTCache is left out ({error}); the head of this file says what to install\n"
        )
        return
    embedder = fresh_embedder(workers)
    with tempfile.TemporaryDirectory() as folder:
        data = get_data_manager(
            CacheBase("sqlite", sql_url=f"sqlite:///{folder}/cache.db"),
            VectorBase("faiss", dimension=DIMENSION, index_path=f"{folder}/faiss.index"),
            max_size=10**6,
        )
        theirs = Theirs()
        theirs.init(
            pre_embedding_func=get_prompt,
            embedding_func=lambda asked, **_: embedder._embed(asked).vector,  # noqa: SLF001
            data_manager=data,
            similarity_evaluation=SearchDistanceEvaluation(),
        )
        for block in range(0, size, 1000):
            number = min(1000, size - block)
            asked = [f"filler {block + at}" for at in range(number)]
            data.import_data(asked, ["{}"] * number, list(filler(block, number)), [None] * number)
        where = f"GPTCache, {size:,} entries"
        stored = range(size * 10_000, size * 10_000 + rounds)

        async def run(call: Callable[..., Any], *words: str) -> None:
            call(*words, cache_obj=theirs)

        for name, call, start in (
            ("miss", api.get, FIRST),
            ("store", api.put, FIRST),
            ("hit-exact", api.get, FIRST),
            ("hit-semantic", api.get, SAME_WORDS),
        ):
            more = ("word " * 200,) if call is api.put else ()
            calls = [partial(run, call, text(n, 20, start), *more) for n in stored]
            table.add_row(name, where, *(await timed(calls)))


async def embeddings(table: Table, rounds: int, workers: Workers) -> None:
    embedder = fresh_embedder(workers)
    for tokens in (30, 64, 128, 254):
        texts = [text(n, tokens - 8, "tell") for n in range(rounds)]
        figures = await timed([partial(embedder.embed, each) for each in texts])
        table.add_row("embedding", f"about {tokens} tokens", *figures)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redis", metavar="URL", help="measure this server too; use an empty one")
    parser.add_argument("--large", action="store_true", help="100,000 and 1,000,000 entries too")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="calls a row")
    arguments = parser.parse_args()
    rounds = arguments.rounds
    table = Table("what", "where", "CPU ms", "p50 ms", "p99 ms")
    workers = Workers(1)
    # First, while no memory lies about that was used before.
    for partitions, each in (
        (1, 10_000),
        *(((1, 100_000), (1000, 1000)) if arguments.large else ()),
    ):
        await growth(table, partitions, each)
    await embeddings(table, rounds, workers)
    for size in (100, 10_000):
        entries = open_entries("memory://", DIMENSION)
        await inspectors(table, entries, f"{size:,} entries", size, rounds, workers)
        await gptcache(table, size, rounds, workers)
    if arguments.redis:
        shared = open_entries(arguments.redis, DIMENSION)
        await inspectors(table, shared, "100 entries, Redis", 100, rounds, workers)
        await shared.close()
    if arguments.large:
        large = MemoryEntries(time.time, DIMENSION, max_entries=110_000, max_bytes=10**9)
        await inspectors(table, large, "100,000 entries", 100_000, rounds, workers)
    workers.close()
    Console(width=110).print(table)


if __name__ == "__main__":
    asyncio.run(main())

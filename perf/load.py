"""A small load generator for loopback: closed loop, keep-alive, one process.

Its own cost is in every row alike, so compare rows of one run and not runs.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Result:
    """Milliseconds and requests a second; `odd` counts answers that were not 200."""

    p50: float
    p99: float
    rps: float
    odd: int


def chat(text: str) -> bytes:
    """A request for `small` with one user message."""
    body = json.dumps({"model": "small", "messages": [{"role": "user", "content": text}]}).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nhost: perf\r\nauthorization: Bearer dev\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def warming(clients: int, requests: int) -> int:
    """How many requests are sent before the clock runs."""
    return max(clients, requests // 10)


async def run(port: int, clients: int, requests: int, make: Callable[[int], bytes]) -> Result:
    """`requests` in all over `clients` connections, after a tenth as many to warm up."""
    warm = warming(clients, requests)
    numbers = iter(range(warm + requests))
    times: list[float] = []
    odd = 0
    began = 0.0

    async def client() -> None:
        nonlocal odd, began
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            message = make(number)
            start = time.perf_counter()
            if number == warm:
                began = start
            writer.write(message)
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.lower().split(b"\r\n")
            length = next(int(x[15:]) for x in lines if x.startswith(b"content-length:"))
            await reader.readexactly(length)
            if number >= warm:
                times.append((time.perf_counter() - start) * 1e3)
            odd += not head.startswith(b"HTTP/1.1 200")
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    seconds = time.perf_counter() - began
    times.sort()
    return Result(median(times), times[int(len(times) * 0.99)], len(times) / seconds, odd)

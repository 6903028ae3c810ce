"""Many requests in one instant: every one gets a 200 or our own 503, none an error of Envoy's.

    python perf/burst.py [--requests 10000] [--url http://127.0.0.1:10000] [--held SECONDS]

Needs a running `extproc up`. Opens one connection a request, all sockets first, then writes
to all of them at once. `--held SECONDS` asks for answers that take that long, to see what
exchanges in flight cost (start `up` with a policy without `cache` to leave the answer unread).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import time
from collections import Counter
from urllib.parse import urlsplit


def request(number: int, host: str, held_ms: int) -> bytes:
    body = json.dumps(
        {
            "model": "small",
            "messages": [{"role": "user", "content": f"Question number {number} of the burst"}],
        }
    ).encode()
    sim = f"x-sim: delay={held_ms}\r\n" if held_ms else ""
    return (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer dev\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n{sim}"
        "\r\n"
    ).encode() + body


async def ask(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    number: int,
    host: str,
    held_ms: int,
) -> str:
    try:
        writer.write(request(number, host, held_ms))
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next(int(x[15:]) for x in lines if x.startswith(b"content-length:"))
        rest = await reader.readexactly(length)
        status = head.split(b" ", 2)[1].decode()
        code = json.loads(rest)["error"]["code"] if status != "200" and rest[:1] == b"{" else ""
        return f"{status} {code}".strip()
    except (OSError, ValueError, EOFError) as error:
        return type(error).__name__
    finally:
        writer.close()


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--url", default="http://127.0.0.1:10000")
    parser.add_argument("--held", type=float, default=0.0, metavar="SECONDS")
    options = parser.parse_args()
    where = urlsplit(options.url)
    assert where.hostname in {"127.0.0.1", "localhost", "::1"}, "loopback only"
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    opened = []
    for first in range(0, options.requests, 500):
        count = min(500, options.requests - first)
        opened += await asyncio.gather(
            *(asyncio.open_connection(where.hostname, where.port) for _ in range(count))
        )
    start = time.perf_counter()
    answers = await asyncio.gather(
        *(
            ask(reader, writer, number, where.netloc, int(options.held * 1000))
            for number, (reader, writer) in enumerate(opened)
        )
    )
    seconds = time.perf_counter() - start
    for answer, count in Counter(answers).most_common():
        print(f"{count:>7}  {answer}")
    print(f"{options.requests / seconds:>7.0f}  answers a second, {seconds:.1f} s in all")


if __name__ == "__main__":
    asyncio.run(main())

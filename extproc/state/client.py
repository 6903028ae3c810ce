"""How Redis is reached, alone or as a cluster, and how keys are named."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from redis.asyncio import BlockingConnectionPool, Redis, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError, ResponseError
from redis.maint_notifications import MaintNotificationsConfig

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_S = 0.5
COMMAND_TIMEOUT_S = 0.25
"""A busy process stalls for 100 ms now and then: that must not look like a lost store."""
MAX_CONNECTIONS = 8
SCHEMES = ("redis://", "rediss://", "unix://")
FAILURES = (RedisError, RedisClusterException, OSError, TimeoutError)
"""What the client raises when the server is away, slow or refuses."""

_MAX_READABLE = 96


@dataclass(frozen=True, slots=True)
class Command:
    """Words for the server, and a key that says which node of a cluster has to hear them."""

    key: str
    words: tuple[str | int | bytes, ...]


class Link:
    """One Redis server or one Redis Cluster; which of them shows when it is first used.

    Nothing waits longer than the timeouts above, unless the URL says otherwise
    (``?socket_timeout=0.1&socket_connect_timeout=0.2``), and nothing is retried
    here: what to do without Redis is the caller's decision. Use it from one event loop.
    """

    def __init__(self, url: str) -> None:
        """Raises `ValueError` on a scheme that is not Redis's."""
        self._url = url
        self._single = redis_client(url)
        self._cluster: RedisCluster | None = None
        self._known = False
        settings = self._single.connection_pool.connection_kwargs
        self.timeout_s: float = settings["socket_connect_timeout"] + settings["socket_timeout"]
        """What one round trip may take, connecting included."""

    async def pipeline(self, commands: Sequence[Command]) -> list[object]:
        """All replies in order; in a reply's place there may be an exception.

        Raises one of `FAILURES` when nobody answered at all.
        """
        cluster = await self._connected()
        if cluster is None:
            return await _pipeline(self._single, commands)
        try:
            replies = await _on_nodes(cluster, commands)
        except FAILURES:
            # Its nodes may have moved: look again before the next call.
            await cluster.aclose()
            raise
        if any(_is_lost(reply) for reply in replies):
            await cluster.aclose()
        return replies

    async def keys(self, pattern: str, page: int) -> AsyncIterator[list[str]]:
        """Every key that matches, in steps of about `page` keys looked at. Raises `FAILURES`."""
        cluster = await self._connected()
        client: Any = self._single if cluster is None else cluster
        targets: list[dict[str, object]] = [{}]
        if cluster is not None:
            await cluster.initialize()
            targets = [{"target_nodes": node} for node in cluster.get_primaries()]
        for target in targets:
            cursor: Any = 0
            while True:
                cursor, found = await client.scan(cursor, match=pattern, count=page, **target)
                if isinstance(cursor, dict):  # a cluster tells each node's
                    cursor = next(iter(cursor.values()))
                yield [each.decode() for each in found]
                if not int(cursor):
                    break

    async def close(self) -> None:
        """Never raises."""
        for client in (self._single, self._cluster):
            try:
                async with asyncio.timeout(self.timeout_s):
                    if client is not None:
                        await client.aclose()
            except FAILURES:
                log.debug("the store was gone before we were")

    async def _connected(self) -> RedisCluster | None:
        if not self._known:
            if await self._is_cluster():
                self._cluster = _cluster_client(self._url)
                await self._single.aclose()
            self._known = True
        return self._cluster

    async def _is_cluster(self) -> bool:
        try:
            told = await self._single.info("server")
        except ResponseError:  # we may not ask: then nobody has set up a cluster for us
            return False
        return bool(told.get("redis_mode") == "cluster")


async def _pipeline(client: Redis | RedisCluster, commands: Sequence[Command]) -> list[object]:
    pipeline: Any = client.pipeline(transaction=False)
    for command in commands:
        pipeline.execute_command(*command.words)
    replies: list[object] = await pipeline.execute(raise_on_error=False)
    return replies


async def _on_nodes(cluster: RedisCluster, commands: Sequence[Command]) -> list[object]:
    """One pipeline for each node, so that one that is down fails for itself alone."""
    await cluster.initialize()
    replies: list[object] = [None] * len(commands)
    by_node: dict[str, list[int]] = {}
    for at, command in enumerate(commands):
        try:
            node = cluster.get_node_from_key(command.key)
        except RedisError as error:  # nobody has the slot
            replies[at] = error
        else:
            by_node.setdefault(node.name if node else "", []).append(at)
    parts = await asyncio.gather(
        *(_pipeline(cluster, [commands[at] for at in places]) for places in by_node.values()),
        return_exceptions=True,
    )
    for places, part in zip(by_node.values(), parts, strict=True):
        if isinstance(part, BaseException) and not isinstance(part, FAILURES):
            raise part
        for index, at in enumerate(places):
            replies[at] = part if isinstance(part, BaseException) else part[index]
    if replies and all(_is_lost(reply) for reply in replies):
        assert isinstance(replies[0], BaseException)
        raise replies[0]
    return replies


def _is_lost(reply: object) -> bool:
    """The node did not answer; one that answers with an error is there."""
    return isinstance(reply, FAILURES) and not isinstance(reply, ResponseError)


def redis_client(url: str) -> Redis:
    """A client for `redis://`, `rediss://` or `unix://`; it connects when first used.

    Raises `ValueError` on another scheme.
    """
    if not url.startswith(SCHEMES):
        raise ValueError(f"state must be memory:// or one of {', '.join(SCHEMES)}")
    pool = BlockingConnectionPool.from_url(
        url, max_connections=MAX_CONNECTIONS, timeout=COMMAND_TIMEOUT_S, **_bounds()
    )
    return Redis(connection_pool=pool)


def _cluster_client(url: str) -> RedisCluster:
    return RedisCluster.from_url(
        url,
        max_connections=MAX_CONNECTIONS,
        # A part of the keys is better than none.
        require_full_coverage=False,
        **_bounds(),
    )


def _bounds() -> dict[str, Any]:
    return {
        "socket_connect_timeout": CONNECT_TIMEOUT_S,
        "socket_timeout": COMMAND_TIMEOUT_S,
        "retry": Retry(NoBackoff(), 0),
        # They would let a server stretch our timeouts.
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
    }


def state_key(subject: str, *parts: str) -> str:
    """``extproc:{subject}:part:part``.

    The braces are a Redis Cluster hash tag: all keys of one subject live in
    one slot, so that a script may touch several of them. The subject comes
    from outside, so it is percent-encoded, or hashed when it is long.
    """
    name = quote(subject, safe="", errors="surrogatepass")
    if len(name) > _MAX_READABLE:
        name = hashlib.sha256(subject.encode(errors="surrogatepass")).hexdigest()
    return ":".join((f"extproc:{{{name}}}", *parts))

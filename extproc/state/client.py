"""How Redis is reached, and how keys are named."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.maint_notifications import MaintNotificationsConfig

CONNECT_TIMEOUT_S = 0.5
COMMAND_TIMEOUT_S = 0.25
"""A busy process stalls for 100 ms now and then: that must not look like a lost store."""
MAX_CONNECTIONS = 8
SCHEMES = ("redis://", "rediss://", "unix://")

_MAX_READABLE = 96


def redis_client(url: str) -> Redis:
    """A client for `redis://`, `rediss://` or `unix://`; it connects when first used.

    Nothing waits longer than the timeouts above, unless the URL says otherwise
    (``?socket_timeout=0.1&socket_connect_timeout=0.2``), and nothing is retried
    here: what to do without Redis is the caller's decision. Raises `ValueError`
    on another scheme.
    """
    if not url.startswith(SCHEMES):
        raise ValueError(f"state must be memory:// or one of {', '.join(SCHEMES)}")
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=MAX_CONNECTIONS,
        timeout=COMMAND_TIMEOUT_S,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_timeout=COMMAND_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
        # They would let a server stretch our timeouts.
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )
    return Redis(connection_pool=pool)


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

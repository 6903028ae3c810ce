"""The pools of a policy set as Envoy is to reach them."""

from __future__ import annotations

import ssl
from datetime import timedelta
from pathlib import Path

from extproc.policy.model import PolicySet
from extproc.render.listener import BUFFER_BYTES
from extproc.render.upstreams import SYSTEM_ROOTS, Endpoint, Injected, Upstream
from extproc.routing.registry import Pool

CREDENTIALS = "/etc/extproc/credentials"
"""Where proxies find what they say to providers: a file for each secret, with its name."""
BUFFER_ROOM = 4 * 1024 * 1024
"""What Envoy buffers beyond the largest body that a policy allows."""


def upstream(
    pool: Pool,
    endpoints: tuple[Endpoint, ...] | None = None,
    *,
    tls: bool | None = None,
    credential: Injected | None = None,
) -> Upstream:
    """The pool at its own endpoints, or at those given."""
    return Upstream(
        name=pool.name,
        endpoints=endpoints or tuple(Endpoint.parse(text) for text in pool.endpoints),
        tls=pool.tls if tls is None else tls,
        timeout=timedelta(seconds=pool.timeout_s),
        ca_file=ca_file(),
        credential=credential,
    )


def injected(pool: Pool, folder: str, *, discovered: bool) -> Injected | None:
    """The pool's credential, as a file of that folder; `discovered` through another beside it."""
    if pool.credential is None:
        return None
    file = f"{folder}/{pool.credential.secret}"
    discovery = f"{file}.json" if discovered else ""
    return Injected(pool.credential.secret, pool.credential.header, file, discovery)


def buffer_bytes(policies: PolicySet) -> int:
    """Room for the largest body that any policy allows, so that our own 413 decides."""
    largest = max((policy.max_body_bytes for policy in policies.policies), default=0)
    return max(BUFFER_BYTES, largest + BUFFER_ROOM)


def ca_file() -> str:
    """The root certificates of this machine."""
    found = ssl.get_default_verify_paths().cafile
    return found if found and Path(found).is_file() else SYSTEM_ROOTS

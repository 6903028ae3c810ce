"""What Envoy calls a pool's cluster: the pool's own name, or the one that a mesh derives from it."""

from __future__ import annotations

import re

POOL_DOMAIN = "pools.extproc.internal"
"""Names of pools in a mesh. They exist only inside proxies: no client resolves them."""

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def pool_host(pool: str) -> str:
    """The pool's host in a mesh. Raises `ValueError` for names that are no DNS label."""
    if _LABEL.fullmatch(pool) is None:
        raise ValueError(
            f"pool {pool}: in a mesh a pool's name must be lower-case letters, digits and hyphens"
        )
    return f"{pool}.{POOL_DOMAIN}"


def pool_of(cluster: str) -> str:
    """The pool of a cluster: ``outbound|80||gpu-a.pools.extproc.internal`` is Istio's name of gpu-a."""
    _, _, host = cluster.rpartition("|")
    return host.removesuffix(f".{POOL_DOMAIN}") if host != cluster else cluster

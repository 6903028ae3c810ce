"""Which pools are simulated, and where each one is."""

from __future__ import annotations

from collections.abc import Mapping

from extproc.local.settings import UpError
from extproc.render.pools import upstream
from extproc.render.upstreams import Endpoint, Upstream
from extproc.routing.registry import Registry


def simulated(registry: Registry, given: Mapping[str, Endpoint]) -> dict[str, tuple[str, ...]]:
    """Pools that need a simulator, with the names of models as their servers know them.

    Raises `UpError` for a given pool that the registry does not have.
    """
    for name in given:
        if name not in registry.pools:
            known = ", ".join(registry.pools)
            raise UpError(f"--upstream {name}=…: no such pool; pools are: {known}")
    return {
        name: tuple(
            sorted({m.upstream_name for m in registry.models.values() if m.pool.name == name})
        )
        for name in registry.pools
        if name not in given
    }


def upstreams(
    registry: Registry, given: Mapping[str, Endpoint], simulators: Mapping[str, Endpoint]
) -> list[Upstream]:
    """Every pool of the registry, in its order."""
    return [
        upstream(pool, (given[name],))
        if name in given
        else upstream(pool, (simulators[name],), tls=False)
        for name, pool in registry.pools.items()
    ]

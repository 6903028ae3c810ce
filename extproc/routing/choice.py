"""Which models could serve a request, in order of preference. Pure: no health, no state."""

from __future__ import annotations

from collections.abc import Iterable

from extproc.llm.view import Surface
from extproc.routing.registry import Model, Registry
from extproc.routing.settings import RouteSettings


def resolve(settings: RouteSettings, registry: Registry, requested: str | None) -> Model | None:
    """The model asked for, else the policy's default; ``None`` when there is neither.

    A request that names no model (`requested` is ``None``, as in GET /v1/models)
    always finds one: the registry's first, in the last resort.
    """
    if requested is not None and requested in registry.models:
        return registry.models[requested]
    if settings.default is not None:
        return registry.models[settings.default]
    return next(iter(registry.models.values())) if requested is None else None


def alternatives(registry: Registry, chosen: Model, wanted: Model) -> tuple[Model, ...]:
    """`chosen`, then what may stand in for it: its fallbacks, `wanted` and its fallbacks."""
    names = (chosen.name, *chosen.fallback, wanted.name, *wanted.fallback)
    return tuple(registry.models[name] for name in dict.fromkeys(names))


def compliant(
    models: Iterable[Model], surface: Surface | None, pools: frozenset[str] | None
) -> tuple[Model, ...]:
    """Those that serve `surface` and stand on one of `pools`; ``None`` limits nothing."""
    return tuple(
        model
        for model in models
        if (surface is None or model.pool.serves(surface))
        and (pools is None or model.pool.name in pools)
    )


def reachable(
    settings: RouteSettings, registry: Registry, requested: str, surface: Surface
) -> tuple[Model, ...]:
    """Every model the route could pick by request, default, experiment and fallback.

    Where residency takes a request further than its fallbacks is not in it.
    """
    wanted = resolve(settings, registry, requested)
    if wanted is None:
        return ()
    experiment = settings.experiment(wanted.name)
    arms = [registry.models[arm] for arm in experiment.arms] if experiment is not None else [wanted]
    found = {m.name: m for arm in arms for m in alternatives(registry, arm, wanted)}
    return compliant(found.values(), surface, None)

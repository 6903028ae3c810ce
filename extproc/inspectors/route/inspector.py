"""Chooses the model and pool that serve a request."""

from __future__ import annotations

from math import ceil

from extproc.exchange import Exchange
from extproc.exchange import Route as Chosen
from extproc.inspectors.route.settings import RouteSettings
from extproc.llm.view import Surface
from extproc.routing.choice import alternatives, compliant, resolve
from extproc.routing.experiments import Experiment, assign, sticky_key
from extproc.routing.health import PROBE_EVERY_S, Health
from extproc.routing.registry import Model, Registry
from extproc.verdict import PASS, Change, Code, Edit, Finding, Refuse, Verdict


class Route:
    """Residency before preference, preference before health.

    1. The model asked for, else the policy's default, else 404.
    2. An experiment on that model may exchange it for an arm.
    3. If its pool may not have the data, or does not serve the surface: its
       fallbacks, then the model asked for, then (residency only) the first
       model of the registry that may.
    4. If its pool is dead: the first of the fallbacks that is alive and whose
       pool has at least the same residency tags. None alive: it stays.
    5. Where a label limits the pools, every model of these pools may stand in
       for a dead one. None alive: 503, for there is nowhere else to go.

    Who is taken off an arm in steps 3 or 4 is no longer part of the experiment.
    """

    def __init__(self, settings: RouteSettings, registry: Registry, health: Health) -> None:
        self._settings = settings
        self._registry = registry
        self._health = health

    async def inspect(self, exchange: Exchange) -> Verdict:
        view = exchange.view
        requested = view.model if view is not None else None
        wanted = resolve(self._settings, self._registry, requested)
        if wanted is None:
            return Verdict(
                Refuse(Code.MODEL_NOT_FOUND, "no such model, and no default", param="model")
            )
        experiment = self._settings.experiment(wanted.name) if view is not None else None
        chosen = self._arm(experiment, wanted, exchange)
        surface = view.surface if view is not None else None
        pools = exchange.sensitivity.pools
        options = self._options(chosen, wanted, surface, pools)
        if not options:
            return _nobody(pools)
        model = self._alive(options) if pools is None else self._first_alive(options)
        if model is None:
            return _nobody_alive()
        exchange.route = _route(model, experiment if model is chosen else None, model is not chosen)
        findings = _why(chosen, options[0], model, surface)
        if view is None or view.model == model.upstream_name:
            return Verdict(PASS, findings)
        return Verdict(Edit((Change(("model",), model.upstream_name),)), findings)

    def _arm(self, experiment: Experiment | None, wanted: Model, exchange: Exchange) -> Model:
        if experiment is None:
            return wanted
        return self._registry.models[assign(experiment, sticky_key(experiment, exchange))]

    def _options(
        self, chosen: Model, wanted: Model, surface: Surface | None, pools: frozenset[str] | None
    ) -> tuple[Model, ...]:
        """Models that may serve, best first."""
        near = alternatives(self._registry, chosen, wanted)
        found = compliant(near, surface, pools)
        if pools is None:
            return found
        others = compliant(self._registry.models.values(), surface, pools)
        return tuple(dict.fromkeys((*found, *others)))

    def _alive(self, options: tuple[Model, ...]) -> Model:
        first = options[0]
        for model in options:
            same_residency = model.pool.residency >= first.pool.residency
            if same_residency and self._health.usable(model.pool.name):
                return model
        return first

    def _first_alive(self, options: tuple[Model, ...]) -> Model | None:
        """Which pools will do has been said: their tags need not be compared."""
        return next((model for model in options if self._health.usable(model.pool.name)), None)


def _route(model: Model, experiment: Experiment | None, rerouted: bool) -> Chosen:
    return Chosen(
        model=model.name,
        pool=model.pool.name,
        upstream_name=model.upstream_name,
        version=model.version,
        variant=model.name if experiment is not None else None,
        experiment=experiment.name if experiment is not None else None,
        rerouted=rerouted,
        input_usd_per_mtok=model.input_usd_per_mtok,
        output_usd_per_mtok=model.output_usd_per_mtok,
    )


def _why(chosen: Model, first: Model, model: Model, surface: Surface | None) -> tuple[Finding, ...]:
    """The reasons why `chosen` does not serve."""
    rules = []
    if first is not chosen:
        serves = surface is None or chosen.pool.serves(surface)
        rules.append("residency" if serves else "surface")
    if model is not first:
        rules.append("dead_pool")
    return tuple(Finding("route", rule, 1.0) for rule in rules)


def _nobody(pools: frozenset[str] | None) -> Verdict:
    if pools is None:
        message = "the model does not serve this endpoint"
        return Verdict(Refuse(Code.MODEL_NOT_FOUND, message, param="model"))
    message = "no model may serve data of this sensitivity"
    return Verdict(Refuse(Code.NO_COMPLIANT_MODEL, message, should_retry=False))


def _nobody_alive() -> Verdict:
    message = "no pool that may have data of this sensitivity is alive"
    refuse = Refuse(Code.NO_COMPLIANT_MODEL, message, retry_after=ceil(PROBE_EVERY_S))
    return Verdict(refuse, (Finding("route", "dead_pool", 1.0),))

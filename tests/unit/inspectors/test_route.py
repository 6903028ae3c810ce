from __future__ import annotations

import pytest

from extproc.inspectors.route import Route, RouteSettings
from extproc.llm.view import Surface
from extproc.routing.health import MIN_OUTCOMES, PROBE_EVERY_S, Health
from extproc.verdict import PASS, Change, Code, Edit, Refuse
from tests.exchanges import exchange, registry, view

SPLIT = {"name": "v2", "arms": {"large": 50, "large-v2": 50}}


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def health(clock):
    return Health(clock)


@pytest.fixture
def route(health):
    """Runs the inspector; returns its verdict and the route it chose."""

    async def run(seen, *, settings=None, models=None, **rest):
        inspector = Route(settings or RouteSettings(), models or registry(), health)
        tested = exchange(seen, **rest)
        return await inspector.inspect(tested), tested.route

    return run


def kill(health, *pools):
    for pool in pools:
        for _ in range(MIN_OUTCOMES):
            health.observe(pool, ok=False)


def rules(verdict):
    return [finding.rule for finding in verdict.findings]


class TestTheModelAskedFor:
    async def test_serves(self, route):
        verdict, chosen = await route(view("small"))
        assert verdict.action is PASS
        assert (chosen.model, chosen.pool, chosen.version) == ("small", "gpu-a", "1.4.2")
        assert (chosen.input_usd_per_mtok, chosen.output_usd_per_mtok) == (0.15, 0.6)
        assert (chosen.variant, chosen.experiment, chosen.rerouted) == (None, None, False)

    async def test_is_renamed_for_its_upstream(self, route):
        verdict, chosen = await route(view("cloud-small"))
        assert verdict.action == Edit((Change(("model",), "gpt-4o-mini"),))
        assert (chosen.model, chosen.upstream_name) == ("cloud-small", "gpt-4o-mini")

    async def test_is_replaced_by_the_default_when_nobody_knows_it(self, route):
        verdict, chosen = await route(view("gpt-9"), settings=RouteSettings(default="small"))
        assert verdict.action == Edit((Change(("model",), "small"),))
        assert (chosen.model, chosen.rerouted) == ("small", False)

    async def test_is_not_found_without_a_default(self, route):
        verdict, chosen = await route(view("gpt-9"))
        assert isinstance(verdict.action, Refuse)
        assert (verdict.action.code, verdict.action.status) == (Code.MODEL_NOT_FOUND, 404)
        assert verdict.action.param == "model"
        assert "gpt-9" not in verdict.action.message
        assert chosen is None


class TestRequestsWithoutADocument:
    async def test_go_to_the_default_models_pool(self, route):
        verdict, chosen = await route(None, settings=RouteSettings(default="private"))
        assert verdict.action is PASS
        assert chosen.pool == "onprem"

    async def test_go_to_the_first_model_without_a_default(self, route):
        _, chosen = await route(None)
        assert chosen.pool == "gpu-a"

    async def test_take_part_in_no_experiment(self, route):
        _, chosen = await route(None, settings=RouteSettings(experiments=[SPLIT]))
        assert chosen.variant is None


class TestExperiments:
    SETTINGS = RouteSettings(experiments=[SPLIT])
    ALL_V2 = RouteSettings(experiments=[{"name": "v2", "arms": {"large": 0, "large-v2": 1}}])

    async def test_split_the_requests_for_the_control(self, route):
        served = set()
        for number in range(40):
            verdict, chosen = await route(view(user=f"u{number}"), settings=self.SETTINGS)
            served.add(chosen.model)
            assert (chosen.variant, chosen.experiment) == (chosen.model, "v2")
            assert not chosen.rerouted
            assert (verdict.action is PASS) == (chosen.model == "large")
        assert served == {"large", "large-v2"}

    async def test_keep_a_user_on_an_arm(self, route):
        for number in range(20):
            arms = {
                (await route(view(user=f"u{number}"), settings=self.SETTINGS, request_id=str(n)))[
                    1
                ].variant
                for n in range(5)
            }
            assert len(arms) == 1

    async def test_leave_who_asks_for_another_arm_alone(self, route):
        _, chosen = await route(view("large-v2"), settings=self.SETTINGS)
        assert (chosen.model, chosen.variant, chosen.experiment) == ("large-v2", None, None)

    async def test_take_in_who_was_given_the_control_by_default(self, route):
        settings = self.ALL_V2.model_copy(update={"default": "large"})
        _, chosen = await route(view("gpt-9"), settings=settings)
        assert (chosen.model, chosen.variant) == ("large-v2", "large-v2")

    async def test_may_stand_on_a_model_that_is_no_arm(self, route):
        arms = {"name": "e", "model": "small", "arms": {"large-v2": 1}}
        _, chosen = await route(view("small"), settings=RouteSettings(experiments=[arms]))
        assert (chosen.model, chosen.variant) == ("large-v2", "large-v2")

    async def test_lose_who_residency_takes_away(self, route):
        _, chosen = await route(view(), settings=self.ALL_V2, pools=frozenset({"gpu-a"}))
        assert (chosen.model, chosen.variant, chosen.experiment) == ("large", None, None)
        assert chosen.rerouted

    async def test_lose_who_a_dead_pool_takes_away(self, route, health):
        kill(health, "gpu-b")
        verdict, chosen = await route(view(), settings=self.ALL_V2)
        assert (chosen.model, chosen.variant) == ("large", None)
        assert rules(verdict) == ["dead_pool"]


class TestResidency:
    async def test_allows_the_chosen_pool(self, route):
        verdict, chosen = await route(view("small"), pools=frozenset({"gpu-a"}))
        assert (chosen.model, chosen.rerouted, rules(verdict)) == ("small", False, [])

    async def test_goes_to_the_first_fallback_that_complies(self, route):
        verdict, chosen = await route(view("small"), pools=frozenset({"onprem", "gpu-b"}))
        assert (chosen.model, chosen.pool, chosen.rerouted) == ("small-b", "gpu-b", True)
        assert verdict.action == Edit((Change(("model",), "small-b"),))
        assert rules(verdict) == ["residency"]

    async def test_else_to_the_first_model_of_the_registry_that_complies(self, route):
        verdict, chosen = await route(view("large"), pools=frozenset({"onprem"}))
        assert (chosen.model, chosen.pool) == ("private", "onprem")
        assert verdict.action == Edit((Change(("model",), "private"),))

    async def test_only_to_one_that_serves_the_surface(self, route):
        pools = frozenset({"vectors", "cloud"})
        _, chat = await route(view("large"), pools=pools)
        assert chat.model == "cloud-small"
        _, vectors = await route(view("large", surface=Surface.EMBEDDINGS), pools=pools)
        assert vectors.model == "cloud-small"
        only = frozenset({"vectors"})
        _, vectors = await route(view("large", surface=Surface.EMBEDDINGS), pools=only)
        assert vectors.model == "embed"

    @pytest.mark.parametrize("pools", [frozenset(), frozenset({"vectors"}), frozenset({"nowhere"})])
    async def test_refuses_where_no_model_complies(self, route, pools):
        verdict, chosen = await route(view("large"), pools=pools)
        assert isinstance(verdict.action, Refuse)
        assert (verdict.action.code, verdict.action.status) == (Code.NO_COMPLIANT_MODEL, 503)
        assert chosen is None

    async def test_is_never_left_for_health(self, route, health):
        kill(health, "gpu-a", "onprem")
        for pools in (frozenset({"gpu-a", "onprem"}), frozenset({"onprem"})):
            verdict, chosen = await route(view("small"), pools=pools)
            assert chosen is None
            assert isinstance(verdict.action, Refuse)
            assert (verdict.action.code, verdict.action.status) == (Code.NO_COMPLIANT_MODEL, 503)
            assert verdict.action.retry_after == PROBE_EVERY_S

    async def test_any_pool_that_may_have_the_data_stands_in_for_a_dead_one(self, route, health):
        """`large` has no fallback, and `cloud` promises less than `onprem`: the label said yes."""
        kill(health, "onprem")
        pools = frozenset({"onprem", "cloud"})
        verdict, chosen = await route(view("private"), pools=pools)
        assert (chosen.model, chosen.pool) == ("cloud-small", "cloud")
        assert rules(verdict) == ["dead_pool"]

    async def test_a_dead_pool_is_probed_though_nobody_else_may_serve(self, route, health, clock):
        kill(health, "onprem")
        clock.now = PROBE_EVERY_S
        _, chosen = await route(view("large"), pools=frozenset({"onprem"}))
        assert chosen.pool == "onprem"
        health.observe("onprem", ok=True)
        _, chosen = await route(view("large"), pools=frozenset({"onprem"}))
        assert chosen.pool == "onprem"


class TestSurfaces:
    async def test_a_pool_that_does_not_serve_it_leaves_to_the_fallbacks(self, route):
        models = registry(
            """
            pools:
              words: {endpoints: ["h:1"], tasks: [chat]}
              vectors: {endpoints: ["h:2"], tasks: [embeddings]}
            models:
              m: {pool: words, version: "1", fallback: [e]}
              e: {pool: vectors, version: "1"}
            """
        )
        verdict, chosen = await route(view("m", surface=Surface.EMBEDDINGS), models=models)
        assert (chosen.model, rules(verdict)) == ("e", ["surface"])

    async def test_without_a_fallback_it_is_not_found(self, route):
        verdict, _ = await route(view("cloud-small", surface=Surface.MESSAGES))
        assert isinstance(verdict.action, Refuse)
        assert verdict.action.code == Code.MODEL_NOT_FOUND


class TestHealth:
    async def test_a_dead_pool_is_left_for_a_fallback_of_its_residency(self, route, health):
        """`cloud-small` comes first among the fallbacks, but the data would leave the EU."""
        kill(health, "gpu-a")
        verdict, chosen = await route(view("small"))
        assert (chosen.model, chosen.rerouted) == ("small-b", True)
        assert rules(verdict) == ["dead_pool"]

    async def test_a_stricter_residency_will_do(self, route, health):
        kill(health, "gpu-a", "gpu-b")
        _, chosen = await route(view("small"))
        assert chosen.pool == "onprem"

    async def test_when_all_are_dead_it_stays(self, route, health):
        kill(health, "gpu-a", "gpu-b", "onprem")
        verdict, chosen = await route(view("small"))
        assert (chosen.model, chosen.rerouted, rules(verdict)) == ("small", False, [])

    async def test_without_fallbacks_it_stays(self, route, health):
        kill(health, "gpu-a")
        _, chosen = await route(view("large"))
        assert chosen.model == "large"

    async def test_one_request_probes_and_its_outcome_decides(self, route, health, clock):
        kill(health, "gpu-a")
        clock.now = PROBE_EVERY_S
        served = [(await route(view("small")))[1].pool for _ in range(3)]
        assert served == ["gpu-a", "gpu-b", "gpu-b"]
        health.observe("gpu-a", ok=True)
        assert (await route(view("small")))[1].pool == "gpu-a"

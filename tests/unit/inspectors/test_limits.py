"""Limits and budgets on memory; `tests/unit/state` holds Redis to the same behaviour."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from extproc.inspectors.limits import Budget, BudgetSettings, Limits, LimitsSettings
from extproc.inspectors.route import RouteSettings
from extproc.llm.view import Surface
from extproc.state import settle
from extproc.state.memory import MemoryState
from extproc.state.money import nanos
from extproc.state.protocol import Spend
from extproc.verdict import NOTHING, Code, Refuse
from tests.exchanges import exchange, registry, view

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
HOUR = 3600


class Clock:
    now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def state(clock):
    return MemoryState(clock)


def refusal(verdict) -> Refuse:
    assert isinstance(verdict.action, Refuse)
    return verdict.action


class TestRequests:
    @pytest.fixture
    def limits(self, state):
        return Limits(LimitsSettings(requests_per_minute=3), state)

    async def test_below_at_and_above(self, limits):
        verdicts = [await limits.inspect(exchange(view())) for _ in range(4)]
        assert verdicts[:3] == [NOTHING] * 3
        refused = refusal(verdicts[3])
        assert (refused.code, refused.status) == (Code.RATE_LIMITED, 429)
        assert (refused.retry_after, refused.should_retry) == (60, None)
        assert [finding.rule for finding in verdicts[3].findings] == ["requests_per_minute"]

    async def test_retry_after_is_kept(self, limits, clock):
        for _ in range(3):
            await limits.inspect(exchange(view()))
        clock.now += 12.5
        refused = refusal(await limits.inspect(exchange(view())))
        assert refused.retry_after == 48
        clock.now += refused.retry_after
        assert await limits.inspect(exchange(view())) == NOTHING

    async def test_tenants_do_not_share(self, limits):
        for _ in range(3):
            await limits.inspect(exchange(view(), tenant="a"))
        assert await limits.inspect(exchange(view(), tenant="b")) == NOTHING
        refusal(await limits.inspect(exchange(view(), tenant="a", caller="other")))

    async def test_by_caller(self, state):
        limits = Limits(LimitsSettings(requests_per_minute=1, by="caller"), state)
        assert await limits.inspect(exchange(view(), caller="a")) == NOTHING
        assert await limits.inspect(exchange(view(), caller="b")) == NOTHING
        refusal(await limits.inspect(exchange(view(), caller="a")))

    async def test_set_nothing_aside(self, limits):
        counted = exchange(view())
        await limits.inspect(counted)
        assert counted.reservation is None

    async def test_count_requests_without_a_document(self, limits):
        for _ in range(3):
            await limits.inspect(exchange(None))
        refusal(await limits.inspect(exchange(None)))


class TestTokens:
    @pytest.fixture
    def limits(self, state):
        return Limits(LimitsSettings(tokens_per_minute=1000), state)

    async def test_input_and_the_answers_limit_are_taken(self, limits):
        asked = exchange(view(max_output_tokens=300), input_tokens=100)
        assert await limits.inspect(asked) == NOTHING
        assert asked.reservation is not None
        assert (asked.reservation.tokens, asked.reservation.budget_key) == (400, None)

    async def test_below_at_and_above(self, limits):
        assert (
            await limits.inspect(exchange(view(max_output_tokens=0), input_tokens=999)) == NOTHING
        )
        assert await limits.inspect(exchange(view(max_output_tokens=0), input_tokens=1)) == NOTHING
        refused = refusal(await limits.inspect(exchange(view(max_output_tokens=0), input_tokens=1)))
        assert (refused.code, refused.retry_after) == (Code.RATE_LIMITED, 60)

    async def test_the_outcome_corrects_the_estimate(self, limits, state):
        asked = exchange(view(max_output_tokens=900), input_tokens=100)
        await limits.inspect(asked)
        refusal(await limits.inspect(exchange(view(max_output_tokens=0), input_tokens=1)))
        await settle(state, asked.reservation, usd=0, tokens=150)
        again = exchange(view(max_output_tokens=750), input_tokens=100)
        assert await limits.inspect(again) == NOTHING

    async def test_an_answer_over_its_estimate_is_charged(self, limits, state):
        asked = exchange(view(max_output_tokens=10), input_tokens=10)
        await limits.inspect(asked)
        await settle(state, asked.reservation, usd=0, tokens=1000)
        refusal(await limits.inspect(exchange(view(max_output_tokens=0), input_tokens=1)))

    async def test_a_wish_beyond_the_minute_waits_for_an_empty_one(self, limits):
        asked = exchange(view(max_output_tokens=50_000), input_tokens=100)
        assert await limits.inspect(asked) == NOTHING
        assert asked.reservation is not None
        assert asked.reservation.tokens == 1000

    async def test_an_input_beyond_the_minute_never_fits(self, limits):
        refused = refusal(await limits.inspect(exchange(view(), input_tokens=1001)))
        assert (refused.code, refused.should_retry) == (Code.RATE_LIMITED, False)

    async def test_a_request_refused_for_its_tokens_is_not_counted(self, state):
        limits = Limits(LimitsSettings(requests_per_minute=2, tokens_per_minute=100), state)
        small = view(max_output_tokens=0)
        assert await limits.inspect(exchange(small, input_tokens=90)) == NOTHING
        for _ in range(5):
            refused = await limits.inspect(exchange(small, input_tokens=11))
            assert [finding.rule for finding in refused.findings] == ["tokens_per_minute"]
        assert await limits.inspect(exchange(small, input_tokens=10)) == NOTHING

    async def test_without_a_document_only_the_request_counts(self, state):
        limits = Limits(LimitsSettings(requests_per_minute=9, tokens_per_minute=1), state)
        bare = exchange(None)
        assert await limits.inspect(bare) == NOTHING
        assert bare.reservation is None


class TestBudget:
    @pytest.fixture
    def budget(self, state, clock):
        """One cent a day: `large` costs 10 USD per million output tokens."""
        settings = BudgetSettings(usd=0.01, per="day")
        return Budget(settings, state, registry(), clock)

    async def test_below_at_and_above(self, budget):
        assert await budget.inspect(exchange(view(max_output_tokens=999))) == NOTHING
        assert await budget.inspect(exchange(view(max_output_tokens=1))) == NOTHING
        refused = refusal(await budget.inspect(exchange(view(max_output_tokens=1))))
        assert (refused.code, refused.status) == (Code.BUDGET_EXCEEDED, 429)
        assert (refused.retry_after, refused.should_retry) == (12 * HOUR, False)

    async def test_a_thousand_at_once_cannot_pass_the_last_cent(self, budget, state):
        exchanges = [exchange(view(max_output_tokens=100)) for _ in range(1000)]
        await asyncio.gather(*(budget.inspect(one) for one in exchanges))
        held = [one.reservation for one in exchanges if one.reservation is not None]
        assert len(held) == 10
        assert await state.spend(held[0].budget_key) == Spend(0, nanos(0.01))

    async def test_what_was_not_used_comes_back(self, budget, state):
        asked = exchange(view(max_output_tokens=1000))
        await budget.inspect(asked)
        refusal(await budget.inspect(exchange(view(max_output_tokens=500))))
        await settle(state, asked.reservation, usd=0.005, tokens=0)
        assert await budget.inspect(exchange(view(max_output_tokens=500))) == NOTHING

    async def test_a_new_period_begins_full(self, budget, clock):
        await budget.inspect(exchange(view(max_output_tokens=1000)))
        refused = refusal(await budget.inspect(exchange(view(max_output_tokens=1))))
        clock.now += refused.retry_after
        assert await budget.inspect(exchange(view(max_output_tokens=1000))) == NOTHING

    async def test_input_counts_too(self, budget):
        """2.5 USD per million: 4,000 tokens are the whole cent."""
        asked = view(max_output_tokens=0)
        assert await budget.inspect(exchange(asked, input_tokens=4000)) == NOTHING
        refusal(await budget.inspect(exchange(asked, input_tokens=1)))

    async def test_an_answer_without_a_limit_is_assumed_to_be_long(self, budget):
        refusal(await budget.inspect(exchange(view())))
        small = exchange(view("small"))
        assert await budget.inspect(small) == NOTHING
        assert small.reservation is not None
        # The dearest of `small` and its fallbacks: 0.8 USD per million.
        assert small.reservation.usd == pytest.approx(1024 * 0.8e-6)

    @pytest.mark.parametrize("wish", [{"n": 4}, {"best_of": 4}, {"n": 2, "best_of": 4}])
    async def test_every_choice_is_paid_for(self, budget, wish):
        asked = exchange(view(max_output_tokens=100, **wish))
        await budget.inspect(asked)
        assert asked.reservation is not None
        assert asked.reservation.usd == pytest.approx(0.004)

    @pytest.mark.parametrize("wish", [{"n": -5}, {"n": 0}, {"n": True}, {"n": "9"}, {"n": None}])
    async def test_odd_choices_cost_one(self, budget, wish):
        asked = exchange(view(max_output_tokens=100, **wish))
        await budget.inspect(asked)
        assert asked.reservation is not None
        assert asked.reservation.usd == pytest.approx(0.001)

    @pytest.mark.parametrize("wish", [10**12, 10**4000])
    async def test_absurd_wishes_are_over_budget(self, budget, wish):
        refusal(await budget.inspect(exchange(view(max_output_tokens=wish, n=wish))))

    async def test_a_negative_wish_frees_nothing(self, budget):
        asked = exchange(view(max_output_tokens=-(10**6)), input_tokens=4)
        await budget.inspect(asked)
        assert asked.reservation is not None
        assert asked.reservation.usd == pytest.approx(0.00001)

    async def test_embeddings_have_no_output(self, budget):
        asked = exchange(view("embed", surface=Surface.EMBEDDINGS), input_tokens=100_000)
        await budget.inspect(asked)
        assert asked.reservation is not None
        assert asked.reservation.usd == pytest.approx(0.002)

    async def test_what_is_free_needs_no_budget(self, budget):
        await budget.inspect(exchange(view(max_output_tokens=1000)))
        free = exchange(view("private"), input_tokens=1000)
        assert await budget.inspect(free) == NOTHING
        assert free.reservation is None

    async def test_the_dearest_arm_of_an_experiment_is_reserved(self, budget):
        split = {"name": "e", "arms": {"large": 99, "large-v2": 1}}
        sections = {"route": RouteSettings(experiments=[split])}
        asked = exchange(view(max_output_tokens=100), sections=sections)
        await budget.inspect(asked)
        assert asked.reservation is not None
        assert asked.reservation.usd == pytest.approx(0.0012)

    async def test_the_default_pays_for_models_nobody_knows(self, budget):
        sections = {"route": RouteSettings(default="large")}
        asked = exchange(view("gpt-9", max_output_tokens=100), sections=sections)
        await budget.inspect(asked)
        assert asked.reservation is not None
        assert asked.reservation.usd == pytest.approx(0.001)

    async def test_keeps_the_tokens_that_limits_took(self, budget, state):
        asked = exchange(view(max_output_tokens=100))
        await Limits(LimitsSettings(tokens_per_minute=1000), state).inspect(asked)
        await budget.inspect(asked)
        assert asked.reservation is not None
        assert asked.reservation.tokens == 100
        assert asked.reservation.tokens_key is not None
        assert asked.reservation.budget_key is not None

    async def test_a_refusal_leaves_the_tokens_to_be_given_back(self, budget, state):
        await budget.inspect(exchange(view(max_output_tokens=1000)))
        asked = exchange(view(max_output_tokens=100))
        await Limits(LimitsSettings(tokens_per_minute=1000), state).inspect(asked)
        refusal(await budget.inspect(asked))
        assert asked.reservation is not None
        assert (asked.reservation.budget_key, asked.reservation.tokens) == (None, 100)

    async def test_by_caller(self, state, clock):
        budget = Budget(BudgetSettings(usd=0.01, by="caller"), state, registry(), clock)
        assert await budget.inspect(exchange(view(max_output_tokens=1000), caller="a")) == NOTHING
        assert await budget.inspect(exchange(view(max_output_tokens=1000), caller="b")) == NOTHING
        refusal(await budget.inspect(exchange(view(max_output_tokens=1), caller="a")))

    async def test_without_a_document_nothing_is_spent(self, budget):
        assert await budget.inspect(exchange(None)) == NOTHING


class TestSettings:
    def test_limits_that_limit_nothing_are_an_error(self):
        with pytest.raises(ValidationError, match="requests_per_minute, tokens_per_minute"):
            LimitsSettings()

    @pytest.mark.parametrize("value", [0, -1, 1.5, "many"])
    def test_bad_limits(self, value):
        with pytest.raises(ValidationError):
            LimitsSettings(requests_per_minute=value)

    @pytest.mark.parametrize(
        "budget",
        [
            {},
            {"usd": 0},
            {"usd": -1},
            {"usd": 5_000_001},
            {"usd": "NaN"},
            {"usd": 1, "per": "year"},
            {"usd": 1, "by": "team"},
            {"usd": 1, "eur": 1},
        ],
    )
    def test_bad_budgets(self, budget):
        with pytest.raises(ValidationError):
            BudgetSettings(**budget)

    def test_the_contracts_example(self):
        budget = BudgetSettings(usd=500, per="month", by="tenant")
        assert budget.usd == Decimal(500)

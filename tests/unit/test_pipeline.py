"""Order, mode, on_error and the deadline, applied once for all inspectors."""

from __future__ import annotations

import asyncio

import pytest

from extproc.exchange import NOBODY, CacheResult, Exchange, Request, Sensitivity
from extproc.models.workers import Overloaded
from extproc.pipeline import Pipeline, Stage
from extproc.policy.model import Policy
from extproc.policy.section import OnError
from extproc.verdict import Change, Code, Edit, Finding, Mode, Refuse, Serve, Verdict

REFUSE = Refuse(Code.PROMPT_INJECTION, "the rule")


def exchange() -> Exchange:
    request = Request("POST", "/v1/chat/completions", "", {}, {}, {})
    return Exchange("r1", 0.0, request, NOBODY, Policy("p", "", "0"))


class Says:
    def __init__(self, verdict=None, *, do=None):
        self.verdict, self.do, self.calls = verdict or Verdict(), do, 0

    async def inspect(self, exchange):
        self.calls += 1
        if self.do is not None:
            await self.do(exchange)
        return self.verdict


def stage(inspector, mode=Mode.ENFORCE, on_error=OnError.DENY, name="x"):
    return Stage(name, inspector, mode, on_error)


async def test_first_answer_wins_and_ends_the_run():
    after = Says()
    ruling = await Pipeline([stage(Says(Verdict(REFUSE))), stage(after)], deadline_s=5).run(
        exchange()
    )
    assert ruling.answer == REFUSE
    assert after.calls == 0


async def test_exhaustive_runs_all_and_keeps_the_first_answer():
    other = Refuse(Code.SENSITIVE_DATA, "other")
    seen = exchange()
    ruling = await Pipeline(
        [stage(Says(Verdict(REFUSE))), stage(Says(Verdict(other)))], 5, exhaustive=True
    ).run(seen)
    assert ruling.answer == REFUSE
    assert seen.codes == [Code.PROMPT_INJECTION, Code.SENSITIVE_DATA]


async def test_monitor_records_and_goes_on():
    seen = exchange()
    finding = Finding("x", "override", 0.9)
    ruling = await Pipeline([stage(Says(Verdict(REFUSE, (finding,))), Mode.MONITOR)], 5).run(seen)
    assert ruling.answer is None
    assert seen.codes == [Code.PROMPT_INJECTION]
    assert [(f.rule, f.mode, f.code) for f in seen.findings] == [
        ("override", Mode.MONITOR, Code.PROMPT_INJECTION)
    ]


async def test_a_monitored_label_constrains_no_route():
    async def label(exchange):
        exchange.sensitivity = Sensitivity(
            "confidential", ("EMAIL_ADDRESS",), frozenset({"onprem"})
        )

    seen = exchange()
    await Pipeline([stage(Says(do=label), Mode.MONITOR)], 5).run(seen)
    assert seen.sensitivity == Sensitivity("confidential", ("EMAIL_ADDRESS",), None)


async def test_a_monitored_hit_is_recorded_and_not_served():
    async def hit(exchange):
        exchange.cache = CacheResult("hit-exact", usage={"input": 1}, origin="r0")

    seen = exchange()
    serve = Verdict(Serve(b"{}", "application/json"))
    ruling = await Pipeline([stage(Says(serve, do=hit), Mode.MONITOR)], 5).run(seen)
    assert ruling.answer is None
    assert seen.cache == CacheResult("bypass")
    assert [f.rule for f in seen.findings] == ["hit-exact"]


async def test_edits_add_up_in_order():
    one, two = Change(("model",), "a"), Change(("model",), "b")
    ruling = await Pipeline(
        [stage(Says(Verdict(Edit((one,))))), stage(Says(Verdict(Edit((two,)))))], 5
    ).run(exchange())
    assert ruling.changes == (one, two)


async def boom(_):
    raise ValueError("the secret prompt")


async def never(_):
    await asyncio.Event().wait()


async def full(_):
    raise Overloaded


@pytest.mark.parametrize(
    ("do", "rule", "code"),
    [
        (boom, "error", Code.INSPECTION_UNAVAILABLE),
        (never, "deadline", Code.INSPECTION_UNAVAILABLE),
        (full, "overloaded", Code.OVERLOADED),
    ],
)
async def test_a_failing_inspector_gives_the_policys_answer(do, rule, code, caplog):
    denied = exchange()
    ruling = await Pipeline([stage(Says(do=do))], 0.01).run(denied)
    assert isinstance(ruling.answer, Refuse)
    assert ruling.answer.code is code
    assert denied.coverage == [f"inspector:x:{rule}"]

    after, allowed = Says(), exchange()
    ruling = await Pipeline([stage(Says(do=do), on_error=OnError.ALLOW), stage(after)], 0.01).run(
        allowed
    )
    # What comes after a missed deadline misses it too unless it is instant: this one is.
    assert after.calls == 1
    assert allowed.coverage[0] == f"inspector:x:{rule}"
    assert "secret" not in caplog.text


async def test_a_failure_in_monitor_mode_blocks_nobody():
    ruling = await Pipeline([stage(Says(do=boom), Mode.MONITOR)], 5).run(exchange())
    assert ruling.answer is None


async def test_cancellation_is_not_an_error_of_the_inspector():
    waiting = asyncio.create_task(Pipeline([stage(Says(do=never))], 60).run(exchange()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

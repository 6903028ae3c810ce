"""Each exchange ends in exactly one record, however its end reaches us."""

from __future__ import annotations

import pytest

from extproc.ledger import Ledger
from extproc.outcome import Answer, Decision, Outcome


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def told():
    return []


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(told, clock):
    return Ledger([lambda *what: told.append(what)], clock, journal=3, patience_s=60)


def decision(request_id: str = "r1", **fields) -> Decision:
    base = {
        "ts": 1.0,
        "tenant": "t",
        "caller": "c",
        "policy": "p@1",
        "path": "/v1/chat/completions",
        "action": "allow",
    }
    return Decision(request_id=request_id, **(base | fields))


def outcome(**fields) -> Outcome:
    base = {"status": 200, "latency_ms": 5.0, "ttft_ms": 2.0, "flags": (), "cluster": "gpu-a"}
    return Outcome(**(base | fields))


def test_our_own_answer_is_told_at_once(ledger, told):
    ledger.finish(decision(action="block"))
    ledger.complete(outcome(request_id="r1", cluster=None))
    assert told == [(decision(action="block"), None, None)]


def test_the_outcome_completes_the_decision_envoy_carried(ledger, told):
    carried = ledger.forward(decision(), relayed=False)
    came_back = outcome(request_id="r1", decision=carried)
    ledger.complete(came_back)
    ledger.complete(came_back)
    assert told == [(decision(), came_back, None)]


def test_a_decision_envoy_carried_needs_no_memory(ledger, told, clock):
    carried = Ledger([], clock).forward(decision(), relayed=False)
    ledger.complete(outcome(request_id="r1", decision=carried))
    assert [d for d, _, _ in told] == [decision()]


def test_an_outcome_without_the_decision_is_joined_from_the_journal(ledger, told):
    ledger.forward(decision(), relayed=False)
    ledger.complete(outcome(request_id="r1", cluster=None))
    assert [d for d, _, _ in told] == [decision()]


def test_a_model_reached_without_a_decision_is_unclassified(ledger, told):
    ledger.complete(outcome(request_id=None))
    assert [(d.action, d.pool) for d, _, _ in told] == [("unclassified", "gpu-a")]


def test_a_forged_decision_is_unclassified(ledger, told):
    ledger.complete(outcome(request_id="r9", decision='{"request_id": 1'))
    assert [d.action for d, _, _ in told] == ["unclassified"]


def test_a_local_answer_of_envoy_without_a_decision_is_nothing_to_us(ledger, told):
    ledger.complete(outcome(request_id="r1", cluster=None, status=413))
    assert told == []


@pytest.mark.parametrize("outcome_first", [True, False])
def test_outcome_and_answer_meet_in_either_order(ledger, told, outcome_first):
    carried = ledger.forward(decision(), relayed=True)
    answer, came_back = Answer("d"), outcome(request_id="r1", decision=carried)
    steps = [lambda: ledger.complete(came_back), lambda: ledger.answered("r1", answer)]
    for step in steps if outcome_first else reversed(steps):
        step()
    assert told == [(decision(), came_back, answer)]


def test_an_outcome_that_never_comes_is_completed_after_the_patience(ledger, told, clock):
    ledger.forward(decision(), relayed=False)
    clock.now += 59
    ledger.expire()
    assert told == []
    clock.now += 2
    ledger.expire()
    assert told == [(decision(), None, None)]


def test_a_late_outcome_after_expiry_is_not_told_twice(ledger, told, clock):
    carried = ledger.forward(decision(), relayed=False)
    clock.now += 61
    ledger.expire()
    ledger.complete(outcome(request_id="r1", decision=carried))
    assert len(told) == 1


def test_a_full_journal_forgets_the_oldest_which_envoy_still_carries(ledger, told):
    carried = [ledger.forward(decision(f"r{i}"), relayed=False) for i in range(4)]
    ledger.flush()
    assert [d.request_id for d, _, _ in told] == ["r1", "r2", "r3"]
    ledger.complete(outcome(request_id="r0", decision=carried[0]))
    assert told[-1][0].request_id == "r0"


def test_a_failing_sink_does_not_cost_the_others_their_record(clock):
    told = []

    def broken(*_):
        raise RuntimeError

    Ledger([broken, lambda *what: told.append(what)], clock).finish(decision())
    assert len(told) == 1

"""What is turned away, at each limit, below it and above."""

from __future__ import annotations

import pytest

from extproc.admission import MAX_WAIT_S, Admission
from extproc.verdict import Code, Refusal


@pytest.fixture
def shed():
    return []


def refused(call) -> None:
    with pytest.raises(Refusal) as caught:
        call()
    assert caught.value.refuse.code is Code.OVERLOADED
    assert caught.value.refuse.retry_after == 1


def test_as_many_are_decided_at_once_as_the_limit_says(shed):
    admission = Admission(2, shed=shed.append)
    with admission.place(), admission.place():
        refused(admission.check)
        refused(admission.place().__enter__)
    admission.check()
    assert shed == ["concurrency", "concurrency"]


def test_a_place_is_given_back_when_deciding_fails(shed):
    admission = Admission(1, shed=shed.append)
    with pytest.raises(ValueError), admission.place():
        raise ValueError
    admission.check()


def test_waiting_for_bodies_is_bounded_too(shed):
    admission = Admission(1, 2, shed=shed.append)
    admission.wait()
    admission.check()
    admission.wait()
    refused(admission.check)
    admission.waited()
    admission.check()
    assert shed == ["concurrency"]


def test_what_waited_too_long_is_not_decided_late(shed):
    admission = Admission(1, shed=shed.append)
    admission.check(MAX_WAIT_S)
    refused(lambda: admission.check(MAX_WAIT_S + 0.001))
    assert shed == ["wait"]


def test_nothing_begins_that_could_not_be_recorded(shed):
    ready = [True]
    admission = Admission(1, ready=lambda: ready[0], shed=shed.append)
    admission.check()
    ready[0] = False
    refused(admission.check)
    assert shed == ["audit"]

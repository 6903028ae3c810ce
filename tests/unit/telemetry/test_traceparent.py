from __future__ import annotations

import pytest

from extproc.telemetry.traceparent import Traceparent, fresh, parse

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
GOOD = f"00-{TRACE}-{SPAN}-01"


def test_a_good_one_is_read_and_written_back():
    assert parse(GOOD) == Traceparent(TRACE, SPAN, sampled=True)
    assert str(parse(GOOD)) == GOOD


@pytest.mark.parametrize(
    ("flags", "sampled"), [("00", False), ("01", True), ("02", False), ("03", True), ("ff", True)]
)
def test_only_the_sampled_flag_counts(flags, sampled):
    assert parse(f"00-{TRACE}-{SPAN}-{flags}").sampled is sampled


@pytest.mark.parametrize("rest", ["", "-", "-more-fields"])
def test_later_versions_may_say_more(rest):
    assert parse(f"01-{TRACE}-{SPAN}-01{rest}") == Traceparent(TRACE, SPAN, sampled=True)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "junk",
        GOOD.upper(),
        GOOD + "-",
        GOOD + "-more",
        GOOD + " ",
        " " + GOOD,
        GOOD + "\n",
        f"{GOOD}, {GOOD}",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}a-01",
        f"00-{TRACE}-{SPAN}-0g",
        f"0-{TRACE}-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01more",
        f"00-{TRACE[:-1]}\uff11-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01-{'x' * 500}",
    ],
)
def test_anything_else_is_refused(header):
    assert parse(header) is None


def test_a_child_keeps_trace_and_flag_and_has_its_own_id():
    for sampled in (True, False):
        parent = fresh(sampled=sampled)
        child = parent.child()
        assert (child.trace_id, child.sampled) == (parent.trace_id, sampled)
        assert child.span_id != parent.span_id
        assert parse(str(child)) == child

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from extproc.audit.chain import Link
from extproc.audit.render import markdown, page
from extproc.audit.report import build
from extproc.audit.summary import KEPT_EVENTS, summarise
from extproc.audit.verify import Problem, Verification

GOOD = Verification(("k" * 32,), 2, 40, 1, Link(40, "ab" * 32), 3, 40)


def exchange(**changes):
    made = {
        "ts": "2026-01-31T12:00:00.000Z",
        "tenant": "acme",
        "policy": "support@01234567",
        "model_served": "large",
        "variant": None,
        "pool": "gpu-a",
        "action": "allow",
        "code": None,
        "findings": [],
        "sensitivity": "public",
        "cache": {"state": "miss", "similarity": None},
        "coverage": [],
        "tokens": {"input": 100, "output": 50, "estimated": False, "billed": True},
        "cost_usd": 0.25,
        "upstream": {"status": 200, "latency_ms": 1, "ttft_ms": 1, "flags": []},
    }
    return made | changes


def finding(rule, mode="enforce"):
    return {"inspector": "injection", "rule": rule, "score": 1, "mode": mode}


UNBILLED = {"input": 100, "output": 50, "estimated": False, "billed": False}
BLOCK = exchange(
    tokens=UNBILLED,
    action="block",
    code="prompt_injection",
    upstream=None,
    cost_usd=0.0,
    sensitivity="restricted",
    findings=[finding("override"), finding("override"), finding("leak", "monitor")],
)
HIT = exchange(
    cache={"state": "hit-exact", "similarity": None},
    upstream=None,
    cost_usd=0.0,
    pool="onprem",
    tokens=UNBILLED,
)


def report_of(*records, found=GOOD, selection=()):
    return build(summarise(records), found, selection, "2026-02-01T00:00:00.000Z")


def rows(report, title):
    [section] = [part for part in report.sections if part.title == title]
    return section.table.rows


def test_decisions_rules_and_violations_are_counted():
    report = report_of(exchange(), exchange(), HIT, BLOCK)
    assert rows(report, "Decisions") == (("allow", "3", "75.0 %"), ("block", "1", "25.0 %"))
    assert rows(report, "Violations") == (("prompt_injection", "support", "1", "25.0 %"),)
    assert rows(report, "Decisions by rule") == (
        ("injection", "leak", "monitor", "block", "1", "25.0 %"),
        ("injection", "override", "enforce", "block", "1", "25.0 %"),
    )


def test_labels_say_where_they_went():
    report = report_of(exchange(), HIT, BLOCK, exchange(sensitivity="confidential", pool="onprem"))
    assert {row[:2] for row in rows(report, "Labels and where they went")} == {
        ("public", "gpu-a"),
        ("public", "cache"),
        ("restricted", "nowhere (refused)"),
        ("confidential", "onprem"),
    }


def test_spend_is_summed_and_unbilled_exchanges_add_no_tokens():
    other = exchange(
        tenant="zeta",
        cost_usd=1.5,
        tokens={"input": 1, "output": 2, "estimated": True, "billed": True},
    )
    report = report_of(exchange(), exchange(), HIT, BLOCK, other)
    assert rows(report, "Spend by tenant and policy") == (
        ("zeta", "support", "1", "1", "2", "1", "1.500000"),
        ("acme", "support", "4", "200", "100", "0", "0.500000"),
        ("All", "", "5", "201", "102", "1", "2.000000"),
    )


def test_records_from_before_the_field_are_billed_where_a_model_was_asked():
    old = {"tokens": {"input": 100, "output": 50, "estimated": False}}
    report = report_of(exchange(**old), exchange(upstream=None, **old))
    assert rows(report, "Spend by tenant and policy")[-1][3:5] == ("100", "50")


def test_what_was_not_inspected_is_counted_once_an_exchange():
    report = report_of(exchange(coverage=["media:image:$.a", "media:image:$.b", "text:ids:$.c:d"]))
    assert rows(report, "Not inspected") == (
        ("media", "image", "1", "100.0 %"),
        ("text", "ids", "1", "100.0 %"),
    )


def test_policy_changes_and_troubles_are_listed():
    change = {
        "type": "policy_change",
        "ts": "t1",
        "subject": "policies",
        "by": "file watch",
        "old": None,
        "new": "bb",
    }
    torn = {"type": "torn", "ts": "t2", "bytes": 7, "seq": 9, "prev": "x", "hash": "y"}
    report = report_of(change, torn, {"type": "checkpoint", "ts": "t3"})
    assert rows(report, "Changes of policy and troubles of the log") == (
        ("t1", "policy_change", "policies: nothing → bb by file watch"),
        ("t2", "torn", "bytes 7"),
    )


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_many_events_are_cut_and_the_cut_is_told(extra):
    summary = summarise([{"type": "torn", "ts": "t"}] * (KEPT_EVENTS + extra))
    assert len(summary.events) == KEPT_EVENTS + min(extra, 0)
    assert summary.events_left_out == max(extra, 0)


def test_an_unclassified_request_is_an_alert():
    report = report_of(exchange(action="unclassified"))
    [section] = [part for part in report.sections if part.title == "Violations"]
    assert section.alert
    assert "1 requests reached a model without a decision" in section.lines[0]


def test_the_verification_is_told_good_or_bad():
    text = markdown(report_of(exchange()))
    assert "The chain verifies: 40 records in 2 files, 1 to 40" in text
    bad = Verification(("k",), problem=Problem("hash", "was changed", "a.jsonl", 3, 7))
    text = markdown(report_of(exchange(), found=bad))
    assert "does NOT verify" in text
    assert "a.jsonl:3: record 7: was changed" in text


def test_an_empty_log_makes_a_report():
    assert "0 exchanges." in markdown(report_of())
    assert "0 exchanges." in page(report_of())


HOSTILE = '<script>alert(1)</script>|\n| x | [a](http://b) `c` "d" & \u202eevil'


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.attributes = set(), set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_names_cannot_break_out_of_the_page():
    text = page(report_of(exchange(tenant=HOSTILE, action=HOSTILE), selection=(HOSTILE,)))
    tags = Tags()
    tags.feed(text)
    assert not tags.seen & {"script", "a", "img", "link", "iframe"}
    assert not {
        name for name in tags.attributes if name.startswith("on") or name in {"src", "href"}
    }
    assert "\u202e" not in text
    assert "&lt;script&gt;" in text


def test_names_cannot_break_a_markdown_table():
    text = markdown(report_of(exchange(tenant=HOSTILE)))
    [row] = [line for line in text.splitlines() if "alert" in line]
    assert row.replace(r"\|", "").count("|") == 8
    assert r"\<script\>" in row
    assert r"\[a\](" in row


def test_codes_stay_readable_in_markdown():
    assert "| prompt_injection |" in markdown(report_of(BLOCK))


def test_the_page_needs_nothing_else():
    text = page(report_of(exchange()))
    assert "http" not in text.replace('http-equiv="content-security-policy"', "")
    assert "default-src 'none'" in text


def test_what_the_cache_saved_by_tenant_policy_and_tier():
    def hit(tier, usd, **changes):
        cache = {"state": tier, "similarity": 1.0, "saved_usd": usd}
        return exchange(cache=cache, upstream=None, cost_usd=0.0, **changes)

    report = report_of(
        exchange(),
        hit("hit-exact", 0.2),
        hit("hit-exact", 0.2),
        hit("hit-semantic", 0.1),
        hit("hit-exact", 0.05, tenant="globex"),
    )
    tenant = exchange()["tenant"]
    assert rows(report, "Saved by the cache") == (
        (tenant, "support", "exact", "2", "200", "100", "0.400000"),
        (tenant, "support", "semantic", "1", "100", "50", "0.100000"),
        ("globex", "support", "exact", "1", "100", "50", "0.050000"),
        ("All", "", "", "4", "400", "200", "0.550000"),
    )

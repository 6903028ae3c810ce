"""The page lists the rules as they are."""

from __future__ import annotations

from pathlib import Path

from extproc.doctor.finding import Severity
from extproc.doctor.rules import RULES

PAGE = Path(__file__).parents[3] / "docs/doctor.md"


def test_the_page_lists_every_rule_as_it_is():
    severities = {f" {severity} " for severity in Severity}
    rows = [
        line
        for line in PAGE.read_text().splitlines()
        if line.startswith("| `") and line.split("|")[2] in severities
    ]
    assert rows == [
        f"| `{rule.id}` | {rule.severity} | {rule.why} | {rule.fix} |" for rule in RULES
    ]

"""The report for a program: one JSON object."""

from __future__ import annotations

import json
from typing import Any

from extproc.doctor.examine import Report
from extproc.doctor.finding import Finding, Severity


def render(report: Report) -> str:
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    return {
        "source": report.source,
        "unsafe": report.unsafe,
        "counts": {str(each): report.count(each) for each in Severity},
        "findings": [_finding(each) for each in report.findings],
    }


def _finding(each: Finding) -> dict[str, Any]:
    return {
        "rule": each.rule.id,
        "severity": str(each.severity),
        "message": each.message,
        "where": {
            "file": each.place.file,
            "line": each.place.line or None,
            "path": each.place.path,
        },
        "why": each.rule.why,
        "fix": each.rule.fix,
    }

"""The report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from extproc.doctor.examine import Report
from extproc.doctor.finding import Finding, Severity


def render(report: Report) -> str:
    """Plain text that ends in a line with the counts."""
    parts = ["\n".join(_finding(each)) for each in report.findings]
    parts.append(_summary(report))
    return "\n\n".join(parts) + "\n"


def _finding(each: Finding) -> Iterator[str]:
    yield f"{each.severity.upper()} {each.rule.id}: {each.message}"
    yield f"  where: {each.place}"
    if each.place.line and each.place.path:
        yield f"         {each.place.path}"
    yield f"  why:   {each.rule.why}"
    yield f"  fix:   {each.rule.fix}"


def _summary(report: Report) -> str:
    if not report.findings:
        return f"{report.source}: nothing found"
    counts = ", ".join(f"{report.count(each)} {each}" for each in Severity if report.count(each))
    return f"{report.source}: {counts}"

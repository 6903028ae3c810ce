"""Input to findings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extproc.doctor.documents import subject
from extproc.doctor.finding import Finding, Options, Severity
from extproc.doctor.model import Subject
from extproc.doctor.rules import RULES

_ORDER = list(Severity)


@dataclass(frozen=True, slots=True)
class Report:
    """`findings` are sorted by severity, then as they stand in `RULES`."""

    source: str
    findings: tuple[Finding, ...]
    proxies: int

    @property
    def unsafe(self) -> bool:
        return any(each.severity is Severity.UNSAFE for each in self.findings)

    def count(self, severity: Severity) -> int:
        return sum(each.severity is severity for each in self.findings)


def examine(path: Path, options: Options | None = None) -> Report:
    """Reads a file or folder and applies every rule. Raises `UnreadableError`."""
    found = subject(path)
    return Report(str(path), judge(found, options or Options()), len(found.proxies))


def judge(found: Subject, options: Options) -> tuple[Finding, ...]:
    """All findings, each once: many routes may share the place that is wrong."""
    findings: dict[tuple[str, str, str], Finding] = {}
    for rule in RULES:
        for hit in rule.check(found, options):
            key = (rule.id, f"{hit.place}#{hit.place.path}", hit.message)
            findings.setdefault(
                key, Finding(rule, hit.severity or rule.severity, hit.place, hit.message)
            )
    return tuple(sorted(findings.values(), key=lambda each: _ORDER.index(each.severity)))

"""The report in SARIF 2.1.0, which code hosts show beside the lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from extproc import __version__
from extproc.doctor.examine import Report
from extproc.doctor.finding import Finding, Rule, Severity
from extproc.doctor.rules import RULES

_LEVELS = {Severity.UNSAFE: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_INDEX = {rule.id: index for index, rule in enumerate(RULES)}


def render(report: Report) -> str:
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    driver = {
        "name": "extproc doctor",
        "version": __version__,
        "rules": [_rule(rule) for rule in RULES],
    }
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(each) for each in report.findings],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.why},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(each: Finding) -> dict[str, Any]:
    return {
        "ruleId": each.rule.id,
        "ruleIndex": _INDEX[each.rule.id],
        "level": _LEVELS[each.severity],
        "message": {"text": f"{each.message}. {each.rule.why} {each.rule.fix}"},
        "locations": [_location(each)],
    }


def _location(each: Finding) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(each.place.file)}}
    if each.place.line:
        physical["region"] = {"startLine": each.place.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    if each.place.path:
        location["logicalLocations"] = [{"fullyQualifiedName": each.place.path}]
    return location


def _uri(file: str) -> str:
    """A relative path stays one; it is resolved against the root of the repository."""
    path = Path(file)
    # A file name may hold bytes that are no text.
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="replace")

"""A policy's own test cases: requests, and what must become of them.

```yaml
cases:
  - name: an order to forget the rules is refused
    request:
      path: /v1/chat/completions          # the default
      tenant: acme                        # or headers, to try the identity too
      body: {model: large, messages: [{role: user, content: ...}]}
    expect: {action: block, code: prompt_injection}
```
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, JsonValue, model_validator

from extproc.cli.evaluate import Evaluated, Recorded
from extproc.exchange import Identity
from extproc.policy.errors import PolicyErrors
from extproc.policy.findings import Errors
from extproc.policy.marks import parse
from extproc.policy.section import Strict
from extproc.verdict import Code


class CaseRequest(Strict):
    """What is sent. Without headers the identity is given by `caller` and `tenant`."""

    method: Literal["POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"] | None = None
    """Default: POST with a body, else GET."""
    path: str = "/v1/chat/completions"
    headers: Mapping[str, str] | None = None
    caller: str = "dev"
    tenant: str = "dev"
    body: JsonValue | None = None
    """A document, or a text that is sent as it stands."""

    @model_validator(mode="after")
    def _one_identity(self) -> CaseRequest:
        if self.headers is not None and {"caller", "tenant"} & self.model_fields_set:
            raise ValueError("give headers, or caller and tenant, not both")
        return self

    def recorded(self) -> Recorded:
        row: dict[str, Any] = {"id": None, "path": self.path, "headers": self.headers}
        if self.headers is not None:
            row["headers"] = dict(self.headers)
        if self.method is not None:
            row["method"] = self.method
        if self.body is not None:
            row["body"] = self.body
        who = None if self.headers is not None else Identity(self.caller, self.tenant, "case")
        return Recorded.from_row(row, who)


class Expectation(Strict):
    """What must come of it; keys that are left out are not looked at."""

    action: Literal["allow", "block", "redact", "reroute"] | None = None
    code: Code | None = None
    """``null`` for a request that is not blocked."""
    codes: frozenset[Code] | None = None
    """All codes that would have blocked."""
    status: int | None = None
    policy: str | None = None
    """The policy's name."""
    model: str | None = None
    """The registry's name of the model that serves it."""
    pool: str | None = None
    variant: str | None = None
    sensitivity: str | None = None
    entities: frozenset[str] | None = None
    """All entity types found."""
    findings: frozenset[str] | None = None
    """Some of the findings, as ``inspector:rule`` or ``inspector``; more may be there."""

    @model_validator(mode="after")
    def _something(self) -> Expectation:
        if not self.model_fields_set:
            raise ValueError("expect at least one thing")
        return self


class Case(Strict):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    request: CaseRequest
    expect: Expectation


class CaseFile(Strict):
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Located:
    """A case and where it stands."""

    place: str
    case: Case


def read_cases(directory: Path) -> list[Located]:
    """All cases of ``tests/*.yaml`` below the policy directory. Raises `PolicyErrors`."""
    errors = Errors()
    found: list[Located] = []
    for path in sorted((directory / "tests").glob("*.y*ml")):
        documents, problems = parse(str(path), path.read_bytes(), nulls=True)
        errors.extend(problems)
        for document in documents:
            valid: BaseModel | None = errors.valid(document, CaseFile)
            if isinstance(valid, CaseFile):
                found += [
                    Located(f"{path}:{document.line(('cases', i))}", case)
                    for i, case in enumerate(valid.cases)
                ]
    if errors:
        raise PolicyErrors(errors.all)
    return found


def differences(case: Case, evaluated: Evaluated) -> Iterator[str]:
    """One line for each thing that came out otherwise; none when all is as expected."""
    actual = _actual(evaluated)
    for name in sorted(case.expect.model_fields_set):
        wanted = getattr(case.expect, name)
        got = actual[name]
        if name == "findings" and wanted is not None:
            missing = sorted(wanted - got)
            if missing:
                yield f"findings: expected {_text(missing)}, got {_text(sorted(got))}"
        elif wanted != got:
            yield f"{name}: expected {_text(wanted)}, got {_text(got)}"


def _actual(evaluated: Evaluated) -> dict[str, Any]:
    exchange = evaluated.exchange
    row = evaluated.to_row(None)
    route = exchange.route if row["code"] is None else None
    findings = exchange.findings
    return {
        **row,
        "codes": frozenset(row["codes"]),
        "policy": exchange.policy.name,
        "model": route.model if route else None,
        "entities": frozenset(entity["type"] for entity in row["entities"]),
        "findings": frozenset(f"{f.inspector}:{f.rule}" for f in findings)
        | frozenset(f.inspector for f in findings),
    }


def _text(value: object) -> str:
    if isinstance(value, frozenset):
        value = sorted(value)
    return json.dumps(value)

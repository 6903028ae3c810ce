"""Recorded requests through the same inspectors as live ones, offline.

What a session does around the pipeline is done here too, with one difference:
nothing is cut short, so that every inspector has its say on every row.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extproc import identity, intake
from extproc.exchange import NOBODY, Exchange, Identity, Request
from extproc.inspectors import SECTIONS
from extproc.inspectors.services import open_services
from extproc.llm import tokens
from extproc.llm.endpoint import EndpointKind, classify
from extproc.pipeline import Ruling
from extproc.policy.load import load
from extproc.policy.model import PolicySet
from extproc.rules import Governed, Rules, compile_rules
from extproc.verdict import STATUS, Code, Finding, Refusal, Refuse

LEFT_OUT = frozenset({"cache", "limits", "budget"})
"""What depends on earlier requests has no meaning for recorded ones."""


class BadRow(ValueError):
    """A line of the input that is no recorded request."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as it was recorded."""

    id: object
    method: str
    path: str
    headers: Mapping[str, str] | None
    """``None``: the development identity asks."""
    body: bytes
    who: Identity | None = None
    """Set where the caller is given rather than resolved."""

    @classmethod
    def from_line(cls, line: str) -> Recorded:
        """Raises `BadRow`."""
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadRow("the line is not JSON") from error
        if not isinstance(row, dict):
            raise BadRow("the line is not an object")
        return cls.from_row(row)

    @classmethod
    def from_row(cls, row: Mapping[str, Any], who: Identity | None = None) -> Recorded:
        """`body` is a JSON value, or the body's text. Raises `BadRow`."""
        path, headers = row.get("path"), row.get("headers")
        if not isinstance(path, str):
            raise BadRow("path must be text")
        if headers is not None:
            if not isinstance(headers, dict):
                raise BadRow("headers must be an object of texts")
            if not all(isinstance(value, str) for value in headers.values()):
                raise BadRow("headers must be an object of texts")
            headers = {name.lower(): value for name, value in headers.items()}
        method = row.get("method", "POST" if "body" in row else "GET")
        if not isinstance(method, str):
            raise BadRow("method must be text")
        return cls(row.get("id"), method.upper(), path, headers, _body(row.get("body", "")), who)


WARM_UP = Recorded(
    None,
    "POST",
    "/v1/chat/completions",
    None,
    b'{"model": "warm-up", "messages": [{"role": "user", "content": "warm-up"}]}',
)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What would have become of one request."""

    exchange: Exchange
    ruling: Ruling
    latency_ms: float

    def to_row(self, id_: object) -> dict[str, Any]:
        """One line of the output; all keys are always there."""
        exchange, answer = self.exchange, self.ruling.answer
        code = answer.code if isinstance(answer, Refuse) else None
        route = exchange.route if code is None else None
        entities = [f for f in exchange.findings if _is_entity(f)]
        return {
            "id": id_,
            "action": self.action,
            "code": code,
            "codes": list(dict.fromkeys(exchange.codes)),
            "status": 200 if code is None else STATUS[code],
            "scores": {"injection": 0.0, **exchange.scores},
            "findings": [_finding(finding) for finding in exchange.findings],
            "entities": [_entity(finding) for finding in entities],
            "sensitivity": exchange.sensitivity.label,
            "pool": route.pool if route else None,
            "variant": route.variant if route else None,
            "latency_ms": round(self.latency_ms, 3),
        }

    @property
    def action(self) -> str:
        """``block``, ``redact``, ``reroute`` or ``allow``: the first that is true."""
        if isinstance(self.ruling.answer, Refuse):
            return "block"
        if self.exchange.redacted:
            return "redact"
        route = self.exchange.route
        return "reroute" if route is not None and route.rerouted else "allow"


class Evaluator:
    """One policy set, its models loaded, on an event loop of its own."""

    def __init__(self, directory: Path) -> None:
        """Raises `PolicyErrors`."""
        policies = load(directory, SECTIONS)
        self._services = open_services(threads=1, state="memory://", embedder="onnx")
        self._rules = rules_of(policies, self._services)
        self._runner = asyncio.Runner()
        # The first run of a model is slow; it should not count as some row's latency.
        self.evaluate(WARM_UP)

    def row(self, line: str) -> dict[str, Any]:
        """The output for one line of the input. Never raises."""
        try:
            recorded = Recorded.from_line(line)
        except BadRow as error:
            return bad_row(line, str(error))
        return self.evaluate(recorded).to_row(recorded.id)

    def evaluate(self, recorded: Recorded) -> Evaluated:
        return self._runner.run(evaluate(self._rules, recorded))

    def close(self) -> None:
        self._runner.run(self._services.close())
        self._runner.close()


def rules_of(policies: PolicySet, services: Any) -> Rules:
    return compile_rules(
        policies,
        services,
        identity=policies.identity or identity.DEVELOPMENT,
        leave_out=LEFT_OUT,
        exhaustive=True,
    )


async def evaluate(rules: Rules, recorded: Recorded) -> Evaluated:
    """Runs one request through its policy. Never raises."""
    start = time.perf_counter_ns()
    headers = {**(recorded.headers or {})}
    headers |= {":method": recorded.method, ":path": recorded.path}
    endpoint = classify(recorded.method, recorded.path, headers)
    request = Request(recorded.method, endpoint.canonical_path, endpoint.query, headers, {}, {})
    exchange = Exchange(
        request_id="eval",
        received_at=time.time(),
        request=request,
        identity=NOBODY,
        policy=rules.nothing,
    )
    case = _Case(rules, exchange)
    try:
        exchange.identity = case.identity(recorded)
        if endpoint.kind is not EndpointKind.SURFACE or endpoint.surface is None:
            await case.without_document(unknown=endpoint.kind is EndpointKind.UNKNOWN)
        else:
            limit = rules.max_body_bytes
            document = intake.read(endpoint.surface, headers, recorded.body, limit)
            await case.with_document(document)
    except Refusal as refusal:
        case.refuse(refusal.refuse)
    latency_ms = (time.perf_counter_ns() - start) / 1e6
    return Evaluated(exchange, case.ruling, latency_ms)


class _Case:
    """One request on its way; keeps the first refusal and goes on."""

    def __init__(self, rules: Rules, exchange: Exchange) -> None:
        self._rules = rules
        self._exchange = exchange
        self.ruling = Ruling(None, ())

    def refuse(self, refuse: Refuse) -> None:
        self._exchange.codes.append(refuse.code)
        if self.ruling.answer is None:
            self.ruling = Ruling(refuse, self.ruling.changes)

    def identity(self, recorded: Recorded) -> Identity:
        """Whom the request comes from. Refused ones are inspected as the development identity's."""
        if recorded.who is not None:
            return recorded.who
        if recorded.headers is None:
            return identity.DEVELOPMENT_IDENTITY
        try:
            who = identity.resolve(self._rules.identity, self._exchange.request)
        except Refusal as refusal:
            self.refuse(refusal.refuse)
            return identity.DEVELOPMENT_IDENTITY
        if who is None:
            self.refuse(Refuse(Code.UNAUTHENTICATED, "no accepted identity"))
        return who or identity.DEVELOPMENT_IDENTITY

    async def without_document(self, *, unknown: bool) -> None:
        governed = self._governed(None)
        allowed = governed is not None and governed.policy.unknown_endpoints == "allow"
        if unknown and not allowed:
            raise Refusal(Refuse(Code.UNKNOWN_ENDPOINT, "the endpoint is not served here"))
        if governed is None:
            self._exchange.route = self._rules.default_route
        else:
            self._join(await governed.bodyless.run(self._exchange))

    async def with_document(self, document: intake.Document) -> None:
        exchange = self._exchange
        exchange.view = document.view
        governed = self._governed(document.view.model)
        if governed is None:
            raise Refusal(Refuse(Code.ACCESS_DENIED, "no policy covers this request"))
        try:
            intake.check_size(len(document.plain), governed.policy.max_body_bytes)
            exchange.view = intake.within_text_budget(document.view, governed.policy)
        except Refusal as refusal:
            self.refuse(refusal.refuse)
        exchange.input_tokens = tokens.count_spans(exchange.view)
        self._join(await governed.pipeline.run(exchange))

    def _governed(self, model: str | None) -> Governed | None:
        who, path = self._exchange.identity, self._exchange.request.path
        governed = self._rules.lookup(caller=who.caller, tenant=who.tenant, path=path, model=model)
        if governed is not None:
            self._exchange.policy = governed.policy
        return governed

    def _join(self, ruling: Ruling) -> None:
        self.ruling = Ruling(self.ruling.answer or ruling.answer, ruling.changes)


def bad_row(line: str, why: str) -> dict[str, Any]:
    """The output for a line that is no request."""
    try:
        id_ = json.loads(line).get("id")
    except (ValueError, AttributeError, RecursionError):
        id_ = None
    code = Code.INVALID_REQUEST
    finding = _finding(Finding("input", why, 1.0, code=code))
    return {
        "id": id_,
        "action": "block",
        "code": code,
        "codes": [code],
        "status": STATUS[code],
        "scores": {"injection": 0.0},
        "findings": [finding],
        "entities": [],
        "sensitivity": "public",
        "pool": None,
        "variant": None,
        "latency_ms": 0.0,
    }


def _body(value: Any) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _finding(finding: Finding) -> dict[str, Any]:
    row = asdict(finding)
    if finding.inspector == "injection":
        # Where the rule's match or the classifier's window stands, and what it was decoded from.
        return {**row, "decoded": finding.rule.partition(":")[2] or None}
    return {name: value for name, value in row.items() if name not in {"start", "end"}}


def _is_entity(finding: Finding) -> bool:
    return finding.inspector == "sensitivity" and finding.start is not None


def _entity(finding: Finding) -> dict[str, Any]:
    return {
        "type": finding.rule,
        "start": finding.start,
        "end": finding.end,
        "channel": finding.channel,
        "path": finding.path,
        "score": finding.score,
    }

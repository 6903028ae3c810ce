"""The access rules of one policy, applied to one exchange."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from extproc.exchange import Exchange
from extproc.inspectors.access.settings import AccessSettings, Rule, Who
from extproc.policy.lookup import Patterns, fold
from extproc.verdict import NOTHING, Code, Finding, Refuse, Verdict

NAME = "access"
Test = Callable[[Exchange], bool]


class Access:
    """Who may ask for what. Needs the request line, the identity and the model's name."""

    def __init__(self, settings: AccessSettings) -> None:
        self._models = _names(settings.models)
        self._deny = tuple(_rules("deny", settings.deny))
        self._allow = None if settings.allow is None else tuple(_rules("allow", settings.allow))

    async def inspect(self, exchange: Exchange) -> Verdict:
        model = model_of(exchange)
        if self._models is not None and model is not None and not _among(self._models, model):
            return _refused("models", "the policy does not allow this model", param="model")
        for name, matches in self._deny:
            if matches(exchange):
                return _refused(name, f"the access rule {name} denies this request")
        if self._allow is not None and not any(matches(exchange) for _, matches in self._allow):
            return _refused("allow", "no access rule allows this request")
        return NOTHING


class LabelAccess:
    """Who may send data of a label. Runs after sensitivity, before the route is chosen."""

    def __init__(self, settings: AccessSettings) -> None:
        self._labels = {label: _who(who) for label, who in settings.labels.items()}

    async def inspect(self, exchange: Exchange) -> Verdict:
        label = exchange.sensitivity.label
        allowed = self._labels.get(label)
        if allowed is None or allowed(exchange):
            return NOTHING
        return _refused(f"labels.{label}", f"this caller may not send {label} data")


def model_of(exchange: Exchange) -> str | None:
    """The model as the client names it, folded for comparison; ``None`` without a body."""
    return exchange.view.model.casefold() if exchange.view is not None else None


def _refused(rule: str, message: str, param: str | None = None) -> Verdict:
    refuse = Refuse(Code.ACCESS_DENIED, message, param=param, should_retry=False)
    return Verdict(refuse, (Finding(NAME, rule, 1.0),))


def _rules(kind: str, rules: Sequence[Rule]) -> Iterator[tuple[str, Test]]:
    for i, rule in enumerate(rules):
        yield rule.name or f"{kind}[{i}]", _test(rule)


def _test(rule: Rule) -> Test:
    who, paths, models = _who(rule), Patterns(fold(rule.paths or ())), _names(rule.models)

    def matches(exchange: Exchange) -> bool:
        if not who(exchange) or not _among(paths, exchange.request.path.casefold()):
            return False
        model = model_of(exchange)
        return models is None or (model is not None and _among(models, model))

    return matches


def _who(who: Who) -> Test:
    callers, tenants = Patterns(who.callers or ()), Patterns(who.tenants or ())

    def matches(exchange: Exchange) -> bool:
        identity = exchange.identity
        return _among(callers, identity.caller) and _among(tenants, identity.tenant)

    return matches


def _names(models: Sequence[str] | None) -> Patterns | None:
    return None if models is None else Patterns(fold(models))


def _among(patterns: Patterns, value: str) -> bool:
    return patterns.rank(value) is not None

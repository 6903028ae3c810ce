"""Access rules: who may ask for what, and who may send data of a label."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from extproc.exchange import Exchange, Sensitivity
from extproc.inspectors.access import Access, AccessSettings, LabelAccess
from extproc.verdict import NOTHING, Code, Refuse, Verdict
from tests.exchanges import exchange, view


def asked(model: str | None = "small", path: str = "/v1/chat/completions", **kwargs) -> Exchange:
    made = exchange(view(model) if model is not None else None, **kwargs)
    made.request = replace(made.request, path=path)
    return made


async def said(settings: dict, about: Exchange) -> Verdict:
    return await Access(AccessSettings.model_validate(settings)).inspect(about)


async def rule(settings: dict, about: Exchange) -> str | None:
    """The rule that refused, ``None`` for a pass."""
    verdict = await said(settings, about)
    if verdict == NOTHING:
        return None
    assert isinstance(verdict.action, Refuse)
    assert verdict.action.code is Code.ACCESS_DENIED
    return verdict.findings[0].rule


async def test_without_rules_everything_passes():
    assert await rule({}, asked()) is None


@pytest.mark.parametrize(
    ("model", "expected"),
    [("small", None), ("SMALL", None), ("large-v2", None), ("private", "models"), ("", "models")],
)
async def test_models_that_may_be_asked_for(model, expected):
    assert await rule({"models": ["small", "large*"]}, asked(model)) == expected


async def test_a_request_without_a_model_is_no_matter_of_models():
    assert await rule({"models": ["small"]}, asked(None, "/v1/models")) is None


@pytest.mark.parametrize(
    ("deny", "about", "refused"),
    [
        ({"callers": ["bot"]}, {}, True),
        ({"callers": ["bot"]}, {"caller": "human"}, False),
        ({"tenants": ["ac*"]}, {}, True),
        ({"tenants": ["ac*"]}, {"tenant": "globex"}, False),
        ({"models": ["Small"]}, {}, True),
        ({"models": ["small"]}, {"model": None}, False),
        ({"paths": ["/v1/files*"]}, {"path": "/v1/Files/1"}, True),
        ({"paths": ["/v1/files*"]}, {}, False),
        ({"callers": ["bot"], "tenants": ["globex"]}, {}, False),
        ({"callers": ["bot"], "tenants": ["globex", "acme"]}, {}, True),
    ],
)
async def test_deny_rules_match_when_every_key_does(deny, about, refused):
    found = await rule({"deny": [{"name": "x", "models": ["never"]}, deny]}, asked(**about))
    assert found == ("deny[1]" if refused else None)


async def test_a_rule_has_the_name_it_is_given():
    verdict = await said({"deny": [{"name": "no-bots", "callers": ["bot"]}]}, asked())
    assert verdict.findings[0].rule == "no-bots"
    assert "no-bots" in verdict.action.message
    assert verdict.action.should_retry is False


async def test_allow_rules_leave_everything_else_out():
    settings = {"allow": [{"callers": ["human"]}, {"models": ["small"], "tenants": ["acme"]}]}
    assert await rule(settings, asked()) is None
    assert await rule(settings, asked("large", caller="human")) is None
    assert await rule(settings, asked("large")) == "allow"
    assert await rule(settings, asked(tenant="globex")) == "allow"


async def test_deny_beats_allow():
    settings = {"allow": [{"callers": ["*"]}], "deny": [{"models": ["small"]}]}
    assert await rule(settings, asked()) == "deny[0]"
    assert await rule(settings, asked("large")) is None


@pytest.mark.parametrize("bad", [{"deny": [{}]}, {"allow": []}, {"deny": [{"name": "a"}]}])
def test_rules_that_say_nothing_are_refused(bad):
    with pytest.raises(ValidationError):
        AccessSettings.model_validate(bad)


@pytest.mark.parametrize(
    ("label", "about", "refused"),
    [
        ("confidential", {}, False),
        ("confidential", {"tenant": "globex"}, True),
        ("restricted", {"caller": "doctor"}, False),
        ("restricted", {}, True),
        ("public", {"tenant": "globex"}, False),
    ],
)
async def test_labels_are_for_those_who_are_named(label, about, refused):
    settings = AccessSettings.model_validate(
        {"labels": {"confidential": {"tenants": ["acme"]}, "restricted": {"callers": ["doctor"]}}}
    )
    made = asked(**about)
    made.sensitivity = Sensitivity(label)
    verdict = await LabelAccess(settings).inspect(made)
    assert isinstance(verdict.action, Refuse) is refused
    if refused:
        assert verdict.findings[0].rule == f"labels.{label}"

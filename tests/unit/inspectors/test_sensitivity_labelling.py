"""Labels from counts, combinations, callers and routes; actions by label and by entity."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from extproc.exchange import Request, Sensitivity
from extproc.inspectors.sensitivity import Analyzer, SensitivityInspector, SensitivitySettings
from extproc.llm.changes import apply
from extproc.llm.request import view
from extproc.llm.view import Surface
from extproc.models.workers import Workers
from extproc.verdict import NOTHING, PASS, Code, Redact, Refuse
from tests.exchanges import exchange

ANALYZER = Analyzer()
LABELS = {
    "restricted": ["US_SSN"],
    "confidential": ["EMAIL_ADDRESS"],
    "internal": ["IP_ADDRESS"],
}
POOLS = {"confidential": {"pools": ["onprem"]}, "internal": {"pools": ["onprem", "gpu-a"]}}
TAGS = {
    "gpu-a": frozenset({"eu"}),
    "onprem": frozenset({"eu", "onprem"}),
    "cloud": frozenset({"us"}),
}
MAIL, OTHER, SSN, ADDRESS = "joe@example.com", "ann@example.org", "536-90-4399", "10.1.2.3"


def asking(text, model="large", path="/v1/chat/completions", **who):
    document = {"model": model, "messages": [{"role": "user", "content": text}]}
    seen = exchange(view(Surface.CHAT_COMPLETIONS, document), **who)
    return replace(seen, request=Request("POST", path, "", {}, {}, {}))


async def decided(seen, **settings):
    """The verdict and what the exchange learned."""
    made = SensitivitySettings.model_validate({"labels": LABELS, "residency": {}, **settings})
    workers = Workers(1)
    try:
        inspector = SensitivityInspector(made, ANALYZER, workers, b"k" * 32, TAGS)
        return await inspector.inspect(seen), seen.sensitivity
    finally:
        workers.close()


def sent(seen, verdict):
    assert isinstance(verdict.action, Redact)
    return json.loads(apply(seen.view.document, verdict.action.changes))["messages"][0]["content"]


class TestRules:
    @pytest.mark.parametrize(
        ("text", "label"),
        [
            (MAIL, "confidential"),
            (f"{MAIL} and again {MAIL.upper()}", "confidential"),
            (f"{MAIL} and {OTHER}", "restricted"),
            (f"{MAIL} and {OTHER}, third@example.net", "restricted"),
        ],
    )
    async def test_a_count_is_of_different_values(self, text, label):
        rules = [{"label": "restricted", "entities": {"EMAIL_ADDRESS": 2}}]
        _, learned = await decided(asking(text), rules=rules)
        assert learned.label == label

    @pytest.mark.parametrize(
        ("text", "label"),
        [
            (MAIL, "confidential"),
            (f"from {ADDRESS}", "internal"),
            (f"{MAIL} {ADDRESS}", "restricted"),
        ],
    )
    async def test_a_combination_needs_all_of_it(self, text, label):
        rules = [{"label": "restricted", "entities": ["EMAIL_ADDRESS", "IP_ADDRESS"]}]
        _, learned = await decided(asking(text), rules=rules)
        assert learned.label == label

    async def test_a_combination_over_turns_of_name_birth_and_diagnosis(self):
        """With recognisers of the policy's own for what no rule knows."""
        settings = {
            "labels": {"restricted": [], "internal": ["PATIENT", "DIAGNOSIS", "DATE_OF_BIRTH"]},
            "recognizers": {
                "PATIENT": {
                    "patterns": [{"regex": "patient [A-Z][a-z]+ [A-Z][a-z]+", "score": 0.9}]
                },
                "DIAGNOSIS": {"patterns": [{"regex": "diagnosed with [a-z]+", "score": 0.9}]},
            },
            "rules": [
                {"label": "restricted", "entities": ["PATIENT", "DIAGNOSIS", "DATE_OF_BIRTH"]}
            ],
        }
        parts = ["patient Jane Miller", "date of birth 12/03/1980", "diagnosed with measles"]
        for at in range(3):
            two = ". ".join(parts[:at] + parts[at + 1 :])
            _, learned = await decided(asking(two), **settings)
            assert learned.label == "internal", two
        document = {"model": "m", "messages": [{"role": "user", "content": one} for one in parts]}
        _, learned = await decided(exchange(view(Surface.CHAT_COMPLETIONS, document)), **settings)
        assert learned.label == "restricted"

    @pytest.mark.parametrize(
        ("rule", "who", "label"),
        [
            ({"tenants": ["clinic-*"]}, {"tenant": "clinic-a"}, "internal"),
            ({"tenants": ["clinic-*"]}, {"tenant": "shop"}, "public"),
            ({"callers": ["bot"]}, {"caller": "bot"}, "internal"),
            ({"callers": ["bot"], "tenants": ["shop"]}, {"caller": "bot"}, "public"),
            ({"models": ["LARGE"]}, {}, "internal"),
            ({"models": ["small"]}, {}, "public"),
            ({"paths": ["/v1/chat/*"]}, {}, "internal"),
            ({"paths": ["/v1/embeddings"]}, {}, "public"),
        ],
    )
    async def test_callers_and_routes_label_what_holds_nothing(self, rule, who, label):
        rules = [{"label": "internal", **rule}]
        verdict, learned = await decided(asking("Hi", **who), rules=rules, residency=POOLS)
        assert learned.label == label
        assert learned.pools == (frozenset({"onprem", "gpu-a"}) if label == "internal" else None)
        assert [f.rule for f in verdict.findings] == (["rules[0]"] if label == "internal" else [])
        assert verdict.action is PASS

    async def test_a_request_without_a_document_is_its_callers(self):
        rules = [{"label": "internal", "tenants": ["acme"]}]
        verdict, learned = await decided(exchange(None), rules=rules, residency=POOLS)
        assert verdict.action is PASS
        assert learned == Sensitivity("internal", (), frozenset({"onprem", "gpu-a"}))
        verdict, _ = await decided(exchange(None), rules=[{"label": "internal", "models": ["*"]}])
        assert verdict is NOTHING

    async def test_a_rule_may_refuse_and_its_name_says_so(self):
        rules = [{"name": "crowd", "label": "restricted", "entities": {"EMAIL_ADDRESS": 2}}]
        residency = {"restricted": {"block": True}}
        verdict, learned = await decided(
            asking(f"{MAIL} {OTHER}"), rules=rules, residency=residency
        )
        assert isinstance(verdict.action, Refuse)
        assert verdict.action.code is Code.SENSITIVE_DATA
        assert "sensitivity.residency.restricted" in verdict.action.message
        assert [(f.rule, f.code) for f in verdict.findings] == [
            ("EMAIL_ADDRESS", Code.SENSITIVE_DATA),
            ("EMAIL_ADDRESS", Code.SENSITIVE_DATA),
            ("crowd", Code.SENSITIVE_DATA),
        ]
        assert learned.label == "restricted"
        assert "joe" not in repr(verdict)

    async def test_what_is_taken_out_makes_no_combination_of_what_leaves(self):
        seen = asking(f"{MAIL} at {ADDRESS}")
        verdict, learned = await decided(
            seen,
            rules=[{"label": "restricted", "entities": ["EMAIL_ADDRESS", "IP_ADDRESS"]}],
            residency={"restricted": {"block": True}, **POOLS},
            redact={"entities": ["EMAIL_ADDRESS"]},
        )
        assert MAIL not in sent(seen, verdict)
        assert learned.label == "restricted", "the request as it came"
        assert learned.pools == {"onprem", "gpu-a"}, "the address alone leaves"

    async def test_a_label_that_redacts_takes_out_what_its_rule_names(self):
        settings = {
            "rules": [{"label": "restricted", "entities": ["EMAIL_ADDRESS", "IP_ADDRESS"]}],
            "actions": {"restricted": "redact"},
        }
        seen = asking(f"{MAIL} at {ADDRESS}")
        verdict, learned = await decided(seen, **settings)
        text = sent(seen, verdict)
        assert MAIL not in text
        assert ADDRESS not in text
        assert learned.label == "restricted"
        verdict, _ = await decided(asking(MAIL), **settings)
        assert verdict.action is PASS, "alone it is no combination"

    async def test_a_rule_never_lowers_a_label(self):
        rules = [{"label": "internal", "tenants": ["acme"]}]
        _, learned = await decided(asking(f"SSN {SSN}"), rules=rules)
        assert learned.label == "restricted"


class TestActions:
    async def test_allow_records_and_does_not_label(self):
        verdict, learned = await decided(
            asking(MAIL), residency=POOLS, actions={"EMAIL_ADDRESS": "allow"}
        )
        assert learned == Sensitivity("public", ("EMAIL_ADDRESS",))
        assert [f.rule for f in verdict.findings] == ["EMAIL_ADDRESS"]

    async def test_tag_labels_and_limits_nothing(self):
        _, learned = await decided(asking(MAIL), residency=POOLS, actions={"EMAIL_ADDRESS": "tag"})
        assert learned == Sensitivity("confidential", ("EMAIL_ADDRESS",))

    async def test_route_by_entity_under_a_label_that_blocks(self):
        settings = {
            "labels": {"confidential": ["EMAIL_ADDRESS", "IP_ADDRESS"]},
            "residency": {"confidential": {"pools": ["onprem"]}},
            "actions": {"confidential": "block", "IP_ADDRESS": "route"},
        }
        verdict, learned = await decided(asking(f"from {ADDRESS}"), **settings)
        assert verdict.action is PASS
        assert learned.pools == {"onprem"}
        verdict, _ = await decided(asking(MAIL), **settings)
        assert isinstance(verdict.action, Refuse)
        assert "sensitivity.actions.confidential" in verdict.action.message

    async def test_block_by_entity_without_a_label(self):
        verdict, learned = await decided(
            asking(f"from {ADDRESS}"), labels={}, actions={"IP_ADDRESS": "block"}
        )
        assert isinstance(verdict.action, Refuse)
        assert "sensitivity.actions.IP_ADDRESS" in verdict.action.message
        assert learned.label == "public"

    async def test_redact_by_label_with_an_entity_that_blocks(self):
        settings = {
            "labels": {"confidential": ["EMAIL_ADDRESS", "IP_ADDRESS"]},
            "actions": {"confidential": "redact", "IP_ADDRESS": "block"},
        }
        seen = asking(MAIL)
        verdict, learned = await decided(seen, **settings)
        assert MAIL not in sent(seen, verdict)
        assert learned.pools is None
        verdict, _ = await decided(asking(f"{MAIL} from {ADDRESS}"), **settings)
        assert isinstance(verdict.action, Refuse)
        assert {f.rule: f.code for f in verdict.findings} == {
            "EMAIL_ADDRESS": None,
            "IP_ADDRESS": Code.SENSITIVE_DATA,
        }

    async def test_operators_hold_for_what_actions_redact(self):
        seen = asking(f"SSN {SSN}")
        verdict, _ = await decided(
            seen, actions={"restricted": "redact"}, redact={"operators": {"US_SSN": "mask"}}
        )
        assert sent(seen, verdict) == "SSN ***-**-****"


@pytest.mark.parametrize(
    ("within", "pools"),
    [(["eu"], {"gpu-a", "onprem"}), (["eu", "onprem"], {"onprem"}), (["eu", "us"], set())],
)
async def test_residency_by_what_pools_guarantee(within, pools):
    _, learned = await decided(asking(MAIL), residency={"confidential": {"within": within}})
    assert learned.pools == pools

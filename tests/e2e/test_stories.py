"""A private matter without any identifier, through Envoy with a real client: routed, refused, answered."""

from __future__ import annotations

import json
import shutil

import openai
import pytest

from tests.e2e import gateway
from tests.e2e.audit_trail import record_of

STORY = "Mr Aldous has leukaemia and his wife does not know. Write him a card."
TWIN = "What are the early symptoms of leukaemia, and which doctor should people see?"


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    """The default set; the model `small` belongs to a policy that refuses stories of pay."""
    folder = tmp_path_factory.mktemp("stories")
    policies = folder / "set"
    shutil.copytree(gateway.ROOT / "policies", policies)
    (policies / "strict.yaml").write_text(
        "apiVersion: extproc/v1\nkind: Policy\nmetadata: {name: strict, owner: t}\n"
        "match: {models: [small]}\nsensitivity:\n  labels: {secret: [PAY_MATTER, HEALTH_MATTER]}\n"
        "  residency: {secret: {block: true}}\noutput: {sensitive: block}\n"
    )
    running = gateway.start(folder, policies=policies)
    try:
        yield running
    finally:
        running.kill()


def ask(up, model, text, **options):
    client = openai.OpenAI(base_url=up.base_url, api_key="dev", max_retries=0)
    messages = [{"role": "user", "content": text}]
    return client.chat.completions.with_raw_response.create(
        model=model, messages=messages, max_tokens=40, **options
    )


@pytest.mark.parametrize("stream", [False, True])
def test_a_story_goes_to_the_pool_of_its_label(up, stream):
    answer = ask(up, "large", STORY, stream=stream)
    assert answer.headers["x-ai-pool"] == "onprem"
    answer.http_response.read()
    entry = record_of(up.data_dir, answer.headers["x-ai-request-id"])
    assert entry["sensitivity"] == "confidential"
    assert "HEALTH_MATTER" in {finding["rule"] for finding in entry["findings"]}
    assert "leukaemia" not in json.dumps(entry)


def test_a_question_about_the_same_subject_goes_anywhere(up):
    answer = ask(up, "large", TWIN)
    assert answer.headers["x-ai-pool"] != "onprem"


def test_a_policy_may_refuse_stories(up):
    with pytest.raises(openai.PermissionDeniedError) as refused:
        ask(up, "small", STORY)
    assert refused.value.code == "sensitive_data"
    assert "Aldous" not in str(refused.value)
    assert ask(up, "small", TWIN).parse().choices[0].message.content

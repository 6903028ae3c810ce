"""The audit's diff between two sets."""

from __future__ import annotations

from extproc.policy.changes import between
from tests.policy_sets import HEAD, PLAIN, ROOT, loaded


def test_each_changed_field_with_old_and_new(tmp_path):
    one = loaded(tmp_path / "a", p=f"{PLAIN}injection: {{threshold: 0.8}}\n")
    other = loaded(
        tmp_path / "b",
        p=f"{PLAIN}mode: monitor\ninjection: {{threshold: 0.9}}\n",
        q=f"{HEAD}metadata: {{name: acme}}\nmatch: {{tenants: [acme]}}\n",
        models=(ROOT / "policies" / "models.yaml").read_text().replace("2.1.0", "2.1.1"),
    )
    change = between(one, other, "files")
    assert (change.old, change.new, change.by) == (one, other, "files")
    assert change.diff.pop("policies.acme")["old"] is None
    assert change.diff == {
        "policies.plain.mode": {"old": "enforce", "new": "monitor"},
        "policies.plain.injection.threshold": {"old": 0.8, "new": 0.9},
        "models.models.large.version": {"old": "2.1.0", "new": "2.1.1"},
    }


def test_equal_sets_have_no_diff(tmp_path):
    one, other = loaded(tmp_path / "a", p=PLAIN), loaded(tmp_path / "b", p=PLAIN)
    assert between(one, other, "files").diff == {}


def test_a_changed_order_shows(tmp_path):
    text = PLAIN + "sensitivity: {labels: {a: [US_SSN], b: [SECRET]}}\n"
    swapped = PLAIN + "sensitivity: {labels: {b: [SECRET], a: [US_SSN]}}\n"
    one, other = loaded(tmp_path / "a", p=text), loaded(tmp_path / "b", p=swapped)
    assert between(one, other, "files").diff == {
        "policies.plain.sensitivity.labels (order)": {"old": ["a", "b"], "new": ["b", "a"]}
    }

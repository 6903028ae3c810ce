"""The JSON Schema, and the sets that ship."""

from __future__ import annotations

import json

import pytest

from extproc.inspectors import SECTIONS
from extproc.policy.documents import json_schema
from extproc.policy.load import load
from tests.policy_sets import ROOT

SETS = [ROOT / "policies", *sorted((ROOT / "policies" / "examples").iterdir())]


def test_the_schema_in_the_repository_is_up_to_date():
    shipped = json.loads((ROOT / "policies" / "schema.json").read_text())
    assert shipped == json_schema(SECTIONS), "run: extproc policy schema > policies/schema.json"


def test_the_schema_knows_what_the_loader_takes():
    definitions = json_schema(SECTIONS)["$defs"]
    fields = definitions["Policy"]["properties"]
    assert set(SECTIONS) <= set(fields)
    assert definitions["Policy"]["additionalProperties"] is False
    assert {"ModelsDocument", "IdentityDocument", "ApiKeysDocument"} <= set(definitions)


@pytest.mark.parametrize("directory", SETS, ids=lambda path: path.name)
def test_the_sets_that_ship_are_valid(directory):
    assert load(directory, SECTIONS).policies


def test_there_are_three_examples():
    assert len(SETS) == 4


def test_the_default_set_serves_the_four_models():
    found = load(ROOT / "policies", SECTIONS)
    assert set(found.registry.models) == {"large", "large-v2", "small", "private"}
    assert set(found.registry.pools) == {"gpu-a", "gpu-b", "onprem"}
    assert found.lookup(caller="anyone", tenant="any", path="/v1/models", model=None) is not None

"""The section: what it accepts, and what it says about what it does not."""

import pytest
from pydantic import ValidationError

from extproc.inspectors.sensitivity.analyzer import TYPES
from extproc.inspectors.sensitivity.names import Names
from extproc.inspectors.sensitivity.settings import SensitivitySettings
from extproc.inspectors.sensitivity.stories import TYPES as STORIES


def load(**settings: object) -> SensitivitySettings:
    return SensitivitySettings.model_validate(settings)


def errors(**settings: object) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        load(**settings)
    return [(error["loc"], error["msg"]) for error in caught.value.errors()]


def test_defaults_block_restricted_data_and_name_no_pool():
    settings = load()
    assert list(settings.labels) == ["restricted", "confidential"]
    assert settings.residency["restricted"].block
    assert all(residency.pools is None for residency in settings.residency.values())
    assert settings.threshold_of("US_SSN") == 0.5
    assert SensitivitySettings.present_by_default


def test_default_labels_name_known_entities_once():
    named = [entity for entities in load().labels.values() for entity in entities]
    assert len(named) == len(set(named))
    assert set(named) <= TYPES | STORIES


def test_labels_of_ones_own_replace_the_defaults():
    settings = load(labels={"secret": ["SECRET"], "personal": ["EMAIL_ADDRESS"]}, residency={})
    assert list(settings.labels) == ["secret", "personal"]


def test_unknown_entities_are_named_with_what_is_allowed():
    ((loc, message),) = errors(labels={"restricted": ["US_SNN"]})
    assert loc == ("labels", "restricted", 0)
    assert "unknown entity 'US_SNN'; allowed: ABA_ROUTING_NUMBER, AU_ABN" in message
    ((_, message),) = errors(entities={"NOPE": 0.5})
    assert "unknown entity 'NOPE'" in message


def test_names_of_persons_need_the_ner_stage():
    ((_, message),) = errors(labels={"restricted": ["PERSON"]})
    assert "PERSON needs the NER stage; allowed: with `ner: true`" in message
    assert load(labels={"restricted": ["PERSON"]}, ner=True).extra.names == Names(strict=True)


@pytest.mark.parametrize("off", [{}, {"ner": False}, {"ner": None}])
def test_the_ner_stage_is_off(off: dict[str, object]):
    assert load(**off).extra.names is None


def test_names_without_support_where_a_policy_wants_them():
    assert load(ner={"strict": False}).extra.names == Names(strict=False)
    assert errors(ner={"strickt": False})
    assert errors(ner="yes")


def test_what_is_not_installed_is_said_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("extproc.inspectors.sensitivity.names.installed", lambda: False)
    monkeypatch.setattr("extproc.inspectors.sensitivity.presidio.installed", lambda: False)
    ((loc, message),) = errors(ner=True)
    assert loc == ("ner",)
    assert "the language model is not installed; allowed with" in message
    ((loc, message),) = errors(labels={"a": ["SG_UEN"]}, residency={})
    assert loc == ("labels", "a", 0)
    assert "SG_UEN is found by Presidio, which is not installed" in message
    assert "extproc[presidio]" in message
    assert not load().extra.slow


@pytest.mark.parametrize("name", ["public", "Restricted", "", "a b", "x" * 33])
def test_labels_go_into_headers(name: str):
    ((_, message),) = errors(labels={name: ["US_SSN"]}, residency={})
    assert "is no label; allowed" in message


def test_the_longest_label():
    assert load(labels={"x" * 32: ["US_SSN"]}, residency={})


@pytest.mark.parametrize(("count", "fits"), [(15, True), (16, True), (17, False)])
def test_number_of_labels(count: int, fits: bool):
    labels = {f"l{i}": [] for i in range(count)}
    if fits:
        load(labels=labels, residency={})
    else:
        assert errors(labels=labels, residency={})


def test_an_entity_has_one_label():
    ((_, message),) = errors(labels={"a": ["US_SSN"], "b": ["US_SSN"]}, residency={})
    assert "US_SSN has two labels, a and b" in message


def test_residency_of_a_label_that_is_not_there():
    ((_, message),) = errors(labels={"a": ["US_SSN"]}, residency={"b": {"block": True}})
    assert "residency of unknown label 'b'; allowed: a" in message


def test_default_residency_does_not_bind_labels_of_ones_own():
    assert load(labels={"a": ["US_SSN"]}).labels == {"a": ("US_SSN",)}


@pytest.mark.parametrize(
    "residency",
    [
        {},
        {"block": False},
        {"block": True, "pools": ["x"]},
        {"block": True, "within": ["eu"]},
        {"pools": ["x"], "within": ["eu"]},
    ],
)
def test_residency_is_one_of_two(residency: dict[str, object]):
    ((loc, message),) = errors(residency={"restricted": residency})
    assert loc == ("residency", "restricted")
    assert "one of {block: true}, {pools: [names]} and {within: [residency tags]}" in message


def test_residency_names_at_least_one_pool():
    assert errors(residency={"restricted": {"pools": []}})


@pytest.mark.parametrize(("value", "fits"), [(0, False), (0.01, True), (1, True), (1.01, False)])
def test_thresholds(value: float, fits: bool):
    for settings in ({"threshold": value}, {"entities": {"US_SSN": value}}):
        if fits:
            load(**settings)
        else:
            assert errors(**settings)


def test_misspelled_keys_are_errors():
    assert errors(lables={})

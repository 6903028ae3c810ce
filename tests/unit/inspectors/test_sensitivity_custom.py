"""A policy's own recognisers: what they find, and what is said about those that could not work."""

from __future__ import annotations

import time

import pytest
from pydantic import ValidationError

from extproc.inspectors.sensitivity import Analyzer, SensitivityInspector, SensitivitySettings
from extproc.models.workers import Workers
from tests.unit.inspectors.test_sensitivity import asking

ANALYZER = Analyzer()
BADGE = {
    "patterns": [{"regex": r"\bEMP-[0-9]{6}\b", "score": 0.4}],
    "context": ["badge", "staff id"],
}


def load(**recognizers: object) -> SensitivitySettings:
    return SensitivitySettings.model_validate(
        {
            "recognizers": recognizers,
            "labels": {"internal": list(recognizers)},
            "residency": {"internal": {"block": True}},
        }
    )


def found(text: str, **recognizers: object) -> list[tuple[str, str, float]]:
    extra = load(**recognizers).extra
    return [(e.type, text[e.start : e.end], round(e.score, 2)) for e in ANALYZER.scan(text, extra)]


def test_a_pattern_scores_as_it_says_and_higher_with_its_words():
    assert found("see EMP-123456", BADGE=BADGE) == [("BADGE", "EMP-123456", 0.4)]
    assert found("staff-ID EMP-123456", BADGE=BADGE) == [("BADGE", "EMP-123456", 0.75)]
    assert found("EMP-123456 is the badge", BADGE=BADGE) == [("BADGE", "EMP-123456", 0.75)]
    assert found("see EMP-12345", BADGE=BADGE) == []


def test_case_matters_only_where_it_is_said_to():
    assert found("emp-123456", BADGE=BADGE)
    assert found("emp-123456", BADGE=BADGE | {"ignore_case": False}) == []


def test_evasions_and_encodings_do_not_hide_it():
    assert found("EMP-１２３\u200b456", BADGE=BADGE) == [("BADGE", "EMP-１２３\u200b456", 0.4)]
    assert found("EMP%2D123456", BADGE=BADGE) == [("BADGE", "EMP%2D123456", 0.4)]


def test_two_occurrences_are_two_entities():
    assert len(found("EMP-123456, EMP-654321", BADGE=BADGE)) == 2


def test_terms_are_words():
    falcon = {"deny_list": ["Project Falcon", "Größe-7"]}
    assert found("about project falcon today", F_1=falcon) == [("F_1", "project falcon", 1.0)]
    assert found("die Größe-7!", F_1=falcon) == [("F_1", "Größe-7", 1.0)]
    assert found("Project Falconry, xProject Falcon", F_1=falcon) == []


@pytest.mark.parametrize(
    ("checksum", "good", "bad"),
    [
        ("luhn", "79927398713", "79927398714"),
        ("verhoeff", "2363", "2364"),
        ("mod97", "5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R13"),
        ("mod11", "080442957X", "0804429570"),
    ],
)
def test_a_checksum_decides(checksum: str, good: str, bad: str):
    one = {"patterns": [{"regex": r"\b[0-9A-Z]{4,20}\b"}], "checksum": checksum}
    assert [value for _, value, _ in found(f"x {good} y", OWN_ID=one)] == [good]
    assert found(f"x {bad} y", OWN_ID=one) == []


def test_what_a_checksum_is_not_defined_for_is_no_entity():
    one = {"patterns": [{"regex": r"\b[A-Z0-9]{4}\b"}], "checksum": "luhn"}
    assert found("ABCD", OWN_ID=one) == []


@pytest.mark.parametrize(
    ("recognizer", "place", "message"),
    [
        ({}, (), "finds nothing; allowed: `patterns`, `deny_list` or both"),
        ({"patterns": [{"regex": "(a"}]}, ("patterns", 0, "regex"), "no pattern of RE2: missing )"),
        ({"patterns": [{"regex": "(?=a)b"}]}, ("patterns", 0, "regex"), "allowed: RE2 syntax, without look-around"),
        ({"patterns": [{"regex": r"(a)\1"}]}, ("patterns", 0, "regex"), "no pattern of RE2"),
        ({"patterns": [{"regex": "a*"}]}, ("patterns", 0, "regex"), "matches the empty text"),
        ({"patterns": [{"regex": "日"}]}, ("patterns", 0, "regex"), "'日' is not supported; allowed: letters of Latin-1"),
        ({"patterns": [{"regex": "a" * 1025}]}, ("patterns", 0, "regex"), "at most 1024"),
        ({"patterns": [{"regex": "a", "score": 1.5}]}, ("patterns", 0, "score"), "less than or equal to 1"),
        ({"patterns": [{"regexp": "a"}]}, ("patterns", 0, "regex"), "Field required"),
        ({"deny_list": [" "]}, ("deny_list", 0), "not blank"),
        ({"deny_list": ["a"], "checksum": "crc"}, ("checksum",), "'luhn', 'verhoeff', 'mod97' or 'mod11'"),
    ],
)  # fmt: skip
def test_errors_name_the_place_and_what_is_allowed(recognizer, place, message: str):
    with pytest.raises(ValidationError) as caught:
        load(OWN_ID=recognizer)
    errors = [error for error in caught.value.errors() if error["loc"][0] == "recognizers"]
    assert errors[0]["loc"] == ("recognizers", "OWN_ID", *place)
    assert message in errors[0]["msg"]


@pytest.mark.parametrize("size", [31, 32, 33])
def test_number_of_patterns(size: int):
    patterns = [{"regex": f"a{i}"} for i in range(size)]
    if size <= 32:
        assert len(load(OWN_ID={"patterns": patterns}).extra.recognisers[0].patterns) == size
    else:
        with pytest.raises(ValidationError):
            load(OWN_ID={"patterns": patterns})


@pytest.mark.parametrize("name", ["own_id", "X", "A" * 65, "A-B", "1A"])
def test_names_of_types(name: str):
    with pytest.raises(ValidationError, match="is no entity type; allowed: 2 to 64 of A-Z"):
        load(**{name: {"deny_list": ["a"]}})


@pytest.mark.parametrize("name", ["US_SSN", "PERSON", "KR_RRN"])
def test_what_is_found_already_is_not_defined_anew(name: str):
    with pytest.raises(ValidationError, match="is found already"):
        load(**{name: {"deny_list": ["a"]}})


def test_a_type_is_known_only_where_it_is_defined():
    load(OWN_ID={"deny_list": ["a"]})
    with pytest.raises(ValidationError, match="unknown entity 'OWN_ID'"):
        SensitivitySettings.model_validate({"labels": {"a": ["OWN_ID"]}, "residency": {}})


def test_no_pattern_is_slow_on_any_text():
    """Exponential for engines that backtrack."""
    one = {"patterns": [{"regex": r"(a+)+(b+)+$"}]}
    began = time.monotonic()
    assert found("a" * 50_000 + "c", OWN_ID=one) == []
    assert time.monotonic() - began < 60  # it would take longer than the universe has been


@pytest.mark.parametrize("filler", ["", "Only words that go on and on.\n" * 1_000])
async def test_the_inspector_blocks_by_it(filler: str):
    pool = Workers(1)
    seen = asking(filler + "about Project Falcon")
    settings = load(FALCON={"deny_list": ["Project Falcon"]})
    verdict = await SensitivityInspector(settings, ANALYZER, pool).inspect(seen)
    pool.close()
    assert [finding.rule for finding in verdict.findings] == ["FALCON"]
    assert seen.sensitivity.label == "internal"

"""Presidio's own recognisers, where a policy names them; never the network, never a value logged."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys

import pytest

from extproc.inspectors.sensitivity import Analyzer, SensitivityInspector, SensitivitySettings
from extproc.inspectors.sensitivity.analyzer import BORROWED, TYPES
from extproc.inspectors.sensitivity.extra import Extra
from extproc.inspectors.sensitivity.match import Words
from extproc.inspectors.sensitivity.plain import plain
from extproc.inspectors.sensitivity.presidio import Borrowed, borrowed
from extproc.models.workers import Workers
from tests.unit.inspectors.test_sensitivity import asking

ANALYZER = Analyzer()


def found(text: str, *also: str) -> list[tuple[str, str]]:
    return [
        (e.type, text[e.start : e.end])
        for e in ANALYZER.scan(text, Extra(frozenset(also)))
        if e.score >= 0.5
    ]


@pytest.mark.parametrize(
    ("entity", "text", "value"),
    [
        ("AU_ABN", "ABN 51 824 753 556", "51 824 753 556"),
        ("AU_ACN", "ACN 000 000 019", "000 000 019"),
        ("FI_PERSONAL_IDENTITY_CODE", "hetu 131052-308T", "131052-308T"),
        ("IN_VEHICLE_REGISTRATION", "vehicle KA53ME3456", "KA53ME3456"),
        ("IT_DRIVER_LICENSE", "patente AA0123456B", "AA0123456B"),
        ("IT_IDENTITY_CARD", "carta CA00000AA", "CA00000AA"),
        ("IT_PASSPORT", "passaporto AA1234567", "AA1234567"),
        ("IT_VAT_CODE", "partita iva 01333550323", "01333550323"),
        ("KR_BRN", "BRN 220-81-62517", "220-81-62517"),
        ("KR_DRIVER_LICENSE", "korean driver license 11-16-123456-78", "11-16-123456-78"),
        ("KR_FRN", "FRN 960121-5234567", "960121-5234567"),
        ("KR_PASSPORT", "korean passport M123A4567", "M123A4567"),
        ("KR_RRN", "RRN 960121-1234567", "960121-1234567"),
        ("SG_NRIC_FIN", "NRIC S2740116C", "S2740116C"),
        ("SG_UEN", "UEN 53125226D", "53125226D"),
        ("NG_VEHICLE_REGISTRATION", "plate number ABC-123DE", "ABC-123DE"),
        ("TH_TNIN", "TNIN 1234567890121", "1234567890121"),
        ("UK_POSTCODE", "postcode SW1A 1AA", "SW1A 1AA"),
        ("UK_VEHICLE_REGISTRATION", "vehicle AB12 CDE", "AB12 CDE"),
        ("URL", "see https://www.example.com/a b", "https://www.example.com/a"),
    ],
)
def test_found_only_where_named(entity: str, text: str, value: str):
    assert found(text, entity) == [(entity, value)]
    assert entity not in {kind for kind, _ in found(text)}


def test_digits_with_a_valid_check_digit_need_a_word():
    assert found("total 01333550323", "IT_VAT_CODE") == []


def test_what_touches_a_letter_is_part_of_a_word():
    assert found("NRIC xS2740116C", "SG_NRIC_FIN") == []


def test_no_type_is_found_by_both():
    assert not TYPES & BORROWED


def test_every_recogniser_loads():
    assert borrowed(plain(""), BORROWED) == []


def test_a_policy_that_names_one_gets_it():
    settings = SensitivitySettings.model_validate(
        {"labels": {"restricted": ["SG_NRIC_FIN"]}, "entities": {"SG_UEN": 0.6}}
    )
    assert settings.extra.borrowed == {"SG_NRIC_FIN", "SG_UEN"}
    assert not SensitivitySettings().extra.slow


@pytest.mark.parametrize("filler", ["", "Only words that go on and on.\n" * 1_000])
async def test_the_inspector_looks_for_it(filler: str):
    settings = SensitivitySettings.model_validate({"labels": {"restricted": ["SG_NRIC_FIN"]}})
    pool = Workers(1)
    seen = asking(filler + "my NRIC S2740116C")
    verdict = await SensitivityInspector(settings, ANALYZER, pool).inspect(seen)
    pool.close()
    assert [finding.rule for finding in verdict.findings] == ["SG_NRIC_FIN"]
    assert seen.sensitivity.label == "restricted"


def test_a_pattern_that_takes_too_long_is_an_error():
    class Slow:
        def finditer(self, _string: str, timeout: float):
            raise TimeoutError(timeout)

    rule = Borrowed("X", None, ((Slow(), 0.5),), Words("x"))
    with pytest.raises(TimeoutError):
        list(rule.find(plain("text"), "text"))


def test_nothing_opens_a_socket(monkeypatch: pytest.MonkeyPatch):
    def refuse(*_args: object, **_named: object):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = "see https://www.example.com/a joe@example.co.uk, NRIC S2740116C"
    assert ("URL", "https://www.example.com/a") in found(text, *BORROWED)


def test_no_value_is_logged(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        found("NRIC S2740116C, SSN 536-90-4399", *BORROWED)
    assert "2740116" not in caplog.text
    assert "536-90" not in caplog.text


def test_presidio_is_not_imported_by_default():
    code = (
        "import sys; from extproc.inspectors.sensitivity.analyzer import Analyzer;"
        "Analyzer().scan('SSN 536-90-4399'); print('presidio_analyzer' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"

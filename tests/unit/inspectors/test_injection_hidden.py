"""Signs of hiding: each is named, and everyday text has none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extproc.inspectors.injection.hidden import WEIGHTS, traces, weighed, weight
from extproc.inspectors.injection.reader import HIDDEN_TEXT, prepare


def tagged(text: str) -> str:
    return "".join(chr(0xE0000 + ord(c)) for c in text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi" + tagged("eight...") + "!", "tags"),
        ("hi" + "\U000e0121" * 8, "selectors"),
        ("hi" + "\u200b" * 16, "zero_width"),
        ("i\u200bg\u200bn\u200bo\u200br\u200be", "zero_width"),
        ("\u202eerongi\u202c", "bidi"),
        ("\\u0069" * 12, "escapes"),
        ("%69" * 12, "escapes"),
        ("&#105;" * 12, "escapes"),
        ("іgnоrе аll", "lookalikes"),
    ],
)
def test_what_is_hidden_is_named(text, kind):
    (trace,) = traces(text)
    assert trace.kind == kind
    assert 0 <= trace.start < trace.end <= len(text)
    hits = [hit for hit in prepare(text, "user").hits if hit.rule == HIDDEN_TEXT]
    assert [hit.score for hit in hits] == [trace.weight]


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "100 % sure & more \\ less",
        "hi" + tagged("seven.."),
        "hi" + "\u200b" * 15,
        "n\u200ba\u200bi\u200bv\u200be"[:7],
        "❤️ ☺️ 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿"[:12],
        "می\u200cخواهم می\u200cروم نمی\u200cدانم می\u200cآیم می\u200cشود",
        "क्\u200dष क्\u200dष क्\u200dष",
        "Привет, как дела? Καλημέρα",
        "https://x.example/?q=%20a%20b",
        "&lt;b&gt; &amp;",
        "soft\u00adhyphens in\u00adside long\u00ader words of a pa\u00adper",
        "\u202bשלום\u202c",
    ],
)
def test_everyday_text_hides_nothing(text):
    assert list(traces(text)) == []


@given(st.floats(0, 1), st.floats(0, 1))
def test_hiding_never_lowers_a_score(score, share):
    heavier = weighed(score, share)
    assert score <= heavier + 1e-12
    assert 0 <= heavier <= 1


def test_layers_add_up():
    assert weight("base64") < weight("base64+base64") < weight("base64+rot13") < 1
    assert all(0 < one < 1 for one in WEIGHTS.values())
    assert weight("unheard_of") > 0


@given(st.text(max_size=200))
def test_places_are_inside(text):
    for trace in traces(text):
        assert 0 <= trace.start < trace.end <= len(text)

from __future__ import annotations

import pytest

from extproc.inspectors.cache.wording import looks_like_code, meaning, same_wording

SAME = [
    ("How do I reset my password?", "How can I reset my password?"),
    ("How do I reset my password?", "how to reset my password"),
    ("What is the capital of France?", "What's the capital of France"),
    ("what is the capital of france", "Please, what is the capital of France?"),
    ("What are the best museums in Rome?", "Which are the best museums in Rome?"),
    ("Why can't I log in?", "Why can’t I log in"),
    ("List two ways to cook rice.", "List 2 ways to cook rice"),
    ("Is it safe to drink?", "is it safe to drink"),
]

DIFFERENT = {
    "number": [
        ("Can I get a refund within 30 days?", "Can I get a refund within 60 days?"),
        ("Name two cities.", "Name three cities."),
        ("What is 1.5 plus 2?", "What is 15 plus 2?"),
        ("What is -5 plus 2?", "What is 5 plus 2?"),
        ("Pay 100 dollars", "Pay 100 euros"),
        ("10 km in miles", "10 kg in miles"),
        ("a 5% fee", "a 5 fee"),
        ("$5 or €5?", "€5 or $5?"),
    ],
    "date": [
        ("What happened on 3 May?", "What happened on 3 June?"),
        ("Are you open on Monday?", "Are you open on Tuesday?"),
        ("What is due today?", "What is due tomorrow?"),
        ("Who won in 2016?", "Who won in 2017?"),
    ],
    "name": [
        ("What is the capital of France?", "What is the capital of Germany?"),
        ("How do I leave the US?", "How do I leave us?"),
        ("How does C++ compare to C?", "How does C# compare to C?"),
        ("Why do I need vitamin A?", "Why do I need vitamins?"),
    ],
    "negation": [
        ("Can I log in?", "Can't I log in?"),
        ("Foods with sugar", "Foods without sugar"),
        ("Which plans are supported?", "Which plans are not supported?"),
        ("What do Indian men think?", "What do non-Indian men think?"),
        ("Should I go?", "Shouldn't I go?"),
    ],
    "antonym": [
        ("Turn on the backup job.", "Turn off the backup job."),
        ("How do I enable logging?", "How do I disable logging?"),
        ("What are the advantages?", "What are the disadvantages?"),
        ("Scroll up", "Scroll down"),
        ("Flights before noon", "Flights after noon"),
    ],
    "comparative": [
        ("Which is cheaper?", "Which is cheapest?"),
        ("Is more sleep better?", "Is less sleep better?"),
        ("a > b", "a < b"),
    ],
    "order": [
        ("Is Messi better than Ronaldo?", "Is Ronaldo better than Messi?"),
        ("Convert PDF to HTML", "Convert HTML to PDF"),
        ("Flights from Paris to Rome", "Flights from Rome to Paris"),
        ("Flights to Paris", "Flights from Paris"),
    ],
    "question word": [
        ("When does it open?", "Where does it open?"),
        ("Is Sanskrit old?", "Why is Sanskrit old?"),
        ("Is it open?", "Can it open?"),
        ("How old am I?", "How old are you?"),
        ("What is my name?", "What is your name?"),
    ],
    "tense and duty": [
        ("Who is the president?", "Who was the president?"),
        ("What happens?", "What will happen?"),
        ("Should I take it?", "Can I take it?"),
    ],
    "condition": [
        ("How do I hire a hacker?", "How do I hire a professional hacker?"),
        ("How do I install it?", "How do I install it on Linux?"),
        ("Where can I buy steroids?", "Where can I buy steroids online?"),
    ],
    "what is no word": [
        ("I like it \U0001f44d", "I like it \U0001f44e"),
        ("hi", "hello"),
        ("?", "!"),
    ],
    "other languages": [
        ("Wie spät ist es?", "Wie früh ist es?"),
        ("東京の天気", "大阪の天気"),
        ("¿Cuál es la capital de Perú?", "¿Cuál es la capital de Chile?"),
    ],
}


@pytest.mark.parametrize(("left", "right"), SAME)
def test_other_words_for_the_same(left: str, right: str) -> None:
    assert same_wording(left, right)
    assert same_wording(right, left)


@pytest.mark.parametrize(
    ("left", "right"), [pytest.param(*pair, id=f"{k}-{n}") for k in DIFFERENT
                        for n, pair in enumerate(DIFFERENT[k])]
)  # fmt: skip
def test_another_question(left: str, right: str) -> None:
    assert not same_wording(left, right)
    assert not same_wording(right, left)


def test_meaning_is_what_is_left() -> None:
    assert meaning("Could you please list the 3 best Cafés in the US, class A to Z?") == (
        "?can", "you", "list", "3", "best", "café", "in", "us", "class", "a", "z",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "```\nx\n```",
        "def add(a, b):\n    return a + b",
        "Why does print(x) fail?",
        "if (a == b) { c(); }",
        "SELECT name FROM users",
        "What does x->y mean?",
        "import os",
        "rename max_value",
        "grep -v x",
        "<div>hello</div>",
        "let x = 1",
        "\tindented",
    ],
)
def test_code_is_seen(text: str) -> None:
    assert looks_like_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of France?",
        "Import duty on cars",
        "I want to let my flat; what next?",
        "My file (see below) is broken.",
        "Compare:\n\n- tea\n- coffee",
        "A well-known place - or not?",
    ],
)
def test_prose_is_no_code(text: str) -> None:
    assert not looks_like_code(text)

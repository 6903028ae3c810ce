"""Whatever is done to an attack that a rule catches, the request stays flagged at least."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extproc.exchange import Exchange, Identity, Request
from extproc.inspectors.injection.inspector import MANY, Injection
from extproc.inspectors.injection.presets import PRESETS
from extproc.inspectors.injection.settings import InjectionSettings
from extproc.llm.view import Channel, ChatView, Span, Surface
from extproc.models.injection_tokens import Window
from extproc.models.workers import Workers
from extproc.policy.model import Policy

CASES = [
    case
    for file in sorted((Path(__file__).parents[1] / "cases" / "injection").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text("utf-8"))
    if "attack" in case and len(case["attack"]) <= 400
]
FLAG = PRESETS["balanced"].flag
words = st.lists(st.sampled_from(["the", "report", "of", "blue", "house", "42"]), max_size=60)
benign = words.map(" ".join)


class Blind:
    """A classifier that sees nothing: the rules are on their own."""

    version = "blind"

    def windows(self, text, channel):
        yield Window(0, len(text), (1,), channel)

    def score(self, windows):
        return [0.0] * len(windows)


@pytest.fixture(scope="module")
def injection():
    workers = Workers(1)
    yield Injection(InjectionSettings(), Blind(), workers)
    workers.close()


async def flagged(injection: Injection, *texts: tuple[str, str]) -> bool:
    spans = tuple(
        Span(text, channel, Channel(channel), ("messages", at, "content"))
        for at, (channel, text) in enumerate(texts)
    )
    size = sum(len(text.encode()) for _, text in texts)
    view = ChatView(Surface.CHAT_COMPLETIONS, {}, "m", False, False, spans, (), None, None, size)
    request = Request("POST", Surface.CHAT_COMPLETIONS, "", {}, {}, {})
    who, policy = Identity("c", "t", "api_key"), Policy("p", "o", "00000000")
    exchange = Exchange("r", 0.0, request, who, policy, view)
    verdict = await injection.inspect(exchange)
    return bool(verdict.findings) and exchange.scores["injection"] >= FLAG


FIXTURE = [HealthCheck.function_scoped_fixture]


@given(st.sampled_from(CASES), benign, benign)
@settings(deadline=None, suppress_health_check=FIXTURE)
async def test_padding(injection, case, before, after):
    text = f"{before}\n{case['attack']}\n{after}"
    assert await flagged(injection, (case["channel"], text))


@given(st.sampled_from(CASES), st.data())
@settings(deadline=None, suppress_health_check=FIXTURE)
async def test_splitting_over_spans_and_turns(injection, case, data):
    text, channel = case["attack"], case["channel"]
    places = st.lists(st.integers(1, max(1, len(text) - 1)), max_size=4, unique=True)
    cuts = [0, *sorted(data.draw(places)), len(text)]
    parts = [text[a:b] for a, b in itertools.pairwise(cuts)]
    other = "assistant" if channel != "assistant" else "user"
    between = data.draw(st.sampled_from([(), ((other, "I see, go on please."),)]))
    spans = [span for part in parts for span in ((channel, part), *between)]
    assert await flagged(injection, *spans)


@given(st.sampled_from(CASES), st.integers(0, 2 * MANY), benign)
@settings(deadline=None, max_examples=40, suppress_health_check=FIXTURE)
async def test_a_crowd_of_harmless_spans(injection, case, at, text):
    crowd = [(case["channel"], f"{text[:100]} {i}") for i in range(2 * MANY)]
    crowd.insert(at, (case["channel"], case["attack"]))
    assert await flagged(injection, *crowd)

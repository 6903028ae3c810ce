"""The inspector: labels, residency, what is refused, what is recorded, where work is done."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from extproc.exchange import Exchange, Sensitivity
from extproc.inspectors.sensitivity import Analyzer, SensitivityInspector, SensitivitySettings
from extproc.inspectors.sensitivity.analyzer import settle
from extproc.inspectors.sensitivity.inspector import INLINE, conversation
from extproc.inspectors.sensitivity.match import Match
from extproc.inspectors.sensitivity.plain import plain
from extproc.llm.request import view as read
from extproc.llm.view import Channel, Span, Surface
from extproc.models.workers import Overloaded, Workers
from extproc.verdict import NOTHING, PASS, Code, Refuse
from tests.exchanges import exchange, view

ANALYZER = Analyzer()
SSN = "my SSN is 536-90-4399"
MAIL = "write to joe@example.com"
PROSE = "Nothing to see here, only words that go on.\n"


@pytest.fixture
def workers():
    pool = Workers(1)
    yield pool
    pool.close()


class NoWorkers(Workers):
    """Refuses every call: shows that none is made."""

    def __init__(self) -> None:
        super().__init__(1, queue=0)


def spans(*texts: str, channel: Channel = Channel.USER) -> tuple[Span, ...]:
    return tuple(
        Span(text, "user", channel, ("messages", i, "content")) for i, text in enumerate(texts)
    )


def asking(*texts: str, channel: Channel = Channel.USER) -> Exchange:
    return exchange(replace(view(), spans=spans(*texts, channel=channel)))


def inspector(workers: Workers | None = None, **settings: object) -> SensitivityInspector:
    made = SensitivitySettings.model_validate(settings)
    return SensitivityInspector(made, ANALYZER, workers or NoWorkers())


POOLS = {
    "labels": {
        "restricted": ["US_SSN"],
        "confidential": ["EMAIL_ADDRESS"],
        "internal": ["IP_ADDRESS"],
    },
    "residency": {
        "restricted": {"block": True},
        "confidential": {"pools": ["onprem", "gpu-a"]},
        "internal": {"pools": ["gpu-a", "gpu-b"]},
    },
}


async def test_clean_text_is_public():
    seen = asking("Write a poem about the sea")
    assert await inspector().inspect(seen) is NOTHING
    assert seen.sensitivity == Sensitivity("public")


async def test_a_request_without_a_document_passes():
    seen = exchange(None)
    assert await inspector().inspect(seen) is NOTHING


async def test_restricted_data_is_refused_without_its_value():
    seen = asking("hello", SSN)
    verdict = await inspector().inspect(seen)
    assert isinstance(verdict.action, Refuse)
    assert verdict.action.code is Code.SENSITIVE_DATA
    assert verdict.action.status == 403
    assert verdict.action.should_retry is False
    (finding,) = verdict.findings
    assert (finding.inspector, finding.rule) == ("sensitivity", "US_SSN")
    assert (finding.channel, finding.path) == ("user", "$.messages[1].content")
    assert SSN[finding.start : finding.end] == "536-90-4399"
    assert finding.code is Code.SENSITIVE_DATA
    assert "536" not in repr(verdict)
    assert "restricted" in verdict.action.message
    assert seen.sensitivity == Sensitivity("restricted", ("US_SSN",))


async def test_a_label_with_pools_limits_where_it_may_go():
    seen = asking(MAIL)
    verdict = await inspector(**POOLS).inspect(seen)
    assert verdict.action is PASS
    assert [finding.code for finding in verdict.findings] == [None]
    assert seen.sensitivity == Sensitivity(
        "confidential", ("EMAIL_ADDRESS",), frozenset({"onprem", "gpu-a"})
    )


async def test_pools_of_all_labels_are_intersected_and_the_first_label_names_the_request():
    seen = asking("from 10.1.2.3", MAIL)
    await inspector(**POOLS).inspect(seen)
    assert seen.sensitivity.label == "confidential"
    assert seen.sensitivity.pools == {"gpu-a"}


async def test_pools_that_exclude_each_other_leave_none():
    settings = {
        "labels": {"a": ["EMAIL_ADDRESS"], "b": ["IP_ADDRESS"]},
        "residency": {"a": {"pools": ["x"]}, "b": {"pools": ["y"]}},
    }
    seen = asking("from 10.1.2.3", MAIL)
    await inspector(**settings).inspect(seen)
    assert seen.sensitivity.pools == frozenset()


async def test_a_lower_label_may_block_too():
    settings = {
        "labels": {"a": ["EMAIL_ADDRESS"], "b": ["IP_ADDRESS"]},
        "residency": {"b": {"block": True}},
    }
    seen = asking("from 10.1.2.3", MAIL)
    verdict = await inspector(**settings).inspect(seen)
    assert isinstance(verdict.action, Refuse)
    assert "b data" in verdict.action.message
    assert {f.rule: f.code for f in verdict.findings} == {
        "IP_ADDRESS": Code.SENSITIVE_DATA,
        "EMAIL_ADDRESS": None,
    }
    assert seen.sensitivity.label == "a"


async def test_entities_without_a_label_are_recorded_and_change_nothing():
    seen = asking("from 10.1.2.3")
    verdict = await inspector(labels={"restricted": ["US_SSN"]}).inspect(seen)
    assert verdict.action is PASS
    assert [finding.rule for finding in verdict.findings] == ["IP_ADDRESS"]
    assert seen.sensitivity == Sensitivity("public", ("IP_ADDRESS",))


@pytest.mark.parametrize("channel", list(Channel))
async def test_every_channel_is_read(channel: Channel):
    verdict = await inspector().inspect(asking(SSN, channel=channel))
    assert [finding.channel for finding in verdict.findings] == [channel]


async def test_thresholds_at_below_and_above():
    text = "reach 415 867 5309"  # 0.85 with its word
    for threshold, expected in ((0.84, 1), (0.85, 1), (0.86, 0)):
        verdict = await inspector(entities={"PHONE_NUMBER": threshold}).inspect(asking(text))
        assert len(verdict.findings) == expected
    for threshold, expected in ((0.85, 1), (0.86, 0)):
        verdict = await inspector(threshold=threshold).inspect(asking(text))
        assert len(verdict.findings) == expected


async def test_an_entity_threshold_goes_over_the_general_one():
    made = inspector(threshold=0.99, entities={"US_SSN": 0.5})
    assert isinstance((await made.inspect(asking(SSN))).action, Refuse)


async def test_equal_texts_are_all_reported():
    verdict = await inspector().inspect(asking(SSN, SSN))
    assert [finding.path for finding in verdict.findings] == [
        "$.messages[0].content",
        "$.messages[1].content",
    ]


async def test_short_texts_are_scanned_in_place():
    await inspector(NoWorkers()).inspect(asking("a" * INLINE))


@pytest.mark.parametrize("texts", [("a" * (INLINE + 1),), ("a" * INLINE, "b")])
async def test_more_new_text_goes_to_the_workers(texts: tuple[str, ...]):
    with pytest.raises(Overloaded):
        await inspector(NoWorkers()).inspect(asking(*texts))


async def test_what_was_seen_is_not_scanned_again(workers: Workers):
    made = inspector(workers)
    long = PROSE * 100 + SSN
    first = await made.inspect(asking(long))
    made._workers = NoWorkers()
    assert await made.inspect(asking(long, "and more")) == first


@pytest.mark.parametrize("size", [3_000, 16_384, 40_000, 200_000])
async def test_long_texts_give_what_one_scan_gives(workers: Workers, size: int):
    filler = PROSE * (size // len(PROSE) // 2)
    text = filler + SSN + "\n" + filler + MAIL
    verdict = await inspector(workers, threshold=0.01).inspect(asking(text, PROSE))
    assert [(f.rule, f.start, f.end, f.score) for f in verdict.findings] == [
        (e.type, e.start, e.end, e.score) for e in ANALYZER.scan(text)
    ]
    assert [f.rule for f in verdict.findings] == ["US_SSN", "EMAIL_ADDRESS"]


async def test_many_small_texts_are_scanned_together(workers: Workers):
    texts = [f"{PROSE * 30} {i}" for i in range(50)] + [SSN]
    verdict = await inspector(workers).inspect(asking(*texts))
    assert [finding.path for finding in verdict.findings] == ["$.messages[50].content"]


async def test_many_entities_are_all_reported_though_not_remembered():
    text = "\n".join(f"u{i}@example.com" for i in range(100))
    made = inspector()
    assert len((await made.inspect(asking(text))).findings) == 100
    assert not made._memory


async def test_memory_is_bounded_and_holds_no_text(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("extproc.inspectors.sensitivity.inspector._REMEMBERED", 3)
    made = inspector()
    for i in range(10):
        await made.inspect(asking(f"{SSN} {i}"))
    assert len(made._memory) == 3
    assert "536" not in repr(made._memory)


async def test_cancelling_stops_between_pieces():
    started, go = threading.Event(), threading.Event()

    class Slow(Analyzer):
        calls = 0

        def candidates(self, text, start, end):
            Slow.calls += 1
            started.set()
            go.wait(10)
            return super().candidates(text, start, end)

    pool = Workers(1)
    made = SensitivityInspector(SensitivitySettings(), Slow(), pool)
    task = asyncio.create_task(made.inspect(asking(PROSE * 2_000)))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    await pool.run(int)
    assert Slow.calls == 1
    pool.close()


def test_of_what_overlaps_the_best_is_kept_whatever_lies_between():
    """A long one reaches past a short one that lies in it."""
    text = plain("x" * 40)
    long, inside, after = Match("A", 0, 30, 0.9), Match("B", 5, 8, 0.5), Match("C", 20, 35, 0.6)
    apart = Match("D", 35, 38, 0.5)
    kept = settle([(text, [after, inside, apart, long])])
    assert [(one.type, one.start, one.end) for one in kept] == [("A", 0, 30), ("D", 35, 38)]


def test_of_equal_scores_the_nearer_context_wins_then_the_longer():
    text = plain("x" * 40)
    kept = settle([(text, [Match("A", 0, 9, 0.9, 3), Match("B", 0, 5, 0.9, 7)])])
    assert [one.type for one in kept] == ["B"]
    kept = settle([(text, [Match("A", 0, 9, 0.9, 3), Match("B", 0, 5, 0.9, 3)])])
    assert [one.type for one in kept] == ["A"]


@pytest.mark.parametrize(
    ("name", "value", "type_"),
    [
        ("ssn", "536904399", "US_SSN"),
        ("ssn", 536904399, "US_SSN"),
        ("card", 4111111111111111.0, "CREDIT_CARD"),
        ("password", "Tr0ub4dor&3x", "SECRET"),
        ("date_of_birth", "1980-03-12", "DATE_OF_BIRTH"),
        ("order_id", "536904399", None),
        ("user_id", "abc-123", None),
    ],
)
async def test_a_field_of_a_calls_input_is_read_with_its_name(name, value, type_):
    """As it is in OpenAI's dialect, where the arguments are one text."""
    call = {"type": "tool_use", "id": "t", "name": "f", "input": {"of": {name: value}}}
    document = {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": "assistant", "content": [call]}],
    }
    seen = exchange(read(Surface.MESSAGES, document))
    verdict = await inspector().inspect(seen)
    found = [(f.rule, f.path, f.start, f.end) for f in verdict.findings]
    path = f"$.messages[0].content[0].input.of.{name}"
    size = len(str(int(value)) if isinstance(value, float) else str(value))
    assert found == ([(type_, path, 0, size)] if type_ else [])


async def test_names_of_fields_are_no_values_of_the_field_they_stand_in():
    metadata = {"password": {"changed_at_2024": "x", "Tr0ub4dor": "y"}}
    document = {"model": "m", "messages": [{"role": "user", "content": "x"}], "metadata": metadata}
    assert not (
        await inspector().inspect(exchange(read(Surface.CHAT_COMPLETIONS, document)))
    ).findings


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"tenant": "other"}, False),
        ({"caller": "other"}, False),
        ({"session": "other"}, False),
        ({"user": "other"}, False),
        ({"session": "s1", "user": "other"}, None),
    ],
)
async def test_who_asks_says_which_conversation_it_is(changed, same):
    """The session where there is one, else the request's user."""

    def seen(session="", user="u", **who):
        one = exchange(view(user=user))
        who = {"tenant": "t", "caller": "c", "session": session or None} | who
        return replace(one, identity=replace(one.identity, **who))

    first = conversation(seen())
    if same is None:
        assert conversation(seen(**changed)) == conversation(seen(session="s1", user="u"))
        return
    assert (conversation(seen(**changed)) == first) is same

"""What becomes of a flight of the cache, however the exchange that leads it ends."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
import yaml

from extproc.audit.log import AuditLog
from extproc.audit.record import record
from extproc.consequences import Consequences
from extproc.events import Proceed, Respond, ResponseBody, ResponseHeaders
from extproc.exchange import Exchange
from extproc.identity import DEVELOPMENT
from extproc.inspectors import SECTIONS
from extproc.inspectors.cache import CacheSettings
from extproc.inspectors.cache.flights import Flights, Sightings
from extproc.pipeline import Pipeline
from extproc.policy import model
from extproc.policy.load import load
from extproc.policy.section import OnError
from extproc.routing.health import Health
from extproc.rules import Rules, compile_rules
from extproc.session import Session
from extproc.state.entries import open_entries
from extproc.telemetry.metrics import Metrics
from extproc.telemetry.traces import Tracer
from tests.desk import POLICIES, Told, body, decide, desk, services
from tests.upstream import answer, said
from tests.upstream import stream as streamed

TEXT = "How many legs does a spider have?"
SSN = "078-05-1120"


def write(folder, **sections) -> None:
    folder.mkdir(exist_ok=True)
    for file in POLICIES.glob("*.yaml"):
        (folder / file.name).write_text(file.read_text())
    document = yaml.safe_load((POLICIES / "default.yaml").read_text())
    for name, section in sections.items():
        document[name] = {**(document.get(name) or {}), **section}
    (folder / "default.yaml").write_text(yaml.safe_dump(document, sort_keys=False))


def chunks(text: str) -> list[bytes]:
    """A stream that says nothing of usage."""
    deltas = [({"role": "assistant", "content": text}, None), ({}, "stop")]
    events = [
        {"id": "x", "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}
        for delta, reason in deltas
    ]
    return [b"data: %s\n\n" % json.dumps(event).encode() for event in events] + [
        b"data: [DONE]\n\n"
    ]


class Service:
    """The sessions of one process, its models shared with the other tests and its cache its own."""

    def __init__(self, folder) -> None:
        self._folder = folder
        dimension = services().embedder.dimension
        self.services = replace(
            services(),
            entries=open_entries("memory://", dimension),
            flights=Flights(),
            sightings=Sightings(),
        )
        self.consequences = Consequences(
            audit=AuditLog(folder),
            metrics=Metrics(),
            tracer=Tracer(),
            health=Health(),
            state=self.services.state,
        )

    def rules(self, **sections) -> Rules:
        write(self._folder / "policies", **sections)
        loaded = load(self._folder / "policies", SECTIONS)
        return compile_rules(loaded, self.services, identity=loaded.identity or DEVELOPMENT)

    def session(self, rules: Rules) -> tuple[Session, Heard]:
        heard = Heard(self.consequences)
        return Session(desk(heard, rules)), heard


class Heard(Told):
    """Passes on what the cache has to hear."""

    def __init__(self, consequences: Consequences) -> None:
        super().__init__()
        self._consequences = consequences

    def answered(self, exchange, governed, document) -> None:
        super().answered(exchange, governed, document)
        self._consequences.answered(exchange, governed, document)

    def unanswered(self, exchange, governed) -> None:
        self._consequences.unanswered(exchange, governed)

    @property
    def exchange(self) -> Exchange:
        return self.begun[-1]


@pytest.fixture
def service(tmp_path) -> Service:
    return Service(tmp_path)


async def somebody_waits(service: Service) -> None:
    async with asyncio.timeout(60):
        while service.services.flights.waiting == 0:  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def fails(session: Session) -> None:
    await answer(session, said("Six."), status="503")


async def leaves(session: Session) -> None:
    session.close()


async def is_cut(session: Session) -> None:
    head = ResponseHeaders({":status": "200", "content-type": "text/event-stream"}, False)
    await session.receive(head)
    chunk = {"choices": [{"index": 0, "delta": {"content": "Eight."}, "finish_reason": None}]}
    await session.receive(ResponseBody(f"data: {json.dumps(chunk)}\n\n".encode(), False))
    session.close()


async def is_refused(session: Session) -> None:
    reply = await answer(session, said(f"The SSN is {SSN}."))
    assert reply.set_headers[":status"] == "403"


async def is_truncated(session: Session) -> None:
    document = said("Eigh")
    document["choices"][0]["finish_reason"] = "length"
    await answer(session, document)


async def is_an_error_in_a_200(session: Session) -> None:
    await answer(session, {"error": {"message": "overloaded"}})


@pytest.mark.parametrize(
    "ends", [fails, leaves, is_cut, is_refused, is_truncated, is_an_error_in_a_200]
)
async def test_a_leader_without_an_answer_to_keep_frees_who_waits(service, ends) -> None:
    rules = service.rules(output={"sensitive": "block"})
    stream = ends is is_cut
    leader, _ = service.session(rules)
    assert isinstance(await decide(leader, body(TEXT, stream=stream)), Proceed)
    follower, heard = service.session(rules)
    waiting = asyncio.create_task(decide(follower, body(TEXT)))
    await somebody_waits(service)
    await ends(leader)
    assert isinstance(await waiting, Proceed), "it asks the model itself"
    assert heard.exchange.cache.state == "miss"
    await answer(follower, said("Eight."))
    await service.consequences.close()
    third, _ = service.session(rules)
    hit = await decide(third, body(TEXT))
    assert isinstance(hit, Respond)
    assert json.loads(hit.body)["choices"][0]["message"]["content"] == "Eight."
    assert len(service.services.flights) == 0


async def test_a_leader_that_answers_is_given_to_who_waits(service) -> None:
    rules = service.rules()
    leader, first = service.session(rules)
    await decide(leader, body(TEXT))
    follower, second = service.session(rules)
    waiting = asyncio.create_task(decide(follower, body(TEXT)))
    await somebody_waits(service)
    await answer(leader, said("Eight."))
    assert isinstance(await waiting, Respond)
    assert second.exchange.cache.state == "hit-exact"
    assert second.exchange.cache.origin == first.exchange.request_id


@pytest.mark.parametrize("stream", [False, True])
async def test_a_stream_that_told_no_usage_is_given_again_with_our_count(service, stream) -> None:
    """What the first one's record says; and JSON always tells it, so clients count on it."""
    rules = service.rules()
    first, heard = service.session(rules)
    await decide(first, body(TEXT, stream=True))
    await streamed(first, chunks("It has eight legs."))
    await service.consequences.close()
    asked = {"stream": True, "stream_options": {"include_usage": True}} if stream else {}
    again, hit = service.session(rules)
    reply = await decide(again, body(TEXT, **asked))
    assert isinstance(reply, Respond)
    if stream:
        usage = json.loads(reply.body.split(b"data: ")[-2])["usage"]
    else:
        usage = json.loads(reply.body)["usage"]
    before = heard.exchange
    assert before.output_tokens == 5
    assert usage == {
        "prompt_tokens": before.input_tokens,
        "completion_tokens": 5,
        "total_tokens": before.input_tokens + 5,
    }
    tokens = record(hit.decisions[0], None, None)["tokens"]
    assert tokens == {
        "input": before.input_tokens, "output": 5, "estimated": True, "billed": False,
    }  # fmt: skip


async def test_who_waits_past_the_policys_deadline_asks_the_model(service) -> None:
    """The policy denies what fails; but nothing has failed, and all that inspects has passed."""
    rules = service.rules()
    governed = rules.governed["default"]
    leader, _ = service.session(rules)
    await decide(leader, body(TEXT))
    follower, heard = service.session(rules)
    waiting = asyncio.create_task(decide(follower, body(TEXT)))
    await somebody_waits(service)
    exchange = heard.exchange
    waiting.cancel()
    (stage,) = (stage for stage in governed.pipeline.stages if stage.name == "cache")
    ruling = await Pipeline([stage], 0.05).run(exchange)
    assert ruling.answer is None
    assert (exchange.cache.state, exchange.cache.key is None) == ("miss", False)


def test_a_cache_that_fails_is_a_miss_unless_its_own_section_says_otherwise(service) -> None:
    for section, expected in (({}, OnError.ALLOW), ({"on_error": "deny"}, OnError.DENY)):
        stages = service.rules(cache=section).governed["default"].pipeline.stages
        by_name = {stage.name: stage.on_error for stage in stages}
        assert (by_name["injection"], by_name["cache"]) == (OnError.DENY, expected)
    assert CacheSettings().on_error is OnError.ALLOW


async def test_policies_that_only_look_the_same_share_nothing(service, monkeypatch) -> None:
    """The eight digits that people read are too few to keep two policies apart."""
    monkeypatch.setattr(model, "DIGITS", 0)
    before = service.rules(cache={"ttl": "1h"})
    asked, _ = service.session(before)
    await decide(asked, body(TEXT))
    await answer(asked, said("Eight."))
    await service.consequences.close()
    for rules, kind in ((before, Respond), (service.rules(cache={"ttl": "2h"}), Proceed)):
        assert rules.governed["default"].policy.digest == ""
        again, _ = service.session(rules)
        assert isinstance(await decide(again, body(TEXT)), kind)
        again.close()


@pytest.mark.parametrize("mode", ["enforce", "monitor"])
async def test_an_answer_that_a_guard_failed_on_is_not_kept(service, monkeypatch, mode) -> None:
    """The policy lets it pass this once; nobody has checked it for the next."""
    rules = service.rules(output={"sensitive": "block", "on_error": "allow", "mode": mode})
    session, heard = service.session(rules)
    await decide(session, body(TEXT))
    (guard,) = (p.filter for p in heard.exchange.filters if p.stage == "output")

    def fail(_document):
        raise RuntimeError

    monkeypatch.setattr(type(guard), "document", lambda _self, document: fail(document))
    reply = await answer(session, said(f"The SSN is {SSN}."))
    assert reply.body is None, "it passes"
    assert heard.documents == []

"""Keys: equal exactly when the requests must share an answer. The verifier: an equivalence."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from extproc.exchange import Exchange, Identity, Request, Route
from extproc.inspectors.cache.key import Question, fingerprint, question
from extproc.inspectors.cache.wording import looks_like_code, meaning, same_wording
from extproc.llm.request import view
from extproc.llm.view import Surface
from extproc.policy.model import Policy

PARTS = st.lists(st.none() | st.text(max_size=5), max_size=5).map(tuple)
TEXTS = st.text(min_size=1, max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.sampled_from(["x_one", "x_two", "x_three"]), VALUES)
TURNS = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["system", "user", "assistant"]),
                           "content": TEXTS}),
    max_size=3,
)  # fmt: skip
DOCUMENTS = st.builds(
    lambda turns, last, fields: {
        "model": "large", "messages": [*turns, {"role": "user", "content": last}], **fields,
    },
    TURNS, TEXTS, FIELDS,
)  # fmt: skip


def ask(document: dict[str, Any], tenant: str = "acme") -> Question:
    exchange = Exchange(
        request_id="r",
        received_at=0.0,
        request=Request("POST", Surface.CHAT_COMPLETIONS, "", {}, {}, {}),
        identity=Identity("bot", tenant, "api_key"),
        policy=Policy("support", "team", "0" * 8),
        view=view(Surface.CHAT_COMPLETIONS, document),
        route=Route("large", "gpu-a", "large", "1"),
    )
    asked = question(exchange, "0" * 8, "axes@1", "tenant")
    assert asked is not None
    return asked


def spelled(value: object) -> str:
    """Equal exactly when two JSON values are: True is not 1, and 1 is not 1.0."""
    return json.dumps(value, sort_keys=True)


@given(PARTS, PARTS)
def test_no_two_tuples_collide(left: tuple[Any, ...], right: tuple[Any, ...]) -> None:
    assert (fingerprint(left) == fingerprint(right)) == (left == right)


@given(DOCUMENTS, DOCUMENTS)
def test_two_documents_share_a_partition_only_when_the_question_alone_differs(
    left: dict[str, Any], right: dict[str, Any]
) -> None:
    one, other = ask(left), ask(right)
    rest = [spelled({**d, "messages": [*d["messages"][:-1], None]}) for d in (left, right)]
    if rest[0] != rest[1]:
        assert one.partition != other.partition
        assert one.key != other.key


@given(DOCUMENTS)
def test_equal_documents_share_everything(document: dict[str, Any]) -> None:
    assert ask(copy.deepcopy(document)) == ask(document)


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_the_order_of_fields_does_not_matter(document: dict[str, Any], random: Any) -> None:
    names = list(document)
    random.shuffle(names)
    assert ask({name: document[name] for name in names}) == ask(document)


@given(DOCUMENTS)
def test_how_the_answer_is_delivered_does_not_matter(document: dict[str, Any]) -> None:
    streamed = {**document, "stream": True, "stream_options": {"include_usage": True}, "user": "u"}
    assert ask(streamed) == ask(document)


@given(DOCUMENTS, st.sampled_from(["x_one", "x_two", "temperature"]), VALUES)
def test_any_other_field_splits(document: dict[str, Any], name: str, value: object) -> None:
    changed = {**document, name: value}
    if name in document:
        assume(spelled(document[name]) != spelled(value))
    assert ask(changed).partition != ask(document).partition


@given(DOCUMENTS, TEXTS)
def test_an_earlier_turn_splits(document: dict[str, Any], text: str) -> None:
    changed = {**document, "messages": [{"role": "user", "content": text}, *document["messages"]]}
    assert ask(changed).partition != ask(document).partition


@given(DOCUMENTS, TEXTS, TEXTS)
def test_tenants_never_meet(document: dict[str, Any], one: str, other: str) -> None:
    assume(one != other)
    assert ask(document, one).partition != ask(document, other).partition
    assert ask(document, one).group != ask(document, other).group


@given(DOCUMENTS)
def test_asking_leaves_the_document_alone(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    ask(document)
    assert document == before


@given(DOCUMENTS)
def test_what_may_be_similar_is_the_question(document: dict[str, Any]) -> None:
    last = document["messages"][-1]["content"]
    assert ask(document).text == (None if looks_like_code(last) else last)


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_verifier_is_symmetric_and_knows_itself(left: str, right: str) -> None:
    assert same_wording(left, right) == same_wording(right, left)
    assert same_wording(left, left) == bool(meaning(left))


WORDS = ["how", "do", "i", "you", "reset", "the", "a", "on", "off", "not", "is", "Rome", "US", "us"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.integers(1, 99), st.data())
def test_a_changed_number_is_never_the_same(words: list[str], number: int, data: Any) -> None:
    at = data.draw(st.integers(0, len(words)))
    other = data.draw(st.integers(1, 99).filter(lambda n: n != number))
    texts = (" ".join([*words[:at], str(n), *words[at:]]) for n in (number, other))
    assert not same_wording(*texts)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), st.data())
def test_an_added_word_of_meaning_is_never_the_same(words: list[str], data: Any) -> None:
    at = data.draw(st.integers(0, len(words)))
    added = data.draw(st.sampled_from(["not", "off", "never", "linux", "before", "7", "?!>", "猫"]))
    assert not same_wording(" ".join(words), " ".join([*words[:at], added, *words[at:]]))

"""What a request becomes on its way to a model."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from extproc import forwarding
from extproc.exchange import Exchange, Identity, Request, Route
from extproc.identity import DEVELOPMENT
from extproc.intake import Document
from extproc.llm.view import Surface
from extproc.policy.model import Policy
from extproc.verdict import Change
from tests.exchanges import view

ROUTE = Route("small", "gpu-a", "small", "1.0.0")
SET_MODEL = (Change(("model",), "private"),)


def request(path: str = "/v1/chat/completions", query: str = "", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", path, query, {":path": path, **named}, {}, {})


def exchange(usage: str = "exact", **asked: object) -> Exchange:
    who, policy = Identity("c", "t", "api_key"), Policy("p", "o", "0" * 8, usage=usage)
    return Exchange("r", 0.0, request(), who, policy, replace(view(), **asked))


def document(*, encoded: bool = False) -> Document:
    return Document(view("small"), b'{"model": "small"}', encoded)


@pytest.mark.parametrize(
    ("usage", "asked", "asks"),
    [
        ("exact", {"stream": True}, True),
        ("estimate", {"stream": True}, False),
        ("exact", {"stream": False}, False),
        ("exact", {"stream": True, "include_usage": True}, False),
        ("exact", {"stream": True, "surface": Surface.MESSAGES}, False),
        ("exact", {"stream": True, "surface": Surface.COMPLETIONS}, True),
    ],
)
def test_usage_is_asked_for_where_it_would_not_come(usage, asked, asks):
    assert forwarding.asks_usage(exchange(usage, **asked)) is asks


def test_a_path_that_reads_as_it_was_spelled_stays():
    assert forwarding.path(request()) is None


@pytest.mark.parametrize(("query", "path"), [("", "/v1/a"), ("x=1", "/v1/a?x=1")])
def test_another_spelling_is_replaced(query, path):
    spelled = replace(request("/v1/a", query), headers={":path": "//V1/%61"})
    assert forwarding.path(spelled) == path


def test_the_body_is_replaced_only_where_it_must_be():
    assert forwarding.body(None, SET_MODEL) is None
    assert forwarding.body(document(), ()) is None
    assert forwarding.body(document(encoded=True), ()) == b'{"model": "small"}'
    assert json.loads(forwarding.body(document(), SET_MODEL))["model"] == "private"


@pytest.mark.parametrize("replaced", [True, False])
def test_headers_of_ours_do_not_go_upstream(replaced):
    asked = request(x_ai_pool="onprem", content_encoding="gzip", accept="*/*")
    dropped = set(forwarding.headers_to_drop(asked, DEVELOPMENT, replaced=replaced))
    assert dropped == {"x-ai-pool", *(["content-encoding"] if replaced else [])}


@pytest.mark.parametrize(
    ("redacted", "rerouted", "action"),
    [
        (False, False, "allow"),
        (False, True, "reroute"),
        (True, False, "redact"),
        (True, True, "redact"),
    ],
)
def test_the_weightiest_word_for_it_is_recorded(redacted, rerouted, action):
    decided = exchange()
    decided.redacted = redacted
    assert forwarding.action(decided, replace(ROUTE, rerouted=rerouted)) == action

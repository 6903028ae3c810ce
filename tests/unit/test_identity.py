"""Who is calling: each source, their order, and everything that must not be guessed."""

from __future__ import annotations

import pytest

from extproc.exchange import Identity, Request
from extproc.identity import (
    DEVELOPMENT,
    JWT_NAMESPACE,
    MAX_NAME,
    PEER_CERTIFICATE,
    IdentityConfig,
    credential_headers,
    owned_headers_to_drop,
    resolve,
)
from extproc.policy.identity import IdentityDocument
from extproc.policy.keys import ApiKey, KeyRing, hashed_key
from extproc.verdict import Code, Refusal

BOT = "spiffe://cluster.local/ns/support/sa/bot"
KEYS = {
    "keys.yaml": KeyRing(
        [
            ApiKey(id="one", hash=hashed_key("key-one"), tenant="acme"),
            ApiKey(id="two", hash=hashed_key("key-two"), caller="batch", tenant="globex"),
        ]
    )
}
API_KEY = {"type": "api_key", "file": "keys.yaml"}


def config(*sources, anonymous=None) -> IdentityConfig:
    document = {"apiVersion": "extproc/v1", "kind": "Identity", "sources": list(sources)}
    if anonymous is not None:
        document["anonymous"] = anonymous
    valid = IdentityDocument.model_validate(document)
    return IdentityConfig(valid.sources, valid.anonymous, KEYS)


def request(method="POST", attributes=None, metadata=None, **headers) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(method, "/v1/chat/completions", "", named, attributes or {}, metadata or {})


def peer(uri: str, **headers) -> Request:
    return request(attributes={PEER_CERTIFICATE: uri}, **headers)


def refused(found: IdentityConfig, asked: Request) -> Code:
    with pytest.raises(Refusal) as caught:
        resolve(found, asked)
    return caught.value.refuse.code


def test_without_a_declaration_nobody_is_known():
    assert resolve(None, request(authorization="Bearer dev")) is None


def test_sources_are_tried_in_order():
    both = peer(BOT, x_api_key="key-one")
    assert resolve(config({"type": "mtls"}, API_KEY), both).source == "mtls"
    assert resolve(config(API_KEY, {"type": "mtls"}), both).source == "api_key"
    assert resolve(config(API_KEY, {"type": "mtls"}), peer(BOT)).source == "mtls"
    assert resolve(config(API_KEY, {"type": "mtls"}), request()) is None


# mtls and workload


def test_the_peer_certificate_names_caller_and_namespace():
    assert resolve(config({"type": "mtls"}), peer(BOT)) == Identity(BOT, "support", "mtls")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://cluster.local/ns/support/sa/bot",
        "spiffe://cluster.local",
        "spiffe://cluster.local/sa/bot",
        "spiffe:///ns/support/sa/bot",
        f"{BOT}, spiffe://cluster.local/ns/admin/sa/root",
        f"{BOT}\n",
        f"spiffe://cluster.local/ns/support/sa/{'b' * MAX_NAME}",
    ],
)
def test_certificates_that_name_nobody(uri):
    assert resolve(config({"type": "mtls"}), peer(uri)) is None


def test_a_fixed_tenant_and_trust_domains():
    only = config({"type": "mtls", "trust_domains": ["cluster.local"], "tenant": "acme"})
    assert resolve(only, peer("spiffe://cluster.local/x")).tenant == "acme"
    assert resolve(only, peer("spiffe://elsewhere.local/x")) is None


def test_a_client_cannot_send_a_certificate_as_a_header():
    asked = request(**{"x-forwarded-client-cert": f"URI={BOT}"})
    assert resolve(config({"type": "mtls"}), asked) is None


def test_a_workload_is_configured_or_an_attribute():
    fixed = config({"type": "workload", "id": BOT})
    assert resolve(fixed, request()) == Identity(BOT, "support", "workload")
    named = config({"type": "workload", "attribute": "xds.node.id"})
    assert resolve(named, request(attributes={"xds.node.id": BOT})).caller == BOT
    assert resolve(named, request()) is None


# jwt

JWT = {"type": "jwt", "tenant_claim": "org"}
CLAIMS = {"sub": "alice", "org": "acme", "iss": "https://login.example"}


def token(**claims) -> Request:
    return request(metadata={JWT_NAMESPACE: {"payload": {**CLAIMS, **claims}}})


def test_claims_name_caller_tenant_and_session():
    source = JWT | {"session_claim": ["ctx", "sid"]}
    found = resolve(config(source), token(ctx={"sid": "s-1"}))
    assert found == Identity("alice", "acme", "jwt", "s-1")


def test_a_token_without_what_is_needed_is_no_identity():
    assert resolve(config(JWT), token(sub=None)) is None
    assert resolve(config(JWT), token(org=None)) is None
    assert resolve(config(JWT), request()) is None
    assert resolve(config(JWT | {"tenant": "shared"}), token(org=None)).tenant == "shared"


@pytest.mark.parametrize("bad", [7.0, True, ["a"], {"a": 1}, "", "a, b", " a", "a\n", "x" * 257])
def test_a_claim_that_is_no_plain_name_is_refused(bad):
    assert refused(config(JWT), token(org=bad)) is Code.UNAUTHENTICATED
    assert refused(config(JWT), token(sub=bad)) is Code.UNAUTHENTICATED


def test_issuers_and_payloads():
    issued = config(JWT | {"issuers": ["https://login.example"]})
    assert resolve(issued, token()).caller == "alice"
    assert resolve(issued, token(iss="https://evil.example")) is None
    two = request(metadata={JWT_NAMESPACE: {"a": CLAIMS, "b": CLAIMS | {"sub": "bob"}}})
    assert resolve(config(JWT), two) is None
    assert resolve(config(JWT | {"payload": "b"}), two).caller == "bob"


# api_key


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer key-one"},
        {"authorization": "bearer key-one"},
        {"authorization": "BEARER   key-one "},
        {"x_api_key": "key-one"},
        {"api_key": "key-one"},
        {"authorization": "Bearer key-one", "x_api_key": "key-one"},
        {"authorization": "Basic dXNlcjpwdw==", "x_api_key": "key-one"},
    ],
)
def test_a_key_in_any_of_its_headers(headers):
    assert resolve(config(API_KEY), request(**headers)) == Identity("one", "acme", "api_key")


def test_an_entry_may_name_its_caller():
    found = resolve(config(API_KEY), request(x_api_key="key-two"))
    assert (found.caller, found.tenant) == ("batch", "globex")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "key-one"},
        {"authorization": "Basic key-one"},
        {"authorization": "Bearer"},
        {"authorization": "Bearer key-three"},
        {"authorization": "Bearer key-one, Bearer key-two"},
        {"x_api_key": "key-one, key-one"},
        {"x_api_key": hashed_key("key-one")},
        {"x_api_key": ""},
    ],
)
def test_no_key_or_a_wrong_one_is_no_identity(headers):
    assert resolve(config(API_KEY), request(**headers)) is None


def test_two_different_keys_are_refused_even_when_one_is_good():
    for first, second in (("key-one", "key-two"), ("key-one", "other"), ("other", "key-one")):
        asked = request(authorization=f"Bearer {first}", x_api_key=second)
        assert refused(config(API_KEY), asked) is Code.UNAUTHENTICATED


def test_only_declared_headers_are_read():
    only = config(API_KEY | {"headers": ["x-api-key"]})
    assert resolve(only, request(authorization="Bearer key-one")) is None
    asked = request(authorization="Bearer some.jwt.token", x_api_key="key-one")
    assert resolve(only, asked).caller == "one"


# trusted headers

TRUSTING = API_KEY | {"trusted_headers": {"tenant": "x-ai-tenant", "session": "x-ai-session"}}


def test_a_declared_header_names_the_tenant():
    asked = request(x_api_key="key-one", x_ai_tenant="globex", x_ai_session="s-1")
    assert resolve(config(TRUSTING), asked) == Identity("one", "globex", "api_key", "s-1")
    assert resolve(config(TRUSTING), request(x_api_key="key-one")).tenant == "acme"


def test_an_undeclared_header_has_no_effect():
    asked = request(x_api_key="key-one", x_ai_tenant="globex", x_ai_session="s-1")
    assert resolve(config(API_KEY), asked) == Identity("one", "acme", "api_key")


def test_a_header_is_trusted_with_its_own_source_only():
    found = config(TRUSTING, {"type": "mtls"})
    assert resolve(found, peer(BOT, x_ai_tenant="globex")).tenant == "support"


def test_a_trusted_header_alone_is_no_identity():
    assert resolve(config(TRUSTING), request(x_ai_tenant="globex")) is None


@pytest.mark.parametrize(
    "value",
    ["", " ", "acme, globex", "acme,globex", "acme\n", "ac me", "ac\u00adme", "-a", "a" * 257, "ä"],
)
def test_a_trusted_header_that_is_no_plain_name_is_refused(value):
    asked = request(x_api_key="key-one", x_ai_tenant=value)
    assert refused(config(TRUSTING), asked) is Code.INVALID_REQUEST
    asked = request(x_api_key="key-one", x_ai_session=value)
    assert refused(config(TRUSTING), asked) is Code.INVALID_REQUEST


def test_a_name_at_the_length_limit_passes():
    asked = request(x_api_key="key-one", x_ai_tenant="a" * MAX_NAME)
    assert resolve(config(TRUSTING), asked).tenant == "a" * MAX_NAME


def test_a_caller_from_a_trusted_header():
    source = {"type": "header", "caller": "x-caller", "tenant": "x-tenant"}
    asked = request(x_caller="alice", x_tenant="acme")
    assert resolve(config(source), asked) == Identity("alice", "acme", "header")
    assert resolve(config(source), request(x_caller="alice")) is None
    assert resolve(config(source), request(x_tenant="acme")) is None
    lenient = source | {"default_tenant": "shared"}
    assert resolve(config(lenient), request(x_caller="alice")).tenant == "shared"
    assert refused(config(source), request(x_caller="a, b")) is Code.INVALID_REQUEST


# anonymous


def test_anonymous_methods_pass_after_all_sources():
    found = config(API_KEY, anonymous={"methods": ["GET"]})
    assert resolve(found, request("GET")) == Identity("anonymous", "anonymous", "anonymous")
    assert resolve(found, request("GET", x_api_key="key-one")).caller == "one"
    assert resolve(found, request("HEAD")) is None
    assert resolve(found, request("POST")) is None
    assert resolve(found, request("get")) is None


# what goes upstream


def test_all_headers_of_ours_are_dropped_whatever_their_case():
    sent = dict.fromkeys(["X-AI-Pool", "x-ai-tenant", "x-ai-", "x-aid", "accept"], "1")
    assert owned_headers_to_drop(sent, None) == ("X-AI-Pool", "x-ai-tenant", "x-ai-")
    assert owned_headers_to_drop(sent, config(TRUSTING)) == ("X-AI-Pool", "x-ai-")


def test_only_our_own_keys_are_kept_from_the_upstream():
    found = config({"type": "mtls"}, API_KEY)
    ours = request(authorization="Bearer key-one", x_api_key="key-one")
    assert credential_headers(found, ours) == ("authorization", "x-api-key")
    theirs = request(authorization="Bearer sk-of-the-provider", x_api_key="key-one")
    assert credential_headers(found, theirs) == ("x-api-key",)
    twice = request(x_api_key="key-one, key-two")
    assert credential_headers(found, twice) == ("x-api-key",)
    assert credential_headers(None, ours) == ()


def test_the_development_identity():
    assert resolve(DEVELOPMENT, request(authorization="Bearer dev")) == Identity(
        "dev", "dev", "api_key"
    )
    asked = request(authorization="Bearer dev", x_ai_tenant="acme")
    assert resolve(DEVELOPMENT, asked).tenant == "acme"
    assert resolve(DEVELOPMENT, request("GET")).source == "anonymous"
    assert resolve(DEVELOPMENT, request(x_ai_tenant="acme")) is None

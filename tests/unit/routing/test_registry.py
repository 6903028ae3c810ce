from __future__ import annotations

import pytest
import yaml
from pydantic import ValidationError

from extproc.llm.view import Dialect, Surface
from extproc.routing.registry import ModelsDocument, compile_registry, problems, residency
from tests.exchanges import MODELS, registry

POOL = {"endpoints": ["127.0.0.1:9101"]}
MODEL = {"pool": "p", "version": "1"}


def document(pool: dict | None = None, model: dict | None = None) -> ModelsDocument:
    return ModelsDocument.model_validate(
        {"pools": {"p": {**POOL, **(pool or {})}}, "models": {"m": {**MODEL, **(model or {})}}}
    )


def errors(**parts: dict) -> list[tuple[tuple, str]]:
    with pytest.raises(ValidationError) as caught:
        document(**parts)
    return [(error["loc"], error["msg"]) for error in caught.value.errors()]


def test_models_and_pools_in_the_order_of_the_document():
    compiled = registry()
    assert list(compiled.models)[:3] == ["large", "large-v2", "small"]
    large = compiled.models["large"]
    assert (large.pool.name, large.version, large.upstream_name) == ("gpu-a", "2.1.0", "large")
    assert (large.input_usd_per_mtok, large.output_usd_per_mtok) == (2.5, 10.0)
    assert compiled.pools["onprem"].residency == {"eu", "onprem"}


def test_a_version_that_looks_like_a_date_stays_what_was_written():
    assert registry().models["cloud-small"].version == "2026-08-01"


def test_a_version_that_lost_digits_must_be_quoted():
    [(where, message)] = errors(model={"version": 1.10})
    assert where == ("models", "m", "version")
    assert "quotes" in message


def test_pools_serve_everything_unless_they_say_otherwise():
    compiled = registry()
    assert all(compiled.pools["gpu-a"].serves(surface) for surface in Surface)
    assert not compiled.pools["cloud"].serves(Surface.MESSAGES)
    assert compiled.pools["vectors"].serves(Surface.EMBEDDINGS)
    assert not compiled.pools["vectors"].serves(Surface.CHAT_COMPLETIONS)


@pytest.mark.parametrize(
    ("endpoint", "good"),
    [
        ("127.0.0.1:1", True),
        ("api.example.com:65535", True),
        ("[::1]:80", True),
        ("localhost:0", False),
        ("localhost:65536", False),
        ("localhost", False),
        (":80", False),
        ("http://localhost:80", False),
        ("a b:80", False),
        ("::1:80", False),
        (8080, False),
    ],
)
def test_endpoints(endpoint, good):
    if good:
        assert document(pool={"endpoints": [endpoint]}).pools["p"].endpoints == (endpoint,)
    else:
        assert errors(pool={"endpoints": [endpoint]})[0][0] == ("pools", "p", "endpoints", 0)


@pytest.mark.parametrize(
    ("written", "seconds"), [(30, 30.0), (0.5, 0.5), ("90s", 90.0), ("2m", 120.0), ("500ms", 0.5)]
)
def test_timeouts(written, seconds):
    assert document(pool={"timeout": written}).pools["p"].timeout == seconds


@pytest.mark.parametrize("written", [0, -1, "0s", "25h", "soon", "1d", "1e3", None, float("inf")])
def test_bad_timeouts(written):
    assert errors(pool={"timeout": written})[0][0] == ("pools", "p", "timeout")


@pytest.mark.parametrize("price", [-0.01, float("nan"), float("inf"), 1_000_000.01, "cheap"])
def test_bad_prices(price):
    where = errors(model={"price": {"input_per_mtok": price}})[0][0]
    assert where == ("models", "m", "price", "input_per_mtok")


@pytest.mark.parametrize("key", ["residence", "dialect", "Endpoints"])
def test_unknown_keys_are_errors(key):
    assert errors(pool={key: []})[0][0] == ("pools", "p", key)


@pytest.mark.parametrize("name", ["", "a b", "ü", "a\n", "-a", "a" * 64])
def test_pool_names_are_fit_for_headers_and_clusters(name):
    with pytest.raises(ValidationError):
        ModelsDocument.model_validate(
            {"pools": {name: POOL}, "models": {"m": {**MODEL, "pool": name}}}
        )


def test_references_that_lead_nowhere():
    broken = document(model={"pool": "q", "fallback": ["x", "m"]})
    assert problems(broken) == [
        (("models", "m", "pool"), 'no pool "q"; pools are: p'),
        (("models", "m", "fallback", 0), 'no model "x"; models are: m'),
        (("models", "m", "fallback", 1), "a model cannot be its own fallback"),
    ]
    with pytest.raises(ValueError, match=r"models.m.pool: no pool"):
        compile_registry(broken)


def test_a_fallback_named_twice():
    raw = {"pools": {"p": POOL}, "models": {"m": {**MODEL, "fallback": ["n", "n"]}, "n": MODEL}}
    [(where, _)] = problems(ModelsDocument.model_validate(raw))
    assert where == ("models", "m", "fallback", 1)


def test_the_digest_changes_with_the_content_only():
    assert registry().digest == registry("# a comment\n" + MODELS).digest
    assert registry().digest != registry(MODELS.replace("0.15", "0.16")).digest
    raw = yaml.safe_load(MODELS)
    raw["pools"]["gpu-a"]["dialects"] = [dialect.value for dialect in Dialect]
    assert compile_registry(ModelsDocument.model_validate(raw)).digest == registry().digest
    raw["models"] = dict(reversed(raw["models"].items()))
    assert compile_registry(ModelsDocument.model_validate(raw)).digest != registry().digest


def test_a_credential_is_a_name_and_never_a_key():
    compiled = compile_registry(
        document({"tls": True, "credential": {"secret": "provider-key", "header": "x-api-key"}})
    )
    credential = compiled.pools["p"].credential
    assert credential is not None
    assert (credential.secret, credential.header) == ("provider-key", "x-api-key")


@pytest.mark.parametrize(
    ("credential", "field"),
    [
        ({"secret": "Bearer sk-1"}, "secret"),
        ({"secret": "../other"}, "secret"),
        ({"secret": "a" * 64}, "secret"),
        ({"secret": "k", "header": "x-ai-pool"}, "header"),
        ({"secret": "k", "value": "sk-1"}, "value"),
    ],
)
def test_other_credentials_are_refused(credential, field):
    [(where, _)] = errors(pool={"tls": True, "credential": credential})
    assert where == ("pools", "p", "credential", field)


def test_a_credential_needs_tls():
    found = problems(document({"credential": {"secret": "a" * 63}}))
    assert found == [
        (("pools", "p", "credential"), "a credential is sent over TLS alone: set tls: true")
    ]


def test_where_data_goes_by_pool_by_mesh_host_and_by_server():
    names = residency(
        compile_registry(
            ModelsDocument.model_validate(
                {
                    "pools": {
                        "a": {"endpoints": ["Shared.example:443"], "residency": ["eu", "onprem"]},
                        "b": {"endpoints": ["shared.example:80", "[::1]:80"], "residency": ["eu"]},
                    },
                    "models": {"m": {**MODEL, "pool": "a"}},
                }
            )
        )
    )
    assert names["a"] == names["a.pools.extproc.internal"] == {"eu", "onprem"}
    assert names["shared.example"] == {"eu", "onprem"}
    assert names["b"] == names["::1"] == {"eu"}

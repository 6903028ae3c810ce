"""Builds exchanges and registries for tests of inspectors that need no body."""

from __future__ import annotations

import yaml

from extproc.exchange import Exchange, Identity, Request, Sensitivity
from extproc.llm.view import ChatView, Surface
from extproc.policy.model import Policy
from extproc.policy.section import Section
from extproc.routing.registry import ModelsDocument, Registry, compile_registry

MODELS = """
pools:
  gpu-a:  {endpoints: ["127.0.0.1:9101"], residency: [eu]}
  gpu-b:  {endpoints: ["127.0.0.1:9102"], residency: [eu]}
  onprem: {endpoints: ["127.0.0.1:9103"], residency: [eu, onprem]}
  cloud:  {endpoints: ["api.example.com:443"], tls: true, residency: [us], dialects: [openai]}
  vectors: {endpoints: ["127.0.0.1:9104"], residency: [eu], tasks: [embeddings]}
models:
  large:    {pool: gpu-a, version: 2.1.0, price: {input_per_mtok: 2.5, output_per_mtok: 10}}
  large-v2: {pool: gpu-b, version: 3.0.0, price: {input_per_mtok: 3, output_per_mtok: 12}}
  small:
    pool: gpu-a
    version: 1.4.2
    price: {input_per_mtok: 0.15, output_per_mtok: 0.6}
    fallback: [cloud-small, small-b, private]
  small-b:  {pool: gpu-b, version: 1.4.2, price: {input_per_mtok: 0.15, output_per_mtok: 0.6}}
  cloud-small:
    pool: cloud
    version: 2026-08-01
    upstream_name: gpt-4o-mini
    price: {input_per_mtok: 0.2, output_per_mtok: 0.8}
  private:  {pool: onprem, version: 1.0.0, price: {input_per_mtok: 0, output_per_mtok: 0}}
  embed:    {pool: vectors, version: 1.0.0, price: {input_per_mtok: 0.02}}
"""


def registry(text: str = MODELS) -> Registry:
    return compile_registry(ModelsDocument.model_validate(yaml.safe_load(text)))


def view(
    model: str = "large",
    *,
    surface: Surface = Surface.CHAT_COMPLETIONS,
    user: str | None = None,
    max_output_tokens: int | None = None,
    **document: object,
) -> ChatView:
    return ChatView(
        surface=surface,
        document={"model": model, **document},
        model=model,
        stream=False,
        include_usage=False,
        spans=(),
        unread=(),
        user=user,
        max_output_tokens=max_output_tokens,
        text_bytes=0,
    )


def exchange(
    seen: ChatView | None,
    *,
    sections: dict[str, Section] | None = None,
    pools: frozenset[str] | None = None,
    tenant: str = "acme",
    caller: str = "bot",
    session: str | None = None,
    input_tokens: int = 0,
    request_id: str = "r-1",
) -> Exchange:
    return Exchange(
        request_id=request_id,
        received_at=0.0,
        request=Request("POST", "/v1/chat/completions", "", {}, {}, {}),
        identity=Identity(caller, tenant, "api_key", session),
        policy=Policy("support", "team", "0" * 8, sections=sections or {}),
        view=seen,
        input_tokens=input_tokens,
        sensitivity=Sensitivity("public", pools=pools),
    )

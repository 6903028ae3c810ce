"""The model registry: which models exist, on which pools, at what price and where.

`ModelsDocument` is `policies/models.yaml` as written, `problems` checks what
one field alone cannot show, and `Registry` is the compiled, frozen result.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from extproc.llm.view import Dialect, Surface
from extproc.policy.section import Strict
from extproc.routing.names import POOL_DOMAIN
from extproc.verdict import Keys

Problem = tuple[Keys, str]
"""Where in the document, and what is wrong and what is allowed."""

DEFAULT_TIMEOUT_S = 600.0
MAX_TIMEOUT_S = 86_400.0
MAX_USD_PER_MTOK = 1_000_000

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNIT_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_ENDPOINT = re.compile(
    r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?):(\d{1,5})"
)


class Task(StrEnum):
    """What a pool's server can do; each surface needs one."""

    CHAT = "chat"
    COMPLETIONS = "completions"
    EMBEDDINGS = "embeddings"
    RESPONSES = "responses"


TASK: Mapping[Surface, Task] = MappingProxyType(
    {
        Surface.CHAT_COMPLETIONS: Task.CHAT,
        Surface.MESSAGES: Task.CHAT,
        Surface.COMPLETIONS: Task.COMPLETIONS,
        Surface.EMBEDDINGS: Task.EMBEDDINGS,
        Surface.RESPONSES: Task.RESPONSES,
    }
)


def _duration(value: object) -> object:
    """``"30s"`` → 30.0; numbers are seconds already; the rest is left to be refused."""
    if isinstance(value, str):
        match = _DURATION.fullmatch(value)
        if match is None:
            raise ValueError('must be seconds, or a number with ms, s, m or h, such as "90s"')
        return float(match[1]) * _UNIT_S[match[2]]
    return value


def _version(value: object) -> object:
    """YAML reads ``2026-08-01`` as a date; a float has already lost its trailing zeros."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        raise ValueError(f'must be a string: write it in quotes, such as "{value}"')  # noqa: TRY004
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _endpoint(value: str) -> str:
    match = _ENDPOINT.fullmatch(value)
    if match is None or not 0 < int(match[1]) < 65_536:
        raise ValueError('must be host:port, such as "127.0.0.1:9101" or "[::1]:9101"')
    return value


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
"""Pool names are also Envoy cluster names and header values."""
ModelName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$")]
Endpoint = Annotated[str, BeforeValidator(lambda v: _endpoint(v) if isinstance(v, str) else v)]
Price = Annotated[Decimal, Field(ge=0, le=MAX_USD_PER_MTOK, allow_inf_nan=False)]
Seconds = Annotated[float, BeforeValidator(_duration), Field(gt=0, le=MAX_TIMEOUT_S)]


class PriceDocument(Strict):
    """USD per million tokens."""

    input_per_mtok: Price = Decimal(0)
    output_per_mtok: Price = Decimal(0)


class CredentialDocument(Strict):
    """What the proxy says to a provider in the caller's place. The key itself stands in no policy."""

    secret: Annotated[
        str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", max_length=63)
    ]
    """Name of a Kubernetes Secret, or of a file in the folder of `extproc render envoy
    --credentials`. It holds the whole value of the header, such as ``Bearer sk-…``."""
    header: Literal["authorization", "x-api-key", "api-key", "x-goog-api-key"] = "authorization"


class PoolDocument(Strict):
    """Servers that hold the same models; one Envoy cluster."""

    endpoints: tuple[Endpoint, ...] = Field(min_length=1)
    tls: bool = False
    credential: CredentialDocument | None = None
    residency: tuple[Name, ...] = ()
    """Labels of where data goes that is sent here, such as ``eu`` or ``onprem``."""
    dialects: tuple[Dialect, ...] = Field(tuple(Dialect), min_length=1)
    tasks: tuple[Task, ...] = Field(tuple(Task), min_length=1)
    timeout: Seconds = DEFAULT_TIMEOUT_S


class ModelDocument(Strict):
    """A model as clients name it."""

    pool: str
    version: Annotated[str, BeforeValidator(_version), StringConstraints(min_length=1)]
    upstream_name: Annotated[str, StringConstraints(min_length=1)] | None = None
    """What the body's `model` must say at the pool; the registry's name when absent."""
    price: PriceDocument = PriceDocument()
    tokenizer: Literal["o200k_base", "cl100k_base"] | None = None
    fallback: tuple[str, ...] = ()
    """Models to use instead, in order, where residency or health rule this one out."""


class ModelsDocument(Strict):
    """`policies/models.yaml`, one document of kind `Models`."""

    apiVersion: Literal["extproc/v1"] = "extproc/v1"  # noqa: N815
    kind: Literal["Models"] = "Models"
    pools: dict[Name, PoolDocument] = Field(min_length=1)
    models: dict[ModelName, ModelDocument] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Credential:
    """Where the proxy finds what it says to a pool, and in which header it says it."""

    secret: str
    header: str


@dataclass(frozen=True, slots=True)
class Pool:
    """One Envoy cluster of equal servers."""

    name: str
    endpoints: tuple[str, ...]
    tls: bool
    residency: frozenset[str]
    dialects: frozenset[Dialect]
    tasks: frozenset[Task]
    timeout_s: float
    credential: Credential | None = None

    def serves(self, surface: Surface) -> bool:
        """Whether its servers speak the surface's dialect and do its task."""
        return surface.dialect in self.dialects and TASK[surface] in self.tasks


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of the registry, its pool resolved."""

    name: str
    pool: Pool
    version: str
    upstream_name: str
    input_usd_per_mtok: float
    output_usd_per_mtok: float
    tokenizer: str | None
    fallback: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """Models and pools by name, in the order of the document."""

    models: Mapping[str, Model]
    pools: Mapping[str, Pool]
    fingerprint: str
    """64 hex digits over the content; comments, spacing and written-out defaults do not count."""

    @property
    def digest(self) -> str:
        """The first 8 of these."""
        return self.fingerprint[:8]


def problems(document: ModelsDocument) -> list[Problem]:
    """What does not fit together: references to pools and models that do not exist."""
    found: list[Problem] = []
    pools, models = ", ".join(document.pools), ", ".join(document.models)
    found += [
        (("pools", name, "credential"), "a credential is sent over TLS alone: set tls: true")
        for name, pool in document.pools.items()
        if pool.credential is not None and not pool.tls
    ]
    for name, model in document.models.items():
        if model.pool not in document.pools:
            found.append((("models", name, "pool"), f'no pool "{model.pool}"; pools are: {pools}'))
        for index, other in enumerate(model.fallback):
            at: Keys = ("models", name, "fallback", index)
            if other not in document.models:
                found.append((at, f'no model "{other}"; models are: {models}'))
            elif other == name:
                found.append((at, "a model cannot be its own fallback"))
            elif other in model.fallback[:index]:
                found.append((at, f'"{other}" is named twice'))
    return found


def compile_registry(document: ModelsDocument) -> Registry:
    """Raises `ValueError` naming the first problem when there are any."""
    for keys, message in problems(document):
        raise ValueError(f"{'.'.join(map(str, keys))}: {message}")
    pools = {name: _pool(name, pool) for name, pool in document.pools.items()}
    models = {
        name: Model(
            name=name,
            pool=pools[model.pool],
            version=model.version,
            upstream_name=model.upstream_name or name,
            input_usd_per_mtok=float(model.price.input_per_mtok),
            output_usd_per_mtok=float(model.price.output_per_mtok),
            tokenizer=model.tokenizer,
            fallback=model.fallback,
        )
        for name, model in document.models.items()
    }
    # Order counts: it is the preference among compliant models.
    fingerprint = hashlib.sha256(document.model_dump_json().encode()).hexdigest()
    return Registry(MappingProxyType(models), MappingProxyType(pools), fingerprint)


def residency(registry: Registry) -> dict[str, frozenset[str]]:
    """Where data goes that is sent to a name: a pool's own, its host in a mesh, a server's.

    A server of several pools is in one place: all that they say of it holds.
    """
    found: dict[str, frozenset[str]] = {}
    for pool in registry.pools.values():
        for endpoint in pool.endpoints:
            server = endpoint.rpartition(":")[0].strip("[]").lower()
            found[server] = found.get(server, frozenset()) | pool.residency
    for pool in registry.pools.values():
        found[pool.name] = found[f"{pool.name}.{POOL_DOMAIN}".lower()] = pool.residency
    return found


def _pool(name: str, pool: PoolDocument) -> Pool:
    return Pool(
        name=name,
        endpoints=pool.endpoints,
        tls=pool.tls,
        residency=frozenset(pool.residency),
        dialects=frozenset(pool.dialects),
        tasks=frozenset(pool.tasks),
        timeout_s=pool.timeout,
        credential=Credential(pool.credential.secret, pool.credential.header)
        if pool.credential is not None
        else None,
    )

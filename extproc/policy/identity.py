"""The ``Identity`` document: which sources of identity a set accepts, in order.

A source that finds nothing leaves the word to the next. A source that finds
something ambiguous or malformed ends the search: the request is refused.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from extproc.policy.keys import Name
from extproc.policy.section import Strict

OURS = frozenset(
    f"x-ai-{name}"
    for name in ("request-id", "policy", "cache", "model", "pool", "variant", "sensitivity")
)
"""Headers that we set; nobody else may be trusted with them."""


def _header(name: str) -> str:
    if name in OURS:
        raise ValueError(f"'{name}' is set by extproc itself and cannot be trusted from outside")
    return name


HeaderName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=64), AfterValidator(_header)
]
"""Lower case, as HTTP/2 has it."""
SpiffeId = Annotated[str, Field(pattern=r"^spiffe://[a-z0-9._-]+(/[A-Za-z0-9._-]+)*$")]
Claim = Annotated[str, Field(min_length=1, max_length=200)] | tuple[str, ...]
"""A claim's name, or the path to a nested one as a list."""


class TrustedHeaders(Strict):
    """Headers that may refine an identity. Declare them only behind something that sets them."""

    tenant: HeaderName | None = None
    """Names the tenant; without the header the source's own tenant holds."""
    session: HeaderName | None = None


class Source(Strict):
    trusted_headers: TrustedHeaders = TrustedHeaders()


class Spiffe(Source):
    """How a SPIFFE id becomes a tenant."""

    trust_domains: tuple[str, ...] = ()
    """Accepted trust domains; empty accepts what Envoy has verified."""
    tenant: Name | Literal["$namespace"] = "$namespace"
    """A fixed tenant, or ``$namespace`` for the part after ``/ns/`` of the id."""


class Mtls(Spiffe):
    """The peer's certificate. The listener must demand and verify client certificates."""

    type: Literal["mtls"]


class Workload(Spiffe):
    """The sidecar's own identity, for outbound traffic: all callers are this workload."""

    type: Literal["workload"]
    id: SpiffeId | None = None
    """A configured id; without it the attribute is read."""
    attribute: str = "connection.uri_san_local_certificate"


class Jwt(Source):
    """Claims that Envoy's jwt_authn filter has verified and written to dynamic metadata."""

    type: Literal["jwt"]
    payload: str | None = None
    """Key of `payload_in_metadata`; without it the only payload there is."""
    issuers: tuple[str, ...] = ()
    """Accepted `iss` claims; empty accepts what Envoy has verified."""
    caller_claim: Claim = "sub"
    tenant_claim: Claim | None = None
    session_claim: Claim | None = None
    tenant: Name | None = None
    """For tokens without a tenant claim."""

    @model_validator(mode="after")
    def _has_tenant(self) -> Jwt:
        if self.tenant_claim is None and self.tenant is None:
            raise ValueError("needs tenant_claim or tenant")
        return self


class ApiKeys(Source):
    """Keys by their hashes, from a document of kind `ApiKeys`."""

    type: Literal["api_key"]
    file: Annotated[str, Field(min_length=1)]
    """Relative to the directory of the set, or absolute (a mounted Secret)."""
    headers: tuple[Literal["authorization", "x-api-key", "api-key"], ...] = Field(
        ("authorization", "x-api-key", "api-key"), min_length=1
    )
    forward: bool = False
    """Whether the key goes on to the pool. Only where the pool is yours and asks for one:
    a provider must not learn a key that opens this gateway."""


class TrustedCaller(Strict):
    """A caller named by a header that a trusted proxy in front of Envoy sets."""

    type: Literal["header"]
    caller: HeaderName
    tenant: HeaderName | None = None
    session: HeaderName | None = None
    default_tenant: Name | None = None
    """For requests without the tenant header; without it they are refused."""


class Anonymous(Strict):
    """Requests that need no identity, by method. Only methods that carry no prompt."""

    type: Literal["anonymous"] = "anonymous"
    methods: tuple[Literal["GET", "HEAD", "OPTIONS"], ...] = Field(("GET", "HEAD"), min_length=1)


AnySource = Annotated[Mtls | Workload | Jwt | ApiKeys | TrustedCaller, Field(discriminator="type")]


class IdentityDocument(Strict):
    """At most one a set."""

    apiVersion: Literal["extproc/v1"]  # noqa: N815 -- Kubernetes' spelling
    kind: Literal["Identity"]
    sources: tuple[AnySource, ...] = Field(min_length=1)
    anonymous: Anonymous | None = None

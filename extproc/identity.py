"""Who is calling: the first declared source that knows, and nothing else.

Nothing is guessed: a header sent twice, two different keys, or a name with odd
characters refuses the request instead of choosing a reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from extproc.events import Headers
from extproc.exchange import Identity, Request
from extproc.policy.identity import (
    Anonymous,
    AnySource,
    ApiKeys,
    Claim,
    Jwt,
    Mtls,
    Spiffe,
    TrustedCaller,
    TrustedHeaders,
    Workload,
)
from extproc.policy.keys import NO_KEYS, ApiKey, KeyRing, hashed_key
from extproc.verdict import Code, Refusal, Refuse

OWNED_PREFIX = "x-ai-"
JWT_NAMESPACE = "envoy.filters.http.jwt_authn"
PEER_CERTIFICATE = "connection.uri_san_peer_certificate"
MAX_NAME = 256
"""Characters of a caller, tenant or session."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@|+-]*")
_SPIFFE = re.compile(r"spiffe://([a-z0-9._-]+)((?:/[A-Za-z0-9._-]+)*)")
_NAMESPACE = re.compile(r"/ns/([A-Za-z0-9._-]+)(?:/|$)")


@dataclass(frozen=True, slots=True)
class IdentityConfig:
    """The sources of a set in order, with their keys loaded."""

    sources: tuple[AnySource, ...]
    anonymous: Anonymous | None = None
    keys: Mapping[str, KeyRing] = field(default_factory=dict)
    """By the `file` of the source."""


def resolve(config: IdentityConfig | None, request: Request) -> Identity | None:
    """The caller's identity, ``None`` when no source accepts the request.

    Raises `Refusal` where a source finds something ambiguous or malformed:
    ``unauthenticated`` for credentials, ``invalid_request`` for trusted headers.
    """
    if config is None:
        return None
    for source in config.sources:
        identity = _from(source, config, request)
        if identity is not None:
            return identity
    if config.anonymous is not None and request.method in config.anonymous.methods:
        return Identity("anonymous", "anonymous", "anonymous")
    return None


def trusted_headers(config: IdentityConfig | None) -> frozenset[str]:
    """Names that the set declares trusted, whichever source they refine."""
    names: set[str | None] = set()
    for source in config.sources if config is not None else ():
        if isinstance(source, TrustedCaller):
            names |= {source.caller, source.tenant, source.session}
        else:
            names |= {source.trusted_headers.tenant, source.trusted_headers.session}
    return frozenset(name for name in names if name is not None)


def owned_headers_to_drop(headers: Headers, config: IdentityConfig | None) -> tuple[str, ...]:
    """Client headers under our prefix that must not go upstream: all but the trusted ones."""
    trusted = trusted_headers(config)
    return tuple(
        name
        for name in headers
        if name.lower().startswith(OWNED_PREFIX) and name.lower() not in trusted
    )


def credential_headers(config: IdentityConfig | None, request: Request) -> tuple[str, ...]:
    """Headers that hold a key of ours, which no upstream may see unless its source says so."""
    found: list[str] = []
    for source in config.sources if config is not None else ():
        if isinstance(source, ApiKeys) and not source.forward and config is not None:
            ring = config.keys.get(source.file, NO_KEYS)
            found += [
                header
                for header, value in _credentials(source, request.headers)
                if any(ring.find(part) for part in _parts(value))
            ]
    return tuple(dict.fromkeys(found))


def _from(source: AnySource, config: IdentityConfig, request: Request) -> Identity | None:
    match source:
        case Mtls():
            return _spiffe(source, request.attributes.get(PEER_CERTIFICATE), request)
        case Workload():
            own = source.id or request.attributes.get(source.attribute)
            return _spiffe(source, own, request)
        case Jwt():
            return _jwt(source, request)
        case ApiKeys():
            return _api_key(source, config.keys.get(source.file, NO_KEYS), request)
        case TrustedCaller():
            return _trusted_caller(source, request.headers)
        case _:
            assert_never(source)


def _spiffe(source: Spiffe, uri: str | None, request: Request) -> Identity | None:
    matched = _SPIFFE.fullmatch(uri) if uri and len(uri) <= MAX_NAME else None
    if matched is None:
        return None
    if source.trust_domains and matched[1] not in source.trust_domains:
        return None
    tenant: str | None = source.tenant
    if tenant == "$namespace":
        namespace = _NAMESPACE.search(matched[2])
        tenant = namespace[1] if namespace else None
    kind = "mtls" if isinstance(source, Mtls) else "workload"
    return _refined(matched[0], tenant, kind, source.trusted_headers, request.headers)


def _jwt(source: Jwt, request: Request) -> Identity | None:
    payloads = request.metadata.get(JWT_NAMESPACE, {})
    if source.payload is not None:
        claims = payloads.get(source.payload)
    else:
        candidates = [value for value in payloads.values() if isinstance(value, Mapping)]
        claims = candidates[0] if len(candidates) == 1 else None
    if not isinstance(claims, Mapping):
        return None
    if source.issuers and claims.get("iss") not in source.issuers:
        return None
    caller = _claim(claims, source.caller_claim)
    if caller is None:
        return None
    tenant = _claim(claims, source.tenant_claim) or source.tenant
    session = _claim(claims, source.session_claim)
    return _refined(caller, tenant, "jwt", source.trusted_headers, request.headers, session=session)


def _claim(claims: Mapping[str, object], claim: Claim | None) -> str | None:
    """The claim's text; absent is ``None``, anything else than a plain name is refused."""
    if claim is None:
        return None
    value: object = claims
    for name in (claim,) if isinstance(claim, str) else claim:
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None:
        return None
    if not isinstance(value, str) or not _plain(value):
        raise _refusal(Code.UNAUTHENTICATED, "a claim of the token is not a plain name")
    return value


def _api_key(source: ApiKeys, ring: KeyRing, request: Request) -> Identity | None:
    entry: ApiKey | None = None
    presented: set[str] = set()
    for _, value in _credentials(source, request.headers):
        presented.add(hashed_key(value))
        entry = entry or ring.find(value)
    if len(presented) > 1:
        raise _refusal(Code.UNAUTHENTICATED, "the request carries more than one API key")
    if entry is None:
        return None
    caller = entry.caller or entry.id
    return _refined(caller, entry.tenant, "api_key", source.trusted_headers, request.headers)


def _credentials(source: ApiKeys, headers: Headers) -> Iterator[tuple[str, str]]:
    """Header names and the keys they carry."""
    for name in source.headers:
        value = headers.get(name)
        if value is None:
            continue
        if name == "authorization":
            scheme, _, value = value.partition(" ")
            if scheme.lower() != "bearer":
                continue
        if value := value.strip():
            yield name, value


def _parts(value: str) -> Iterator[str]:
    """The key itself, and the keys of a header that was sent twice."""
    for part in value.split(","):
        yield part.strip().removeprefix("Bearer ").strip()


def _trusted_caller(source: TrustedCaller, headers: Headers) -> Identity | None:
    caller = _trusted(headers, source.caller)
    if caller is None:
        return None
    trusted = TrustedHeaders(tenant=source.tenant, session=source.session)
    return _refined(caller, source.default_tenant, "header", trusted, headers)


def _refined(
    caller: str,
    tenant: str | None,
    source: str,
    trusted: TrustedHeaders,
    headers: Headers,
    *,
    session: str | None = None,
) -> Identity | None:
    """The identity with what trusted headers say; ``None`` without a tenant."""
    tenant = _trusted(headers, trusted.tenant) or tenant
    session = _trusted(headers, trusted.session) or session
    return None if tenant is None else Identity(caller, tenant, source, session)


def _trusted(headers: Headers, name: str | None) -> str | None:
    value = headers.get(name) if name is not None else None
    if value is None:
        return None
    if not _plain(value):
        # Empty, sent twice ("a, b"), overlong or with odd characters.
        raise _refusal(Code.INVALID_REQUEST, f"the header {name} does not hold one plain name")
    return value


def _plain(value: str) -> bool:
    return len(value) <= MAX_NAME and _NAME.fullmatch(value) is not None


def _refusal(code: Code, message: str) -> Refusal:
    return Refusal(Refuse(code, message))


DEVELOPMENT_IDENTITY = Identity("dev", "dev", "api_key")
"""Whom `policy eval` takes requests without headers to come from."""

DEVELOPMENT = IdentityConfig(
    sources=(
        ApiKeys(
            type="api_key",
            file="dev",
            trusted_headers=TrustedHeaders(tenant="x-ai-tenant"),
            forward=True,
        ),
    ),
    anonymous=Anonymous(),
    keys={"dev": KeyRing((ApiKey(id="dev", hash=hashed_key("dev"), tenant="dev"),))},
)
"""Accepts the key ``dev`` and lets `x-ai-tenant` name the tenant. Never for production."""

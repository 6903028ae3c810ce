"""Which surface a request is for, however its path is spelled.

A path that only looks different must never skip inspection, so every spelling
is reduced to one canonical path, and that is what the upstream gets too: the
two cannot read it differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote_to_bytes

from extproc.events import Headers
from extproc.llm.view import Surface

MAX_DECODINGS = 8
"""How often a path may be percent-encoded on top of itself."""

_SURFACES = {surface.value: surface for surface in Surface}
_MODELS = "/v1/models"
_HEALTH = "/health"
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PRINTABLE = re.compile(r"[\x21-\x7e]*")
_SAFE_IN_PATH = "/!$&'()*+,=:@~"


class EndpointKind(StrEnum):
    """What is to be done with a request, before any policy is asked."""

    SURFACE = "surface"
    """Inspect it: `Endpoint.surface` says as what."""
    PASS = "pass"  # noqa: S105
    """Carries no prompt: listing models, health."""
    UNKNOWN = "unknown"
    """`unknown_endpoints` of the policy decides."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a request goes."""

    kind: EndpointKind
    surface: Surface | None
    canonical_path: str
    """What is forwarded, without the query. The case of free names (a model's id) is kept."""
    query: str
    """Without the question mark; empty when there is none."""
    ambiguous: bool = False
    """Unknown because it cannot be read with certainty: refused even where
    `unknown_endpoints` allows, since the upstream might read a surface in it."""


def classify(method: str, raw_path: str, headers: Headers | None = None) -> Endpoint:
    """The endpoint of a request line; `raw_path` with its query, as it arrived.

    `headers` (lower-case names) tell upgrades, which are never a surface.
    """
    path, _, query = raw_path.partition("?")
    canonical = canonical_path(path)
    if canonical is None:
        return Endpoint(EndpointKind.UNKNOWN, None, path, query, ambiguous=True)
    method = method.upper()
    folded = canonical.lower()
    surface = _SURFACES.get(folded)
    if surface is not None:
        canonical = folded
    forward = quote(canonical, safe=_SAFE_IN_PATH)
    if method == "CONNECT" or _upgrades(headers):
        # A POST with an Upgrade header never completes its body for us, yet
        # the upstream may serve it.
        ambiguous = surface is not None and method == "POST"
        return Endpoint(EndpointKind.UNKNOWN, None, forward, query, ambiguous)
    if surface is not None and method == "POST":
        return Endpoint(EndpointKind.SURFACE, surface, forward, query)
    if method in {"GET", "HEAD"} and _carries_no_prompt(folded):
        return Endpoint(EndpointKind.PASS, None, _fold_pass(canonical), query)
    return Endpoint(EndpointKind.UNKNOWN, None, forward, query)


def canonical_path(path: str) -> str | None:
    """`path` decoded and without detours, in its own case; ``None`` when it has no one reading.

    Handled: percent-encoding, repeated up to `MAX_DECODINGS` times; backslashes;
    ``;parameters``; a query or fragment that was encoded; doubled and trailing
    slashes; dot segments. Refused: anything that is then not printable ASCII,
    broken escapes, absolute forms.
    """
    decoded = _decoded(path)
    if decoded is None or not decoded.startswith(("/", "\\")):
        return None
    decoded = re.split(r"[?#]", decoded, maxsplit=1)[0].replace("\\", "/")
    segments: list[str] = []
    for segment in decoded.split("/"):
        name = segment.partition(";")[0]
        if name == "..":
            del segments[-1:]
        elif name not in {"", "."}:
            segments.append(name)
    return "/" + "/".join(segments)


def _decoded(path: str) -> str | None:
    for _ in range(MAX_DECODINGS):
        if _PRINTABLE.fullmatch(path) is None or _BAD_ESCAPE.search(path):
            return None
        if "%" not in path:
            return path
        path = unquote_to_bytes(path).decode("latin-1")
    return None


def _upgrades(headers: Headers | None) -> bool:
    if not headers:
        return False
    tokens = headers.get("connection", "").lower().split(",")
    return "upgrade" in headers or any(token.strip() == "upgrade" for token in tokens)


def _carries_no_prompt(folded: str) -> bool:
    if folded in {_MODELS, _HEALTH}:
        return True
    prefix, _, name = folded.rpartition("/")
    return prefix == _MODELS and bool(name)


def _fold_pass(canonical: str) -> str:
    """Fixed parts in lower case; a model's id keeps its own."""
    head, tail = canonical[: len(_MODELS)].lower(), canonical[len(_MODELS) :]
    return head + quote(tail, safe=_SAFE_IN_PATH)

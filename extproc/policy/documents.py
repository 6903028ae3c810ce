"""The ``Policy`` document as written; sections are added by those who own them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field, TypeAdapter, create_model

from extproc.policy.identity import IdentityDocument
from extproc.policy.keys import ApiKeysDocument
from extproc.policy.model import DEADLINE_MS, MAX_BODY_BYTES, MAX_TEXT_BYTES, DenyOrAllow
from extproc.policy.patterns import PathPatterns, Patterns
from extproc.policy.section import OnError, Section, Strict
from extproc.routing.registry import ModelsDocument
from extproc.verdict import Mode

API_VERSION = "extproc/v1"
KINDS = ("Policy", "Models", "Identity", "ApiKeys")
LARGEST_BODY_BYTES = 64 * 1024 * 1024


class Metadata(Strict):
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
    """Unique in the set; stands in `x-ai-policy` and in metrics."""
    owner: Annotated[str, Field(max_length=128)] = ""


class MatchDocument(Strict):
    """Which requests the policy governs. A missing key matches everything."""

    callers: Patterns | None = None
    tenants: Patterns | None = None
    paths: PathPatterns | None = None
    models: Patterns | None = None


class OnUninspectable(Strict):
    """What happens to content that no inspector can read."""

    text: DenyOrAllow = "deny"
    """Token ids, and text over `max_text_bytes`."""
    media: DenyOrAllow = "allow"
    references: DenyOrAllow = "allow"


class PolicyHead(Strict):
    """Everything of a policy but its sections."""

    apiVersion: Literal["extproc/v1"]  # noqa: N815 -- Kubernetes' spelling
    kind: Literal["Policy"]
    metadata: Metadata
    match: MatchDocument = MatchDocument()
    mode: Mode = Mode.ENFORCE
    on_error: OnError = OnError.DENY
    unknown_endpoints: DenyOrAllow = "deny"
    on_uninspectable: OnUninspectable = OnUninspectable()
    max_body_bytes: Annotated[int, Field(ge=1, le=LARGEST_BODY_BYTES)] = MAX_BODY_BYTES
    max_text_bytes: Annotated[int, Field(ge=1, le=LARGEST_BODY_BYTES)] = MAX_TEXT_BYTES
    deadline_ms: Annotated[int, Field(ge=10, le=DEADLINE_MS)] = DEADLINE_MS
    """For all inspectors together; stays below Envoy's `message_timeout`."""
    usage: Literal["exact", "estimate"] = "estimate"


def policy_document(sections: Mapping[str, type[Section]]) -> type[PolicyHead]:
    """The document with these sections. A section is a field that may be left out."""
    fields = _fields(sections)
    return cast("type[PolicyHead]", create_model("Policy", __base__=PolicyHead, **fields))


def _fields(sections: Mapping[str, type[Section]]) -> dict[str, Any]:
    return {name: (section | None, None) for name, section in sections.items()}


def json_schema(sections: Mapping[str, type[Section]]) -> dict[str, Any]:
    """JSON Schema of every document kind, for editors."""
    policy = create_model("Policy", __base__=PolicyHead, **_fields(sections))
    kinds: tuple[type[BaseModel], ...] = (
        policy,
        ModelsDocument,
        IdentityDocument,
        ApiKeysDocument,
    )
    union: Any = kinds[0]
    for kind in kinds[1:]:
        union |= kind
    schema = TypeAdapter(Annotated[union, Field(discriminator="kind")]).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "extproc policy files",
        **schema,
    }

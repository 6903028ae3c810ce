"""A loaded policy and the set it belongs to: immutable, shared by all exchanges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from extproc.llm.view import Uninspectable
from extproc.policy.digest import DIGITS
from extproc.policy.lookup import Lookup, Match
from extproc.policy.section import OnError, Section
from extproc.verdict import Mode

if TYPE_CHECKING:
    from extproc.identity import IdentityConfig
    from extproc.routing.registry import Registry

DenyOrAllow = Literal["deny", "allow"]

UNINSPECTABLE_DEFAULT: Mapping[Uninspectable, DenyOrAllow] = {
    Uninspectable.TEXT: "deny",
    Uninspectable.MEDIA: "allow",
    Uninspectable.REFERENCES: "allow",
}

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_TEXT_BYTES = 512 * 1024
DEADLINE_MS = 20_000

SectionT = TypeVar("SectionT", bound=Section)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Policy:
    """One policy document with its defaults filled in. Compared by identity."""

    name: str
    owner: str
    fingerprint: str
    """64 hex digits over the canonical content and the registry: no other policy has it."""
    match: Match = field(default_factory=Match)
    mode: Mode = Mode.ENFORCE
    on_error: OnError = OnError.DENY
    unknown_endpoints: DenyOrAllow = "deny"
    on_uninspectable: Mapping[Uninspectable, DenyOrAllow] = field(
        default_factory=lambda: dict(UNINSPECTABLE_DEFAULT)
    )
    max_body_bytes: int = MAX_BODY_BYTES
    max_text_bytes: int = MAX_TEXT_BYTES
    usage: Literal["exact", "estimate"] = "estimate"
    deadline_ms: int = DEADLINE_MS
    sections: Mapping[str, Section] = field(default_factory=dict)
    """Settings by section name; sections that are absent or off are left out."""
    source: str = ""
    """``file:line`` it came from."""
    document: Mapping[str, object] = field(default_factory=dict)
    """The canonical content, for the audit's diff."""

    @property
    def digest(self) -> str:
        """The first 8 of the fingerprint, for people to read."""
        return self.fingerprint[:DIGITS]

    @property
    def ref(self) -> str:
        """``name@digest8``, as in `x-ai-policy`."""
        return f"{self.name}@{self.digest}"

    def section(self, settings: type[SectionT]) -> SectionT | None:
        """The settings of this class; ``None`` when the section is off or absent."""
        for section in self.sections.values():
            if isinstance(section, settings):
                return section
        return None

    def mode_of(self, section: Section) -> Mode:
        """The section's own mode, else the policy's."""
        return section.mode if section.mode is not None else self.mode

    def on_error_of(self, section: Section) -> OnError:
        """The section's own `on_error`, else the policy's."""
        return section.on_error if section.on_error is not None else self.on_error


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class PolicySet:
    """All policies of a directory at one moment, with what they refer to."""

    policies: tuple[Policy, ...]
    registry: Registry
    identity: IdentityConfig | None
    """``None`` when the set has no Identity document."""
    digest: str
    """8 hex digits over policies, registry, identity and keys."""
    content: Mapping[str, object] = field(default_factory=dict)
    """Canonical content of everything: policies by name, models, identity, keys."""
    watched: tuple[Path, ...] = ()
    """Files outside the directory that the set was read from too."""
    warnings: tuple[str, ...] = ()
    """What is unwise and allowed, for the log and `policy check`."""
    _lookup: Lookup[Policy] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        index = Lookup((policy.match, policy) for policy in self.policies)
        object.__setattr__(self, "_lookup", index)

    def lookup(self, *, caller: str, tenant: str, path: str, model: str | None) -> Policy | None:
        """The most specific policy that matches, see `extproc.policy.lookup`."""
        return self._lookup.find(caller=caller, tenant=tenant, path=path, model=model)

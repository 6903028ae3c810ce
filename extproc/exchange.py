"""One exchange while it is being decided: what came in, and what inspectors learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extproc.events import Headers
from extproc.verdict import Code, Finding

if TYPE_CHECKING:
    from extproc.answers import Placed
    from extproc.llm.view import ChatView
    from extproc.policy.model import Policy


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is calling, by a source the policy set declares."""

    caller: str
    """A SPIFFE id, a JWT subject or the name of an API key."""
    tenant: str
    source: str
    """``mtls``, ``workload``, ``jwt``, ``api_key`` or ``header``; ``anonymous`` for exempt methods."""
    session: str | None = None
    """From a declared trusted header or claim."""


NOBODY = Identity("", "", "none")
"""Before an identity has been accepted."""


@dataclass(frozen=True, slots=True)
class Request:
    """The request line and headers, made unambiguous once at entry."""

    method: str
    path: str
    """Canonical: percent-decoded, lower case, no query, no doubled or trailing slashes."""
    query: str
    headers: Headers
    attributes: Mapping[str, str]
    metadata: Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What the request holds, as a label and where it may go."""

    label: str
    """``public`` when nothing was found."""
    entities: tuple[str, ...] = ()
    """Entity types found, sorted, without values."""
    pools: frozenset[str] | None = None
    """Pools the data may go to; ``None`` for no limit."""


@dataclass(frozen=True, slots=True)
class Route:
    """Which model serves the exchange: names of the registry."""

    model: str
    pool: str
    upstream_name: str
    """What the body's `model` must say."""
    version: str
    variant: str | None = None
    """Arm of the experiment, when one applies."""
    experiment: str | None = None
    rerouted: bool = False
    """Residency or health took it away from the model asked for."""
    input_usd_per_mtok: float = 0.0
    output_usd_per_mtok: float = 0.0


@dataclass(frozen=True, slots=True)
class CacheResult:
    """What the cache said: the value of `x-ai-cache`, and how near a similar hit was."""

    state: str = "bypass"
    """``hit-exact``, ``hit-semantic``, ``miss`` or ``bypass``."""
    similarity: float | None = None
    key: str | None = None
    """Set on a miss whose answer may be stored."""
    usage: Mapping[str, int] | None = None
    """On hits: tokens of the stored answer, ``input`` and ``output``; not billed."""
    estimated: bool = False
    """Whether `usage` is our count: the answer itself did not say."""
    origin: str | None = None
    """On hits: id of the exchange that the answer was made for; a purge by audit id takes it."""


BYPASS = CacheResult()


@dataclass(frozen=True, slots=True)
class Reservation:
    """Spend and tokens set aside before forwarding, settled from the outcome."""

    tenant: str
    budget_key: str | None
    """``None`` when no budget applies."""
    usd: float
    tokens_key: str | None
    tokens: int


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one inspector took, for traces and metrics; monotonic nanoseconds."""

    inspector: str
    start_ns: int
    end_ns: int


@dataclass(slots=True)
class Exchange:
    """Mutable, one per request, never shared between requests."""

    request_id: str
    received_at: float
    """Unix seconds."""
    request: Request
    identity: Identity
    policy: Policy
    """The snapshot that holds for the whole exchange."""
    view: ChatView | None = None
    """``None`` for requests without an inspectable document."""
    traceparent: str | None = None
    """To hand upstream; ``None`` for none."""
    trace: str | None = None
    """The exchange's own span, as the tracer remembers it; ``None`` when nobody traces."""
    prompt_hmac: str | None = None
    """Keyed digest of the body as read."""
    input_tokens: int = 0
    """Our count of the request's text, an estimate for foreign tokenizers."""
    output_tokens: int | None = None
    """Of the answer, once it was read: its own number, or our count of a stream without one."""
    sensitivity: Sensitivity = Sensitivity("public")
    route: Route | None = None
    cache: CacheResult = BYPASS
    reservation: Reservation | None = None
    findings: list[Finding] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    """Every code that refused or, in monitor mode, would have."""
    coverage: list[str] = field(default_factory=list)
    """What was not inspected, as ``kind:what:path``."""
    timings: list[Timing] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    """Final score in [0, 1] by inspector, below the threshold too."""
    redacted: bool = False
    """The model gets less than the client sent: the answer belongs to this exchange alone."""
    filters: list[Placed] = field(default_factory=list, repr=False)
    """What is to see the answer, in the order of the pipeline. May hold values of the request."""

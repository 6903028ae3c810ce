"""What a proxy does, with every default filled in and every override resolved.

Durations are seconds; 0 where Envoy takes zero for "none". Places say where a value was written,
or, for a default, where it would have been.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from extproc.doctor.node import Node, Place

POOL_HEADER = "x-ai-pool"
OWN_PREFIX = "x-ai-"
NAMESPACE = "extproc"
"""The dynamic metadata in which the service writes its decision."""


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    GATEWAY = "gateway"
    UNKNOWN = "unknown"


class State(StrEnum):
    """What becomes of a request on its way to a cluster."""

    INSPECTED = "inspected"
    DISABLED = "disabled"
    ABSENT = "absent"
    PARTIAL = "partial"
    """Behind a matcher: some requests are inspected and others are not."""


@dataclass(frozen=True, slots=True)
class Version:
    """Of Envoy."""

    major: int
    minor: int
    written: str
    place: Place

    def below(self, minor: int) -> bool:
        return (self.major, self.minor) < (1, minor)


@dataclass(frozen=True, slots=True)
class Modes:
    """How headers and bodies are sent to the service."""

    request_headers: str
    request_body: str
    response_headers: str
    response_body: str


@dataclass(frozen=True, slots=True)
class ExtProc:
    """An ext_proc filter as it acts on one route: its own configuration below the overrides."""

    base: Node
    overrides: tuple[Node, ...]
    """Most specific first."""
    cluster: str
    """Of the service; "" where the filter uses Google's gRPC client."""
    target: str
    """Google gRPC target."""
    failure_mode_allow: bool
    message_timeout: float
    stream_timeout: float
    modes: Modes
    receiving: tuple[str, ...]
    forwarding: tuple[str, ...]

    def where(self, name: str) -> Place:
        """Where that field comes from."""
        for node in self.overrides:
            if node.has(name):
                return node.get(name).place
        return self.base.get(name).place

    @property
    def place(self) -> Place:
        return self.base.place


@dataclass(frozen=True, slots=True)
class Inspection:
    """Whether the service sees what goes to a target, and what decides that."""

    state: State
    place: Place
    ext: ExtProc | None = None

    @property
    def complete(self) -> bool:
        return self.state is State.INSPECTED


@dataclass(frozen=True, slots=True)
class Target:
    """A cluster that a route may send to. A cluster named by a header has the name ``{header}``."""

    cluster: str
    place: Place
    inspections: tuple[Inspection, ...]
    """One for each of our filters in the chain, or a single one that says there is none."""

    @property
    def inspected(self) -> bool:
        return any(each.complete for each in self.inspections)

    @property
    def first(self) -> Inspection:
        return next((each for each in self.inspections if each.complete), self.inspections[0])


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    place: Place
    match: Node
    targets: tuple[Target, ...]
    mirrors: tuple[tuple[str, Place], ...]
    pool: str
    """The pool that its match asks of the `x-ai-pool` header; "" where it does not."""
    own_headers: tuple[str, ...]
    """Headers of ours that its match or its cluster is chosen by."""
    answers: int
    """Status of a direct response; 0 where it forwards."""
    redirects: bool
    timeout: float
    timeout_place: Place
    idle_timeout: float | None
    idle_place: Place
    max_duration: float | None
    duration_place: Place
    per_try_timeout: float
    retry: Node
    internal_redirect: Node
    buffer: float | None
    """Limit of buffered bytes that replaces the listener's."""
    buffer_cap: float | None
    """Limit beside the listener's: the lower one holds."""
    buffer_place: Place

    @property
    def forwards(self) -> bool:
        return bool(self.targets)

    def buffered(self, listener: Listener) -> tuple[float, Place]:
        """How many bytes of a request can be buffered, and where that is written."""
        if self.buffer is not None:
            return self.buffer, self.buffer_place
        if self.buffer_cap is not None and self.buffer_cap < listener.buffer:
            return self.buffer_cap, self.buffer_place
        return listener.buffer, listener.buffer_place

    @property
    def any_path(self) -> bool:
        """Takes every path and every header: nothing falls past it."""
        names = set(self.match.members())
        return names <= {"prefix", "name"} and self.match.get("prefix").text("/") == "/"


@dataclass(frozen=True, slots=True)
class VirtualHost:
    name: str
    domains: tuple[str, ...]
    place: Place
    routes: tuple[Route, ...]
    enables: frozenset[str] = frozenset()
    """Filters that it has an entry for which does not switch them off."""


@dataclass(frozen=True, slots=True)
class RouteTable:
    name: str
    place: Place
    hosts: tuple[VirtualHost, ...]


@dataclass(frozen=True, slots=True)
class HttpFilter:
    name: str
    kind: str
    """The message of its configuration, such as ``ExternalProcessor``; else from its name."""
    place: Place
    config: Node
    disabled: bool
    optional: bool
    guarded: bool
    """Behind a matcher, which may skip it."""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class AccessLog:
    """A gRPC access log."""

    cluster: str
    place: Place
    condition: str
    """All text of its filter; "" where it logs everything."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    kind: str
    place: Place
    filters: tuple[HttpFilter, ...] | None
    """Its own chain; None where the manager's is used."""


@dataclass(frozen=True, slots=True)
class HttpManager:
    place: Place
    node: Node
    direction: Direction
    filters: tuple[HttpFilter, ...]
    upgrades: tuple[Upgrade, ...]
    tables: tuple[RouteTable, ...]
    unresolved: str
    """Why its routes are not known; "" where they are."""
    stream_idle_timeout: float
    idle_place: Place
    max_stream_duration: float
    duration_place: Place
    removed: tuple[str, ...]
    """Headers removed from requests before our filter; a prefix ends in ``*``."""
    logs: tuple[AccessLog, ...]

    @property
    def ours(self) -> tuple[HttpFilter, ...]:
        return tuple(each for each in self.filters if each.ours)

    def routes(self) -> Iterator[tuple[VirtualHost, Route]]:
        for table in self.tables:
            for host in table.hosts:
                for route in host.routes:
                    yield host, route

    def governed(self) -> bool:
        """Whether our filter acts on any of its routes (or may, where routes are unknown)."""
        if not self.ours:
            return False
        if self.unresolved:
            return any(not each.disabled for each in self.ours)
        return any(t.inspected for _, route in self.routes() for t in route.targets) or any(
            not each.disabled for each in self.ours
        )


@dataclass(frozen=True, slots=True)
class ClientTls:
    """TLS as a server speaks it."""

    place: Place
    requires_certificate: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """A filter chain: HTTP, or bytes to clusters."""

    place: Place
    server_names: tuple[str, ...]
    tls: ClientTls | None
    http: HttpManager | None
    tcp: tuple[Target, ...]
    raw: bool
    """Its match takes plain connections only, or does not look at the transport."""


@dataclass(frozen=True, slots=True)
class Listener:
    name: str
    place: Place
    direction: Direction
    buffer: float
    buffer_place: Place
    loopback: bool
    chains: tuple[Chain, ...]


@dataclass(frozen=True, slots=True)
class ServerTls:
    """TLS as a client speaks it."""

    place: Place
    verified: bool
    names_checked: bool
    sni: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Circuit breakers of the default priority."""

    place: Place
    connections: float
    pending: float
    requests: float


@dataclass(frozen=True, slots=True)
class Cluster:
    name: str
    place: Place
    kind: str
    """Its discovery: ``STATIC``, ``EDS``, ``ORIGINAL_DST``, or the type of a custom one."""
    hosts: tuple[str, ...]
    """Names and addresses of its endpoints; a unix socket is its path."""
    tls: ServerTls | None
    mesh_tls: bool
    """Speaks the mesh's mutual TLS to endpoints that offer it."""
    http2: bool
    limits: Limits
    members: tuple[str, ...]
    """Clusters that an aggregate cluster falls over to."""
    failover: Place | None
    """Where endpoints of other regions are a fallback; None where they are not."""
    connect_timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class Workload:
    """Pods that run the service."""

    name: str
    place: Place
    grace: float
    grace_place: Place
    pre_stop: bool


@dataclass(frozen=True, slots=True)
class Proxy:
    """One Envoy; made of a folder of manifests, one for each context that patches name."""

    name: str
    place: Place
    listeners: tuple[Listener, ...]
    clusters: Mapping[str, Cluster]
    all_clusters: bool
    """Whether a cluster that is not here does not exist."""
    version: Version | None = None
    oldest: int = 0
    """Minor version of the oldest Envoy that these manifests reach; 0 where that is not known."""
    from_manifests: bool = False

    def managers(self) -> Iterator[tuple[Listener, Chain, HttpManager]]:
        for listener in self.listeners:
            for chain in listener.chains:
                if chain.http is not None:
                    yield listener, chain, chain.http


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the forms of input tell beside the proxies themselves."""

    topic: str
    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Subject:
    """All that was read."""

    proxies: tuple[Proxy, ...]
    workloads: tuple[Workload, ...] = ()
    remarks: tuple[Remark, ...] = ()

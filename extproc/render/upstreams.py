"""What Envoy needs to know of a model pool, and of the address of our own service."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt"
"""Where Debian, Alpine and the Envoy image keep them."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A TCP address."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """``host:port`` or ``[v6]:port``. Raises `ValueError` for anything else."""
        host, colon, port = text.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        if not colon or not host or not port.isascii() or not port.isdigit():
            raise ValueError(f"{text!r} is not HOST:PORT")
        if not 0 < int(port) < 65536:
            raise ValueError(f"{text!r}: the port must lie in 1..65535")
        return cls(host, int(port))

    @property
    def is_ip(self) -> bool:
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return False
        return True

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Injected:
    """A secret of Envoy's that it sends with every request to a pool."""

    secret: str
    header: str
    file: str
    """Holds the header's whole value."""
    discovery: str = ""
    """Tells Envoy where `file` is, so that it reads it again when it is replaced. Without it the
    secret is part of the bootstrap, and is read at start."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """One model pool: the Envoy cluster and route of the same name."""

    name: str
    endpoints: Sequence[Endpoint]
    tls: bool = False
    timeout: timedelta = timedelta(minutes=10)
    """From the end of the request to the end of the answer."""
    idle_timeout: timedelta = timedelta(minutes=5)
    """Without a byte in either direction; a model that thinks is silent."""
    ca_file: str = SYSTEM_ROOTS
    """PEM file with the roots to trust, where `tls` is on. Envoy has no default for it."""
    credential: Injected | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Where our gRPC service listens."""

    address: Endpoint | str
    """A TCP address or the path of a unix socket."""

    @classmethod
    def parse(cls, text: str) -> Service:
        """``host:port`` or ``unix:PATH``."""
        if text.startswith("unix:"):
            return cls(text.removeprefix("unix:"))
        return cls(Endpoint.parse(text))

    def __str__(self) -> str:
        return f"unix:{self.address}" if isinstance(self.address, str) else str(self.address)

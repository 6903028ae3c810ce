"""What `extproc up` is told, and what is wrong with it in one sentence."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from extproc.render.upstreams import Endpoint

HOST = "127.0.0.1"
DEFAULT_PORT = 10000


class UpError(Exception):
    """Why it cannot run or had to end; the message is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything listens on loopback only."""

    listener: int = DEFAULT_PORT
    admin: int = 9464
    extproc: int = 50051
    envoy_admin: int = 9901

    def options(self) -> Mapping[str, int]:
        return {
            "--port": self.listener,
            "--admin-port": self.admin,
            "--extproc-port": self.extproc,
            "--envoy-admin-port": self.envoy_admin,
        }

    def check(self) -> None:
        """Raises `UpError` for a port that is named twice or taken.

        Envoy shares its port with any other process that asks the same way, so a
        taken port has to be found before it starts.
        """
        seen: dict[int, str] = {}
        for option, port in self.options().items():
            if port in seen:
                raise UpError(f"{option} and {seen[port]} are both {port}")
            seen[port] = option
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError as error:
                    raise UpError(f"port {port} is taken ({option}): {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of `extproc up`."""

    policies: Path
    data_dir: Path
    ports: Ports = Ports()
    state: str = "memory://"
    upstreams: Mapping[str, Endpoint] = field(default_factory=dict)
    """Pools that are not simulated."""


def parse_upstreams(texts: list[str]) -> dict[str, Endpoint]:
    """``POOL=HOST:PORT`` each. Raises `UpError`."""
    found: dict[str, Endpoint] = {}
    for text in texts:
        pool, equals, where = text.partition("=")
        if not equals or not pool:
            raise UpError(f"--upstream {text}: must be POOL=HOST:PORT")
        if pool in found:
            raise UpError(f"--upstream {text}: {pool} is given twice")
        try:
            found[pool] = Endpoint.parse(where)
        except ValueError as error:
            raise UpError(f"--upstream {text}: {error}") from error
    return found

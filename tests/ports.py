"""Ports of this machine for the servers that tests start."""

from __future__ import annotations

import itertools
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path

HOST = "127.0.0.1"
_LOWEST = 10_240
_BUS = 10_000
"""A cluster node of Redis listens this far above its port as well."""
_HIGHEST = 65_535 - _BUS
_GIVEN_TO_ANYONE = Path("/proc/sys/net/ipv4/ip_local_port_range")
"""What Linux takes for sockets that do not say which port: the clients of other tests have those."""


def free_port() -> int:
    """A port that nobody has, and that nobody else gets between now and its use.

    The system hands it to no client, no other worker of this run draws it, and this
    one not again. Asking the system for any free port and closing it promises none of that.
    """
    return next(port for port in _order if _is_free(port))


def free_ports(number: int) -> list[int]:
    """Different ones."""
    return [free_port() for _ in range(number)]


def _drawn() -> Iterator[int]:
    lowest_given = int(_GIVEN_TO_ANYONE.read_text().split()[0]) if _GIVEN_TO_ANYONE.exists() else 0
    below = range(_LOWEST, lowest_given - _BUS)
    ports = below if len(below) > _BUS // 10 else range(_LOWEST, _HIGHEST + 1)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    own = ports[int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) :: workers]
    return itertools.cycle(random.SystemRandom().sample(own, len(own)))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


_order = _drawn()

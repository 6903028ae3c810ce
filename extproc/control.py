"""The control service: what an operator can ask of the running process.

It listens on a unix socket below the data directory, mode 0600: who may open
the file may use it. Nothing of it is reachable over the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import grpc

from extproc import __version__
from extproc._protos.control.v1 import control_pb2 as pb
from extproc._protos.control.v1.control_pb2_grpc import (
    ControlServicer,
    add_ControlServicer_to_server,
)
from extproc.admin.http import Check
from extproc.policy.reload import ReloadStatus
from extproc.state import StateUnavailable
from extproc.state.entries import Purge

SOCKET = "control.sock"
MAX_SOCKET_PATH = 100
"""Bytes. The kernel allows 107; gRPC adds a little."""

_Context = Any
"""`grpc.aio.ServicerContext`; the package ships no types."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the process is doing."""

    started_at: float
    draining: bool
    deciding: int
    open: int
    checks: Mapping[str, Check]
    policies: ReloadStatus


class Operations(Protocol):
    """What the process can do for an operator."""

    def standing(self) -> Standing: ...

    async def reload(self, by: str) -> ReloadStatus: ...

    async def drain(self, seconds: float | None) -> int:
        """Returns how many exchanges are still in flight after `seconds`."""
        ...

    async def purge(self, what: Purge) -> int:
        """Returns how many stored answers were removed. Raises `StateUnavailable`."""
        ...


class Control(ControlServicer):
    """Translates between the wire and `Operations`."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    async def Status(self, _: pb.StatusRequest, __: _Context) -> pb.StatusResponse:  # noqa: N802 - gRPC's name
        now = self._operations.standing()
        ready = all(check.ok or not check.required for check in now.checks.values())
        return pb.StatusResponse(
            version=__version__,
            started_at=now.started_at,
            ready=ready,
            draining=now.draining,
            policies=_policies(now.policies),
            deciding=now.deciding,
            open=now.open,
            checks={
                name: pb.Check(ok=check.ok, reason="" if check.ok else check.detail or "")
                for name, check in now.checks.items()
            },
        )

    async def Reload(self, _: pb.ReloadRequest, __: _Context) -> pb.ReloadResponse:  # noqa: N802
        before = self._operations.standing().policies.digest
        status = await self._operations.reload("control")
        return pb.ReloadResponse(policies=_policies(status), changed=status.digest != before)

    async def Drain(self, _: pb.DrainRequest, context: _Context) -> pb.DrainResponse:  # noqa: N802
        remaining = await self._operations.drain(context.time_remaining())
        return pb.DrainResponse(remaining=remaining)

    async def PurgeCache(  # noqa: N802
        self, request: pb.PurgeCacheRequest, context: _Context
    ) -> pb.PurgeCacheResponse:
        what = Purge(request.request_id or None, request.tenant or None, request.model or None)
        if what == Purge():
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "nothing is named")
        try:
            return pb.PurgeCacheResponse(removed=await self._operations.purge(what))
        except StateUnavailable:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the cache store is unavailable")
            raise


def _policies(status: ReloadStatus) -> pb.PolicyState:
    return pb.PolicyState(
        ok=status.ok,
        digest=status.digest or "",
        loaded_at=status.loaded_at or 0.0,
        errors=(status.error or "").splitlines(),
    )


async def open_control(data_dir: Path, operations: Operations) -> grpc.aio.Server:
    """Serves on the socket below `data_dir`.

    Raises `OSError` when its path is too long for a unix socket.
    """
    path = data_dir / SOCKET
    if len(str(path).encode()) > MAX_SOCKET_PATH:
        raise OSError(f"{path} is over {MAX_SOCKET_PATH} bytes, too long for a unix socket")
    server = grpc.aio.server()
    add_ControlServicer_to_server(Control(operations), server)
    server.add_insecure_port(f"unix:{path}")
    path.chmod(0o600)
    await server.start()
    return server

"""`extproc status`, `reload` and `drain`: ask the running service, over its control socket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from extproc._protos.control.v1.control_pb2 import PolicyState

DATA_DIR = Annotated[
    Path,
    typer.Option(envvar="EXTPROC_DATA_DIR", help="Data directory of the running service."),
]
QUICK_S = 10.0


def status(data_dir: DATA_DIR = Path(".extproc")) -> None:
    """Show whether the service is ready, its policy set and what is in flight. Exit 1 if not."""
    from extproc._protos.control.v1.control_pb2 import StatusRequest  # noqa: PLC0415

    answer = ask(data_dir, lambda stub: stub.Status(StatusRequest(), timeout=QUICK_S))
    typer.echo(f"extproc {answer.version}: {'ready' if answer.ready else 'not ready'}")
    _show(answer.policies)
    typer.echo(f"deciding {answer.deciding}, waiting for outcomes {answer.open}")
    for name, check in sorted(answer.checks.items()):
        typer.echo(f"{name}: {'ok' if check.ok else f'failed {check.reason}'.rstrip()}")
    raise typer.Exit(0 if answer.ready else 1)


def reload(data_dir: DATA_DIR = Path(".extproc")) -> None:
    """Read the policy files now. Exit 1 when they are invalid; the last good set then stays."""
    from extproc._protos.control.v1.control_pb2 import ReloadRequest  # noqa: PLC0415

    answer = ask(data_dir, lambda stub: stub.Reload(ReloadRequest(), timeout=QUICK_S))
    _show(answer.policies)
    raise typer.Exit(0 if answer.policies.ok else 1)


def drain(
    data_dir: DATA_DIR = Path(".extproc"),
    seconds: Annotated[float, typer.Option(help="How long to wait.", min=0.1)] = 30.0,
) -> None:
    """Take the service out of rotation and wait until nothing is in flight. Exit 1 if something is."""
    from extproc._protos.control.v1.control_pb2 import DrainRequest  # noqa: PLC0415

    answer = ask(data_dir, lambda stub: stub.Drain(DrainRequest(), timeout=seconds))
    typer.echo(f"{answer.remaining} exchanges in flight")
    raise typer.Exit(1 if answer.remaining else 0)


def _show(policies: PolicyState) -> None:
    typer.echo(f"policies {policies.digest}{'' if policies.ok else ', the files are invalid:'}")
    for error in policies.errors:
        typer.echo(f"  {error}")


def ask(data_dir: Path, call):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - any verb, any answer
    """Calls the control service; exits with 2 and a message when none answers."""
    import grpc  # noqa: PLC0415 - half a second that other commands need not wait

    from extproc._protos.control.v1.control_pb2_grpc import ControlStub  # noqa: PLC0415
    from extproc.control import SOCKET  # noqa: PLC0415

    path = (data_dir / SOCKET).resolve()
    with grpc.insecure_channel(f"unix:{path}") as channel:
        try:
            return call(ControlStub(channel))
        except grpc.RpcError as error:
            typer.echo(f"no service answers at {path}: {error.code().name.lower()}", err=True)
            raise typer.Exit(2) from None

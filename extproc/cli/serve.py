"""`extproc serve`: the service alone, for a sidecar or a Deployment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

POLICIES = Annotated[
    Path,
    typer.Option(
        envvar="EXTPROC_POLICIES", help="Directory with the policy set.", show_default=False
    ),
]
LISTEN = Annotated[
    str,
    typer.Option(
        envvar="EXTPROC_LISTEN",
        help="Where Envoy reaches the gRPC services: host:port or unix:PATH, a socket for its owner and group.",
    ),
]
ADMIN = Annotated[
    str,
    typer.Option(
        envvar="EXTPROC_ADMIN_LISTEN", help="host:port of /healthz, /readyz and /metrics."
    ),
]
DATA_DIR = Annotated[
    Path,
    typer.Option(envvar="EXTPROC_DATA_DIR", help="Holds the audit log, keys and control socket."),
]
STATE = Annotated[
    str,
    typer.Option(
        envvar="EXTPROC_STATE",
        help="memory:// or redis://, rediss://, unix:// with address; shared by all sidecars.",
    ),
]
DEVELOPMENT = Annotated[
    bool,
    typer.Option(
        "--development-identity",
        envvar="EXTPROC_DEVELOPMENT_IDENTITY",
        help="Accept the API key 'dev' where the policy set declares no identity. "
        "Never in production.",
    ),
]
WORKERS = Annotated[
    int,
    typer.Option(envvar="EXTPROC_WORKERS", min=0, help="Threads for models; 0 is one per core."),
]
MAX_DECIDING = Annotated[
    int,
    typer.Option(
        envvar="EXTPROC_MAX_DECIDING",
        min=1,
        help="Requests in inspection at once; more get 503 overloaded.",
    ),
]
DRAIN = Annotated[
    float,
    typer.Option(
        envvar="EXTPROC_DRAIN_SECONDS",
        min=0,
        help="How long exchanges in flight may take to finish after SIGTERM.",
    ),
]
EMBEDDER = Annotated[
    str,
    typer.Option(
        envvar="EXTPROC_EMBEDDER",
        help="onnx, or sentence-transformers:<model> with the extra of that name installed.",
    ),
]


def serve(  # noqa: PLR0917 - typer's options
    policies: POLICIES,
    listen: LISTEN = "127.0.0.1:50051",
    admin_listen: ADMIN = "127.0.0.1:9464",
    data_dir: DATA_DIR = Path(".extproc"),
    state: STATE = "memory://",
    development_identity: DEVELOPMENT = False,
    workers: WORKERS = 0,
    max_deciding: MAX_DECIDING = 256,
    drain_seconds: DRAIN = 30.0,
    embedder: EMBEDDER = "onnx",
) -> None:
    """Serve ext_proc, the access log, health, metrics and the control socket."""
    # Imported here so that `--help` and the other commands stay quick.
    from extproc.server import Settings, serve_forever  # noqa: PLC0415

    host, _, port = admin_listen.rpartition(":")
    if not port.isdecimal():
        raise typer.BadParameter("must be host:port", param_hint="--admin-listen")
    raise typer.Exit(
        serve_forever(
            Settings(
                policies=policies,
                listen=listen,
                admin_host=host,
                admin_port=int(port),
                data_dir=data_dir,
                state=state,
                development_identity=development_identity,
                workers=workers or os.cpu_count() or 1,
                max_deciding=max_deciding,
                drain_s=drain_seconds,
                embedder=embedder,
            )
        )
    )

"""`extproc up`: everything on this machine, for development and demonstration."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from extproc import resources

DEFAULT_PORT = 10000


def up(  # noqa: PLR0917 - typer's options
    policies: Annotated[
        Path | None,
        typer.Option(
            envvar="EXTPROC_POLICIES",
            metavar="DIR",
            help="Directory with the policy set.",
            show_default="the default set, which is for development",
        ),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            envvar="EXTPROC_DATA_DIR",
            metavar="DIR",
            help="Holds the audit log, keys, Envoy's configuration and all logs.",
            show_default=".extproc; .extproc-PORT beside another --port",
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option(
            envvar="EXTPROC_PORT", min=1, max=65535, help="Where clients connect, on 127.0.0.1."
        ),
    ] = DEFAULT_PORT,
    admin_port: Annotated[
        int,
        typer.Option(
            envvar="EXTPROC_ADMIN_PORT",
            min=1,
            max=65535,
            help="The service's /healthz, /readyz and /metrics.",
        ),
    ] = 9464,
    extproc_port: Annotated[
        int,
        typer.Option(
            envvar="EXTPROC_EXTPROC_PORT",
            min=1,
            max=65535,
            help="The service's gRPC port, for Envoy.",
        ),
    ] = 50051,
    envoy_admin_port: Annotated[
        int,
        typer.Option(
            envvar="EXTPROC_ENVOY_ADMIN_PORT", min=1, max=65535, help="Envoy's own admin pages."
        ),
    ] = 9901,
    state: Annotated[
        str,
        typer.Option(
            envvar="EXTPROC_STATE",
            help="memory:// or redis://HOST:PORT/DB: limits, budgets and cache.",
        ),
    ] = "memory://",
    upstream: Annotated[
        list[str] | None,
        typer.Option(
            envvar="EXTPROC_UPSTREAM",
            metavar="POOL=HOST:PORT",
            help="A real server for a pool instead of the simulator; repeatable, in the "
            "variable separated by spaces.",
        ),
    ] = None,
) -> None:
    """Run Envoy, the service and simulated model pools until Ctrl-C.

    Prints `ready URL` once requests are served. Everything listens on 127.0.0.1.
    The default policy set accepts the API key `dev`: it is for development.
    """
    # Imported here so that `--help` and the other commands stay quick.
    from extproc.local.settings import Ports, Settings, UpError, parse_upstreams  # noqa: PLC0415
    from extproc.policy.errors import PolicyErrors  # noqa: PLC0415

    if policies is None:
        typer.echo("the default policies are for development: they accept the key `dev`", err=True)
    try:
        settings = Settings(
            policies=policies or resources.path("policies"),
            data_dir=data_dir or _default_data_dir(port),
            ports=Ports(port, admin_port, extproc_port, envoy_admin_port),
            state=state,
            upstreams=parse_upstreams(upstream or []),
        )
        settings.ports.check()
        from extproc.local.up import run  # noqa: PLC0415 - takes seconds, so mistakes come first

        run(settings, sys.stdout)
    except PolicyErrors as errors:
        typer.echo(f"{errors}", err=True)
        raise typer.Exit(1) from None
    except (UpError, OSError) as error:
        typer.echo(f"extproc up: {error}", err=True)
        raise typer.Exit(1) from None


def _default_data_dir(port: int) -> Path:
    return Path(".extproc") if port == DEFAULT_PORT else Path(f".extproc-{port}")

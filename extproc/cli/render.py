"""`extproc render`: configuration for the proxies that extproc is attached to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Write the configuration of proxies.")


@app.callback()
def _group() -> None:
    """Keeps `envoy` a command of its own while it is the only one."""


@app.command()
def envoy(
    policies: Annotated[
        Path,
        typer.Option(
            envvar="EXTPROC_POLICIES", metavar="DIR", help="The policy set, for its pools."
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            envvar="EXTPROC_OUT",
            metavar="DIR",
            help="Write DIR/envoy.json; without it, print.",
        ),
    ] = None,
    service: Annotated[
        str,
        typer.Option(
            envvar="EXTPROC_LISTEN", help="Where `extproc serve` listens: host:port or unix:PATH."
        ),
    ] = "127.0.0.1:50051",
    listen: Annotated[
        str, typer.Option(envvar="EXTPROC_ENVOY_LISTEN", help="Where clients connect.")
    ] = "127.0.0.1:10000",
    admin: Annotated[
        str, typer.Option(envvar="EXTPROC_ENVOY_ADMIN", help="Envoy's own admin pages.")
    ] = "127.0.0.1:9901",
) -> None:
    """Write an Envoy bootstrap with the pools of a policy set, as JSON."""
    # Imported here so that `--help` and the other commands stay quick.
    from extproc.inspectors import SECTIONS  # noqa: PLC0415
    from extproc.policy.errors import PolicyErrors  # noqa: PLC0415
    from extproc.policy.load import load  # noqa: PLC0415
    from extproc.render.bootstrap import static_bootstrap  # noqa: PLC0415
    from extproc.render.pools import buffer_bytes, upstream  # noqa: PLC0415
    from extproc.render.upstreams import Endpoint, Service  # noqa: PLC0415

    try:
        loaded = load(policies, SECTIONS)
        document = static_bootstrap(
            [upstream(pool) for pool in loaded.registry.pools.values()],
            service=Service.parse(service),
            listen=Endpoint.parse(listen),
            admin=Endpoint.parse(admin),
            buffer_bytes=buffer_bytes(loaded),
        )
    except PolicyErrors as errors:
        typer.echo(f"{errors}", err=True)
        raise typer.Exit(1) from None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    text = json.dumps(document, indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    (out / "envoy.json").write_text(text)
    typer.echo(out / "envoy.json")

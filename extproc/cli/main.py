"""The `extproc` command: mounts what the other modules of this package define."""

from __future__ import annotations

import typer

from extproc import __version__
from extproc.cli import audit, cache, policy, render
from extproc.cli.control import drain, reload, status
from extproc.cli.doctor import doctor
from extproc.cli.serve import serve
from extproc.cli.up import up

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Govern AI traffic from an Envoy sidecar: who may send what, to which model, and proof.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Every option can also be set by the environment variable that its help names."""


app.command()(up)
app.command()(serve)
app.command()(doctor)
for verb in (status, reload, drain):
    app.command()(verb)
app.add_typer(policy.app, name="policy")
app.add_typer(audit.app, name="audit")
app.add_typer(cache.app, name="cache")
app.add_typer(render.app, name="render")

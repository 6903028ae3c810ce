"""`extproc cache purge`: removes stored answers from the running service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extproc.cli.control import DATA_DIR, ask

app = typer.Typer(no_args_is_help=True, help="What the service keeps to answer from memory.")
PURGE_S = 120.0


@app.callback()
def cache() -> None:
    """Keeps `purge` a verb of its own."""


@app.command()
def purge(
    data_dir: DATA_DIR = Path(".extproc"),
    request_id: Annotated[
        str, typer.Option(help="Audit id (x-ai-request-id) of the exchange the answer came from.")
    ] = "",
    tenant: Annotated[str, typer.Option(help="Answers of this tenant.")] = "",
    model: Annotated[str, typer.Option(help="Answers of this model: NAME or NAME@VERSION.")] = "",
) -> None:
    """Remove stored answers; with several options, those that match all of them."""
    from extproc._protos.control.v1.control_pb2 import PurgeCacheRequest  # noqa: PLC0415

    if not (request_id or tenant or model):
        raise typer.BadParameter("name what is to go: --request-id, --tenant or --model")
    request = PurgeCacheRequest(request_id=request_id, tenant=tenant, model=model)
    answer = ask(data_dir, lambda stub: stub.PurgeCache(request, timeout=PURGE_S))
    typer.echo(f"{answer.removed} answers removed")

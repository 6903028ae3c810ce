"""`extproc cache purge`: removes stored answers from the running service."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extproc.audit.files import AUDIT_DIR
from extproc.audit.query import Query, query
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
        str,
        typer.Option(
            help="Audit id (x-ai-request-id) of an exchange that got the answer, from a model or "
            "from the cache."
        ),
    ] = "",
    tenant: Annotated[str, typer.Option(help="Answers of this tenant.")] = "",
    model: Annotated[str, typer.Option(help="Answers of this model: NAME or NAME@VERSION.")] = "",
) -> None:
    """Remove stored answers; with several options, those that match all of them."""
    if not (request_id or tenant or model):
        raise typer.BadParameter("name what is to go: --request-id, --tenant or --model")
    removed = _purge(data_dir, request_id, tenant, model)
    origin = _origin(data_dir / AUDIT_DIR, request_id) if request_id and not removed else None
    if origin is None:
        typer.echo(f"{removed} answers removed")
    else:
        removed = _purge(data_dir, origin, tenant, model)
        typer.echo(f"{removed} answers removed: {request_id} was given the answer of {origin}")


def _purge(data_dir: Path, request_id: str, tenant: str, model: str) -> int:
    from extproc._protos.control.v1.control_pb2 import PurgeCacheRequest  # noqa: PLC0415

    request = PurgeCacheRequest(request_id=request_id, tenant=tenant, model=model)
    removed: int = ask(data_dir, lambda stub: stub.PurgeCache(request, timeout=PURGE_S)).removed
    return removed


def _origin(directory: Path, request_id: str) -> str | None:
    """Whose answer a hit was, by its audit record: an answer is kept under the id it was made for."""
    found = query(directory, Query(request_id=request_id)) if directory.is_dir() else iter(())
    for record in found:
        cache = record.get("cache")
        origin = cache.get("origin") if isinstance(cache, dict) else None
        if isinstance(origin, str):
            return origin
    return None

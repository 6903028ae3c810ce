"""`extproc doctor`: what makes a proxy's configuration unsafe, where, why, and the fix."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from extproc.doctor.finding import Options
from extproc.doctor.hosts import ModelHosts


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def doctor(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="An Envoy /config_dump or bootstrap, the output of `istioctl proxy-config all "
            "-o json`, or a folder of manifests.",
        ),
    ],
    form: Annotated[
        Format, typer.Option("--format", envvar="EXTPROC_FORMAT", help="Of the report.")
    ] = Format.TEXT,
    model_host: Annotated[
        list[str] | None,
        typer.Option(
            envvar="EXTPROC_MODEL_HOST",
            metavar="HOST",
            help="A host that serves models, beside the known providers; * stands for any text. "
            "May be given several times.",
        ),
    ] = None,
    policies: Annotated[
        Path | None,
        typer.Option(
            envvar="EXTPROC_POLICIES",
            metavar="DIR",
            help="The policy set: the residency of its pools, and its largest body.",
        ),
    ] = None,
    streams: Annotated[
        int,
        typer.Option(
            min=1,
            envvar="EXTPROC_STREAMS",
            help="Requests in flight that circuit breakers must let through.",
        ),
    ] = 4096,
) -> None:
    """Find what lets prompts pass unseen, in the open, or to the wrong place.

    Exit code: 0 nothing unsafe, 1 something unsafe, 2 the input cannot be read.
    """
    # Imported here so that the other commands stay quick.
    from extproc.doctor.examine import examine  # noqa: PLC0415
    from extproc.doctor.read import UnreadableError  # noqa: PLC0415
    from extproc.doctor.report import document, sarif, text  # noqa: PLC0415

    render = {Format.TEXT: text, Format.JSON: document, Format.SARIF: sarif}[form].render
    models = ModelHosts(tuple(model_host or ()))
    options = Options(models=models, streams=streams)
    if policies is not None:
        options = _with_policies(policies, models, streams)
    try:
        report = examine(path, options)
    except UnreadableError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(2) from None
    typer.echo(render(report), nl=False)
    raise typer.Exit(1 if report.unsafe else 0)


def _with_policies(folder: Path, models: ModelHosts, streams: int) -> Options:
    from extproc.inspectors import SECTIONS  # noqa: PLC0415
    from extproc.policy.errors import PolicyErrors  # noqa: PLC0415
    from extproc.policy.load import load  # noqa: PLC0415
    from extproc.routing.registry import residency  # noqa: PLC0415

    try:
        loaded = load(folder, SECTIONS)
    except PolicyErrors as errors:
        typer.echo(f"{errors}", err=True)
        raise typer.Exit(2) from None
    largest = max((policy.max_body_bytes for policy in loaded.policies), default=0)
    return Options(
        models=models,
        streams=streams,
        body_limit=largest or Options().body_limit,
        residency=residency(loaded.registry),
    )

"""`extproc policy`: check, schema, test, eval and hash-key."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from extproc.policy.errors import PolicyErrors

app = typer.Typer(no_args_is_help=True, help="Check, describe and try policy sets.")

Directory = Annotated[
    Path, typer.Argument(metavar="DIR", help="Directory with the policy set (*.yaml).")
]


@app.command()
def check(directory: Directory) -> None:
    """Validate a policy set; exit 1 with file, line and field of every error."""
    from extproc.inspectors import SECTIONS  # noqa: PLC0415 -- keeps `--help` quick
    from extproc.policy.load import load  # noqa: PLC0415

    try:
        loaded = load(directory, SECTIONS)
    except PolicyErrors as errors:
        typer.echo(str(errors))  # on stdout: here they are the result
        raise typer.Exit(1) from errors
    for warning in loaded.warnings:
        typer.echo(f"warning: {warning}", err=True)
    for policy in loaded.policies:
        typer.echo(f"{policy.ref}  {policy.source}")
    count = len(loaded.policies)
    what = "policy" if count == 1 else "policies"
    typer.echo(f"ok: {count} {what}, {len(loaded.registry.models)} models, set {loaded.digest}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of all policy files, for editors."""
    from extproc.inspectors import SECTIONS  # noqa: PLC0415
    from extproc.policy.documents import json_schema  # noqa: PLC0415

    typer.echo(json.dumps(json_schema(SECTIONS), indent=2))


@app.command("hash-key")
def hash_key(
    generate: Annotated[
        bool, typer.Option("--generate", help="Make a new key and print it on stderr, once.")
    ] = False,
    allow_weak: Annotated[
        bool, typer.Option("--allow-weak", help="Accept a short key. For development only.")
    ] = False,
) -> None:
    """Print the hash of an API key for a document of kind ApiKeys; the key is read from stdin."""
    from extproc.policy import keys  # noqa: PLC0415

    if generate:
        key = keys.new_key()
        typer.echo(f"key: {key}", err=True)
    else:
        if sys.stdin.isatty():
            typer.echo("Type the key, then Enter:", err=True)
        key = sys.stdin.readline().strip()
    try:
        typer.echo(keys.hash_key(key, allow_weak=allow_weak))
    except keys.WeakKeyError as error:
        typer.echo(f"extproc policy hash-key: {error}", err=True)
        raise typer.Exit(1) from error


@app.command()
def test(directory: Directory) -> None:
    """Run the set's own test cases (tests/*.yaml); exit 1 when one comes out otherwise."""
    from extproc.cli.cases import differences, read_cases  # noqa: PLC0415
    from extproc.cli.evaluate import Evaluator  # noqa: PLC0415

    try:
        cases = read_cases(directory)
        evaluator = Evaluator(directory)
    except PolicyErrors as errors:
        _refuse(errors)
    if not cases:
        typer.echo(f"{directory / 'tests'}: no cases", err=True)
        raise typer.Exit(1)
    failed = 0
    for located in cases:
        wrong = list(differences(located.case, evaluator.evaluate(located.case.request.recorded())))
        failed += bool(wrong)
        typer.echo(f"{'FAIL' if wrong else 'ok  '} {located.case.name}")
        for line in wrong:
            typer.echo(f"     {located.place}: {line}")
    evaluator.close()
    typer.echo(f"{len(cases) - failed} of {len(cases)} cases as expected")
    if failed:
        raise typer.Exit(1)


@app.command("eval")
def evaluate(
    policies: Annotated[
        Path, typer.Option(envvar="EXTPROC_POLICIES", help="Directory with the policy set.")
    ],
    source: Annotated[
        Path,
        typer.Option("--input", help='Requests, one a line: {"id", "path", "headers"?, "body"}.'),
    ],
    output: Annotated[Path, typer.Option("--output", help="Results, one a line, same order.")],
    jobs: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 1,
) -> None:
    """Run recorded requests through the inspectors, offline, without cache, limits and budgets."""
    from extproc.cli.rows import evaluated  # noqa: PLC0415

    try:
        # Lines end at "\n" alone: other separators may stand inside a JSON text.
        with (
            source.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines,
            output.open("w", encoding="utf-8") as out,
        ):
            total = sum(1 for line in lines if line.strip())
            lines.seek(0)
            rows = evaluated(policies, (line for line in lines if line.strip()), jobs)
            for row in _with_progress(rows, total):
                out.write(row + "\n")
    except PolicyErrors as errors:
        _refuse(errors)
    except OSError as error:
        typer.echo(f"extproc policy eval: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(1) from error


def _with_progress(rows: Iterator[str], total: int) -> Iterator[str]:
    columns = (
        TextColumn("evaluating"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("evaluating", total=total)
        for row in rows:
            yield row
            progress.advance(task)


def _refuse(errors: PolicyErrors) -> NoReturn:
    typer.echo(str(errors), err=True)
    raise typer.Exit(1)

"""`extproc audit`: verify, tail, query and report on an audit log, live or not."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from extproc.audit.chain import Link
from extproc.audit.files import AUDIT_DIR, KEYS_DIR
from extproc.audit.query import Query, moment
from extproc.audit.query import query as select
from extproc.audit.read import follow_new, last
from extproc.audit.record import timestamp
from extproc.audit.render import markdown, page
from extproc.audit.report import build
from extproc.audit.signing import PUBLIC_NAME, KeyProblem, Verifier, load_verifier
from extproc.audit.summary import summarise
from extproc.audit.verify import Verification
from extproc.audit.verify import verify as check

app = typer.Typer(no_args_is_help=True, help="Read and check the audit log.")


class Form(StrEnum):
    """How a report is written."""

    MARKDOWN = "markdown"
    HTML = "html"


def _time(text: str | None) -> str | None:
    try:
        return None if text is None else moment(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _anchor(text: str | None) -> Link | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text)
    if match is None:
        raise typer.BadParameter("use SEQ:HASH, as `verify` prints it")
    return Link(int(match[1]), match[2])


DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir",
        envvar="EXTPROC_DATA_DIR",
        metavar="DIR",
        help="Data directory of the service; the log is in DIR/audit, its public key in DIR/keys.",
    ),
]
PublicKeys = Annotated[
    list[Path] | None,
    typer.Option(
        "--public-key",
        metavar="FILE",
        help="PEM public key to trust instead of the one in DIR/keys; may be given several times.",
    ),
]
Pruned = Annotated[
    bool,
    typer.Option("--pruned", help="Accept that the oldest files were archived elsewhere."),
]
Since = Annotated[
    str | None,
    typer.Option(
        help="From this time on: 2026-01-31, 2026-01-31T12:00:00Z (UTC without offset), 90m, 7d."
    ),
]
Until = Annotated[str | None, typer.Option(help="Before this time; same forms as --since.")]
Tenant = Annotated[str | None, typer.Option(help="Only records of this tenant.")]
PolicyName = Annotated[
    str | None, typer.Option(help="Only records of this policy: name, or name@digest8.")
]


@app.command()
def verify(
    data_dir: DataDir = Path(".extproc"),
    public_key: PublicKeys = None,
    anchor: Annotated[
        str | None,
        typer.Option(
            metavar="SEQ:HASH", help="A record noted down earlier that the chain must contain."
        ),
    ] = None,
    pruned: Pruned = False,
) -> None:
    """Check the whole chain and every signature; exit 1 and name the first bad record."""
    verifier = _verifier(data_dir, public_key)
    found = check(data_dir / AUDIT_DIR, verifier, anchor=_anchor(anchor), pruned=pruned)
    for kind, count in sorted(found.notices.items()):
        typer.echo(f"note: {count} records of type {kind}")
    typer.echo(f"key {', '.join(found.fingerprints)}")
    if found.problem is not None:
        typer.echo(f"BAD ({found.problem.kind}): {found.problem}")
        typer.echo(f"{found.records} records before it are good")
        raise typer.Exit(1)
    typer.echo(
        f"ok: {found.records} records in {found.files} files, {found.checkpoints} checkpoints, "
        f"signed up to {found.signed_seq}"
    )
    typer.echo(f"anchor {found.link.seq}:{found.link.hash}")


@app.command()
def tail(
    data_dir: DataDir = Path(".extproc"),
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, help="How many of the newest records.")
    ] = 20,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new records until interrupted.")
    ] = False,
) -> None:
    """Print the newest records, one JSON object a line."""
    directory = _directory(data_dir)
    later = follow_new(directory) if follow else iter(())
    for record in last(directory, lines):
        _print(record)
    for new in later:
        if new is not None:
            _print(new)
        sys.stdout.flush()


@app.command()
def query(
    *,
    data_dir: DataDir = Path(".extproc"),
    since: Since = None,
    until: Until = None,
    tenant: Tenant = None,
    policy: PolicyName = None,
    code: Annotated[
        str | None, typer.Option(help="Only refusals with this code, such as prompt_injection.")
    ] = None,
    action: Annotated[
        str | None, typer.Option(help="Only this action: allow, block, redact, reroute, aborted.")
    ] = None,
    request_id: Annotated[
        str | None, typer.Option(help="Only this exchange: the value of x-ai-request-id.")
    ] = None,
) -> None:
    """Print the records that match all that is given, one JSON object a line."""
    wanted = Query(_time(since), _time(until), tenant, policy, code, action, request_id)
    for record in select(_directory(data_dir), wanted):
        _print(record)


@app.command()
def report(
    *,
    data_dir: DataDir = Path(".extproc"),
    since: Since = None,
    until: Until = None,
    tenant: Tenant = None,
    policy: PolicyName = None,
    form: Annotated[
        Form, typer.Option("--format", help="markdown, or html: one page that needs nothing else.")
    ] = Form.MARKDOWN,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write it; standard output if not given."),
    ] = None,
    public_key: PublicKeys = None,
    pruned: Pruned = False,
) -> None:
    """Summarise decisions, rules, labels, violations and spend, and verify the chain."""
    directory = _directory(data_dir)
    wanted = Query(_time(since), _time(until), tenant, policy)
    found: Verification = check(directory, _verifier(data_dir, public_key), pruned=pruned)
    made = build(
        summarise(_with_events(directory, wanted)),
        found,
        _selection(wanted),
        timestamp(datetime.now(UTC).timestamp()),
    )
    text = page(made) if form is Form.HTML else markdown(made)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
    if found.problem is not None:
        typer.echo(f"the chain does not verify: {found.problem}", err=True)


def _with_events(directory: Path, wanted: Query) -> Iterator[dict[str, Any]]:
    """The exchanges asked for, and what happened to policies and to the log meanwhile."""
    for record in select(directory, Query(wanted.since, wanted.until)):
        if "type" in record or wanted.matches(record):
            yield record


def _selection(wanted: Query) -> tuple[str, ...]:
    named = (
        ("since", wanted.since),
        ("until", wanted.until),
        ("tenant", wanted.tenant),
        ("policy", wanted.policy),
    )
    return tuple(f"{name} {value}" for name, value in named if value is not None)


def _directory(data_dir: Path) -> Path:
    directory = data_dir / AUDIT_DIR
    if not directory.is_dir():
        typer.echo(f"no audit log in {data_dir}", err=True)
        raise typer.Exit(2)
    return directory


def _verifier(data_dir: Path, public_keys: list[Path] | None) -> Verifier:
    _directory(data_dir)
    try:
        return load_verifier(*(public_keys or [data_dir / KEYS_DIR / PUBLIC_NAME]))
    except KeyProblem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from problem


def _print(record: dict[str, Any]) -> None:
    typer.echo(json.dumps(record, separators=(",", ":")))

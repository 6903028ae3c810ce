"""The report for reviewers: what is in it, as sections of text and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extproc.audit.summary import Key, Record, Saved, Spend, Summary
from extproc.audit.verify import Verification

Row = tuple[str, ...]

_RECOMPUTED = (
    "Every record's SHA-256 and its link to the record before were computed again over the whole "
    "log, not only over the selection."
)


@dataclass(frozen=True, slots=True)
class Table:
    head: Row
    rows: tuple[Row, ...]
    numeric: int = 1
    """How many of the last columns are numbers."""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    alert: bool = False
    """Something a reviewer must not overlook."""


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]


def build(summary: Summary, verification: Verification, selection: Row, now: str) -> Report:
    """`selection` says in words what was asked for; `now` when the report was made."""
    lines = (
        f"Made {now}.",
        "Selection: " + (", ".join(selection) or "the whole log") + ".",
        f"{summary.exchanges:,} exchanges"
        + (f", from {summary.first} to {summary.last}." if summary.first else "."),
    )
    return Report(
        "AI traffic audit report",
        lines,
        (
            _verified(verification),
            _counted("Decisions", ("Action",), summary.actions, summary.exchanges),
            _violations(summary),
            _counted(
                "Decisions by rule",
                ("Inspector", "Rule", "Mode", "Action"),
                summary.rules,
                summary.exchanges,
                "Exchanges in which the rule found something. In monitor mode a rule acts on nothing.",
            ),
            _counted(
                "Labels and where they went", ("Label", "To"), summary.labels, summary.exchanges
            ),
            _counted(
                "Not inspected",
                ("Kind", "What"),
                summary.coverage,
                summary.exchanges,
                "Content that could not be read and that the policy let pass or refused.",
            ),
            _counted("Cache", ("State",), summary.cache, summary.exchanges),
            _saved(summary),
            *_spend(summary),
            _events(summary),
        ),
    )


def _verified(found: Verification) -> Section:
    keys = ", ".join(found.fingerprints)
    if found.problem is not None:
        first = f"The chain does NOT verify. First bad record: {found.problem}."
    else:
        first = (
            f"The chain verifies: {found.records:,} records in {found.files} files, "
            f"{found.first_seq or 0} to {found.link.seq}, without a gap."
        )
    return Section(
        "How the chain was verified",
        (
            first,
            _RECOMPUTED,
            f"Ed25519 signatures by key {keys}: {found.checkpoints:,} checkpoints and the head.",
            f"Signatures cover all records up to {found.signed_seq}.",
            f"Last record checked: {found.link.seq}, hash {found.link.hash}.",
            *(f"{count} records of type {kind}." for kind, count in sorted(found.notices.items())),
        ),
        alert=found.problem is not None,
    )


def _violations(summary: Summary) -> Section:
    section = _counted(
        "Violations",
        ("Code", "Policy"),
        summary.refusals,
        summary.exchanges,
        "Requests and answers that were refused.",
    )
    unclassified = summary.actions[("unclassified",)]
    if not unclassified:
        return section
    line = f"{unclassified} requests reached a model without a decision."
    return Section(section.title, (line, *section.lines), section.table, alert=True)


def _counted(title: str, head: Row, counts: Counter[Key], total: int, *lines: str) -> Section:
    if not counts:
        return Section(title, ("None.",))
    rows = tuple(
        (*key, f"{count:,}", f"{100 * count / max(1, total):.1f} %")
        for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    return Section(title, lines, Table((*head, "Exchanges", "Share"), rows, numeric=2))


def _spend(summary: Summary) -> Iterable[Section]:
    head = ("Requests", "Input tokens", "Output tokens", "Estimated", "USD")
    total = _money(summary.total)
    by_tenant = _group(summary, lambda key: (key[0], key[1]))
    by_model = _group(summary, lambda key: (key[2], key[3]))
    note = (
        "Tokens billed by models; “Estimated” counts exchanges whose tokens we counted ourselves."
    )
    return (
        Section(
            "Spend by tenant and policy",
            (note,),
            Table(("Tenant", "Policy", *head), (*by_tenant, ("All", "", *total)), numeric=5),
        ),
        Section(
            "Spend by model and variant",
            (),
            Table(("Model", "Variant", *head), (*by_model, ("All", "", *total)), numeric=5),
        ),
    )


def _saved(summary: Summary) -> Section:
    title = "Saved by the cache"
    if not summary.saved:
        return Section(title, ("Nothing.",))
    total = Saved()
    rows: list[Row] = []
    for key, saved in sorted(summary.saved.items(), key=lambda item: (-item[1].usd, item[0])):
        rows.append((*key, *_saving(saved)))
        total.hits += saved.hits
        total.input_tokens += saved.input_tokens
        total.output_tokens += saved.output_tokens
        total.usd += saved.usd
    note = "Answers served from the cache at the price of the model they came from; not billed."
    head = ("Tenant", "Policy", "Tier", "Hits", "Input tokens", "Output tokens", "USD")
    table = Table(head, (*rows, ("All", "", "", *_saving(total))), numeric=4)
    return Section(title, (note,), table)


def _saving(saved: Saved) -> Row:
    return (
        f"{saved.hits:,}",
        f"{saved.input_tokens:,}",
        f"{saved.output_tokens:,}",
        f"{saved.usd:,.6f}",
    )


def _group(summary: Summary, name: Callable[[Key], Key]) -> tuple[Row, ...]:
    groups: dict[Key, Spend] = {}
    for key, spend in summary.spend.items():
        group = groups.setdefault(name(key), Spend())
        group.requests += spend.requests
        group.input_tokens += spend.input_tokens
        group.output_tokens += spend.output_tokens
        group.estimated += spend.estimated
        group.usd += spend.usd
    ordered = sorted(groups.items(), key=lambda item: (-item[1].usd, item[0]))
    return tuple((*key, *_money(spend)) for key, spend in ordered)


def _money(spend: Spend) -> Row:
    return (
        f"{spend.requests:,}",
        f"{spend.input_tokens:,}",
        f"{spend.output_tokens:,}",
        f"{spend.estimated:,}",
        f"{spend.usd:,.6f}",
    )


def _events(summary: Summary) -> Section:
    title = "Changes of policy and troubles of the log"
    if not summary.events:
        return Section(title, ("None.",))
    rows = tuple(
        (str(event.get("ts")), str(event["type"]), _told(event)) for event in summary.events
    )
    left_out = summary.events_left_out
    lines = (f"{left_out} later ones are left out.",) if left_out else ()
    return Section(title, lines, Table(("Time", "What", "How"), rows, numeric=0))


def _told(event: Record) -> str:
    if event["type"] == "policy_change":
        change = f"{event.get('old') or 'nothing'} → {event.get('new') or 'nothing'}"
        return f"{event.get('subject')}: {change} by {event.get('by')}"
    skipped = {"type", "ts", "seq", "prev", "hash"}
    return ", ".join(f"{name} {value}" for name, value in event.items() if name not in skipped)
